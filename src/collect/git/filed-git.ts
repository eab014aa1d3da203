/**
 * A git that prints into a file. Into a pipe it would wait for us whenever the pipe is full, and we are busy: 5,000 commits have 28 MB of diffs, and a
 * pipe holds a quarter of one.
 */
import { systemClock } from '../../platform/clock.ts'
import type { Clock } from '../../platform/clock.ts'
import { namelessFile } from '../../platform/nameless-file.ts'
import type { NamelessFile } from '../../platform/nameless-file.ts'
import { feedGitInto } from './process.ts'
import type { FedGit, Git } from './process.ts'

export type FiledGit = Omit<FedGit, 'writeAll'>

/** What may lie in the temporary folder. Whoever prints more is stopped, and what it printed counts as far as it is whole. */
const mostFiled = 256 * 1024 * 1024

/** Milliseconds from one look at the size to the next. */
const pause = 50

/** Its output begins when git has ended. Undefined where no such file can be made. Errors: those of `feedGit`. */
export function feedFiled(
  git: Git,
  args: readonly string[],
  most = mostFiled,
  clock: Pick<Clock, 'sleep'> = systemClock,
): FiledGit | undefined {
  const made = namelessFile('lines', git.platform)
  if (made === undefined) return undefined
  const file = made
  const { ending: ended, stop, ...input } = startInto(git, args, file)
  // One that came to its end before anybody looked has printed more than is read.
  const ending = ended.then((it) => (file.size() > most ? { ...it, status: -1 } : it))
  const over = new AbortController()
  ending.catch(() => undefined).finally(() => over.abort())

  async function watch(): Promise<void> {
    while (!over.signal.aborted) {
      await clock.sleep(pause, over.signal)
      if (file.size() > most) await stop()
    }
  }
  watch().catch(() => undefined)

  return {
    ...input,
    output: {
      async *[Symbol.asyncIterator]() {
        await ending
        yield* file.read(most)
      },
    },
    end() {
      input.close()
      return ending
    },
    async stop() {
      await stop()
      file.close()
    },
  }
}

function startInto(git: Git, args: readonly string[], file: NamelessFile): ReturnType<typeof feedGitInto> {
  try {
    return feedGitInto(git, args, file.descriptor)
  } catch (thrown) {
    file.close()
    throw thrown
  }
}
