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
const noBytes = Buffer.alloc(0)

/** A reader for many commits, most of which are of the same few people. */
export function commitReader(idLength: number): ReadCommit {
  const peopleOf = newPeople()

  return (commit, object, end) => {
    // For git the object is a string, which ends with the first NUL.
    const nul = object.indexOf(0)
    const text = nul < 0 ? object : object.subarray(0, nul)
    const parts = partsOf(text, idLength)
    const { author, committer } = peopleOf(personIn(parts.author), personIn(parts.committer))
    const header = {
      ...{ commit, tree: parts.tree, parents: parts.parents, author, committer },
      ...{ authored: timeIn(parts.author), committed: timeIn(parts.committer) },
    }
    const { message } = parts
    const half = limits.commitMessageBytes >> 1
    const whole = end === undefined && message.length <= limits.commitMessageBytes
    const tail = end === undefined || nul >= 0 ? message.subarray(-half) : end
    return { header, message: whole ? message : bothEnds(message.subarray(0, half), tail), whole }
  }
}

interface Parts {
  readonly tree: string
  readonly parents: readonly string[]
  /** What stands behind the word of the line, as Latin-1. */
  readonly author: string
  readonly committer: string
  readonly message: Buffer
}

function partsOf(object: Buffer, idLength: number): Parts {
  let at = 'tree '.length + idLength + 1
  const tree = object.toString('latin1', 'tree '.length, at - 1)
  const parents: string[] = []
  while (startsWith(object, at, 'parent ')) {
    const start = at + 'parent '.length
    parents.push(object.toString('latin1', start, start + idLength))
    at = start + idLength + 1
  }
  const blank = object.indexOf('\n\n', Math.max(0, at - 1))
  const end = blank < 0 ? object.length : blank + 1
  const message = blank < 0 ? noBytes : object.subarray(blank + 2)
  const usual = usualLines(object, at, end)
  if (usual !== undefined) return { tree, parents, ...usual, message }

  const encoding = linesOf(object.toString('latin1', at, end), 'encoding ')[0]
  const decode = encoding === undefined ? undefined : decoderOf(encoding)
  const header = decode === undefined ? object.subarray(at, end) : decode(object.subarray(at, end))
  const lines = header.toString('latin1')
  return {
    ...{ tree, parents },
    author: linesOf(lines, 'author ').at(-1) ?? '',
    committer: linesOf(lines, 'committer ').at(-1) ?? '',
    message: decode === undefined ? message : decode(message),
  }
}

/** As every git writes it: one author, one committer, in UTF-8; what else there is are signatures. */
function usualLines(object: Buffer, at: number, end: number): Pick<Parts, 'author' | 'committer'> | undefined {
  if (!startsWith(object, at, 'author ')) return undefined
  const authorEnd = object.indexOf(lineFeed, at)
  if (authorEnd < 0 || !startsWith(object, authorEnd + 1, 'committer ')) return undefined
  const committerEnd = object.indexOf(lineFeed, authorEnd + 1)
  if (committerEnd < 0 || committerEnd >= end) return undefined
  if (committerEnd + 1 < end) {
    const rest = object.subarray(committerEnd, end)
    if (odd.some((it) => rest.includes(it))) return undefined
  }
  return {
    author: object.toString('latin1', at + 'author '.length, authorEnd),
    committer: object.toString('latin1', authorEnd + 1 + 'committer '.length, committerEnd),
  }
}

const odd = ['\nauthor ', '\ncommitter ', '\nencoding ']

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
  const end = line.lastIndexOf('>')
  return Number(/^[ \t\r]*(\d+)[ \t\r]*[+-]\d/.exec(line.slice(end + 1))?.[1] ?? 0)
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
