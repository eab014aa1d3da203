/** `countersign inspect`: what bundles claim, not verified. */
import { dirname, join } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import type { Inspection } from '../../index.ts'
import { findBundleFiles, inspect, inspectFile } from '../../inspect.ts'
import { formats, render } from '../../report.ts'
import type { Format } from '../../report.ts'
import type { CommandContext } from '../command.ts'
import { exitCodeOf } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { bundleInputBytes, readStandardInput } from '../standard-input.ts'
import { say, styleOf, worldOf } from '../terminal.ts'
import { explainRecords, withExplainOptions } from './explain-records.ts'
import type { ExplainFlags } from './explain-records.ts'

interface InspectFlags extends ExplainFlags {
  readonly format: Format
}

export function inspectCommand(program: Command, { terminal, done }: CommandContext): void {
  const command = program
    .command('inspect')
    .description('show what a bundle claims, without verifying any of it')
    .argument(
      '<bundle...>',
      'files of bundles, artifacts with one beside them, folders, quoted globs, or - for standard input',
    )
    .addOption(new Option('--format <format>', 'text or JSON Lines').choices(formats).default('text'))
  withExplainOptions(command).action(async (words: string[], flags: InspectFlags) => {
    const { format } = flags
    const style = styleOf(terminal.stdout, terminal.env)
    const show = async (inspection: Inspection): Promise<void> => {
      const records = await explainRecords(inspection.sessions, flags, terminal)
      const text = render({ ...inspection, ...(records === undefined ? {} : { records: [...records] }) }, format, style)
      terminal.stdout.write(format === 'text' ? withFormatFlag(text) : text)
    }
    const inspectOne = async (path: string): Promise<readonly Inspection[]> =>
      path === '-'
        ? inspect(await readStandardInput(terminal, bundleInputBytes, 'bundle'))
        : inspectFile(path, worldOf(terminal))
    const paths = await findBundleFiles(words, terminal)
    const [only] = paths
    if (words.length === 1 && paths.length === 1 && only !== undefined) {
      for (const inspection of await inspectOne(only)) await show(inspection)
      done(0)
      return
    }
    // One that cannot be read hides none of the others, and decides the exit code.
    let worst: ExitCode = 0
    for (const path of paths) {
      const read: Inspection[] = []
      try {
        read.push(...(await inspectOne(path)))
      } catch (thrown) {
        if (!(thrown instanceof CountersignError)) throw thrown
        say(terminal, `error: ${path}: ${thrown.message} (${thrown.code})`)
        if (thrown.hint !== undefined) say(terminal, `hint: ${thrown.hint}`)
        worst = worseOf(worst, exitCodeOf(thrown.kind))
      }
      // Of two files of one name in different folders each is headed by its own path.
      for (const it of read) await show({ ...it, bundle: join(dirname(path), it.bundle) })
    }
    done(worst)
  })
}

/**
 * The line about what was cut off names the flag. Whole lines alone: a line of the document begins as JSON does, so nothing that stands
 * in a bundle is rewritten.
 */
function withFormatFlag(text: string): string {
  return text.replace(
    /^( {4}… and \d+ more characters; )the JSON view shows all of it$/gm,
    '$1--format json shows all of it',
  )
}

/** A no weighs most, then what could not be decided, as among verdicts. */
function worseOf(one: ExitCode, other: ExitCode): ExitCode {
  const byWeight: readonly ExitCode[] = [0, 2, 3, 1]
  return byWeight.indexOf(one) > byWeight.indexOf(other) ? one : other
}
