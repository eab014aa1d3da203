/** `countersign redact`: a file without its secrets, and where they stood. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { redact } from '../../attest.ts'
import type { RedactionReport } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import { formats, unsteering } from '../../report.ts'
import type { Format } from '../../report.ts'
import type { CommandContext } from '../command.ts'
import { exitCodeOf } from '../exit-code.ts'
import { withShortForm } from '../flags.ts'
import { readStandardInput } from '../standard-input.ts'
import { jsonFor, say, worldOf } from '../terminal.ts'

interface RedactFlags {
  readonly check?: true
  readonly out?: string
  readonly overwrite?: true
  readonly format: Format
}

/** As much as the library reads of a file. */
const inputBytes = 64 * 1024 * 1024

export function redactCommand(program: Command, { terminal, done }: CommandContext): void {
  program
    .command('redact')
    .description('take the secrets out of a file, or say where they stand')
    .argument('<FILE...>', 'a transcript, or any text in UTF-8; - is standard input; several only with --check')
    .option('--check', 'write nothing, say where secrets stand, and end with 1 if there are any')
    .option(withShortForm('--out <PATH>'), 'write the redacted form there, as a whole (default: standard output)')
    .option('--overwrite', 'replace the file if it is there')
    .addOption(
      new Option('--format <format>', 'of what is said with --check, or with --out: text or JSON')
        .choices(formats)
        .default('text'),
    )
    .action(async (words: string[], flags: RedactFlags) => {
      refuseStray(words, flags)
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
function refuseStray(words: readonly string[], { check, out, overwrite, format }: RedactFlags): void {
  const stray: readonly (readonly [boolean, string])[] = [
    [check === true && out !== undefined, '--check and --out do not go together'],
    [overwrite === true && out === undefined, '--overwrite belongs to --out'],
    [check !== true && words.length > 1, 'several files go only with --check'],
    [
      check !== true && out === undefined && format === 'json',
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
