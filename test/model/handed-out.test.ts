/** What a document holds: the bundles in every form in which they are handed out, and what is often taken for one. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountersignError, attempt } from '../../src/errors.ts'
import { foreignDocuments, foreignTexts } from '../../src/model/foreign-documents.ts'
import { bundleIn, entriesIn, knownText } from '../../src/model/handed-out.ts'
import type { Json } from '../../src/model/json.ts'
import { indexBundleBytes } from '../../src/store/bundle-index.ts'
import { codeOf } from '../world/failure.ts'
import { runs } from '../world/runs.ts'

const bundle = (payload: string): { readonly [member: string]: Json } => ({
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  verificationMaterial: { certificate: { rawBytes: 'MAA=' }, tlogEntries: [{ logIndex: '7' }] },
  dsseEnvelope: {
    payload: Buffer.from(payload).toString('base64'),
    payloadType: 'application/vnd.in-toto+json',
    signatures: [{ sig: 'AAAA' }],
  },
})

/** The same in the form of PEP 740. */
const pyPi = (payload: string): { readonly [member: string]: Json } => ({
  version: 1,
  verification_material: { certificate: 'MAA=', transparency_entries: [{ logIndex: '7' }] },
  envelope: { statement: Buffer.from(payload).toString('base64'), signature: 'AAAA' },
})

const payloadsOf = (document: Json): (string | undefined)[] =>
  entriesIn(document).entries.map((it) => {
    const read = attempt(() => bundleIn(it))
    return read instanceof CountersignError ? read.code : Buffer.from(read.envelope?.payload ?? '').toString()
  })

describe('a document', () => {
  it('around one bundle is a list of one, and a bundle is none', () => {
    expect(entriesIn(bundle('a')).isList).toBe(false)
    expect(entriesIn(pyPi('a')).isList).toBe(false)
    expect(entriesIn([bundle('a')]).isList).toBe(true)
    expect(entriesIn({ attestations: [{ bundle: bundle('a') }] }).isList).toBe(true)
  })

  it('gives the bundles of whatever nest of forms in their order (property)', () => {
    const { nest } = fc.letrec<{ nest: Json }>((tie) => ({
      nest: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('a', 'b').map(bundle),
        fc.constantFrom('c', 'd').map(pyPi),
        fc.constantFrom('e', 'f').map((it) => ({ bundle: bundle(it), bundle_url: 'https://x', repository_id: 1 })),
        fc.constantFrom('g', 'h').map((it) => ({ attestation: { bundle: bundle(it) }, verificationResult: {} })),
        fc.array(tie('nest'), { maxLength: 3 }),
        fc.array(tie('nest'), { maxLength: 3 }).map((attestations) => ({ attestations, publisher: {} })),
        fc.array(tie('nest'), { maxLength: 3 }).map((it) => ({ version: 1, attestation_bundles: it })),
      ),
    }))
    fc.assert(
      fc.property(nest, (document) => {
        const inside = [...JSON.stringify(document).matchAll(/"(?:payload|statement)":"([^"]*)"/g)]
        const payloads = inside.map(([, base64 = '']) => Buffer.from(base64, 'base64').toString())
        if (payloads.length === 0) expect(codeOf(() => entriesIn(document))).toBe('attestation-none')
        else expect(payloadsOf(document)).toEqual(payloads)
      }),
      { numRuns: runs(500) },
    )
  })

  it('of which an entry is broken gives the others', () => {
    const entries = [bundle('a'), null, 1, {}, { bundle: 'x' }, { bundle: bundle('b') }, pyPi('c')]
    expect(payloadsOf({ attestations: entries })).toEqual(['a', ...Array<string>(4).fill('bundle-malformed'), 'b', 'c'])
  })

  it.each<[string, Json]>([
    ['an empty list', []],
    ["npm's or GitHub's with null", { attestations: null }],
    ["PyPI's with null", { version: 1, attestation_bundles: null }],
    ["PyPI's with null for a publisher", { version: 1, attestation_bundles: [{ publisher: {}, attestations: null }] }],
    ['a list of empty lists', [[], { attestations: [] }]],
    ["npm's or GitHub's with nothing in it", { attestations: [] }],
    ["PyPI's with nothing in it", { version: 1, attestation_bundles: [{ publisher: {}, attestations: [] }] }],
  ])('that lists nothing is no attestation: %s', (_, document) => {
    expect(codeOf(() => entriesIn(document))).toBe('attestation-none')
  })

  it('that is a bundle stays one, whatever stands beside', () => {
    const document = { ...bundle('a'), attestations: [bundle('b')], bundle: bundle('c'), base64Signature: 'x' }
    expect(payloadsOf(document)).toEqual(['a'])
    expect(payloadsOf({ mediaType: 'application/vnd.dev.sigstore.bundle.v0.9+json', bundle: bundle('c') })).toEqual([
      'bundle-malformed',
    ])
  })

  it('never gives another error, whatever it is (property)', () => {
    const member = fc.constantFrom(
      ...['attestations', 'attestation_bundles', 'attestation', 'bundle', 'bundle_url', 'verification_material'],
      ...['envelope', 'version', '_type', 'SLSA', 'linux/amd64', 'builder', 'mediaType', 'payload', 'signatures'],
    )
    const { any } = fc.letrec<{ any: Json }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Json>(null, 1, '', 'x'),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(member, tie('any'), { maxKeys: 3 }),
      ),
    }))
    fc.assert(
      fc.property(any, (document) => {
        const entries = attempt(() => entriesIn(document))
        if (entries instanceof CountersignError) return
        for (const it of entries.entries) expect(attempt(() => bundleIn(it))).toBeInstanceOf(CountersignError)
      }),
      { numRuns: runs(500) },
    )
  })
})

describe('a PyPI attestation', () => {
  it('becomes the bundle that it was made from', () => {
    const { version, json, form } = bundleIn(pyPi('a'))
    expect({ version, json, form }).toEqual({ version: '0.3', json: bundle('a'), form: 'PyPI attestation' })
  })

  it.each<[string, object, string]>([
    ['of version 2', { version: 2 }, 'bundle-version-unsupported'],
    ['of a version in words', { version: '1' }, 'bundle-version-unsupported'],
    ['without a version', { version: null }, 'bundle-version-unsupported'],
    ['without an envelope', { envelope: null }, 'bundle-malformed'],
    ['without a signature', { envelope: { statement: 'e30=' } }, 'bundle-malformed'],
    ['whose statement is no base64', { envelope: { statement: '%', signature: 'AAAA' } }, 'bundle-malformed'],
    ['without log entries', { verification_material: { certificate: 'MAA=' } }, 'bundle-malformed'],
    [
      'of very many log entries',
      { verification_material: { certificate: 'MAA=', transparency_entries: Array(33).fill({}) } },
      'bundle-malformed',
    ],
  ])('%s is refused', (_, change, code) => {
    const json = JSON.parse(JSON.stringify({ ...pyPi('a'), ...change })) as Json
    expect(codeOf(() => bundleIn(json))).toBe(code)
  })
})

const statement = { _type: 'https://in-toto.io/Statement/v0.1', subject: [], predicateType: 'x', predicate: {} }
const provenance = { buildDefinition: { buildType: 'x' }, runDetails: { builder: { id: 'x' } } }

describe('what is no bundle is told as what it is', () => {
  it.each<[string, string, Json]>([
    [
      'a bundle of cosign 2',
      'bundle-legacy',
      { base64Signature: 'MEUC', cert: 'LS0t', rekorBundle: { SignedEntryTimestamp: 'MEUC', Payload: {} } },
    ],
    ['a signature that cosign downloaded', 'bundle-legacy', { Base64Signature: 'MEUC', Payload: 'e30=', Cert: {} }],
    ['a statement of BuildKit', 'statement-unsigned', statement],
    ['a statement', 'statement-unsigned', { ...statement, _type: 'https://in-toto.io/Statement/v1' }],
    ['SLSA provenance v1', 'predicate-unsigned', provenance],
    ['SLSA provenance v0.2', 'predicate-unsigned', { builder: { id: 'x' }, buildType: 'y', materials: [] }],
    ['what buildx prints of an image', 'predicate-unsigned', { SLSA: provenance }],
    ['what buildx prints of two platforms', 'predicate-unsigned', { 'linux/amd64': { SLSA: provenance } }],
    ['the metadata file of buildx', 'predicate-unsigned', { 'buildx.build.provenance': {}, 'buildx.build.ref': 'x' }],
    ['SPDX 2', 'sbom-unsigned', { spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT' }],
    ['SPDX 3', 'sbom-unsigned', { '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld', '@graph': [] }],
    ['CycloneDX', 'sbom-unsigned', { bomFormat: 'CycloneDX', specVersion: '1.6' }],
    ['an address of a bundle', 'bundle-elsewhere', { bundle_url: 'https://x', repository_id: 1 }],
    [
      ...(['what GitLab lists', 'bundle-elsewhere'] as const),
      { id: 1, predicate_type: 'https://slsa.dev/provenance/v1', download_url: 'https://x' },
    ],
    ['what gh printed of one that is elsewhere', 'bundle-elsewhere', { attestation: { bundle_url: 'https://x' } }],
    ['a token in quotes', 'secret-given', token()],
    ['a statement that was kept', 'statement-unsigned', { type: 'https://w3id.org/countersign/prepared/v1' }],
  ])('%s', (_, code, document) => {
    expect(codeOf(() => bundleIn(document))).toBe(code)
    const [inList] = entriesIn([document]).entries
    expect(codeOf(() => bundleIn(inList ?? null))).toBe(code)
  })

  const pem = (label: string): string => `-----BEGIN ${label}-----\nMIIC\n-----END ${label}-----\n`
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const ed = generateKeyPairSync('ed25519')
  const lines = (text: string): string => text.replace(/.{64}/g, '$&\n')
  it.each<[string, string | undefined, string]>([
    ['a certificate', 'certificate-alone', pem('CERTIFICATE')],
    ['several of them, behind blank lines', 'certificate-alone', `\n${pem('CERTIFICATE').repeat(2)}`],
    ['a certificate as cosign 2 writes it', 'certificate-alone', Buffer.from(pem('CERTIFICATE')).toString('base64')],
    ['a certificate in DER', 'certificate-alone', '0\x82\x02\xa80\x82\x02\x2e\xa0\x03'],
    ['a signature in DER', 'signature-alone', sign('sha256', Buffer.of(1), ec.privateKey).toString('latin1')],
    ['a tar archive', 'bundle-malformed', `${'a.json'.padEnd(257, '\0')}ustar\0`],
    ['lists, one after the other, which look like snappy', undefined, '[ {"a":1}]\n[ {"b":1}]\n'],
    ['a public key', 'certificate-alone', pem('PUBLIC KEY')],
    ['a private key', 'secret-given', pem('ENCRYPTED SIGSTORE PRIVATE KEY')],
    ['a signature of PGP', 'signature-alone', pem('PGP SIGNATURE')],
    ['a signature of minisign', 'signature-alone', 'untrusted comment: signature\nRWQf\n'],
    ['an ECDSA signature', 'signature-alone', sign('sha256', Buffer.of(1), ec.privateKey).toString('base64')],
    [
      'an RSA signature over lines',
      'signature-alone',
      lines(sign('sha256', Buffer.of(1), rsa.privateKey).toString('base64')),
    ],
    ['an Ed25519 signature', 'signature-alone', sign(null, Buffer.of(1), ed.privateKey).toString('base64')],
    ['a token', 'secret-given', `${token()}\n`],
    ['an SPDX document as text', 'sbom-unsigned', 'SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\n'],
    [
      'CycloneDX as XML',
      'sbom-unsigned',
      '<?xml version="1.0"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"></bom>',
    ],
    ['a digest', undefined, 'a'.repeat(128)],
    ['a digest in base64', undefined, Buffer.alloc(32).toString('base64')],
    ['text', undefined, 'hello'],
    ['nothing', undefined, ''],
    ['three words with dots', undefined, 'one.two.three'],
    ['a page', 'bundle-malformed', '<!DOCTYPE html><html></html>'],
    ['a text about pages', undefined, 'see <html>'],
  ])('a text: %s', (_, code, text) => {
    expect(knownText(text)?.code).toBe(code)
  })

  it('and nothing of it is in the error', () => {
    for (const secret of [token(), pem('EC PRIVATE KEY')]) {
      const { message, hint } = knownText(secret) ?? new CountersignError('internal', secret)
      expect(`${message} ${hint ?? ''}`).not.toMatch(/eyJ|MIIC|removed/)
    }
  })
})

describe('what has nothing to do with bundles', () => {
  const page = readFileSync(new URL('../../docs/bundle-forms.md', import.meta.url), 'utf8')
  const [, section = ''] = page.split('## Known to be something else')
  const rows = [...section.matchAll(/^\| (.+?) +\| `(.+?)` +\| /gm)].map(([, what = '', example = '']) => [
    what,
    example,
  ])

  it('has an example of each kind in the documents', () => {
    const documented = [...new Set(rows.map(([what]) => what))].sort()
    expect(documented).toEqual([...new Set([...foreignDocuments, ...foreignTexts].map((it) => it.what))].sort())
  })

  it.each(rows)('is told as what it is, with what to do: %s (%s)', async (what, example) => {
    const text = example.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    const { unreadable, count } = await indexBundleBytes('file', Buffer.from(text, 'latin1'))
    expect([count, unreadable.map((it) => [it.error.code, it.error.message])]).toEqual([
      0,
      [['bundle-malformed', `in place of a bundle stands ${what}`]],
    ])
    expect(unreadable[0]?.error.hint).toBeDefined()
  })

  it.each<[string, Json]>([
    ['a message with more beside it', { message: 'Not Found', subject: [] }],
    ['a resource of Kubernetes', { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec: {} }],
    ['nothing', {}],
    ['files of something else', { files: [] }],
  ])('and %s is not taken for any of it', (_, document) => {
    expect(attempt(() => bundleIn(document))).toMatchObject({
      code: 'bundle-malformed',
      message: expect.stringContaining('the bundle is malformed') as string,
    })
  })
})

function token(): string {
  const parts = [{ alg: 'RS256', typ: 'JWT' }, { iss: 'https://issuer.example' }]
  return `${parts.map((it) => Buffer.from(JSON.stringify(it)).toString('base64url')).join('.')}.c2lnbmF0dXJl`
}
