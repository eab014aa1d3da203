/** `countersign gate`: the rules about AI of a policy, asked about a change before it is merged. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { gate } from '../../gate.ts'
import type { GateRequest } from '../../gate.ts'
import { CountersignError } from '../../index.ts'
import { gateFormats } from '../../report.ts'
import type { GateFormat } from '../../report.ts'
import { withAlertOptions } from '../alerts.ts'
import type { AlertFlags } from '../alerts.ts'
import { ciOutputOption } from '../ci-output.ts'
import type { CiSystem, CommandContext } from '../command.ts'
import { exitCodeOfVerdicts } from '../exit-code.ts'
import { statusOn } from '../progress.ts'
import { say, styleOf, worldOf } from '../terminal.ts'
import { keepYoungHeapSmall } from '../young-heap.ts'
import { marked, marksRequest, notSetLines, withMarkOptions } from './mark-flags.ts'
import type { MarkFlags } from './mark-flags.ts'
import { portalRequest, withPortalOptions } from './portal-flags.ts'
import type { PortalFlags } from './portal-flags.ts'
import { rangeOf } from './range-words.ts'
import { receiptsRequest, withReceiptOptions } from './receipt-flags.ts'
import type { ReceiptFlags } from './receipt-flags.ts'
import { remotesRequest, withRemoteOptions } from './remote-flags.ts'
import type { RemoteFlags } from './remote-flags.ts'
import { signersRequest, withSignerOptions } from './signer-flags.ts'
import type { SignerFlags } from './signer-flags.ts'
import { transcriptsRequest, withTranscriptOptions } from './transcript-flags.ts'
import type { TranscriptFlags } from './transcript-flags.ts'
import { rootNamed } from './root-named.ts'

interface GateFlags
  extends MarkFlags, SignerFlags, RemoteFlags, TranscriptFlags, ReceiptFlags, PortalFlags, AlertFlags {
  readonly policy?: string
  readonly policyFile?: string
  readonly policyProfile?: string
  readonly offline?: true
  readonly identityKeyFile?: string
  readonly trustedRoot?: string
  readonly format: GateFormat
  readonly ciOutput?: CiSystem
}

export function gateCommand(program: Command, { terminal, done, ciOutput, alerts: openAlerts }: CommandContext): void {
  const command = program
    .command('gate')
    .description('ask the rules about AI of a policy about a change before it is merged')
    .argument('[range]', 'BASE..HEAD; BASE is BASE..HEAD (default: what the CI job says is under review)')
    .optionsGroup('By which rules:')
    .option(
      '--policy <PATH>',
      'a policy of the base commit, from the root of the repository; the change has no say in it',
    )
    .option('--policy-file <FILE>', "a policy from outside of the repository, as an organisation's own")
    .option('--policy-profile <NAME>', 'one of its profiles, which adds rules')
    .option('--offline', 'do not ask the remote whether it has notes that this clone has not')
  withRemoteOptions(command).optionsGroup('Records of sessions:')
  withTranscriptOptions(command)
  withPortalOptions(command).optionsGroup('Whose signatures count:')
  withSignerOptions(command)
    .option('--identity-key-file <FILE>', 'the key under which the policy names persons')
    .option('--trusted-root <FILE>', 'trusted root of a Sigstore of your own, by which certificates are verified too')
  withReceiptOptions(command).optionsGroup('At the forge, with a token in COUNTERSIGN_FORGE_TOKEN:')
  const output = withMarkOptions(command)
    .optionsGroup('Output:')
    .addOption(
      new Option('--format <format>', 'text, a line of JSON, or what a forge reads')
        .choices(gateFormats)
        .default('text'),
    )
    .addOption(ciOutputOption())
  withAlertOptions(output).action(async (words: string | undefined, flags: GateFlags) => {
    keepYoungHeapSmall()
    const ci = await ciOutput('gate', flags.ciOutput)
    const marks = marksRequest(flags)
    const alerts = await openAlerts('gate', flags)
    const request = requestOf(words, flags)
    const status = statusOn(terminal.stderr, terminal.now)
    try {
      const world = worldOf({ ...terminal, progress: status.show })
      const decided = await gate({ ...request, world })
      const report = await marked(decided, marks, world)
      status.clear()
      ci?.gate(report)
      alerts?.gate(report)
      const style = styleOf(terminal.stdout, terminal.env)
      for (const line of notSetLines(report, (text) => style.options(text))) say(terminal, line)
      const { renderGate } = await import('../../report.ts')
      terminal.stdout.write(renderGate(report, flags.format, style))
      done(exitCodeOfVerdicts([report]))
    } finally {
      status.clear()
    }
  })
}

/** Error: `usage`. */
function requestOf(words: string | undefined, flags: GateFlags): GateRequest {
  const { policy, policyFile, policyProfile, offline, identityKeyFile, trustedRoot } = flags
  const { since: base, until: head } = rangeOf(words)
  const { forgeApi, ...others } = remotesRequest(flags)
  // Of marks alone the API is told where they go, and nothing is asked there for the answer.
  const isForMarks = others.forgeTokenFile === undefined && marksRequest(flags) !== undefined
  const remotes = { ...others, ...(forgeApi === undefined || isForMarks ? {} : { forgeApi }) }
  const asking = [
    ...(remotes.fetch === undefined ? [] : ['--fetch']),
    ...(remotes.forgeTokenFile === undefined ? [] : ['--forge-token-file']),
    ...(remotes.tracker === undefined ? [] : ['--tracker-api']),
    ...(flags.setLabels === undefined ? [] : ['--set-labels']),
    ...(flags.checkRun === undefined ? [] : ['--check-run']),
  ]
  const [other] = asking
  if (offline !== undefined && other !== undefined) {
    throw new CountersignError('usage', `${other} and --offline do not go together`)
  }
  return {
    ...remotes,
    ...(base === undefined ? {} : { base }),
    ...(head === undefined ? {} : { head }),
    ...(policy === undefined ? {} : { policy }),
    ...(policyFile === undefined ? {} : { policyFile }),
    ...(policyProfile === undefined ? {} : { policyProfile }),
    ...(offline === undefined ? {} : { network: 'none' as const }),
    ...(identityKeyFile === undefined ? {} : { identityKeyFile }),
    ...(trustedRoot === undefined ? {} : { trust: rootNamed(trustedRoot) }),
    ...transcriptsRequest(flags),
    ...portalRequest(flags),
    ...signersRequest(flags),
    ...receiptsRequest(flags),
  }
}
