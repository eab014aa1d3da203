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
    const treeEnd = 'tree '.length + idLength
    const parents = parentsIn(object, treeEnd + 1, idLength)
    const behindParents = treeEnd + 1 + parents.length * ('parent '.length + idLength + 1)
    const lines = usualLines(object, behindParents) ?? oddLines(object, behindParents)
    const { author, committer } = peopleOf(personIn(lines.author), personIn(lines.committer))
    // One by one: there are as many of these as commits, and what is spread is made twice.
    const header: CommitHeader = {
      commit,
      tree: object.latin1Slice('tree '.length, treeEnd),
      parents,
      author,
      committer,
      authored: timeIn(lines.author),
      committed: timeIn(lines.committer),
      isSigned: lines.isSigned,
    }
    const { message, isEnded } = lines
    const half = limits.commitMessageBytes >> 1
    const whole = (end === undefined || isEnded) && message.length <= limits.commitMessageBytes
    const tail = end === undefined || isEnded ? message.subarray(-half) : end
    return { header, message: whole ? message : bothEnds(message.subarray(0, half), tail), whole }
  }
}

interface Lines {
  /** What stands behind the word of the line, as Latin-1. */
  readonly author: string
  readonly committer: string
  /** For git it is a string, which ends with the first NUL. */
  readonly message: Buffer
  /** There was one, and nothing behind it is read. */
  readonly isEnded: boolean
  readonly isSigned: boolean
}

function parentsIn(object: Buffer, start: number, idLength: number): string[] {
  const parents: string[] = []
  for (let at = start; startsWith(object, at, 'parent '); at += 'parent '.length + idLength + 1) {
    const id = at + 'parent '.length
    parents.push(object.latin1Slice(id, id + idLength))
  }
  return parents
}

/** As every git writes it: one author, one committer, in UTF-8; what else there is are signatures. */
function usualLines(object: Buffer, at: number): Lines | undefined {
  if (!startsWith(object, at, 'author ')) return undefined
  const authorEnd = object.indexOf(lineFeed, at)
  if (authorEnd < 0 || !startsWith(object, authorEnd + 1, 'committer ')) return undefined
  const committerEnd = object.indexOf(lineFeed, authorEnd + 1)
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
    author: object.toString('latin1', at + 'author '.length, authorEnd),
    committer: object.toString('latin1', authorEnd + 1 + 'committer '.length, committerEnd),
    message: object.subarray(end + 2, nul < 0 ? object.length : Math.max(nul, end + 2)),
    isEnded: nul >= 0,
    isSigned,
  }
}

const odd = ['\nauthor ', '\ncommitter ', '\nencoding ', '\0']
/** Of either kind of ids. */
const signature = '\ngpgsig'

/** Whatever else there can be. In its header a NUL ends a line, and its encoding is that of all that stands before one. */
function oddLines(object: Buffer, at: number): Lines {
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
function timeIn(line: string): number {
  const usual = usualTime(line)
  if (usual !== undefined) return usual
  const end = line.lastIndexOf('>')
  return Number(/^[ \t\r]*(\d+)[ \t\r]*[+-]\d/.exec(line.slice(end + 1))?.[1] ?? 0)
}

const usualEnd = '> 1700000000 +0000'.length

/** Ten digits and a zone, as of every commit that was made between 2001 and 2286. */
function usualTime(line: string): number | undefined {
  const start = line.length - usualEnd
  if (line.charCodeAt(start) !== 0x3e || line.charCodeAt(start + 1) !== 0x20) return undefined
  let time = 0
  for (let at = start + 2; at < start + 12; at += 1) {
    const digit = line.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return undefined
    time = 10 * time + digit
  }
  return /^ [+-]\d{4}$/.test(line.slice(start + 12)) ? time : undefined
}

/** More people than work on anything; a history of made-up ones must not fill the memory. */
const mostPeople = 10_000

type People = Pick<CommitHeader, 'author' | 'committer'>

/**
 * Few people make many commits: each is one object, and so are each two of author and committer. Who is known already costs no
 * decoding.
 */
function newPeople(): (author: string, committer: string) => People {
  const people = new Map<string, Person>()
  const pairs = new Map<string, People>()

  function personOf(line: string): Person {
    const known = people.get(line)
    if (known !== undefined) return known
    const start = line.indexOf('<')
    const end = line.indexOf('>', start)
    const isPerson = start >= 0 && end >= 0
    const person = isPerson
      ? { name: utf8(line.slice(0, start).replace(/[ \t\r]+$/, '')), address: utf8(line.slice(start + 1, end)) }
      : { name: '', address: '' }
    if (people.size === mostPeople) people.clear()
    people.set(line, person)
    return person
  }

  return (author, committer) => {
    const key = `${author}\n${committer}`
    const known = pairs.get(key)
    if (known !== undefined) return known
    const pair = { author: personOf(author), committer: personOf(committer) }
    if (pairs.size === mostPeople) pairs.clear()
    pairs.set(key, pair)
    return pair
  }
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8')
}
