/** A policy that somebody must have signed: by whom is told from outside, and only an approval of these very bytes is one. */
import { writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../src/model/verdict.ts'
import { worldOf } from '../../src/platform/world.ts'
import { policyApprovalV1 } from '../../src/predicates/policy-approval.ts'
import type { ApprovedPolicySource } from '../../src/verify/approved-policy.ts'
import { openPolicy } from '../../src/verify/open-policy.ts'
import { judge } from '../../src/verify/verify.ts'
import { codeOfAsync, failureOf } from '../world/failure.ts'
import { policyText, refusalsIn, releaseJob } from '../world/policy-release.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { edited, trustIn, useRelease } from '../world/release.ts'
import type { EditableBundle, Job } from '../world/release.ts'
import { waiverV1 } from '../../src/predicates/waiver.ts'

const release = useRelease()
const owner: Job = { repository: 'acme/policies', workflow: 'approve.yml' }
const signer = 'https://github.com/acme/policies/.github/workflows/approve.yml@refs/heads/main'

interface Approval {
  readonly text: string
  readonly predicateType?: string
  readonly predicate?: object
  readonly job?: Job
}

function approve({
  text,
  predicateType = policyApprovalV1,
  predicate = { apiVersion: 'countersign/policy/v1', name: 'test' },
  job = owner,
}: Approval): Promise<EditableBundle> {
  const subject = [{ name: 'policy.yaml', digest: { sha256: createHash('sha256').update(text).digest('hex') } }]
  return release().sign({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate }, job)
}

let files = 0

/** The verdict under a policy in a file, with what lies beside it. */
async function judged(
  text: string,
  bundle: object | string | undefined,
  approved: Partial<ApprovedPolicySource['approved']> = {},
  more: object = {},
): Promise<Verdict> {
  const file = join(release().folder, `signed-${(files += 1)}.yaml`)
  writeFileSync(file, text)
  if (bundle !== undefined)
    writeFileSync(`${file}.sigstore.json`, typeof bundle === 'string' ? bundle : JSON.stringify(bundle))
  return judge({
    artifact: release().artifact,
    bundle: release().write(await release().genuine(releaseJob)),
    trust: release().trust,
    policy: { file, approved: { signer, issuer: release().sigstore.issuer, ...approved } },
    world: { cwd: release().folder },
    ...more,
  })
}

describe('a policy that must be signed', () => {
  test('is taken where who was asked for signed it, and the verdict says who', async () => {
    const text = policyText(release(), {})
    const verdict = await judged(text, await approve({ text }))
    expect([verdict.outcome, refusalsIn(verdict), verdict.policy?.signer]).toEqual(['pass', [], signer])
    expect(schemaErrors('verdict', JSON.parse(JSON.stringify(verdict)))).toEqual([])
  })

  test('may have its bundle elsewhere, and several in one file', async () => {
    const text = policyText(release(), {})
    const other = await approve({ text: `${text} ` })
    const lines = [other, await approve({ text })].map((it) => JSON.stringify(it)).join('\n')
    const bundle = release().write(lines, 'approvals.jsonl')
    expect((await judged(text, undefined, { bundle })).outcome).toBe('pass')
    expect(await codeOfAsync(() => judged(text, undefined, { bundle: 'nowhere.json' }))).toBe('path-missing')
  })

  test('refuses a release as it would unsigned', async () => {
    const text = policyText(release(), { rules: [{ id: 'never', expr: 'false', message: 'never' }] })
    expect((await judged(text, await approve({ text }))).outcome).toBe('fail')
  })

  test('covers what it extends by its digest', async () => {
    const far = policyText(release(), {})
    writeFileSync(join(release().folder, 'base.yaml'), far)
    const sha256 = createHash('sha256').update(far).digest('hex')
    const text = policyText(release(), {}, { extends: { file: 'base.yaml', sha256 } })
    const bundle = await approve({ text })
    expect((await judged(text, bundle)).outcome).toBe('pass')
    writeFileSync(join(release().folder, 'base.yaml'), `${far} `)
    expect(await codeOfAsync(() => judged(text, bundle))).toBe('policy-digest-mismatch')
  })

  test('is good for as long as it says itself, whenever it was signed', async () => {
    const expires = new Date(worldOf().now().getTime() + 60_000).toISOString()
    const text = policyText(release(), {}, { expires })
    const bundle = await approve({ text })
    expect((await judged(text, bundle)).outcome).toBe('pass')
    const now = (): Date => new Date(worldOf().now().getTime() + 120_000)
    const later = await judged(text, bundle, {}, { world: { cwd: release().folder, now } })
    expect(refusalsIn(later)).toEqual(['policy/expiry fail policy-expired'])
  })

  test('is asked of an opened policy by nobody: that has no trust', async () => {
    const approved = { signer, issuer: release().sigstore.issuer } as never
    expect(await codeOfAsync(() => openPolicy({ file: 'base.yaml', approved }, release().folder))).toBe('usage')
  })
})

describe('a policy is refused', () => {
  const text = (): string => policyText(release(), {})

  test.each<[string, string, () => Promise<Verdict>]>([
    ['that nobody signed', 'policy-unsigned', () => judged(text(), undefined)],
    [
      'that was changed after it was signed',
      'policy-approval-mismatch',
      async () => judged(`${text()} `, await approve({ text: text() })),
    ],
    [
      'with the bundle of another file',
      'policy-approval-mismatch',
      async () => judged(text(), await approve({ text: policyText(release(), {}, { name: 'other' }) })),
    ],
    [
      'that somebody else signed',
      'policy-signer-mismatch',
      async () => judged(text(), await approve({ text: text(), job: { ...owner, workflow: 'other.yml' } })),
    ],
    [
      'that the job signed which makes the release',
      'policy-signer-mismatch',
      async () => judged(text(), await approve({ text: text(), job: releaseJob })),
    ],
    [
      'of another issuer',
      'policy-signer-mismatch',
      async () => judged(text(), await approve({ text: text() }), { issuer: 'https://oidc.acme.example' }),
    ],
    [
      'with provenance of it in the place of an approval',
      'policy-unsigned',
      async () => {
        const { predicateType, predicate } = release().statement(owner)
        return judged(text(), await approve({ text: text(), predicateType, predicate }))
      },
    ],
    [
      'with a waiver about it in the place of an approval',
      'policy-unsigned',
      async () => {
        const predicate = {
          rule: 'rules/x',
          policy: { digest: { sha256: 'a'.repeat(64) } },
          reason: 'a reason that has enough letters',
          expires: '2027-01-01T00:00:00Z',
        }
        return judged(text(), await approve({ text: text(), predicateType: waiverV1, predicate }))
      },
    ],
    [
      'whose approval is of another version of policies',
      'predicate-malformed',
      async () => judged(text(), await approve({ text: text(), predicate: { apiVersion: 'countersign/policy/v2' } })),
    ],
    [
      'that was signed as a file',
      'policy-unsigned',
      async () => {
        const { verificationMaterial, mediaType } = await approve({ text: text() })
        const messageDigest = { algorithm: 'SHA2_256', digest: createHash('sha256').update(text()).digest('base64') }
        return judged(text(), {
          mediaType,
          verificationMaterial,
          messageSignature: { messageDigest, signature: 'AAAA' },
        })
      },
    ],
    [
      'whose approval was edited',
      'signature-invalid',
      async () => {
        const bundle = await approve({ text: policyText(release(), {}, { name: 'other' }) })
        const [was, is] = [policyText(release(), {}, { name: 'other' }), text()].map((it) =>
          createHash('sha256').update(it).digest('hex'),
        )
        const forged = edited(bundle, (it) => {
          const payload = Buffer.from(it.dsseEnvelope.payload, 'base64').toString('utf8')
          it.dsseEnvelope.payload = Buffer.from(payload.replace(was ?? '', is ?? '')).toString('base64')
        })
        return judged(text(), forged)
      },
    ],
    ['beside which something else lies', 'bundle-malformed', () => judged(text(), '{"mediaType":"x"}')],
  ])('%s: %s', async (_, code, ask) => {
    expect(await codeOfAsync(ask)).toBe(code)
  })

  test('where the name of the signer would be anybody, or nobody', async () => {
    const bundle = await approve({ text: text() })
    expect(await codeOfAsync(() => judged(text(), bundle, { signer: 'https://github.com/**' }))).toBe('pattern-invalid')
    expect(await codeOfAsync(() => judged(text(), bundle, { signer: '' }))).toBe('usage')
  })

  test('and nothing passes where there is no trust', async () => {
    const verdict = await judged(text(), await approve({ text: text() }), {}, { trust: trustIn({}) })
    expect([verdict.outcome, verdict.policy?.signer]).toEqual(['undecided', undefined])
  })

  test('without showing how to pass', async () => {
    const other = await approve({ text: text(), job: { ...owner, workflow: 'other.yml' } })
    const failure = await failureOf(() => judged(text(), other))
    expect(failure).toMatchObject({ option: 'policySigner', expected: `${signer}, by ${release().sigstore.issuer}` })
  })
})
