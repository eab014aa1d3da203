/**
 * Secrets of no known form, by how random they look: letters of both cases and digits, mixed as nobody writes them. Transcripts are full of
 * random text that opens no door (ids, digests, signatures, pictures, paths), so this one is careful: what may be such is left, and so is
 * every text of one case, for a digest looks like that. Most of the work is one look at each 24th character.
 */
import type { Place } from './form.ts'
import { formedRun } from './formed-runs.ts'
import { charactersOf, longRuns } from './long-runs.ts'
import { isPublicRun } from './public-runs.ts'

const lower = 'abcdefghijklmnopqrstuvwxyz'
const ofTokens = charactersOf(`${lower}${lower.toUpperCase()}0123456789_+/-`)

/** Shorter ones are names of things more often than keys; longer ones are data. */
const leastCharacters = 24
const mostCharacters = 256

const classes = new Uint8Array(0x80)
for (const it of lower) classes[it.charCodeAt(0)] = 1
for (const it of lower.toUpperCase()) classes[it.charCodeAt(0)] = 2
for (const it of '0123456789') classes[it.charCodeAt(0)] = 3

/** `before`: what the text stands behind, as the name of its member; a place is of the text. */
export function randomRuns(text: string, before = ''): Place[] {
  const places: Place[] = []
  for (const [from, to] of longRuns(text, ofTokens, leastCharacters)) {
    if (to - from > mostCharacters) continue
    const whole = formedRun(text, [from, to])
    if (whole !== undefined) places.push(whole)
    else if (isMixed(text, from, to) && !isPublicRun(text, [from, to], before)) places.push([from, to])
  }
  return places
}

/** Of 62 characters chosen at random 38 in 100 are followed by one of the same class; of words and names some 80. */
const leastChanges = 0.42
const leastEntropy = 0.8

function isMixed(text: string, from: number, to: number): boolean {
  const seen = [0, 0, 0, 0]
  let changes = 0
  let islands = 0
  let last = 0
  for (let at = from; at < to; at += 1) {
    const kind = classes[text.charCodeAt(at)] ?? 0
    if (kind === 0) continue
    seen[kind] = (seen[kind] ?? 0) + 1
    if (kind !== last && last !== 0) changes += 1
    if (kind === 3 && last !== 3) islands += 1
    last = kind
  }
  const [, low = 0, high = 0, digits = 0] = seen
  const all = low + high + digits
  if (low < 3 || high < 3 || islands < 2 || all < leastCharacters - 2) return false
  return changes / (all - 1) >= leastChanges && entropy(text, from, to) >= leastEntropy
}

/** Shannon's, as a share of the most that so many characters can have. */
function entropy(text: string, from: number, to: number): number {
  const counts = new Map<number, number>()
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at)
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  const length = to - from
  let bits = 0
  for (const it of counts.values()) bits -= (it / length) * Math.log2(it / length)
  return bits / Math.log2(Math.min(length, 64))
}
