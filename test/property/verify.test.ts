/**
 * Hostile bundles: whatever is changed in a genuine one, `judge` answers with a coded "no", or says exactly what it said of
 * the genuine one. It never throws, and never costs much more.
 */
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import { isObject } from '../../src/model/json.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import type { Verifier } from '../../src/verify/verifier.ts'
import { openVerifier } from '../../src/verify/verifier.ts'
import { anyText } from '../world/any-text.ts'
import { cpuOfAsync, leastCpuAsync } from '../world/cpu-time.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { artifactDigest, refusals, summaryOf, useRelease } from '../world/release.ts'
import { runs, some } from '../world/runs.ts'

const release = useRelease()
const artifact = { digest: `sha256:${artifactDigest}`, name: 'app.tgz' }
let verifier: Verifier
const genuine = {} as Record<1 | 2, { text: string; verdict: Verdict; cost: number }>

beforeAll(async () => {
  verifier = await openVerifier({ trust: release().trust })
  await release().attested() // a proof of the first entry of a tree would have no hashes
  await release().attested({}, { rekor: 2 })
  for (const rekor of [1, 2] as const) {
    const text = JSON.stringify(await release().attested({}, { rekor }))
    const verdict = await judge(text)
    expect(refusals(verdict)).toEqual([])
    genuine[rekor] = { text, verdict, cost: await leastCpuAsync(() => judge(text)) }
  }
})

function judge(text: string): Promise<Verdict> {
  return verifier.judge(Buffer.from(text), artifact, release().question())
}

/** True if it passed, and then nothing was believed that the genuine bundle does not prove. */
async function judged(rekor: 1 | 2, text: string): Promise<boolean> {
  const { result: verdict, milliseconds } = await cpuOfAsync(() => judge(text))
  const { cost } = genuine[rekor]
  // Again only where it seems dear: a garbage collection falls on whoever comes by.
  if (milliseconds > 20 * cost) expect(await leastCpuAsync(() => judge(text))).toBeLessThan(20 * cost)
  expect(refusals(verdict).join()).not.toContain('internal')
  expect(schemaErrors('verdict', verdict)).toEqual([])
  if (verdict.outcome !== 'pass') return false
  const { times, ...said } = summaryOf(verdict)!
  const { times: genuineTimes, ...genuinelySaid } = summaryOf(genuine[rekor].verdict)!
  expect(said).toEqual(genuinelySaid)
  expect(genuineTimes).toEqual(expect.arrayContaining(times)) // less evidence is not false evidence
  return true
}

describe.each([1, 2] as const)('a bundle with an entry of Rekor v%s', (rekor) => {
  it('of which some bytes are changed, inserted or lost', async () => {
    const { length } = genuine[rekor].text
    const change = fc.record({
      at: fc.nat(length - 1),
      lost: fc.nat(3),
      inserted: anyText({ maxLength: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const text = changes.reduce(
          (before, { at, lost, inserted }) => before.slice(0, at) + inserted + before.slice(at + lost),
          genuine[rekor].text,
        )
        await judged(rekor, text)
      }),
      { numRuns: runs(500) },
    )
  })

  it('of which one character of a value is another one of the same alphabet', async () => {
    const { text } = genuine[rekor]
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.nat(61), async (at, shift) => {
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
        const place = alphabet.indexOf(text[at]!)
        if (place < 0) return
        await judged(rekor, text.slice(0, at) + alphabet[(place + shift) % 62]! + text.slice(at + 1))
      }),
      { numRuns: runs(500) },
    )
  })

  it('of which a member is lost or of another kind', async () => {
    const whole = JSON.parse(genuine[rekor].text) as Json
    const passed = new Set<string>()
    for (const path of some(pathsOf(whole), 3, rekor)) {
      for (const [name, change] of Object.entries(changes)) {
        const changed = changedAt(whole, path, change)
        const text = changed === undefined ? '' : JSON.stringify(changed)
        if (text === genuine[rekor].text) continue
        if (await judged(rekor, text)) passed.add(`${path.join('.')} ${name}`)
      }
    }
    expect([...passed].filter((it) => !insignificant.some((pattern) => pattern.test(it)))).toEqual([])
  })
})

/**
 * Changes that may pass, because they touch nothing that was signed. Everything else must be refused. What these leave out
 * the verdict does not claim either: `judged` compares it with the genuine one.
 */
const insignificant: readonly RegExp[] = [
  /has one more$/, // members that nobody knows
  /is in a list$/, // protobuf's JSON readers take the text of what they are given
  /is doubled$/, // base64 ends at its padding
  /^verificationMaterial\.timestampVerificationData(\.| is (lost|null|an object))/, // less evidence; Rekor v1 tells a time too
  /\.inclusionPromise is (lost|null)$/, // the timestamp tells the time, the proof the inclusion
  /\.inclusionProof\.(rootHash|treeSize) /, // the checkpoint is signed, and only that is believed
  /\.tlogEntries\.0\.logIndex /, // without a promise nobody has signed it; the verdict shows the index of the proof
  /\.tlogEntries\.0\.integratedTime /, // Rekor v2 has none, and none is believed there
]

type Change = (value: Json) => Json | undefined

/** undefined removes the member. */
const changes: Record<string, Change> = {
  'is lost': () => undefined,
  'is null': () => null,
  'is empty': () => '',
  'is a number': () => 0,
  'is negative': () => '-1',
  'is a huge number': () => '9'.repeat(400),
  'is no number': () => 'NaN',
  'is true': () => true,
  'is a list': () => [],
  'is an object': () => ({}),
  'is other base64': () => 'AAAA',
  'is long': () => 'A'.repeat(100_000),
  'is doubled': (value) => (isList(value) ? [...value, ...value] : typeof value === 'string' ? value + value : value),
  'is in a list': (value) => [value],
  'has one more': (value) => (isObject(value) ? { ...value, extra: 1 } : value),
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function pathsOf(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [
    path,
    ...Object.entries(value as object).flatMap(([name, member]: [string, Json]) => pathsOf(member, [...path, name])),
  ]
}

function changedAt(value: Json, [name, ...rest]: readonly string[], change: Change): Json | undefined {
  if (name === undefined) return change(value)
  const member = changedAt((value as { readonly [name: string]: Json })[name]!, rest, change)
  if (isList(value)) {
    return value.flatMap((it, index) => (String(index) !== name ? [it] : member === undefined ? [] : [member]))
  }
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([key, it]: [string, Json]) =>
      key !== name ? [[key, it]] : member === undefined ? [] : [[key, member]],
    ),
  )
}
