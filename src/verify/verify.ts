/**
 * The verifying flow over files: trust → the artifact's bundles, named or beside it → digest → signature, statement, question →
 * verdict. For bytes at hand, and many of them, there is `openVerifier` (`verifier.ts`).
 */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { CountersignError, attempt, attemptAsync } from '../errors.ts'
import type { ArtifactInput } from '../model/artifact.ts'
import type { Evidence } from '../model/evidence.ts'
import { refuseOtherTrust } from '../model/trust-kind.ts'
import type { TrustSource } from '../model/trust-source.ts'
import type { Verdict } from '../model/verdict.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { policyQuestions } from '../policy/policy-questions.ts'
import { parseQuestion } from '../policy/question.ts'
import { gatherTrust, openTrusts } from '../sigstore/trust/source.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import { indexBundleFile } from '../store/bundle-index.ts'
import type { BundleIndex } from '../store/bundle-index.ts'
import { askedBy } from './asking.ts'
import type * as PreviousRelease from './previous-release.ts'
import type { BulkRequest, JudgeRequest, Roots } from './asking.ts'
import { indexBeside, indexInput, newSurroundings } from './candidates.ts'
import { refuseAddress } from './find-artifacts.ts'
import type { Judgement } from './judge.ts'
import { evidenceOf, judgeArtifact } from './verifier.ts'

/** The same for one artifact. */
export type VerifyRequest = BulkRequest & {
  /** A path, or an artifact in any form. */
  readonly artifact: string | ArtifactInput
}

/**
 * Evidence for the artifact, or an exception: `VerificationError` unless the verdict is pass, `CountersignError` for a question
 * that cannot be asked.
 *
 * @example
 * ```ts
 * import { verify } from 'countersign'
 *
 * const { statements } = await verify({
 *   artifact: 'dist/app.tgz',
 *   trust: { kind: 'file', path: 'trusted_root.json' },
 *   question: {
 *     signer: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.1.0',
 *     issuer: 'https://oidc.countersign.localhost',
 *     source: 'https://github.com/acme/widget',
 *   },
 * })
 * for (const { predicate } of statements) if (predicate.kind === 'build-provenance') console.log(predicate.sessions)
 * ```
 */
export async function verify(request: VerifyRequest): Promise<Evidence> {
  return evidenceOf(await examine(request))
}

/**
 * The verdict for one artifact. Does not throw for a "no", for unreadable input or unusable trust; throws for a question that
 * cannot be asked (`question-*`, `pattern-invalid`, `usage`), because then nothing was asked.
 *
 * @example
 * ```ts
 * import { judge } from 'countersign'
 *
 * const verdict = await judge({
 *   artifact: 'dist/app.tgz', // its bundle lies beside it
 *   trust: { kind: 'file', path: 'trusted_root.json' },
 *   question: { repo: 'acme/other', workflow: 'release.yml' },
 * })
 * for (const { checks } of verdict.attestations) {
 *   for (const it of checks) if (it.outcome === 'fail') console.log(it.rule, it.code, it.differs?.part)
 * }
 * ```
 */
export async function judge(request: VerifyRequest): Promise<Verdict> {
  return (await examine(request)).verdict
}

/** The same with what was looked at. */
export async function examine(request: VerifyRequest): Promise<Judgement> {
  const world = worldOf(request.world)
  const gather = gatherOnce(request, world)
  const asked = await askedBy(request, gather, world)
  const roots = await gather()
  return openJudge(asked, roots, world.cwd)(request.artifact)
}

/** Fetched once, when it is first needed: what cannot be asked is refused before. */
export function gatherOnce({ trust }: BulkRequest, world: World): () => Promise<Roots> {
  // What is no source is a wrong question, and not an answer that nobody could give.
  if (trust !== undefined) refuseOtherTrust(trust)
  let roots: Promise<Roots> | undefined
  return () => (roots ??= attemptAsync(() => gatherTrust(trust ?? publicTrust, world)))
}

const publicTrust: TrustSource = { kind: 'public' }

/** From this many artifacts on, the cores are worth a worker each: one takes some 50 ms to start. */
const worthWorkers = 200

/**
 * Verdicts for many artifacts under one question and one trust, in the order given; a named file of bundles is read once. Many
 * artifacts are spread over the cores (`workers`, default one a core), with the same verdicts. Throws as `judge` does.
 *
 * @example
 * ```ts
 * import { judgeAll } from 'countersign/verify'
 *
 * const trust = { kind: 'file', path: 'trusted_root.json' } as const
 * const question = { signer: '*@acme.example', issuer: 'https://accounts.acme.example', anySource: true } as const
 * for await (const verdict of judgeAll(['dist/app.tgz', 'README'], { trust, question })) {
 *   console.log(verdict.artifact.name, verdict.outcome)
 * }
 * ```
 */
export async function* judgeAll(
  artifacts: readonly (string | ArtifactInput)[],
  request: BulkRequest,
  workers: number = availableParallelism(),
): AsyncGenerator<Verdict> {
  const world = worldOf(request.world)
  const gather = gatherOnce(request, world)
  const asked = await askedBy(request, gather, world)
  const roots = await gather()
  if (
    !(roots instanceof CountersignError) &&
    artifacts.length >= worthWorkers &&
    workers > 1 &&
    artifacts.every(canTravel)
  ) {
    const { judgeInWorkers } = await import('./pool.ts')
    // Plain data alone: neither a clock nor a network can be handed to another thread, and none is needed there.
    const start = { request: asked, roots, cwd: world.cwd }
    yield* judgeInWorkers(artifacts, start, workers)
    return
  }
  const judge = openJudge(asked, roots, world.cwd)
  for (const artifact of artifacts) yield (await judge(artifact)).verdict
}

/** A stream can be read only where it is; all else is plain data. */
function canTravel(artifact: string | ArtifactInput): boolean {
  return typeof artifact === 'string' || !('stream' in artifact)
}

/**
 * A judge of artifacts: trusted roots are opened and a named file of bundles is read once, at the first artifact. `roots` may
 * be the reason why there are none.
 */
export function openJudge(
  request: JudgeRequest,
  roots: Roots,
  cwd: string,
): (artifact: string | ArtifactInput) => Promise<Judgement> {
  const { policy, now = '' } = request
  const questions = policy === undefined ? undefined : policyQuestions(policy, request.question)
  const question = questions?.[0] ?? parseQuestion(request.question ?? {})
  const asked = policy === undefined || questions === undefined ? undefined : { policy, questions, now }
  const trusts = roots instanceof CountersignError ? roots : attempt(() => openTrusts(roots))
  const { bundle } = request
  let named: Promise<readonly BundleIndex[]> | undefined
  const surroundings = newSurroundings()
  const { previous: given } = request
  let before: Promise<PreviousRelease.ReleaseBefore> | undefined
  const previous =
    given === undefined || policy === undefined
      ? undefined
      : (trusts: readonly Trust[]) =>
          (before ??= openPrevious(given, { policy, question: request.question }, trusts, cwd))
  const find = (artifact: ArtifactInput): Promise<readonly BundleIndex[]> => {
    if (bundle === undefined) return indexBeside(artifact, cwd, surroundings)
    return (named ??= typeof bundle === 'string' ? indexNamed(bundle, cwd) : indexInput(bundle))
  }
  return (artifact) =>
    judgeArtifact(typeof artifact === 'string' ? { path: artifact } : artifact, {
      question,
      policy: asked,
      previous,
      trusts,
      cwd,
      find,
    })
}

/** Loaded where there is one. Errors: those of `previousRelease`. */
async function openPrevious(
  ...given: Parameters<typeof PreviousRelease.previousRelease>
): Promise<PreviousRelease.ReleaseBefore> {
  return (await import('./previous-release.ts')).previousRelease(...given)
}

/** Errors: `usage` (something that would have to be fetched), those of an index. */
async function indexNamed(named: string, cwd: string): Promise<readonly BundleIndex[]> {
  try {
    return [await indexBundleFile(resolve(cwd, named))]
  } catch (thrown) {
    if (!(thrown instanceof CountersignError) || thrown.code !== 'path-missing') throw thrown
    refuseAddress(named, 'bundle')
    throw new CountersignError('path-missing', `the bundle ${JSON.stringify(named)} does not exist`, {
      option: 'bundle',
      hint: 'without a name, what lies beside each artifact is taken',
    })
  }
}
