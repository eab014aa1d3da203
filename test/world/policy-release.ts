/** A release that a policy is asked about: bundles of its jobs, policies in files beside it, one clock. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LooseQuestion } from '../../src/model/question.ts'
import type { PolicyCheck } from '../../src/model/policy-report.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import type { BundleInput } from '../../src/verify/candidates.ts'
import { judge } from '../../src/verify/verify.ts'
import type { Job, Release } from './release.ts'

export const releaseJob: Job = { repository: 'acme/widget', workflow: 'release.yml' }

/** Members that every policy of a test has; the identity is that of the release's own job. */
export function policyText({ sigstore }: Release, sections: object, more: object = {}): string {
  const signers = [{ repo: 'acme/widget', workflow: 'release.yml', issuer: sigstore.issuer }]
  const whole = { apiVersion: 'countersign/policy/v1', name: 'test', identity: { signers }, ...sections, ...more }
  return JSON.stringify(whole)
}

export interface AskedPolicy {
  readonly profile?: string
  readonly beside?: LooseQuestion
  readonly now?: string
  readonly artifact?: string
  readonly previous?: string | BundleInput
}

/** The verdict about these bundles under a policy, which is text or an object in a file of its own. */
export async function judgeBy(
  release: Release,
  bundles: readonly object[],
  policy: string | object,
  { profile, beside, now, previous, artifact = release.artifact }: AskedPolicy = {},
): Promise<Verdict> {
  const file = join(release.folder, `policy-${Buffer.from(String(files++)).toString('hex')}.yaml`)
  writeFileSync(file, typeof policy === 'string' ? policy : JSON.stringify(policy))
  const bundle = release.write(bundles.map((it) => JSON.stringify(it)).join('\n'), `bundles-${files}.jsonl`)
  return judge({
    artifact,
    bundle,
    trust: release.trust,
    policy: { file, ...(profile === undefined ? {} : { profile }) },
    ...(beside === undefined ? {} : { question: beside }),
    ...(previous === undefined ? {} : { previous }),
    world: { cwd: release.folder, ...(now === undefined ? {} : { now: () => new Date(now) }) },
  })
}

let files = 0

/** `rule outcome code` of each row that is no pass; nothing where the policy lets it pass. */
export function refusalsIn({ policy }: Verdict): string[] {
  return (policy?.checks ?? []).filter((it) => it.outcome !== 'pass').map(rowWords)
}

export function rowWords(it: PolicyCheck): string {
  return it.outcome === 'fail' || it.outcome === 'waived'
    ? `${it.rule} ${it.outcome} ${it.code}`
    : `${it.rule} ${it.outcome}`
}
