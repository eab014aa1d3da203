/** The flow that makes session records: transcripts → redacted, read → signed → a ref each → pushed. */
import { rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { CountersignError, option } from '../errors.ts'
import { readAiConfiguration } from '../collect/ai-configuration/read-ai-configuration.ts'
import { isCi } from '../collect/ci/index.ts'
import { commitOf, openRepository } from '../collect/git/repository.ts'
import type { Repository } from '../collect/git/repository.ts'
import { recordCardOf } from '../collect/session-records/card.ts'
import { namedHere, notedSessions } from '../collect/session-records/noted-sessions.ts'
import { pushRecords } from '../collect/session-records/push-records.ts'
import type { Pushed } from '../collect/session-records/push-records.ts'
import { readRecord } from '../collect/session-records/read-record.ts'
import { localSetting, signingKey } from '../collect/session-records/signing-key.ts'
import { writeRecord } from '../collect/session-records/write-record.ts'
import { placedFiles } from '../collect/transcripts/find-transcripts.ts'
import type { Surroundings } from '../collect/transcripts/find-transcripts.ts'
import { readEach } from '../collect/transcripts/reading-pool.ts'
import type { CollectedAiConfiguration } from '../model/ai-configuration.ts'
import type { ReadTranscript } from '../model/transcript.ts'
import { isFile, isFolder } from '../platform/files.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from '../platform/temporary-folder.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { redactedBefore } from './redacted-before.ts'
import { spokenOfRecord } from './record-statement.ts'
import type { SpokenOfRecord } from './record-statement.ts'
import { hasToken } from './sigstore.ts'
import type { SigningRequest } from './sigstore.ts'
import { signSpoken } from './spoken-statement.ts'

/**
 * @example
 * ```ts
 * import { recordSignatures } from 'countersign/attest'
 *
 * console.log(recordSignatures.includes('ssh')) // true
 * ```
 */
export const recordSignatures = ['ssh', 'sigstore', 'none'] as const

/** What is recorded, and who signs it. Relative paths start at the world's `cwd`. */
export interface RecordRequest extends SigningRequest {
  /** Files of transcripts, or folders with some. */
  readonly transcripts?: readonly string[]
  /** Also of those that hooks noted in this clone and that commits of it name. */
  readonly pending?: boolean
  /** Default: what `countersign.sign` says in the configuration of git, else `ssh`. */
  readonly sign?: (typeof recordSignatures)[number]
  /** Of `ssh`: a path, or `key::` and the key; default: `countersign.signingKey` of git, else `user.signingkey`. */
  readonly signingKey?: string
  /** Of `sigstore`: the address of whoever signs may stand in a public log, for ever. */
  readonly publishIdentity?: boolean
  /** Name or address of a remote that the records are sent to; `countersign.recordRemote` goes before a name. */
  readonly push?: string
  readonly world?: Partial<World>
}

/** One of them. */
export interface RecordedSession {
  /** SHA-256 of the redacted transcript. */
  readonly digest: string
  readonly tool: string
  readonly session: string
  readonly agent: string | undefined
  readonly redactions: number
  readonly outcome: 'made' | 'existed'
  readonly commit: string
  /** How it was signed just now; `none` where it existed before. */
  readonly signed: (typeof recordSignatures)[number]
  /** Under which identity, where a certificate says it. */
  readonly signer: string | undefined
}

export interface Recorded {
  readonly records: readonly RecordedSession[]
  /** Undefined where nothing was to be pushed. */
  readonly pushed: Pushed | undefined
  /** What was not recorded, and why: codes and counts. */
  readonly passedOver: readonly { readonly code: string; readonly detail: string }[]
  /** Records which say that something was taken out of a session that was recorded all the same: their signature counts for nobody here. */
  readonly notCounted: readonly { readonly digest: string; readonly tool: string; readonly session: string }[]
}

/**
 * Makes a record of each session that the transcripts name. What is there already stays as it is. Errors: `usage`, `path-missing`,
 * `record-none`, `record-key-missing`, `record-sign-failed`, `record-identity-public`, `record-ref-taken`, `record-push-failed`,
 * `git-no-repository`, `git-failed`, and those of signing.
 *
 * @example
 * ```ts
 * import { recordSessions } from 'countersign/attest'
 *
 * const { records } = await recordSessions({ pending: true, sign: 'none' })
 * console.log(records.length) // 0: no hook noted a session here
 * ```
 */
export async function recordSessions(request: RecordRequest): Promise<Recorded> {
  const world = worldOf(request.world)
  const { transcripts: named = [], pending = false } = request
  if (named.length === 0 && !pending) {
    throw new CountersignError('usage', 'nothing says which sessions are recorded', {
      option: 'transcripts',
      hint: `name transcripts (${option('transcripts')}), or take those that hooks noted (${option('pending')})`,
    })
  }
  const repository = await openRepository(world.cwd, world)
  for (const it of named) {
    const path = resolve(world.cwd, it)
    if ((await isFile(path)) || (await isFolder(path))) continue
    throw new CountersignError('path-missing', `${JSON.stringify(it)} is no file and no folder`, {
      option: 'transcripts',
    })
  }
  const waiting = pending ? await pendingSessions(repository) : new Map<string, ReadonlySet<string>>()
  // Each push asks: whoever has no key is told so where there is something to sign.
  if (named.length === 0 && waiting.size === 0)
    return { records: [], passedOver: [], notCounted: [], pushed: undefined }
  const signing = await openSigning(repository, request, world)
  const head = await commitOf(repository, 'HEAD')
  const steering = head === undefined ? undefined : await readAiConfiguration(repository, head)
  const configuration = steering !== undefined && 'configuration' in steering ? steering.configuration : undefined
  const around: Surroundings = {
    ...{ cwd: world.cwd, env: world.env, platform: world.platform },
    home: world.env['HOME'] ?? homedir(),
  }
  const before = await redactedBefore(repository, {
    world,
    sign: await signedAs(repository, request),
    signingKey: request.signingKey,
  })
  const passedOver: { code: string; detail: string }[] = []
  const records: RecordedSession[] = []
  const notCounted = new Map<string, Recorded['notCounted'][number]>()
  const staging = await makeTemporaryFolder('records')
  try {
    let at = 0
    const there: string[] = []
    for (const path of waiting.keys()) {
      if ((await isFile(path)) || (await isFolder(path))) there.push(path)
      else passedOver.push({ code: 'path-missing', detail: 'the transcript of a session that was noted' })
    }
    const stage = (): string => join(staging, String((at += 1)))
    const files = placedFiles({ named: [...named, ...there], areOwn: false }, around)
    for await (const { file, read, staged } of readEach(files, { stage })) {
      if (read === undefined || 'problem' in read) {
        if (file.from === 'file')
          passedOver.push({ code: read?.problem.code ?? 'transcript-unknown', detail: 'a file' })
        continue
      }
      const asked = namedBy(named, file.path, world.cwd) ? undefined : waitingFor(waiting, file.path)
      for (const it of read.transcripts) {
        const { session, tool } = it.session
        for (const { code, detail } of it.problems) passedOver.push({ code, detail })
        if (session === undefined || (asked !== undefined && !asked.has(`${tool}:${session}`))) continue
        const ofSession = { tool, session, digest: it.digest }
        if (before.isReplaced(ofSession) || (asked !== undefined && before.isByHand(ofSession))) {
          passedOver.push({ code: 'record-replaced', detail: `a redaction took something out of ${tool}:${session}` })
          continue
        }
        for (const digest of before.notCounted(ofSession)) {
          notCounted.set(`${digest} ${tool}:${session}`, { digest, tool, session })
        }
        records.push(await recordOne(repository, it, { file: basename(file.name), staged, configuration, signing }))
      }
      if (staged !== undefined) await rm(staged, { recursive: true, force: true })
    }
  } finally {
    await removeTemporaryFolder(staging)
  }
  const wasReplaced = passedOver.some(({ code }) => code === 'record-replaced')
  if (records.length === 0 && named.length > 0 && wasReplaced) {
    throw new CountersignError('record-none', 'what was named is the record that a redaction replaces', {
      option: 'transcripts',
      hint: 'take out of the transcript what the redaction took out, or, if it is of nobody who may redact, remove its ref (docs/records.md)',
    })
  }
  if (records.length === 0 && named.length > 0) {
    throw new CountersignError('record-none', 'no transcript that was named tells of a session', {
      option: 'transcripts',
    })
  }
  return {
    ...{ records, passedOver, notCounted: [...notCounted.values()] },
    pushed: await pushed(repository, request.push, records, world),
  }
}

function namedBy(named: readonly string[], path: string, cwd: string): boolean {
  return named.some((it) => path === resolve(cwd, it) || path.startsWith(`${resolve(cwd, it)}/`))
}

function waitingFor(waiting: ReadonlyMap<string, ReadonlySet<string>>, path: string): ReadonlySet<string> {
  return (
    waiting.get(path) ??
    new Set([...waiting].filter(([it]) => path.startsWith(`${it}/`)).flatMap(([, all]) => [...all]))
  )
}

/** Path of a transcript → the sessions that are looked for in it. */
async function pendingSessions(repository: Repository): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const noted = await notedSessions(repository)
  const here = await namedHere(repository, new Set(noted.map(({ tool, session }) => `${tool}:${session}`)))
  const paths = new Map<string, Set<string>>()
  for (const { tool, session, transcript } of noted) {
    const name = `${tool}:${session}`
    if (here.has(name)) paths.set(transcript, (paths.get(transcript) ?? new Set()).add(name))
  }
  return paths
}

type Signing = (
  digest: string,
  spoken: SpokenOfRecord,
) => Promise<{
  readonly kind: (typeof recordSignatures)[number]
  readonly key?: Awaited<ReturnType<typeof signingKey>>
  readonly bundle?: string
  /** What is in the bundle. */
  readonly statement?: string
  readonly signer?: string
}>

async function signedAs(
  { git }: Repository,
  { sign }: Pick<RecordRequest, 'sign'>,
): Promise<(typeof recordSignatures)[number]> {
  const configured = await localSetting(git, 'countersign.sign')
  return sign ?? recordSignatures.find((it) => it === configured) ?? 'ssh'
}

/** Before anything is read: nobody waits to learn of a slip. Errors: `record-key-missing`, `record-identity-public`. */
export async function openSigning(
  repository: Repository,
  request: Pick<RecordRequest, keyof SigningRequest | 'sign' | 'signingKey' | 'publishIdentity'>,
  world: World,
): Promise<Signing> {
  const kind = await signedAs(repository, request)
  if (kind === 'none') return () => Promise.resolve({ kind })
  if (kind === 'ssh') {
    const key = await signingKey(repository.git, request.signingKey, world.env)
    return () => Promise.resolve({ kind, key })
  }
  const mayPublish =
    request.publishIdentity ?? (await localSetting(repository.git, 'countersign.publishIdentity')) === 'true'
  if (!mayPublish) {
    throw new CountersignError(
      'record-identity-public',
      'whoever signs with Sigstore stands with name or address in its certificate, and that in a log which anybody can read, for ever',
      { option: 'publishIdentity' },
    )
  }
  return async (digest, spoken) => {
    refuseNobody(request, world)
    const { sigstore, identityTokenFile, audience, issuers, publishPrivate, retryBudget } = request
    const { bundle, signer, statement } = await signSpoken(
      {
        ...(sigstore === undefined ? {} : { sigstore }),
        ...(identityTokenFile === undefined ? {} : { identityTokenFile }),
        ...(audience === undefined ? {} : { audience }),
        ...(issuers === undefined ? {} : { issuers }),
        ...(publishPrivate === undefined ? {} : { publishPrivate }),
        ...(retryBudget === undefined ? {} : { retryBudget }),
        world,
      },
      {
        subjects: { named: [`record.jsonl=sha256:${digest}`] },
        ...spoken,
        names: { one: (it) => `${it}.sigstore.json`, several: (it) => `${it}.intoto.jsonl` },
      },
    )
    return { kind, bundle, signer, statement }
  }
}

/** Where no Sigstore is named that is at hand, a person has an identity by a token alone. Error: `identity-missing`. */
function refuseNobody(request: RecordRequest, world: World): void {
  if (request.sigstore?.kind === 'at-hand' || isCi(world.env) || hasToken(request, world)) return
  throw new CountersignError('identity-missing', 'no token says under whose name the record is signed', {
    option: 'identityTokenFile',
    hint: `put a fresh token of your identity provider, for the audience sigstore, into SIGSTORE_ID_TOKEN or a file (${option('identityTokenFile')}), or sign with your SSH key (${option('recordSigning')})`,
  })
}

interface RecordParts {
  readonly file: string
  readonly staged: string | undefined
  readonly configuration: CollectedAiConfiguration | undefined
  readonly signing: Signing
}

async function recordOne(
  repository: Repository,
  transcript: ReadTranscript,
  { file, staged, configuration, signing }: RecordParts,
): Promise<RecordedSession> {
  const { digest, redactions, session: told } = transcript
  const { tool, session = '', agent } = told
  const said = { digest, tool, session, agent, redactions }
  // Who signs with Sigstore writes into a log: for what is there already nobody is asked.
  const known = await readRecord(repository, digest).catch(() => undefined)
  if (known !== undefined)
    return { ...said, outcome: 'existed', commit: known.commit, signed: 'none', signer: undefined }
  const card = recordCardOf(transcript, { root: repository.root, file, configuration })
  const { kind, key, bundle, signer } = await signing(digest, spokenOfRecord(card))
  const { outcome, commit } = await writeRecord(repository, { card, path: join(staged ?? '', digest), key, bundle })
  return { ...said, outcome, commit, signed: outcome === 'made' ? kind : 'none', signer }
}

async function pushed(
  repository: Repository,
  remote: string | undefined,
  records: readonly RecordedSession[],
  { env }: World,
): Promise<Pushed | undefined> {
  if (remote === undefined || records.length === 0) return undefined
  const other = await localSetting(repository.git, 'countersign.recordRemote')
  return pushRecords(repository, other ?? remote, [...new Set(records.map((it) => it.digest))], env)
}
