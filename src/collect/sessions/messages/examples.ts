/**
 * Which lines of a commit message are an example: indented like code, between fences, in a comment or preformatted HTML. What
 * stands there was not written by those who made the commit. The rules are CommonMark's, as far as messages use them.
 * Besides those, AsciiDoc's, reStructuredText's, org mode's and Jira's.
 */

/** Whether the line at `start` is part of an example; asked for every line of the message, in their order. */
export type ExampleScan = (line: string, start: number) => boolean

const signsOfExamples = ['```', '~~~', '<!--', '\n    ', '\n\t', '\n \t', '\n  \t', '\n   \t', '\n#+', '\n{']
const signsOfDelimited = ['\n----', '\n....', '\n====']

/** Most messages do not; this is much quicker than to look at each of their lines. */
function mayHoldExample(message: string): boolean {
  return (
    signsOfExamples.some((it) => message.includes(it)) ||
    signsOfDelimited.some((it) => message.includes(it)) ||
    /^(?:[ \t]|#\+|\{|----|\.{4}|====)|<(?:pre|code)\b|(?::|\.\. [a-z-]{4,20}::.{0,80})[ \t]{0,8}\r?\n/i.test(message)
  )
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
    // But for the comment in which a tool signs (`footers.ts`).
    opens: /^[ \t]{0,3}<!--(?![ \t]{0,4}[a-z][a-z0-9-]{0,22}[a-z0-9]-attribution:)(?!.*-->)/i,
    closes: /-->/,
    lastClosing: (message) => lastIndex(message.lastIndexOf('-->')),
  },
  {
    opens: /^[ \t]{0,3}<pre\b(?!.*<\/pre>)/i,
    closes: /<\/pre>/i,
    lastClosing: (message) => lastIndex(message.toLowerCase().lastIndexOf('</pre>')),
  },
  {
    opens: /^[ \t]{0,3}<code\b(?!.*<\/code>)/i,
    closes: /<\/code>/i,
    lastClosing: (message) => lastIndex(message.toLowerCase().lastIndexOf('</code>')),
  },
  // Org mode.
  {
    opens: /^[ \t]{0,64}#\+begin_(?:example|src|quote|verse)\b/i,
    closes: /^[ \t]{0,64}#\+end_/i,
    lastClosing: (message) => lastIndex(message.toLowerCase().lastIndexOf('#+end_')),
  },
  // Jira, Confluence.
  {
    opens: /^[ \t]{0,3}\{(?:code|noformat)(?::[^{}]{0,80})?\}(?!.*\{(?:code|noformat)\})/,
    closes: /\{(?:code|noformat)\}/,
    lastClosing: (message) => lastIndex(Math.max(message.lastIndexOf('{code}'), message.lastIndexOf('{noformat}'))),
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

/** A block of AsciiDoc: a line of its own from four signs on, below nothing or below what says what it is (`[source]`, `.Title`). */
const delimiter = /^([-.=])\1{3,79}$/
const attribute = /^(?:\[[^\]]{0,200}\]|\.[A-Za-z].{0,200})$/

/**
 * Where the line begins that closes a block of AsciiDoc; undefined for what is none. Squash merges of forges part commits and
 * titles by such lines as well: those have empty lines beside them, or text above.
 */
function newDelimited(message: string): (line: string, start: number, lineBefore: string) => number | undefined {
  // No second look for what the rest of the message does not have.
  const without = new Set<string>()
  return (line, start, lineBefore) => {
    const text = line.trimEnd()
    if (!delimiter.test(text) || without.has(text)) return undefined
    if (lineBefore !== '' && !attribute.test(lineBefore)) return undefined
    const first = message.indexOf('\n', start) + 1
    if (first === 0 || /^[ \t]*\r?(?:\n|$)/.test(message.slice(first, first + 80))) return undefined
    for (let at = message.indexOf(`\n${text}`, first); at >= 0; at = message.indexOf(`\n${text}`, at + 1)) {
      const isWhole = /^[ \t]{0,64}\r?(?:\n|$)/.test(message.slice(at + 1 + text.length, at + 80 + text.length))
      const isBehindText = !/\n[ \t]{0,64}\r?$/.test(message.slice(Math.max(at - 80, 0), at))
      if (isWhole && isBehindText) return at + 1
    }
    without.add(text)
    return undefined
  }
}

/** A line that has something to show below it; reStructuredText says what. */
function introduces(line: string): boolean {
  return line.endsWith(':') || /^[ \t]{0,64}\.\. (?:code|code-block|sourcecode|parsed-literal)::/.test(line)
}

/** What a message can show that would be a claim: a trailer, or what an agent writes below its work. */
const shown = /^[ \t]{1,64}(?:[A-Za-z][A-Za-z0-9-]{1,60}[ \t]{0,16}:|\S{0,8}[ \t]{0,4}\[?Generated )/

/**
 * A block that nothing closes is none: a stray fence must not hide what stands behind it. Code is indented by four columns; in
 * the message of `git merge --squash` it is by eight, and in an item of a list, as squash merges write each commit, by six.
 */
export function newExampleScan(message: string): ExampleScan {
  return mayHoldExample(message) ? scanOf(message) : noExample
}

/** For a message without any. */
export const noExample: ExampleScan = () => false

function scanOf(message: string): ExampleScan {
  const lastClosing = new Map(blocks.map((block) => [block, block.lastClosing(message)]))
  let open: OpenBlock | undefined
  let margin = 0
  let bodyIndent = 0
  let isIntroduced = false
  let wasBlank = true
  let lineBefore = ''
  const delimited = newDelimited(message)
  let closesAt: number | undefined

  function opened(line: string, start: number): OpenBlock | undefined {
    for (const block of blocks) {
      const found = block.opens.exec(line)
      const signs = found?.[1]?.length ?? 0
      if (found !== null && (lastClosing.get(block)?.(signs) ?? -1) > start) return { block, signs }
    }
    return undefined
  }

  return (line, start) => {
    if (closesAt !== undefined) {
      if (start >= closesAt) closesAt = undefined
      return true
    }
    if (open !== undefined) {
      const closing = open.block.closes.exec(line)
      if (closing !== null && (closing[1]?.length ?? 0) >= open.signs) open = undefined
      return true
    }
    if (line.trim() === '') {
      wasBlank = true
      lineBefore = ''
      return false
    }
    const indent = indentOf(line)
    margin = marginAt(line, indent, margin, wasBlank)
    // Of a commit that squash merges put into an item the body is a paragraph of its own; "like this:" introduces an example.
    const isBody = (wasBlank || bodyIndent >= 4) && !isIntroduced && !line.startsWith('\t')
    wasBlank = false
    if (indent >= margin + 4 || (indent >= 4 && margin === 2 && !isBody)) return true
    if (isIntroduced && margin !== 2 && indent > margin && shown.test(line)) return true
    isIntroduced = introduces(line.trimEnd())
    closesAt = delimited(line, start, lineBefore)
    lineBefore = line.trim()
    if (closesAt !== undefined) return true
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
