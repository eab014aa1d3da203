/** The program as commander has it, with the whole of one command or of all. */
import { Command } from 'commander'
import { version } from '../index.ts'
import type { CommandContext, CommandRow } from './command.ts'
import { commands } from './command-table.ts'
import { addCommandHelp, addProgramHelp } from './help.ts'
import type { Terminal } from './terminal.ts'

/** Without any command yet; what it says of itself goes to the terminal, and errors are said by the caller. */
export function newProgram({ stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>): Command {
  const program = new Command('countersign')
    .description('release provenance that says which AI sessions wrote the code')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: () => undefined, // said by main.ts, in our own voice
    })
    .exitOverride()
  addProgramHelp(program)
  return program
}

/** Adds the commands: those that are asked for whole, the others by name alone. */
export async function registerCommands(
  program: Command,
  isAsked: (row: CommandRow) => boolean,
  context: CommandContext,
): Promise<void> {
  for (const row of commands) {
    if (isAsked(row)) {
      const register = await row.load()
      register(program, context)
      const command = program.commands.at(-1)
      if (command !== undefined) addCommandHelp(row, command)
    } else program.command(row.name).description(row.summary)
  }
  // Commander hands settings down only to commands that it made itself.
  for (const command of program.commands) command.copyInheritedSettings(program)
}

/** Every command whole, to be read and not to be run: what completions and the manual are written from. */
export async function wholeProgram(context: CommandContext): Promise<Command> {
  const program = newProgram(context.terminal)
  await registerCommands(program, () => true, context)
  return program
}
