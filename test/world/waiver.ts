/** Waivers to test with: signed by a job of a repository that approves, which is not the one that is released. */
import { createHash } from 'node:crypto'
import { worldOf } from '../../src/platform/world.ts'
import { waiverV1 } from '../../src/predicates/waiver.ts'
import type { WaiverPredicate } from '../../src/predicates/waiver.ts'
import { artifactDigest } from './release.ts'
import type { EditableBundle, Job, Release } from './release.ts'

/** Who may waive. */
export const approver: Job = { repository: 'acme/approvals', workflow: 'waive.yml' }

export const reason = 'The reviewer was on leave, and the fix for the outage could not wait.'

export interface EditableWaiver {
  _type: string
  subject: { name?: string; digest: Record<string, string> }[]
  predicateType: string
  predicate: WaiverPredicate
}

/** The section of a policy that lets the approver waive these rules. */
export function waivers({ sigstore }: Release, rules: readonly string[], job: Job = approver): object {
  const { repository: repo, workflow } = job
  return { signers: [{ repo, workflow, issuer: sigstore.issuer }], rules }
}

/** A waiver of a rule of this policy, for a month from now on. */
export function waiverStatement(policy: string, rule: string): EditableWaiver {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'app.tgz', digest: { sha256: artifactDigest } }],
    predicateType: waiverV1,
    predicate: {
      rule,
      policy: { digest: { sha256: createHash('sha256').update(policy).digest('hex') } },
      reason,
      expires: daysFromNow(30),
    },
  }
}

export function daysFromNow(days: number): string {
  return new Date(worldOf().now().getTime() + days * 24 * 3_600_000).toISOString()
}

/** The same signed, by default by the approver. */
export function signedWaiver(
  release: Release,
  policy: string,
  rule: string,
  { edit = () => undefined, job = approver }: { edit?: (it: EditableWaiver) => unknown; job?: Job } = {},
): Promise<EditableBundle> {
  const statement = waiverStatement(policy, rule)
  edit(statement)
  return release.sign(statement, job)
}
