/** What of the verification material may be missing, edited, swapped or of somebody else: each is a "no" of its own. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { FulcioSigner } from '@sigstore/sign'
import { describe, expect, it } from 'vitest'
import { preAuthEncoding } from '../../../src/model/envelope.ts'
import { isObject } from '../../../src/model/json.ts'
import type { Json } from '../../../src/model/json.ts'
import type { QuestionOptions } from '../../../src/model/question.ts'
import type { Verdict } from '../../../src/model/verdict.ts'
import { providerClaims } from '../../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../../src/embedded/index.ts'
import {
  certificateSigner,
  createOwnAuthority,
  ecKeys,
  keySigner,
  publicKeyPem,
  serverAuth,
  signWith,
} from '../../world/own-authority.ts'
import type { Leaf } from '../../world/own-authority.ts'
import { fromNow, generalizedText, oids, ownCertificate } from '../../world/own-certificates.ts'
import { ownTimestamp } from '../../world/own-timestamps.ts'
import type { OwnTimestampAuthority } from '../../world/own-timestamps.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { checksOf, edited, refusals, trustIn, useRelease } from '../../world/release.ts'
import type { EditableBundle, EditableEntry } from '../../world/release.ts'

const release = useRelease()

describe('the log entry', () => {
  const edits: [string, (bundle: EditableBundle, entry: EditableEntry) => unknown, string][] = [
    ['is there', (it) => (it.verificationMaterial.tlogEntries = []), 'log-entry log-entry-missing'],
    [
      'has a proof or a promise',
      (_, entry) => {
        delete entry.inclusionProof
        delete entry.inclusionPromise
      },
      'undecided bundle-malformed',
    ],
    ['has a proof (bundle 0.3)', (_, entry) => delete entry.inclusionProof, 'undecided bundle-malformed'],
    [
      'has a checkpoint',
      (_, entry) => Reflect.deleteProperty(entry.inclusionProof!, 'checkpoint'),
      'undecided bundle-malformed',
    ],
    [
      'has its own promise',
      (_, entry) =>
        (entry.inclusionPromise!.signedEntryTimestamp = flipped(entry.inclusionPromise!.signedEntryTimestamp)),
      'log-entry log-entry-invalid',
    ],
    [
      'has its own time',
      (_, entry) => (entry.integratedTime = String(Number(entry.integratedTime) + 1)),
      'log-entry log-entry-invalid',
    ],
    [
      'has its own body',
      (_, entry) => (entry.canonicalizedBody = flipped(entry.canonicalizedBody)),
      'log-entry log-entry-invalid',
    ],
    [
      'has its own place in the tree',
      (_, entry) => (entry.inclusionProof!.logIndex = minus(entry.inclusionProof!.logIndex)),
      'log-entry log-entry-invalid',
    ],
    [
      'has every hash of its proof',
      (_, entry) => (entry.inclusionProof!.hashes = entry.inclusionProof!.hashes.slice(1)),
      'log-entry log-entry-invalid',
    ],
    [
      'has the hashes of its own proof',
      (_, entry) => (entry.inclusionProof!.hashes = entry.inclusionProof!.hashes.map(flipped)),
      'log-entry log-entry-invalid',
    ],
    [
      'has a signed checkpoint',
      (_, { inclusionProof }) =>
        (inclusionProof!.checkpoint.envelope = inclusionProof!.checkpoint.envelope.replace(
          /\n\n— [^\n]*/,
          '\n\n— x AAAA',
        )),
      'log-entry log-entry-invalid',
    ],
    [
      'is of a log that the root names',
      (_, entry) => (entry.logId.keyId = Buffer.alloc(32, 7).toString('base64')),
      'log-entry log-entry-invalid',
    ],
    [
      'is of the kind that it says',
      (_, entry) => (entry.kindVersion = { kind: 'intoto', version: '0.0.2' }),
      'log-entry log-entry-invalid',
    ],
  ]
  it.each(edits)('%s', async (_, edit, refusal) => {
    await release().attested() // so that the tree has an entry before ours
    const forged = edited(await release().attested(), (it) => edit(it, it.verificationMaterial.tlogEntries[0]!))
    expect(refusals(await release().judge(forged))).toEqual([refusal])
  })

  it.each([1, 2] as const)('is not that of another bundle (Rekor v%s)', async (rekor) => {
    // The genuine one first: an entry logged before the certificate would be refused for its time.
    const genuine = await release().attested({}, { rekor })
    const other = await release().attested({ runId: '1' }, { rekor })
    const forged = edited(genuine, (it) => {
      it.verificationMaterial.tlogEntries = other.verificationMaterial.tlogEntries
    })
    expect(refusals(await release().judge(forged))).toEqual(['log-entry log-entry-invalid'])
  })

  it('stands alone: neither twice nor beside that of another bundle', async () => {
    const genuine = await release().attested()
    const other = await release().attested({ runId: '1' })
    for (const more of [genuine, other]) {
      const forged = edited(genuine, (it) => {
        it.verificationMaterial.tlogEntries.push(...more.verificationMaterial.tlogEntries)
      })
      const [refusal, ...rest] = refusals(await release().judge(forged))
      expect(rest).toEqual([])
      // The same second twice is noticed before the same entry twice.
      expect(['log-entry log-entry-invalid', 'trusted-time trusted-time-invalid']).toContain(refusal)
    }
  })

  it('was made for this certificate, not for another one over the same signature', async () => {
    const keys = ecKeys()
    const certificateOf = async (workflow: string): Promise<string> => {
      const signer = new FulcioSigner({
        fulcioBaseURL: release().sigstore.url,
        identityProvider: { getToken: () => release().token({ workflow }) },
        keyHolder: keySigner(keys),
      })
      const { key } = await signer.sign(Buffer.from('anything'))
      if (key.$case !== 'x509Certificate') throw new Error('Fulcio gives certificates')
      return key.certificate
    }
    const [ours, another] = [await certificateOf('release.yml'), await certificateOf('helper.yml')]
    const signer = certificateSigner(ours, keys.privateKey)
    const statement = release().statement()
    const honest = await signWith(release().sigstore, statement, signer)
    expect(refusals(await release().judge(honest))).toEqual([])
    for (const logged of [another, publicKeyPem(keys.publicKey)]) {
      const forged = await signWith(release().sigstore, statement, signer, { logged })
      expect(refusals(await release().judge(forged))).toEqual(['log-entry-signer log-entry-foreign'])
    }
  })
})

describe('the trusted time', () => {
  it('is needed: Rekor v2 gives none, and without the timestamp nothing else does', async () => {
    const genuine = await release().attested({}, { rekor: 2 })
    for (const edit of [
      (it: EditableBundle) => (it.verificationMaterial.timestampVerificationData.rfc3161Timestamps = []),
      (it: EditableBundle) => Reflect.deleteProperty(it.verificationMaterial, 'timestampVerificationData'),
    ]) {
      expect(refusals(await release().judge(edited(genuine, edit)))).toEqual(['trusted-time trusted-time-missing'])
    }
  })

  it('cannot be written into an entry of Rekor v2', async () => {
    const forged = edited(await release().attested({}, { rekor: 2 }), ({ verificationMaterial: it }) => {
      it.timestampVerificationData.rfc3161Timestamps = []
      it.tlogEntries[0]!.integratedTime = String(Math.floor(fromNow(0).getTime() / 1_000))
    })
    expect(refusals(await release().judge(forged))).toEqual(['trusted-time trusted-time-missing'])
  })

  it('of Rekor v1 alone is enough', async () => {
    const genuine = await release().attested()
    const without = edited(genuine, (it) => {
      it.verificationMaterial.timestampVerificationData.rfc3161Timestamps = []
    })
    const verdict = await release().judge(without)
    expect(refusals(verdict)).toEqual([])
    expect(verdict.attestations[0]?.summary?.times.map((it) => it.source)).toEqual(['transparency log'])
  })

  it('is lost with the promise, and a timestamp is then enough', async () => {
    const genuine = await release().attested()
    const unpromised = edited(genuine, (it) => delete it.verificationMaterial.tlogEntries[0]!.inclusionPromise)
    const verdict = await release().judge(unpromised)
    expect(refusals(verdict)).toEqual([])
    expect(verdict.attestations[0]?.summary?.times.map((it) => it.source)).toEqual(['timestamp authority'])
    const timeless = edited(unpromised, (it) => {
      it.verificationMaterial.timestampVerificationData.rfc3161Timestamps = []
    })
    expect(refusals(await release().judge(timeless))).toEqual(['trusted-time trusted-time-missing'])
  })

  it('is not that of another signature', async () => {
    const other = await release().attested({ runId: '1' })
    const forged = edited(await release().attested(), ({ verificationMaterial: it }) => {
      it.timestampVerificationData = other.verificationMaterial.timestampVerificationData
    })
    expect(refusals(await release().judge(forged))).toEqual(['trusted-time trusted-time-invalid'])
  })

  it('is not counted twice', async () => {
    const forged = edited(await release().attested(), ({ verificationMaterial: it }) => {
      it.timestampVerificationData.rfc3161Timestamps.push(...it.timestampVerificationData.rfc3161Timestamps)
    })
    expect(refusals(await release().judge(forged))).toEqual(['trusted-time trusted-time-invalid'])
  })

  it('lies within the life of the certificate', async () => {
    const authority = createOwnAuthority(release().sigstore)
    const hour = 3_600_000
    for (const [notBefore, notAfter] of [
      [-2 * hour, -hour],
      [hour, 2 * hour],
    ] as const) {
      const bundle = await authority.sign(release().statement(), {
        ...gitHubLeaf(),
        notBefore: fromNow(notBefore),
        notAfter: fromNow(notAfter),
      })
      const verdict = await release().judge(bundle, { trust: authority.trust })
      expect(refusals(verdict)).toEqual(['certificate-chain certificate-untrusted'])
    }
  })
})

describe('several trusted times', () => {
  const hour = 3_600_000
  const stampOf = (bundle: EditableBundle, by: OwnTimestampAuthority, time: Date): string =>
    by
      .stamp(Buffer.from(bundle.dsseEnvelope.signatures[0]!.sig, 'base64'), { time: generalizedText(time) })
      .toString('base64')

  /** The root with a timestamp authority beside its own. */
  const withAuthority = (root: Json, by: OwnTimestampAuthority): Record<string, Json> => {
    const copy = structuredClone(root) as { timestampAuthorities: Json[] }
    copy.timestampAuthorities.push({
      certChain: { certificates: [by.signer, by.root].map((it) => ({ rawBytes: it.der.toString('base64') })) },
      validFor: { start: '2020-01-01T00:00:00Z' },
    })
    return copy
  }
  const another = oldTimestampAuthority(fromNow(-24 * hour))

  it.each(['before', 'after'])('must all hold: not one that does beside one that does not, %s it', async (place) => {
    const genuine = await release().attested()
    const both = edited(genuine, (it) => {
      const stamps = it.verificationMaterial.timestampVerificationData.rfc3161Timestamps
      stamps[place === 'before' ? 'unshift' : 'push']({ signedTimestamp: stampOf(it, another, fromNow(0)) })
    })
    expect(refusals(await release().judge(both))).toEqual(['trusted-time trusted-time-invalid'])
    const trust = trustIn(withAuthority(release().sigstore.trustedRoot, another))
    expect(refusals(await release().judge(both, { trust }))).toEqual([])
  })

  it.each<[string, string, object, string[]]>([
    ['both lie within it', 'first', { start: fromNow(-3 * hour) }, []],
    ['the first lies before', 'first', { start: fromNow(-hour) }, ['certificate-chain certificate-untrusted']],
    [
      'the last lies after',
      'first',
      { start: fromNow(-3 * hour), end: fromNow(-hour) },
      ['certificate-chain certificate-untrusted'],
    ],
    ['the last stamp lies before', 'last', { start: fromNow(-hour) }, ['certificate-chain certificate-untrusted']],
  ])('must all lie within the validity of the authority: %s', async (_, place, validFor, expected) => {
    const authority = createOwnAuthority(release().sigstore)
    const leaf = { ...gitHubLeaf(), notBefore: fromNow(-3 * hour), notAfter: fromNow(hour) }
    const bundle = edited(await authority.sign(release().statement(), leaf), (it) => {
      const stamps = it.verificationMaterial.timestampVerificationData.rfc3161Timestamps
      stamps[place === 'first' ? 'unshift' : 'push']({ signedTimestamp: stampOf(it, another, fromNow(-2 * hour)) })
    })
    if (authority.trust.kind !== 'json') throw new Error('the trust is JSON')
    const root = withAuthority(authority.trust.json, another) as Record<string, { validFor: unknown }[]>
    root['certificateAuthorities']![0]!.validFor = JSON.parse(JSON.stringify(validFor))
    const verdict = await release().judge(bundle, { trust: trustIn(root as unknown as Json) })
    expect(refusals(verdict)).toEqual(expected)
  })
})

describe('the signature', () => {
  it('is one: none, two and two of the same are refused', async () => {
    const genuine = await release().attested()
    const other = await release().attested({ workflow: 'evil.yml' })
    for (const signatures of [
      [],
      [...genuine.dsseEnvelope.signatures, ...other.dsseEnvelope.signatures],
      [...genuine.dsseEnvelope.signatures, ...genuine.dsseEnvelope.signatures],
    ]) {
      const forged = edited(genuine, (it) => (it.dsseEnvelope.signatures = signatures))
      expect(refusals(await release().judge(forged))).toEqual(['signature signature-invalid'])
    }
  })

  it('is over the payload and its type together', async () => {
    const authority = createOwnAuthority(release().sigstore)
    const bundle = await authority.sign(release().statement(), gitHubLeaf(), 'application/json')
    const ask = { trust: authority.trust }
    expect(refusals(await release().judge(bundle, ask))).toEqual(['payload-type payload-type-mismatch'])
    const renamed = edited(bundle, (it) => (it.dsseEnvelope.payloadType = 'application/vnd.in-toto+json'))
    expect(refusals(await release().judge(renamed, ask))).toEqual(['signature signature-invalid'])
  })

  it('is over SHA-2, by whatever key', async () => {
    const authority = createOwnAuthority(release().sigstore)
    const bundle = await authority.sign(release().statement(), gitHubLeaf())
    expect(refusals(await release().judge(bundle, { trust: authority.trust }))).toEqual([])
    const { payloadType, payload } = bundle.dsseEnvelope
    const encoding = preAuthEncoding(payloadType, Buffer.from(payload, 'base64'))
    for (const namedCurve of ['prime256v1', 'secp384r1', 'secp521r1']) {
      const keys = generateKeyPairSync('ec', { namedCurve })
      const rawBytes = authority.issue(gitHubLeaf(), keys).replace(/-----[A-Z ]+-----|\s/g, '')
      const refusalOf = async (hash: string): Promise<string[]> => {
        const signed = edited(bundle, (it) => {
          it.verificationMaterial.certificate = { rawBytes }
          it.dsseEnvelope.signatures[0]!.sig = sign(hash, encoding, keys.privateKey).toString('base64')
        })
        return refusals(await release().judge(signed, { trust: authority.trust }))
      }
      for (const hash of ['sha1', 'md5', 'sha224'])
        expect(await refusalOf(hash)).toEqual(['signature signature-invalid'])
      expect(await refusalOf('sha256')).toEqual(['trusted-time trusted-time-invalid']) // it is that of another signature
    }
  })

  it('is not that of another certificate', async () => {
    const other = await release().attested()
    const forged = edited(await release().attested(), (it) => {
      it.verificationMaterial.certificate = other.verificationMaterial.certificate!
    })
    expect(refusals(await release().judge(forged))).toEqual(['signature signature-invalid'])
  })
})

describe('the certificate', () => {
  const cases: [string, () => Leaf, string[]][] = [
    ['is accepted from an authority of the root', gitHubLeaf, []],
    ['is one for code signing', () => ({ ...gitHubLeaf(), usage: serverAuth }), ['code-signing certificate-usage']],
    ['says what it is for', () => ({ ...gitHubLeaf(), usage: null }), ['code-signing certificate-usage']],
    [
      'names its issuer whole',
      () =>
        leafWith({
          issuer: `${release().sigstore.issuer}.evil.example`,
          issuerV1: `${release().sigstore.issuer}.evil.example`,
        }),
      ['issuer issuer-mismatch'],
    ],
    ['names its issuer', () => leafWith({ issuer: undefined, issuerV1: undefined }), ['issuer issuer-mismatch']],
    [
      'has one identity',
      () => ({ ...gitHubLeaf(), names: [release().question().signer, 'https://evil.example/'] }),
      ['signer signer-mismatch'],
    ],
    ['has an identity', () => ({ ...gitHubLeaf(), names: [] }), ['signer signer-mismatch']],
    [
      'does not contradict itself: repository',
      () => leafWith({ githubRepository: 'mallory/widget' }),
      ['extensions-agree extension-conflict'],
    ],
    [
      'does not contradict itself: ref',
      () => leafWith({ githubRef: 'refs/heads/topic' }),
      ['extensions-agree extension-conflict'],
    ],
    [
      'does not contradict itself: commit',
      () => leafWith({ githubSha: 'b'.repeat(40) }),
      ['extensions-agree extension-conflict'],
    ],
    [
      'does not contradict itself: trigger',
      () => leafWith({ githubTrigger: 'pull_request_target' }),
      ['extensions-agree extension-conflict'],
    ],
    [
      'does not contradict itself: issuer',
      () => leafWith({ issuerV1: 'https://evil.example' }),
      ['extensions-agree extension-conflict'],
    ],
  ]
  it.each(cases)('%s', async (_, leaf, expected) => {
    const authority = createOwnAuthority(release().sigstore)
    const bundle = await authority.sign(release().statement(), leaf())
    expect(refusals(await release().judge(bundle, { trust: authority.trust }))).toEqual(expected)
    // The same bundle proves nothing where this authority is not trusted.
    expect(refusals(await release().judge(bundle))).toEqual(['certificate-chain certificate-untrusted'])
  })

  it('of Fulcio has a timestamp of the certificate log that the root names', async () => {
    const other = await startLocalSigstore()
    try {
      const { trustedRoot } = release().sigstore
      const { trustedRoot: foreign } = other
      if (!isObject(trustedRoot) || !isObject(foreign)) throw new Error('roots are objects')
      const trust = trustIn({ ...trustedRoot, ctlogs: foreign['ctlogs']! })
      expect(refusals(await release().judge(await release().attested(), { trust }))).toEqual([
        'certificate-transparency certificate-timestamp-invalid',
      ])
    } finally {
      await other.close()
    }
  })
})

describe('a bundle that was signed with a key', () => {
  const keys = ecKeys()
  const key = publicKeyPem(keys.publicKey)
  const keyed = (): Promise<EditableBundle> => signWith(release().sigstore, release().statement(), keySigner(keys))

  it('passes with that key and no other', async () => {
    const bundle = await keyed()
    const verdict = await release().judge(bundle, { question: { key, anySource: true } })
    expect(refusals(verdict)).toEqual([])
    const skipped = checksOf(verdict)
      .filter((it) => it.outcome === 'skipped')
      .map((it) => it.rule)
    expect(skipped).toEqual(
      expect.arrayContaining(['certificate-chain', 'code-signing', 'issuer', 'signer', 'trigger', 'runner']),
    )
    const another = await release().judge(bundle, {
      question: { key: publicKeyPem(ecKeys().publicKey), anySource: true },
    })
    expect(refusals(another)).toEqual(['signature signature-invalid'])
  })

  it('fails without one, whatever identity is asked for', async () => {
    expect(refusals(await release().judge(await keyed()))).toEqual(['certificate-chain certificate-missing'])
  })

  it('cannot say what its source is', async () => {
    // It does not compile, but a command line can ask it.
    const question = { key, source: 'https://github.com/acme/widget' } as object as QuestionOptions
    const verdict = await release().judge(await keyed(), { question })
    expect(refusals(verdict)).toEqual(['source source-mismatch'])
  })

  it('is not one that was signed under a certificate', async () => {
    const verdict = await release().judge(await release().attested(), { question: { key, anySource: true } })
    expect(refusals(verdict)).toEqual(['certificate-chain key-mismatch'])
  })

  it('needs a readable key', async () => {
    const ask = async (pem: string): Promise<Verdict> =>
      release().judge(await keyed(), { question: { key: pem, anySource: true } })
    for (const pem of ['hello', key.slice(0, 60)]) expect(refusals(await ask(pem))).toEqual(['undecided key-malformed'])
    expect(await codeOfAsync(() => ask(''))).toBe('usage') // no question at all
    // These agree on secrets, and sign nothing.
    for (const { publicKey } of [generateKeyPairSync('x25519'), generateKeyPairSync('x448')]) {
      expect(refusals(await ask(publicKeyPem(publicKey)))).toEqual(['undecided key-malformed'])
    }
    // From each of these Node would make the right public key.
    const secret = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const other = publicKeyPem(ecKeys().publicKey)
    for (const pem of [secret, `${key}${other}`, `${key}${secret}`, `${secret}${key}`]) {
      expect(refusals(await ask(pem))).toEqual(['undecided key-malformed'])
    }
  })

  it('is logged under this key', async () => {
    const certified = ecKeys()
    const bundle = await signWith(release().sigstore, release().statement(), keySigner(certified), {
      logged: createOwnAuthority(release().sigstore).issue({}, certified),
    })
    const question = { key: publicKeyPem(certified.publicKey), anySource: true as const }
    expect(refusals(await release().judge(bundle, { question }))).toEqual(['log-entry-signer log-entry-foreign'])
  })
})

describe('older bundles', () => {
  const chained = (it: EditableBundle): void => {
    const { certificate } = it.verificationMaterial
    delete it.verificationMaterial.certificate
    it.verificationMaterial.x509CertificateChain = { certificates: [certificate!] }
  }

  it.each([
    ['0.1', 'application/vnd.dev.sigstore.bundle+json;version=0.1'],
    ['0.2', 'application/vnd.dev.sigstore.bundle+json;version=0.2'],
    ['0.3', 'application/vnd.dev.sigstore.bundle+json;version=0.3'],
  ])('of version %s pass', async (version, mediaType) => {
    const bundle = edited(await release().attested(), (it) => {
      it.mediaType = mediaType
      if (version !== '0.3') chained(it)
    })
    expect(refusals(await release().judge(bundle))).toEqual([])
  })

  it('of version 0.1 may have no proof, but then need a promise', async () => {
    const bundle = edited(await release().attested(), (it) => {
      it.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.1'
      chained(it)
      delete it.verificationMaterial.tlogEntries[0]!.inclusionProof
    })
    expect(refusals(await release().judge(bundle))).toEqual([])
    const promiseless = edited(bundle, (it) => delete it.verificationMaterial.tlogEntries[0]!.inclusionPromise)
    expect(refusals(await release().judge(promiseless))).toEqual(['undecided bundle-malformed'])
  })
})

describe('the trusted root', () => {
  const root = (edit: (root: Record<string, Json>) => void): Json => {
    const copy = structuredClone(release().sigstore.trustedRoot) as Record<string, Json>
    edit(copy)
    return copy
  }
  const first = (it: Record<string, Json>, list: string): Record<string, Json> =>
    (it[list] as Record<string, Json>[])[0]!

  it.each<[string, () => Json, string]>([
    [
      'gives a start of validity to every authority',
      () => root((it) => (first(it, 'certificateAuthorities')['validFor'] = {})),
      'undecided trusted-root-lax',
    ],
    [
      'gives one to every timestamp authority',
      () => root((it) => Reflect.deleteProperty(first(it, 'timestampAuthorities'), 'validFor')),
      'undecided trusted-root-lax',
    ],
    [
      'gives one to every log',
      () => root((it) => Reflect.deleteProperty(first(it, 'tlogs')['publicKey'] as object, 'validFor')),
      'undecided trusted-root-lax',
    ],
    [
      'gives one to every certificate log',
      () => root((it) => Reflect.deleteProperty(first(it, 'ctlogs')['publicKey'] as object, 'validFor')),
      'undecided trusted-root-lax',
    ],
    [
      'names an authority',
      () => root((it) => (it['certificateAuthorities'] = [])),
      'certificate-chain certificate-untrusted',
    ],
    [
      'names a log or a timestamp authority',
      () => root((it) => Object.assign(it, { tlogs: [], timestampAuthorities: [] })),
      'undecided trusted-root-malformed',
    ],
    ['is a trusted root', () => ({}), 'undecided trusted-root-malformed'],
    [
      'is not a bundle',
      () => ({ mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json' }),
      'undecided trusted-root-malformed',
    ],
    ['is an object', () => [], 'undecided trusted-root-malformed'],
  ])('%s', async (_, json, refusal) => {
    const verdict = await release().judge(await release().attested(), { trust: trustIn(json()) })
    expect(refusals(verdict)).toEqual([refusal])
  })

  it('without logs asks for none, and the report says so', async () => {
    const bundle = edited(await release().attested(), (it) => (it.verificationMaterial.tlogEntries = []))
    const trust = trustIn(root((it) => (it['tlogs'] = [])))
    const verdict = await release().judge(bundle, { trust })
    expect(refusals(verdict)).toEqual([])
    expect(checksOf(verdict)).toContainEqual({
      rule: 'log-entry',
      outcome: 'skipped',
      note: 'the trusted root names no transparency log',
    })
    // An entry of a log that is not trusted proves nothing, and is not overlooked.
    expect(refusals(await release().judge(await release().attested(), { trust }))[0]).toMatch(/log-entry-invalid$/)
  })

  it('may come in a ClientTrustConfig', async () => {
    const trust = trustIn(release().sigstore.trustConfig)
    expect(refusals(await release().judge(await release().attested(), { trust }))).toEqual([])
  })

  it('whose keys were valid at other times only is no trust', async () => {
    const past = { start: '2020-01-01T00:00:00Z', end: '2021-01-01T00:00:00Z' }
    const authority = trustIn(root((it) => (first(it, 'certificateAuthorities')['validFor'] = past)))
    expect(refusals(await release().judge(await release().attested(), { trust: authority }))).toEqual([
      'certificate-chain certificate-untrusted',
    ])
    for (const rekor of [1, 2] as const) {
      const log = trustIn(
        root((it) => {
          for (const { publicKey } of it['tlogs'] as { publicKey: object }[])
            Object.assign(publicKey, { validFor: past })
        }),
      )
      const verdict = await release().judge(await release().attested({}, { rekor }), { trust: log })
      expect(refusals(verdict)).toEqual(['log-entry log-entry-invalid'])
    }
  })
})

/** A timestamp authority with certificates from then on. */
function oldTimestampAuthority(notBefore: Date): OwnTimestampAuthority {
  const root = ownCertificate({ subject: 'stamp root', authority: {}, notBefore })
  const signer = ownCertificate({
    subject: 'stamp signer',
    issuer: root,
    purposes: [oids.timeStamping],
    purposesMark: 'critical',
    notBefore,
  })
  return { signer, root, stamp: (data, shape) => ownTimestamp(data, signer, root.subject, shape) }
}

/** What Fulcio would write for the default job. */
function gitHubLeaf(): Leaf {
  return leafWith({})
}

function leafWith(changes: { readonly [name: string]: string | undefined }): Leaf {
  const { issuer, signer, source } = release().question()
  const claims = providerClaims('github') as { readonly [claim: string]: string }
  const { runDetails } = release().statement().predicate
  const extensions = {
    issuer,
    issuerV1: release().sigstore.issuer,
    buildSignerUri: signer,
    sourceRepositoryUri: source,
    sourceRepositoryRef: claims['ref'],
    sourceRepositoryDigest: claims['sha'],
    buildConfigUri: signer,
    buildTrigger: claims['event_name'],
    runInvocationUri: runDetails.metadata?.invocationId,
    runnerEnvironment: claims['runner_environment'],
    ...changes,
  }
  const given = Object.entries(extensions).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return { extensions: Object.fromEntries(given) }
}

/** Base64 with its last whole byte changed. */
function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64')
  bytes[bytes.length - 1]! ^= 1
  return bytes.toString('base64')
}

function minus(number: string): string {
  return String(BigInt(number) - 1n)
}
