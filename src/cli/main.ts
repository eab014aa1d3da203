/** argv → exit code. Flags become the library's options; every error becomes two lines on stderr. */
import { CommanderError } from 'commander'
import type { Command, Option } from 'commander'
import { CountersignError } from '../index.ts'
import { newAlertsEnd } from './alerts.ts'
import { newCiOutputEnd } from './ci-output.ts'
import { rowOf } from './command-table.ts'
import { exitCodeOf } from './exit-code.ts'
import type { ExitCode } from './exit-code.ts'
import { asMeant } from './meant.ts'
import { newProgram, registerCommands } from './program.ts'
import { isThere } from './there.ts'
import { say } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** Runs one command line (without node and script). Exit codes: DESIGN rule 11. Never throws. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode | undefined
  const program = newProgram(terminal)
  const ci = newCiOutputEnd(terminal)
  const alerts = newAlertsEnd(terminal)
  try {
    refuseFileNames(argv, terminal.cwd)
    refuseHiddenHelp(argv)
    refuseVersion(argv)
    const asked = rowOf(argv)
    const done = (code: ExitCode): void => void (exitCode = code)
    await registerCommands(program, (row) => row === asked, {
      ...{ terminal, done, ciOutput: ci.open },
      alerts: alerts.open,
    })
    const timesGiven = countOptions(program)
    if (argv.length === 0) {
      program.outputHelp({ error: true })
      return exitCodeOf('usage')
    }
    program.hook('preAction', (_, command) => refuseValues(command, timesGiven))
    await program.parseAsync([...argv], { from: 'user' })
    const ended = await ci.end(exitCode ?? exitCodeOf('undecided'))
    await alerts.end()
    return ended
  } catch (thrown) {
    const ended = await ci.end(report(asMeant(thrown, argv, program), terminal), thrown)
    await alerts.end(thrown)
    return ended
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
  if (isAlone && isWhole && words.slice(0, at).every((it) => /^[a-z]+(?:-[a-z]+)*$/.test(it))) return
  throw new CountersignError('usage', `${JSON.stringify(words[at])} stands alone, or behind the name of a command`)
}

/** What other programs have as a command, and no command here is like it. Error: `usage`. */
function refuseVersion([first]: readonly string[]): void {
  if (first !== 'version') return
  throw new CountersignError('usage', 'there is no command version; the version is told by --version')
}

/**
 * An empty value is a variable of a script that was not set: as a folder it would be the working folder, as a list nothing. What
 * belongs to a question is refused by whoever reads that. Of a value that is given twice, nobody knows which one counts. Error:
 * `usage`.
 */
function refuseValues(command: Command, timesGiven: ReadonlyMap<Option, number>): void {
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName())
    const times = timesGiven.get(option) ?? 0
    if (times > 1 && typeof value === 'string') {
      throw new CountersignError('usage', `${option.long ?? option.flags} is given ${times} times`)
    }
    if (value === '' || (Array.isArray(value) && value.includes(''))) {
      throw new CountersignError('usage', `${option.long ?? option.flags} is empty`, { hint: emptyHint })
    }
  }
}

/** How often each option was given, in its long form or its short one, once the command line is parsed. */
function countOptions(program: Command): ReadonlyMap<Option, number> {
  const times = new Map<Option, number>()
  const listen = (command: Command): void => {
    for (const option of command.options) {
      command.on(`option:${option.name()}`, () => times.set(option, (times.get(option) ?? 0) + 1))
    }
    command.commands.forEach(listen)
  }
  listen(program)
  return times
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

const emptyHint =
  'a variable that is not set here may be why: at GitLab one that is protected reaches jobs of protected branches and tags alone, and a job of a fork has no secrets'
const usageHint = 'run countersign help, or countersign help COMMAND'

/** One line an error, then its hint (DESIGN rule 10). */
function sayError(terminal: Terminal, message: string, hint: string | undefined): void {
  say(terminal, `error: ${message}`)
  if (hint !== undefined) say(terminal, `hint: ${hint.replaceAll('`mergeBundles`', 'countersign merge')}`)
}
