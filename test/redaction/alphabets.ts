/** What bodies of tokens are made of, and a source of them that gives the same for the same seed. */

export const digits = '0123456789'
export const lower = 'abcdefghijklmnopqrstuvwxyz'
export const upper = lower.toUpperCase()
export const hex = `${digits}abcdef`
export const base36 = `${digits}${lower}`
export const base62 = `${digits}${lower}${upper}`
export const base64 = `${base62}+/`
export const base64url = `${base62}_-`
export const base32 = `${upper}234567`
export const password = `${base62}!*^.-_`

export interface Bodies {
  below(bound: number): number
  /** So many characters of an alphabet. */
  of(alphabet: string, length: number): string
  uuid(): string
  /** Text in base64url, as parts of a JWT are. */
  encoded(value: unknown): string
}

/** mulberry32: small, and the same everywhere. */
export function bodiesFrom(seed: number): Bodies {
  let state = seed >>> 0
  function below(bound: number): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
  const of = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[below(alphabet.length)] ?? '').join('')
  return {
    below,
    of,
    uuid: () => `${of(hex, 8)}-${of(hex, 4)}-4${of(hex, 3)}-${of('89ab', 1)}${of(hex, 3)}-${of(hex, 12)}`,
    encoded: (value) => Buffer.from(JSON.stringify(value)).toString('base64url'),
  }
}
