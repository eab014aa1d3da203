/** Which values a verification summary may hold, and which of them hold another. */
import { describe, expect, it } from 'vitest'
import { holdsLevel, levelsProblem, readSlsaResult } from '../../src/model/slsa-levels.ts'
import { aiLevelOf } from '../../src/model/ai-level.ts'
import type { VerifiedStatement } from '../../src/model/evidence.ts'
import type { Session } from '../../src/model/session.ts'

describe('a value of SLSA', () => {
  it.each([
    ...['SLSA_BUILD_LEVEL_0', 'SLSA_BUILD_LEVEL_3', 'SLSA_SOURCE_LEVEL_4', 'SLSA_SOURCE_LEVEL_UNEVALUATED'],
    ...['SLSA_SOURCE_TWO_PARTY_REVIEWED', 'SLSA_BUILD_REPRODUCED', 'ORG_SOURCE_X', 'COUNTERSIGN_AI_VOUCHED'],
  ])('is %s', (text) => {
    expect(levelsProblem([text])).toBeUndefined()
  })

  it.each([
    ...['SLSA_BUILD_LEVEL_4', 'SLSA_SOURCE_LEVEL_5', 'SLSA_BUILD_LEVEL_03', 'SLSA_BUILD_LEVEL_', 'SLSA_X_LEVEL_1'],
    ...['SLSA_BUILD_LEVEL_1 ', 'slsa_build_level_1', 'SLSA_LEVEL_3', 'SLSA_toString_LEVEL_1', '', ' '],
  ])('is not %j', (text) => {
    expect(readSlsaResult(text).kind).toBe('unknown')
  })

  it('holds what lies below it in its own track alone', () => {
    expect(holdsLevel(['SLSA_BUILD_LEVEL_3'], 'SLSA_BUILD_LEVEL_1')).toBe(true)
    expect(holdsLevel(['SLSA_BUILD_LEVEL_1'], 'SLSA_BUILD_LEVEL_2')).toBe(false)
    expect(holdsLevel(['SLSA_SOURCE_LEVEL_4'], 'SLSA_BUILD_LEVEL_1')).toBe(false)
    expect(holdsLevel(['SLSA_BUILD_LEVEL_UNEVALUATED'], 'SLSA_BUILD_LEVEL_0')).toBe(false)
    expect(holdsLevel(['SLSA_BUILD_LEVEL_3'], 'SLSA_BUILD_LEVEL_UNEVALUATED')).toBe(false)
    expect(holdsLevel(['SLSA_SOURCE_LEVEL_4'], 'SLSA_SOURCE_TWO_PARTY_REVIEWED')).toBe(false)
  })
})

describe('the level of AI', () => {
  const reader = { reader: 'trailer', outcome: 'found', claims: 1 }
  const statement = (
    levels: readonly string[] | undefined,
    readers: readonly object[] = [reader],
    range: object = {},
  ): VerifiedStatement => {
    const sessions = (levels ?? []).map((level) => ({ level }) as Session)
    const attribution = readers.length === 0 ? undefined : { range: { since: null, until: 'x', ...range }, readers }
    return { predicate: { kind: 'build-provenance', sessions, attribution } } as unknown as VerifiedStatement
  }

  it.each<[string, VerifiedStatement[]]>([
    ['CLAIMED', [statement(['vouched', 'claimed', 'signed'])]],
    ['RECORDED', [statement(['vouched']), statement(['recorded'])]],
    ['VOUCHED', [statement(['vouched']), statement([])]],
    ['NONE_FOUND', [statement([])]],
    ['UNKNOWN', [statement(['vouched'], [reader, { ...reader, reader: 'git-ai-note', outcome: 'could-not-look' }])]],
    ['UNKNOWN', [statement([], [reader, { ...reader, reader: 'git-ai-note', outcome: 'not-fetched' }])]],
    ['UNKNOWN', [statement(['vouched'], [reader], { cut: true })]],
    ['UNKNOWN', [statement(['vouched'], [])]],
    ['NOT_COLLECTED', [statement([], [])]],
    ['NOT_COLLECTED', [statement([], [{ ...reader, outcome: 'not-collected' }]), statement(['vouched'])]],
    ['NOT_COLLECTED', []],
  ])('is %s, the least of all that is known', (level, statements) => {
    expect(aiLevelOf(statements)).toBe(`COUNTERSIGN_AI_${level}`)
  })
})
