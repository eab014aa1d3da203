/**
 * The lines that changes added, read while their records are still looked for. To compute the diffs is most of what a range costs, and no
 * record is needed for it: so git does it beside us, on a processor of its own, and who asks later finds the answer.
 */
import { argsFor, patchScanner } from './added-lines.ts'
import type { CommitKind } from './added-lines.ts'
import { feedGit } from './process.ts'
import type { Repository } from './repository.ts'

export interface LinesAhead {
  /** A commit, by its full id. */
  see(commit: string, parents: number): void
  /** Nothing more will be seen, and all of it was read as far as it can be. */
  whole(): Promise<void>
  has(commit: string): boolean
  /** Gives what is known of a commit, and forgets it: path (its bytes as Latin-1) → flat ranges. Undefined: ask git. */
  take(commit: string): ReadonlyMap<string, readonly number[]> | undefined
  /** Ends git. */
  stop(): Promise<void>
}

/** Numbers and paths that are kept: some 20 MB. What comes behind is read when it is asked for. */
const aheadEntries = 1_000_000

/** Ids that are handed over at once. */
const handedCommits = 128

/** Runs `use` with one that ends with it, whatever becomes of it. */
export async function whileReadingAhead<T>(repository: Repository, use: (ahead: LinesAhead) => Promise<T>): Promise<T> {
  const ahead = readAhead(repository)
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
export function readAhead(repository: Repository, mostEntries = aheadEntries): LinesAhead {
  const known = new Map<string, Map<string, number[]>>()
  const room = { left: mostEntries }
  // Some histories have none of one kind, and in most nobody asks for lines at all.
  let singles: Channel | undefined
  let merges: Channel | undefined

  return {
    see(commit, parents) {
      if (parents <= 1) (singles ??= newChannel(repository, 'single', known, room)).see(commit)
      else (merges ??= newChannel(repository, 'merge', known, room)).see(commit)
    },
    async whole() {
      await Promise.all([singles?.whole(), merges?.whole()])
    },
    has: (commit) => known.has(commit),
    take(commit) {
      const files = known.get(commit)
      known.delete(commit)
      return files
    },
    async stop() {
      await Promise.all([singles?.stop(), merges?.stop()])
    },
  }
}

/** One git, for commits of one kind. */
interface Channel {
  see(commit: string): void
  whole(): Promise<void>
  stop(): Promise<void>
}

function newChannel(
  repository: Repository,
  kind: CommitKind,
  known: Map<string, Map<string, number[]>>,
  room: { left: number },
): Channel {
  let open: { readonly commit: string; readonly files: Map<string, number[]> } | undefined
  let isOver = false
  let waiting: string[] = []
  const running = feedGit(repository.git, argsFor(kind))
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
