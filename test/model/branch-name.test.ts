/** What a branch's name says of the releases that are made of it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isTrunk, lineOf } from '../../src/model/branch-name.ts'
import { runs } from '../world/runs.ts'

describe('a branch', () => {
  it.each([
    ['1.x', '1'],
    ['1.3.x', '1.3'],
    ['1.x.x', '1'],
    ['v1', '1'],
    ['1.3-stable', '1.3'],
    ['6-1-stable', '6.1'],
    ['release/1.2.0', '1.2.0'],
    ['release-1.28', '1.28'],
    ['release-v0.61', '0.61'],
    ['maintenance/2.x', '2'],
    ['REL_17_STABLE', '17'],
    ['branch_9x', undefined],
    ['hotfix/1.2.1', '1.2.1'],
    ['stable/2024.01', '2024.1'],
    ['feature/issue-12', undefined],
    ['12-fix-the-thing', undefined],
    ['dependabot/npm/a-1.2.3', undefined],
    ['main', undefined],
    ['', undefined],
  ])('%j is of the line %s', (branch, numbers) => expect(lineOf(branch)?.join('.')).toBe(numbers))

  it('is the trunk by its name alone', () => {
    expect(['main', 'master', 'trunk', 'develop', 'dev', 'Main'].map(isTrunk)).not.toContain(false)
    expect(['1.x', 'maintenance', 'feature/main', 'main2', ''].map(isTrunk)).not.toContain(true)
  })

  it('is read in bounded time whatever it is (property)', () => {
    const unit = fc.constantFrom('1', '.', '-', '_', '/', 'x', 'v', 'rel', 'release', 'stable')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 256 }), (branch) => {
        expect(lineOf(branch)?.every((it) => /^\d+$/.test(it))).not.toBe(false)
      }),
      { numRuns: runs(500) },
    )
  })
})
