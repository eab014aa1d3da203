/** Which files a change touched, as far as it is told. What is not told may be any file. */
import { pathPattern } from '../../../model/path-pattern.ts'
import type { Change, ChangeFile, ChangeLines } from '../../../model/predicate.ts'

export type Paths = readonly string[] | undefined

/** All of its files to which lines were added; undefined where some are not told: too many, or with a name that must not be shown. */
export function filesOf({ lines, files }: Change): readonly ChangeFile[] | undefined {
  if (lines === undefined) return undefined
  const told = sumOf(files ?? [])
  const isWhole = (['ai', 'human', 'unknown', 'generated'] as const).every((who) => told[who] === lines[who])
  return isWhole ? (files ?? []) : undefined
}

export function underPaths(paths: readonly string[]): (file: Pick<ChangeFile, 'path'>) => boolean {
  const patterns = paths.map((it) => pathPattern(it))
  return ({ path }) => patterns.some((matches) => matches(path))
}

/** Whether AI took part: it names a session, or has lines by AI. */
export function tookPart({ sessions, lines }: Change): boolean {
  return (sessions ?? []).length > 0 || (lines?.ai ?? 0) > 0
}

/** Whether it may have touched these paths. One that added nothing may have removed something anywhere: files are told by added lines. */
export function touches(change: Change, paths: Paths): boolean {
  if (paths === undefined) return true
  const files = filesOf(change)
  return files === undefined || files.length === 0 || files.some(underPaths(paths))
}

/** Lines under these paths; undefined where they were not counted, or cannot be told from the others. */
export function linesUnder(change: Change, paths: Paths): ChangeLines | undefined {
  if (paths === undefined) return change.lines
  const files = filesOf(change)
  return files === undefined ? undefined : sumOf(files.filter(underPaths(paths)))
}

export function sumOf(all: readonly ChangeLines[]): ChangeLines {
  const sum = { ai: 0, human: 0, unknown: 0, generated: 0 }
  for (const it of all) for (const who of ['ai', 'human', 'unknown', 'generated'] as const) sum[who] += it[who]
  return sum
}

export function pathWords(paths: Paths): string {
  return paths === undefined ? '' : ` under ${paths.join(', ')}`
}
