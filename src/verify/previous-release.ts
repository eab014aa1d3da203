/** The release before, as far as it can be believed: its provenance answers the questions of the policy, each about its own subject. */
import { resolve } from 'node:path'
import { CountersignError, attempt } from '../errors.ts'
import type { Bundle } from '../model/bundle.ts'
import { isDigest } from '../model/digest.ts'
import type { VerifiedStatement } from '../model/evidence.ts'
import { limits } from '../model/limits.ts'
import type { Policy } from '../model/policy.ts'
import { questionParts } from '../model/question-parts.ts'
import type { LooseQuestion, Question } from '../model/question.ts'
import { parseStatement } from '../model/statement.ts'
import { revocationsOf, withoutRevoked } from '../policy/not-revoked.ts'
import { policyQuestions } from '../policy/policy-questions.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import { visitBundleBytes, visitBundleFile } from '../store/bundle-index.ts'
import type { NamedDigests } from './artifact.ts'
import { isList } from './candidates.ts'
import type { BundleInput } from './candidates.ts'
import { judgeCandidates } from './judge.ts'

/** What was given of it, and what of that holds. */
export interface ReleaseBefore {
  readonly bundles: readonly Bundle[]
  readonly statements: readonly VerifiedStatement[]
}

/**
 * Its provenance, of which nothing was revoked; empty where nothing holds. At most `limits.candidates` bundles are looked at. Errors: those
 * of reading them (`path-*`, `input-*`, `bundle-*`).
 */
export async function previousRelease(
  given: string | BundleInput,
  { policy, question }: { readonly policy: Policy; readonly question: LooseQuestion | undefined },
  trusts: readonly Trust[],
  cwd: string,
): Promise<ReleaseBefore> {
  const bundles = await bundlesIn(given, cwd)
  const questions = questionsBefore(policy, question)
  const statements = bundles.flatMap((it) => questions.flatMap((question) => answersOf(it, question, trusts)))
  return { bundles, statements: withoutRevoked(statements, revocationsOf(policy)) }
}

/** What is asked beside the policy may be of this release alone: its ref, its commit. Of that, only who signs counts for the one before. */
function questionsBefore(policy: Policy, beside: LooseQuestion = {}): readonly Question[] {
  if (policy.layers.some(({ sections }) => sections.identity !== undefined)) return policyQuestions(policy)
  const ofSigner = questionParts
    .filter(({ group }) => group === 'signer')
    .map(({ name }) => [name, beside[name]] as const)
  return policyQuestions(policy, Object.fromEntries(ofSigner.filter(([, value]) => value !== undefined)))
}

async function bundlesIn(given: string | BundleInput, cwd: string): Promise<readonly Bundle[]> {
  const bundles: Bundle[] = []
  const visit = (_: string, bundle: Bundle): void => {
    if (bundles.length < limits.candidates) bundles.push(bundle)
  }
  for (const it of typeof given === 'string' || !isList(given) ? [given] : given) {
    if (typeof it !== 'string' && !(it instanceof Uint8Array)) {
      visit('', it)
      continue
    }
    const problem =
      typeof it === 'string'
        ? await visitBundleFile(resolve(cwd, it), visit)
        : await visitBundleBytes('the release before', it, visit)
    if (problem !== undefined) throw problem
  }
  return bundles
}

function answersOf(bundle: Bundle, question: Question, trusts: readonly Trust[]): VerifiedStatement[] {
  const artifact = ownSubject(bundle)
  if (artifact === undefined) return []
  const candidates = { examined: [{ label: 'the release before', content: bundle }], beyond: [], unrelated: 0 }
  const { evidence } = judgeCandidates({ question, trust: '', artifact }, candidates, trusts)
  return (evidence?.statements ?? []).filter(({ predicate }) => predicate.kind === 'build-provenance')
}

/** What it is about, by its own word: the signature is verified with the rest. */
function ownSubject(bundle: Bundle): NamedDigests | undefined {
  const statement = attempt(() => parseStatement(bundle.envelope?.payload ?? Buffer.alloc(0)))
  if (statement instanceof CountersignError) return undefined
  for (const { name = '', digest } of statement.subject) {
    const [first] = Object.entries(digest).filter(([algorithm, value]) => isDigest(algorithm, value))
    if (first !== undefined) return { name, digest: Object.fromEntries([first]) }
  }
  return undefined
}
