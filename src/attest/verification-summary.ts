/**
 * The flow that attests what was verified: artifact → verdict → summary of it → signature → verified → written. A summary speaks for
 * evidence that others will not look at again, so it is made of a verdict of this very run, and of nothing that somebody hands in.
 */
import { resolve } from 'node:path'
import { CountersignError, attemptAsync, option } from '../errors.ts'
import { aiLevelOf } from '../model/ai-level.ts'
import { sha256Hex } from '../model/digest.ts'
import type { VerifiedToken } from '../model/facts.ts'
import { limits } from '../model/limits.ts'
import { waivedIn } from '../model/policy-report.ts'
import { failedLevel, levelsProblem, ownLevels, unevaluatedBuild, waivedLevel } from '../model/slsa-levels.ts'
import { statementTypeV1 } from '../model/statement.ts'
import { checkSummaryUri, ownVerifierId } from '../model/summary-question.ts'
import { byText } from '../model/text-order.ts'
import type { Verdict } from '../model/verdict.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { buildVerificationSummary } from '../predicates/build-verification-summary.ts'
import type { SummaryPolicy } from '../predicates/build-verification-summary.ts'
import { verificationSummaryV1 } from '../predicates/verification-summary.ts'
import { readKey } from '../sigstore/verify/verify-bundle.ts'
import { writeBundleFile } from '../store/bundle-file.ts'
import { digestsOf } from '../verify/artifact.ts'
import type { Judgement } from '../verify/judge.ts'
import { examine } from '../verify/verify.ts'
import type { VerifyRequest } from '../verify/verify.ts'
import { version } from '../version.ts'
import { openCheckout } from './checkout.ts'
import { outputAt } from './output.ts'
import type { Output } from './output.ts'
import type { OutputRequest } from './request.ts'
import type { SigningRequest } from './sigstore.ts'
import { signWithJob, signWithKey } from './sign-summary.ts'
import type { SummaryKey } from './sign-summary.ts'
import { inputsOf } from './summary-inputs.ts'

/** What is verified, and what its summary says besides. Relative paths start at the world's `cwd`. */
export type SummaryRequest = VerifyRequest & SigningRequest & SummaryParts

/** What its summary says besides what was verified, and where it goes. */
export interface SummaryParts {
  /** URI from which the artifact is fetched by those who will ask. */
  readonly resourceUri: string
  /** URI of who verified; default: the identity that signs. With a key it is needed. */
  readonly verifierId?: string
  /** Signs in place of the job's own identity. */
  readonly signer?: SummaryKey
  /** Where the bundle goes; left out, it is given back and not written. A `.jsonl` that is there gets it as a line. */
  readonly out?: OutputRequest & { readonly path: string }
}

/** What a policy says of the verdict, where there was one. */
export interface SummaryPolicyResult {
  readonly policy: SummaryPolicy
  /** At most one of each SLSA track, by what the policy trusts. */
  readonly levels: readonly string[]
}

/** What was signed: a bundle, and the statement in it. */
export interface SignedSummary {
  readonly statement: string
  readonly bundle: string
  readonly verifierId: string
  readonly notes: readonly string[]
  /** Path of the file. */
  readonly written?: string
}

export interface VerifiedForSummary {
  readonly verdict: Verdict
  /**
   * Signs and writes what the verdict says, PASSED or FAILED; nothing where it is undecided. Without a policy the question is the
   * policy, and no level of SLSA is claimed. Errors: `usage` (levels), `summary-not-signed` with whatever was in the way.
   */
  readonly sign: (result?: SummaryPolicyResult) => Promise<SignedSummary | undefined>
}

/**
 * Verifies an artifact, as `judge` does, so that a summary of just this verdict can be signed. Errors: those of `judge`; `usage`
 * (`resourceUri`, `verifierId`), `question-incomplete`, `output-exists` and what else keeps the place from being written, before anything is verified.
 *
 * @example
 * ```ts
 * import { verifyForSummary } from 'countersign/attest'
 * import { embeddedSigstore } from 'countersign/embedded'
 *
 * const { verdict, sign } = await verifyForSummary({
 *   artifact: 'dist/app.tgz',
 *   trust: { kind: 'file', path: 'trusted_root.json' },
 *   question: {
 *     signer: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.1.0',
 *     issuer: 'https://oidc.countersign.localhost',
 *     source: 'https://github.com/acme/widget',
 *   },
 *   resourceUri: 'https://downloads.acme.example/app.tgz',
 *   sigstore: embeddedSigstore(), // leave it out in CI: public-good Sigstore signs under the job's identity
 * })
 * const summary = await sign()
 * console.log(verdict.outcome, summary?.verifierId)
 * ```
 */
export async function verifyForSummary(request: SummaryRequest): Promise<VerifiedForSummary> {
  const world = worldOf(request.world)
  checkSummaryUri('resourceUri', request.resourceUri)
  if (request.verifierId !== undefined) checkSummaryUri('verifierId', request.verifierId)
  if (request.signer !== undefined && request.verifierId === undefined) {
    throw new CountersignError(
      'question-incomplete',
      `a key does not say whose it is: name the verifier (${option('verifierId')})`,
      {
        option: 'verifierId',
        hint: 'those who ask later name that verifier together with the key',
      },
    )
  }
  const checkout = await openCheckout(world)
  const root = checkout?.repository.root ?? world.cwd
  const out = request.out === undefined ? undefined : await placeOf(request.out, root, world)
  const judgement = await examine(request)
  const { verdict } = judgement
  return {
    verdict,
    async sign(result) {
      if (verdict.outcome === 'undecided') return undefined
      const levels = levelsOf(judgement, result)
      const signed = await attemptAsync(async () => {
        const subject = { name: verdict.artifact.name, digest: await digestOf(request, verdict, world) }
        const statement = (verifierId: string): string => {
          const inputs = inputsOf(judgement)
          const facts = {
            ...{ verifierId, resourceUri: request.resourceUri, levels, inputs },
            policy: result?.policy ?? ownPolicy(verdict) ?? questionAsPolicy(request, verdict),
            result: verdict.outcome === 'pass' ? ('PASSED' as const) : ('FAILED' as const),
            timeVerified: world.now().toISOString(),
          }
          return statementOf(subject, buildVerificationSummary(facts, version))
        }
        const made = await signWith(request, statement, { root, checkout, world })
        if (out !== undefined) await writeBundleFile(out.path, made.bundle, out.mode, world)
        return { ...made, ...(out === undefined ? {} : { written: out.path }) }
      })
      if (signed instanceof CountersignError) throw notSigned(signed, verdict)
      return signed
    },
  }
}

function placeOf(out: OutputRequest & { readonly path: string }, root: string, { cwd }: World): Promise<Output> {
  return outputAt(resolve(cwd, out.path), out, { root, subjects: [] })
}

async function signWith(
  request: SummaryRequest,
  statement: (verifierId: string) => string,
  project: Parameters<typeof signWithJob>[2],
): Promise<Omit<SignedSummary, 'written'>> {
  const { signer, verifierId } = request
  if (signer !== undefined && verifierId !== undefined) {
    const text = statement(verifierId)
    return { statement: text, verifierId, notes: [], bundle: await signWithKey(text, signer) }
  }
  const named = (token: VerifiedToken): { readonly statement: string; readonly verifierId: string } => {
    const id = verifierId ?? ownVerifierId(token.identity)
    if (id === undefined) {
      throw new CountersignError(
        'question-incomplete',
        `the identity that signs is no URI: name the verifier (${option('verifierId')})`,
      )
    }
    return { statement: statement(id), verifierId: id }
  }
  return signWithJob(request, named, project)
}

/** Error: `statement-too-large`. */
function statementOf(subject: object, predicate: object): string {
  const statement = JSON.stringify({
    ...{ _type: statementTypeV1, subject: [subject], predicateType: verificationSummaryV1, predicate },
  })
  if (Buffer.byteLength(statement) <= limits.statementBytes) return statement
  throw new CountersignError('statement-too-large', 'the statement is larger than Sigstore clients accept')
}

/** Those of the verdict; where nothing was looked at, since there is no attestation, the artifact is hashed now. */
async function digestOf({ artifact }: SummaryRequest, verdict: Verdict, { cwd }: World): Promise<object> {
  if (Object.keys(verdict.artifact.digest).length > 0) return { ...verdict.artifact.digest }
  const input = typeof artifact === 'string' ? { path: artifact } : artifact
  return { ...(await digestsOf(input, ['sha256'], cwd)).digest }
}

export const questionPolicy = 'https://w3id.org/countersign/question/v1'

/** The policy that was asked, by its digest: where it lies is nobody's business but its owner's. */
function ownPolicy({ policy }: Verdict): SummaryPolicy | undefined {
  return policy === undefined
    ? undefined
    : {
        // With another profile the same file asks for something else.
        uri: `https://w3id.org/countersign/policy/v1${policy.profile === undefined ? '' : `#${policy.profile}`}`,
        digest: { sha256: policy.sha256 },
      }
}

/**
 * The question as the verdict says it, as JSON with its members in the order of their names: whoever knows the question can make the
 * digest anew. Of a key stands its fingerprint, or the same digest would stand for any key.
 */
function questionAsPolicy({ question }: SummaryRequest, verdict: Verdict): SummaryPolicy {
  const key = question?.key
  const fingerprint =
    typeof key !== 'string' ? {} : { key: sha256Hex(readKey(key).export({ format: 'der', type: 'spki' })) }
  const parts = Object.entries({ ...verdict.question, ...fingerprint }).sort(([a], [b]) => byText(a, b))
  return { uri: questionPolicy, digest: { sha256: sha256Hex(JSON.stringify(Object.fromEntries(parts))) } }
}

/** Error: `usage`. */
function levelsOf({ verdict, evidence }: Judgement, result: SummaryPolicyResult | undefined): readonly string[] {
  const given = result?.levels ?? buildLevels(verdict)
  const problem = given.length === 0 ? undefined : levelsProblem(given)
  const own = given.find((it) => it.startsWith(ownLevels))
  if (problem !== undefined || own !== undefined) {
    const reason = problem ?? `${own ?? ''} is read from the evidence, and not given`
    throw new CountersignError('usage', `the levels of the summary: ${reason}`, { option: 'level' })
  }
  if (verdict.outcome !== 'pass' || evidence === undefined) return [failedLevel]
  const waived = verdict.policy === undefined ? [] : waivedIn(verdict.policy)
  // Which levels a policy gives depends on its rules: where one of them only passes because somebody said so, none is claimed.
  const claimed = given.length === 0 || waived.length > 0 ? [unevaluatedBuild] : given
  return [...claimed, aiLevelOf(evidence.statements), ...(waived.length === 0 ? [] : [waivedLevel])]
}

/** What the map of the policy gives; only that says how far a builder is trusted. */
function buildLevels({ policy }: Verdict): readonly string[] {
  return policy?.buildLevel === undefined ? [] : [`SLSA_BUILD_LEVEL_${policy.buildLevel}`]
}

function notSigned(cause: CountersignError, { outcome }: Verdict): CountersignError {
  const words = `the verdict is ${outcome}, and no summary of it was written: ${cause.message} (${cause.code})`
  return new CountersignError('summary-not-signed', words, {
    ...(cause.hint === undefined ? {} : { hint: cause.hint }),
    ...(cause.option === undefined ? {} : { option: cause.option }),
    cause,
  })
}
