/** `countersign sessions`: what the commits of a release say of AI, before anything is signed. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { collectRange } from '../../attest.ts'
import type { RangeRequest } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import { changeFormats, renderChanges } from '../../report.ts'
import type { ChangeFormat } from '../../report.ts'
import type { CommandContext } from '../command.ts'
import { repeated } from '../flags.ts'
import { statusOn } from '../progress.ts'
import { keepYoungHeapSmall } from '../young-heap.ts'
import { styleOf, worldOf } from '../terminal.ts'
import { withSessionsByHand } from './sessions-by-hand.ts'
import { rangeOf } from './range-words.ts'
import { remotesRequest, withRemoteOptions } from './remote-flags.ts'
import type { RemoteFlags } from './remote-flags.ts'
import { portalRequest, withPortalOptions } from './portal-flags.ts'
import type { PortalFlags } from './portal-flags.ts'
import { receiptsRequest, withReceiptOptions } from './receipt-flags.ts'
import type { ReceiptFlags } from './receipt-flags.ts'
import { sessionsRecordCommand } from './sessions-record.ts'
import { signersRequest, withSignerOptions } from './signer-flags.ts'
import type { SignerFlags } from './signer-flags.ts'
import { transcriptsRequest, withTranscriptOptions } from './transcript-flags.ts'
import type { TranscriptFlags } from './transcript-flags.ts'
import { rootNamed } from './root-named.ts'

interface SessionsFlags extends SignerFlags, RemoteFlags, TranscriptFlags, ReceiptFlags, PortalFlags {
  readonly since?: string
  readonly commit?: string
  readonly tagPattern?: string
  readonly path?: string[]
  readonly adopt?: true
  readonly allowShallow?: true
  readonly offline?: true
  readonly trustedRoot?: string
  readonly aiConfiguration?: true
  readonly format: ChangeFormat
}

export function sessionsCommand(program: Command, context: CommandContext): void {
  const { terminal, done } = context
  const command = program
    .command('sessions')
    .description('show what a release says of AI, before anything of it is signed')
    .helpCommand(false)
    .usage('[options] [range]')
    .argument('[range]', 'A..B; A is A..HEAD, and ..B begins at the version before B (default: what attest would take)')
    .optionsGroup('Which commits:')
    .option('--commit <REV>', 'one commit: what was generated, asked, accepted, and what no record tells')
    .option('--since <REV>', 'the release begins after this revision (default: the version before, by its tag)')
    .option('--tag-pattern <GLOB>', 'tags that are releases of what is attested, as "cli-v*"')
    .option(
      '--path <PATH>',
      'only commits that change something there count; from the root, or ./ from here; repeatable',
      repeated,
    )
    .option('--adopt', 'the release begins with the first commit, however many there are')
    .option('--allow-shallow', 'look at a cut history, and say so')
    .option('--offline', 'do not ask the remote whether it has notes or tags that this clone has not')
  withSessionsByHand(command, context)
  withRemoteOptions(command).optionsGroup('Records of sessions:')
  withTranscriptOptions(command)
  withPortalOptions(command).optionsGroup('Whose signatures count:')
  withSignerOptions(command).option(
    '--trusted-root <FILE>',
    'trusted root of a Sigstore of your own, by which certificates are verified too',
  )
  withReceiptOptions(command)
    .optionsGroup('Output:')
    .option('--ai-configuration', 'list the files that steer agents, each with its digest, and how to hash them anew')
    .addOption(
      new Option('--format <format>', 'text, a line of JSON, Markdown for a comment, or an HTML page')
        .choices(changeFormats)
        .default('text'),
    )
    .action(async (words: string | undefined, flags: SessionsFlags) => {
      keepYoungHeapSmall()
      const request = requestOf(words, flags)
      const status = statusOn(terminal.stderr, terminal.now)
      try {
        const report = await collectRange({ ...request, world: worldOf({ ...terminal, progress: status.show }) })
        status.clear()
        terminal.stdout.write(renderChanges(report, flags.format, styleOf(terminal.stdout, terminal.env)))
      } finally {
        status.clear()
      }
      done(0)
    })
  sessionsRecordCommand(command, context)
}

/** Error: `usage`. */
function requestOf(words: string | undefined, flags: SessionsFlags): RangeRequest {
  const { since: asked, tagPattern, path, adopt, allowShallow, offline } = flags
  const named = rangeOf(words)
  if (named.since !== undefined && asked !== undefined) throw together('a RANGE with a start', '--since')
  const since = named.since ?? asked
  const start = named.since === undefined ? '--since' : 'a RANGE with a start'
  if (since !== undefined && adopt !== undefined) throw together(start, '--adopt')
  if (since !== undefined && tagPattern !== undefined) throw together(start, '--tag-pattern')
  if (flags.commit !== undefined) {
    const others = { 'a RANGE': words, '--since': asked, '--adopt': adopt, '--tag-pattern': tagPattern }
    const other = Object.entries(others).find(([, it]) => it !== undefined)
    if (other !== undefined) throw together('--commit', other[0])
  }
  const remotes = remotesRequest(flags)
  if (remotes.fetch !== undefined && offline !== undefined) throw together('--fetch', '--offline')
  if (remotes.forgeTokenFile !== undefined && offline !== undefined) throw together('--forge-token-file', '--offline')
  if (remotes.tracker !== undefined && offline !== undefined) throw together('--tracker-api', '--offline')
  return {
    ...remotes,
    ...(flags.commit === undefined ? {} : { commit: flags.commit }),
    ...(since === undefined ? {} : { since }),
    ...(named.until === undefined ? {} : { until: named.until }),
    ...(tagPattern === undefined ? {} : { tagPattern }),
    ...(path === undefined ? {} : { folders: path }),
    ...(adopt === undefined ? {} : { adopt }),
    ...(allowShallow === undefined ? {} : { history: 'allow-shallow' as const }),
    ...(offline === undefined ? {} : { network: 'none' as const }),
    ...transcriptsRequest(flags),
    ...portalRequest(flags),
    ...signersRequest(flags),
    ...receiptsRequest(flags),
    ...(flags.aiConfiguration === undefined ? {} : { aiConfiguration: 'listed' as const }),
    ...(flags.trustedRoot === undefined ? {} : { trust: rootNamed(flags.trustedRoot) }),
  }
}

function together(one: string, other: string): CountersignError {
  return new CountersignError('usage', `${one} and ${other} do not go together`)
}
