/** argv → exit code. Flags become the library's options; every error becomes two lines on stderr. */
import { Command, CommanderError } from 'commander'
import { CountersignError, version } from '../index.ts'
import type { CommandContext, CommandRow } from './command.ts'
import { exitCodeOf } from './exit-code.ts'
import type { ExitCode } from './exit-code.ts'
import { isThere } from './there.ts'
import { say } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** In the order of the help. */
export const commands: readonly CommandRow[] = [
  {
    name: 'attest',
    summary: 'sign provenance for files under the identity of this CI job',
    load: async () => (await import('./commands/attest.ts')).attestCommand,
  },
  {
    name: 'verify',
    summary: 'check the attestation of each artifact; exit 0 if and only if all pass',
    answers: true,
    load: async () => (await import('./commands/verify.ts')).verifyCommand,
  },
  {
    name: 'inspect',
    summary: 'show what a bundle claims, without verifying any of it',
    load: async () => (await import('./commands/inspect.ts')).inspectCommand,
  },
  {
    name: 'merge',
    summary: 'join bundle files into one, each bundle once, in an order of its own',
    load: async () => (await import('./commands/merge.ts')).mergeCommand,
  },
  {
    name: 'trust',
    summary: 'show, refresh and keep what verification trusts',
    load: async () => (await import('./commands/trust.ts')).trustCommand,
  },
  {
    name: 'local',
    summary: 'run the embedded Sigstore on loopback and print its trust configuration',
    load: async () => (await import('./commands/local.ts')).localCommand,
  },
  {
    name: 'demo',
    summary: 'a release from end to end on the embedded Sigstore, and four forgeries refused',
    load: async () => (await import('./commands/demo.ts')).demoCommand,
  },
]

/** Runs one command line (without node and script). Exit codes: DESIGN rule 11. Never throws. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode | undefined
  const program = new Command('countersign')
    .description('release provenance that says which AI sessions wrote the code')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      outputError: () => undefined, // said below, in our own voice
    })
    .exitOverride()
  try {
    refuseFileNames(argv, terminal.cwd)
    refuseHiddenHelp(argv)
    await registerFor(rowOf(argv), program, { terminal, done: (code) => void (exitCode = code) })
    if (argv.length === 0) {
      program.outputHelp({ error: true })
      return exitCodeOf('usage')
    }
    program.hook('preAction', (_, command) => refuseValues(command, argv))
    await program.parseAsync([...argv], { from: 'user' })
    return exitCode ?? exitCodeOf('undecided')
  } catch (thrown) {
    return report(thrown, terminal)
  }
}

/** Words up to the `--` behind which nothing is a flag. */
function flagWords(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--', argv[0] === '--' ? 1 : 0)
  return (end < 0 ? argv : argv.slice(0, end)).filter((it) => it !== '--')
}

/**
 * A shell makes words of file names (`verify *`), and whoever supplies the files chooses them: one called `--trusted-root=x` or
 * `-h` would decide. Error: `usage`.
 */
function refuseFileNames(argv: readonly string[], cwd: string): void {
  const named = flagWords(argv).find((it) => it.startsWith('-') && isThere(cwd, it))
  if (named === undefined) return
  throw new CountersignError('usage', `${JSON.stringify(named)} is a flag, and a file here has that name`, {
    hint: 'write files behind --, or with their folder: ./*',
  })
}

/** Help and version end with 0, so they stand alone or behind the names of commands, where no answer is expected. Error: `usage`. */
function refuseHiddenHelp(argv: readonly string[]): void {
  const words = flagWords(argv)
  const at = words.findIndex((it) => /^-[hV]|^--(?:help|version)$/.test(it))
  if (at < 0) return
  const isAlone = at === 0 || (at === words.length - 1 && words.length === argv.length && at <= 2)
  const isWhole = /^(?:-[hV]|--help|--version)$/.test(words[at] ?? '')
  if (isAlone && isWhole && words.slice(0, at).every((it) => /^[a-z]+$/.test(it))) return
  throw new CountersignError('usage', `${JSON.stringify(words[at])} stands alone, or behind the name of a command`)
}

/**
 * An empty value is a variable of a script that was not set: as a folder it would be the working folder, as a list nothing. What
 * belongs to a question is refused by whoever reads that. Of a value that is given twice, nobody knows which one counts. Error:
 * `usage`.
 */
function refuseValues(command: Command, argv: readonly string[]): void {
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName())
    const times = flagWords(argv).filter((it) => it === option.long || it.startsWith(`${option.long ?? ''}=`)).length
    if (times > 1 && typeof value === 'string') {
      throw new CountersignError('usage', `${option.long ?? option.flags} is given ${times} times`)
    }
    if (value === '' || (Array.isArray(value) && value.includes(''))) {
      throw new CountersignError('usage', `${option.long ?? option.flags} is empty`)
    }
  }
}

/** The row of the command that is asked for: the first word, or the one behind a `--` that ends the program's own flags. */
export function rowOf([first, second]: readonly string[]): CommandRow | undefined {
  const name = first === '--' ? second : first
  return commands.find((it) => it.name === name)
}

/** The command that was asked for, whole; for a help or a mistake all of them, by name alone. */
async function registerFor(asked: CommandRow | undefined, program: Command, context: CommandContext): Promise<void> {
  for (const row of commands) {
    if (row === asked) (await row.load())(program, context)
    else program.command(row.name).description(row.summary)
  }
  // Commander hands settings down only to commands that it made itself.
  for (const command of program.commands) command.copyInheritedSettings(program)
}

function report(thrown: unknown, terminal: Terminal): ExitCode {
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return 0 // --help, --version
    sayError(terminal, thrown.message.replace(/^error: /, ''), usageHint)
    return exitCodeOf('usage')
  }
  if (thrown instanceof CountersignError) {
    const hint = thrown.hint ?? (thrown.code === 'usage' ? usageHint : undefined)
    sayError(terminal, `${thrown.message} (${thrown.code})`, hint)
    return exitCodeOf(thrown.kind)
  }
  const message = thrown instanceof Error ? thrown.message : 'unknown error'
  const failure = new CountersignError('internal', message, { cause: thrown })
  sayError(terminal, `${failure.message} (${failure.code})`, failure.hint)
  return exitCodeOf(failure.kind)
}

const usageHint = 'run countersign --help, or countersign COMMAND --help'

/** One line an error, then its hint (DESIGN rule 10). */
function sayError(terminal: Terminal, message: string, hint: string | undefined): void {
  say(terminal, `error: ${message}`)
  if (hint !== undefined) say(terminal, `hint: ${hint}`)
}
