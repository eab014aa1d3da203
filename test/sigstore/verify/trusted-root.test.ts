/** Where trust comes from, and that what is incomplete is no trust. What each part does, `verify.test.ts` shows. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { worldOf } from '../../../src/platform/world.ts'
import type { Json } from '../../../src/model/json.ts'
import { parseSigningConfig } from '../../../src/sigstore/sign/signing-config.ts'
import { loadTrust } from '../../../src/sigstore/trust/source.ts'
import { showTrust } from '../../../src/trust/trust.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { createOwnAuthority, ecKeys, keySigner, publicKeyPem, signWith } from '../../world/own-authority.ts'
import { refusals, useRelease } from '../../world/release.ts'

const release = useRelease()
const fromFile = (path: string) => loadTrust({ kind: 'file', path }, worldOf())

describe('a trusted root', () => {
  it('is read from a file, alone or in a ClientTrustConfig, and its origin is shown', async () => {
    for (const json of [release().sigstore.trustedRoot, release().sigstore.trustConfig]) {
      const path = release().write(json as object)
      expect((await fromFile(path)).origin).toBe(path)
    }
    expect((await loadTrust(release().trust, worldOf())).origin).toBe('the embedded Sigstore of this test')
  })

  it('is the same under the names of its .proto file, and refused where a member has both', async () => {
    const { trustConfig, trustedRoot } = release().sigstore
    const renamed = (json: unknown): string =>
      JSON.stringify(json).replace(/"(\w+)":/g, (name) => name.replace(/[A-Z]/g, (it) => `_${it.toLowerCase()}`))
    const contentOf = async (text: object | string): Promise<string> =>
      JSON.stringify({ ...(await fromFile(release().write(text))), origin: '' })
    const before = await contentOf(trustedRoot as object)
    for (const json of [trustConfig, trustedRoot]) {
      expect(await contentOf(renamed(json))).toBe(before)
    }
    expect(parseSigningConfig(JSON.parse(renamed(trustConfig)) as Json)).toEqual(parseSigningConfig(trustConfig))
    const both = { ...(trustedRoot as object), media_type: null }
    expect(await codeOfAsync(() => fromFile(release().write(both)))).toBe('trusted-root-malformed')
  })

  it.each<[string, string, string]>([
    ['nothing', '', 'json-malformed'],
    ['text', 'root', 'json-malformed'],
    ['duplicate members', '{"tlogs":[],"tlogs":[]}', 'json-duplicate-key'],
    ['__proto__', '{"__proto__":{}}', 'json-forbidden-key'],
    ['a list', '[]', 'trusted-root-malformed'],
    ['an empty object', '{}', 'trusted-root-malformed'],
    ['more than a root can have', ' '.repeat(5 * 1024 * 1024), 'input-too-large'],
  ])('that is %s is refused', async (_, text, code) => {
    expect(await codeOfAsync(() => fromFile(release().write(text)))).toBe(code)
  })

  it('may say null for a list that it may leave out, which asks for nothing of the kind', async () => {
    const { trustedRoot } = release().sigstore
    const lengths = async (json: object): Promise<number[]> => {
      const opened = await fromFile(release().write(json))
      return [opened.timestampAuthorities, opened.transparencyLogs, opened.certificateLogs].map((it) => it.length)
    }
    const whole = await lengths(trustedRoot as object)
    for (const [at, list] of ['timestampAuthorities', 'tlogs', 'ctlogs'].entries()) {
      expect(await lengths({ ...(trustedRoot as object), [list]: null }), list).toEqual(whole.with(at, 0))
    }
    const inNothing = { ...(trustedRoot as object), trustedRoot: null }
    expect((await fromFile(release().write(inNothing))).certificateAuthorities).toHaveLength(1)
  })

  it('that cannot be read is refused', async () => {
    expect(await codeOfAsync(() => fromFile(join(release().folder, 'none.json')))).toBe('path-missing')
    mkdirSync(join(release().folder, 'root'))
    expect(await codeOfAsync(() => fromFile(join(release().folder, 'root')))).toBe('path-directory')
  })

  it('whose logs are no list is refused', async () => {
    const text = JSON.stringify(release().sigstore.trustedRoot).replace(/"tlogs":\[/, '"tlogs":{},"other":[')
    expect(await codeOfAsync(() => fromFile(release().write(text)))).toBe('trusted-root-malformed')
  })
})

type Entry = Record<string, Json>
type Root = Record<'certificateAuthorities' | 'timestampAuthorities' | 'tlogs' | 'ctlogs', Entry[]>

function rootWith(edit: (root: Root) => void): Root {
  const root = structuredClone(release().sigstore.trustedRoot) as unknown as Root
  edit(root)
  return root
}

const newKey = (): string =>
  generateKeyPairSync('ml-dsa-65').publicKey.export({ type: 'spki', format: 'der' }).toString('base64')

/** Entries of which nothing can be verified here, beside those that can. */
const odd: [string, (root: Root) => void, RegExp][] = [
  ['a key of a new kind', (it) => it.tlogs.push({ ...it.tlogs[0]!, ...keyOf(it, { rawBytes: newKey() }) }), /kind/],
  [
    'a key that is none',
    (it) => it.tlogs.push({ ...it.tlogs[0]!, ...keyOf(it, { rawBytes: 'AAAA' }) }),
    /cannot be read/,
  ],
  ...['PKIX_SLH_DSA_9', 999, 'ML_DSA_65', 21, 'PKIX_RSA_PSS'].map((keyDetails): (typeof odd)[number] => [
    `a key with the details ${keyDetails}`,
    (it) => it.ctlogs.push({ ...it.ctlogs[0]!, ...keyOf(it, { keyDetails }, 'ctlogs') }),
    /kind/,
  ]),
  [
    'a key that is not of the kind that it is said to be',
    (it) => it.ctlogs.push({ ...it.ctlogs[0]!, ...keyOf(it, { keyDetails: 'PKIX_ED25519' }, 'ctlogs') }),
    /kind/,
  ],
  ['a tree of another hash', (it) => it.tlogs.push({ ...it.tlogs[0]!, hashAlgorithm: 'SHA3_256' }), /SHA3_256/],
  ['a log without a key', (it) => it.tlogs.push({ baseUrl: 'https://log.example' }), /log\.example/],
  ['a log that is none', (it) => it.tlogs.push(null as unknown as Entry), /number 3/],
  ['a key without a start', (it) => it.tlogs.push({ ...it.tlogs[0]!, ...keyOf(it, { validFor: {} }) }), /no start/],
  [
    'a start that is no time',
    (it) => it.tlogs.push({ ...it.tlogs[0]!, ...keyOf(it, { validFor: { start: 'long ago' } }) }),
    /no time/,
  ],
  [
    'a broken authority',
    (it) => it.certificateAuthorities.unshift({ ...it.certificateAuthorities[0]!, certChain: chain('AAAA') }),
    /certificate authority/,
  ],
  [
    'an authority without certificates',
    (it) => it.certificateAuthorities.push({ ...it.certificateAuthorities[0]!, certChain: { certificates: [] } }),
    /certificate authority/,
  ],
  [
    'a timestamp authority without a start',
    (it) => it.timestampAuthorities.unshift({ ...it.timestampAuthorities[0]!, validFor: null }),
    /timestamp authority.*no start/,
  ],
]

function keyOf(root: Root, change: Entry, list: 'tlogs' | 'ctlogs' = 'tlogs'): Entry {
  return { publicKey: { ...(root[list][0]!['publicKey'] as Entry), ...change } }
}

function chain(rawBytes: string): Json {
  return { certificates: [{ rawBytes }] }
}

describe('an entry of a trusted root that cannot be used', () => {
  it.each(odd)('is left out, and said: %s', async (_, edit, words) => {
    const path = release().write(rootWith(edit))
    const warnings: string[] = []
    const world = worldOf({ warn: (it) => void warnings.push(it) })
    const trust = await loadTrust({ kind: 'file', path }, world)
    const whole = await loadTrust({ kind: 'json', json: release().sigstore.trustedRoot, origin: 'whole' }, worldOf())
    for (const list of [
      'certificateAuthorities',
      'timestampAuthorities',
      'transparencyLogs',
      'certificateLogs',
    ] as const) {
      expect(trust[list].length, list).toBe(whole[list].length)
    }
    expect(trust.leftOut.map((it) => it.words)).toEqual([expect.stringMatching(words)])
    expect(warnings).toEqual([`left out of ${path}: ${trust.leftOut[0]!.words}`])
    const verdict = await release().judge(await release().genuine(), { trust: { kind: 'file', path } })
    expect(refusals(verdict)).toEqual([])
    expect(verdict.trust).toBe(`${path} (left out: ${trust.leftOut[0]!.words})`)
  })

  it('stands in the report of trust, as a warning', async () => {
    const path = release().write(rootWith(odd[0]![1]))
    const [report] = await showTrust({ kind: 'file', path })
    expect(report!.warnings).toEqual([expect.stringMatching(/^left out of .*transparency log/)])
    expect(report!.services.filter((it) => it.role === 'transparency-log')).toHaveLength(2)
  })

  it('beside many others is counted, where a verdict names the root', async () => {
    const many = rootWith((it) =>
      it.tlogs.push(...Array.from({ length: 6 }, () => ({ baseUrl: 'https://log.example' }))),
    )
    expect((await fromFile(release().write(many))).origin).toMatch(/and 3 more\)$/)
  })

  it.each<[string, (root: Root) => void]>([
    [
      'certificate logs',
      (it) => (it.ctlogs = it.ctlogs.map((log) => ({ ...log, ...keyOf(it, { rawBytes: newKey() }) }))),
    ],
    ['transparency logs', (it) => (it.tlogs = it.tlogs.map((log) => ({ ...log, ...keyOf(it, { keyDetails: 999 }) })))],
    ['authorities', (it) => (it.certificateAuthorities[0]!['certChain'] = chain('AAAA'))],
    ['timestamp authorities', (it) => (it.timestampAuthorities[0]!['certChain'] = chain('AAAA'))],
  ])('decides nothing where it is the last of its kind, and asks for nothing less: %s', async (_, edit) => {
    const trust = { kind: 'file', path: release().write(rootWith(edit)) } as const
    const verdict = await release().judge(await release().genuine(), { trust })
    expect(refusals(verdict)).toEqual(['undecided trusted-root-malformed'])
  })

  it('is still asked for: without an entry in its log a bundle fails', async () => {
    const edit = (it: Root): unknown =>
      (it.tlogs = it.tlogs.map((log) => ({ ...log, ...keyOf(it, { keyDetails: 999 }) })))
    const trust = { kind: 'file', path: release().write(rootWith(edit)) } as const
    const bundle = structuredClone(await release().genuine())
    bundle.verificationMaterial.tlogEntries = []
    expect(refusals(await release().judge(bundle, { trust }))).toEqual(['log-entry log-entry-missing'])
  })

  it('is still asked for: a certificate without a timestamp of its log fails', async () => {
    const edit = (it: Root): unknown => (it.ctlogs = it.ctlogs.map((log) => ({ ...log, hashAlgorithm: 'SHA3_256' })))
    const authority = createOwnAuthority(release().sigstore)
    const root = rootWith(edit)
    const own = (authority.trust as { json: Json }).json as unknown as Root
    const trust = {
      kind: 'file',
      path: release().write({ ...root, certificateAuthorities: own.certificateAuthorities }),
    } as const
    const bundle = await authority.sign(release().statement(), {})
    expect(refusals(await release().judge(bundle, { trust }))[0]).toBe(
      'certificate-transparency certificate-timestamp-invalid',
    )
  })

  it('by which the bundle was logged leaves it undecided, and says why', async () => {
    const path = release().write(rootWith((it) => Object.assign(it.tlogs[0]!, keyOf(it, { rawBytes: newKey() }))))
    const verdict = await release().judge(await release().genuine(), { trust: { kind: 'file', path } })
    expect(refusals(verdict)).toEqual(['undecided trusted-root-malformed'])
    // Once: the name of the root says it already.
    const { failure } = verdict as { failure?: { message: string } }
    expect(failure?.message.split('its key').length).toBe(2)
    const other = await release().judge(await release().genuine({}, { rekor: 2 }), { trust: { kind: 'file', path } })
    expect(refusals(other)).toEqual([])
  })
})

describe('a trusted root without addresses', () => {
  it('verifies what was logged in either version', async () => {
    const bare = rootWith((it) => {
      for (const entry of [...it.tlogs, ...it.ctlogs]) delete entry['baseUrl']
      for (const entry of [...it.certificateAuthorities, ...it.timestampAuthorities]) delete entry['uri']
    })
    const trust = { kind: 'file', path: release().write(bare) } as const
    for (const rekor of [1, 2] as const) {
      expect(refusals(await release().judge(await release().genuine({}, { rekor }), { trust })), `${rekor}`).toEqual([])
    }
    const [report] = await showTrust(trust)
    expect(report!.services.map((it) => it.host)).toEqual([undefined, undefined, undefined, undefined, undefined])
  })
})

describe('a trusted root with a timestamp authority alone', () => {
  it('verifies what was signed with a key, and nothing under a certificate', async () => {
    const root = rootWith((it) => Object.assign(it, { tlogs: [], ctlogs: [], certificateAuthorities: [] }))
    const trust = { kind: 'file', path: release().write(root) } as const
    const keys = ecKeys()
    const key = publicKeyPem(keys.publicKey)
    const bundle = await signWith(release().sigstore, release().statement(), keySigner(keys))
    bundle.verificationMaterial.tlogEntries = []
    const question = { key, anySource: true } as const
    expect(refusals(await release().judge(bundle, { trust, question }))).toEqual([])
    const other = { key: publicKeyPem(ecKeys().publicKey), anySource: true } as const
    expect(refusals(await release().judge(bundle, { trust, question: other }))).toEqual(['signature signature-invalid'])
    const undated = structuredClone(bundle)
    undated.verificationMaterial.timestampVerificationData.rfc3161Timestamps = []
    expect(refusals(await release().judge(undated, { trust, question }))).toEqual(['trusted-time trusted-time-missing'])
    const certified = structuredClone(await release().genuine())
    certified.verificationMaterial.tlogEntries = []
    expect(refusals(await release().judge(certified, { trust }))).toEqual(['certificate-chain certificate-untrusted'])
  })
})
