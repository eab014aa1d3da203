/**
 * Which lines of a commit message are an example: indented like code, between fences, in a comment or preformatted HTML. What
 * stands there was not written by those who made the commit. The rules are CommonMark's, as far as messages use them.
 */

/** Whether the line at `start` is part of an example; asked for every line of the message, in their order. */
export type ExampleScan = (line: string, start: number) => boolean

const signsOfExamples = ['```', '~~~', '<!--', '\n    ', '\n\t', '\n \t', '\n  \t', '\n   \t']

/** Most messages do not; this is much quicker than to look at each of their lines. */
function mayHoldExample(message: string): boolean {
  return signsOfExamples.some((it) => message.includes(it)) || /^[ \t]|<pre\b/i.test(message)
}

/** Where the last line begins that closes a block of this kind with so many signs; -1 without any. */
type LastClosing = (signs: number) => number

interface Block {
  /** Group 1 are the signs of a fence. */
  readonly opens: RegExp
  readonly closes: RegExp
  lastClosing(message: string): LastClosing
}

/** No fence that anybody writes has more signs. */
const mostSigns = 80

const blocks: readonly Block[] = [
  {
    opens: /^[ \t]{0,64}(`{3,80})[^`]{0,80}$/,
    closes: /^[ \t]{0,64}(`{3,80})[ \t]{0,64}$/,
    lastClosing: (message) => lastFences(message, /^[ \t]{0,64}(`{3,80})[ \t]{0,64}\r?$/gm),
  },
  {
    opens: /^[ \t]{0,64}(~{3,80})/,
    closes: /^[ \t]{0,64}(~{3,80})[ \t]{0,64}$/,
    lastClosing: (message) => lastFences(message, /^[ \t]{0,64}(~{3,80})[ \t]{0,64}\r?$/gm),
  },
  {
    opens: /^[ \t]{0,3}<!--(?!.*-->)/,
    closes: /-->/,
    lastClosing: (message) => lastIndex(message.lastIndexOf('-->')),
  },
  {
    opens: /^[ \t]{0,3}<pre\b(?!.*<\/pre>)/i,
    closes: /<\/pre>/i,
    lastClosing: (message) => lastIndex(message.toLowerCase().lastIndexOf('</pre>')),
  },
]

function lastIndex(at: number): LastClosing {
  return () => at
}

function lastFences(message: string, fence: RegExp): LastClosing {
  const last = new Map<number, number>()
  for (const { index, 1: signs = '' } of message.matchAll(fence)) last.set(signs.length, index)
  const most: number[] = []
  for (let signs = mostSigns; signs >= 0; signs -= 1) {
    most[signs] = Math.max(last.get(signs) ?? -1, most[signs + 1] ?? -1)
  }
  return (signs) => most[signs] ?? -1
}

interface OpenBlock {
  readonly block: Block
  /** Signs that the closing line must have at least. */
  readonly signs: number
}

/**
 * A block that nothing closes is none: a stray fence must not hide what stands behind it. Code is indented by four columns; in
 * the message of `git merge --squash` it is by eight, and in an item of a list, as squash merges write each commit, by six.
 */
export function newExampleScan(message: string): ExampleScan {
  if (!mayHoldExample(message)) return () => false
  const lastClosing = new Map(blocks.map((block) => [block, block.lastClosing(message)]))
  let open: OpenBlock | undefined
  let margin = 0
  let bodyIndent = 0
  let isIntroduced = false
  let wasBlank = true

  function opened(line: string, start: number): OpenBlock | undefined {
    for (const block of blocks) {
      const found = block.opens.exec(line)
      const signs = found?.[1]?.length ?? 0
      if (found !== null && (lastClosing.get(block)?.(signs) ?? -1) > start) return { block, signs }
    }
    return undefined
  }

  return (line, start) => {
    if (open !== undefined) {
      const closing = open.block.closes.exec(line)
      if (closing !== null && (closing[1]?.length ?? 0) >= open.signs) open = undefined
      return true
    }
    if (line.trim() === '') {
      wasBlank = true
      return false
    }
    const indent = indentOf(line)
    margin = marginAt(line, indent, margin, wasBlank)
    // Of a commit that squash merges put into an item the body is a paragraph of its own; "like this:" introduces an example.
    const isBody = (wasBlank || bodyIndent >= 4) && !isIntroduced && !line.startsWith('\t')
    wasBlank = false
    if (indent >= margin + 4 || (indent >= 4 && margin === 2 && !isBody)) return true
    isIntroduced = line.trimEnd().endsWith(':')
    bodyIndent = indent
    open = opened(line, start)
    return open !== undefined
  }
}

/** Columns before the first sign; a tab leads to the next column that four divides. */
function indentOf(line: string): number {
  let columns = 0
  for (const sign of line.slice(0, 80)) {
    if (sign === ' ') columns += 1
    else if (sign === '\t') columns += 4 - (columns % 4)
    else break
  }
  return columns
}

const squashedCommit = /^commit [0-9a-f]{40,64}\b/
const headOfSquashed = /^(?:Merge|Author|AuthorDate|Commit|CommitDate|Date):/

/** Where text begins that is no code: in column 4 below the `commit …` of a squash merge, in column 2 below `* subject`. */
function marginAt(line: string, indent: number, margin: number, wasBlank: boolean): number {
  if (indent === 0 && squashedCommit.test(line)) return 4
  if (margin === 4 && (indent >= 4 || headOfSquashed.test(line))) return 4
  if (indent < 2 && /^ ?\*[ \t]/.test(line)) return 2
  // A line that is not indented ends the item, unless it goes on with the paragraph before.
  return margin === 2 && (indent >= 2 || !wasBlank) ? 2 : 0
}
