/** What a command is: a row of the table, and what it is given when it runs. */
import type { Command } from 'commander'
import type { Alerts, AlertsRequest, CiOutput, CiOutputRequest, Style } from '../report.ts'
import type { ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

export type CiSystem = CiOutputRequest['system']

export interface CommandContext {
  readonly terminal: Terminal
  /** Reports what the process ends with. A command that does not has not done its job. */
  readonly done: (exitCode: ExitCode) => void
  /** Opens what a CI system is told, where that was asked for; `main.ts` writes it at the end, whatever the end is. */
  readonly ciOutput: (
    command: CiOutputRequest['command'],
    system: CiSystem | undefined,
    /** How options are called; default: by their flags. */
    words?: Style['options'],
  ) => Promise<CiOutput | undefined>
  /** Opens what is told of a verdict that is no pass, where that was asked for; `main.ts` sends it when all else is done. */
  readonly alerts: (
    command: AlertsRequest['command'],
    flags: Partial<Pick<AlertsRequest, 'notify' | 'notifyFormat' | 'notifySecret'>>,
    words?: Style['options'],
  ) => Promise<Alerts | undefined>
}

/** Adds a command to the program: its flags, and what it does. */
export type Register = (program: Command, context: CommandContext) => void

/** A line that can be pasted into a shell, and what it is good for. */
export interface CommandExample {
  readonly command: string
  readonly says: string
}

export interface CommandRow {
  readonly name: string
  readonly summary: string
  /** Its exit code says all that its output does, and holds whether or not anybody could read that. */
  readonly answers?: true
  /** What it is used for, the commonest first. */
  readonly examples: readonly CommandExample[]
  /** What each exit code means that it can end with. */
  readonly exits: { readonly [code in ExitCode]?: string }
  /** Loaded when the command is asked for, so that thirty commands start as fast as one. */
  readonly load: () => Promise<Register>
}
