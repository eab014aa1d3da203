/**
 * Lines folded to the width of a terminal, between words alone: what a person would copy (a digest, an address, what stands in
 * quotes or in short parentheses) stays in one piece, and may stick out.
 */

/** SGR codes take no column (`style.ts`). */
const colour = /\u001b\[\d+m/g

/** Characters that take two columns: East Asian wide and full-width ones, and pictures (UAX #11, coarsely). */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/gu

/** Marks that stand on the character before them. */
const combining = /[\p{Mn}\p{Me}]/gu

/** Columns that a text takes on a terminal. */
export function columnsOf(text: string): number {
  const plain = text.replace(colour, '')
  // Most texts are ASCII, and tables ask for each of their cells.
  if (/^[ -~]*$/.test(plain)) return plain.length
  const marks = plain.match(combining)?.length ?? 0
  return Array.from(plain).length + (plain.match(wide)?.length ?? 0) - marks
}

/** The same text with every line folded; what follows in a line stands under its value, if it has one. */
export function fold(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (columnsOf(line) <= width ? line : folded(line, width)))
    .join('\n')
}

/** A word, and the blanks before it. */
interface Piece {
  readonly gap: string
  readonly word: string
}

/** Each run of blanks is looked at from its start alone, or many of them would take a quadratic time. */
const piece = /(?<! )( *)((?:\([^()]*\)|"[^"]*"|`[^`]*`|[^ ])+)/g

/** GitHub Actions takes it for a command where a line begins, whatever blanks stand before it. */
const command = /^(?:\u001b\[\d+m)*::/

function folded(line: string, width: number): string {
  const whole = piecesOf(line, piece)
  const hang = hangOf(whole, width)
  // Long parentheses are prose.
  const pieces = whole.flatMap((it) =>
    columnsOf(it.word) > width - hang && /^[^"`]*$/.test(it.word)
      ? piecesOf(`${it.gap}${it.word}`, /(?<! )( *)([^ ]+)/g)
      : [it],
  )
  const lines: string[] = []
  let current = ''
  for (const { gap, word } of pieces) {
    const next = `${current}${gap}${word}`
    const isTooLong = columnsOf(next) > width
    // On a line of its own it would stick out as well, and be further from its name.
    const helps = current.trim() !== '' && columnsOf(word) <= width - hang && !command.test(word)
    if (isTooLong && helps) {
      lines.push(current)
      current = `${' '.repeat(hang)}${word}`
    } else current = next
  }
  return [...lines, current].join('\n')
}

function piecesOf(line: string, pattern: RegExp): Piece[] {
  return [...line.matchAll(pattern)].map(([, gap = '', word = '']) => ({ gap, word }))
}

/** Where the value begins behind its name, two blanks or more apart, unless that is far on the right; else a little further in. */
function hangOf(pieces: readonly Piece[], width: number): number {
  const [first] = pieces
  const indent = first?.gap.length ?? 0
  let column = 0
  for (const [at, { gap, word }] of pieces.entries()) {
    column += gap.length
    if (at > 0 && gap.length >= 2) return column <= width / 2 ? column : indent + 2
    column += columnsOf(word)
  }
  return indent + 2
}
