/** What stands in a help beside the flags: examples that can be pasted, and what each exit code means. */
import type { Command } from 'commander'
import type { CommandRow } from './command.ts'

/** Of the whole program. */
const programExits = {
  0: 'the answer is yes, or the job is done',
  1: 'the answer is no',
  2: 'the command line is wrong, or a file that it names is not there',
  3: 'it could not be decided or done: network, trust, input that cannot be read',
}

/** Adds them to the help of the program. */
export function addProgramHelp(program: Command): void {
  program.addHelpText('after', `${exitLines(programExits)}\n\ncountersign help COMMAND shows flags and examples.`)
}

/** Adds them to the help of a command, and of the commands below it. */
export function addCommandHelp(row: CommandRow, command: Command): void {
  command.addHelpText('after', `${exampleLines(row, [row.name])}${exitLines(row.exits)}`)
  for (const below of command.commands) {
    below.addHelpText('after', `${exampleLines(row, [row.name, below.name()])}${exitLines(row.exits)}`)
  }
}

function exampleLines({ examples }: CommandRow, words: readonly string[]): string {
  const start = `${['countersign', ...words].join(' ')} `
  const shown = examples.filter(({ command }) => `${command} `.startsWith(start))
  return shown.length === 0
    ? ''
    : `\nExamples:\n${shown.map(({ command, says }) => `  # ${says}\n  ${command}\n`).join('')}`
}

function exitLines(exits: CommandRow['exits']): string {
  const lines = Object.entries(exits).map(([code, meaning]) => `  ${code}  ${meaning}`)
  return ['', 'Exit codes:', ...lines].join('\n')
}
