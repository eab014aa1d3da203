/** argv → exit code. Flags become the library's options; every error becomes two lines on stderr. */
import { Command, CommanderError } from 'commander'
import { CountersignError, oneLine, version } from '../index.ts'
import { attestCommand } from './commands/attest.ts'
import { demoCommand } from './commands/demo.ts'
import { inspectCommand } from './commands/inspect.ts'
import { localCommand } from './commands/local.ts'
import { trustCommand } from './commands/trust.ts'
import { verifyCommand } from './commands/verify.ts'
import type { World } from './world.ts'

/** A command registers itself and reports its exit code. */
export interface CommandContext {
  readonly world: World
  readonly done: (exitCode: number) => void
}

/** Runs one command line (without node and script). Exit codes: DESIGN rule 11. Never throws. */
export async function main(argv: readonly string[], world: World): Promise<number> {
  let exitCode = 0
  const context: CommandContext = { world, done: (code) => void (exitCode = code) }
  const program = new Command('countersign')
    .description('release provenance that says which AI sessions wrote the code')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      writeErr: (text) => void world.stderr.write(text),
      outputError: () => undefined, // said below, in our own voice
    })
    .exitOverride()
  for (const register of [attestCommand, verifyCommand, inspectCommand, trustCommand, localCommand, demoCommand]) {
    register(program, context)
  }
  // Commander hands settings down only to commands that it made itself.
  for (const command of program.commands) command.copyInheritedSettings(program)
  try {
    if (argv.length === 0) {
      program.outputHelp({ error: true })
      return 2
    }
    await program.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (thrown) {
    return report(thrown, world)
  }
}

function report(thrown: unknown, world: World): number {
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return 0 // --help, --version
    say(world, thrown.message.replace(/^error: /, ''), 'run countersign --help, or countersign COMMAND --help')
    return 2
  }
  if (thrown instanceof CountersignError) {
    say(world, `${thrown.message} (${thrown.code})`, thrown.hint)
    return thrown.exitCode
  }
  const message = thrown instanceof Error ? thrown.message : 'unknown error'
  const failure = new CountersignError('internal', message, { cause: thrown })
  say(world, `${failure.message} (${failure.code})`, failure.hint)
  return failure.exitCode
}

/** One line an error, then its hint (DESIGN rule 10). */
function say(world: World, message: string, hint: string | undefined): void {
  world.stderr.write(`countersign: error: ${oneLine(message)}\n`)
  if (hint !== undefined) world.stderr.write(`countersign: hint: ${oneLine(hint)}\n`)
}
