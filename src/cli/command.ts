/** What a command is: a row of the table of `main.ts`, and what it is given when it runs. */
import type { Command } from 'commander'
import type { ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

export interface CommandContext {
  readonly terminal: Terminal
  /** Reports what the process ends with. A command that does not has not done its job. */
  readonly done: (exitCode: ExitCode) => void
}

/** Adds a command to the program: its flags, and what it does. */
export type Register = (program: Command, context: CommandContext) => void

export interface CommandRow {
  readonly name: string
  readonly summary: string
  /** Its exit code says all that its output does, and holds whether or not anybody could read that. */
  readonly answers?: true
  /** Loaded when the command is asked for, so that thirty commands start as fast as one. */
  readonly load: () => Promise<Register>
}
