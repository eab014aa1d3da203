/** A verification summary is accepted by the seven steps of its specification, and each attack is stopped by one of them. */
import { constants } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountersignError } from '../../src/errors.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { judgeSummary } from '../../src/verify/verify-summary.ts'
import type { SummaryVerification } from '../../src/verify/verify-summary.ts'
import { codeOfAsync } from '../world/failure.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { artifactBytes, artifactDigest, refusals, summaryOf, useRelease } from '../world/release.ts'
import { runs } from '../world/runs.ts'
import { keyedBundle, keyedEnvelope, resourceUri, summaryStatement, verifierId, verifierKey } from '../world/summary.ts'
import type { EditableSummary } from '../world/summary.ts'

const release = useRelease()
const key = verifierKey()
const levels = ['SLSA_BUILD_LEVEL_2']
const question = { verifierId, resourceUri, levels }
const bytesOf = (json: unknown): Buffer => Buffer.from(JSON.stringify(json))
const artifact = { bytes: Buffer.from(artifactBytes) }

type Asking = Partial<SummaryVerification>
type Edit = (it: EditableSummary) => unknown

async function keyed(edit?: Edit, asking: Asking = {}): Promise<string[]> {
  return refusals(await keyedVerdict(keyedEnvelope(summaryStatement(edit), key), asking))
}

async function keyedVerdict(summary: unknown, asking: Asking = {}): Promise<Verdict> {
  return judgeSummary({ artifact, summary: bytesOf(summary), signer: { key: key.pem }, question, ...asking })
}

async function keyless(edit?: Edit, asking: Asking = {}): Promise<string[]> {
  const summary = bytesOf(await release().sign(summaryStatement(edit)))
  const signer = release().question()
  return refusals(await judgeSummary({ artifact, summary, signer, question, trust: release().trust, ...asking }))
}

/** Each kind of signature by the same attacks: what a rule stops, it stops whoever signed. */
describe.each([
  ['a key', keyed],
  ['a certificate', keyless],
] as const)('a summary under %s', (_, ask) => {
  it('passes where it says what is asked for', async () => {
    expect(await ask()).toEqual([])
  })

  it.each<[string, Edit, string[]]>([
    ['says FAILED', (it) => (it.predicate.verificationResult = 'FAILED'), ['verification-result verification-failed']],
    [
      'names another verifier',
      (it) => (it.predicate.verifier.id = 'https://other.example'),
      ['verifier verifier-mismatch'],
    ],
    [
      'is for another resource',
      (it) => (it.predicate.resourceUri = `${resourceUri}?beta`),
      ['resource-uri resource-mismatch'],
    ],
    [
      'is about another artifact',
      (it) => (it.subject[0]!.digest = { sha256: 'f'.repeat(64) }),
      ['subject subject-mismatch'],
    ],
    ['names no level', (it) => (it.predicate.verifiedLevels = []), ['verified-levels levels-malformed']],
    [
      'lacks the level',
      (it) => (it.predicate.verifiedLevels = ['SLSA_BUILD_LEVEL_1']),
      ['verified-levels level-missing'],
    ],
    [
      'has the level of another track',
      (it) => (it.predicate.verifiedLevels = ['SLSA_SOURCE_LEVEL_3']),
      ['verified-levels level-missing'],
    ],
    [
      'makes no claim about the track',
      (it) => (it.predicate.verifiedLevels = ['SLSA_BUILD_LEVEL_UNEVALUATED']),
      ['verified-levels level-missing'],
    ],
    [
      'invents a value of SLSA',
      (it) => it.predicate.verifiedLevels.push('SLSA_AI_LEVEL_3'),
      ['verified-levels levels-malformed'],
    ],
    [
      'says FAILED among its levels',
      (it) => it.predicate.verifiedLevels.push('FAILED'),
      ['verified-levels levels-malformed'],
    ],
    [
      'has two levels of one track',
      (it) => it.predicate.verifiedLevels.push('SLSA_BUILD_LEVEL_1'),
      ['verified-levels levels-malformed'],
    ],
  ])('fails where it %s', async (_, edit, expected) => {
    expect(await ask(edit)).toEqual(expected)
  })

  it('of another type is none, whatever stands in it', async () => {
    const other = await ask((it) => (it.predicateType = 'https://slsa.dev/verification_summary/v0.2'))
    expect(other).toEqual(['predicate-type predicate-type-mismatch'])
  })

  it.each([
    ['SLSA_BUILD_LEVEL_3', 'SLSA_BUILD_LEVEL_2'],
    ['SLSA_BUILD_LEVEL_3', 'SLSA_BUILD_LEVEL_0'],
    ['SLSA_SOURCE_LEVEL_4', 'SLSA_SOURCE_LEVEL_3'],
    ['SLSA_BUILD_LEVEL_UNEVALUATED', 'SLSA_BUILD_LEVEL_UNEVALUATED'],
    ['SLSA_SOURCE_TWO_PARTY_REVIEWED', 'SLSA_SOURCE_TWO_PARTY_REVIEWED'],
    ['SLSA_BUILD_REPRODUCED', 'SLSA_BUILD_REPRODUCED'],
    ['ORG_SOURCE_AI_DISCLOSED', 'ORG_SOURCE_AI_DISCLOSED'],
    ['BCID_L1', 'BCID_L1'],
  ])('that has %s holds %s', async (verified, asked) => {
    const asking = { question: { ...question, levels: [asked] } }
    expect(await ask((it) => (it.predicate.verifiedLevels = [verified]), asking)).toEqual([])
  })

  it('is by the policy of the digest that is asked for, and not by another of the same address', async () => {
    const asking = { question: { ...question, policyDigest: `sha256:${'a'.repeat(64)}` } }
    expect(await ask(undefined, asking)).toEqual([])
    const refused = ['policy-digest summary-policy-mismatch']
    const uri = 'https://acme.example/policy'
    for (const policy of [
      { uri, digest: { sha256: 'b'.repeat(64) } },
      { uri, digest: { sha1: 'a'.repeat(40) } },
      { uri },
    ]) {
      expect(await ask((it) => (it.predicate['policy'] = policy), asking)).toEqual(refused)
    }
    expect(await ask((it) => Reflect.deleteProperty(it.predicate, 'policy'), asking)).toEqual(refused)
    const malformed = { question: { ...question, policyDigest: 'a'.repeat(64) } }
    expect(await codeOfAsync(() => ask(undefined, malformed))).toBe('usage')
  })

  it('must hold each level that is asked for', async () => {
    const asking = { question: { ...question, levels: ['SLSA_BUILD_LEVEL_1', 'SLSA_SOURCE_LEVEL_1'] } }
    expect(await ask(undefined, asking)).toEqual(['verified-levels level-missing'])
    const both: Edit = (it) => it.predicate.verifiedLevels.push('SLSA_SOURCE_LEVEL_2')
    expect(await ask(both, asking)).toEqual([])
  })
})

describe('a key', () => {
  const statement = summaryStatement()

  it.each([
    ['P-256', {}],
    ['P-256', { dsaEncoding: 'ieee-p1363' }],
    ['P-384', { hash: 'sha384' }],
    ['P-384', { hash: 'sha256', dsaEncoding: 'ieee-p1363' }],
    ['Ed25519', {}],
    ['RSA', {}],
    ['RSA', { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }],
  ] as const)('of %s signs as %o', async (kind, form) => {
    const own = verifierKey(kind)
    const envelope = keyedEnvelope(statement, own, form)
    const asking = { signer: { key: own.pem } }
    expect(refusals(await keyedVerdict(envelope, asking))).toEqual([])
    const verdict = await keyedVerdict(keyedBundle(envelope), asking)
    expect(refusals(verdict)).toEqual([])
    expect(summaryOf(verdict)?.verified).toMatchObject({ verifierId, result: 'PASSED', levels })
    expect(schemaErrors('verdict', JSON.parse(JSON.stringify(verdict)))).toEqual([])
    const other = { signer: { key: verifierKey(kind).pem } }
    expect(refusals(await keyedVerdict(envelope, other))).toEqual(['signature signature-invalid'])
  })

  it('does not cover an edited statement', async () => {
    const envelope = keyedEnvelope(statement, key)
    const edited = summaryStatement((it) => (it.predicate.verifiedLevels = ['SLSA_BUILD_LEVEL_3']))
    const payload = Buffer.from(JSON.stringify(edited)).toString('base64')
    expect(refusals(await keyedVerdict({ ...envelope, payload }))).toEqual(['signature signature-invalid'])
  })

  it('is of one verifier: another one that signs in its name is refused', async () => {
    const forger = verifierKey()
    expect(refusals(await keyedVerdict(keyedEnvelope(statement, forger)))).toEqual(['signature signature-invalid'])
  })

  it('makes one signature, and of several none counts', async () => {
    const envelope = keyedEnvelope(statement, key)
    const [own] = envelope.signatures
    const [foreign] = keyedEnvelope(statement, verifierKey()).signatures
    for (const signatures of [[own, own], [own, foreign], [foreign, own], []]) {
      const verdict = await keyedVerdict({ ...envelope, signatures })
      expect(refusals(verdict)).toEqual(['signature signature-invalid'])
    }
  })

  it('signs a statement, and no payload of another type', async () => {
    const envelope = keyedEnvelope(statement, key, { payloadType: 'application/vnd.acme+json' })
    expect(refusals(await keyedVerdict(envelope))).toEqual(['payload-type payload-type-mismatch'])
  })

  it('is not the signer of what was signed under a certificate', async () => {
    const bundle = await release().sign(statement)
    expect(refusals(await keyedVerdict(bundle))).toEqual(['certificate-chain key-mismatch'])
  })

  it('does not say whose it is: the verifier must be named', async () => {
    const { verifierId: _, ...unnamed } = question
    expect(await codeOfAsync(() => keyedVerdict(keyedEnvelope(statement, key), { question: unnamed }))).toBe(
      'question-incomplete',
    )
  })

  it('counts with log and time where a trust is named', async () => {
    const bundle = keyedBundle(keyedEnvelope(statement, key))
    expect(refusals(await keyedVerdict(bundle, { trust: release().trust }))).toEqual([
      'trusted-time trusted-time-missing',
    ])
  })
})

describe('a signer under a certificate', () => {
  const { verifierId: _, ...unnamed } = question

  it('speaks for itself, and not for another verifier', async () => {
    expect(await keyless(undefined, { question: unnamed })).toEqual(['verifier verifier-mismatch'])
    const { signer } = release().question()
    expect(await keyless((it) => (it.predicate.verifier.id = signer), { question: unnamed })).toEqual([])
  })

  it('is the one that is asked for', async () => {
    const signer = {
      ...release().question(),
      signer: 'https://github.com/acme/other/.github/workflows/a.yml@refs/heads/main',
    }
    expect(await keyless(undefined, { signer })).toEqual(['signer signer-mismatch'])
  })

  it('signs no bare envelope', async () => {
    const summary = bytesOf(keyedEnvelope(summaryStatement(), key))
    expect(await keyless(undefined, { summary })).toEqual(['trusted-time trusted-time-missing'])
  })
})

describe('what is asked for', () => {
  const envelope = keyedEnvelope(summaryStatement(), key)
  const asked = (more: Partial<SummaryVerification['question']>): Promise<unknown> =>
    codeOfAsync(() => keyedVerdict(envelope, { question: { ...question, ...more } }))

  it('is a level of SLSA that there is, or a word of a verifier', async () => {
    for (const level of ['SLSA_BUILD_LEVEL_4', 'SLSA_AI_LEVEL_1', 'slsa_build_level_2', 'SLSA_', 'FAILED', '']) {
      expect(await asked({ levels: [level] }), level).toBe('usage')
    }
    expect(await asked({ levels: [] })).toBe('question-incomplete')
  })

  it('are whole URIs', async () => {
    for (const text of ['', 'app.tgz', 'https://a b', 'https:', 'https://acme.example/\u202e']) {
      expect(await asked({ resourceUri: text }), text).toBe('usage')
      expect(await asked({ verifierId: text }), text).toBe('usage')
    }
  })

  it('is a digest, or an identifier that is no broken hash', async () => {
    const by = (digest: string): Promise<unknown> =>
      keyed((it) => (it.subject[0]!.digest = digestOf(digest)), { artifact: { digest } })
    const digestOf = (text: string): Record<string, string> => ({ [text.split(':')[0]!]: text.split(':')[1]! })
    expect(await by(`sha256:${artifactDigest}`)).toEqual([])
    expect(await by(`gitCommit:${'a'.repeat(40)}`)).toEqual([])
    expect(await by('gce_image_id:8970095005306000053')).toEqual([])
    for (const text of [
      'md5:d41d8cd98f00b204e9800998ecf8427e',
      `sha1:${'a'.repeat(40)}`,
      'sha256:abc',
      'gitCommit:abc',
      'x',
      ':x',
      'x:',
    ]) {
      expect(await codeOfAsync(() => by(text)), text).toBe('usage')
    }
  })

  it('is the whole identifier, by its name', async () => {
    const edit: Edit = (it) => (it.subject[0]!.digest = { gce_image_id: '8970095005306000053' })
    for (const digest of ['gce_image_id:897', 'other_id:8970095005306000053', 'toString:x']) {
      expect(await keyed(edit, { artifact: { digest } }), digest).toEqual(['subject subject-mismatch'])
    }
  })
})

describe('of several summaries', () => {
  it('one that passes is enough, and the others are shown', async () => {
    const failed = keyedEnvelope(
      summaryStatement((it) => (it.predicate.verificationResult = 'FAILED')),
      key,
    )
    const lines = [failed, keyedEnvelope(summaryStatement(), key)].map((it) => JSON.stringify(it)).join('\n')
    const verdict = await judgeSummary({ artifact, summary: Buffer.from(lines), signer: { key: key.pem }, question })
    expect(verdict.outcome).toBe('pass')
    expect(verdict.attestations.map((it) => it.outcome)).toEqual(['pass', 'fail'])
  })

  it('none is a "no", or cannot be read', async () => {
    expect(refusals(await keyedVerdict({}))).toEqual(['undecided bundle-malformed'])
    const verdict = await keyedVerdict({}, { artifact: { digest: 'gce_image_id:1' } })
    expect(refusals(verdict)).toEqual(['undecided bundle-malformed'])
  })
})

it('never passes by whatever stands in it, and never crashes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.jsonValue(),
      fc.constantFrom('verifier', 'resourceUri', 'verificationResult', 'verifiedLevels'),
      async (value, member) => {
        const statement = summaryStatement()
        const before = JSON.stringify(statement.predicate[member])
        Object.assign(statement.predicate, { [member]: value })
        const found = await keyedVerdict(keyedEnvelope(statement, key)).catch((thrown: unknown) => {
          expect(thrown).toBeInstanceOf(CountersignError)
        })
        if (JSON.stringify(value) !== before) expect(found?.outcome).not.toBe('pass')
      },
    ),
    { numRuns: runs(100) },
  )
})
