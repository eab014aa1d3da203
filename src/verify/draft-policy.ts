/** A release that is good → a policy: verified first, and the policy is tried on it before anybody sees it. */
import { fileURLToPath } from 'node:url'
import { CountersignError } from '../errors.ts'
import type { ArtifactInput } from '../model/artifact.ts'
import { limits } from '../model/limits.ts'
import type { PolicyEvidence } from '../model/policy-evidence.ts'
import { refusing } from '../model/policy-report.ts'
import { questionParts } from '../model/question-parts.ts'
import type { LooseQuestion, QuestionOptions } from '../model/question.ts'
import type { AttestationSummary, Verdict } from '../model/verdict.ts'
import { readRegularFile } from '../platform/files.ts'
import { worldOf } from '../platform/world.ts'
import { draftPolicy, schemaLine } from '../policy/draft/draft.ts'
import type { Drafting } from '../policy/draft/draft.ts'
import { parseQuestion } from '../policy/question.ts'
import { parsePolicy, policyOf } from '../policy/read-policy.ts'
import type { PolicyRequest } from './asking.ts'
import type { Judgement } from './judge.ts'
import { policyEvidence } from './policy-evidence.ts'
import { VerificationError } from './verifier.ts'
import { examine } from './verify.ts'

export interface DraftRequest extends Omit<PolicyRequest, 'policy'> {
  readonly artifact: string | ArtifactInput
}

/** Nobody is called that: what is left of a verdict under this question is what the signatures alone prove. */
const nobody: QuestionOptions = {
  signer: 'https://countersign.invalid/nobody',
  issuer: 'https://countersign.invalid',
  anySource: true,
}

/**
 * The text of a policy that this release passes. A release that differs from it in anything a policy can ask for does not pass, but for the
 * version in its tag. With `previous` it asks for the release before each time. Without a signer in the question, that of the bundle is taken, and the text says so. Errors:
 * `VerificationError` (no good release: its signature or its question does not hold), `policy-not-drafted`, those of a question.
 *
 * @example
 * ```ts
 * import { policyFromRelease } from 'countersign/policy'
 *
 * const trust = { kind: 'file', path: 'trusted_root.json' } as const
 * const text = await policyFromRelease({ artifact: 'dist/app.tgz', trust })
 * console.log(text.includes('TAKEN FROM THE BUNDLE')) // true: nobody said who must have signed
 * ```
 */
export async function policyFromRelease({ previous, question = {}, ...rest }: DraftRequest): Promise<string> {
  const isAsked = questionParts.some(({ group, name }) => group === 'signer' && question[name] !== undefined)
  const whole = isAsked ? question : { ...(await signerFound(rest)), ...question }
  const { verdict, evidence } = await examine({ ...rest, question: whole as unknown as QuestionOptions })
  if (evidence === undefined) throw new VerificationError(verdict)
  const provenance = evidence.statements.find(({ predicate }) => predicate.kind === 'build-provenance')
  if (provenance === undefined) throw new CountersignError('policy-not-drafted', 'it has no build provenance')
  const now = worldOf(rest.world).now().toISOString()
  const seen = policyEvidence(provenance, evidence, { now, companions: [] })
  const key = typeof question.key === 'string' ? question.key : undefined
  const drafted = (evidence: PolicyEvidence, switches: Drafting['switches']): string =>
    draftPolicy(evidence, { key, signer: isAsked ? 'asked' : 'found', switches })
  const tryOn = (text: string): Promise<Judgement> => {
    const policy = policyOf([parsePolicy({ file: 'the draft', bytes: Buffer.from(text) })])
    return examine({ ...rest, policy, ...(previous === undefined ? {} : { previous }) })
  }
  let tried: Verdict = verdict
  for (const switches of [['cleanTree', 'strict'], ['cleanTree'], ['strict'], []] as const) {
    const text = drafted(seen, switches)
    const judgement = await tryOn(text)
    tried = judgement.verdict
    if (tried.outcome !== 'pass') continue
    // Whether the release before holds is known once a policy asks who signed it; then more can be asked.
    const { previous: before } = judgement.looked ?? {}
    if (before === undefined) return text
    const stricter = drafted({ ...seen, previous: before }, switches)
    return (await tryOn(stricter)).verdict.outcome === 'pass' ? stricter : text
  }
  const [row] = refusing({ checks: tried.policy?.checks ?? [] })
  const why = row === undefined ? tried.outcome : `${row.rule} (${row.code})`
  throw new CountersignError('policy-not-drafted', `the release does not pass what was drafted from it: ${why}`)
}

/** From a bundle whose signature holds, of a certificate. Error: `VerificationError`. */
async function signerFound(rest: Omit<DraftRequest, 'previous' | 'question'>): Promise<LooseQuestion> {
  const { verdict } = await examine({ ...rest, question: nobody })
  const found = verdict.attestations.flatMap(({ summary }) => (summary?.buildType === undefined ? [] : [summary]))
  const [first] = found.flatMap(questionOf)
  if (first === undefined) throw new VerificationError(verdict)
  return first
}

function questionOf({ signer, source }: AttestationSummary): LooseQuestion[] {
  const { identity, issuer } = signer
  if (identity === undefined || identity.includes('*')) return []
  const { repository } = source ?? {}
  return [
    {
      signer: identity,
      ...(issuer === undefined ? { certificateWithoutIssuer: true } : { issuer }),
      ...(repository === undefined ? { anySource: true } : { source: repository }),
    },
  ]
}

/**
 * The starter policies that there are.
 *
 * @example
 * ```ts
 * import { starterPolicies } from 'countersign/policy'
 *
 * console.log(starterPolicies.includes('soc2')) // true
 * ```
 */
export const starterPolicies = ['open-source', 'soc2', 'regulated'] as const
export type StarterPolicy = (typeof starterPolicies)[number]

/** The repository that stands in them. */
const sample = 'acme/widget'

/** Their line for an editor leads to the schema from their own folder, and nowhere from the project that takes one. */
const ownSchemaLine = /^# yaml-language-server: .*/

/**
 * The text of a starter policy for a repository, `OWNER/NAME`. Errors: those of a question (`usage`), those of reading a file.
 *
 * @example
 * ```ts
 * import { starterPolicy } from 'countersign/policy'
 *
 * console.log((await starterPolicy('open-source', 'acme/gadget')).includes('acme/gadget')) // true
 * ```
 */
export async function starterPolicy(name: StarterPolicy, repo: string): Promise<string> {
  parseQuestion({ repo })
  const folder = import.meta.url.endsWith('.ts') ? '../../policies/' : '../policies/'
  const path = fileURLToPath(new URL(`${folder}${name}.yaml`, import.meta.url))
  const bytes = await readRegularFile(path, limits.policyBytes, 'the starter policy')
  // By a function: `$` has a meaning in a replacement that is text.
  const text = bytes
    .toString('utf8')
    .replaceAll(sample, repo)
    .replace(ownSchemaLine, () => schemaLine)
  parsePolicy({ file: `${name}.yaml`, bytes: Buffer.from(text) })
  return text
}
