/**
 * The attesting flow: subjects → token → source → AI sessions → statement, serialised once → signature → verified → written.
 * Nothing is signed before everything was collected, and nothing is written before the bundle was verified.
 */
import { resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import { isCi } from '../collect/ci/index.ts'
import { dispatchInputs } from '../collect/ci/dispatch-inputs.ts'
import type { DispatchInputs } from '../collect/ci/dispatch-inputs.ts'
import { requestsReader } from '../collect/change/walk.ts'
import { sessionReaders } from '../collect/sessions/readers/index.ts'
import { collectSubjects } from '../collect/subjects/subjects.ts'
import type { CollectedSubjects } from '../collect/subjects/subjects.ts'
import type { Change } from '../model/change.ts'
import type { ReleaseContext } from '../model/context.ts'
import type { Facts, Source, VerifiedToken } from '../model/facts.ts'
import type { IdentityKey } from '../model/person.ts'
import { limits } from '../model/limits.ts'
import type { VerifySource } from '../model/source-statement.ts'
import { notCollected } from '../model/not-collected.ts'
import { oneLine } from '../one-line.ts'
import { statementTypeV1 } from '../model/statement.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import type { Looked } from '../model/session-words.ts'
import { buildProvenance, readersOf } from '../predicates/build-provenance.ts'
import { certifiedRepository } from '../predicates/build-change-provenance.ts'
import { changeProvenanceV1 } from '../predicates/change-provenance.ts'
import { provenanceV1 } from '../predicates/provenance.ts'
import { sidecarOf } from '../store/bundle-file.ts'
import { version } from '../version.ts'
import { openCheckout, refuseOtherCommit, refuseWithoutCheckout } from './checkout.ts'
import type { Checkout } from './checkout.ts'
import { signOrKeep } from './deferred.ts'
import type { Pending } from './deferred.ts'
import { inputNotes, notesOf } from './notes.ts'
import { changeStatementOf, identityKeyOf } from './change-statement.ts'
import { outputAt, outputOf, outputsOf, realPlace, refuseSubject } from './output.ts'
import type { Placing } from './output.ts'
import { askedPortal } from './portal.ts'
import { askedReceipts } from './receipts.ts'
import { collectReleased } from './released-range.ts'
import type { ReleasedChanges, ReleasedOptions } from './released-range.ts'
import type {
  Attestation,
  AttestRequest,
  ChangesAttestation,
  StatementRequest,
  UnsignedAttestation,
} from './request.ts'
import { askedSigners, signersUnder } from './signer-keys.ts'
import { refuseOther, refusePrivateToPublic } from './sign-and-write.ts'
import type { SigningGoal } from './sign-and-write.ts'
import { hasToken, openSigstore } from './sigstore.ts'
import { attestedRepository, sourceRoots } from './source-roots.ts'
import { askedReasoningLog } from './signed-reasoning.ts'
import { sourceVerifier } from './source-statements.ts'

/**
 * Makes, signs and verifies one attestation, gives it back, and writes it where `out` says so. Errors: those of subjects
 * (`path-*`, `subject-*`, `glob-empty`, …), token (`identity-*`, `token-*`), git (`git-*`, `worktree-dirty`,
 * `config-malformed`, `config-refused`, `history-shallow`, `revision-unknown`, `release-start-unknown`, `tag-pattern-invalid`, `commit-not-head`, `run-input-missing`), services (`service-*`, `trust-*`, `signing-service-missing`),
 * `private-to-public-log`, `bundle-not-verifiable`, `output-exists`, `output-failed`.
 *
 * @example
 * ```ts
 * import { attest } from 'countersign/attest'
 * import { embeddedSigstore } from 'countersign/embedded'
 *
 * const { bundle, written } = await attest({
 *   subjects: { paths: ['dist/*.tgz'] },
 *   sigstore: embeddedSigstore(), // leave it out in CI: public-good Sigstore signs under the job's identity
 *   out: { path: 'app.sigstore.json', whenPresent: 'replace' }, // leave it out: nothing is written
 * })
 * console.log(JSON.parse(bundle).mediaType, written)
 * ```
 */
export async function attest(request: AttestRequest): Promise<Attestation> {
  const { out: asked } = request
  const place = async (placing: Placing): Promise<Places<SigningGoal['out']>> => {
    const out = asked === undefined ? undefined : await outputOf(asked, placing)
    return { out, changes: await changesOutput(request, placing, [out]) }
  }
  return withFacts(request, place, async (work, { out, changes: changesOut }) => {
    const goal = { ...work, out }
    refusePrivateToPublic(request, goal)
    // What tells the changes is signed first: the provenance names its bytes. Both are made before either is signed.
    const changes = changesOf(work, changesOut)
    const made = statementOf(withChanges(work.facts, changes), [...work.notes, ...(changes?.notes ?? [])])
    // 5. Sign, verify what came back as anybody would, write; where services are out, keep what was made.
    const own: Pending = { make: () => made, goal }
    refuseOther(own.make, goal)
    const told = changes === undefined ? {} : await signChanges(changes, [own], request)
    return { ...(await signOrKeep([own], request.onOutage)), ...told }
  })
}

/**
 * One attestation for each subject, from one look at token, source and sessions, as they are made: what was written before an
 * error stays. `out` may be a folder, or a `.jsonl` for all of them. After an outage with `onOutage` `defer` the rest is kept
 * without being tried, and the `DeferredError` names every file. Errors: those of `attest`.
 *
 * @example
 * ```ts
 * import { attestEach } from 'countersign/attest'
 * import { embeddedSigstore } from 'countersign/embedded'
 *
 * const subjects = { paths: ['dist/*.tgz'] }
 * const out = { path: 'each.jsonl', whenPresent: 'replace' } as const // leave `path` out: a sidecar beside each file
 * for await (const one of attestEach({ subjects, sigstore: embeddedSigstore(), out })) {
 *   console.log(one.subjects[0]?.name, one.written)
 * }
 * ```
 */
export async function* attestEach(request: AttestRequest): AsyncGenerator<Attestation, void, undefined> {
  const { out: asked } = request
  const place = async (placing: Placing): Promise<Places<readonly SigningGoal['out'][]>> => {
    const out = asked === undefined ? placing.subjects.map(() => undefined) : await outputsOf(asked, placing)
    return { out, changes: await changesOutput(request, placing, out) }
  }
  const opened = await openWork(request, place)
  const { work } = opened
  const { out: outs, changes: changesOut } = opened.out
  try {
    refusePrivateToPublic(request, { ...work, out: undefined })
    const changes = changesOf(work, changesOut)
    const facts = withChanges(work.facts, changes)
    const notes = [...work.notes, ...(changes?.notes ?? [])]
    const pending = work.facts.subjects.map((subject, index): Pending => {
      const make = (): UnsignedAttestation => statementOf({ ...facts, subjects: [subject] }, notes)
      return { make, goal: { ...work, out: outs[index] } }
    })
    for (const { make, goal } of pending) refuseOther(make, goal)
    const told = changes === undefined ? {} : await signChanges(changes, pending, request)
    for (const [index, one] of pending.entries()) {
      yield { ...(await signOrKeep([one, ...pending.slice(index + 1)], request.onOutage)), ...told }
    }
  } finally {
    await opened.close()
  }
}

/**
 * The same up to the signature: what would be signed, and who would sign. Nothing leaves the machine but the request for a token, and a
 * question to the remote, whether it has notes or tags that the clone has not.
 *
 * @example
 * ```ts
 * import { buildStatement } from 'countersign/attest'
 * import { embeddedSigstore } from 'countersign/embedded'
 *
 * const { statement, sessions } = await buildStatement({
 *   subjects: { paths: ['dist/app.tgz'] },
 *   sigstore: embeddedSigstore(),
 * })
 * console.log(JSON.parse(statement).predicateType, sessions.length)
 * ```
 */
export async function buildStatement(request: StatementRequest): Promise<UnsignedAttestation> {
  return withFacts(
    request,
    () => Promise.resolve(undefined),
    ({ facts, notes }) => Promise.resolve(statementOf(facts, notes)),
  )
}

/** Where the bundles go. */
interface Places<O> {
  readonly out: O
  readonly changes: SigningGoal['out']
}

/** Errors: those of `outputAt`, `usage` (the place of a subject, or of the provenance). */
async function changesOutput(
  { changes }: AttestRequest,
  placing: Placing,
  others: readonly SigningGoal['out'][],
): Promise<SigningGoal['out']> {
  if (changes === undefined) return undefined
  const path = resolve(placing.cwd, changes.path)
  const places = await Promise.all([path, ...others.flatMap((it) => it?.path ?? [])].map(realPlace))
  if (places.slice(1).some((it) => it === places[0])) {
    throw new CountersignError('usage', `the provenance and the changes would both be written to ${path}`, {
      option: 'changes',
    })
  }
  await refuseSubject(path, placing.files)
  return outputAt(path, changes, placing)
}

interface UnsignedChanges {
  readonly pending: Pending
  /** SHA-256 of the statement. */
  readonly digest: string
  readonly path: string
  readonly notes: readonly string[]
}

/** Undefined where none are asked for. Errors: `statement-too-large`, `git-no-repository` (nobody looked at commits). */
function changesOf(work: Work, out: SigningGoal['out']): UnsignedChanges | undefined {
  if (out === undefined) return undefined
  const { identityKey, changes, context, facts } = work
  const { subjects, sessions, token } = facts
  if (identityKey === undefined || sessions.range.reason === 'not-collected') {
    throw new CountersignError('git-no-repository', 'there is no checkout, so no changes can be told', {
      option: 'changes',
    })
  }
  const { statement, digest, notes } = changeStatementOf(
    { subjects, sessions, repository: certifiedRepository(token) },
    changes,
    identityKey,
    context,
  )
  const made = {
    ...{ statement, subjects, sessions: sessions.sessions, commits: sessions.commits, notes: [] },
    ...{ signer: token.identity.subjectAlternativeName.value, looked: lookedIn(work.facts) },
  }
  const goal = { ...work, out, predicateType: changeProvenanceV1 }
  return { pending: { make: () => made, goal }, digest, path: out.path, notes }
}

/** Where services are out for it, the provenances that name it are kept with it: alone they would name what nobody has. */
async function signChanges(
  { pending, digest, path }: UnsignedChanges,
  naming: readonly Pending[],
  { onOutage }: AttestRequest,
): Promise<{ changes: ChangesAttestation }> {
  const { bundle } = await signOrKeep([pending, ...naming], onOutage)
  return { changes: { bundle, digest, written: path } }
}

function withChanges(facts: Facts, changes: UnsignedChanges | undefined): Facts {
  return changes === undefined ? facts : { ...facts, changeStatement: changes.digest }
}

/** Everything that is known before anything is signed. */
interface Work extends Omit<SigningGoal, 'out'> {
  readonly facts: Facts
  /** Under which people are hashed, in both statements. */
  readonly identityKey: IdentityKey | undefined
  readonly changes: readonly Change[]
  /** Undefined where no changes are told. */
  readonly context: ReleaseContext | undefined
  /** Things to know that are no errors, a line each. */
  readonly notes: readonly string[]
}

async function withFacts<O extends Placed, T>(
  request: StatementRequest,
  place: (placing: Placing) => Promise<O>,
  use: (work: Work, out: O) => Promise<T>,
): Promise<T> {
  const { work, out, close } = await openWork(request, place)
  try {
    return await use(work, out)
  } finally {
    await close()
  }
}

type Placed = Places<SigningGoal['out'] | readonly SigningGoal['out'][]> | undefined

interface OpenWork<O> {
  readonly work: Work
  readonly out: O
  readonly close: () => Promise<void>
}

async function openWork<O extends Placed>(
  request: Request,
  place: (placing: Placing) => Promise<O>,
): Promise<OpenWork<O>> {
  const world = worldOf(request.world)
  // 1. What is attested, and where the result goes: refused before any secret is asked for.
  const checkout = await openCheckout(world)
  if (checkout === undefined) refuseWithoutCheckout(request, world)
  const asked = await askedSigners(request, world)
  const root = checkout?.repository.root ?? world.cwd
  const receipts = await askedReceipts(request, root, world)
  const portalFor = await askedPortal(request, root, world)
  const reasoning = await askedReasoningLog(request, root, world)
  const collected = await subjectsOf(request, root, world)
  const { subjects, files } = collected
  const remote = async (): Promise<string | undefined> => checkout?.remote()
  const out = await place({ subjects, files, remote, cwd: world.cwd, root })
  world.progress('comparing the work tree with its commit', 'step')
  const source = await checkout?.read(
    [
      ...files.flatMap(({ real }) => [real, sidecarOf(real)]),
      // What lies beside the artifacts comes of the build as they do.
      ...collected.leftOut,
      ...(reasoning === undefined ? [] : [reasoning.real]),
    ],
    await outputsIn(request, out, world),
  )
  if (source !== undefined) refuseDirty(request, source, world)

  // 2. Who signs. A Sigstore at hand runs in this process until the end.
  const sigstore = await openSigstore(request, { root, source, world })
  try {
    const token = await sigstore.token()
    await refuseOtherCommit(token, checkout, source, request.builtCommit)

    // 3. What the released range says of AI.
    const isLocal = sigstore.kind === 'at-hand'
    const roots = sourceRoots(sigstore.kind === 'public' ? undefined : () => sigstore.trust(), world)
    const attested = attestedRepository(token, source)
    const looking: Looking = {
      ...{ world, isLocal, verifySource: sourceVerifier(attested, roots), signers: await signersUnder(asked, roots) },
      receipts: receipts?.({ repository: attested.url, asks: true }),
      portal: portalFor?.(attested.url),
    }
    const { sessions, changes, context, identityKey } = await sessionsOf(request, token, checkout, source, looking)
    const inputs = await declaredInputs(request.inputs ?? [], token, world)
    const { cut } = sessions.range
    const facts: Facts = {
      ...{ subjects, token, sessions },
      source: source === undefined ? undefined : { ...source, shallow: cut },
      inputs: inputs?.values,
      reasoningLog: reasoning?.log,
    }
    const notes = [...collected.notes, ...notesOf(facts), ...inputNotes(inputs?.redacted ?? 0)]
    return {
      work: { facts, changes, context, notes, sigstore, token, world, identityKey },
      out,
      close: () => sigstore.close(),
    }
  } catch (thrown) {
    await sigstore.close()
    throw thrown
  }
}

/** Where attestations of this run go; to print what would be signed says the same as to sign it. */
async function outputsIn({ out }: Request, placed: Placed, { cwd }: World): Promise<readonly string[]> {
  const asked = out?.path === undefined ? [] : [resolve(cwd, out.path)]
  const outputs = [placed?.out, placed?.changes].flat().flatMap((it) => it?.path ?? [])
  return Promise.all([...asked, ...outputs].map(realPlace))
}

/** The output of this run is no subject of it. */
type Request = StatementRequest & { readonly out?: { readonly path?: string } }

function subjectsOf({ subjects, out }: Request, root: string, world: World): Promise<CollectedSubjects> {
  const except = [...(subjects.except ?? []), ...(out?.path === undefined ? [] : [out.path])]
  const hashing = (name: string, bytes: number, size: number): void =>
    world.progress(`hashing ${name}: ${Math.floor((100 * bytes) / size)} %`, 'step')
  return collectSubjects({ ...subjects, except }, { cwd: world.cwd, root, hashing })
}

interface Looking {
  readonly world: World
  /** The embedded Sigstore needs no network, and so asks nobody. */
  readonly isLocal: boolean
  readonly verifySource: VerifySource
  readonly signers: Awaited<ReturnType<typeof signersUnder>>
  readonly receipts: ReleasedOptions['receipts']
  readonly portal: ReleasedOptions['portal']
}

async function sessionsOf(
  request: StatementRequest,
  token: VerifiedToken,
  checkout: Checkout | undefined,
  source: Source | undefined,
  { world, isLocal, verifySource, signers, receipts, portal }: Looking,
): Promise<ReleasedChanges> {
  const { sourceRepositoryRef, sourceRepositoryDigest: commit } = token.identity.extensions
  if (checkout === undefined || source === undefined) {
    const readers = [...sessionReaders.map((it) => it.id), requestsReader]
    return { sessions: notCollected(commit ?? '', readers), changes: [], identityKey: undefined, context: undefined }
  }
  const end = { commit: source.commit, ref: sourceRepositoryRef ?? source.ref, remote: source.remote }
  // Where changes are told, they are told with all that is known of them.
  const isTold = (request as AttestRequest).changes !== undefined
  const options: ReleasedOptions = {
    ...{ lines: isTold ? 'all' : 'said', changes: isTold ? 'told' : 'none' },
    ...{ context: isTold ? 'read' : undefined, verifySource, ...signers, receipts, portal },
    identityKey: keyOfPeople(request, checkout.repository.root, world),
  }
  return collectReleased(checkout.repository, request, { ...end, asksRemote: !isLocal }, world, options)
}

/**
 * Only a statement of changes tells of people, and what the provenance beside it says of them is under the same key: alone it says
 * nothing of them, and comes out the same, to the byte, when the step is repeated.
 */
function keyOfPeople(request: Request, root: string, world: World): ReleasedOptions['identityKey'] {
  const { changes, identityKeyFile } = request as Partial<AttestRequest>
  if (changes === undefined) return undefined
  return (config) => identityKeyOf(identityKeyFile, config?.identityKey, root, world)
}

/** What started the run is said by the token, not by the environment. Errors: `run-input-missing`, and those of the event file. */
async function declaredInputs(
  names: readonly string[],
  { identity }: VerifiedToken,
  world: World,
): Promise<DispatchInputs | undefined> {
  if (names.length === 0) return undefined
  if (identity.extensions.buildTrigger !== 'workflow_dispatch') {
    throw new CountersignError('run-input-missing', 'the token says that no person started this run', {
      option: 'inputs',
    })
  }
  return dispatchInputs(names, world)
}

/** 4. The statement, serialised once: these bytes are signed, stored and verified. */
function statementOf(facts: Facts, notes: readonly string[]): UnsignedAttestation {
  const { subjects, token, sessions } = facts
  const statement = JSON.stringify({
    _type: statementTypeV1,
    subject: subjects,
    predicateType: provenanceV1,
    predicate: buildProvenance(facts, version),
  })
  if (Buffer.byteLength(statement) > limits.statementBytes) {
    throw new CountersignError('statement-too-large', 'the statement is larger than Sigstore clients accept')
  }
  return {
    statement,
    subjects,
    signer: token.identity.subjectAlternativeName.value,
    sessions: sessions.sessions,
    commits: sessions.commits,
    looked: lookedIn(facts),
    notes,
  }
}

function lookedIn(facts: Facts): Looked {
  const { reason, cut } = facts.sessions.range
  return { range: { reason, cut }, readers: readersOf(facts) }
}

/**
 * A changed file is refused unless that was asked for, whatever the job runs at: a CI that nobody listed shows only by its token.
 * Recorded alone for a trial at a workstation, whose signature proves nothing to others. Error: `worktree-dirty`.
 */
function refuseDirty(request: StatementRequest, { dirty, changed, changedCount }: Source, world: World): void {
  const isTrial = request.sigstore?.kind === 'at-hand' && !isCi(world.env) && !hasToken(request, world)
  if (!dirty || isTrial || request.worktree === 'allow-dirty') return
  const named = changed.length === 0 ? '' : `: ${changed.map((it) => oneLine(it).slice(0, 150)).join(', ')}`
  const rest = changedCount > changed.length ? ` and ${changedCount - changed.length} more` : ''
  throw new CountersignError(
    'worktree-dirty',
    `the work tree differs from the commit that the provenance would name${named}${rest}`,
    { option: 'worktree' },
  )
}
