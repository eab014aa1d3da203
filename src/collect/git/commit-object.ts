/** What stands in the object of a commit, read as `git log` reads it (commit.c, ident.c, pretty.c of git). Pure. */
import type { Person } from '../../model/change.ts'
import { limits } from '../../model/limits.ts'
import type { CommitHeader } from '../change/visited.ts'
import { bothEnds } from './fields.ts'

/** `message` is in UTF-8; where `whole` is false, both ends of it, without the lines through which the cut goes. */
export type ReadCommit = (
  commit: string,
  object: Buffer,
  end: Buffer | undefined,
) => { readonly header: CommitHeader; readonly message: Buffer; readonly whole: boolean }

const lineFeed = 0x0a

/** A reader for many commits, most of which are of the same few people. */
export function commitReader(idLength: number): ReadCommit {
  const peopleOf = newPeople()

  return (commit, object, end) => {
    const parts =
      usualParts(object, idLength, usualBytes) ??
      (object.length > usualBytes ? usualParts(object, idLength, object.length) : undefined) ??
      oddParts(object, idLength)
    const authored = usualTime(parts.author)
    const committed = usualTime(parts.committer)
    const isUsual = authored !== undefined && committed !== undefined
    const { author, committer } = peopleOf(parts.author, parts.committer, isUsual)
    // Member by member: there are as many of these as commits.
    const header: CommitHeader = {
      commit,
      tree: parts.tree,
      parents: parts.parents,
      author,
      committer,
      authored: authored ?? oddTime(parts.author),
      committed: committed ?? oddTime(parts.committer),
      isSigned: parts.isSigned,
    }
    const { message, isEnded } = parts
    const half = limits.commitMessageBytes >> 1
    const whole = (end === undefined || isEnded) && message.length <= limits.commitMessageBytes
    const tail = end === undefined || isEnded ? message.subarray(-half) : end
    return { header, message: whole ? message : bothEnds(message.subarray(0, half), tail), whole }
  }
}

interface Parts {
  readonly tree: string
  readonly parents: readonly string[]
  /** What stands behind the word of the line, as Latin-1. */
  readonly author: string
  readonly committer: string
  /** For git it is a string, which ends with the first NUL. */
  readonly message: Buffer
  /** There was one, and nothing behind it is read. */
  readonly isEnded: boolean
  readonly isSigned: boolean
}

/** Up to the line of the committer of nearly every commit; to make text of these bytes once is much less than part by part. */
const usualBytes = 320

/**
 * As every git writes it: one author, one committer, in UTF-8; what else there is are signatures. Undefined for others, and where these
 * lines do not end within the first `most` bytes.
 */
function usualParts(object: Buffer, idLength: number, most: number): Parts | undefined {
  const head = object.toString('latin1', 0, most)
  const treeEnd = 'tree '.length + idLength
  const parents: string[] = []
  let at = treeEnd + 1
  for (; head.startsWith('parent ', at); at += 'parent '.length + idLength + 1) {
    parents.push(head.slice(at + 'parent '.length, at + 'parent '.length + idLength))
  }
  if (!head.startsWith('author ', at)) return undefined
  const authorEnd = head.indexOf('\n', at)
  if (authorEnd < 0 || !head.startsWith('committer ', authorEnd + 1)) return undefined
  const committerEnd = head.indexOf('\n', authorEnd + 1)
  if (committerEnd < 0) return undefined
  const nul = object.indexOf(0)
  let end = committerEnd
  let isSigned = false
  if (nul >= 0 && nul < committerEnd) return undefined
  if (object[end + 1] !== lineFeed) {
    end = object.indexOf('\n\n', committerEnd)
    if (end < 0) return undefined
    const rest = object.subarray(committerEnd, end)
    if (odd.some((it) => rest.includes(it))) return undefined
    isSigned = rest.includes(signature)
  }
  return {
    tree: head.slice('tree '.length, treeEnd),
    parents,
    author: head.slice(at + 'author '.length, authorEnd),
    committer: head.slice(authorEnd + 1 + 'committer '.length, committerEnd),
    message: object.subarray(end + 2, nul < 0 ? object.length : Math.max(nul, end + 2)),
    isEnded: nul >= 0,
    isSigned,
  }
}

const odd = ['\nauthor ', '\ncommitter ', '\nencoding ', '\0']
/** Of either kind of ids. */
const signature = '\ngpgsig'

/** Whatever else there can be. In its header a NUL ends a line, and its encoding is that of all that stands before one. */
function oddParts(object: Buffer, idLength: number): Parts {
  let at = 'tree '.length + idLength + 1
  const tree = object.toString('latin1', 'tree '.length, at - 1)
  const parents: string[] = []
  while (startsWith(object, at, 'parent ')) {
    const start = at + 'parent '.length
    parents.push(object.toString('latin1', start, start + idLength))
    at = start + idLength + 1
  }
  const nul = object.indexOf(0, at)
  const before = object.subarray(at, nul < 0 ? object.length : nul)
  const encoding = linesOf(before.toString('latin1').split('\n\n')[0] ?? '', 'encoding ')[0]
  const decode = encoding === undefined ? undefined : decoderOf(encoding)
  const rest = decode === undefined ? object.subarray(at) : decode(before)
  let end = 0
  while (end < rest.length && rest[end] !== lineFeed && rest[end] !== 0) end = lineEnd(rest, end) + 1
  const header = rest.toString('latin1', 0, end).replaceAll('\0', '\n')
  const message = rest.subarray(end + 1)
  const ended = message.indexOf(0)
  return {
    tree,
    parents,
    author: linesOf(header, 'author ').at(-1) ?? '',
    committer: linesOf(header, 'committer ').at(-1) ?? '',
    message: ended < 0 ? message : message.subarray(0, ended),
    isEnded: ended >= 0,
    // What follows a header without end, or a NUL, was not looked through.
    isSigned: nul >= 0 || end >= rest.length || `\n${header}`.includes(signature),
  }
}

function lineEnd(bytes: Buffer, start: number): number {
  for (let at = start; at < bytes.length; at += 1) if (bytes[at] === lineFeed || bytes[at] === 0) return at
  return bytes.length
}

function linesOf(header: string, word: string): string[] {
  return header.split('\n').flatMap((line) => (line.startsWith(word) ? [line.slice(word.length)] : []))
}

function startsWith(object: Buffer, at: number, word: string): boolean {
  for (let index = 0; index < word.length; index += 1) {
    if (object[at + index] !== word.charCodeAt(index)) return false
  }
  return true
}

/** Into UTF-8; undefined where it is that already, or nobody knows it. What does not fit stays as it is, as in git. */
function decoderOf(encoding: string): ((bytes: Buffer) => Buffer) | undefined {
  if (/^utf-?8$/i.test(encoding)) return undefined
  // The web's name means another table; git's is of ISO.
  if (/^(?:iso[-_]?8859-?1|latin-?1)$/i.test(encoding)) return (bytes) => Buffer.from(bytes.toString('latin1'))
  let decoder: InstanceType<typeof TextDecoder>
  try {
    decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
  } catch {
    return undefined
  }
  return (bytes) => {
    try {
      return Buffer.from(decoder.decode(bytes))
    } catch {
      return bytes
    }
  }
}

/** `Name <address>`, to the last `>`: what stands behind is the time. Without both it names nobody. */
function personIn(line: string): string {
  return line.slice(0, line.lastIndexOf('>') + 1)
}

/** Seconds since 1970; 0 where a time or its zone cannot be read. */
function oddTime(line: string): number {
  const end = line.lastIndexOf('>')
  return Number(/^[ \t\r]*(\d+)[ \t\r]*[+-]\d/.exec(line.slice(end + 1))?.[1] ?? 0)
}

const usualEnd = '> 1700000000 +0000'.length

/** Ten digits and a zone, as of every commit that was made between 2001 and 2286. */
function usualTime(line: string): number | undefined {
  const start = line.length - usualEnd
  if (line.charCodeAt(start) !== 0x3e || line.charCodeAt(start + 1) !== 0x20) return undefined
  const time = digitsIn(line, start + 2, start + 12)
  const sign = line.charCodeAt(start + 13)
  const isZone = line.charCodeAt(start + 12) === 0x20 && (sign === 0x2b || sign === 0x2d)
  return isZone && digitsIn(line, start + 14, line.length) !== undefined ? time : undefined
}

/** Undefined where something else is among them. */
function digitsIn(line: string, start: number, end: number): number | undefined {
  let number = 0
  for (let at = start; at < end; at += 1) {
    const digit = line.charCodeAt(at) - 0x30
    if (!(digit >= 0 && digit <= 9)) return undefined
    number = 10 * number + digit
  }
  return number
}

/** More people than work on anything; a history of made-up ones must not fill the memory. */
const mostPeople = 10_000

type People = Pick<CommitHeader, 'author' | 'committer'>

/**
 * By the lines of an author and a committer, and whether both end with a {@link usualTime}. Few people make many commits: each is one object,
 * and so are each two of author and committer. Who is known already costs no decoding, and who made the commit before no look-up.
 */
function newPeople(): (authorLine: string, committerLine: string, isUsual: boolean) => People {
  let last: { readonly author: string; readonly committer: string; readonly pair: People } | undefined
  const people = new Map<string, Person>()
  const pairs = new Map<string, Map<string, People>>()
  let known = 0

  function personOf(line: string): Person {
    const before = people.get(line)
    if (before !== undefined) return before
    const start = line.indexOf('<')
    const end = line.indexOf('>', start)
    const isPerson = start >= 0 && end >= 0
    const person = isPerson
      ? { name: utf8(line.slice(0, start).replace(/[ \t\r]+$/, '')), address: utf8(line.slice(start + 1, end)) }
      : { name: '', address: '' }
    if (people.size === mostPeople) people.clear()
    people.set(copyOf(line), person)
    return person
  }

  function pairOf(author: string, committer: string): People {
    const before = pairs.get(author)?.get(committer)
    if (before !== undefined) return before
    const pair = { author: personOf(author), committer: personOf(committer) }
    if (known === mostPeople) {
      pairs.clear()
      known = 0
    }
    known += 1
    const ofAuthor = pairs.get(author)
    if (ofAuthor === undefined) pairs.set(copyOf(author), new Map([[copyOf(committer), pair]]))
    else ofAuthor.set(copyOf(committer), pair)
    return pair
  }

  return (authorLine, committerLine, isUsual) => {
    const isLast = isUsual && last !== undefined && isOf(authorLine, last.author) && isOf(committerLine, last.committer)
    if (last !== undefined && isLast) return last.pair
    const [author, committer] = [personIn(authorLine), personIn(committerLine)]
    const pair = pairOf(author, committer)
    last = { author, committer, pair }
    return pair
  }
}

/** Whether a line with a usual time is of a person: then it has no `>` behind the one that ends the person. */
function isOf(line: string, person: string): boolean {
  return line.length === person.length + usualEnd - 1 && line.startsWith(person) && person.endsWith('>')
}

/** A part of a string keeps all of it in memory. */
function copyOf(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('latin1')
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8')
}
