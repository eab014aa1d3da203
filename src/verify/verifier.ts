/** A verifier that holds its trusted roots: bundles and artifacts in, verdicts out. It touches nothing that it is not given. */
import { CountersignError } from '../errors.ts'
import type { ArtifactInput } from '../model/artifact.ts'
import type { DigestAlgorithm } from '../model/digest.ts'
import type { Evidence } from '../model/evidence.ts'
import type { Question, QuestionOptions } from '../model/question.ts'
import type { TrustSource } from '../model/trust-source.ts'
import { decidingChecks, failedChecks } from '../model/verdict.ts'
import type { FailedCheck, Verdict } from '../model/verdict.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { parseQuestion } from '../policy/question.ts'
import { gatherTrust, openTrusts } from '../sigstore/trust/source.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import { readKey } from '../sigstore/verify/verify-bundle.ts'
import type { BundleIndex } from '../store/bundle-index.ts'
import { digestsOf, nameOf, refuseLinkOut } from './artifact.ts'
import { algorithmsIn, candidatesFor, indexInput } from './candidates.ts'
import type { BundleInput } from './candidates.ts'
import type { AskedPolicy } from './judge-policy.ts'
import { judgeCandidates, undecided } from './judge.ts'
import type { Draft, Judgement } from './judge.ts'
import type { ReleaseBefore } from './previous-release.ts'

/**
 * A verdict that is not pass, thrown by `verify`. `code` is that of the first check that failed.
 *
 * @example
 * ```ts
 * import { VerificationError, verify } from 'countersign'
 *
 * const question = { repo: 'acme/other' }
 * const trust = { kind: 'file', path: 'trusted_root.json' } as const
 * await verify({ artifact: 'dist/app.tgz', trust, question }).catch((error: unknown) => {
 *   if (!(error instanceof VerificationError)) throw error
 *   console.log(error.code, error.verdict.outcome) // issuer-mismatch fail
 * })
 * ```
 */
export class VerificationError extends CountersignError {
  readonly verdict: Verdict

  constructor(verdict: Verdict) {
    const [failed] = failedChecks(decidingChecks(verdict))
    const failure = verdict.outcome === 'pass' ? undefined : verdict.failure
    const code = failure?.code ?? failed?.code ?? 'internal'
    const message = failure?.message ?? `${failed?.rule ?? 'verification'} failed${differenceOf(failed)}`
    const hint = failure === undefined ? failed?.note : failure.hint
    super(code, `${verdict.artifact.name}: ${message}`, {
      ...(hint === undefined ? {} : { hint }),
      ...(failed?.differs === undefined ? {} : { option: failed.differs.option }),
      ...(failed?.expected === undefined ? {} : { expected: failed.expected }),
      ...(failed?.found === undefined ? {} : { found: failed.found }),
    })
    this.verdict = verdict
  }
}

function differenceOf({ expected, found }: Partial<Pick<FailedCheck, 'expected' | 'found'>> = {}): string {
  return [expected === undefined ? '' : `: expected ${expected}`, found === undefined ? '' : `, found ${found}`].join(
    '',
  )
}

export interface VerifierOptions {
  /** Whose signatures count. Of several roots, a bundle must hold under one as a whole. */
  readonly trust: TrustSource
  /** Parts of the world to use in place of the process's own: clock, network, folders. */
  readonly world?: Partial<World>
}

export interface Verifier {
  /** Where each trusted root came from, in words. */
  readonly trust: readonly string[]
  /**
   * The verdict for one artifact. Does not throw for a "no" or for unreadable input; throws for a question that cannot be
   * asked (`question-*`, `pattern-invalid`, `usage`), because then nothing was asked.
   */
  judge(bundle: BundleInput, artifact: ArtifactInput, question: QuestionOptions): Promise<Verdict>
  /** Evidence for the artifact; throws a `VerificationError` unless the verdict is pass, else as `judge` does. */
  verify(bundle: BundleInput, artifact: ArtifactInput, question: QuestionOptions): Promise<Evidence>
}

/**
 * Loads trust once, for any number of verifications. Errors: those of the source of trust (`trust-*`, `trusted-root-*`,
 * `path-*`, `input-*`, `json-*`, `local-state-*`).
 *
 * @example
 * ```ts
 * import { openVerifier } from 'countersign/verify'
 * import { readFile } from 'node:fs/promises'
 *
 * const verifier = await openVerifier({ trust: { kind: 'file', path: 'trusted_root.json' } })
 * const bundle = await readFile('dist/app.tgz.sigstore.json')
 * const verdict = await verifier.judge(bundle, { path: 'dist/app.tgz' }, {
 *   signer: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.1.0',
 *   issuer: 'https://oidc.countersign.localhost',
 *   source: 'https://github.com/acme/widget',
 * })
 * if (verdict.outcome !== 'pass') throw new Error('do not release this')
 * ```
 */
export async function openVerifier({ trust, world }: VerifierOptions): Promise<Verifier> {
  const whole = worldOf(world)
  const trusts = openTrusts(await gatherTrust(trust, whole))
  const examine = (bundle: BundleInput, artifact: ArtifactInput, asked: QuestionOptions): Promise<Judgement> =>
    judgeArtifact(artifact, { question: parseQuestion(asked), trusts, cwd: whole.cwd, find: () => indexInput(bundle) })
  return {
    trust: trusts.map((it) => it.origin),
    judge: async (...asked) => (await examine(...asked)).verdict,
    verify: async (...asked) => evidenceOf(await examine(...asked)),
  }
}

/** Evidence, or a `VerificationError`. */
export function evidenceOf({ verdict, evidence }: Judgement): Evidence {
  if (verdict.outcome !== 'pass' || evidence === undefined) throw new VerificationError(verdict)
  return evidence
}

/** What one artifact is judged by. */
export interface Hearing {
  /** Of a policy, the first of its questions. */
  readonly question: Question
  readonly policy?: AskedPolicy | undefined
  /** Provenance of the release before, where it was given. */
  readonly previous?: ((trusts: readonly Trust[]) => Promise<ReleaseBefore>) | undefined
  /** The trusted roots, or why there are none; then every verdict is undecided and says so. */
  readonly trusts: readonly Trust[] | CountersignError
  readonly cwd: string
  /** Finds the bundles for an artifact. */
  readonly find: (artifact: ArtifactInput) => Promise<readonly BundleIndex[]>
}

/** One artifact → its verdict. Every failure that is ours becomes a verdict that is not pass. */
export async function judgeArtifact(
  artifact: ArtifactInput,
  { question, policy, previous, trusts, cwd, find }: Hearing,
): Promise<Judgement> {
  const trust = trusts instanceof CountersignError ? 'none' : trusts.map((it) => it.origin).join(', or ')
  const draft: Draft = { question, trust, artifact: { name: nameOf(artifact), digest: {} } }
  try {
    // Before anything is compared with it: a key that is none makes no "no".
    for (const { key } of policy?.questions ?? [question]) if (key !== undefined) readKey(key)
    if (trusts instanceof CountersignError) throw trusts
    await refuseLinkOut(artifact, cwd)
    const indexes = await find(artifact)
    const named = await digestsOf(artifact, [...new Set([...algorithmsIn(indexes), ...revokedBy(policy)])], cwd)
    const candidates = await candidatesFor(named, indexes)
    if (policy !== undefined) {
      const { judgeByPolicy } = await import('./judge-policy.ts')
      const hasOwn = policy.policy.layers.some(({ sections }) => sections.rules !== undefined)
      const evaluateOwn = hasOwn ? (await import('../policy/cel/own-rules.ts')).evaluateOwn : undefined
      const before = await previous?.(trusts)
      const asked = { ...policy, ...(before === undefined ? {} : { previous: before.statements }), evaluateOwn }
      return {
        ...judgeByPolicy({ ...draft, artifact: named }, candidates, trusts, asked),
        examined: candidates.examined,
        before: before?.bundles ?? [],
      }
    }
    return { ...judgeCandidates({ ...draft, artifact: named }, candidates, trusts), examined: candidates.examined }
  } catch (thrown) {
    if (!(thrown instanceof CountersignError)) throw thrown
    const verdict = undecided(draft, thrown)
    if (policy === undefined) return { verdict, evidence: undefined }
    const { notApplied } = await import('../policy/apply-policy.ts')
    return { verdict: { ...verdict, policy: notApplied(policy.policy, policy.now) }, evidence: undefined }
  }
}

/** A revocation names the SHA-256 of an artifact, whatever the bundles name. */
function revokedBy(policy: AskedPolicy | undefined): readonly DigestAlgorithm[] {
  const layers = policy?.policy.layers ?? []
  const isAsked = layers.some(({ sections }) => sections.revoked?.some(({ kind }) => kind === 'digest') === true)
  return isAsked ? ['sha256'] : []
}
