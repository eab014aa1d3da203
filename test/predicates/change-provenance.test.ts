/** Change provenance: what a released range is made of, change by change. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountersignError } from '../../src/errors.ts'
import type { ChangeProvenance } from '../../src/model/predicate.ts'
import { changeProvenance } from '../../src/predicates/change-provenance.ts'
import { readPredicate } from '../../src/predicates/read.ts'
import { sessionDescriptor } from '../../src/predicates/session.ts'
import { codeOf } from '../world/failure.ts'
import { edited, sessions } from '../world/release.ts'
import { runs } from '../world/runs.ts'
import { wholeChangeProvenance } from './whole-change-provenance.ts'

const { type } = changeProvenance
const [since, until] = ['a'.repeat(40), 'b'.repeat(40)]

function read(predicate: unknown): ChangeProvenance {
  const found = readPredicate(type, predicate)
  if (found.kind !== 'change-provenance') throw new Error(`it was read as ${found.kind}`)
  return found
}

describe('change provenance', () => {
  it('is read with everything that it can say', () => {
    const { request, reviews, checks, tickets, deployments } = wholeChangeProvenance.changes[0]!
    expect(read(wholeChangeProvenance)).toEqual({
      kind: 'change-provenance',
      range: { since, until, reason: 'the tag v1.1.0, the version before' },
      changes: [
        {
          commit: until,
          parents: [since],
          author: `hmac-sha256:${'1'.repeat(64)}`,
          pullRequest: 'https://github.com/acme/widget/pull/7',
          context: { request, reviews, checks, tickets, deployments },
          sessions: [
            {
              ...{ uri: 'urn:ai-session:claude-code:session_01Test', role: 'implementation', linkage: 'direct' },
              ...{ requester: undefined, lines: undefined },
            },
          ],
          lines: { ai: 120, human: 7, unknown: 3, generated: 2 },
          files: [
            { path: 'src/a.ts', ai: 120, human: 0, unknown: 0, generated: 0 },
            { path: 'package-lock.json', ai: 0, human: 0, unknown: 0, generated: 2 },
          ],
          override: {
            letters: 31,
            isTicketOnly: false,
            signedBy: { signer: `hmac-sha256:${'1'.repeat(64)}`, issuer: 'https://accounts.example' },
          },
        },
      ],
      total: undefined,
      sessions: [sessions[0]],
      branch: wholeChangeProvenance.branch,
      readers: [
        { reader: 'trailer', outcome: 'found' },
        { reader: 'git-ai-note', outcome: 'not-fetched' },
      ],
    })
  })

  it('may leave out what nobody knows, and that stays unknown', () => {
    const least = { range: { since: null, until }, changes: [{ commit: until }], readers: [] }
    expect(read(least)).toEqual({
      kind: 'change-provenance',
      range: { since: null, until, reason: undefined },
      changes: [
        {
          commit: until,
          parents: undefined,
          author: undefined,
          pullRequest: undefined,
          context: {},
          sessions: undefined,
          lines: undefined,
        },
      ],
      total: undefined,
      sessions: [],
      branch: undefined,
      readers: [],
    })
  })

  it('ignores what later versions may add', () => {
    const more = edited<Record<string, unknown>>({ ...wholeChangeProvenance }, (it) => {
      it['rollout'] = [1]
      const [change] = it['changes'] as (typeof wholeChangeProvenance)['changes']
      Object.assign(change!.reviews[0]!, { more: 1 })
      Object.assign(change!.request, { more: 1 })
    })
    expect(read(more)).toEqual(read(wholeChangeProvenance))
  })

  it.each<[string, (it: typeof wholeChangeProvenance) => unknown]>([
    ['no range', (it) => Reflect.deleteProperty(it, 'range')],
    ['a range that begins nowhere', (it) => Reflect.deleteProperty(it.range, 'since')],
    ['a range that ends in a short commit', (it) => (it.range.until = 'abc1234')],
    ['no changes', (it) => Reflect.deleteProperty(it, 'changes')],
    ['a change without its commit', (it) => Reflect.deleteProperty(it.changes[0]!, 'commit')],
    ['a commit in capitals', (it) => (it.changes[0]!.commit = 'A'.repeat(40))],
    ['an author by name', (it) => (it.changes[0]!.author = 'Jo Doe <jo@acme.example>')],
    ['an author by a hash without a key', (it) => (it.changes[0]!.author = `sha256:${'1'.repeat(64)}`)],
    ['a committer by name', (it) => (it.changes[0]!.committer = 'jo')],
    ['a reviewer by name', (it) => (it.changes[0]!.reviews[0]!.by = 'jo')],
    ['a review that nobody read', (it) => Reflect.deleteProperty(it.changes[0]!.reviews[0]!, 'read')],
    ['a review said by nobody known', (it) => (it.changes[0]!.reviews[0]!.said = 'hearsay')],
    ['the author of a request by name', (it) => (it.changes[0]!.request.author.account = 'jo')],
    ['a check of a short commit', (it) => (it.changes[0]!.checks[0]!.commit = 'abc1234')],
    ['a review of no known verdict', (it) => (it.changes[0]!.reviews[0]!.verdict = 'LGTM')],
    ['lines without the unknown ones', (it) => Reflect.deleteProperty(it.changes[0]!.lines, 'unknown')],
    ['no word on its readers', (it) => Reflect.deleteProperty(it, 'readers')],
    ['a reader of which nobody says whether it looked', (it) => (it.readers[0]!.outcome = 'fine')],
  ])('with %s is malformed', (_, edit) => {
    expect(codeOf(() => read(edited(wholeChangeProvenance, edit)))).toBe('predicate-malformed')
  })

  it('reads sessions as build provenance does', () => {
    const predicate = { ...wholeChangeProvenance, sessions: sessions.map(sessionDescriptor) }
    expect(read(predicate).sessions).toEqual(sessions)
    expect(read({ ...wholeChangeProvenance, sessions: [{ uri: 'urn:other', name: 'x' }] }).sessions).toEqual([])
  })

  it('is read or malformed, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (some, other, third) => {
        for (const predicate of [
          some,
          { range: some, changes: other, readers: third },
          { ...wholeChangeProvenance, changes: [some, { commit: until, reviews: other, sessions: third }] },
        ]) {
          try {
            expect(readPredicate(type, predicate).kind).toBe('change-provenance')
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(CountersignError)
            expect(thrown).toMatchObject({ code: 'predicate-malformed' })
          }
        }
      }),
      { numRuns: runs(300) },
    )
  })
})
