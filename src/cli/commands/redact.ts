/** `countersign redact`: a file without its secrets, and where they stood; a record without what had to go. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { redact } from '../../attest.ts'
import type { RedactionReport } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import { formats, unsteering } from '../../report.ts'
import type { Format } from '../../report.ts'
import type { CommandContext } from '../command.ts'
import { exitCodeOf } from '../exit-code.ts'
import { kebab, withShortForm } from '../flags.ts'
import { readStandardInput } from '../standard-input.ts'
import { jsonFor, say, worldOf } from '../terminal.ts'
import { recordRedactionFlags, redactOneRecord, withRecordRedaction } from './redact-record.ts'
import type { RecordRedactionFlags } from './redact-record.ts'

interface RedactFlags extends RecordRedactionFlags {
  readonly check?: true
  readonly out?: string
  readonly overwrite?: true
  readonly format: Format
}

/** As much as the library reads of a file. */
const inputBytes = 64 * 1024 * 1024

export function redactCommand(program: Command, { terminal, done }: CommandContext): void {
  const command = program
    .command('redact')
    .description('take the secrets out of a file, or say where they stand; or take words out of a session record')
    .argument('[FILE...]', 'a transcript, or any text in UTF-8; - is standard input; several only with --check')
    .option('--check', 'write nothing, say where secrets stand, and end with 1 if there are any')
    .option(withShortForm('--out <PATH>'), 'write the redacted form there, as a whole (default: standard output)')
    .option('--overwrite', 'replace the file if it is there')
    .addOption(
      new Option('--format <format>', 'of what is said with --check, or with --out: text or JSON')
        .choices(formats)
        .default('text'),
    )
  withRecordRedaction(command).action(async (words: string[], flags: RedactFlags) => {
    refuseStray(words, flags)
    if (flags.record !== undefined) {
      await redactOneRecord(flags.record, flags, terminal, flags.format)
      done(0)
      return
    }
    const files = await Promise.all(
      words.map(async (it) => (it === '-' ? await readStandardInput(terminal, inputBytes, 'paths') : it)),
    )
    const { report, text } = await redact({
      files,
      ...(flags.out === undefined
        ? {}
        : { out: { path: flags.out, whenPresent: flags.overwrite === true ? 'replace' : 'refuse' } }),
      world: worldOf(terminal),
    })
    const count = report.files.reduce((sum, it) => sum + it.count, 0)
    if (flags.format === 'json') terminal.stdout.write(jsonFor(terminal.stdout, JSON.stringify(report)))
    else if (flags.check === true) terminal.stdout.write(lines(report))
    else if (flags.out === undefined) terminal.stdout.write(text)
    const secrets = count === 1 ? '1 secret' : `${count} secrets`
    say(terminal, flags.check === true ? `${secrets} found` : `${secrets} taken out`)
    done(flags.check === true && count > 0 ? exitCodeOf('no') : 0)
  })
}

/** Error: `usage`. */
function refuseStray(words: readonly string[], flags: RedactFlags): void {
  const { check, out, overwrite, format, record } = flags
  const ofRecord = recordRedactionFlags.find((it) => flags[it] !== undefined)
  const isOfFile = words.length > 0 || check === true || out !== undefined
  const stray: readonly (readonly [boolean, string])[] = [
    [record !== undefined && isOfFile, 'a record and files do not go together'],
    [record === undefined && words.length === 0, 'name a file, or a record (--record)'],
    [record === undefined && ofRecord !== undefined, `--${kebab(ofRecord ?? '')} belongs to --record`],
    [check === true && out !== undefined, '--check and --out do not go together'],
    [overwrite === true && out === undefined, '--overwrite belongs to --out'],
    [check !== true && words.length > 1, 'several files go only with --check'],
    [
      check !== true && out === undefined && record === undefined && format === 'json',
      '--format json says where secrets stand: it needs --check or --out',
    ],
  ]
  const [found] = stray.filter(([isStray]) => isStray)
  if (found !== undefined) throw new CountersignError('usage', found[1])
}

/** As compilers say it. */
function lines({ files }: RedactionReport): string {
  return files
    .flatMap(({ name, places }) =>
      places.map(({ line, column, rule }) => `${unsteering(name)}:${line}:${column}: ${rule}\n`),
    )
    .join('')
}
