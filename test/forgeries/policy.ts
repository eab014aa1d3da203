/** Forgers of waivers and of policies: each is asked through a policy, and the row says which rule stays as it failed, and why. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { CountersignError } from '../../src/errors.ts'
import { policyApprovalV1 } from '../../src/predicates/policy-approval.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { judge } from '../../src/verify/verify.ts'
import { judgeBy, policyText } from '../world/policy-release.ts'
import type { Job, Release } from '../world/release.ts'
import { approver, daysFromNow, signedWaiver, waivers } from '../world/waiver.ts'
import type { EditableWaiver } from '../world/waiver.ts'
import { releaseJob } from './row.ts'
import type { Forgery } from './row.ts'

const rule = 'rules/reviewed'

function policyWith(release: Release, who: Job = approver): string {
  const rules = [{ id: 'reviewed', expr: 'false', message: 'somebody reviewed it' }]
  return policyText(release, { rules, waivers: waivers(release, [rule], who) })
}

/** `rule code` of each row that fails, then why each waiver was set aside. */
function reasonsIn({ policy }: Verdict): readonly string[] {
  return [
    ...(policy?.checks ?? []).flatMap((it) => (it.outcome === 'fail' ? [`${it.rule} ${it.code}`] : [])),
    ...(policy?.waiversSetAside ?? []).map(({ code }) => `waiver ${code}`),
  ]
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
    make({ release }) {
      const ask = async (policy: string, signed: object): Promise<readonly string[]> =>
        reasonsIn(await judgeBy(release, [await release.genuine(releaseJob), signed], policy))
      const policy = policyWith(release, who)
      return Promise.resolve({
        forged: async () => ask(policy, await signedWaiver(release, policy, rule, how)),
        genuine: async () => ask(policyWith(release), await signedWaiver(release, policyWith(release), rule)),
      })
    },
  }
}

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
    make({ release }) {
      const text = policyText(release, {})
      return Promise.resolve({
        forged: () => underPolicy(release, presented?.(text) ?? text, () => approved(release, text, how)),
        genuine: () => underPolicy(release, text, () => approved(release, text)),
      })
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

async function underPolicy(release: Release, text: string, sign: () => Promise<object>): Promise<readonly string[]> {
  const file = release.write(text)
  writeFileSync(`${file}.sigstore.json`, JSON.stringify(await sign()))
  const signer = 'https://github.com/acme/policies/.github/workflows/approve.yml@refs/heads/main'
  try {
    const verdict = await judge({
      artifact: release.artifact,
      bundle: release.write(await release.genuine(releaseJob)),
      trust: release.trust,
      policy: { file, approved: { signer, issuer: release.sigstore.issuer } },
    })
    return reasonsIn(verdict)
  } catch (thrown) {
    if (thrown instanceof CountersignError) return [`refused ${thrown.code}`]
    throw thrown
  }
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
