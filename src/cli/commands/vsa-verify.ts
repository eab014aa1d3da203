/** `countersign vsa-verify`: flags → the library's request, the verdict, its rendering, the exit code. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import { formats, render } from '../../report.ts'
import type { Format } from '../../report.ts'
import { findArtifacts, judgeSummary } from '../../verify.ts'
import type { SummaryVerification } from '../../verify.ts'
import { withAlertOptions } from '../alerts.ts'
import type { AlertFlags } from '../alerts.ts'
import type { CommandContext } from '../command.ts'
import { exitCodeOfVerdicts } from '../exit-code.ts'
import { repeated, withShortForm } from '../flags.ts'
import { say, styleOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { questionRequest, withPartOptions } from './question-flags.ts'
import type { QuestionFlags } from './question-flags.ts'
import { withTrustOptions } from './trust-flags.ts'

interface VsaVerifyFlags extends QuestionFlags, AlertFlags {
  readonly digest?: string
  readonly vsa?: string
  readonly verifierId?: string
  readonly resourceUri?: string
  readonly policyDigest?: string
  readonly level?: string[]
  readonly format: Format
}

/** What can be asked of a signer who built nothing. */
const signerParts: readonly string[] = [
  ...['signer', 'issuer', 'certificateWithoutIssuer', 'source', 'anySource', 'repo', 'owner', 'signerWorkflow'],
  ...['workflow', 'anyCaller', 'key', 'ref', 'sourceId', 'ownerId', 'signerDigest', 'trigger', 'selfHostedRunner'],
]

export function vsaVerifyCommand(program: Command, { terminal, done, alerts: openAlerts }: CommandContext): void {
  const command = program
    .command('vsa-verify')
    .description('check what another verifier signed of an artifact; exit 0 if and only if it passed')
    .argument('[artifact]', 'a file, or a digest as sha256:HEX')
    .optionsGroup('What was verified (required):')
    .option('--vsa <FILE>', 'the verification summary: a Sigstore bundle, a DSSE envelope, or lines of them')
    .option(withShortForm('--bundle <FILE>'), 'the same')
    .option(
      '--digest <NAME:VALUE>',
      'in place of the artifact, also of what is not a file: gitCommit:ID, gce_image_id:ID',
    )
    .option('--resource-uri <URI>', 'what the artifact is to its verifier: the address from which it is fetched')
    .option('--policy-digest <sha256:HEX>', 'the policy that must have been asked (default: any)')
    .option('--level <LEVEL>', 'what must have been verified, as SLSA_BUILD_LEVEL_2 (or higher); repeatable', repeated)
    .option(
      '--verifier-id <URI>',
      'the verifier that goes with the signer (default: the signer itself; needed with a key)',
    )
  withPartOptions(command, 'Who must have signed it (required):', (name) => signerParts.includes(name))
  const output = withTrustOptions(command.optionsGroup('Where trust comes from:'))
    .optionsGroup('Output:')
    .addOption(new Option('--format <format>', 'verdict as text or JSON').choices(formats).default('text'))
  withAlertOptions(output).action(async (word: string | undefined, flags: VsaVerifyFlags) => {
    const alerts = await openAlerts('vsa-verify', flags)
    const verdict = await judgeSummary(await summaryRequest(word, flags, terminal))
    alerts?.verdict(verdict)
    terminal.stdout.write(render(verdict, flags.format, styleOf(terminal.stdout, terminal.env)))
    if (verdict.outcome === 'undecided' && (flags.format === 'json' || terminal.stdout.isTTY !== true)) {
      const { code, message, hint } = verdict.failure
      say(terminal, `error: ${message} (${code})`)
      if (hint !== undefined) say(terminal, `hint: ${hint}`)
    }
    done(exitCodeOfVerdicts([verdict]))
  })
}

/** Errors: `usage`, `question-incomplete`, those of a question. */
async function summaryRequest(
  word: string | undefined,
  flags: VsaVerifyFlags,
  terminal: Terminal,
): Promise<SummaryVerification> {
  const { bundle, ...others } = flags
  const { vsa, resourceUri, verifierId, policyDigest, level: levels = [] } = others
  if (vsa !== undefined && bundle !== undefined) {
    throw new CountersignError('usage', '--vsa and --bundle name the same: give one of them')
  }
  const summary = vsa ?? bundle
  if (summary === undefined) {
    throw new CountersignError('usage', 'the verification summary is named, and not looked for', {
      option: 'vsa',
      hint: 'name its file (`vsa`)',
    })
  }
  if (resourceUri === undefined) {
    throw new CountersignError('question-incomplete', 'the question lacks `resourceUri`', {
      option: 'resourceUri',
      hint: 'a summary that was made of the same file for another use is no answer',
    })
  }
  const { question: signer, trust, world } = await questionRequest(others, terminal)
  const isKeyed = flags.key !== undefined && !namesTrust(flags)
  return {
    ...{ artifact: await artifactOf(word, flags, terminal), summary, signer },
    question: {
      ...{ resourceUri, levels },
      ...(verifierId === undefined ? {} : { verifierId }),
      ...(policyDigest === undefined ? {} : { policyDigest }),
    },
    ...(isKeyed || trust === undefined ? {} : { trust }),
    ...(world === undefined ? {} : { world }),
  }
}

function namesTrust({ trustedRoot, sigstore, tufMirror }: VsaVerifyFlags): boolean {
  return [trustedRoot, sigstore, tufMirror].some((it) => it !== undefined)
}

/** Error: `usage`. */
async function artifactOf(
  word: string | undefined,
  { digest }: VsaVerifyFlags,
  { cwd, stdin }: Terminal,
): Promise<SummaryVerification['artifact']> {
  if ((word === undefined) === (digest === undefined)) {
    throw new CountersignError('usage', 'name the artifact, or its digest (--digest)', { option: 'artifact' })
  }
  if (digest !== undefined) return { digest }
  const { artifacts } = await findArtifacts([word ?? ''], { cwd, input: stdin })
  const [artifact, ...more] = artifacts
  if (artifact !== undefined && more.length === 0) return artifact
  throw new CountersignError('usage', `a summary is asked for one artifact, and here are ${artifacts.length}`, {
    option: 'artifact',
  })
}
