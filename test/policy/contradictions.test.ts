/** Attestations that pass each by itself and cannot all be true. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Extensions } from '../../src/model/identity.ts'
import type { Session } from '../../src/model/session.ts'
import { contradictions } from '../../src/policy/contradictions.ts'
import type { Passing } from '../../src/policy/contradictions.ts'
import { sessions } from '../world/release.ts'
import { runs } from '../world/runs.ts'

const [commit, otherCommit] = ['a'.repeat(40), 'b'.repeat(40)]

interface Build {
  readonly commit?: string | undefined
  /** What the certificate says, where it is not the same. */
  readonly certified?: string | undefined
  readonly signatory?: 'certificate' | 'key'
  readonly buildType?: string
  readonly run?: string
  readonly sessions?: readonly Session[]
}

function build(bundle: string, shape: Build = {}): Passing {
  const named = 'commit' in shape ? shape.commit : commit
  const certified = 'certified' in shape ? shape.certified : named
  const extensions: Extensions = certified === undefined ? {} : { sourceRepositoryDigest: certified }
  const signatory =
    shape.signatory === 'key' ? { kind: 'key', fingerprint: '' } : { kind: 'certificate', identity: { extensions } }
  const predicate = {
    kind: 'build-provenance',
    buildType: shape.buildType ?? 'https://example.com/build/v1',
    invocationId: shape.run ?? 'run 1',
    sessions: shape.sessions ?? sessions,
    resolvedDependencies: named === undefined ? [] : [{ digest: { gitCommit: named } }],
  }
  return { bundle, statement: { signed: { signatory }, predicate } } as unknown as Passing
}

/** Codes, each with the bundles that it is about. */
const found = (...passing: Passing[]): string[] =>
  contradictions(passing).map(({ code, bundles }) => `${code} ${bundles.join(' ')}`)

const [first, second] = sessions as [Session, Session]

describe('attestations of one artifact', () => {
  it('contradict nothing where there is one, or none', () => {
    expect(found()).toEqual([])
    expect(found(build('a'))).toEqual([])
  })

  it('contradict each other with another commit', () => {
    expect(found(build('a'), build('b', { commit: otherCommit }), build('c'))).toEqual(['commits-contradict a b c'])
  })

  it('are of the commit that the certificate names, whatever the predicate says', () => {
    expect(found(build('a'), build('b', { certified: otherCommit }))).toEqual(['commits-contradict a b'])
    expect(found(build('a'), build('b', { commit: otherCommit, certified: commit }))).toEqual([])
  })

  it('are of the commit in the predicate where a key signed, or the certificate names none', () => {
    for (const shape of [{ signatory: 'key' }, { certified: undefined }] as const) {
      expect(found(build('a', shape), build('b', { ...shape, commit: otherCommit }))).toEqual([
        'commits-contradict a b',
      ])
      expect(found(build('a', shape), build('b', shape))).toEqual([])
    }
  })

  it('contradict each other where one names no commit: that is another one', () => {
    expect(found(build('a'), build('b', { commit: undefined }))).toEqual(['commits-contradict a b'])
  })

  it.each<[string, readonly Session[]]>([
    ['none', []],
    ['fewer', [first]],
    ['more', [first, second, { ...first, id: 'session_02' }]],
    ['another id', [{ ...first, id: 'session_02' }, second]],
    ['another tool', [{ ...first, tool: 'cursor' }, second]],
    ['another level', [{ ...first, level: 'recorded' }, second]],
    ['another commit', [{ ...first, commits: [otherCommit] }, second]],
    ['no id', [first, { ...second, id: '' }, second]],
  ])('contradict each other with other sessions for one commit and build type: %s', (_, others) => {
    expect(found(build('a'), build('b', { sessions: others }))).toEqual(['sessions-contradict a b'])
  })

  it('do not by the order in which sessions and commits are named', () => {
    const many = { ...first, commits: [commit, otherCommit] }
    const same = { ...first, commits: [otherCommit, commit] }
    expect(found(build('a', { sessions: [many, second] }), build('b', { sessions: [second, same] }))).toEqual([])
  })

  it('do not by other runs of one commit', () => {
    expect(found(build('a'), build('b', { run: 'run 2' }), build('c', { run: 'run 3' }))).toEqual([])
  })

  it('do not by another build type, which may know of no sessions', () => {
    expect(found(build('a'), build('b', { buildType: 'https://example.com/other/v1', sessions: [] }))).toEqual([])
  })

  it('do not by a predicate of another kind', () => {
    const other = build('b', { commit: otherCommit })
    const summary = { ...other.statement, predicate: { kind: 'verification-summary' } }
    expect(found(build('a'), { bundle: 'b', statement: summary as unknown as Passing['statement'] })).toEqual([])
  })

  it('are told apart group by group', () => {
    const other = 'https://example.com/other/v1'
    expect(
      found(
        build('a'),
        build('b', { sessions: [] }),
        build('c', { buildType: other }),
        build('d', { buildType: other, sessions: [first] }),
        build('e', { commit: otherCommit, sessions: [] }),
      ),
    ).toEqual(['commits-contradict a b c d e', 'sessions-contradict a c d', 'sessions-contradict a b'])
  })

  it('are found to contradict each other in whatever order they stand', () => {
    const shape = fc.record({
      commit: fc.constantFrom(commit, otherCommit, undefined),
      buildType: fc.constantFrom('https://example.com/build/v1', 'https://example.com/other/v1'),
      sessions: fc.constantFrom([], [first], [second, first], [first, second]),
    })
    const lists = fc.array(shape, { maxLength: 6 }).chain((shapes) => {
      const passing = shapes.map((it, index) => build(String(index), it))
      return fc.tuple(fc.constant(passing), fc.shuffledSubarray(passing, { minLength: passing.length }))
    })
    const sorted = (passing: readonly Passing[]): unknown =>
      contradictions(passing)
        .map(({ code, message, bundles }) => ({ code, message, bundles: bundles.toSorted() }))
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    fc.assert(
      fc.property(lists, ([passing, shuffled]) => {
        expect(sorted(shuffled)).toEqual(sorted(passing))
      }),
      { numRuns: runs(1_000) },
    )
  })
})
