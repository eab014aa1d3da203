import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { json } from '@sigstore/core'
import { RekorWitness } from '@sigstore/sign'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { preAuthEncoding } from '../../src/model/envelope.ts'
import type { Json } from '../../src/model/json.ts'
import { createMaterial } from '../../src/embedded/create-material.ts'
import { encode } from '../../src/sigstore/verify/asn1.ts'
import { memoryStore } from '../../src/embedded/entry-store.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import { Refusal } from '../../src/embedded/refusal.ts'
import { openRekorV1 } from '../../src/embedded/rekor-v1.ts'
import { growth, nearlyLinear } from '../world/cpu-time.ts'
import { ecKey, get, payloadType, pemOf, post } from './client.ts'
import type { Reply } from './client.ts'
import { hashLeaf, verifiesInclusion } from './rfc6962.ts'

let sigstore: LocalSigstore
beforeAll(async () => {
  sigstore = await startLocalSigstore()
})
afterAll(() => sigstore.close())

const key = ecKey()
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64')
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
const digestOfX = sha256(Buffer.from('x'))
const signatureOfX = sign('sha256', Buffer.from('x'), key.privateKey)
const now = new Date('2026-11-20T12:00:00Z')
const entriesV1 = (): string => `${sigstore.url}/api/v1/log/entries`
const entriesV2 = (): string => `${sigstore.url}/api/v2/log/entries`

async function expectRefusal(answer: Promise<Reply>, message = /./): Promise<void> {
  const { status, json: body, text } = await answer
  expect(status, text).toBe(400)
  expect(body['message']).toMatch(message)
}

interface Envelope {
  readonly payloadType: string
  readonly payload: string
  readonly signatures: { sig: string; keyid?: string }[]
}

function envelope(text: string, signer = key.privateKey): Envelope {
  const payload = Buffer.from(text)
  const sig = sign('sha256', preAuthEncoding(payloadType, payload), signer)
  return { payloadType, payload: base64(payload), signatures: [{ sig: base64(sig) }] }
}

function dsseProposal(it: Envelope | string, verifiers = [base64(pemOf(key.publicKey))]): object {
  const text = typeof it === 'string' ? it : JSON.stringify(it)
  return { kind: 'dsse', apiVersion: '0.0.1', spec: { proposedContent: { envelope: text, verifiers } } }
}

function intotoProposal(it: Envelope, payloadHash?: string): object {
  const signatures = it.signatures.map(({ sig }) => ({ sig: base64(sig), publicKey: base64(pemOf(key.publicKey)) }))
  const content = {
    envelope: { payloadType: it.payloadType, payload: base64(it.payload), signatures },
    hash: { algorithm: 'sha256', value: sha256(Buffer.from(JSON.stringify(it))).toString('hex') },
    ...(payloadHash === undefined ? {} : { payloadHash: { algorithm: 'sha256', value: payloadHash } }),
  }
  return { kind: 'intoto', apiVersion: '0.0.2', spec: { content } }
}

function hashedRekord(digest: Buffer, signature: Buffer, pem = pemOf(key.publicKey)): object {
  return {
    kind: 'hashedrekord',
    apiVersion: '0.0.1',
    spec: {
      data: { hash: { algorithm: 'sha256', value: digest.toString('hex') } },
      signature: { content: base64(signature), publicKey: { content: base64(pem) } },
    },
  }
}

describe('Rekor v1', () => {
  it('answers with an entry that its own public key and an independent verifier accept', async () => {
    const given = envelope('{"v1":1}')
    const { status, json: answer, headers } = await post(entriesV1(), dsseProposal(given))
    expect(status).toBe(201)
    const [[uuid, entry]] = Object.entries(answer) as [[string, EntryV1]]
    expect(headers.get('etag')).toBe(uuid) // Go clients look it up by this
    const body = Buffer.from(entry.body, 'base64')
    expect(uuid).toMatch(/^[0-9a-f]{80}$/)
    expect(uuid.slice(16)).toBe(hashLeaf(body).toString('hex'))
    expect(JSON.parse(body.toString())).toEqual({
      apiVersion: '0.0.1',
      kind: 'dsse',
      spec: {
        envelopeHash: { algorithm: 'sha256', value: sha256(Buffer.from(JSON.stringify(given))).toString('hex') },
        payloadHash: { algorithm: 'sha256', value: sha256(Buffer.from('{"v1":1}')).toString('hex') },
        signatures: [{ signature: given.signatures[0]!.sig, verifier: base64(pemOf(key.publicKey)) }],
      },
    })
    expect(body.toString()).toBe(json.canonicalize(JSON.parse(body.toString())))
    const { inclusionProof: proof } = entry.verification
    const inclusion = {
      leaf: hashLeaf(body),
      index: proof.logIndex,
      size: proof.treeSize,
      path: proof.hashes.map((it) => Buffer.from(it, 'hex')),
      root: Buffer.from(proof.rootHash, 'hex'),
    }
    expect(verifiesInclusion(inclusion)).toBe(true)
    // the numeric tree id is how sigstore-go knows a checkpoint of Rekor v1
    expect(proof.checkpoint).toMatch(/^rekor-v1\.countersign\.localhost - \d+\n\d+\n/)
    expect(proof.checkpoint).toContain(`\n${proof.treeSize}\n${inclusion.root.toString('base64')}\n`)
    const info = await get(`${sigstore.url}/api/v1/log`)
    expect(info.json).toMatchObject({ treeSize: proof.treeSize, rootHash: proof.rootHash })
    expect((await get(`${sigstore.url}/api/v1/log/publicKey`)).text).toContain('BEGIN PUBLIC KEY')
  })

  it('keeps no payload of an intoto entry', async () => {
    const { status, json: answer } = await post(entriesV1(), intotoProposal(envelope('{"secret":"s3cr3t"}')))
    expect(status).toBe(201)
    const [entry] = Object.values(answer) as EntryV1[]
    expect(JSON.stringify(JSON.parse(Buffer.from(entry!.body, 'base64').toString()))).not.toContain('"payload"')
  })

  it('finds an entry again, with a proof in the tree as it is by then', async () => {
    const { json: first } = await post(entriesV1(), dsseProposal(envelope('{"again":1}')))
    await post(entriesV1(), dsseProposal(envelope('{"again":2}')))
    const [[uuid, entry]] = Object.entries(first) as [[string, EntryV1]]
    const { json: later } = await get(`${entriesV1()}/${uuid}`)
    const found = later[uuid] as EntryV1
    expect(found).toMatchObject({ body: entry.body, logIndex: entry.logIndex, integratedTime: entry.integratedTime })
    expect(found.verification.inclusionProof.treeSize).toBeGreaterThan(entry.verification.inclusionProof.treeSize)
    for (const unknown of ['0'.repeat(80), 'x', `${'f'.repeat(16)}${uuid.slice(16)}`]) {
      expect((await get(`${entriesV1()}/${unknown}`)).status).toBe(404)
    }
  })

  it('points to the entry that it has already, and the client library follows', async () => {
    const proposal = dsseProposal(envelope('{"twice":1}'))
    const { json: first } = await post(entriesV1(), proposal)
    const second = await post(entriesV1(), proposal)
    expect(second.status).toBe(409)
    expect(second.headers.get('location')).toBe(`/api/v1/log/entries/${Object.keys(first)[0]}`)

    const witness = new RekorWitness({ rekorBaseURL: sigstore.url, entryType: 'dsse' })
    const it = envelope('{"twice":2}')
    const content = {
      $case: 'dsseEnvelope' as const,
      dsseEnvelope: {
        payloadType,
        payload: Buffer.from(it.payload, 'base64'),
        signatures: [{ sig: Buffer.from(it.signatures[0]!.sig, 'base64'), keyid: '' }],
      },
    }
    const entries = [
      await witness.testify(content, pemOf(key.publicKey)),
      await witness.testify(content, pemOf(key.publicKey)),
    ].map(({ tlogEntries }) => tlogEntries[0]?.logIndex)
    expect(entries[0]).toBe(entries[1])
  })

  it('logs a signature once, however often it is sent at the same time', async () => {
    const proposal = dsseProposal(envelope('{"race":1}'))
    const replies = await Promise.all(Array.from({ length: 6 }, () => post(entriesV1(), proposal)))
    expect(replies.map((it) => it.status).sort()).toEqual([201, 409, 409, 409, 409, 409])
  })

  it('refuses an envelope whose signature does not hold', async () => {
    const good = envelope('{"x":1}')
    await expectRefusal(post(entriesV1(), dsseProposal({ ...good, payload: base64('{"x":2}') })))
    await expectRefusal(post(entriesV1(), dsseProposal({ ...good, payloadType: 'text/plain' })))
    await expectRefusal(post(entriesV1(), dsseProposal(envelope('{"x":1}', ecKey().privateKey))))
    await expectRefusal(post(entriesV1(), dsseProposal({ ...good, signatures: [] })))
    const foreign = envelope('{"x":1}', ecKey().privateKey).signatures
    await expectRefusal(post(entriesV1(), dsseProposal({ ...good, signatures: [...good.signatures, ...foreign] })))
    await expectRefusal(post(entriesV1(), intotoProposal({ ...good, payload: base64('{"x":2}') })))
    await expectRefusal(post(entriesV1(), intotoProposal(good, '0'.repeat(64))))
  })

  it('refuses an envelope that says a thing twice, which others would read differently', async () => {
    const { payload, signatures } = envelope('{"x":3}')
    const text = `{"payloadType":"${payloadType}","payload":"","payload":"${payload}","signatures":${JSON.stringify(signatures)}}`
    await expectRefusal(post(entriesV1(), dsseProposal(text)))
  })

  it('refuses a hashedrekord whose signature does not hold over the digest', async () => {
    const [digest, signature] = [digestOfX, signatureOfX]
    expect((await post(entriesV1(), hashedRekord(digest, signature))).status).toBe(201)
    await expectRefusal(post(entriesV1(), hashedRekord(sha256(Buffer.from('y')), signature)))
    await expectRefusal(post(entriesV1(), hashedRekord(digest, signature, pemOf(ecKey().publicKey))))
    await expectRefusal(post(entriesV1(), hashedRekord(digest.subarray(1), signature)))
    await expectRefusal(post(entriesV1(), hashedRekord(digest, signature, 'no key')))
  })

  // A number of a million bytes, or a million spaces, must not keep anybody waiting.
  it.each<[string, (size: number) => Parameters<typeof hashedRekord>]>([
    ['signature', (size) => [digestOfX, encode(0x30, encode(0x02, Buffer.alloc(size, 1)), encode(0x02))]],
    ['key', (size) => [digestOfX, signatureOfX, `-----BEGIN PUBLIC KEY-----${' '.repeat(size)}x`]],
  ])('refuses a hashedrekord with a huge %s in time that grows with its size', (_, parts) => {
    const log = openRekorV1({ material: createMaterial(now), store: memoryStore(), now: () => now })
    const work = (size: number): (() => void) => {
      const proposal = hashedRekord(...parts(size)) as Json
      return () => expect(() => log.createEntry(proposal)).toThrow(Refusal)
    }
    expect(growth(work, 250_000)).toBeLessThan(nearlyLinear)
  })

  it('takes RSA over a digest, and refuses it damaged', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const signature = sign('sha256', Buffer.from('x'), rsa.privateKey)
    const digest = sha256(Buffer.from('x'))
    expect((await post(entriesV1(), hashedRekord(digest, signature, pemOf(rsa.publicKey)))).status).toBe(201)
    signature[9] = signature[9]! ^ 1
    await expectRefusal(post(entriesV1(), hashedRekord(digest, signature, pemOf(rsa.publicKey))))
  })

  it('refuses kinds that it does not know and bodies that are none', async () => {
    for (const body of [
      { kind: 'rpm', apiVersion: '0.0.1', spec: {} },
      { kind: 'dsse', apiVersion: '9', spec: {} },
      { kind: 'toString', apiVersion: '', spec: {} },
      { kind: 'dsse', apiVersion: '0.0.1' },
      null,
      [],
      'x',
    ]) {
      await expectRefusal(post(entriesV1(), body))
    }
  })
})

describe('Rekor v2', () => {
  const request = (
    data: string,
    change: { digest?: Buffer; keyDetails?: string; keyPair?: ReturnType<typeof ecKey> } = {},
  ): Record<string, unknown> => {
    const { publicKey, privateKey } = change.keyPair ?? key
    const hash = publicKey.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'sha384' : 'sha256'
    const digest = createHash(hash).update(data).digest()
    return {
      hashedRekordRequestV002: {
        digest: base64(change.digest ?? digest),
        signature: {
          content: base64(sign(publicKey.asymmetricKeyType === 'ed25519' ? null : hash, Buffer.from(data), privateKey)),
          verifier: {
            keyDetails: change.keyDetails ?? 'PKIX_ECDSA_P256_SHA_256',
            publicKey: { rawBytes: base64(publicKey.export({ type: 'spki', format: 'der' })) },
          },
        },
      },
    }
  }

  it('answers with a complete entry in the form of rekor-tiles', async () => {
    const given = request('complete')
    const { hashedRekordRequestV002: sent } = given as {
      hashedRekordRequestV002: { digest: string; signature: object }
    }
    const { status, json: entry } = await post(entriesV2(), given)
    expect(status).toBe(201)
    expect(entry).toMatchObject({
      kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
      integratedTime: '0',
      inclusionPromise: null,
      logIndex: expect.stringMatching(/^\d+$/) as string,
    })
    const body = Buffer.from(entry['canonicalizedBody'] as string, 'base64').toString()
    const expected = {
      apiVersion: '0.0.2',
      kind: 'hashedrekord',
      spec: {
        hashedRekordV002: { data: { algorithm: 'SHA2_256', digest: sent.digest }, signature: sent.signature },
      },
    }
    expect(body).toBe(json.canonicalize(expected))
    const proof = entry['inclusionProof'] as { checkpoint: { envelope: string } }
    expect(proof.checkpoint.envelope).toMatch(
      /^rekor-v2\.countersign\.localhost\n\d+\n[^\n]+\n\n\u2014 rekor-v2\.countersign\.localhost \S+\n$/,
    )
    expect((await get(`${sigstore.url}/api/v2/checkpoint`)).text).toBe(proof.checkpoint.envelope)
  })

  it('takes ECDSA P-384 with its own hash', async () => {
    const keyPair = ecKey('secp384r1')
    const { status, json: entry } = await post(
      entriesV2(),
      request('p384', { keyPair, keyDetails: 'PKIX_ECDSA_P384_SHA_384' }),
    )
    expect(status).toBe(201)
    expect(Buffer.from(entry['canonicalizedBody'] as string, 'base64').toString()).toContain('"SHA2_384"')
  })

  it('refuses DSSE with the words of rekor-tiles', async () => {
    const dsseRequestV002 = { envelope: envelope('{}'), verifiers: [] }
    await expectRefusal(post(entriesV2(), { dsseRequestV002 }), /^invalid type, must be hashedrekord$/)
  })

  it('refuses a signature that does not hold over the digest', async () => {
    await expectRefusal(post(entriesV2(), request('x', { digest: sha256(Buffer.from('y')) })), /does not hold/)
    await expectRefusal(post(entriesV2(), request('x', { digest: Buffer.from('x') })), /does not hold/)
  })

  it('refuses an algorithm that verifiers would not assume for the key', async () => {
    await expectRefusal(post(entriesV2(), request('x', { keyDetails: 'PKIX_ECDSA_P384_SHA_384' })), /keyDetails/)
    const ed25519 = generateKeyPairSync('ed25519')
    await expectRefusal(post(entriesV2(), request('x', { keyPair: ed25519, keyDetails: 'PKIX_ED25519' })))
  })

  it('names the index of an entry that it has already', async () => {
    const given = request('twice')
    const first = await post(entriesV2(), given)
    const second = await post(entriesV2(), given)
    expect(second.status).toBe(409)
    expect(second.headers.get('x-log-index')).toBe(first.json['logIndex'])
  })

  it('refuses members that it does not know, and two verifiers', async () => {
    const given = request('x') as { hashedRekordRequestV002: { signature: { verifier: object } } }
    await expectRefusal(post(entriesV2(), { ...given, more: 1 }))
    const { hashedRekordRequestV002: inner } = given
    const verifier = { ...inner.signature.verifier, x509Certificate: { rawBytes: 'AAAA' } }
    const both = { ...inner, signature: { ...inner.signature, verifier } }
    await expectRefusal(post(entriesV2(), { hashedRekordRequestV002: both }))
    await expectRefusal(post(entriesV2(), null))
  })
})

interface EntryV1 {
  readonly body: string
  readonly logIndex: number
  readonly integratedTime: number
  readonly verification: {
    readonly inclusionProof: {
      readonly logIndex: number
      readonly treeSize: number
      readonly rootHash: string
      readonly hashes: readonly string[]
      readonly checkpoint: string
    }
  }
}
