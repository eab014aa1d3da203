/** The short way through changes with the usual members: it knows no change that the schema refuses, and reads each as the schema does. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountersignError } from '../../src/errors.ts'
import { changeProvenancePredicate, readChangeProvenance } from '../../src/predicates/change-provenance.ts'
import { isPlainChange } from '../../src/predicates/plain-changes.ts'
import { runs } from '../world/runs.ts'
import { wholeChangeProvenance } from './whole-change-provenance.ts'

const [id, other] = ['a'.repeat(40), 'b'.repeat(64)]
const person = `hmac-sha256:${'1'.repeat(64)}`
const session = { uri: 'urn:ai-session:codex:1', role: 'review', requester: person, linkage: 'direct', lines: 3 }
const amounts = { ai: 1, human: 0, unknown: 2.5, generated: 0 }
const plain = {
  ...{ commit: id, tree: other, parents: [id, other], author: person, committer: person },
  ...{ pullRequest: 'https://github.com/acme/widget/pull/7', tickets: [], lines: amounts },
  sessions: [session, { uri: 'urn:ai-session:codex:2' }],
  files: [
    { path: 'a', ...amounts, sessions: [{ uri: 'x', lines: 1 }] },
    { path: 'b', ai: 0, human: 0, unknown: 1 },
  ],
}

function predicateOf(change: unknown): unknown {
  return { range: { since: null, until: id }, changes: [plain, change, plain], readers: [] }
}

/** What is said by the schema alone, and by the way that everybody takes. */
function both(change: unknown): { readonly isGood: boolean; readonly isRead: boolean } {
  const predicate = predicateOf(change)
  const parsed = changeProvenancePredicate.safeParse(predicate)
  if (isPlainChange(change)) expect(parsed.data?.changes[1]).toEqual(change)
  try {
    const read = readChangeProvenance(predicate)
    // No member is plain that the schema does not know, so that its copy goes the other way.
    const copy = { ...parsed.data, changes: parsed.data?.changes.map((it) => ({ ...it, other: 1 })) }
    expect(read).toEqual(readChangeProvenance(copy))
    return { isGood: parsed.success, isRead: true }
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(CountersignError)
    expect(thrown).toMatchObject({ code: 'predicate-malformed' })
    return { isGood: parsed.success, isRead: false }
  }
}

describe('a change of the usual kind', () => {
  it('is known without the schema', () => {
    expect([plain, { commit: id }, { commit: other, sessions: [], files: [] }].map(isPlainChange)).toEqual([
      true,
      true,
      true,
    ])
    expect(both(plain)).toEqual({ isGood: true, isRead: true })
  })

  it.each([
    ['what else the format knows', { ...wholeChangeProvenance.changes[0] }, true],
    ['a member that is null', { ...plain, tree: null }, true],
    ['a member that nobody knows', { ...plain, more: 1 }, true],
    ['no commit', { ...plain, commit: undefined }, false],
    ['a commit with a line end behind it', { ...plain, commit: `${id}\n` }, false],
    ['a person who is none', { ...plain, author: 'Ann <ann@example.org>' }, false],
    ['lines below nothing', { ...plain, lines: { ...amounts, ai: -1 } }, false],
    ['lines without end', { ...plain, files: [{ path: 'a', ...amounts, ai: Infinity }] }, false],
    ['lines that lack a number', { ...plain, lines: { ai: 1, human: 1 } }, false],
    ['a file without a path', { ...plain, files: [amounts] }, false],
    ['a list of lists', { ...plain, files: [[]] }, false],
    ['a session without a name', { ...plain, sessions: [{ lines: 1 }] }, false],
    ['a text that is too long', { ...plain, pullRequest: 'x'.repeat(8_193) }, false],
    ['a ticket with nothing in it', { ...plain, tickets: [{}] }, false],
    ['a list', [], false],
    ['nothing', null, false],
  ])('is none with %s', (_, change, isGood) => {
    expect(isPlainChange(change)).toBe(false)
    expect(both(change)).toEqual({ isGood, isRead: isGood })
  })

  it('is what the schema says of it, whatever stands in its members', () => {
    const leaf = fc.oneof(
      fc.constantFrom<unknown>(id, other, `${id} `, person, '', 'x', 0, -1, 1.5, NaN, null, undefined, true, [], {}),
      fc.constantFrom<unknown>(
        session,
        amounts,
        [session],
        [amounts],
        [id],
        [null],
        'y'.repeat(8_193),
        Object.create(null),
      ),
    )
    const names = ['commit', 'tree', 'parents', 'author', 'committer', 'pullRequest', 'tickets', 'sessions', 'lines']
    const inner = [
      'uri',
      'role',
      'requester',
      'linkage',
      'lines',
      'path',
      'ai',
      'human',
      'unknown',
      'generated',
      'sessions',
    ]
    const dictionary = fc.dictionary(fc.constantFrom(...inner, '__proto__', 'other'), leaf, { maxKeys: 6 })
    const edited = fc
      .tuple(
        fc.constantFrom(...names, 'files', 'override', 'source', 'other'),
        fc.oneof(leaf, dictionary, fc.array(dictionary, { maxLength: 2 })),
      )
      .map(([name, value]) => ({ ...plain, [name]: value }))
    fc.assert(
      fc.property(edited, (change) => {
        const { isGood, isRead } = both(change)
        expect(isRead).toBe(isGood)
      }),
      { numRuns: runs(1_000) },
    )
  })
})
