/** One pass over what the changes of a range added, for everybody who has to see it. */
import type { CommitKind } from '../git/added-lines.ts'
import { readAddedLines } from '../git/added-lines.ts'
import type { Repository } from '../git/repository.ts'
import type { AddedFiles, LineReading } from './readers/row.ts'

/**
 * Shows each reading the changes that it asks for, and everybody all of them. `changes` are full ids with the number of parents.
 * Errors: `git-failed`, and those of the readings.
 */
export async function passOverLines(
  repository: Repository,
  changes: ReadonlyMap<string, number>,
  readings: readonly LineReading[],
  seen: (change: string, files: AddedFiles) => void,
): Promise<void> {
  const merges = [...changes].flatMap(([change, parents]) => (parents > 1 ? [change] : []))
  const singles = [...changes].flatMap(([change, parents]) => (parents > 1 ? [] : [change]))
  const order = [...singles, ...merges]
  for (const reading of readings) reading.begin(order.filter((it) => reading.changes.has(it)))

  async function pass(kind: CommitKind, commits: readonly string[]): Promise<void> {
    let open: { readonly change: string; readonly files: Map<string, number[]> } | undefined
    const close = async (): Promise<void> => {
      if (open === undefined) return
      for (const reading of readings) {
        if (reading.changes.has(open.change)) await reading.added(open.change, open.files)
      }
      seen(open.change, open.files)
    }
    for await (const change of readAddedLines(repository, kind, commits, add)) {
      await close()
      open = { change, files: new Map() }
    }
    await close()

    function add(path: string, first: number, last: number): void {
      const ranges = open?.files.get(path)
      if (ranges === undefined) open?.files.set(path, [first, last])
      else ranges.push(first, last)
    }
  }

  await pass('single', singles)
  await pass('merge', merges)
}
