/** What statements about a commit say of the way by which it came into its repository. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountersignError } from '../../src/errors.ts'
import type { SourceClaims } from '../../src/model/source-statement.ts'
import { parseStatement } from '../../src/model/statement.ts'
import { readSourceClaims, subjectsOfCommit } from '../../src/predicates/source-claims.ts'
import { codeOf } from '../world/failure.ts'
import { edited } from '../world/release.ts'
import { runs } from '../world/runs.ts'
import { sourceNote, sourceProvenanceType, sourceSummary, tagProvenanceType } from '../world/source-statement.ts'
import type { SourceNote } from '../world/source-statement.ts'

const commit = 'c'.repeat(40)

function read(note: SourceNote): SourceClaims | undefined {
  return readSourceClaims(parseStatement(Buffer.from(JSON.stringify(note))), commit)
}

const whole: SourceClaims = {
  predicateType: sourceProvenanceType,
  repository: 'https://github.com/acme/widget',
  refs: ['refs/heads/main'],
  activity: 'pr_merge',
  actor: 'ann-of-acme',
  previous: 'e'.repeat(40),
  controls: [
    { name: 'CONTINUITY_ENFORCED', since: '2026-01-02T03:04:05.006Z' },
    { name: 'PROVENANCE_AVAILABLE', since: undefined },
  ],
  result: undefined,
  levels: [],
}

describe('source provenance', () => {
  it('says who merged, what was enforced and what was there before', () => {
    expect(read(sourceNote(commit))).toEqual(whole)
  })

  it('says the same in the spelling of before', () => {
    const snake = edited(sourceNote(commit), (it) => {
      const { activityType, prevCommit, repoUri, createdOn, ...rest } = it.predicate
      it.predicate = {
        ...{ activity_type: activityType, prev_commit: prevCommit, repo_uri: repoUri, created_on: createdOn },
        ...rest,
      }
    })
    expect(read(snake)).toEqual(whole)
  })

  it('of a tag names the tag, and what is not set is not said', () => {
    const tag = edited(sourceNote(commit), (it) => {
      it.predicateType = tagProvenanceType
      it.predicate = { tag: 'refs/tags/v1.1.0', actor: '', controls: null, repoUri: 'https://github.com/acme/widget' }
    })
    expect(read(tag)).toMatchObject({ refs: ['refs/tags/v1.1.0'], actor: undefined, controls: [], activity: undefined })
  })

  it('keeps no sentence as an activity', () => {
    expect(read(sourceNote(commit, { activityType: 'unknown activity type' }))?.activity).toBeUndefined()
  })

  it.each<[string, Record<string, unknown>]>([
    ['a control with an address', { controls: [{ name: 'approved by ann@acme.example' }] }],
    ['a control that steers a terminal', { controls: [{ name: 'X\u001b[2J' }] }],
    ['a time that is a sentence', { controls: [{ name: 'X', since: 'ever since Ann came' }] }],
    ['more controls than anybody has', { controls: Array.from({ length: 65 }, () => ({ name: 'X' })) }],
    ['a branch that is none', { branch: 'main' }],
    ['a branch that looks like another', { branch: 'refs/heads/ma\u200bin' }],
    ['a short commit before', { prevCommit: 'abc1234' }],
    ['an actor that is a list', { actor: ['ann'] }],
    ['two repositories, one in each spelling', { repo_uri: 'https://github.com/acme/other' }],
  ])('with %s is malformed', (_, said) => {
    expect(codeOf(() => read(sourceNote(commit, said)))).toBe('predicate-malformed')
  })
})

describe('a summary of the source', () => {
  it('says which levels were verified, and for which branches', () => {
    expect(read(sourceSummary(commit))).toMatchObject({
      repository: 'git+https://github.com/acme/widget',
      refs: ['refs/heads/main'],
      result: 'PASSED',
      levels: ['SLSA_SOURCE_LEVEL_3', 'TAG_HYGIENE'],
    })
  })

  it.each(['sourceRefs', 'source_refs', 'source_branches'])('names branches under %s', (name) => {
    const note = edited(
      sourceSummary(commit),
      (it) => (it.subject[0]!.annotations = { [name]: ['refs/heads/a', 'refs/heads/b'] }),
    )
    expect(read(note)?.refs).toEqual(['refs/heads/a', 'refs/heads/b'])
  })

  it('that failed gives no level', () => {
    expect(read(sourceSummary(commit, { verificationResult: 'FAILED' }))).toMatchObject({
      result: 'FAILED',
      levels: [],
    })
  })

  it.each<[string, (it: SourceNote) => unknown]>([
    ['a level that is a sentence', (it) => (it.predicate['verifiedLevels'] = ['level three, says Ann'])],
    ['a branch that is none', (it) => (it.subject[0]!.annotations = { source_refs: ['main'] })],
    ['a branch that is no text', (it) => (it.subject[0]!.annotations = { source_refs: [1] })],
  ])('with %s is malformed', (_, edit) => {
    expect(codeOf(() => read(edited(sourceSummary(commit), edit)))).toBe('predicate-malformed')
  })
})

describe('a statement', () => {
  it('of another type says nothing of the source', () => {
    expect(read(edited(sourceNote(commit), (it) => (it.predicateType = 'https://slsa.dev/spdx')))).toBeUndefined()
  })

  it('is about a commit by its whole id alone', () => {
    const about = (note: SourceNote, id: string): number =>
      subjectsOfCommit(parseStatement(Buffer.from(JSON.stringify(note))), id).length
    expect(about(sourceNote(commit), commit)).toBe(1)
    expect(about(sourceNote('d'.repeat(40)), commit)).toBe(0)
    expect(about(sourceNote('c'.repeat(7)), 'c'.repeat(7))).toBe(0)
    expect(about({ ...sourceNote(commit), subject: [{ digest: { sha1: commit } }] }, commit)).toBe(0)
  })

  it('is read or malformed, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (some, other, third) => {
        const said = { actor: some, branch: other, controls: third, since: some, prev_commit: other }
        for (const note of [
          sourceNote(commit, said),
          sourceNote(commit, { controls: [{ name: some, since: other }] }),
          sourceSummary(commit, { verifiedLevels: some, resourceUri: other }),
          { ...sourceSummary(commit), subject: [{ digest: { gitCommit: commit }, annotations: some }] } as SourceNote,
          {
            ...sourceSummary(commit),
            subject: [{ digest: { gitCommit: commit }, annotations: { source_refs: other } }],
          },
        ]) {
          try {
            expect(read(note)).toBeDefined()
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(CountersignError)
            // A member named `__proto__` is refused before anybody asks what kind of statement it stands in.
            const code = JSON.stringify(note).includes('"__proto__"')
              ? /^(statement|predicate)-malformed$/
              : /^predicate-/
            expect((thrown as CountersignError).code).toMatch(code)
          }
        }
      }),
      { numRuns: runs(300) },
    )
  })
})
