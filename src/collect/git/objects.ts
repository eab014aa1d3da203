/** Many objects from one `git cat-file`. */
import { createHash } from 'node:crypto'
import { CountersignError } from '../../errors.ts'
import { altered, judge } from './integrity.ts'
import { batchArgs, readingOf, takeGit } from './lent-gits.ts'
import type { FedGit, Git } from './process.ts'
import { streamGit } from './process.ts'
import type { Repository } from './repository.ts'

/** A blob that was asked for, by its place in the list. `missing`: not in this repository; `too-large`: not kept. */
export interface Blob {
  readonly index: number
  readonly contents: Buffer | 'missing' | 'too-large'
}

/**
 * Yields the blob for each full id, in order, hashed again. Contents beyond `maxBytes` pass by without being held. Errors:
 * `object-altered`, `git-failed`.
 */
export async function* readBlobs(
  { git, objectFormat }: Repository,
  ids: readonly string[],
  maxBytes: number,
): AsyncGenerator<Blob, void, undefined> {
  let index = 0
  for await (const { type, contents } of readObjects(git, ids, maxBytes)) {
    if (type !== 'blob') yield { index, contents: 'missing' }
    else
      yield { index, contents: contents === 'too-large' ? contents : whole(objectFormat, ids[index], type, contents) }
    index += 1
  }
}

/** Where all are named at once, git need not hand over each before it reads the next. */
export const listArgs: readonly string[] = [...batchArgs, '--buffer']

/** So few are not worth a git of their own. */
export const fewObjects = 64

/** The answer for each name, in order. Error: `git-failed`. */
export async function* readObjects(
  git: Git,
  names: readonly string[],
  maxBytes: number,
): AsyncGenerator<Answer, void, undefined> {
  if (names.length === 0) return
  const input = `${names.join('\n')}\n`
  if (readingOf(git) === undefined || names.length > fewObjects) {
    yield* readAnswers(streamGit(git, listArgs, input), maxBytes)
    return
  }
  const running = takeGit(git)
  let answered = 0
  try {
    running.write(input)
    for await (const answer of readAnswers(running.output, maxBytes)) {
      answered += 1
      yield answer
      if (answered === names.length) return
    }
    throw await endedEarly(running)
  } finally {
    await running.giveBack(answered === names.length)
  }
}

/** Why a git for objects gave less than it was asked for. */
export async function endedEarly(running: FedGit): Promise<CountersignError> {
  judge(batchArgs, await running.end())
  return gaveLess()
}

export function gaveLess(): CountersignError {
  return new CountersignError('git-failed', 'git gave less than it was asked for')
}

/** An object as git gives it; `missing` is the type of one that is not there. */
export interface Answer {
  readonly type: string
  /** Its full id; of a missing one whatever was asked for. */
  readonly id: string
  readonly contents: Buffer | 'too-large'
}

const lineFeed = 0x0a

/** What `git cat-file --batch` prints, object by object: a header, the contents, a line end. */
export async function* readAnswers(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<Answer, void, undefined> {
  let held: Buffer[] = []
  let header: { id: string; type: string; isKept: boolean; left: number } | undefined
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      if (header !== undefined) {
        const part = chunk.subarray(at, at + header.left)
        if (header.isKept) held.push(part)
        at += part.length
        header.left -= part.length
        if (header.left > 0) break
        const { id, type, isKept } = header
        const contents = isKept ? Buffer.concat(held).subarray(0, -1) : 'too-large'
        header = undefined
        held = []
        yield { id, type, contents }
        continue
      }
      const end = chunk.indexOf(lineFeed, at)
      held.push(chunk.subarray(at, end < 0 ? chunk.length : end))
      if (end < 0) break
      at = end + 1
      const [part] = held
      const line = (held.length === 1 && part !== undefined ? part : Buffer.concat(held)).toString('latin1')
      held = []
      const [, id, type, size] = /^(\S+) (\S+) (\d+)$/.exec(line) ?? []
      if (id === undefined || type === undefined)
        yield { type: 'missing', id: line.split(' ')[0] ?? '', contents: none }
      else header = { id, type, isKept: Number(size) <= maxBytes, left: Number(size) + 1 }
    }
  }
}

const none = Buffer.alloc(0)

/** The contents, if they are those of the id. Error: `object-altered`. */
export function whole(format: Repository['objectFormat'], id = '', type: string, contents: Buffer): Buffer {
  const hash = createHash(format).update(`${type} ${contents.length}\0`).update(contents)
  if (hash.digest('hex') !== id) throw altered(id)
  return contents
}
