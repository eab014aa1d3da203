/**
 * How often a property is tried. Each test names the number that its claim needs; CI, and whoever sets
 * `COUNTERSIGN_TEST_RUNS=all`, gets it, a run at a desk a tenth of it, so that it stays short.
 */
const enough = 30

/** `whole` in CI; else a tenth of it, but never fewer than thirty where there are as many. */
export function runs(whole: number): number {
  const { CI = '', COUNTERSIGN_TEST_RUNS } = process.env
  if (COUNTERSIGN_TEST_RUNS === 'all' || !['', '0', 'false'].includes(CI)) return whole
  return Math.max(Math.ceil(whole / 10), Math.min(whole, enough))
}
