/** `countersign attest`: flags → AttestRequest, the statement or where the bundle is, the command that verifies it. */
import { relative } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { DeferredError, attest, attestEach, buildStatement, resumeEach } from '../../attest.ts'
import type { Attestation, AttestRequest, OutputRequest, SigningRequest, StatementRequest } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import { sessionCount, unsteering, wereLookedFor } from '../../report.ts'
import type { CiOutput } from '../../report.ts'
import { ciOutputOption } from '../ci-output.ts'
import type { CiSystem, CommandContext } from '../command.ts'
import { milliseconds } from '../duration.ts'
import { kebab, repeated, withShortForm } from '../flags.ts'
import { statusOn } from '../progress.ts'
import type { StatusLine } from '../progress.ts'
import { shellCommand } from '../shell.ts'
import { readStandardInput } from '../standard-input.ts'
import { jsonFor, say, worldOf } from '../terminal.ts'
import type { Output, Terminal } from '../terminal.ts'
import { remotesRequest, withRemoteOptions } from './remote-flags.ts'
import type { RemoteFlags } from './remote-flags.ts'
import { transcriptsRequest, withTranscriptOptions } from './transcript-flags.ts'
import type { TranscriptFlags } from './transcript-flags.ts'
import { keepYoungHeapSmall } from '../young-heap.ts'
import { receiptsRequest, withReceiptOptions } from './receipt-flags.ts'
import type { ReceiptFlags } from './receipt-flags.ts'
import { sigstoreChoice } from './sigstore-choice.ts'
import { portalRequest, withPortalOptions } from './portal-flags.ts'
import type { PortalFlags } from './portal-flags.ts'
import { signersRequest, withSignerOptions } from './signer-flags.ts'
import type { SignerFlags } from './signer-flags.ts'
import { withRetryBudget, withWhoSigns } from './who-signs.ts'

/** The flags as commander gives them. */
export interface AttestFlags extends SignerFlags, RemoteFlags, TranscriptFlags, ReceiptFlags, PortalFlags {
  readonly checksums?: string
  readonly subject?: string[]
  readonly subjectName?: 'base' | 'path'
  readonly each?: true
  readonly sigstore?: string
  readonly localState?: string
  readonly identityTokenFile?: string
  readonly audience?: string
  readonly trustIssuer?: string[]
  readonly since?: string
  readonly out?: string
  readonly overwrite?: true
  readonly append?: true
  readonly allowDirty?: true
  readonly builtCommit?: true
  readonly adopt?: true
  readonly input?: string[]
  readonly tagPattern?: string
  readonly path?: string[]
  readonly allowShallow?: true
  readonly publishPrivate?: true
  readonly dryRun?: true
  readonly ciOutput?: CiSystem
  readonly retryBudget?: string
  readonly deferExit?: '0'
  readonly onOutage?: 'fail' | 'defer'
  readonly resume?: string[]
  readonly resumeAttempt?: 'same' | 'any'
  readonly changes?: string
  readonly identityKeyFile?: string
  readonly reasoningLog?: string
}

export function attestCommand(program: Command, { terminal, done, ciOutput }: CommandContext): void {
  const command = program
    .command('attest')
    .description('sign provenance for files under the identity of this CI job')
    .argument('[path...]', 'files and quoted globs, which leave out bundles and checksum files')
    .optionsGroup('What is attested:')
    .option('--checksums <FILE>', 'subjects from a file as sha256sum or sha512sum writes it; - reads stdin')
    .option('--subject <NAME=DIGEST>', 'a subject as name=sha256:HEX or name=sha512:HEX, repeatable', repeated)
    .addOption(
      new Option(
        '--subject-name <WHAT>',
        'what files are called: base name (default), or path from here; base also cuts the names in checksums',
      ).choices(['base', 'path']),
    )
    .option('--each', 'an attestation of its own for each subject, from one look at the commits')
    .option('--since <REV>', 'the release begins after this revision (default: the version before, by its tag)')
    .option('--tag-pattern <GLOB>', 'tags that are releases of what is attested, as "cli-v*"')
    .option(
      '--path <PATH>',
      'only commits that change something there count; from the root, or ./ from here; repeatable',
      repeated,
    )
    .option('--adopt', 'the release begins with the first commit, however many there are')
    .option(
      '--input <NAME>',
      'sign this input of a dispatched run, without secrets of known forms, repeatable',
      repeated,
    )
  withRemoteOptions(command)
  withTranscriptOptions(command)
  withPortalOptions(command)
  withSignerOptions(command)
  withReceiptOptions(command)
    .option('--reasoning-log <FILE>', 'sign the digest of what reasoning-log wrote, and nothing of what stands in it')
    .option('--allow-dirty', 'attest a changed work tree, and record that')
    .option('--built-commit', 'the job committed before it built: attest that commit of its own, and record that')
    .option('--allow-shallow', 'attest a cut history, and record that')
  withWhoSigns(command).optionsGroup('When services fail:')
  withRetryBudget(command)
    .addOption(
      new Option('--on-outage <WHAT>', 'fail (default), or defer: keep the unsigned statement for --resume').choices([
        'fail',
        'defer',
      ]),
    )
    .addOption(
      new Option('--defer-exit <CODE>', 'with defer: the exit code where the statement was kept').choices(['0']),
    )
    .option('--resume <FILE...>', 'sign what was kept, in the same run: all of it at once')
    .addOption(
      new Option(
        '--resume-attempt <WHICH>',
        'with resume: what this attempt of the run kept (same, the default), or any did',
      ).choices(['same', 'any']),
    )
    .optionsGroup('Output:')
    .option(withShortForm('--out <PATH>'), 'file or folder of the bundle (default: beside the artifact)')
    .option('--overwrite', 'replace the file if it is there')
    .option(
      '--append',
      'add the bundle as a line if the file is there; a .jsonl takes those of other subjects by itself',
    )
    .option('--changes <FILE>', 'also sign what the release is made of, change by change, into this file')
    .option('--identity-key-file <FILE>', 'with changes: the key under which your organisation hashes people')
    .option('--dry-run', 'print the statement, sign nothing')
    .addOption(ciOutputOption())
    .action(async (paths: string[], flags: AttestFlags) => {
      keepYoungHeapSmall()
      const ci = await ciOutput('attest', flags.ciOutput)
      const status = statusOn(terminal.stderr, terminal.now, (text) => say(terminal, `waiting: ${text}`))
      const shown: Terminal = { ...withClear(terminal, status), progress: status.show }
      try {
        await run(paths, flags, shown, ci)
      } finally {
        status.clear()
      }
      done(0)
    })
}

/** Whatever is written wipes the status line first. */
export function withClear(terminal: Terminal, { clear }: StatusLine): Terminal {
  const { stdout, stderr } = terminal
  const cleared = (output: Output): Output => ({
    isTTY: output.isTTY,
    write(text) {
      clear()
      return output.write(text)
    },
  })
  return { ...terminal, stdout: cleared(stdout), stderr: cleared(stderr) }
}

async function run(
  paths: readonly string[],
  flags: AttestFlags,
  terminal: Terminal,
  ci: CiOutput | undefined,
): Promise<void> {
  if (flags.dryRun !== true) return signedOrDeferred(paths, flags, terminal, ci)
  refuseTogether('--dry-run', flags, {
    ...{ '--resume': 'resume', '--on-outage': 'onOutage', '--each': 'each', '--changes': 'changes' },
  })
  const { statement, notes } = await buildStatement(await statementRequest(paths, flags, terminal))
  for (const note of notes) say(terminal, `note: ${note}`)
  terminal.stdout.write(jsonFor(terminal.stdout, statement))
}

/** With `--defer-exit 0` a statement that was kept for later does not fail the job; a person must hear of it all the same. */
async function signedOrDeferred(
  paths: readonly string[],
  flags: AttestFlags,
  terminal: Terminal,
  ci: CiOutput | undefined,
): Promise<void> {
  if (flags.deferExit !== undefined && flags.onOutage !== 'defer') {
    throw new CountersignError('usage', '--defer-exit belongs to --on-outage defer')
  }
  if (flags.resumeAttempt !== undefined && flags.resume === undefined) {
    throw new CountersignError('usage', '--resume-attempt belongs to --resume')
  }
  try {
    if (flags.resume !== undefined) await told(resumed(flags.resume, paths, flags, terminal), flags, terminal, ci)
    else if (flags.each === true) {
      await told(attestEach(await attestRequest(paths, flags, terminal)), flags, terminal, ci)
    } else {
      const attestation = await signed(paths, flags, terminal)
      ci?.signed(attestation)
      talk(attestation, flags, terminal)
    }
  } catch (thrown) {
    const isDeferred = thrown instanceof CountersignError && thrown.cause instanceof DeferredError
    if (isDeferred && thrown.cause instanceof DeferredError) ci?.kept(thrown.cause.preparedAll)
    if (!isDeferred || flags.deferExit === undefined) throw thrown
    ci?.failed(thrown)
    say(terminal, `warning: not signed: ${thrown.message} (${thrown.code})`)
    say(terminal, `hint: ${thrown.hint ?? ''}`)
  }
}

/** Each is told when it is written, so that a failure later on hides none. */
async function told(
  attestations: AsyncGenerator<Attestation>,
  flags: AttestFlags,
  terminal: Terminal,
  ci: CiOutput | undefined,
): Promise<void> {
  const said = new Set<string>()
  try {
    for await (const attestation of attestations) {
      // What is true of all of them is said once.
      const notes = attestation.notes.filter((it) => !said.has(it))
      for (const note of notes) said.add(note)
      ci?.signed(attestation)
      talk({ ...attestation, notes }, flags, terminal)
    }
  } catch (thrown) {
    throw thrown instanceof DeferredError ? resumable(thrown, flags, terminal) : thrown
  }
}

async function attestRequest(paths: readonly string[], flags: AttestFlags, terminal: Terminal): Promise<AttestRequest> {
  const request = await statementRequest(paths, flags, terminal)
  const out = outputRequest(flags)
  const { changes, onOutage, identityKeyFile } = flags
  if (changes === undefined) {
    if (identityKeyFile !== undefined) throw new CountersignError('usage', '--identity-key-file belongs to --changes')
    return { ...request, out, ...defined({ onOutage }) }
  }
  return { ...request, out, changes: { ...out, path: changes }, ...defined({ identityKeyFile, onOutage }) }
}

async function signed(paths: readonly string[], flags: AttestFlags, terminal: Terminal): Promise<Attestation> {
  try {
    return await attest(await attestRequest(paths, flags, terminal))
  } catch (thrown) {
    throw thrown instanceof DeferredError ? resumable(thrown, flags, terminal) : thrown
  }
}

/** What is signed stands in the file, so nothing else may say it. */
function resumed(
  prepared: readonly string[],
  paths: readonly string[],
  flags: AttestFlags,
  terminal: Terminal,
): AsyncGenerator<Attestation> {
  if (paths.length > 0) throw new CountersignError('usage', 'a prepared statement is signed as it is: give no files')
  refuseTogether('--resume', flags, {
    '--checksums': 'checksums',
    '--subject': 'subject',
    '--since': 'since',
    '--tag-pattern': 'tagPattern',
    '--path': 'path',
    '--adopt': 'adopt',
    '--input': 'input',
    '--allowed-signers': 'allowedSigners',
    '--forge-signers': 'forgeSigners',
    '--keyring': 'keyring',
    '--allowed-identity': 'allowedIdentity',
    '--record-attestations': 'recordAttestations',
    '--receipt': 'receipt',
    '--receipt-issuers': 'receiptIssuers',
    '--transcript': 'transcript',
    '--local-transcripts': 'localTranscripts',
    '--keep-records': 'keepRecords',
    '--reasoning-log': 'reasoningLog',
    '--fetch': 'fetch',
    '--fetch-from': 'fetchFrom',
    '--forge-token-file': 'forgeTokenFile',
    '--forge-api': 'forgeApi',
    '--portal': 'portal',
    '--portal-adapter': 'portalAdapter',
    '--portal-token-file': 'portalTokenFile',
    '--tracker-api': 'trackerApi',
    '--subject-name': 'subjectName',
    '--each': 'each',
    '--changes': 'changes',
  })
  const { resumeAttempt: attempt, builtCommit, onOutage } = flags
  return resumeEach({
    ...{ prepared, out: outputRequest(flags), ...signingRequest(flags), world: worldOf(terminal) },
    ...defined({ attempt, builtCommit, onOutage }),
  })
}

function refuseTogether(one: string, flags: AttestFlags, others: { readonly [flag: string]: keyof AttestFlags }): void {
  const given = Object.entries(others).find(([, name]) => flags[name] !== undefined)
  if (given !== undefined) throw new CountersignError('usage', `${one} and ${given[0]} do not go together`)
}

/** Flags → the library's own request. Errors: `usage`, `input-too-large` (stdin). */
export async function statementRequest(
  paths: readonly string[],
  flags: AttestFlags,
  terminal: Terminal,
): Promise<StatementRequest> {
  const { subject, since, adopt, tagPattern, path, input, out, builtCommit, reasoningLog } = flags
  const checksums =
    flags.checksums === '-' ? await readStandardInput(terminal, checksumsBytes, 'checksums') : flags.checksums
  if (since !== undefined) refuseTogether('--since', flags, { '--adopt': 'adopt', '--tag-pattern': 'tagPattern' })
  return {
    subjects: {
      paths,
      ...defined({ checksums, named: subject, fileNames: flags.subjectName }),
      ...(out === undefined ? {} : { except: [out] }),
    },
    ...defined({ since, adopt, tagPattern, folders: path, inputs: input, builtCommit, reasoningLog }),
    ...signersRequest(flags),
    ...remotesRequest(flags),
    ...transcriptsRequest(flags),
    ...portalRequest(flags),
    ...receiptsRequest(flags),
    worktree: flags.allowDirty === true ? 'allow-dirty' : 'clean',
    history: flags.allowShallow === true ? 'allow-shallow' : 'whole',
    ...signingRequest(flags),
    world: worldOf(terminal),
  }
}

/** More lines than a release has files; as much as the library reads of a file. */
export const checksumsBytes = 4 * 1024 * 1024

function signingRequest(flags: AttestFlags): SigningRequest {
  const { identityTokenFile, audience, trustIssuer, publishPrivate, retryBudget } = flags
  return defined({
    sigstore: sigstoreChoice(flags),
    identityTokenFile,
    audience,
    issuers: trustIssuer,
    publishPrivate,
    retryBudget: retryBudget === undefined ? undefined : milliseconds(retryBudget, '--retry-budget'),
  })
}

/** Error: `usage`. */
function outputRequest(flags: AttestFlags): OutputRequest {
  if (flags.overwrite === true) refuseTogether('--overwrite', flags, { '--append': 'append' })
  const whenPresent = flags.overwrite === true ? 'replace' : flags.append === true ? 'append' : 'refuse'
  return { ...defined({ path: flags.out }), whenPresent }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>
}

function show({ cwd }: Terminal, path: string): string {
  const short = relative(cwd, path)
  return short.startsWith('..') ? path : short
}

/** The value is the path; what was done, and the command that verifies it, is talk. */
function talk(attestation: Attestation, flags: AttestFlags, terminal: Terminal): void {
  const { subjects, signer, signedBefore, question, notes, changes, written = '' } = attestation
  for (const note of notes) say(terminal, `note: ${note}`)
  const path = unsteering(show(terminal, written))
  terminal.stdout.write(`${path}\n`)
  if (changes !== undefined) terminal.stdout.write(`${unsteering(show(terminal, changes.written))}\n`)
  const what = count(subjects.length, 'subject')
  say(terminal, signedBefore === true ? `${what} signed before, as ${signer}` : `signed ${what} as ${signer}`)
  say(terminal, sessionLine(attestation))
  if (flags.sigstore === 'local') say(terminal, 'note: the embedded Sigstore signed; that proves nothing to others')
  const sidecar = '.sigstore.json'
  // What tells changes is called by the artifact and more.
  const artifact =
    path.endsWith(sidecar) && flags.out === undefined && question.predicateType === undefined
      ? [path.slice(0, -sidecar.length)]
      : ['ARTIFACT', '--bundle', path]
  const asked = Object.entries(question).flatMap(([name, value]: [string, unknown]) => [
    `--${kebab(name)}`,
    ...(value === true ? [] : [String(value)]),
  ])
  const trust = flags.sigstore === 'public' ? [] : given(flags, ['sigstore', 'localState'])
  say(terminal, `verify with: ${shellCommand(['countersign', 'verify', ...artifact, ...trust, ...asked])}`)
}

/** Without a commit that was looked at, a count would read as an answer. */
function sessionLine({ sessions, commits, looked }: Attestation): string {
  if (!wereLookedFor(looked)) return 'AI sessions were not looked for'
  const unknown = commits.total - commits.claimed
  return `${sessionCount(sessions)} in ${commits.claimed} of ${count(commits.total, 'commit')}, ${unknown} unknown`
}

/** What decides how a statement is signed, and what has to be said again to sign it later. */
const signingFlags = [
  'sigstore',
  'localState',
  'identityTokenFile',
  'audience',
  'trustIssuer',
  'publishPrivate',
  'retryBudget',
  'builtCommit',
  'overwrite',
  'append',
] as const

/** The same error, with the command that signs all that was kept. */
function resumable(deferred: DeferredError, flags: AttestFlags, terminal: Terminal): CountersignError {
  const files = deferred.preparedAll.map((it) => show(terminal, it))
  const isAgain = flags.resume !== undefined
  // Each would take the place of the one before.
  const isShared = files.length > 1 && flags.out?.endsWith('.jsonl') === true
  const again: readonly (keyof AttestFlags)[] = isAgain ? [...signingFlags, 'out', 'resumeAttempt'] : signingFlags
  const asked = given(
    flags,
    again.filter((it) => !(isShared && it === 'overwrite')),
  )
  const outage = deferred.cause instanceof Error ? deferred.cause.message : deferred.message
  return new CountersignError(
    deferred.code,
    isAgain ? `${outage}; the unsigned statement is still kept in ${files.join(', ')}` : deferred.message,
    {
      option: 'prepared',
      hint: `sign ${files.length === 1 ? 'it' : 'them'} later, in this run, with: ${resumeCommand(files, asked)}`,
      cause: deferred,
    },
  )
}

/** Every flag ends the list of files. */
function resumeCommand(files: readonly string[], asked: readonly string[]): string {
  return shellCommand(['countersign', 'attest', '--resume', ...files, ...asked])
}

/** Flags as they were given, to be said again. */
function given(flags: AttestFlags, names: readonly (keyof AttestFlags)[]): string[] {
  return names.flatMap((name) =>
    [flags[name] ?? []].flat().flatMap((value) => [`--${kebab(name)}`, ...(value === true ? [] : [value])]),
  )
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
