import { bundleFromJSON } from '@sigstore/bundle'
import type { SerializedBundle } from '@sigstore/bundle'
import { SigningConfig } from '@sigstore/protobuf-specs'
import { bundleBuilderFromSigningConfig } from '@sigstore/sign'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import { signMessage, signStatement, verifyBundle, witnessRows } from './client.ts'
import type { WitnessRow } from './client.ts'
import { hashLeaf, verifiesInclusion } from './rfc6962.ts'
import { isEach, part } from '../world/runs.ts'

const signer = 'https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main'

let sigstore: LocalSigstore
beforeAll(async () => {
  sigstore = await startLocalSigstore()
})
afterAll(() => sigstore.close())

describe('a statement signed by the client library', () => {
  it.each(part(Object.keys(witnessRows) as WitnessRow[], 2))('verifies with %s', async (row) => {
    const bundle = await signStatement(sigstore, row, { text: `{"row":"${row}"}` })
    const { identity } = verifyBundle(bundle, sigstore.trustedRoot)
    expect(identity?.subjectAlternativeName).toBe(signer)
    expect(identity?.extensions?.issuer).toBe(sigstore.issuer)
  })

  it.runIf(isEach)('verifies at every one of seventeen places in the logs', async () => {
    for (let count = 0; count < 17; count += 1) {
      const bundle = await signStatement(sigstore, 'both logs and a timestamp', { text: `{"count":${count}}` })
      verifyBundle(bundle, sigstore.trustedRoot)
      for (const entry of bundleFromJSON(bundle).verificationMaterial.tlogEntries) {
        const proof = entry.inclusionProof!
        const holds = verifiesInclusion({
          leaf: hashLeaf(entry.canonicalizedBody),
          index: Number(proof.logIndex),
          size: Number(proof.treeSize),
          path: proof.hashes,
          root: proof.rootHash,
        })
        expect(holds).toBe(true)
      }
    }
  })

  it('has an index and a proof that the JSON form of a bundle cannot leave out', async () => {
    const fresh = await startLocalSigstore()
    try {
      for (const row of ['Rekor v1 dsse', 'Rekor v2 and a timestamp'] as const) {
        const bundle = await signStatement(fresh, row)
        const [entry] = bundle.verificationMaterial.tlogEntries
        expect(entry).toMatchObject({ logIndex: '1', inclusionProof: { logIndex: '1', treeSize: '2' } })
        expect(entry?.inclusionProof?.hashes).toHaveLength(1)
      }
    } finally {
      await fresh.close()
    }
  })

  it.runIf(isEach)('verifies for many signatures at once, each with an entry of its own', async () => {
    const bundles = await Promise.all(
      Array.from({ length: 12 }, (_, at) => signStatement(sigstore, 'Rekor v1 dsse', { text: `{"at":${at}}` })),
    )
    for (const bundle of bundles) verifyBundle(bundle, sigstore.trustedRoot)
    const indexes = bundles.map((it) => it.verificationMaterial.tlogEntries[0]?.logIndex)
    expect(new Set(indexes).size).toBe(bundles.length)
  })
})

describe.each([1, 2] as const)('a message signature in Rekor v%s', (version) => {
  it('verifies over its artifact and over no other', async () => {
    const data = Buffer.from('the artifact')
    const bundle = await signMessage(sigstore, version, data)
    verifyBundle(bundle, sigstore.trustedRoot, data)
    expect(() => verifyBundle(bundle, sigstore.trustedRoot, Buffer.from('another'))).toThrow()
  })
})

describe.each(['v1', 'v2'] as const)('the signing configuration for Rekor %s', (rekor) => {
  it('is all that the client library needs', async () => {
    const local = await startLocalSigstore({ rekor })
    try {
      const builder = bundleBuilderFromSigningConfig({
        signingConfig: SigningConfig.fromJSON(local.signingConfig),
        identityProvider: { getToken: () => local.mintToken(providerClaims('gitlab')) },
        bundleType: 'messageSignature',
      })
      const bundle = await builder.create({ data: Buffer.from('x') })
      expect(bundle.verificationMaterial.tlogEntries[0]?.kindVersion).toEqual({
        kind: 'hashedrekord',
        version: rekor === 'v1' ? '0.0.1' : '0.0.2',
      })
      expect(bundle.verificationMaterial.timestampVerificationData?.rfc3161Timestamps).toHaveLength(1)
    } finally {
      await local.close()
    }
  })
})

describe('what must not verify', () => {
  it('a bundle of one embedded Sigstore with the trusted root of another', async () => {
    const other = await startLocalSigstore()
    try {
      const bundle = await signStatement(other, 'both logs and a timestamp')
      verifyBundle(bundle, other.trustedRoot)
      expect(() => verifyBundle(bundle, sigstore.trustedRoot)).toThrow()
    } finally {
      await other.close()
    }
  })

  it.each([
    ['another payload', (it: SerializedBundle) => (it.dsseEnvelope!.payload = Buffer.from('{}').toString('base64'))],
    [
      'a log entry of another signature',
      async (it: SerializedBundle) => {
        const other = await signStatement(sigstore, 'Rekor v1 dsse', { text: '{"other":1}' })
        it.verificationMaterial.tlogEntries = other.verificationMaterial.tlogEntries
      },
    ],
    [
      'a promised time that the log did not sign',
      (it: SerializedBundle) => {
        const entry = it.verificationMaterial.tlogEntries[0]!
        entry.integratedTime = String(Number(entry.integratedTime) - 60)
      },
    ],
    [
      'a place in the log that is not its own',
      (it: SerializedBundle) => {
        it.verificationMaterial.tlogEntries[0]!.inclusionProof!.logIndex = '0'
      },
    ],
  ] as const)('%s', async (name, change) => {
    const bundle = await signStatement(sigstore, 'Rekor v1 dsse', { text: `{"name":"${name}"}` })
    verifyBundle(bundle, sigstore.trustedRoot)
    await change(bundle)
    expect(() => verifyBundle(bundle, sigstore.trustedRoot)).toThrow()
  })
})
