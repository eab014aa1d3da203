/** One pass over what the changes of a range added, for everybody who has to see it. */
import { CountersignError } from '../../errors.ts'
import type { CommitKind } from '../git/added-lines.ts'
import { readAddedLines } from '../git/added-lines.ts'
import type { LinesAhead } from '../git/lines-ahead.ts'
import type { Repository } from '../git/repository.ts'
import type { LineReading } from './readers/row.ts'
import type { AddedFiles } from './standing-lines.ts'

/** A clone that lacks the contents of more changes than these lacks them on purpose. */
const mostFailures = 16

/**
 * Shows each reading the changes that it asks for, and everybody all of them. `changes` are full ids with the number of parents; what is
 * known `ahead` of some of them is taken, and only the others are asked for.
 * Errors: `git-failed`, and those of the readings.
 */
export async function passOverLines(
  repository: Repository,
  changes: ReadonlyMap<string, number>,
  readings: readonly LineReading[],
  seen: (change: string, files: AddedFiles | undefined) => void,
  ahead?: LinesAhead,
): Promise<void> {
  const merges = [...changes].flatMap(([change, parents]) => (parents > 1 ? [change] : []))
  const singles = [...changes].flatMap(([change, parents]) => (parents > 1 ? [] : [change]))
  const order = [...singles, ...merges]
  for (const reading of readings) reading.begin(order.filter((it) => reading.changes.has(it)))

  async function tell(change: string, files: AddedFiles | undefined): Promise<void> {
    for (const reading of readings) if (reading.changes.has(change)) await reading.added(change, files)
    seen(change, files)
  }

  async function pass(kind: CommitKind, inOrder: readonly string[]): Promise<void> {
    const known = ahead?.[kind]
    const commits = known === undefined ? inOrder : inOrder.filter((it) => !known.has(it))
    let next = 0
    // Everybody is told in the order that was said, whoever knows the lines.
    const tellKnown = async (before: string | undefined): Promise<void> => {
      for (; next < inOrder.length && inOrder[next] !== before; next += 1) {
        const change = inOrder[next] ?? ''
        const files = known?.get(change)
        known?.delete(change)
        if (files !== undefined) await tell(change, files)
      }
      next += 1
    }
    let open: { readonly change: string; readonly files: Map<string, number[]> } | undefined
    const close = async (): Promise<void> => {
      const last = open
      open = undefined
      if (last === undefined) return
      await tellKnown(last.change)
      await tell(last.change, last.files)
    }
    for (let from = 0, failures = 0; from < commits.length;) {
      try {
        for await (const change of readAddedLines(repository, kind, commits.slice(from), add)) {
          await close()
          open = { change, files: new Map() }
          from += 1
        }
        await close()
        break
      } catch (thrown) {
        // Of one change contents are missing: of the others all is known.
        failures += 1
        if (!isOfGit(thrown, repository) || failures > mostFailures) throw thrown
        const change = open?.change ?? commits[from]
        if (open === undefined) from += 1
        open = undefined
        if (change === undefined) continue
        await tellKnown(change)
        await tell(change, undefined)
      }
    }
    await tellKnown(undefined)

    function add(path: string, first: number, last: number): void {
      const ranges = open?.files.get(path)
      if (ranges === undefined) open?.files.set(path, [first, last])
      else ranges.push(first, last)
    }
  }

  await pass('single', singles)
  await pass('merge', merges)
}

function isOfGit(thrown: unknown, { git }: Repository): boolean {
  return thrown instanceof CountersignError && thrown.code === 'git-failed' && git.signal?.aborted !== true
}
