/**
 * Suites whose input does not come with the repository say "left out" where it is missing, so that whoever clones it can run
 * them all. `COUNTERSIGN_REQUIRE=corpus,peers` makes that a failure: CI must not pass for what nobody looked at.
 */
import { fileURLToPath } from 'node:url'

export function isRequired(suite: 'corpus' | 'peers', env = process.env): boolean {
  return (env['COUNTERSIGN_REQUIRE'] ?? '').split(',').some((it) => it.trim() === suite)
}

/** A configuration that runs nothing but a skipped test, whose name is the reason. */
export function leftOut(reason: string): { include: string[]; env: Record<string, string>; reporters: string[] } {
  process.stderr.write(`left out: ${reason}\n`)
  return {
    include: [fileURLToPath(new URL('left-out.ts', import.meta.url))],
    env: { COUNTERSIGN_LEFT_OUT: reason },
    reporters: ['default', './test/world/closing-line.ts'],
  }
}
