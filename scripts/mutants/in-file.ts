/** Edits of one file, which mostly share their tests. */
import type { Edit } from './edit.ts'

type Rule = Omit<Edit, 'file' | 'tests'> & Partial<Pick<Edit, 'tests'>>

/** `tests` are those of every rule that names no others. */
export function inFile(file: string, tests: readonly string[], rules: readonly Rule[]): Edit[] {
  return rules.map((rule) => ({ file, tests, ...rule }))
}

/** The same, for tests that run what was built. */
export function inBuilt(...given: Parameters<typeof inFile>): Edit[] {
  return inFile(...given).map((it) => ({ ...it, isBuilt: true }))
}
