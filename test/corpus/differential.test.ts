/** Our verdicts held against those of @sigstore/verify: the same, but for what `differences.ts` lists. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../src/errors.ts'
import { parseJson } from '../../src/model/json.ts'
import type { Json } from '../../src/model/json.ts'
import { trustFromJson } from '../../src/sigstore/verify/trusted-root.ts'
import { codeOf } from '../world/failure.ts'
import {
  bytePartsOf,
  checkpointsReworded,
  rearranged,
  renumbered,
  resized,
  reworded,
  swapped,
  withByte,
} from '../property/mutants.ts'
import type { BytePart, Mutant } from '../property/mutants.ts'
import { useRelease } from '../world/release.ts'
import { differences, renderDifferences } from './differences.ts'
import type { Difference } from './differences.ts'
import { genuineBundles, uniqueBundles } from './genuine.ts'
import type { GivenBundle } from './genuine.ts'
import { libraryRefusal, libraryTrust } from './library.ts'
import { made } from './made.ts'
import type { Made } from './made.ts'
import { ourRefusal } from './ours.ts'

interface Verdicts {
  readonly name: string
  readonly ours: ErrorCode | undefined
  readonly library: string | undefined
}

function verdictsOn({ trustedRoot, artifact, key }: GivenBundle): (name: string, bundle: Json) => Verdicts {
  const [trust, libraryMaterial] = [trustFromJson(trustedRoot, 'corpus'), libraryTrust(trustedRoot, key)]
  return (name, bundle) => ({
    name,
    ours: ourRefusal(bundle, trust, artifact, key),
    library: libraryRefusal(bundle, libraryMaterial, artifact),
  })
}

const differs = ({ ours, library }: Verdicts): boolean => (ours === undefined) !== (library === undefined)

function isExplained({ name, ours }: Verdicts, by: Difference, pattern: RegExp | undefined): boolean {
  if (pattern?.test(name) !== true) return false
  return by.acceptedBy === 'countersign' ? ours === undefined : ours !== undefined && by.codes?.includes(ours) === true
}

const shown = new Set<string>()

/** Differences that no row explains. */
function unexplained(all: readonly Verdicts[], pattern: (it: Difference) => RegExp | undefined): Verdicts[] {
  return all.filter(differs).filter((it) => {
    const row = differences.find((by) => isExplained(it, by, pattern(by)))
    if (row !== undefined) shown.add(row.id)
    return row === undefined
  })
}

describe('the same verdict', () => {
  it('on every bundle of the corpus', () => {
    const all = uniqueBundles()
    expect(all.length).toBeGreaterThan(180)
    const verdicts = all.map((it) => verdictsOn(it)(it.name, it.bundle))
    expect(unexplained(verdicts, (it) => it.bundles)).toEqual([])
    expect(verdicts.filter((it) => it.ours === undefined).length).toBeGreaterThan(45)
  })

  const genuine = genuineBundles()
  it.each(genuine.map((it) => [it.name, it] as const))('on mutants of %s', (name, given) => {
    const verdicts = verdictsOn(given)
    const other = genuine.find((it) => it.name !== name && it.version === given.version) ?? genuine[0]!
    const mutants = mutantsOf(given.bundle, other.bundle)
    expect(mutants.length).toBeGreaterThan(100)
    const all = mutants.map((it) => verdicts(it.name, it.bundle))
    expect(unexplained(all, (it) => it.mutants)).toEqual([])
  })
})

describe('another verdict', () => {
  const release = useRelease()

  it.each(Object.entries(made))('%s', async (name, make) => {
    const [id] = name.split(' ')
    const row = differences.find((it) => it.id === id)!
    const { shown: differing, plain } = await make(release())
    expect(verdictsOf(plain)).toEqual({ ours: undefined, library: undefined })
    const { ours, library } = verdictsOf(differing)
    if (row.acceptedBy === 'countersign') {
      expect(ours).toBeUndefined()
      expect(library).toBeDefined()
    } else {
      expect(library).toBeUndefined()
      expect(row.codes).toContain(ours)
    }
    shown.add(row.id)
  })

  it('is shown for each row of the table', () => {
    expect(differences.filter((it) => !shown.has(it.id)).map((it) => it.id)).toEqual([])
  })

  it('is told on the page about it', async () => {
    const path = fileURLToPath(new URL('../../docs/verification-differences.md', import.meta.url))
    const page = await format(renderDifferences(), { ...(await resolveConfig(path)), parser: 'markdown' })
    await expect(page).toMatchFileSnapshot(path)
  })
})

function verdictsOf({ bundle, trustedRoot, key }: Made): { ours: ErrorCode | undefined; library: string | undefined } {
  const json = parseJson(Buffer.from(JSON.stringify(bundle)), 'the bundle', 1_000_000)
  const library = libraryRefusal(json, libraryTrust(trustedRoot, key))
  try {
    return { ours: ourRefusal(json, trustFromJson(trustedRoot, 'made'), Buffer.alloc(0), key), library }
  } catch {
    return { ours: codeOf(() => trustFromJson(trustedRoot, 'made')), library }
  }
}

/** A sample that takes the library seconds, not minutes: each of its verdicts takes some milliseconds. */
function mutantsOf(bundle: Json, other: Json): readonly Mutant[] {
  const parts = bytePartsOf(bundle)
  const bytes = parts.flatMap((part) => {
    const count = Math.min(part.bytes.length, 6)
    return Array.from({ length: count }, (_, index) =>
      withByte(bundle, part, Math.floor(((index + 0.5) * part.bytes.length) / count), 1 << (index % 8)),
    )
  })
  return [
    ...bytes,
    ...frames(bundle, parts),
    ...resized(bundle),
    ...renumbered(bundle),
    ...reworded(bundle),
    ...rearranged(bundle),
    ...swapped(bundle, other),
    ...checkpointsReworded(bundle, 41),
  ].filter(({ name }) => !/\.hashes\.([2-9]|\d\d)/.test(name)) // one hash of a proof is as good as another
}

/** Bytes of what is not signed: at the end of a certificate its algorithm, at the beginning of a timestamp its status. */
function frames(bundle: Json, parts: readonly BytePart[]): Mutant[] {
  return parts.flatMap((part) => {
    const member = part.path.at(-1)
    if (member === 'signedTimestamp') return [2, 4, 5, 6, 7, 8].map((at) => withByte(bundle, part, at, 1))
    if (member !== 'rawBytes' || part.path.includes('1') || part.path.includes('2')) return []
    return [90, 100, 105, 110, 114, 115, 116, 117, 118].map((end) => withByte(bundle, part, part.bytes.length - end, 1))
  })
}

it('is compared with the version that the page names', () => {
  const lock = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { devDependencies } = JSON.parse(lock) as { devDependencies: Record<string, string> }
  expect(renderDifferences()).toContain(`\`@sigstore/verify\` ${devDependencies['@sigstore/verify']!}`)
})
