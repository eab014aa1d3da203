/**
 * The lines that changes added, read while their records are still looked for. To compute the diffs is most of what a range costs, and no
 * record is needed for it: so git does it beside us, on a processor of its own, and who asks later finds the answer.
 */
import { limits } from '../../model/limits.ts'
import { argsFor, patchScanner } from './added-lines.ts'
import type { CommitKind } from './added-lines.ts'
import { beginCommits } from './history.ts'
import type { Commits } from './history.ts'
import { fileBeside, readingOf } from './lent-gits.ts'
import { feedGit } from './process.ts'
import type { Reading } from './process.ts'
import type { Repository } from './repository.ts'

/** Of a change by its full id: path (its bytes as Latin-1) → flat ranges. Whoever took one forgets it; of what is not there, ask git. */
type KnownLines = Map<string, AddedFiles>
type AddedFiles = ReadonlyMap<string, readonly number[]>

export interface LinesAhead extends Readonly<Record<CommitKind, KnownLines>> {
  /** All commits of the range are listed for it, one id a line. */
  list(ids: Buffer): void
  /** Then those with at most one parent need not be seen. */
  readonly isListed: boolean
  /** A commit, by its full id. */
  see(commit: string, parents: number): void
  /** Nothing more will be seen, and all of it was read as far as it can be. */
  whole(): Promise<void>
  /** Ends git. */
  stop(): Promise<void>
}

/** Numbers and paths that are kept: some 20 MB. What comes behind is read when it is asked for. */
const aheadEntries = 1_000_000

/** Ids that are handed over at once. */
const handedCommits = 512

/** Commits beside one another change the same files, so the same git has them. */
const listedTogether = 256

/** Gits that share the commits of a list: to make the diffs is all that a large range waits for. */
const sharingGits = 2

/** For who comes first in a reading. */
const begunIn = new WeakMap<Reading, LinesAhead>()

/**
 * Starts to list the commits of a range, as `beginCommits` does, and to read the lines of each before anybody has read it. Which of them are
 * merges nobody knows yet: git says nothing of these here, and they are to be seen.
 */
export function beginLines(repository: Repository, range: Commits): void {
  const reading = readingOf(repository.git)
  // Where a shallow clone ends, git would print all that is there.
  if (reading === undefined || begunIn.has(reading) || repository.shallow) return
  const ahead = readAhead(repository, aheadEntries, true)
  begunIn.set(reading, ahead)
  beginCommits(repository, range, (ids) => ahead.list(ids))
}

/** Runs `use` with one that ends with it, whatever becomes of it. */
export async function whileReadingAhead<T>(repository: Repository, use: (ahead: LinesAhead) => Promise<T>): Promise<T> {
  const reading = readingOf(repository.git)
  const begun = reading === undefined ? undefined : begunIn.get(reading)
  if (reading !== undefined) begunIn.delete(reading)
  const ahead = begun ?? readAhead(repository)
  try {
    return await use(ahead)
  } finally {
    await ahead.stop()
  }
}

/**
 * Of whatever it cannot read it knows nothing: a clone that lacks contents, a git that fails. So it never throws, and each failure is met,
 * and told, by who reads these lines without it.
 */
export function readAhead(repository: Repository, mostEntries = aheadEntries, isListed = false): LinesAhead {
  const room = { left: mostEntries }
  const single: KnownLines = new Map()
  const merge: KnownLines = new Map()
  const singles: Channel[] = []
  // Some histories have none, and in most nobody asks for lines at all.
  let merges: Channel | undefined
  let rest = ''
  let listed = 0

  function singlesAt(place: number): Channel {
    return (singles[place] ??= newChannel(repository, 'single', single, room))
  }

  return {
    isListed,
    single,
    merge,
    list(part) {
      const ids = (rest + part.toString('latin1')).split('\n')
      rest = ids.pop() ?? ''
      for (const id of ids) {
        if (listed > limits.countedChanges) return
        singlesAt(Math.floor(listed / listedTogether) % sharingGits).see(id)
        listed += 1
      }
    },
    see(commit, parents) {
      if (parents <= 1) singlesAt(0).see(commit)
      else (merges ??= newChannel(repository, 'merge', merge, room)).see(commit)
    },
    async whole() {
      await Promise.all([...singles.map((it) => it.whole()), merges?.whole()])
    },
    async stop() {
      await Promise.all([...singles.map((it) => it.stop()), merges?.stop()])
    },
  }
}

/** One git, for commits of one kind. */
interface Channel {
  see(commit: string): void
  whole(): Promise<void>
  stop(): Promise<void>
}

function newChannel(repository: Repository, kind: CommitKind, known: KnownLines, room: { left: number }): Channel {
  let open: { readonly commit: string; readonly files: Map<string, number[]> } | undefined
  let isOver = false
  let waiting: string[] = []
  const running = fileBeside(repository.git, argsFor(kind)) ?? feedGit(repository.git, argsFor(kind))
  const scan = patchScanner((path, first, last) => {
    const files = open?.files
    const ranges = files?.get(path)
    room.left -= ranges === undefined ? 3 : 2
    if (ranges === undefined) files?.set(path, [first, last])
    else ranges.push(first, last)
  })

  function close(): void {
    if (open !== undefined) known.set(open.commit, open.files)
    open = undefined
  }

  async function read(): Promise<void> {
    for await (const chunk of running.output) {
      for (const commit of scan(chunk)) {
        close()
        open = { commit, files: new Map() }
        room.left -= 2
      }
      if (room.left < 0) return
    }
    // Only a git that came to its end has told all of its last commit.
    if ((await running.end()).status === 0) close()
  }

  const reading = read()
    .catch(() => undefined)
    .finally(() => {
      open = undefined
      isOver = true
      return running.stop()
    })

  function hand(): void {
    if (waiting.length > 0 && !isOver) running.write(`${waiting.join('\n')}\n`)
    waiting = []
  }

  return {
    see(commit) {
      waiting.push(commit)
      if (waiting.length === handedCommits) hand()
    },
    async whole() {
      hand()
      running.close()
      await reading
    },
    async stop() {
      await running.stop()
      await reading
    },
  }
}
