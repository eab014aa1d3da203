/** `countersign verify`: flags → VerifyRequest, one verdict an artifact, its rendering, the exit code. */
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError, exitCodeOfOutcomes, formats, judgeAll, oneLine, render } from '../../index.ts'
import type { Format, QuestionOptions, Verdict, VerifyRequest } from '../../index.ts'
import type { CommandContext } from '../main.ts'
import { progressOn } from '../progress.ts'
import { styleOf } from '../world.ts'
import type { World } from '../world.ts'
import { trustSource, withTrustOptions } from './trust-flags.ts'
import type { TrustFlags } from './trust-flags.ts'

/** The flags as commander gives them. */
export interface VerifyFlags extends TrustFlags, QuestionOptions {
  readonly bundle?: string
  /** Path of the key; the library takes its PEM. */
  readonly key?: string
  readonly format: Format
}

export function verifyCommand(program: Command, { world, done }: CommandContext): void {
  const command = program
    .command('verify')
    .description('check the attestation of each artifact; exit 0 if and only if all pass')
    .argument('<artifact...>', 'files, or a digest as sha256:HEX')
    .optionsGroup('Who must have signed, and what (asked for, or a usage error):')
    .option('--signer <IDENTITY>', 'identity in the certificate: a workflow URI or an e-mail address')
    .option('--issuer <URL>', 'OIDC issuer that vouched for it')
    .option('--source <URL>', 'repository that was built')
    .option('--any-source', 'waive the question of the source')
    .option('--repo <OWNER/NAME>', 'GitHub shorthand for the three')
    .option('--workflow <FILE>', 'with --repo: the workflow that must have signed')
    .option('--key <PEM>', 'the bundle must be signed with this public key')
    .optionsGroup('What must be true besides:')
    .option('--ref <REF>', 'git ref that was built, such as refs/tags/v1.2.0')
    .option('--commit <ID>', 'commit that was built')
    .option('--source-id <ID>', 'numeric id of the repository, which no rename can take over')
    .option('--owner-id <ID>', 'numeric id of its owner')
    .option('--signer-digest <ID>', 'commit of the signing workflow')
    .option('--source-tag <TAG>', 'release tag, whole or a dotted prefix (v1 for v1.2.0)')
    .option('--builder-id <URI>', 'builder in the provenance')
    .option('--predicate-type <URI>', 'accepted predicate type, repeatable', collect)
    .option('--trigger <EVENT>', 'accepted build trigger, repeatable', collect)
    .addOption(new Option('--self-hosted-runner <answer>', 'accept builds on self-hosted runners').choices(['allow']))
    .option('--strict', 'refuse provenance of a build type that is not known')
    .optionsGroup('Where bundle and trust come from:')
    .option('--bundle <FILE>', 'bundle or .jsonl of bundles (default: beside the artifact)')
  withTrustOptions(command)
    .optionsGroup('Output:')
    .addOption(new Option('--format <format>', 'verdict as text or JSON Lines').choices(formats).default('text'))
    .action(async (artifacts: string[], flags: VerifyFlags) => {
      const request = await verifyRequest(flags, world)
      const style = styleOf(world.stdout, world.env)
      const progress = progressOn(world.stderr, artifacts.length, world.now)
      const outcomes: Verdict['outcome'][] = []
      for await (const verdict of judgeAll(artifacts, request)) {
        outcomes.push(verdict.outcome)
        progress.step()
        if (world.stdout.isTTY === true) progress.clear()
        world.stdout.write(render(verdict, flags.format, style))
        sayUndecided(verdict, world)
      }
      progress.clear()
      done(exitCodeOfOutcomes(outcomes))
    })
}

/** What kept a verdict from being made is talk as well as value. */
function sayUndecided({ outcome, failure }: Verdict, { stderr }: World): void {
  if (outcome !== 'undecided' || failure === undefined) return
  stderr.write(`countersign: error: ${oneLine(failure.message)} (${failure.code})\n`)
  if (failure.hint !== undefined) stderr.write(`countersign: hint: ${failure.hint}\n`)
}

function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}

/** Flags → the library's own request. Errors: `usage`, `question-conflict`, `input-unreadable`. */
export async function verifyRequest(flags: VerifyFlags, world: World): Promise<Omit<VerifyRequest, 'artifact'>> {
  const { cwd } = world
  const { format, key, trustedRoot, sigstore, localState, ...rest } = flags
  const { tufMirror, tufRoot, offline, refreshTimeout, staleTrust, ...question } = rest
  return {
    ...question,
    cwd,
    trust: await trustSource(flags, world),
    ...(key === undefined ? {} : { key: await readKey(resolve(cwd, key)) }),
  }
}

/** More than any key in PEM has: a longer file is cut here, and then holds no key. */
const keyFileBytes = 128 * 1024

async function readKey(path: string): Promise<string> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of createReadStream(path, { end: keyFileBytes })) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks).toString('utf8')
  } catch (cause) {
    throw new CountersignError('input-unreadable', 'the key file cannot be read', { cause })
  }
}
