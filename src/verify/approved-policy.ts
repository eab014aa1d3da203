/**
 * A policy that somebody must have signed: its file, the bundle beside it, and who was asked for. Who may approve is told by whoever verifies,
 * from outside what is verified, and never by the policy: it would say itself that it is good. What it extends is named in it by digest.
 */
import { basename, resolve } from 'node:path'
import { CountersignError, attempt, attemptAsync, option } from '../errors.ts'
import { signerName } from '../model/certified-name.ts'
import type { Policy } from '../model/policy.ts'
import type { Question } from '../model/question.ts'
import { decidingChecks, failedChecks } from '../model/verdict.ts'
import type { FailedCheck, Verdict } from '../model/verdict.ts'
import { parseQuestion } from '../policy/question.ts'
import { policyApprovalV1 } from '../predicates/policy-approval.ts'
import { openTrusts } from '../sigstore/trust/source.ts'
import type { TrustMaterial } from '../sigstore/trust/source.ts'
import { indexBundleFile } from '../store/bundle-index.ts'
import type { BundleIndex } from '../store/bundle-index.ts'
import { openPolicy } from './open-policy.ts'
import type { PolicySource } from './open-policy.ts'
import { judgeArtifact } from './verifier.ts'

/** A policy by its file, with who must have signed it. */
export interface ApprovedPolicySource extends Omit<PolicySource, 'approved'> {
  readonly approved: {
    /** As in a question: exact, or a glob. */
    readonly signer: string
    readonly issuer: string
    /** Path of the bundle file; default: `<file>.sigstore.json`. */
    readonly bundle?: string
  }
}

/**
 * The policy, with its signer. Where there is no trust nothing is approved, and the policy has none: then no verdict passes. Errors: those of
 * `openPolicy`, `policy-unsigned` (nobody approved it: no bundle, or of another kind), `policy-approval-mismatch` (another file, or one that
 * was changed), `policy-signer-mismatch`, what else does not hold of the signature, those of a question.
 */
export async function openApprovedPolicy(
  { approved, ...source }: ApprovedPolicySource,
  roots: readonly TrustMaterial[] | CountersignError,
  cwd: string,
): Promise<Policy> {
  const { signer, issuer, bundle } = approved
  const question = parseQuestion({ signer, issuer, anySource: true, predicateType: [policyApprovalV1] })
  const policy = await openPolicy(source, cwd)
  const index = await indexOf(source.file, bundle, cwd)
  const trusts = roots instanceof CountersignError ? roots : attempt(() => openTrusts(roots))
  if (trusts instanceof CountersignError) return policy
  // The very bytes that were read: by their digest, and not by a file that may be another one now.
  const artifact = { digest: `sha256:${policy.sha256}`, name: basename(source.file) }
  const { verdict, evidence } = await judgeArtifact(artifact, {
    question,
    trusts,
    cwd,
    find: () => Promise.resolve([index]),
  })
  if (verdict.outcome !== 'pass' || evidence === undefined) throw refused(verdict, source.file, question)
  const [{ signed, statement }] = evidence.statements
  if (signed.signatory.kind !== 'certificate' || statement.predicateType !== policyApprovalV1) {
    throw unsigned(source.file, 'nobody approved it under an identity')
  }
  return { ...policy, signer: signerName(signed.signatory.identity) ?? signer }
}

/** Errors: `policy-unsigned` (none lies beside it), `path-missing` (the one that was named), those of a bundle file. */
async function indexOf(file: string, bundle: string | undefined, cwd: string): Promise<BundleIndex> {
  const path = bundle ?? `${file}.sigstore.json`
  const index = await attemptAsync(() => indexBundleFile(resolve(cwd, path), bundle === undefined ? 'found' : 'named'))
  if (!(index instanceof CountersignError)) return index
  if (index.code !== 'path-missing') throw index
  if (bundle === undefined) throw unsigned(file, 'no bundle lies beside it')
  throw new CountersignError('path-missing', `the bundle ${JSON.stringify(bundle)} of the policy does not exist`, {
    option: 'policyBundle',
    hint: `without a name, ${JSON.stringify(`${basename(file)}.sigstore.json`)} beside it is taken (${option('policyBundle')})`,
  })
}

function unsigned(file: string, reason: string): CountersignError {
  return new CountersignError('policy-unsigned', `${file}: ${reason}`, { option: 'policyBundle' })
}

/** A statement of approval of another signer, one of other bytes, or none. What does not hold at all goes by its own code. */
function refused(verdict: Verdict, file: string, { written }: Question): CountersignError {
  if (verdict.outcome === 'undecided') {
    const { code, message, hint } = verdict.failure
    if (code === 'message-signature-only')
      return unsigned(file, 'it was signed as a file, which says nothing of what for')
    return new CountersignError(code, `the approval of ${file}: ${message}`, {
      option: 'policyBundle',
      ...(hint === undefined ? {} : { hint }),
    })
  }
  const failed = failedChecks(decidingChecks(verdict))
  const [first] = failed
  if (first === undefined) return unsigned(file, 'no bundle is about it')
  const detail = {
    expected: `${written['signer'] ?? ''}, by ${written['issuer'] ?? ''}`,
    option: 'policySigner',
  } as const
  if (has(failed, 'subject-mismatch')) {
    const found = failed.find((it) => it.code === 'subject-mismatch')
    return new CountersignError('policy-approval-mismatch', `${file} is not what was signed`, {
      option: 'policyBundle',
      ...(found?.expected === undefined ? {} : { expected: found.expected }),
      ...(found?.found === undefined ? {} : { found: found.found }),
    })
  }
  if (has(failed, 'predicate-type-mismatch')) {
    return unsigned(file, 'what was signed of it is something else than an approval')
  }
  if (has(failed, 'signer-mismatch', 'issuer-mismatch')) {
    const found = signerIn(verdict)
    return new CountersignError('policy-signer-mismatch', `${file} was signed by somebody else`, {
      ...detail,
      ...(found === undefined ? {} : { found }),
    })
  }
  return new CountersignError(first.code, `the approval of ${file} does not hold: ${first.rule}`, {
    option: 'policyBundle',
    ...(first.expected === undefined ? {} : { expected: first.expected }),
    ...(first.found === undefined ? {} : { found: first.found }),
  })
}

function has(failed: readonly FailedCheck[], ...codes: readonly FailedCheck['code'][]): boolean {
  return failed.some(({ code }) => codes.includes(code))
}

function signerIn({ attestations: [nearest] }: Verdict): string | undefined {
  return nearest?.summary?.signer.kind === 'certificate' ? nearest.summary.signer.identity : undefined
}
