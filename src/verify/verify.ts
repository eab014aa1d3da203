/**
 * The verifying flow: the question, the trust, the bundles, the artifact's digest, and then the judgement (`judgement.ts`),
 * one verdict an artifact.
 */
import { availableParallelism } from 'node:os'
import { basename, resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import { hashFile } from '../platform/hash.ts'
import { undecided, weigh } from './judge.ts'
import type { Candidate, Candidates, Draft, Judgement } from './judge.ts'
import type { Bundle } from '../model/bundle.ts'
import { isDigest } from '../model/digest.ts'
import type { Evidence } from '../model/evidence.ts'
import type { Question, QuestionOptions } from '../model/question.ts'
import type { ArtifactDigests } from '../model/subject-match.ts'
import type { Verdict } from '../model/verdict.ts'
import { parseQuestion } from '../policy/question.ts'
import { gatherTrust } from '../sigstore/trust/source.ts'
import type { TrustMaterial } from '../sigstore/trust/source.ts'
import { trustFromJson } from '../sigstore/verify/trusted-root.ts'
import type { Trust, TrustSource } from '../sigstore/verify/trusted-root.ts'
import { findSidecars } from '../store/bundle-file.ts'
import { indexBundleFile } from '../store/bundle-index.ts'
import type { BundleIndex } from '../store/bundle-index.ts'

/** What is asked, of which artifact, by which trust. */
export interface VerifyRequest extends QuestionOptions {
  /** Path of the artifact, or its digest as `sha256:<hex>`. */
  readonly artifact: string
  /** Path of the bundle file; default: what lies beside the artifact. */
  readonly bundle?: string
  /** Default: public-good Sigstore through TUF. Of several roots, a bundle must hold under one as a whole. */
  readonly trust?: TrustSource
  readonly cwd?: string
}

/** A verdict that is not pass, thrown by `verify`. `code` is that of the first check that failed. */
export class VerificationError extends CountersignError {
  readonly verdict: Verdict

  constructor(verdict: Verdict) {
    const failed = verdict.checks.find((it) => it.outcome === 'fail')
    const code = verdict.failure?.code ?? failed?.code ?? 'internal'
    const message = verdict.failure?.message ?? `${failed?.rule ?? 'verification'} failed`
    super(code, `${verdict.artifact.name}: ${message}`, failed?.note === undefined ? {} : { hint: failed.note })
    this.verdict = verdict
  }
}

/**
 * Evidence for the artifact, or an exception: `VerificationError` unless the verdict is pass, `CountersignError` for an
 * incomplete question or unusable trust.
 */
export async function verify(request: VerifyRequest): Promise<Evidence> {
  const { verdict, evidence } = await examine(request)
  if (verdict.outcome !== 'pass' || evidence === undefined) throw new VerificationError(verdict)
  return evidence
}

/**
 * The verdict for one artifact. Does not throw for a "no" or for unreadable input; throws for an incomplete question
 * (`question-*`, `pattern-invalid`, `usage`), because then nothing was asked.
 */
export async function judge(request: VerifyRequest): Promise<Verdict> {
  return (await examine(request)).verdict
}

/** From this many artifacts on, the cores are worth a worker each: one takes some 50 ms to start. */
const worthWorkers = 200

/**
 * Verdicts for many artifacts under one question and one trust, in the order given; each file of bundles is read once. Many
 * artifacts are spread over the cores (`workers`, default one a core), with the same verdicts. Throws as `judge` does.
 */
export async function* judgeAll(
  artifacts: readonly string[],
  request: Omit<VerifyRequest, 'artifact'>,
  workers: number = availableParallelism(),
): AsyncGenerator<Verdict> {
  const question = parseQuestion(request)
  const roots = await settle(() => gatherTrust(request.trust ?? { kind: 'public' }))
  if (!(roots instanceof CountersignError) && artifacts.length >= worthWorkers && workers > 1) {
    const { judgeInWorkers } = await import('./pool.ts')
    yield* judgeInWorkers(artifacts, { ...request, cwd: request.cwd ?? process.cwd() }, roots, workers)
    return
  }
  const judge = openJudge(request, question, roots)
  for (const artifact of artifacts) yield (await judge(artifact)).verdict
}

/**
 * The verdict over one bundle that is already in memory, for an artifact whose digests are known. `attest` asks this of its
 * own work before it writes.
 */
export function judgeBundleOf(
  bundle: Bundle,
  artifact: Draft['artifact'],
  trust: Trust,
  options: QuestionOptions,
): Verdict {
  const draft = { question: parseQuestion(options), trust: trust.origin, artifact }
  const examined: Candidate[] = [{ label: 'bundle', content: bundle }]
  return weigh(draft, { examined, unrelated: 0 }, [trust], options.key).verdict
}

async function examine(request: VerifyRequest): Promise<Judgement> {
  const question = parseQuestion(request)
  const roots = await settle(() => gatherTrust(request.trust ?? { kind: 'public' }))
  return openJudge(request, question, roots)(request.artifact)
}

/**
 * A judge of artifacts: trusted roots are opened and a named file of bundles is read once, at the first artifact. `roots` may
 * be the reason why there are none; then every verdict is undecided and says so.
 */
export function openJudge(
  request: Omit<VerifyRequest, 'artifact'>,
  question: Question,
  roots: readonly TrustMaterial[] | CountersignError,
): (artifact: string) => Promise<Judgement> {
  const cwd = request.cwd ?? process.cwd()
  const trusts = settleNow(() => openTrusts(roots))
  const trust = trusts instanceof CountersignError ? 'none' : trusts.map((it) => it.origin).join(', or ')
  const { bundle } = request
  let named: Promise<readonly BundleIndex[]> | undefined
  const indexesFor = (path: string): Promise<readonly BundleIndex[]> =>
    bundle === undefined ? indexSidecars(path) : (named ??= indexBundleFile(resolve(cwd, bundle)).then((it) => [it]))
  return async (artifact) => {
    const draft: Draft = { question, trust, artifact: { name: basename(artifact), digest: {} } }
    try {
      if (trusts instanceof CountersignError) throw trusts
      const digest = digestArgument(artifact)
      const path = resolve(cwd, artifact)
      if (digest !== undefined && bundle === undefined) {
        throw new CountersignError('attestation-none', 'a digest has no sidecar', {
          hint: 'name the bundle by --bundle FILE',
        })
      }
      const indexes = await indexesFor(path)
      const known = digest ?? (await digestOf(path, indexes))
      const about: Draft = {
        ...draft,
        artifact: { name: digest === undefined ? basename(path) : artifact, digest: known },
      }
      return weigh(about, await candidatesFor(known, indexes), trusts, request.key)
    } catch (thrown) {
      if (!(thrown instanceof CountersignError)) throw thrown
      return { verdict: undecided(draft, thrown), evidence: undefined }
    }
  }
}

function openTrusts(roots: readonly TrustMaterial[] | CountersignError): readonly Trust[] {
  if (roots instanceof CountersignError) throw roots
  if (roots.length === 0) throw new CountersignError('trusted-root-malformed', 'there is no trusted root')
  return roots.map(({ json, origin }) => trustFromJson(json, origin))
}

async function indexSidecars(path: string): Promise<readonly BundleIndex[]> {
  const indexes: BundleIndex[] = []
  for (const file of await findSidecars(path)) indexes.push(await indexBundleFile(file))
  return indexes
}

/** Hashed once, with just the algorithms that the bundles name. */
async function digestOf(path: string, indexes: readonly BundleIndex[]): Promise<ArtifactDigests> {
  const algorithms = new Set(indexes.flatMap((it) => [...it.algorithms]))
  return (await hashFile(path, [...algorithms])).digest
}

/** The bundles that name the artifact; of none, the first, so that the verdict can say what is wrong with it. */
async function candidatesFor(digest: ArtifactDigests, indexes: readonly BundleIndex[]): Promise<Candidates> {
  const digests = Object.entries(digest).map(([algorithm, value]) => `${algorithm}:${value}`)
  const about = indexes.flatMap((index) => index.about(digests))
  const chosen = about.length > 0 ? about : indexes.flatMap((index) => index.first() ?? []).slice(0, 1)
  const examined: Candidate[] = []
  for (const { label, read } of chosen) examined.push({ label, content: await settle(read) })
  const unreadable = indexes.flatMap((it) => it.unreadable.map(({ label, error }) => ({ label, content: error })))
  const count = indexes.reduce((sum, it) => sum + it.count, 0)
  return { examined: [...examined, ...unreadable], unrelated: count - chosen.length }
}

/** `sha256:<hex>` and its kin; anything else is a path. */
function digestArgument(text: string): ArtifactDigests | undefined {
  const [algorithm = '', value = ''] = text.split(':', 2)
  return isDigest(algorithm, value) ? { [algorithm]: value } : undefined
}

async function settle<T>(run: () => Promise<T>): Promise<T | CountersignError> {
  try {
    return await run()
  } catch (thrown) {
    if (thrown instanceof CountersignError) return thrown
    throw thrown
  }
}

function settleNow<T>(run: () => T): T | CountersignError {
  try {
    return run()
  } catch (thrown) {
    if (thrown instanceof CountersignError) return thrown
    throw thrown
  }
}
