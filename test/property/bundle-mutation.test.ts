/**
 * Thousands of bundles that are one change away from a genuine one, at the layer of the signature: a change in something
 * that was signed is never verified, and what may be changed is listed here with its reason, no more and no less.
 */
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { CountersignError } from '../../src/errors.ts'
import { bundleFromJson } from '../../src/model/bundle.ts'
import type { Json } from '../../src/model/json.ts'
import { worldOf } from '../../src/platform/world.ts'
import { parseTimestamp } from '../../src/sigstore/verify/timestamp.ts'
import { loadTrust } from '../../src/sigstore/trust/source.ts'
import type { Trust } from '../../src/sigstore/verify/trusted-root.ts'
import { verifyBundle } from '../../src/sigstore/verify/verify-bundle.ts'
import { cpuOf, leastCpu } from '../world/cpu-time.ts'
import { useRelease } from '../world/release.ts'
import type { EditableBundle } from '../world/release.ts'
import { part, runs } from '../world/runs.ts'
import {
  bytePartsOf,
  checkpointsReworded,
  rearranged,
  renumbered,
  resized,
  reworded,
  swapped,
  valueAt,
  withByte,
} from './mutants.ts'
import type { Mutant } from './mutants.ts'

const release = useRelease()

/** A bundle v0.3 of either log, and one of the form that npm's had: v0.1, with certificates beside the leaf. */
const kinds = ['Rekor v1', 'Rekor v2', 'Rekor v1 in a bundle v0.1'] as const
type Kind = (typeof kinds)[number]
const genuine = {} as Record<Kind, { bundle: Json; other: Json }>
let trust: Trust

beforeAll(async () => {
  trust = await loadTrust(release().trust, worldOf())
  for (const kind of kinds) {
    const rekor = kind === 'Rekor v2' ? 2 : 1
    const sign = async (runId: string): Promise<Json> => {
      const bundle = await release().attested({ runId }, { rekor })
      bundle.dsseEnvelope.signatures[0]!.keyid = 'a hint'
      return (kind.endsWith('v0.1') ? withChain(bundle) : bundle) as unknown as Json
    }
    await sign('0') // a proof of the first entry of a tree would have no hashes
    genuine[kind] = { other: await sign('1'), bundle: await sign('2') }
    for (const bundle of Object.values(genuine[kind])) expect(isVerified(bundle)).toBe(true)
  }
})

function withChain(bundle: EditableBundle): EditableBundle {
  const { certificate, ...material } = bundle.verificationMaterial
  const { certificateAuthorities } = release().sigstore.trustedRoot as unknown as {
    certificateAuthorities: [{ certChain: { certificates: { rawBytes: string }[] } }]
  }
  return {
    ...bundle,
    mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
    verificationMaterial: {
      ...material,
      x509CertificateChain: { certificates: [certificate!, ...certificateAuthorities[0].certChain.certificates] },
    },
  }
}

/** Refused is a result or a coded error; anything else thrown fails the test. */
function isVerified(bundle: Json): boolean {
  try {
    return verifyBundle(bundleFromJson(bundle), trust).outcome === 'verified'
  } catch (thrown) {
    if (thrown instanceof CountersignError && thrown.code !== 'internal') return false
    throw thrown
  }
}

/** Why a mutant may be verified all the same. Each row is needed by some mutant, and no mutant needs another. */
const insignificant: readonly { readonly pattern: RegExp; readonly why: string; readonly of?: readonly Kind[] }[] = [
  {
    pattern: /\.inclusionProof\.(rootHash|treeSize) /,
    why: 'the signed checkpoint says both, and only that is believed',
  },
  {
    pattern: /^verificationMaterial\.timestampVerificationData(\.\S+)? is lost$/,
    why: 'less evidence, not false evidence: the log promised a time too',
    of: ['Rekor v1', 'Rekor v1 in a bundle v0.1'],
  },
  {
    pattern: /\.inclusionPromise is lost$/,
    why: 'less evidence: the proof shows the inclusion, the timestamp the time',
    of: ['Rekor v1'],
  },
  {
    pattern: /\.inclusionProof(\.checkpoint)? is lost$/,
    why: 'less evidence: a bundle v0.1 needs the promise only',
    of: ['Rekor v1 in a bundle v0.1'],
  },
  {
    pattern: /\.tlogEntries\.0\.(logIndex|integratedTime) /,
    why: 'without a promise nobody has signed them, and neither is believed: the verdict shows the index of the proof',
    of: ['Rekor v2'],
  },
  {
    pattern: /^dsseEnvelope\.signatures\.0\.keyid /,
    why: 'a hint that DSSE leaves unsigned; the key is that of the certificate',
  },
  {
    pattern: /\.certificates\.[1-9]\d*(\.rawBytes)? |\.certificates\.0 stands twice$/,
    why: 'certificates beside the leaf are not believed, so they are not read: the authorities are those of the trusted root',
    of: ['Rekor v1 in a bundle v0.1'],
  },
]

function reasonFor({ name }: Mutant, kind: Kind): (typeof insignificant)[number] | undefined {
  return insignificant.find((row) => row.pattern.test(name) && (row.of ?? kinds).includes(kind))
}

describe.each(part(kinds, 2))('mutants of a bundle with an entry of %s', (kind) => {
  it('by a byte of something signed', () => {
    const { bundle } = genuine[kind]
    const parts = bytePartsOf(bundle)
    const flip = fc.record({
      part: fc.nat(parts.length - 1),
      at: fc.nat(9_999),
      mask: fc.integer({ min: 1, max: 255 }),
    })
    fc.assert(
      fc.property(flip, ({ part, at, mask }) => {
        const mutant = withByte(bundle, parts[part]!, at, mask)
        if (!isVerified(mutant.bundle) || reasonFor(mutant, kind) !== undefined) return
        expect(mutant.name).toMatch(/\.signedTimestamp byte/)
        expect(signedOf(mutant)).toEqual(signedOf({ name: mutant.name, bundle }))
      }),
      { numRuns: runs(2_000) },
    )
  })

  it('by every byte of its timestamp, of which only the frame around what is signed is free', () => {
    const { bundle } = genuine[kind]
    const part = bytePartsOf(bundle).find(({ path }) => path.includes('signedTimestamp'))!
    const tried = runs(part.bytes.length) // every byte, or some spread over all of it
    const free: number[] = []
    for (let at = 0; at < tried; at += 1) {
      const mutant = withByte(bundle, part, Math.floor((at * part.bytes.length) / tried), 0x01)
      if (!isVerified(mutant.bundle)) continue
      expect(signedOf(mutant)).toEqual(signedOf({ name: mutant.name, bundle }))
      free.push(at)
    }
    // Status, versions, the list of digest algorithms, and the certificates that the authority added of its own accord.
    expect(free.length).toBeGreaterThan(0)
    expect(free.length).toBeLessThan(tried * 0.75)
  })

  it('by size, number, word, loss, double and exchange', () => {
    const { bundle, other } = genuine[kind]
    const mutants = [
      ...resized(bundle),
      ...renumbered(bundle),
      ...reworded(bundle),
      ...rearranged(bundle),
      ...swapped(bundle, other),
      ...checkpointsReworded(bundle),
    ]
    expect(mutants.length).toBeGreaterThan(300)
    const verified = mutants.filter((it) => isVerified(it.bundle))
    expect(verified.filter((it) => reasonFor(it, kind) === undefined).map((it) => it.name)).toEqual([])
    const rows = insignificant.filter((row) => (row.of ?? kinds).includes(kind))
    const unused = rows.filter((row) => !verified.some((it) => reasonFor(it, kind) === row))
    expect(unused.map((row) => row.why)).toEqual([])
  })

  it('none of which costs much more than the genuine one', () => {
    const { bundle, other } = genuine[kind]
    const bound = 20 * leastCpu(() => isVerified(bundle))
    const mutants = [...resized(bundle), ...renumbered(bundle), ...rearranged(bundle), ...swapped(bundle, other)]
    for (const mutant of mutants) {
      const run = (): boolean => isVerified(mutant.bundle)
      // Once, and again only where it seems dear: a garbage collection falls on whoever comes by.
      if (cpuOf(run).milliseconds > bound) expect(leastCpu(run), mutant.name).toBeLessThan(bound)
    }
  })
})

/** Everything of a timestamp that its authority signed, or that says who that is. */
function signedOf({ bundle }: Mutant): unknown {
  const text = valueAt(bundle, ['verificationMaterial', 'timestampVerificationData', 'rfc3161Timestamps', '0'])
  const { signedTimestamp } = text as unknown as { signedTimestamp: string }
  return parseTimestamp(Buffer.from(signedTimestamp, 'base64'))
}
