/** Forgers of waivers and of policies: each is asked through a policy, and the row says which rule stays as it failed, and why. */
import { createHash } from 'node:crypto'
import { policyApprovalV1 } from '../../src/predicates/policy-approval.ts'
import { policyText } from '../world/policy-release.ts'
import type { Job, Release } from '../world/release.ts'
import { approver, daysFromNow, signedWaiver, waivers } from '../world/waiver.ts'
import type { EditableWaiver } from '../world/waiver.ts'
import { underPolicy } from './ask.ts'
import { releaseJob } from './row.ts'
import type { Answer, Forgery } from './row.ts'

const rule = 'rules/reviewed'

function policyWith(release: Release, who: Job = approver): string {
  const rules = [{ id: 'reviewed', expr: 'false', message: 'somebody reviewed it' }]
  return policyText(release, { rules, waivers: waivers(release, [rule], who) })
}

interface Waiver {
  readonly job?: Job
  readonly edit?: (it: EditableWaiver) => unknown
  /** Whom the policy lets waive. */
  readonly who?: Job
}

function waiver(id: string, forger: string, code: string, { who, ...how }: Waiver): Forgery {
  return {
    ...{ id, forger, stoppedBy: [`${rule} rule-refused`, `waiver ${code}`] },
    make(scene) {
      const { release } = scene
      const ask = (text: string, signed: Parameters<typeof signedWaiver>[3] = {}): Answer =>
        underPolicy(scene, async () => ({
          bundle: lines(await release.genuine(releaseJob), await signedWaiver(release, text, rule, signed)),
          policy: { text },
          at: daysFromNow(0),
        }))
      return Promise.resolve({ forged: ask(policyWith(release, who), how), genuine: ask(policyWith(release)) })
    },
  }
}

const lines = (...bundles: readonly object[]): string => bundles.map((it) => `${JSON.stringify(it)}\n`).join('')

const owner: Job = { repository: 'acme/policies', workflow: 'approve.yml' }

interface Approval {
  /** The bytes that are presented, in place of those that were signed. */
  readonly presented?: (text: string) => string
  readonly predicateType?: string
  readonly job?: Job
}

function approval(id: string, forger: string, code: string, { presented, ...how }: Approval): Forgery {
  return {
    ...{ id, forger, stoppedBy: [`refused ${code}`] },
    make(scene) {
      const { release } = scene
      const text = policyText(release, {})
      const signer = 'https://github.com/acme/policies/.github/workflows/approve.yml@refs/heads/main'
      const ask = (shown: string, signed?: Approval): Answer =>
        underPolicy(scene, async () => ({
          bundle: await release.genuine(releaseJob),
          policy: {
            text: shown,
            approved: { signer, issuer: release.sigstore.issuer, approval: await approved(release, text, signed) },
          },
        }))
      return Promise.resolve({ forged: ask(presented?.(text) ?? text, how), genuine: ask(text) })
    },
  }
}

function approved(
  release: Release,
  text: string,
  { predicateType = policyApprovalV1, job = owner }: Approval = {},
): Promise<object> {
  const digest = { sha256: createHash('sha256').update(text).digest('hex') }
  const own = { apiVersion: 'countersign/policy/v1' }
  const predicate = predicateType === policyApprovalV1 ? own : release.statement(job).predicate
  const subject = [{ name: 'countersign.yaml', digest }]
  return release.sign({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate }, job)
}

export const policyForgeries: readonly Forgery[] = [
  waiver('W1', 'waives a rule, and the policy does not name them', 'waiver-signer-mismatch', {
    job: { ...approver, workflow: 'other.yml' },
  }),
  waiver('W2', 'presents a waiver that has ended', 'waiver-expired', {
    edit: (it) => (it.predicate.expires = '2026-01-01T00:00:00Z'),
  }),
  waiver('W2b', 'has one signed that ends in a year', 'waiver-too-long', {
    edit: (it) => (it.predicate.expires = daysFromNow(365)),
  }),
  waiver('W3', 'edits the policy, and presents a waiver of what it was', 'waiver-policy-mismatch', {
    edit: (it) => (it.predicate.policy.digest.sha256 = 'a'.repeat(64)),
  }),
  waiver('W4', 'has one signed for who must sign', 'waiver-rule-refused', {
    edit: (it) => (it.predicate.rule = 'identity/signers'),
  }),
  waiver('W5', 'waives with the very job that signs the provenance', 'waiver-not-independent', {
    ...{ job: releaseJob, who: { repository: 'acme/widget', workflow: 'release.yml' } },
  }),
  waiver('W6', 'presents a waiver of another change', 'waiver-place-mismatch', {
    edit: (it) => (it.predicate.place = { commit: 'b'.repeat(40) }),
  }),
  approval('W7', 'edits a policy that was signed', 'policy-approval-mismatch', { presented: (text) => `${text} ` }),
  approval('W7b', 'signs a policy themselves', 'policy-signer-mismatch', { job: releaseJob }),
  approval('W7c', 'presents provenance of a policy as its approval', 'policy-unsigned', {
    predicateType: 'https://slsa.dev/provenance/v1',
  }),
]
