/** Findings: kept one by one up to a limit, and all counted. */
import { oneLine } from '../../one-line.ts'
import type { CollectedSessions } from '../../model/facts.ts'
import { limits } from '../../model/limits.ts'
import type { Finding } from '../../model/session.ts'
import { byText } from '../../model/text-order.ts'

/** Those of one reader. */
export interface Findings {
  readonly kept: readonly Finding[]
  readonly counts: ReadonlyMap<string, number>
  add(code: string, commit: string | undefined, detail: string): void
}

export function newFindings(reader: string | undefined): Findings {
  const kept: Finding[] = []
  const counts = new Map<string, number>()
  return {
    kept,
    counts,
    add(code, commit, detail) {
      counts.set(code, (counts.get(code) ?? 0) + 1)
      if (kept.length < limits.findings) kept.push({ reader, code, commit, detail: oneLine(detail) })
    },
  }
}

/** All of them in an order of their own, as many as are kept, and how many there are of each code. */
export function gatherFindings(
  all: readonly Pick<Findings, 'kept' | 'counts'>[],
): Pick<CollectedSessions, 'findings' | 'findingCounts'> {
  const findings = all.flatMap(({ kept }) => kept).sort(byReaderAndCommit)
  return { findings: findings.slice(0, limits.findings), findingCounts: sumOfCounts(all) }
}

function sumOfCounts(all: readonly Pick<Findings, 'counts'>[]): Record<string, number> {
  const sum = new Map<string, number>()
  for (const { counts } of all) {
    for (const [code, count] of counts) sum.set(code, (sum.get(code) ?? 0) + count)
  }
  return Object.fromEntries([...sum].sort(([a], [b]) => byText(a, b)))
}

function byReaderAndCommit(a: Finding, b: Finding): number {
  return byText(keyOf(a), keyOf(b))
}

function keyOf({ reader = '', code, commit = '', detail }: Finding): string {
  return [reader, code, commit, detail].join('\n')
}
