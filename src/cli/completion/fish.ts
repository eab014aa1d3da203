/** Completion for fish, from 3.0 on: a line for each word, with the condition under which it can stand there. */
import type { CompletedCommand, CompletedOption, Value } from './model.ts'

export function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((it) => [
    ...it.below.map(({ word, says }) => line(beforeAnyBelow(it), `-a ${quoted(word)} -d ${quoted(says)}`)),
    ...(it.below.length > 0 ? [] : argumentLines(it)),
    ...it.options.map((option) => line(condition(it.path), optionWords(option))),
  ])
  return `# Completion of countersign for fish; written by: countersign completion fish
complete -c countersign -e
complete -c countersign -f
${lines.join('\n')}
`
}

function line(when: string, words: string): string {
  return `complete -c countersign -n ${quoted(when)} ${words}`
}

/** True where the command has been written, and none of another name before it. */
function condition(path: string): string {
  if (path === '') return '__fish_use_subcommand'
  return path
    .split(' ')
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join('; and ')
}

/** The same, and none of those below it yet. */
function beforeAnyBelow({ path, below }: CompletedCommand): string {
  const words = below.map((it) => it.word).join(' ')
  return path === '' ? condition(path) : `${condition(path)}; and not __fish_seen_subcommand_from ${words}`
}

function argumentLines({ path, argument }: CompletedCommand): readonly string[] {
  const words = valueWords(argument)
  return words === '' ? [] : [line(condition(path), words)]
}

function optionWords({ forms, says, value }: CompletedOption): string {
  const names = forms.map((form) => (form.startsWith('--') ? `-l ${form.slice(2)}` : `-s ${form.slice(1)}`))
  const taken = value === undefined ? [] : [value.paths === 'files' ? '-r' : '-x', valueWords(value)]
  return [...names, ...taken, `-d ${quoted(says)}`].filter((it) => it !== '').join(' ')
}

function valueWords({ words, paths }: Value): string {
  const known = words.length === 0 ? [] : [`-a ${quoted(words.join(' '))}`]
  const found =
    paths === 'files' ? ['-F'] : paths === 'folders' ? [`-a ${quoted('(__fish_complete_directories)')}`] : []
  return [...known, ...found].join(' ')
}

/** Within single quotes fish knows two escapes. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
