/** What can be completed, read from the commands themselves, so that no script for a shell can drift from them. */
import type { Argument, Command, Option } from 'commander'

/** A word that can stand somewhere, and what it means. */
export interface Word {
  readonly word: string
  readonly says: string
}

/** What comes behind an option, or as an argument: words that are known, files, folders, or something else. */
export interface Value {
  readonly words: readonly string[]
  readonly paths: 'files' | 'folders' | 'none'
}

export interface CompletedOption {
  /** The long form first: `--bundle`, `-b`. */
  readonly forms: readonly string[]
  readonly says: string
  /** Undefined for an option that stands alone. */
  readonly value: Value | undefined
}

/** One command, or the program. */
export interface CompletedCommand {
  /** `''`, `verify`, `trust show`. */
  readonly path: string
  readonly below: readonly Word[]
  readonly options: readonly CompletedOption[]
  readonly argument: Value
}

/** The program and all its commands, each before those below it. */
export function completedCommands(program: Command): readonly CompletedCommand[] {
  const described = describe(program, [])
  const [whole] = described
  if (whole === undefined) return []
  // Behind help stand the names of commands, and behind such a name those below it.
  const named = described.filter((it) => it.path !== '' && it.path !== 'help' && it.below.length > 0)
  return described.flatMap((it) => (it.path === 'help' ? [{ ...it, below: whole.below }, ...named.map(helpOf)] : [it]))
}

function helpOf({ path, below }: CompletedCommand): CompletedCommand {
  return { path: `help ${path}`, below, options: [], argument: { words: [], paths: 'none' } }
}

function describe(command: Command, path: readonly string[]): readonly CompletedCommand[] {
  const help = command.createHelp()
  const below = help.visibleCommands(command)
  return [
    {
      path: path.join(' '),
      below: below.map((it) => ({ word: it.name(), says: it.description() })),
      options: help.visibleOptions(command).map(describeOption),
      argument: argumentValue(below.length > 0 ? [] : command.registeredArguments),
    },
    ...below.flatMap((it) => describe(it, [...path, it.name()])),
  ]
}

function describeOption(option: Option): CompletedOption {
  const { long, short, description } = option
  return {
    forms: [long, short].filter((it) => typeof it === 'string'),
    says: description,
    value: option.required || option.optional ? optionValue(long ?? '', option) : undefined,
  }
}

/** Names that an option may take in the place of a file, where the option's own help says so. */
const names: { readonly [long: string]: readonly string[] } = { '--sigstore': ['public', 'github', 'local'] }

function optionValue(long: string, { flags, argChoices: choices, description }: Option): Value {
  if (choices !== undefined) return { words: choices, paths: 'none' }
  if (Object.hasOwn(names, long)) {
    const says = description.split(/\W+/)
    return { words: (names[long] ?? []).filter((it) => says.includes(it)), paths: 'files' }
  }
  if (/<(?:FILE|PATH|PEM)>/.test(flags)) return { words: [], paths: 'files' }
  return { words: [], paths: flags.includes('<DIR>') ? 'folders' : 'none' }
}

function argumentValue([first]: readonly Argument[]): Value {
  if (first === undefined) return { words: [], paths: 'none' }
  if (first.argChoices !== undefined) return { words: first.argChoices, paths: 'none' }
  return { words: [], paths: 'files' }
}
