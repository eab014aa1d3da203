/** Changes to an input, from a seeded generator: the same seed finds the same again. */

/** Mulberry32: small, and good enough to choose places. */
export function generatorOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Texts that parsers give a meaning to, or trip over. */
const words = [
  '"', '{}', '[]', '{', '}', '[', ']', ':', ',', 'null', '1e999', '-0', '"__proto__":', '\\u0000', '\ufeff', '\ud800', '\r\n', '\n---\n',
  '  ', '@', '@refs/', '*', '**', '//', '..', '%', '=', '0'.repeat(20), 'eyJhbGciOiJub25lIn0.', '::', '##[', '\u202e',
].map((it) => Buffer.from(it)) // prettier-ignore

const bytes = [0x00, 0x01, 0x05, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xff].map((it) => Buffer.of(it))

const largest = 1024 * 1024

export function mutated(seed: Buffer, other: Buffer, random: () => number): Buffer {
  let current = seed
  const changes = 1 + Math.floor(random() ** 2 * 8)
  for (let change = 0; change < changes; change += 1) current = once(current, other, random)
  return current.subarray(0, largest)
}

function once(data: Buffer, other: Buffer, random: () => number): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit)
  const from = below(data.length + 1)
  const length = below(Math.min(64, data.length - from + 1))
  const part = data.subarray(from, from + length)
  const [head, tail] = [data.subarray(0, from), data.subarray(from + length)]
  switch (below(8)) {
    case 0: {
      const copy = Buffer.from(data)
      const at = from % Math.max(copy.length, 1)
      if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << below(8))
      return copy
    }
    case 1:
      return Buffer.concat([head, tail])
    case 2:
      return Buffer.concat([head, oneOf(words, below), tail])
    case 3:
      return Buffer.concat([head, oneOf(bytes, below), tail])
    case 4: // a part very often
      return Buffer.concat([head, ...Array<Buffer>(1 + below(random() < 0.1 ? 20_000 : 20)).fill(part), tail])
    case 5:
      return Buffer.concat([head, other.subarray(below(other.length + 1))])
    case 6: {
      const at = below(other.length + 1)
      return Buffer.concat([head, other.subarray(at, at + 200), tail])
    }
    default:
      return data.subarray(0, from)
  }
}

function oneOf(all: readonly Buffer[], below: (limit: number) => number): Buffer {
  return all[below(all.length)] ?? Buffer.alloc(0)
}
