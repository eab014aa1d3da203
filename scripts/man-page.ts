/** The manual page `countersign.1`, written from the commands: man(7) macros, that of groff and of mandoc. */
import type { Argument, Command, Help } from 'commander'
import { commands } from '../src/cli/command-table.ts'
import { wholeProgram } from '../src/cli/program.ts'
import { processTerminal } from '../src/cli/terminal.ts'
import { version } from '../src/version.ts'

/** Two builds of one version give the same page, so it has no date. */
export async function manPage(): Promise<string> {
  const program = await wholeProgram({
    terminal: processTerminal(),
    done: () => undefined,
    ciOutput: () => Promise.resolve(undefined),
    alerts: () => Promise.resolve(undefined),
  })
  const lines = [
    `.TH COUNTERSIGN 1 "" "countersign ${version}" "User Commands"`,
    // Neither words nor flags are cut at the end of a line.
    '.nh',
    '.ad l',
    '.SH NAME',
    `countersign \\- ${roff(program.description())}`,
    '.SH SYNOPSIS',
    ...program.commands.flatMap((it) => ['.PP', synopsis([it.name()], it)]),
    '.SH DESCRIPTION',
    `The CI job countersigns what developers and their tools claim: it makes SLSA build provenance whose inputs include the AI`,
    `sessions behind the code, signs it under its own identity, and verifies such attestations without trusting a server.`,
    '.SH COMMANDS',
    ...program.commands.flatMap((it) => commandLines([it.name()], it)),
    '.SH EXIT STATUS',
    ...commands.flatMap(({ name, exits }) => [
      '.SS',
      roff(name),
      ...Object.entries(exits).flatMap(([code, meaning]) => ['.TP', `.B ${code}`, roff(meaning)]),
    ]),
    '.SH ENVIRONMENT',
    ...environment.flatMap(([name, says]) => ['.TP', `.B ${roff(name)}`, roff(says)]),
    '.SH EXAMPLES',
    ...commands.flatMap(({ examples }) =>
      examples.flatMap(({ command, says }) => [
        '.PP',
        roff(`${says}:`),
        '.PP',
        '.nf',
        '.RS',
        roff(command),
        '.RE',
        '.fi',
      ]),
    ),
  ]
  return `${lines.join('\n')}\n`
}

const environment: readonly (readonly [string, string])[] = [
  ['SIGSTORE_ID_TOKEN', 'the OIDC token of the CI job, where the provider sets one'],
  ['NO_COLOR', 'no colours, where it is not empty'],
  ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'the proxy for requests to Sigstore and to issuers'],
  ['GITHUB_OUTPUT, GITHUB_STEP_SUMMARY', 'where --ci-output github writes'],
  ['CI_PROJECT_DIR', 'the folder in which --ci-output gitlab writes'],
]

function synopsis(words: readonly string[], command: Command): string {
  const below = command.commands.length > 0 ? [roff(command.commands.map((it) => it.name()).join('|'))] : []
  const rest = [...below, ...command.registeredArguments.map((it) => `\\fI${roff(argumentWord(it))}\\fR`)]
  return [`\\fBcountersign ${words.map(roff).join(' ')}\\fR`, '[\\fIoptions\\fR]', ...rest].join(' ')
}

function argumentWord(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? name : `[${name}]`
}

function commandLines(words: readonly string[], command: Command): readonly string[] {
  const help = command.createHelp()
  return [
    '.SS',
    synopsis(words, command),
    `${roff(capital(command.description()))}.`,
    ...argumentLines(help, command),
    ...groupsOf(help, command).flatMap(([heading, options]) => [
      ...(heading === 'Options:' ? [] : ['.PP', roff(heading)]),
      ...options.flatMap(([flags, says]) => ['.TP', `\\fB${roff(flags)}\\fR`, roff(says)]),
    ]),
    ...command.commands.flatMap((it) => commandLines([...words, it.name()], it)),
  ]
}

function argumentLines(help: Help, command: Command): readonly string[] {
  return help
    .visibleArguments(command)
    .flatMap((it) => ['.TP', `\\fI${roff(it.name())}\\fR`, roff(help.argumentDescription(it))])
}

type Described = readonly [flags: string, says: string]

/** Options under their headings, in the order of the help. */
function groupsOf(
  help: Help,
  command: Command,
): readonly (readonly [heading: string, options: readonly Described[]])[] {
  const groups = Map.groupBy(help.visibleOptions(command), (it) => it.helpGroupHeading ?? 'Options:')
  return [...groups].map(([heading, options]) => [
    heading,
    options.map((it): Described => [help.optionTerm(it), help.optionDescription(it)]),
  ])
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

/**
 * Text for roff: a backslash begins an escape, a point or an apostrophe at the start of a line a request; a bare hyphen may be
 * shown as another character, and then a flag that was copied would not work.
 */
export function roff(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/, '\\&$&')
}
