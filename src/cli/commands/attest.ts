/** `countersign attest`: flags → AttestRequest, the statement or where the bundle is, the command that verifies it. */
import { relative } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { attest } from '../../index.ts'
import type { Attestation, AttestRequest } from '../../index.ts'
import type { CommandContext } from '../main.ts'
import type { World } from '../world.ts'
import { milliseconds } from '../duration.ts'
import { sigstoreChoice } from './sigstore-choice.ts'

/** The flags as commander gives them. */
export interface AttestFlags {
  readonly checksums?: string
  readonly subject?: string[]
  readonly sigstore?: string
  readonly localState?: string
  readonly identityTokenFile?: string
  readonly audience?: string
  readonly trustIssuer?: string[]
  readonly since?: string
  readonly out?: string
  readonly overwrite?: true
  readonly allowDirty?: true
  readonly allowShallow?: true
  readonly publishPrivate?: true
  readonly dryRun?: true
  readonly retryBudget?: string
  readonly onOutage?: 'fail' | 'defer'
  readonly resume?: string
}

export function attestCommand(program: Command, { world, done }: CommandContext): void {
  program
    .command('attest')
    .description('sign provenance for files under the identity of this CI job')
    .argument('[path...]', 'files and quoted globs')
    .optionsGroup('What is attested:')
    .option('--checksums <FILE>', 'subjects from a file as sha256sum writes it')
    .option('--subject <NAME=DIGEST>', 'a subject as name=sha256:HEX, repeatable', collect)
    .option('--since <REV>', 'the release begins after this revision (default: the last tag before HEAD)')
    .option('--allow-dirty', 'attest a changed work tree, and record that')
    .option('--allow-shallow', 'attest a cut history, and record that')
    .optionsGroup('Who signs:')
    .option('--sigstore <NAME>', 'public (default in CI), local, or a ClientTrustConfig file')
    .option(
      '--local-state <DIR>',
      'with --sigstore local: its folder (default: one for this project in your state directory)',
    )
    .option('--identity-token-file <FILE>', 'OIDC token, where the CI provider writes one')
    .option('--audience <NAME>', 'audience of the token (default sigstore)')
    .option('--trust-issuer <URL>', 'a further issuer that the chosen Sigstore trusts, repeatable', collect)
    .option('--publish-private', 'write the name of a private repository to the public log')
    .optionsGroup('When services fail:')
    .option(
      '--retry-budget <TIME>',
      'time for signing with all its repetitions, as 90s or 5m (default 120s, at most 10m)',
    )
    .addOption(
      new Option('--on-outage <WHAT>', 'fail (default), or defer: keep the unsigned statement for --resume').choices([
        'fail',
        'defer',
      ]),
    )
    .option('--resume <FILE>', 'sign what was kept, in the same run and attempt')
    .optionsGroup('Output:')
    .option('--out <PATH>', 'file or folder of the bundle (default: beside the artifact); a .jsonl is added to')
    .option('--overwrite', 'replace a bundle that is there')
    .option('--dry-run', 'print the statement, sign nothing')
    .action(async (paths: string[], flags: AttestFlags) => {
      const attestation = await attest(attestRequest(paths, flags, world))
      for (const note of attestation.notes) world.stderr.write(`countersign: note: ${note}\n`)
      if (attestation.signed === undefined) world.stdout.write(`${attestation.statement}\n`)
      else {
        world.stdout.write(`${show(world, attestation.signed.out)}\n`)
        talk(attestation, attestation.signed, flags, world)
      }
      done(0)
    })
}

function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}

/** Flags → the library's own request. Error: `usage`. */
export function attestRequest(paths: readonly string[], flags: AttestFlags, world: World): AttestRequest {
  const {
    checksums,
    subject,
    identityTokenFile,
    audience,
    trustIssuer,
    since,
    out,
    publishPrivate,
    dryRun,
    onOutage,
    resume,
  } = flags
  const sigstore = sigstoreChoice(flags)
  const given = {
    checksums,
    subjects: subject,
    identityTokenFile,
    audience,
    issuers: trustIssuer,
    since,
    out,
    publishPrivate,
    dryRun,
    sigstore,
    retryBudget: flags.retryBudget === undefined ? undefined : milliseconds(flags.retryBudget, '--retry-budget'),
    onOutage,
    resume,
  }
  return {
    ...defined(given),
    paths,
    whenPresent: flags.overwrite === true ? 'replace' : 'refuse',
    worktree: flags.allowDirty === true ? 'allow-dirty' : 'clean',
    history: flags.allowShallow === true ? 'allow-shallow' : 'whole',
    cwd: world.cwd,
    env: world.env,
    now: world.now,
    fetch: world.fetch,
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>
}

function show(world: World, path: string): string {
  const short = relative(world.cwd, path)
  return short.startsWith('..') ? path : short
}

/** What was done, and the command that verifies it; on stderr, because the value is the path. */
function talk(
  { subjects, sessions, commits, signer }: Attestation,
  { out, question }: NonNullable<Attestation['signed']>,
  flags: AttestFlags,
  world: World,
): void {
  const say = (text: string): unknown => world.stderr.write(`countersign: ${text}\n`)
  say(`signed ${count(subjects.length, 'subject')} as ${signer}`)
  say(
    `${count(sessions.length, 'AI session')} in ${commits.claimed} of ${count(commits.total, 'commit')}, ${commits.total - commits.claimed} unknown`,
  )
  if (flags.sigstore === 'local') say('note: the embedded Sigstore signed; that proves nothing to others')
  const path = show(world, out)
  const sidecar = '.sigstore.json'
  const artifact =
    path.endsWith(sidecar) && flags.out === undefined
      ? [path.slice(0, -sidecar.length)]
      : ['ARTIFACT', '--bundle', path]
  const asked = Object.entries(question).flatMap(([name, value]: [string, unknown]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    ...(value === true ? [] : [String(value)]),
  ])
  const trust = flags.sigstore === undefined || flags.sigstore === 'public' ? [] : ['--sigstore', flags.sigstore]
  const state = flags.localState === undefined ? [] : ['--local-state', flags.localState]
  say(`verify with: ${['countersign', 'verify', ...artifact, ...trust, ...state, ...asked].map(quote).join(' ')}`)
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function quote(text: string): string {
  return /^[A-Za-z0-9@%+=:,./_-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
