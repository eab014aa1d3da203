/**
 * The notes of commits, without what nobody reads of them: those that come to be known while the history is read are read beside it, by a
 * git of their own, and told later, in the order in which they were seen.
 */
import { limits } from '../../../model/limits.ts'
import { partsScanner, readBlobParts } from '../../git/blob-parts.ts'
import type { PartsVisitor } from '../../git/blob-parts.ts'
import { feedBeside } from '../../git/lent-gits.ts'
import { fewObjects, listArgs } from '../../git/objects.ts'
import type { FedGit } from '../../git/process.ts'
import type { Repository } from '../../git/repository.ts'
import { newNoteSift } from './note-sift.ts'

/** `too-large`: not read. */
export type NoteContents = Buffer | 'missing' | 'too-large'

/** Told once of each note, by its place in the order; of a note that it is told of early, nobody knows yet whether all can be read. */
type VisitNote = (index: number, contents: NoteContents) => void

export interface SiftedNotes {
  /** The next one, by the full id of its blob. */
  see(blob: string): void
  /** Visits all that were seen, in their order. Errors: `object-altered`, `git-failed`, and what `visit` throws. */
  visitAll(visit: VisitNote): Promise<void>
}

/** What is read before somebody asks, in bytes. What comes behind is read then. */
const aheadBytes = 16 * 1024 * 1024

/** Ids that are handed over at once, behind the first: so few in all are not worth a git of their own, and each writing wakes it. */
const handedNotes = 512

/** `early` is told of a note as soon as it is read, at the latest before it is visited. It never throws. */
export function newSiftedNotes(repository: Repository, early: VisitNote, mostBytes = aheadBytes): SiftedNotes {
  const blobs: string[] = []
  const known: (NoteContents | undefined)[] = []
  let handed = 0
  let left = mostBytes
  let ahead: { readonly running: FedGit; readonly reading: Promise<void> } | undefined
  let isOver = false

  function begin(): typeof ahead {
    const running = feedBeside(repository.git, listArgs)
    if (running === undefined) return undefined
    // Whatever fails here is met again, and told, by who reads what is missing.
    const reading = readBeside(running).catch(() => undefined)
    return {
      running,
      reading: reading.then(() => {
        isOver = true
        return running.stop()
      }),
    }
  }

  async function readBeside(running: FedGit): Promise<void> {
    const visitor = siftInto((index, contents) => {
      left -= contents.length
      if (left < 0) return
      known.push(contents)
      early(index, contents)
    })
    const scanner = partsScanner(repository.objectFormat, blobs, visitor)
    for await (const chunk of running.output) {
      scanner.scan(chunk)
      if (left < 0) return
    }
  }

  function hand(): void {
    if (isOver || handed === blobs.length) return
    ahead ??= begin()
    ahead?.running.write(`${blobs.slice(handed).join('\n')}\n`)
    handed = blobs.length
  }

  return {
    see(blob) {
      blobs.push(blob)
      if (blobs.length - handed === (handed === 0 ? fewObjects : handedNotes)) hand()
    },
    async visitAll(visit) {
      if (ahead !== undefined) {
        hand()
        ahead.running.close()
        await ahead.reading
      }
      const first = known.length
      for (let index = 0; index < first; index += 1) {
        const contents = known[index]
        known[index] = undefined
        if (contents !== undefined) visit(index, contents)
      }
      const visitor = siftInto((index, contents) => {
        early(first + index, contents)
        visit(first + index, contents)
      })
      await readBlobParts(repository, blobs.slice(first), visitor)
    },
  }
}

/** Each note on its own, whatever became of the one before. */
function siftInto(visit: VisitNote): PartsVisitor {
  const sift = newNoteSift()
  return {
    wants: (_, bytes) => bytes <= limits.noteBytes,
    part: (_, bytes) => sift.write(bytes),
    end(index, outcome) {
      const contents = sift.end()
      visit(index, outcome === 'whole' ? contents : outcome === 'missing' ? outcome : 'too-large')
    },
  }
}
