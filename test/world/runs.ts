/**
 * How much is tried. Each test names what its claim needs; CI, and whoever sets `COUNTERSIGN_TEST_RUNS=all`, gets it. A run at a
 * desk tries a part of it, so that it stays short.
 */
const { CI = '', COUNTERSIGN_TEST_RUNS, COUNTERSIGN_TEST_FILES } = process.env
export const isWhole = COUNTERSIGN_TEST_RUNS === 'all' || !['', '0', 'false'].includes(CI)

/**
 * Whether each row of a table, and each scenario, is tried that costs a repository, a job or a process: in CI, and where somebody
 * named the files to run (`vitest.config.ts`), since then they are what it is about.
 */
export const isEach = isWhole || COUNTERSIGN_TEST_FILES === 'named'

const enough = 30

/** How often a property is tried: `whole` in CI; else a tenth of it, but never fewer than thirty where there are as many. */
export function runs(whole: number): number {
  return isWhole ? whole : Math.max(Math.ceil(whole / 10), Math.min(whole, enough))
}

/** `whole` in CI, `desk` at a desk: where each of them costs much. */
export function atDesk<T>(desk: T, whole: T): T {
  return isWhole ? whole : desk
}

/** All of them in CI; at a desk every so many, beginning with the one at `first`. */
export function* some<T>(all: Iterable<T>, every: number, first = 0): Generator<T> {
  let index = 0
  for (const it of all) if (isWhole || index++ % every === first % every) yield it
}

/** Rows of a table: each where each is tried; else every so many, beginning with the one at `first`. */
export function part<const T>(all: readonly T[], every: number, first = 0): T[] {
  return isEach ? [...all] : all.filter((_, index) => index % every === first % every)
}
