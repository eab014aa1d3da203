/** How much of what is planted goes, and how much of what only looks like it. */
import { redactSecrets } from '../../src/collect/redact/secrets.ts'
import { bodiesFrom } from './alphabets.ts'
import { carriers, planted } from './carriers.ts'
import { lookAlikes } from './look-alikes.ts'
import { kinds } from './planted-kinds.ts'
import type { Kind } from './planted-kinds.ts'

/** Of a kind, or of a look-alike. */
export interface Measured {
  readonly group: string
  readonly name: string
  readonly tried: number
  /** Secrets of which a piece was left; look-alikes from which something was taken. */
  readonly wrong: number
}

const rounds = 5
const seedOf = (round: number): number => round * 7_919 + 1

export async function measuredKinds(): Promise<readonly Measured[]> {
  return await Promise.all(
    kinds.map(async (kind) => {
      let tried = 0
      let wrong = 0
      for (const carrier of carriers) {
        for (let round = 0; round < rounds; round += 1) {
          const left = await pieceLeft(kind, carrier, seedOf(round))
          if (left === undefined) continue
          tried += 1
          if (left !== '') wrong += 1
        }
      }
      return { group: kind.group, name: kind.name, tried, wrong }
    }),
  )
}

/** Pieces of so many characters are looked for. */
const piece = 8

/** A piece of the secret that is still there, behind its mark; undefined: the kind does not go into such a carrier. */
export async function pieceLeft(
  kind: Kind,
  carrier: (typeof carriers)[number],
  seed: number,
): Promise<string | undefined> {
  const { mark, body, behind = '' } = kind.make(bodiesFrom(seed))
  const text = planted(kind, mark + body + behind, carrier)
  if (text === undefined) return undefined
  const { text: left } = await redactSecrets(text)
  const redacted = carrier.reads?.(left) ?? left
  for (let from = 0; from + piece <= body.length; from += 1) {
    const it = body.slice(from, from + piece)
    // A JSON in JSON has lines as escapes.
    if (redacted.includes(it)) return it
  }
  return ''
}

export async function measuredLookAlikes(): Promise<readonly Measured[]> {
  return await Promise.all(
    lookAlikes.map(async ({ group, name, text }) => {
      let wrong = 0
      for (let round = 0; round < rounds; round += 1) {
        if ((await redactSecrets(text(bodiesFrom(seedOf(round))))).count > 0) wrong += 1
      }
      return { group, name, tried: rounds, wrong }
    }),
  )
}

/** As many of a hundred as were right. */
export function share(measured: readonly Measured[]): number {
  const tried = measured.reduce((sum, it) => sum + it.tried, 0)
  return (tried - measured.reduce((sum, it) => sum + it.wrong, 0)) / tried
}
