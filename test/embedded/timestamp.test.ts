import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { SignedData } from '@peculiar/asn1-cms'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { MessageImprint, TimeStampReq, TimeStampReqVersion, TimeStampResp, TSTInfo } from '@peculiar/asn1-tsp'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import { RFC3161Timestamp, X509Certificate as ParsedCertificate } from '@sigstore/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import { get, post } from './client.ts'

const data = Buffer.from('the signature of an envelope')
const hashes = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const

let time = new Date('2026-03-04T05:06:07.890Z')
let sigstore: LocalSigstore
beforeAll(async () => {
  sigstore = await startLocalSigstore({ now: () => time })
})
afterAll(() => sigstore.close())

/** With the schemas of other people, as all that is read here. */
const derOf = (value: object): Buffer => Buffer.from(AsnConvert.serialize(value))

interface Query {
  readonly hash?: keyof typeof hashes
  readonly digest?: Buffer
  readonly nonce?: Buffer
  readonly certReq?: boolean
  readonly reqPolicy?: string
}

async function ask({ hash = 'sha256', digest, nonce, ...rest }: Query = {}): Promise<{
  status: number
  body: Buffer<ArrayBuffer>
}> {
  const query = new TimeStampReq({
    version: TimeStampReqVersion.v1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: hashes[hash] }),
      hashedMessage: new OctetString(digest ?? createHash(hash).update(data).digest()),
    }),
    ...(nonce === undefined ? {} : { nonce: Uint8Array.from(nonce).buffer }),
    ...rest,
  })
  const response = await fetch(`${sigstore.url}/api/v1/timestamp`, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query' },
    body: Uint8Array.from(derOf(query)),
  })
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) }
}

const signedData = (body: Buffer<ArrayBuffer>): SignedData => {
  const { timeStampToken } = AsnConvert.parse(body, TimeStampResp)
  return AsnConvert.parse(timeStampToken!.content, SignedData)
}

const infoOf = (body: Buffer<ArrayBuffer>): TSTInfo =>
  AsnConvert.parse(Buffer.from(signedData(body).encapContentInfo.eContent!.single!.buffer), TSTInfo)

async function chain(): Promise<X509Certificate[]> {
  const { text } = await get(`${sigstore.url}/api/v1/timestamp/certchain`)
  return text.split(/(?<=-----END CERTIFICATE-----\n)/).map((pem) => new X509Certificate(pem))
}

describe('the timestamp authority', () => {
  it.each(Object.keys(hashes) as (keyof typeof hashes)[])('signs over a %s digest', async (hash) => {
    const { status, body } = await ask({ hash })
    expect(status).toBe(201)
    const [signer] = await chain()
    const timestamp = RFC3161Timestamp.parse(body)
    const key = signer!.publicKey
    timestamp.verify(data, key)
    expect(() => timestamp.verify(Buffer.from('other'), key)).toThrow()
  })

  it('says whole seconds, since one or two digits of a fraction break sigstore-js', async () => {
    for (const text of ['2026-03-04T05:06:07.890Z', '2026-03-04T05:06:08.900Z', '2026-03-04T05:06:09.000Z']) {
      time = new Date(text)
      const { body } = await ask()
      expect(RFC3161Timestamp.parse(body).signingTime.toISOString()).toBe(text.replace(/\.\d+/, '.000'))
      expect(infoOf(body).accuracy?.seconds).toBe(1)
    }
  })

  it('gives back the nonce, and a serial of its own each time', async () => {
    const nonce = Buffer.concat([Buffer.from([0x7f]), randomBytes(12)])
    const [first, second] = [infoOf((await ask({ nonce })).body), infoOf((await ask({ nonce })).body)]
    expect(Buffer.from(first.nonce!)).toEqual(nonce)
    expect(Buffer.from(first.serialNumber)).not.toEqual(Buffer.from(second.serialNumber))
  })

  it('encloses its certificate, byte for byte, where that is asked for', async () => {
    const [signer] = await chain()
    const { certificates } = signedData((await ask({ certReq: true })).body)
    expect(certificates).toHaveLength(1)
    expect(derOf(certificates![0]!.certificate!)).toEqual(signer!.raw)
    expect(signedData((await ask()).body).certificates).toBeUndefined()
  })

  it('binds the certificate into the signature (RFC 5816)', async () => {
    const [signer] = await chain()
    const [info] = signedData((await ask()).body).signerInfos
    const attribute = info!.signedAttrs!.find(({ attrType }) => attrType === '1.2.840.113549.1.9.16.2.47')
    const hash = createHash('sha256').update(signer!.raw).digest()
    expect(Buffer.from(attribute!.attrValues[0]!).subarray(-32)).toEqual(hash)
    const encoded = info!.signedAttrs!.map((it) => derOf(it))
    expect(encoded).toEqual([...encoded].sort((a, b) => Buffer.compare(a, b)))
  })

  it('has a signer for timestamps alone, below a root', async () => {
    const [signer, root, ...more] = await chain()
    expect(more).toEqual([])
    expect(signer!.checkIssued(root!) && signer!.verify(root!.publicKey)).toBe(true)
    expect(root!.checkIssued(root!) && root!.verify(root!.publicKey)).toBe(true)
    const usage = ParsedCertificate.parse(signer!.raw).extension('2.5.29.37')!
    expect(usage.critical).toBe(true)
    expect(usage.value.toString('hex')).toBe('300a06082b06010505070308')
    expect([signer!.ca, root!.ca]).toEqual([false, true])
  })

  it('takes the JSON of sigstore-js too', async () => {
    const artifactHash = createHash('sha256').update(data).digest('base64')
    const response = await fetch(`${sigstore.url}/api/v1/timestamp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ artifactHash, hashAlgorithm: 'sha256', nonce: 128, certificates: true }),
    })
    expect(response.status).toBe(201)
    expect(response.headers.get('content-type')).toBe('application/timestamp-reply')
    const body = Buffer.from(await response.arrayBuffer())
    expect(Buffer.from(infoOf(body).nonce!).toString('hex')).toBe('0080')
    expect(signedData(body).certificates).toHaveLength(1)
  })

  it('refuses a digest of the wrong length, another hash, another policy, and noise', async () => {
    expect((await ask({ digest: randomBytes(20) })).status).toBe(400)
    expect((await ask({ hash: 'sha512', digest: randomBytes(32) })).status).toBe(400)
    expect((await ask({ reqPolicy: '1.2.3.4' })).status).toBe(400)
    const url = `${sigstore.url}/api/v1/timestamp`
    for (const body of [Uint8Array.from([]), Uint8Array.from([0x30, 0x80]), Uint8Array.from(randomBytes(300))]) {
      const { status } = await fetch(url, { method: 'POST', body })
      expect(status).toBe(400)
    }
    for (const body of [{}, null, { artifactHash: 'AAAA', hashAlgorithm: 'sha1' }, { artifactHash: 1 }]) {
      expect((await post(url, body)).status).toBe(400)
    }
  })
})
