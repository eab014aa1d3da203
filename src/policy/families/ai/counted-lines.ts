/**
 * Added lines of a change, each of which is somebody's. A file is `generated` by its name alone, and whoever writes it names it: its lines
 * count as AI's where the change names a session, and else as those of nobody knows whom. The policy may leave some out, by paths of its own.
 */
import type { Change, ChangeLines } from '../../../model/predicate.ts'
import type { PolicyPlace } from '../../../model/policy-report.ts'
import { filesOf, linesUnder, sumOf, tookPart, underPaths } from './touched.ts'
import type { Paths } from './touched.ts'

export interface CountedLines extends Omit<ChangeLines, 'generated'> {
  /** Of those by AI, generated ones. */
  readonly byClaim: number
  /** Generated ones that the policy leaves out. */
  readonly leftOut: number
}

export interface Counting {
  readonly paths?: Paths
  readonly generatedPaths?: Paths
}

/** Undefined where they were not counted, or cannot be told from others. */
export function countedLines(change: Change, { paths, generatedPaths }: Counting): CountedLines | undefined {
  const lines = linesUnder(change, paths)
  if (lines === undefined) return undefined
  // Of files that are not told nobody knows whether the policy leaves them out.
  const left = (filesOf(change) ?? []).filter(underPaths(generatedPaths ?? [])).filter(underSome(paths))
  return counted(lines, sumOf(left).generated, change)
}

/** The same file by file. */
export function countedFiles(
  change: Change,
  { paths, generatedPaths }: Counting,
): { readonly lines: CountedLines; readonly at: PolicyPlace }[] | undefined {
  const isLeft = underPaths(generatedPaths ?? [])
  const { commit } = change
  return filesOf(change)
    ?.filter(underSome(paths))
    .map((it) => ({ lines: counted(it, isLeft(it) ? it.generated : 0, change), at: { commit, path: it.path } }))
}

export function sumOfCounted(all: readonly CountedLines[]): CountedLines {
  const sum = { ai: 0, human: 0, unknown: 0, byClaim: 0, leftOut: 0 }
  for (const it of all) for (const key of Object.keys(sum) as (keyof CountedLines)[]) sum[key] += it[key]
  return sum
}

/** ` (4 generated lines are left out)`, so that whoever reads a pass sees what it says nothing of; empty for none. */
export function leftOutWords({ leftOut }: Pick<CountedLines, 'leftOut'>): string {
  return leftOut === 0 ? '' : ` (${leftOut} generated ${leftOut === 1 ? 'line is' : 'lines are'} left out)`
}

function underSome(paths: Paths): ReturnType<typeof underPaths> {
  return paths === undefined ? () => true : underPaths(paths)
}

function counted({ ai, human, unknown, generated }: ChangeLines, leftOut: number, change: Change): CountedLines {
  const kept = generated - leftOut
  const byClaim = tookPart(change) ? kept : 0
  return { ai: ai + byClaim, human, unknown: unknown + kept - byClaim, byClaim, leftOut }
}
