/**
 * Mutants of the corpus' genuine bundles, all of them and many: what was signed cannot be changed, and no mutant crashes or
 * takes long. What may be changed, and why, is listed in `test/property/bundle-mutation.test.ts`.
 */
import { describe, expect, it } from 'vitest'
import { trustFromJson } from '../../src/sigstore/verify/trusted-root.ts'
import { parseTimestamp } from '../../src/sigstore/verify/timestamp.ts'
import type { Json } from '../../src/model/json.ts'
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
} from '../property/mutants.ts'
import { genuineBundles } from './genuine.ts'
import type { GivenBundle } from './genuine.ts'
import { ourRefusal } from './ours.ts'

/** Reasons are those of the property test; a row for a kind of bundle that it does not make has its own. */
const insignificant: readonly RegExp[] = [
  /\.inclusionProof\.(rootHash|treeSize) /,
  /\.timestampVerificationData(\.\S+)? (is lost|stands twice)$/,
  /\.certificates\.[1-9]\d*(\.rawBytes)? |\.certificates\.0 stands twice$/,
  /\.signatures\.0\.keyid /,
  /^messageSignature\.messageDigest is lost$/, // a hint: the signature is over the artifact
  /^mediaType is that of another: /, // a version says which evidence is needed, and that is there
  /\.publicKey\.hint /, // a hint: the key is that of the caller
]
const withOtherEvidence: { readonly [kind: string]: readonly RegExp[] } = {
  // A bundle v0.1 needs the promise only.
  'version=0.1': [/\.inclusionProof(\.checkpoint)? is lost$/],
  // Nobody signed these without a promise, and they are not believed; other logs may sign the checkpoint too.
  rekor2: [/\.tlogEntries\.0\.(logIndex|integratedTime) /, /\.checkpoint\.envelope character \d+$/],
  // The timestamp tells the time as well as the promise did.
  'managed-key': [
    /\.inclusionPromise is lost$/,
    /\.timestampVerificationData(\.rfc3161Timestamps)? is that of another: slsa\/npm\//, // an empty one
  ],
}

function mayPass(name: string, { name: file, version }: GivenBundle): boolean {
  const more = Object.entries(withOtherEvidence).flatMap(([kind, patterns]) =>
    file.includes(kind) || version.endsWith(kind) ? patterns : [],
  )
  return [...insignificant, ...more].some((pattern) => pattern.test(name))
}

const genuine = genuineBundles()
let tried = 0

describe.each(genuine.map((it) => [it.name, it] as const))('mutants of %s', (name, given) => {
  const trust = trustFromJson(given.trustedRoot, 'corpus')
  let dearest = 0
  const isVerified = (bundle: Json): boolean => {
    tried += 1
    const start = cpuTime()
    const refusal = ourRefusal(bundle, trust, given.artifact, given.key)
    dearest = Math.max(dearest, cpuTime() - start)
    return refusal === undefined
  }

  it('by a byte', () => {
    expect(isVerified(given.bundle)).toBe(true)
    const survivors: string[] = []
    for (const part of bytePartsOf(given.bundle)) {
      const step = Math.max(1, Math.floor(part.bytes.length / 100))
      for (let at = 0; at < part.bytes.length; at += step) {
        const mutant = withByte(given.bundle, part, at, 1 << (at % 8))
        if (!isVerified(mutant.bundle) || mayPass(mutant.name, given)) continue
        if (part.path.includes('signedTimestamp')) {
          expect(stampAt(mutant.bundle, part.path)).toEqual(stampAt(given.bundle, part.path))
        } else survivors.push(mutant.name)
      }
    }
    expect(survivors).toEqual([])
  })

  it('by size, number, word, loss, double and exchange', () => {
    const survivors: string[] = []
    for (const other of genuine.filter((it) => it.name !== name)) {
      for (const mutant of swapped(given.bundle, other.bundle)) {
        const swap = `${mutant.name}: ${other.name}`
        if (isVerified(mutant.bundle) && !mayPass(swap, given)) survivors.push(swap)
      }
    }
    for (const mutant of [resized, renumbered, reworded, rearranged].flatMap((mutate) => mutate(given.bundle))) {
      if (isVerified(mutant.bundle) && !mayPass(mutant.name, given)) survivors.push(mutant.name)
    }
    for (const mutant of checkpointsReworded(given.bundle)) {
      if (isVerified(mutant.bundle) && !mayPass(mutant.name, given)) survivors.push(mutant.name)
    }
    expect(survivors).toEqual([])
  })

  it('cost no more than the bundle itself, but for a pause of the machine', () => {
    const costs = Array.from({ length: 9 }, () => {
      const start = cpuTime()
      isVerified(given.bundle)
      return cpuTime() - start
    })
    expect(dearest).toBeLessThan(1_000 * Math.min(...costs))
  })
})

/** Microseconds that this process has computed. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

it('are thousands', () => {
  expect(tried).toBeGreaterThan(10_000)
})

/** Everything in a timestamp that its authority signed, or that says who that is. */
function stampAt(bundle: Json, path: readonly string[]): unknown {
  return parseTimestamp(Buffer.from(valueAt(bundle, path) as string, 'base64'))
}
