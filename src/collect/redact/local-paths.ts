/**
 * Paths of a machine in text, taken out before it is kept or signed: they name people, and clients in the names of folders. What lies in the
 * folder of the session is told from there, as the repository has it; from a person's home folder on it is `~`. Pure.
 */
import { nameStep, rootAt, stepsPattern } from './path-forms.ts'
import { folderSteps, workingFolderIn } from './working-folder.ts'
import type { FolderSteps } from './working-folder.ts'

export interface PlainPaths {
  readonly text: string
  /** Paths that were told another way. */
  readonly count: number
}

/** Of one session: what it knows of it, it has from the rows that it saw. */
export interface LocalPaths {
  /** The folder of the session, as its first row has it that tells one; it stays here. */
  readonly folder: string | undefined
  /** Looks at a row; whether it tells the folder, and is the first. */
  learn(row: unknown): boolean
  /** `text`: as it is, or the source of JSON, which is JSON again then. */
  plain(text: string): PlainPaths
  /** Whether anything could be found in such bytes; most texts hold nothing. */
  mayHold(bytes: Buffer): boolean
}

const home = '~'
const homeWords = ['home', 'Users', 'users']

export function newLocalPaths(): LocalPaths {
  let folder: string | undefined
  let own: OwnFolder | undefined
  let words = homeWords
  return {
    get folder() {
      return folder
    },
    learn(row) {
      if (own !== undefined) return false
      const told = workingFolderIn(row)
      const steps = told === undefined ? undefined : folderSteps(told)
      if (told === undefined || steps === undefined) return false
      folder = told
      own = newOwnFolder(steps, told)
      words = [...new Set([...homeWords, ...own.words])]
      return true
    },
    plain: (text) => plainPaths(text, words, own),
    mayHold: (bytes) => words.some((it) => bytes.includes(it, 0, 'utf8')),
  }
}

interface OwnFolder {
  /** What stands in all that is found by it. */
  readonly words: readonly string[]
  readonly steps: FolderSteps
  /** As tools name a folder of their own after it. */
  readonly slug: string
  /** The folder as it is nearly always written. */
  readonly plain: string
  pattern(separator: string): RegExp
}

/** Kinds of separators: there are few, and each text could have another one. */
const mostPatterns = 32

function newOwnFolder(steps: FolderSteps, folder: string): OwnFolder {
  const [first = ''] = steps.steps
  const patterns = new Map<string, RegExp>()
  const ignoresCase = steps.drive !== undefined || first === 'Users'
  const slug = folder.replace(/[\\/]+$/, '').replaceAll(/[^A-Za-z0-9]/g, '-')
  // Of a step with other letters what may be written in only one way.
  const word = /[A-Za-z0-9_]+/g
  const longest = (first.match(word) ?? []).reduce((a, b) => (b.length > a.length ? b : a), '')
  return {
    ...{ steps, slug, plain: steps.steps.join('/') },
    words: [...(longest === first ? [first] : []), slug],
    pattern(separator) {
      const known = patterns.get(separator)
      if (known !== undefined) return known
      const made = stepsPattern(steps.steps, separator, ignoresCase)
      if (patterns.size < mostPatterns) patterns.set(separator, made)
      return made
    },
  }
}

interface Found {
  readonly start: number
  readonly end: number
  readonly plain: string
}

function plainPaths(text: string, words: readonly string[], own: OwnFolder | undefined): PlainPaths {
  const places = words.flatMap((it) => [...placesOf(text, it)])
  if (places.length === 0) return { text, count: 0 }
  let plain = ''
  let end = 0
  let count = 0
  for (const [at, word] of places.sort(([a], [b]) => a - b)) {
    if (at < end) continue
    const found = foundAt(text, at, word, own)
    if (found === undefined || found.start < end) continue
    plain += text.slice(end, found.start) + found.plain
    end = found.end
    count += 1
  }
  return count === 0 ? { text, count } : { text: plain + text.slice(end), count }
}

/** Only behind what may part steps: a word may be a letter. */
function* placesOf(text: string, word: string): Generator<readonly [number, string], void, undefined> {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    if (word.includes('-') || '/\\-fFcC'.includes(text.charAt(at - 1))) yield [at, word]
  }
}

function foundAt(text: string, at: number, word: string, own: OwnFolder | undefined): Found | undefined {
  if (text.charAt(at - 1) === '-' || (own !== undefined && word === own.slug)) return slugAt(text, at, word, own)
  const root = rootAt(text, at)
  if (root === undefined) return undefined
  const { start, separator, hasDrive } = root
  const ofOwn = own === undefined ? undefined : stepsAt(text, at, separator, own)
  if (ofOwn !== undefined && own !== undefined) {
    const { end, count } = ofOwn
    const { steps, home: inHome } = own.steps
    if (count === steps.length && count > inHome) return { start, ...relative(text, end, separator) }
    if (count > Math.max(inHome, 1)) {
      return { start, end, plain: Array.from({ length: steps.length - count }, () => '..').join(separator) }
    }
    if (inHome > 0 && count === inHome) return { start, end, plain: home }
  }
  if (!homeWords.includes(word) || (word === 'users' && !hasDrive)) return undefined
  const end = nameEnd(text, at + word.length, separator)
  return end === undefined ? undefined : { start, end, plain: home }
}

/** How many steps of the folder stand there. */
function stepsAt(
  text: string,
  at: number,
  separator: string,
  own: OwnFolder,
): { end: number; count: number } | undefined {
  const { plain, steps } = own
  if (separator === '/' && text.startsWith(plain, at) && /[/"]/.test(text.charAt(at + plain.length))) {
    return { end: at + plain.length, count: steps.steps.length }
  }
  const pattern = own.pattern(separator)
  pattern.lastIndex = at
  const match = pattern.exec(text)
  if (match === null) return undefined
  return {
    end: at + match[0].length,
    count: (match.slice(1) as (string | undefined)[]).filter((it) => it !== undefined).length,
  }
}

/** What lies in the folder has no sign before it, as in the repository. */
function relative(text: string, end: number, separator: string): { end: number; plain: string } {
  const behind = end + separator.length
  const goesOn = text.startsWith(separator, end) && /^[\p{L}\p{N}_.@+~([-]/u.test(text.slice(behind, behind + 2))
  return goesOn ? { end: behind, plain: '' } : { end, plain: '.' }
}

function nameEnd(text: string, at: number, separator: string): number | undefined {
  nameStep.lastIndex = at
  const match = nameStep.exec(text)
  if (match === null || match[1]?.toLowerCase() !== separator.toLowerCase()) return undefined
  const name = match[2] ?? match[3] ?? ''
  // A sentence ends with dots.
  const rest = name.replace(/\.+$/, '')
  return rest === '' ? undefined : at + separator.length + rest.length
}

const slugEnd = /[A-Za-z0-9_-]*/y

/** A folder that a tool has named after another one: each sign is a `-`, so nobody can tell its steps apart. */
function slugAt(text: string, at: number, word: string, own: OwnFolder | undefined): Found | undefined {
  const isOwn = own !== undefined && word === own.slug
  const hasDrive = /(?:^|[^A-Za-z0-9])[A-Za-z]-$/.test(text.slice(Math.max(0, at - 4), at - 1))
  const start = isOwn ? at : at - (hasDrive ? 3 : 1)
  if (!isOwn && (!/[\\/fFcC]/.test(text.charAt(start - 1)) || text.charAt(at + word.length) !== '-')) return undefined
  if (isOwn && /[A-Za-z0-9]/.test(text.charAt(at - 1))) return undefined
  slugEnd.lastIndex = at + word.length
  const end = at + word.length + (slugEnd.exec(text)?.[0].length ?? 0)
  if (!isOwn) return { start, end, plain: home }
  const rest = text.slice(at + word.length, end)
  return rest === '' || rest.startsWith('-') ? { start, end, plain: `.${rest}` } : undefined
}
