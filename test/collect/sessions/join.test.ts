import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldClaims } from '../../../src/collect/sessions/join.ts'
import { newLedger } from '../../../src/collect/sessions/claim-table.ts'
import { limits } from '../../../src/model/limits.ts'
import { linkages, readerIds } from '../../../src/model/session.ts'
import type { Claim } from '../../../src/model/session.ts'
import { codeOf } from '../../world/failure.ts'

const commit = (number: number): string => number.toString(16).padStart(40, '0')

function claim(said: Partial<Claim>): Claim {
  return {
    reader: 'trailer',
    commit: commit(1),
    tool: 'claude-code',
    session: undefined,
    toolVersion: undefined,
    models: [],
    linesAdded: undefined,
    linkage: 'direct',
    ...said,
  }
}

function fold(claims: readonly Claim[]): ReturnType<typeof foldClaims> {
  const ledger = newLedger(20)
  for (const it of claims) ledger.add(it)
  return foldClaims(ledger)
}

describe('claims become sessions', () => {
  test('one per tool and id, with everything that was said of it', () => {
    const claims = [
      claim({ commit: commit(2), session: 's', models: ['b'], toolVersion: '1.0' }),
      claim({ commit: commit(1), session: 's', models: ['a'], reader: 'git-ai-note', linesAdded: 3 }),
      claim({ commit: commit(1), session: 's', models: ['b'], linkage: 'squash', linesAdded: 4 }),
      claim({ commit: commit(3), session: 's', tool: 'codex' }),
    ]
    expect(fold(claims)).toEqual({
      commits: 3,
      sessions: [
        {
          id: 's',
          level: 'claimed',
          tool: 'claude-code',
          toolVersion: '1.0',
          models: ['a', 'b'],
          commits: [commit(1), commit(2)],
          lines: { added: 7 },
          linkage: 'squash',
          readers: ['git-ai-note', 'trailer'],
        },
        {
          id: 's',
          level: 'claimed',
          tool: 'codex',
          models: [],
          commits: [commit(3)],
          linkage: 'direct',
          readers: ['trailer'],
        },
      ],
    })
  })

  test('a claim without session enriches the only session of its tool in its commit', () => {
    const { sessions } = fold([
      claim({ models: ['m'], toolVersion: '2' }),
      claim({ session: 's', reader: 'git-ai-note' }),
      claim({ commit: commit(2), models: ['other'] }),
      claim({ commit: commit(3), tool: 'codex', models: ['gpt'] }),
    ])
    expect(sessions).toMatchObject([
      { tool: 'claude-code', models: ['other'], commits: [commit(2)] },
      {
        tool: 'claude-code',
        id: 's',
        models: ['m'],
        toolVersion: '2',
        commits: [commit(1)],
        readers: ['git-ai-note', 'trailer'],
      },
      { tool: 'codex', models: ['gpt'] },
    ])
  })

  test('a claim without session stays apart where two sessions could be meant', () => {
    const { sessions } = fold([claim({ models: ['m'] }), claim({ session: 'a' }), claim({ session: 'b' })])
    expect(sessions.map(({ id, models }) => [id, models])).toEqual([
      [undefined, ['m']],
      ['a', []],
      ['b', []],
    ])
  })

  test('an id without tool is the session of the one tool that has this id', () => {
    const nameless = claim({ tool: 'unknown', session: 's', commit: commit(2) })
    expect(fold([nameless, claim({ session: 's' })]).sessions).toMatchObject([
      { tool: 'claude-code', commits: [commit(1), commit(2)] },
    ])
    const { sessions } = fold([nameless, claim({ session: 's' }), claim({ session: 's', tool: 'codex' })])
    expect(sessions.map(({ tool }) => tool)).toEqual(['claude-code', 'codex', 'unknown'])
  })

  test('a version stands only where all agree', () => {
    const [session] = fold([
      claim({ session: 's', toolVersion: '1' }),
      claim({ session: 's', toolVersion: '2' }),
    ]).sessions
    expect(session).not.toHaveProperty('toolVersion')
  })

  test('the order of the claims does not matter', () => {
    const claims = fc.array(
      fc.record({
        reader: fc.constantFrom(...readerIds),
        commit: fc.integer({ min: 0, max: 3 }).map((it) => commit(it * 0x1_0000_0000_0001)),
        tool: fc.constantFrom('claude-code', 'codex', 'unknown'),
        session: fc.constantFrom(undefined, 'a', 'b'),
        toolVersion: fc.constantFrom(undefined, '1', '2'),
        models: fc.subarray(['m', 'n']),
        linesAdded: fc.constantFrom(undefined, 0, 5),
        linkage: fc.constantFrom(...linkages),
      }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(claims, fc.array(fc.nat()), (said, keys) => {
        const shuffled = said.map((it, at) => [keys[at] ?? 0, it] as const).sort(([a], [b]) => a - b)
        expect(fold(shuffled.map(([, it]) => it))).toEqual(fold(said))
        expect(fold(said).commits).toBe(new Set(said.map((it) => it.commit)).size)
        const lines = said.reduce((sum, it) => sum + (it.linesAdded ?? 0), 0)
        expect(fold(said).sessions.reduce((sum, it) => sum + (it.lines?.added ?? 0), 0)).toBe(lines)
      }),
    )
  })

  test('commits whose ids begin alike are told apart', () => {
    const ids = ['0', '1', '2'].map((it) => it.padStart(40, 'f'))
    expect(fold(ids.toReversed().flatMap((it) => [claim({ commit: it }), claim({ commit: it })]))).toMatchObject({
      commits: 3,
      sessions: [{ commits: ids }],
    })
  })

  test('there is a limit to sessions and to the models of one', () => {
    const many = (count: number): Claim[] =>
      Array.from({ length: count }, (_, id) => claim({ session: `s${id}`, commit: commit(id) }))
    expect(fold(many(limits.sessions)).sessions).toHaveLength(limits.sessions)
    expect(codeOf(() => fold(many(limits.sessions + 1)))).toBe('session-limit')
    const models = Array.from({ length: 1_000 }, (_, id) => claim({ models: [`m${id}`] }))
    expect(fold(models).sessions[0]?.models).toHaveLength(limits.modelsPerSession)
  })

  test('what a reader said can be taken back', () => {
    const ledger = newLedger(20)
    ledger.add(claim({ session: 'a' }))
    ledger.add(claim({ session: 'b', reader: 'git-ai-note', commit: commit(2) }))
    ledger.drop('git-ai-note')
    expect(ledger.countOf('git-ai-note')).toBe(0)
    expect(foldClaims(ledger)).toMatchObject({ commits: 1, sessions: [{ id: 'a' }] })
  })
})
