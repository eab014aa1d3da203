/** What a process ends with, whatever mixture of verdicts it made (DESIGN rule 11). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exitCodeOf, exitCodeOfVerdicts } from '../../src/cli/exit-code.ts'
import type { Answer } from '../../src/cli/exit-code.ts'
import { errorCodes, kindOf } from '../../src/errors.ts'
import type { ErrorCode } from '../../src/errors.ts'

const pass: Answer = { outcome: 'pass' }
const fail: Answer = { outcome: 'fail' }
const undecided = (code: ErrorCode): Answer => ({ outcome: 'undecided', failure: { code } })
const missing = undecided('path-missing')
const unreadable = undecided('json-malformed')

it('is one of three for what failed', () => {
  expect((['no', 'usage', 'undecided'] as const).map(exitCodeOf)).toEqual([1, 2, 3])
})

describe('of verdicts it is', () => {
  it.each<[string, number, readonly Answer[]]>([
    ['1 where there is none', 1, []],
    ['0 where all pass', 0, [pass, pass]],
    ['1 where all fail', 1, [fail]],
    ['1 where one fails', 1, [pass, fail]],
    ['1 where one fails, whatever the others are', 1, [missing, unreadable, fail, pass]],
    ['2 where what was named is not there', 2, [missing]],
    ['2 where the rest passes', 2, [pass, missing, undecided('path-directory')]],
    ['3 where one could not be decided', 3, [unreadable]],
    ['3 where the rest passes', 3, [pass, unreadable]],
    ['3 where another one is not there', 3, [missing, unreadable]],
    ['3 where another one is not there, in any order', 3, [unreadable, pass, missing]],
  ])('%s', (_, exitCode, answers) => {
    expect(exitCodeOfVerdicts(answers)).toBe(exitCode)
  })

  it('0 for none but a list of passes, and never hides a no', () => {
    const answer = fc.oneof(
      fc.constantFrom(pass, fail),
      fc.constantFrom(...errorCodes.filter((it) => kindOf(it) !== 'no')).map(undecided),
    )
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 6 }), (answers) => {
        const exitCode = exitCodeOfVerdicts(answers)
        expect(exitCode === 0).toBe(answers.length > 0 && answers.every((it) => it.outcome === 'pass'))
        expect(exitCode === 1).toBe(answers.length === 0 || answers.some((it) => it.outcome === 'fail'))
      }),
    )
  })
})
