/** A rule as a table: what is seen, and what the rule says of it. */
import { describe, expect, test } from 'vitest'
import type { AiEvidence } from '../../../src/model/policy-evidence.ts'
import type { AiSection } from '../../../src/model/policy.ts'
import { change, evidence, plainChange, session, words } from '../../world/ai-evidence.ts'

/** `rows` without the id of the rule: `pass`, or the code and where it fails. */
export type Row = readonly [what: string, asked: AiSection, seen: AiEvidence, ...rows: readonly string[]]

export function ruleTable(id: string, rows: readonly Row[]): void {
  describe(id, () => {
    test.each(rows.map(([what, asked, seen, ...expected]) => ({ what, asked, seen, expected })))(
      '$what',
      ({ asked, seen, expected }) => expect(words(asked, seen)).toEqual(expected.map((it) => `${id} ${it}`)),
    )
  })
}

/** The whole evidence with another session in the place of the one, also where the change names it. */
export function withSession(more: Parameters<typeof session>[0]): AiEvidence {
  const it = session(more)
  const uri = it.id === undefined ? `urn:ai-tool:${it.tool}` : `urn:ai-session:${it.tool}:${it.id}`
  return evidence({ sessions: [it], changes: [change({ sessions: [partOf(uri)] }), plainChange()] })
}

export function partOf(uri: string, requester?: string): NonNullable<ReturnType<typeof change>['sessions']>[number] {
  return { uri, role: undefined, requester, linkage: 'direct', lines: undefined }
}
