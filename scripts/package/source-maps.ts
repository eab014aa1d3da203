/** Source maps (ECMA-426) of a text that was made of another one that was made of the source. */

export interface SourceMap {
  readonly sources: readonly string[]
  readonly names: readonly string[]
  readonly mappings: string
}

/** Column in the text, and where that comes from: number of the source, line and column in it; nothing where it comes from nowhere. */
type Segment = readonly [column: number, from?: readonly [source: number, line: number, column: number] | undefined]

/** `outer` says of the last text where it is in the one between, `inner` of that where it is in the source. Names are left out. */
export function composed(outer: SourceMap, inner: SourceMap): SourceMap {
  const between = decoded(inner.mappings)
  const lines = decoded(outer.mappings).map((line) =>
    line.flatMap(([column, from]): Segment[] => {
      if (from === undefined) return []
      const origin = lastBefore(between[from[1]] ?? [], from[2])?.[1]
      return origin === undefined ? [] : [[column, origin]]
    }),
  )
  return { ...inner, names: [], mappings: encoded(lines) }
}

/** The last one that begins there or before; they are in order. */
function lastBefore(segments: readonly Segment[], column: number): Segment | undefined {
  let [low, high] = [0, segments.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((segments[middle]?.[0] ?? 0) <= column) low = middle + 1
    else high = middle
  }
  return segments[low - 1]
}

/** Of the same text with so many characters less at its beginning, all of its first line. */
export function moved(map: SourceMap, characters: number): SourceMap {
  const [first = [], ...rest] = decoded(map.mappings)
  return { ...map, mappings: encoded([first.map(([at, from]): Segment => [at - characters, from]), ...rest]) }
}

/** Of the same text in which what `pattern` finds, a character each, has so many of them. */
export function widened(map: SourceMap, text: string, pattern: RegExp, characters: number): SourceMap {
  const lines = text.split('\n')
  const segments = decoded(map.mappings).map((line, row) => {
    const places = [...(lines[row] ?? '').matchAll(pattern)].map(({ index }) => index)
    let passed = 0
    return line.map(([column, from]): Segment => {
      while (passed < places.length && (places[passed] ?? 0) < column) passed += 1
      return [column + passed * (characters - 1), from]
    })
  })
  return { ...map, mappings: encoded(segments) }
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function decoded(mappings: string): readonly (readonly Segment[])[] {
  let [source, line, column] = [0, 0, 0]
  return mappings.split(';').map((text) => {
    let at = 0
    return text
      .split(',')
      .filter((it) => it !== '')
      .map((it): Segment => {
        const [moves = 0, sources, lines = 0, columns = 0] = numbersIn(it)
        at += moves
        if (sources === undefined) return [at]
        source += sources
        line += lines
        column += columns
        return [at, [source, line, column]]
      })
  })
}

function encoded(lines: readonly (readonly Segment[])[]): string {
  let last = [0, 0, 0]
  return lines
    .map((segments) => {
      let at = 0
      return segments
        .map(([column, from]) => {
          const numbers = [column - at, ...(from ?? []).map((it, index) => it - (last[index] ?? 0))]
          at = column
          last = from === undefined ? last : [...from]
          return numbers.map(textOf).join('')
        })
        .join(',')
    })
    .join(';')
}

/** Base64 VLQ: five bits a digit, the lowest first, the sign below all of them. */
function numbersIn(text: string): readonly number[] {
  const numbers: number[] = []
  let [value, shift] = [0, 0]
  for (const it of text) {
    const digit = digits.indexOf(it)
    value += (digit & 31) * 2 ** shift
    shift += 5
    if (digit < 32) {
      numbers.push(value % 2 === 0 ? value / 2 : -(value - 1) / 2)
      ;[value, shift] = [0, 0]
    }
  }
  return numbers
}

function textOf(number: number): string {
  let rest = number < 0 ? -number * 2 + 1 : number * 2
  let text = ''
  do {
    const digit = rest % 32
    rest = Math.floor(rest / 32)
    text += digits[rest > 0 ? digit + 32 : digit] ?? ''
  } while (rest > 0)
  return text
}
