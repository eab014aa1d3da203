/** Signatures over an artifact that is not in the bundle, made and verified through the client of the conformance suite too. */
import { createHash, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { bundleToJSON } from '@sigstore/bundle'
import { MessageSignatureBundleBuilder, RekorWitness, TSAWitness } from '@sigstore/sign'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundleFromJson, parseBundle } from '../../src/model/bundle.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import { isObject } from '../../src/model/json.ts'
import type { Json } from '../../src/model/json.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import { verifyMessage } from './message.ts'
import type { Artifact, MessageResult } from './message.ts'
import { worldOf } from '../../src/platform/world.ts'
import { loadTrust } from '../../src/sigstore/trust/source.ts'
import type { Trust } from '../../src/sigstore/verify/trusted-root.ts'
import { verifyBundle } from '../../src/sigstore/verify/verify-bundle.ts'
import { codeOf } from '../world/failure.ts'
import { ecKeys, publicKeyPem } from '../world/own-authority.ts'
import type { KeyPair } from '../world/own-authority.ts'
import { main } from '../peers/conformance-client.ts'
import { artifactBytes, artifactDigest, useRelease } from '../world/release.ts'

const release = useRelease()
const bytes = { bytes: Buffer.from(artifactBytes) }
const digest = { sha256: Buffer.from(artifactDigest, 'hex') }
let trust: Trust

beforeAll(async () => {
  trust = await loadTrust(release().trust, worldOf())
})

const outcomeOf = (result: MessageResult): string => (result.outcome === 'refused' ? result.code : result.outcome)

/** A signature by a bare key, logged and with a timestamp. */
async function signedByKey({ privateKey, publicKey }: KeyPair): Promise<Bundle> {
  const { url } = release().sigstore
  const key = { $case: 'publicKey', publicKey: publicKeyPem(publicKey), hint: 'test' } as const
  const builder = new MessageSignatureBundleBuilder({
    signer: { sign: (data) => Promise.resolve({ signature: sign('sha256', data, privateKey), key }) },
    witnesses: [new RekorWitness({ rekorBaseURL: url }), new TSAWitness({ tsaBaseURL: `${url}/api/v1/timestamp` })],
  })
  return bundleFromJson(bundleToJSON(await builder.create({ data: bytes.bytes })) as unknown as Json)
}

describe('a message signature', () => {
  it('holds over its artifact and over its digest, under its key', async () => {
    const own = ecKeys()
    const bundle = await signedByKey(own)
    const pem = publicKeyPem(own.publicKey)
    for (const artifact of [bytes, digest])
      expect(outcomeOf(verifyMessage(bundle, trust, artifact, pem))).toBe('verified')
    const other = publicKeyPem(ecKeys().publicKey)
    for (const artifact of [bytes, digest]) {
      expect(outcomeOf(verifyMessage(bundle, trust, artifact, other))).toBe('signature-invalid')
      expect(outcomeOf(verifyMessage(bundle, trust, artifact))).toBe('certificate-missing')
    }
  })

  it('holds over no other artifact, whatever digest the bundle names', async () => {
    const own = ecKeys()
    const genuine = await signedByKey(own)
    const foreign = Buffer.from('another artifact')
    const sha256 = createHash('sha256').update(foreign).digest()
    const named = (value: object | undefined): Bundle =>
      bundleFromJson({
        ...genuine.json,
        messageSignature: JSON.parse(
          JSON.stringify({ ...(genuine.json['messageSignature'] as object), messageDigest: value }),
        ) as Json,
      })
    const lying = named({ algorithm: 'SHA2_256', digest: sha256.toString('base64') })
    const silent = named(undefined)
    const pem = publicKeyPem(own.publicKey)
    const verdict = (bundle: Bundle, artifact: Artifact): string =>
      outcomeOf(verifyMessage(bundle, trust, artifact, pem))
    for (const artifact of [{ bytes: foreign }, { sha256 }]) {
      for (const bundle of [genuine, lying, silent]) expect(verdict(bundle, artifact)).toBe('signature-invalid')
    }
    for (const artifact of [bytes, digest]) {
      expect(verdict(silent, artifact)).toBe('verified')
      expect(verdict(lying, artifact)).toBe('signature-invalid')
    }
  })

  it('is not one where an envelope is signed, and the other way round', async () => {
    const envelope = bundleFromJson((await release().attested()) as unknown as Json)
    expect(codeOf(() => verifyMessage(envelope, trust, bytes))).toBe('bundle-malformed')
    const message = await signedByKey(ecKeys())
    expect(codeOf(() => verifyBundle(message, trust))).toBe('message-signature-only')
  })

  it('is not proved by a log entry about an envelope', async () => {
    const own = ecKeys()
    const bundle = await signedByKey(own)
    const envelope = await release().attested()
    const material = bundle.json['verificationMaterial']
    if (!isObject(material)) throw new Error('the material is an object')
    const { tlogEntries } = envelope.verificationMaterial
    const forged = bundleFromJson({
      ...bundle.json,
      verificationMaterial: { ...material, tlogEntries: tlogEntries as unknown as Json },
    })
    expect(outcomeOf(verifyMessage(forged, trust, bytes, publicKeyPem(own.publicKey)))).toBe('log-entry-invalid')
  })
})

describe('the client of the conformance suite', () => {
  const identity = 'https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main'
  const run = async (...argv: string[]): Promise<{ exitCode: number; stderr: string }> => {
    let stderr = ''
    const exitCode = await main(argv, { stderr: { write: (text) => (stderr += text) } })
    return { exitCode, stderr }
  }

  describe.each(['v1', 'v2'] as const)('with a signing configuration for Rekor %s', (rekor) => {
    it.each(['message', 'in-toto'])('signs and verifies: %s', async (kind) => {
      const sigstore = await startLocalSigstore({ rekor })
      try {
        const config = release().write(sigstore.signingConfig as object, `signing-${rekor}-${kind}.json`)
        const root = release().write(sigstore.trustedRoot as object, `root-${rekor}-${kind}.json`)
        const statement = release().write(release().statement(), `statement-${rekor}.json`)
        const out = release().write('', `bundle-${rekor}-${kind}.json`)
        const token = await sigstore.mintToken(providerClaims('github'))
        const signed = await run(
          'sign-bundle',
          ...(kind === 'in-toto' ? ['--in-toto'] : []),
          ...['--identity-token', token, '--bundle', out, '--trusted-root', root, '--signing-config', config],
          kind === 'in-toto' ? statement : release().artifact,
        )
        expect(signed).toEqual({ exitCode: 0, stderr: '' })
        expect(parseBundle(readFileSync(out)).version).toBe(kind === 'in-toto' ? '0.3' : '0.2')
        const asked = ['--certificate-identity', identity, '--certificate-oidc-issuer', sigstore.issuer]
        const verify = (artifact: string, question = asked): ReturnType<typeof run> =>
          run('verify-bundle', '--bundle', out, ...question, '--trusted-root', root, artifact)
        for (const artifact of [release().artifact, `sha256:${artifactDigest}`]) {
          expect(await verify(artifact)).toEqual({ exitCode: 0, stderr: '' })
          expect((await verify(artifact, [asked[0]!, `${identity}x`, asked[2]!, asked[3]!])).exitCode).toBe(1)
          expect((await verify(artifact, [asked[0]!, identity, asked[2]!, 'https://x.example'])).exitCode).toBe(1)
        }
        expect((await verify(`sha256:${'0'.repeat(64)}`)).exitCode).toBe(1)
        expect((await verify(config)).exitCode).toBe(1)
        expect((await verify(release().artifact, [])).exitCode).toBe(2)
      } finally {
        await sigstore.close()
      }
    })
  })
})
