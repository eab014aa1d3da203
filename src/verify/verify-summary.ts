/**
 * A verification summary is verified: by the seven steps of SLSA 1.2 (verification_summary, "How to verify"), each a check of the
 * verdict. Of the signer it is asked what is asked of any; a key counts by itself, without log and time, unless a trust is named.
 */
import { resolve } from 'node:path'
import { CountersignError, attempt } from '../errors.ts'
import type { ArtifactInput } from '../model/artifact.ts'
import type { Bundle } from '../model/bundle.ts'
import { limits } from '../model/limits.ts'
import type { Question, QuestionOptions } from '../model/question.ts'
import type { SummaryQuestion } from '../model/summary-question.ts'
import { summariseSigned, summariseStatement } from '../model/summary.ts'
import type { TrustSource } from '../model/trust-source.ts'
import { failureOf } from '../model/verdict.ts'
import type { AttestationVerdict, Check, Verdict } from '../model/verdict.ts'
import { namedFile } from '../platform/files.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { evaluate, notReached, outcomeOf } from '../policy/evaluate.ts'
import { checkSummaryQuestion, inWords, parseSigner } from '../policy/summary-question.ts'
import { summaryChecks, summaryNotReached } from '../policy/rules/vsa.ts'
import { gatherTrust, openTrusts } from '../sigstore/trust/source.ts'
import { rootsFor } from '../sigstore/verify/choose-root.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import { readKey, verifyBundle } from '../sigstore/verify/verify-bundle.ts'
import { verifyEnvelope } from '../sigstore/verify/verify-envelope.ts'
import { indexBundleFile, visitBundleBytes, visitBundleFile } from '../store/bundle-index.ts'
import { digestsOf, nameOf } from './artifact.ts'
import type { NamedDigests } from './artifact.ts'
import { algorithmsIn, candidatesFor, indexInput } from './candidates.ts'
import type { BundleInput } from './candidates.ts'
import { frame, later, readStatement, undecided } from './judge.ts'
import type { Candidate, Candidates, Draft } from './judge.ts'
import { identifierOf, matchIdentifier } from './summary-subject.ts'

export interface SummaryVerification {
  /** A path, or an artifact in any form; an identifier (`gitCommit:…`, `gce_image_id:…`) is a digest as text. */
  readonly artifact: string | ArtifactInput
  /** Path of the file with the summary, or it itself; of several one that passes is enough. */
  readonly summary: string | BundleInput
  /** Who must have signed: as in any question, or the key in PEM. */
  readonly signer: QuestionOptions
  readonly question: SummaryQuestion
  /** Default: public-good Sigstore through TUF; of a key none, which counts by itself then. */
  readonly trust?: TrustSource
  readonly world?: Partial<World>
}

/** What stays the same for all summaries of one file. */
interface Hearing {
  readonly draft: Draft
  readonly asked: SummaryQuestion
  /** None: the key alone decides. */
  readonly trusts: readonly Trust[]
  readonly match: typeof matchIdentifier | undefined
}

/**
 * The verdict. Does not throw for a "no", for unreadable input or unusable trust; throws for a question that cannot be asked
 * (`question-*`, `pattern-invalid`, `usage`), because then nothing was asked.
 *
 * @example
 * ```ts
 * import { judgeSummary } from 'countersign/verify'
 *
 * const pass = async (key: string): Promise<boolean> => {
 *   const verdict = await judgeSummary({
 *     artifact: 'dist/app.tgz',
 *     summary: 'dist/app.tgz.vsa.json',
 *     signer: { key },
 *     question: {
 *       verifierId: 'https://verifier.acme.example',
 *       resourceUri: 'https://downloads.acme.example/app.tgz',
 *       levels: ['SLSA_BUILD_LEVEL_2'],
 *     },
 *   })
 *   return verdict.outcome === 'pass'
 * }
 * console.log(typeof pass) // function
 * ```
 */
export async function judgeSummary(request: SummaryVerification): Promise<Verdict> {
  const world = worldOf(request.world)
  const question = parseSigner(request.signer)
  const asked = checkSummaryQuestion(request.question, question)
  const artifact = typeof request.artifact === 'string' ? { path: request.artifact } : request.artifact
  const identifier = identifierOf(artifact)
  const written = { ...question.written, ...inWords(asked) }
  const draft: Draft = {
    question: { ...question, written },
    trust: question.signatory === 'key' && request.trust === undefined ? 'the key that was given' : 'none',
    artifact: identifier ?? { name: nameOf(artifact), digest: {} },
  }
  try {
    if (question.key !== undefined) readKey(question.key)
    const trusts = await openTrust(request, question, world)
    const trust = trusts.length === 0 ? draft.trust : trusts.map((it) => it.origin).join(', or ')
    const { named, candidates } = await find(request, { artifact, identifier, world })
    const hearing = { draft: { ...draft, trust, artifact: named }, asked, trusts }
    return concluded({ ...hearing, match: identifier === undefined ? undefined : matchIdentifier }, candidates)
  } catch (thrown) {
    if (!(thrown instanceof CountersignError)) throw thrown
    return undecided(draft, thrown)
  }
}

/** No trust for a key that counts by itself. Errors: those of the source of trust. */
async function openTrust(
  { trust }: SummaryVerification,
  { signatory }: Question,
  world: World,
): Promise<readonly Trust[]> {
  if (signatory === 'key' && trust === undefined) return []
  return openTrusts(await gatherTrust(trust ?? { kind: 'public' }, world))
}

interface Looking {
  readonly artifact: ArtifactInput
  readonly identifier: NamedDigests | undefined
  readonly world: World
}

/** The summaries that are worth verifying: those about the artifact, or all where nobody indexes what it goes by. */
async function find(
  { summary }: SummaryVerification,
  { artifact, identifier, world }: Looking,
): Promise<{ readonly named: NamedDigests; readonly candidates: Candidates }> {
  if (identifier !== undefined) return { named: identifier, candidates: await allIn(summary, world.cwd) }
  const indexes = await (typeof summary === 'string' ? indexNamed(summary, world.cwd) : indexInput(summary))
  const named = await digestsOf(artifact, algorithmsIn(indexes), world.cwd)
  return { named, candidates: await candidatesFor(named, indexes) }
}

async function indexNamed(path: string, cwd: string): ReturnType<typeof indexInput> {
  return [await indexBundleFile(resolve(cwd, path)).catch((thrown: unknown) => explained(thrown, path))]
}

function explained(thrown: unknown, path: string): never {
  if (!(thrown instanceof CountersignError) || thrown.code !== 'path-missing') throw thrown
  throw new CountersignError(
    'path-missing',
    `${namedFile('the file with the verification summary', path)} does not exist`,
    {
      option: 'vsa',
    },
  )
}

async function allIn(summary: string | BundleInput, cwd: string): Promise<Candidates> {
  const examined: Candidate[] = []
  const beyond: string[] = []
  const take = (label: string, content: Bundle): void => {
    if (examined.length < limits.candidates) examined.push({ label, content })
    else beyond.push(label)
  }
  const documents: readonly (string | Uint8Array | Bundle)[] = Array.isArray(summary) ? summary : [summary]
  for (const it of documents) {
    if (typeof it !== 'string' && !(it instanceof Uint8Array)) {
      take('summary', it)
      continue
    }
    const none =
      typeof it === 'string'
        ? await visitBundleFile(resolve(cwd, it), take).catch((thrown: unknown) => explained(thrown, it))
        : await visitBundleBytes('summary', it, take)
    if (none !== undefined) throw none
  }
  return { examined, beyond, unrelated: 0 }
}

function concluded(hearing: Hearing, { examined, beyond, unrelated }: Candidates): Verdict {
  const attestations: AttestationVerdict[] = []
  const unreadable: Verdict['unreadable'] = []
  for (const { label, content } of examined) {
    const judged = content instanceof CountersignError ? content : attempt(() => judgeOne(label, content, hearing))
    if (judged instanceof CountersignError) unreadable.push({ bundle: label, ...failureOf(judged) })
    else attestations.push(judged)
  }
  const { draft } = hearing
  const common = {
    ...frame(draft),
    findings: beyond.length === 0 ? [] : [notExamined(beyond)],
    unreadable,
    ...(unrelated > 0 ? { unrelated } : {}),
  }
  const [nearest] = attestations.sort((a, b) => closeness(b) - closeness(a))
  if (nearest !== undefined) return { ...common, trust: nearest.trust, outcome: nearest.outcome, attestations }
  const [reason] = unreadable
  const error = new CountersignError(
    reason?.code ?? 'attestation-none',
    reason?.message ?? 'there is no verification summary',
    {
      ...(reason?.hint === undefined ? {} : { hint: reason.hint }),
    },
  )
  return { ...undecided(draft, error), unreadable }
}

function notExamined(bundles: readonly string[]): Verdict['findings'][number] {
  const message = `${bundles.length} more summaries were not examined`
  return { code: 'bundles-not-examined', message, bundles: bundles.slice(0, limits.candidates) }
}

/** What passes, then what comes nearest. */
function closeness({ outcome, checks }: AttestationVerdict): number {
  const count = (asked: Check['outcome']): number => checks.filter((it) => it.outcome === asked).length
  return (outcome === 'pass' ? 1_000_000 : 0) + count('pass') * 1_000 - count('fail')
}

/** One summary under the root that its certificate calls for; of several the nearest. Errors: those of a bundle that cannot be read. */
function judgeOne(label: string, bundle: Bundle, hearing: Hearing): AttestationVerdict {
  if (hearing.trusts.length === 0) return judgeUnder(label, bundle, hearing, undefined)
  const results = rootsFor(bundle, hearing.trusts).map((it) => attempt(() => judgeUnder(label, bundle, hearing, it)))
  const judged = results.flatMap((it) => (it instanceof CountersignError ? [] : [it]))
  const [undecidable] = results.flatMap((it) => (it instanceof CountersignError ? [it] : []))
  const [nearest] = judged.sort((a, b) => closeness(b) - closeness(a))
  // A root that cannot decide keeps the others from saying "no", and not from saying "yes".
  if (nearest !== undefined && (undecidable === undefined || nearest.outcome === 'pass')) return nearest
  throw undecidable ?? new CountersignError('trusted-root-malformed', 'there is no trusted root')
}

function judgeUnder(
  bundle: string,
  content: Bundle,
  { draft, asked, match }: Hearing,
  trust: Trust | undefined,
): AttestationVerdict {
  const { question, artifact } = draft
  const origin = trust?.origin ?? draft.trust
  const result =
    trust === undefined ? verifyEnvelope(content, question.key ?? '') : verifyBundle(content, trust, question.key)
  const rest = [...notReached(), ...summaryNotReached()]
  if (result.outcome === 'refused') {
    const checks = [...result.checks, ...later(['payload-type', 'statement', 'subject']), ...rest]
    return { bundle, trust: origin, outcome: 'fail', checks }
  }
  const { signed } = result
  const read = readStatement(signed, artifact, match)
  if ('failed' in read) {
    const checks = [...signed.checks, ...read.failed, ...rest]
    return { bundle, trust: origin, outcome: 'fail', checks, summary: summariseSigned(signed) }
  }
  const { statement } = read
  const checks = [
    ...signed.checks,
    ...read.checks,
    ...evaluate(statement, question),
    ...summaryChecks(statement, asked),
  ]
  return { bundle, trust: origin, outcome: outcomeOf(checks), checks, summary: summariseStatement(statement) }
}
