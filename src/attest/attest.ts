/**
 * The attesting flow: subjects → token → source → AI sessions → statement, serialised once → signature → verified → written.
 * Nothing is signed before everything was collected, and nothing is written before the bundle was verified.
 */
import { CountersignError } from '../errors.ts'
import { isCi } from '../collect/ci/index.ts'
import { dispatchInputs } from '../collect/ci/dispatch-inputs.ts'
import type { DispatchInputs } from '../collect/ci/dispatch-inputs.ts'
import { resolveRange } from '../collect/git/history.ts'
import { openRepository } from '../collect/git/repository.ts'
import { readSource } from '../collect/git/source.ts'
import { collectSessions } from '../collect/sessions/index.ts'
import { collectSubjects } from '../collect/subjects/subjects.ts'
import type { CollectedSessions, Facts, Source, VerifiedToken } from '../model/facts.ts'
import { limits } from '../model/limits.ts'
import { statementTypeV1 } from '../model/statement.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { buildProvenance } from '../predicates/build-provenance.ts'
import { provenanceV1 } from '../predicates/provenance.ts'
import { rangeWords } from '../model/range-words.ts'
import { sidecarOf } from '../store/bundle-file.ts'
import { version } from '../version.ts'
import { outputOf } from './output.ts'
import type { Output } from './output.ts'
import type { Attestation, AttestRequest, OutputRequest, StatementRequest, UnsignedAttestation } from './request.ts'
import { deferred, refuseOtherCommit, refusePrivateToPublic, signAndWrite } from './sign-and-write.ts'
import type { SigningGoal } from './sign-and-write.ts'
import { openSigstore } from './sigstore.ts'

/**
 * Makes, signs and verifies one attestation, gives it back, and writes it where `out` says so. Errors: those of subjects
 * (`path-*`, `subject-*`, `glob-empty`, …), token (`identity-*`, `token-*`), git (`git-*`, `worktree-dirty`,
 * `history-shallow`, `revision-unknown`, `release-start-unknown`, `tag-pattern-invalid`, `commit-not-head`, `run-input-missing`), services (`service-*`, `trust-*`, `signing-service-missing`),
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
  return withStatement(request, request.out, async (made, goal) => {
    refusePrivateToPublic(request, goal)
    // 5. Sign, verify what came back as anybody would, write; where services are out, keep what was made.
    return signAndWrite(made, goal).catch(async (thrown: unknown) => {
      throw request.onOutage === 'defer' ? await deferred(thrown, made, goal) : thrown
    })
  })
}

/**
 * The same up to the signature: what would be signed, and by whom. Nothing leaves the machine but the request for a token.
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
  return withStatement(request, undefined, (made) => Promise.resolve(made))
}

async function withStatement<T>(
  request: StatementRequest,
  asked: OutputRequest | undefined,
  use: (made: UnsignedAttestation, goal: SigningGoal) => Promise<T>,
): Promise<T> {
  const world = worldOf(request.world)
  // 1. What is attested, and where the result goes: refused before any secret is asked for.
  const repository = await openRepository(world.cwd, { env: world.env })
  const { root } = repository
  const except = [...(request.subjects.except ?? []), ...(asked?.path === undefined ? [] : [asked.path])]
  const collected = await collectSubjects({ ...request.subjects, except }, { cwd: world.cwd, root })
  const { subjects, files } = collected
  const source = await readSource(repository, [
    ...files.flatMap(({ real }) => [real, sidecarOf(real)]),
    // What lies beside the artifacts comes of the build as they do.
    ...collected.leftOut,
  ])
  const out: Output | undefined =
    asked === undefined ? undefined : await outputOf(asked, { subjects, files, source, cwd: world.cwd, root })
  const dirty = refuseDirty(request, source, world)

  // 2. Who signs. A Sigstore at hand runs in this process until the end.
  const sigstore = await openSigstore(request, { root, source, world })
  try {
    const token = await sigstore.token()
    refuseOtherCommit(token, source)

    // 3. What the released range says of AI.
    const range = await resolveRange(repository, {
      until: source.commit,
      ref: token.identity.extensions.sourceRepositoryRef ?? source.ref,
      since: request.since,
      adopt: request.adopt,
      tagPattern: request.tagPattern,
      paths: request.folders,
      allowShallow: request.history === 'allow-shallow' ? 'record' : 'refuse',
    })
    const sessions = await collectSessions(repository, range)
    const inputs = await declaredInputs(request.inputs ?? [], token, world)
    const facts: Facts = {
      ...{ subjects, token, source: { ...source, dirty, shallow: range.cut }, sessions },
      inputs: inputs?.values,
    }

    // 4. The statement, serialised once: these bytes are signed, stored and verified.
    const made = statementOf(facts, inputs?.redacted ?? 0)
    return await use({ ...made, notes: [...collected.notes, ...made.notes] }, { sigstore, token, out, world })
  } finally {
    await sigstore.close()
  }
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

function statementOf(facts: Facts, redacted: number): UnsignedAttestation {
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
    notes: [...notesOf(facts), ...(redacted === 0 ? [] : [`${redacted} secrets in inputs were taken out`])],
  }
}

/** True if the work tree differs from HEAD by more than the artifacts; in CI that is refused unless it was asked for. */
function refuseDirty({ worktree }: StatementRequest, source: Source, world: World): boolean {
  if (source.dirty && isCi(world.env) && worktree !== 'allow-dirty') {
    throw new CountersignError(
      'worktree-dirty',
      'the work tree differs from the commit that the provenance would name',
      {
        option: 'worktree',
      },
    )
  }
  return source.dirty
}

function rangeNotes({ range, commits }: CollectedSessions): string[] {
  const { sinceName, base, paths } = range
  const words = rangeWords({
    ...range,
    ...(sinceName === undefined ? {} : { sinceName }),
    ...(base === undefined ? {} : { base }),
    paths: [...paths],
  })
  const count = commits.total === 0 ? 'empty, no commit' : commits.total === 1 ? '1 commit' : `${commits.total} commits`
  return [
    `the release is ${count} ${words}`,
    ...(range.cut ? ['sessions of commits that are not in the clone were not looked for'] : []),
  ]
}

function notesOf({ source, sessions }: Facts): string[] {
  return [
    ...(source.dirty ? ['the work tree is dirty, and the provenance says so'] : []),
    ...rangeNotes(sessions),
    ...sessions.readers
      .filter((it) => it.outcome === 'could-not-look')
      .map((it) => `the reader ${it.reader} could not look: ${it.detail ?? 'no reason given'}`),
    ...Object.entries(sessions.findingCounts).map(([code, count]) => `${count} records did not count: ${code}`),
  ]
}
