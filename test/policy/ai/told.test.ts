/** What a row says of what nobody looked at: all that might turn it, and nothing that cannot. */
import { describe, expect, it } from 'vitest'
import type { AiEvidence } from '../../../src/model/policy-evidence.ts'
import type { AiSection } from '../../../src/model/policy.ts'
import { bearsOn } from '../../../src/policy/families/ai/bearing.ts'
import { aiRules } from '../../../src/policy/families/ai/index.ts'
import type { RuleResult } from '../../../src/policy/families/row.ts'
import { change, evidence, plainChange, session } from '../../world/ai-evidence.ts'

const readers = [
  ...['git-ai-note', 'session-record', 'source-note'].map((reader) => ({ reader, outcome: 'not-fetched' })),
  ...['request', 'reviews', 'checks'].map((reader) => ({ reader, outcome: 'not-collected' })),
  { reader: 'trailer', outcome: 'found' },
]

function failed(ai: AiSection, seen: AiEvidence): Extract<RuleResult, { outcome: 'fail' }>[] {
  return aiRules.flatMap((rule) => rule.check({ ai }, { ai: seen }) ?? []).filter((row) => row.outcome === 'fail')
}

function unseen(ai: AiSection, seen: AiEvidence): readonly (readonly [string, readonly string[]])[] {
  return failed(ai, seen).map((row) => [row.code, (row.unseen ?? []).map(({ reader }) => reader)])
}

const hidden = { lines: { ai: 0, human: 40, unknown: 0, generated: 0 } }
const reason = { letters: 40, isTicketOnly: false, signedBy: undefined }
const asked = { disclosure: { aboveLines: 1, overrides: { allowed: [{ signer: 'nobody' }] } } }

describe('a failure names what might turn it', () => {
  it.each([
    [
      'a session that a note names',
      asked,
      evidence({ readers, changes: [change(), plainChange(hidden)] }),
      ['disclosure-missing', ['git-ai-note', 'source-note']],
    ],
    [
      'an approval of the reason, too',
      asked,
      evidence({ readers, changes: [change(), plainChange({ ...hidden, override: reason })] }),
      ['override-unproved', ['git-ai-note', 'source-note', 'request', 'reviews']],
    ],
    [
      'the record of a session',
      { levels: [{ atLeast: 'recorded' }] },
      evidence({ readers, sessions: [session({ level: 'claimed' })] }),
      ['level-too-low', ['session-record']],
    ],
    [
      'nothing, where what was found is refused',
      { models: { deny: ['claude-*', 'gpt-*'] } },
      evidence({ readers }),
      ['model-refused', []],
    ],
    [
      'the reader itself',
      { readers: { mustLook: ['checks'] } },
      evidence({ readers }),
      ['reader-not-looked', ['checks']],
    ],
  ] as const)('%s', (_, section, seen, row) => {
    expect(unseen(section as unknown as AiSection, seen)).toContainEqual(row)
  })

  it('and nothing where all was looked at', () => {
    const all = readers.map((it) => ({ ...it, outcome: 'nothing' }))
    const rows = failed(asked, evidence({ readers: all, changes: [change(), plainChange(hidden)] }))
    expect(rows.map(({ code, unseen: missed }) => [code, missed])).toEqual([['disclosure-missing', undefined]])
  })
})

it('every rule says what it reads: one that is not known would seem to read all', () => {
  const unsaid = aiRules.filter(({ id }) => bearsOn('checks', id))
  expect(unsaid.map(({ id }) => `add ${id} to src/policy/families/ai/bearing.ts`)).toEqual([])
  expect(bearsOn('a-later-reader', 'ai/disclosure')).toBe(true)
})

it('words of people decide nothing: with and without them the same rows fail, with the same codes', () => {
  const shown = {
    subjects: new Map([[plainChange().commit, 'Skip']]),
    reasons: new Map([[plainChange().commit, 'signed by nobody']]),
    people: new Map([['nobody', 'nobody']]),
  }
  const section = { ...asked, humanReview: [{}], levels: [{ atLeast: 'vouched' }] } as unknown as AiSection
  const seen = evidence({ readers, changes: [change(), plainChange({ ...hidden, override: reason })] })
  const codes = (of: AiEvidence): unknown => failed(section, of).map(({ code, at }) => [code, at?.commit, at?.session])
  expect(codes({ ...seen, shown })).toEqual(codes(seen))
})
