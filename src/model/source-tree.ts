/** What a checkout was like when it was attested, beside its commit, as it is signed and shown. */
import * as z from 'zod/mini'
import { oneLine } from '../one-line.ts'
import { limits } from './limits.ts'

/** Files that are neither tracked nor ignored, but for the artifacts. */
export const untrackedFiles = z.looseObject({
  /** How many, but for those that are counted apart. */
  count: z.number(),
  /** The first of them, from the root of the checkout; not there where there are none. */
  paths: z.optional(z.array(z.string())),
  /** There may be more. All are counted by now; what says so is read, and never taken for clean. */
  more: z.optional(z.boolean()),
  /** Bundles, checksum files and the like beside artifacts. */
  apart: z.optional(z.number()),
})
export type UntrackedFiles = z.infer<typeof untrackedFiles>

/** Tracked files that were not there, because the checkout was sparse. Which ones, the job chose. */
export const sparseFiles = z.looseObject({
  count: z.number(),
  /** The first of them, from the root of the checkout. */
  paths: z.optional(z.array(z.string())),
})
export type SparseFiles = z.infer<typeof sparseFiles>

/** Repositories within the repository. Their own history is not looked at. */
export const submodules = z.looseObject({
  count: z.number(),
  /** The first of them, and the commits that the released one pins. */
  first: z.array(z.looseObject({ path: z.string(), commit: z.string() })),
})
export type Submodules = z.infer<typeof submodules>

/** `annotations.countersign` of the source; absent where nobody looked at a work tree. */
export const sourceAnnotation = z.looseObject({
  /** Tracked files differed from the commit. */
  dirty: z.optional(z.boolean()),
  untracked: z.optional(untrackedFiles),
  /** Not there where the checkout was whole. */
  sparse: z.optional(sparseFiles),
})
export type SourceAnnotation = z.infer<typeof sourceAnnotation>

/** Whether a work tree held what the commit does and nothing else; a part of which nothing is said is not known to be clean. */
export function isClean({ dirty, untracked, sparse }: SourceAnnotation): boolean {
  return dirty === false && untracked?.count === 0 && untracked.more !== true && sparse === undefined
}

/** What was not clean, in words; empty where all was. */
export function treeWords({ dirty, untracked, sparse }: SourceAnnotation): string {
  return [
    ...(dirty === true ? ['changed: not built from that commit alone'] : []),
    ...(untracked === undefined ? [] : untrackedWords(untracked)),
    ...(sparse === undefined ? [] : [sparseWords(sparse)]),
  ].join('; ')
}

function untrackedWords({ count, paths = [], more, apart = 0 }: UntrackedFiles): string[] {
  const files = `${count} untracked file${count === 1 ? '' : 's'}`
  const list = listed(count, paths)
  const beside = apart === 0 ? '' : ` (and ${apart} beside artifacts)`
  if (count === 0 && more !== true) return apart === 0 ? [] : [`no untracked file but ${apart} beside artifacts`]
  return [`${more === true ? 'at least ' : ''}${files}${list === '' ? '' : `: ${list}`}${beside}`]
}

function sparseWords({ count, paths = [] }: SparseFiles): string {
  const list = listed(count, paths)
  return `sparse: ${count} tracked file${count === 1 ? ' was' : 's were'} not there${list === '' ? '' : `: ${list}`}`
}

/** The first paths. Whoever signs may name any number of them. */
function listed(count: number, paths: readonly string[]): string {
  const shown = paths.slice(0, limits.namedPaths).map((it) => oneLine(it.slice(0, 200)))
  const rest = count - shown.length
  return rest > 0 && shown.length > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}
