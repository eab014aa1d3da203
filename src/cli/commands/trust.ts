/** `countersign trust show|update|import|export`: whose signatures count here, since when, and until when. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import { formats, render, unsteeringJson } from '../../report.ts'
import type { Format } from '../../report.ts'
import { exportTrust, importTrust, showTrust, updateTrust } from '../../trust.ts'
import type { TrustReport } from '../../trust.ts'
import type { CommandContext } from '../command.ts'
import { withShortForm } from '../flags.ts'
import { didYouMean } from '../similar.ts'
import { say, styleOf, worldOf } from '../terminal.ts'
import { trustSource, updatedSource, withMirrorOptions, withTrustOptions } from './trust-flags.ts'
import type { TrustFlags, TufFlags } from './trust-flags.ts'

interface Output {
  readonly format: Format
}

interface ExportFlags {
  readonly out?: string
  readonly overwrite?: true
}

export function trustCommand(program: Command, { terminal, done }: CommandContext): void {
  const trust = program
    .command('trust')
    .description('show, refresh, keep and hand on what verification trusts')
    .helpCommand(false)
    // A word that is none of its commands: without this Commander would count it, and not look at it.
    .argument('[word]')
    .usage('[options] [command]')
    .action((word: string | undefined) => {
      if (word !== undefined) {
        const names = trust.commands.map((it) => it.name())
        throw new CountersignError('usage', `trust has no command ${JSON.stringify(word)}${didYouMean(word, names)}`, {
          hint: 'run countersign trust --help',
        })
      }
      throw new CountersignError('usage', 'trust is asked to show, update, import or export', {
        hint: 'run countersign trust --help',
      })
    })
  const finish = (reports: readonly TrustReport[], format: Format): void => {
    const style = styleOf(terminal.stdout, terminal.env)
    for (const report of reports) terminal.stdout.write(render(report, format, style))
    for (const message of new Set(reports.flatMap((it) => it.warnings))) {
      say(terminal, `warning: ${message}`)
    }
    done(0)
  }

  withTrustOptions(trust.command('show').description('what a verification with these flags would trust, and why'))
    .addOption(formatOption())
    .action(async (flags: TrustFlags & Output) => {
      finish(await showTrust(await trustSource(flags, terminal), worldOf(terminal)), flags.format)
    })

  withMirrorOptions(
    trust
      .command('update')
      .description('refresh the kept trust now, and say what changed')
      .option('--sigstore <NAME>', 'public (default), github (private repositories), or TENANT.ghe.com'),
  )
    .addOption(formatOption())
    .action(async (flags: TufFlags & Output) => {
      finish([await updateTrust(updatedSource(flags), worldOf(terminal))], flags.format)
    })

  trust
    .command('import')
    .description('keep a trusted root under a name, for --trusted-root name:NAME')
    .argument('<file>', 'trusted root or ClientTrustConfig')
    .requiredOption('--name <NAME>', 'name to keep it under')
    .addOption(formatOption())
    .action(async (path: string, { name, format }: { name: string } & Output) => {
      finish([await importTrust({ path, name, world: worldOf(terminal) })], format)
    })

  withTrustOptions(
    trust
      .command('export')
      .description('write the trusted root that a verification would use, for --trusted-root elsewhere')
      .option(withShortForm('--out <FILE>'), 'write it there, as a whole (default: standard output)')
      .option('--overwrite', 'replace the file if it is there'),
  ).action(async (flags: TrustFlags & ExportFlags) => {
    const { out, overwrite } = flags
    if (out === undefined && overwrite === true) throw new CountersignError('usage', '--overwrite belongs to --out')
    const { text, sha256, origins } = await exportTrust({
      source: await trustSource(flags, terminal),
      ...(out === undefined ? {} : { out: { path: out, whenPresent: overwrite === true ? 'replace' : 'refuse' } }),
      world: worldOf(terminal),
    })
    // To a file or a program byte for byte: another tool may know its digest.
    if (out === undefined) terminal.stdout.write(terminal.stdout.isTTY === true ? `${unsteeringJson(text)}\n` : text)
    say(terminal, `${origins.join(', ')}: sha256:${sha256}`)
    done(0)
  })
}

function formatOption(): Option {
  return new Option('--format <format>', 'text or JSON Lines').choices(formats).default('text')
}
