/** Rules that a policy writes itself: anything but `true` fails, whole numbers are whole, and no rule takes more work than it may. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CountersignError, attempt } from '../../src/errors.ts'
import { policyInputType } from '../../src/model/policy-input.ts'
import type { PolicyInput } from '../../src/model/policy-input.ts'
import { checkOwnRule, evaluateOwn } from '../../src/policy/cel/own-rules.ts'
import { codeOf, codeOfAsync } from '../world/failure.ts'
import { judgeBy, policyText, refusalsIn, releaseJob } from '../world/policy-release.ts'
import { useRelease } from '../world/release.ts'
import { isEach, runs } from '../world/runs.ts'

const release = useRelease()

function inputWith(ai: object = {}, statement: object = {}): PolicyInput {
  const provenance = { signer: { kind: 'key', fingerprint: 'x' }, times: [], logEntries: [], statement }
  const unlooked = {
    sessions: null,
    changes: null,
    total: null,
    attribution: null,
    readers: null,
    configuration: null,
    branch: null,
  }
  return {
    type: policyInputType,
    now: '2026-11-27T00:00:00.000Z',
    artifact: { name: 'app.tgz', digest: { sha256: 'a'.repeat(64) } },
    ...{ provenance, attestations: [provenance], companions: {} },
    ai: { ...unlooked, ...ai },
  } as unknown as PolicyInput
}

function answer(expr: string, input = inputWith()): string {
  const [row] = evaluateOwn([{ id: 'own', expr, message: 'is so' }], input)
  return row?.outcome === 'fail' ? row.code : (row?.outcome ?? 'nothing')
}

describe('a rule of the policy itself', () => {
  test.each([
    ['true', 'pass'],
    ['artifact.name == "app.tgz"', 'pass'],
    ['ai.sessions == null', 'pass'],
    ['timestamp(now) < timestamp("2027-01-01T00:00:00Z")', 'pass'],
    ['artifact.name.matches("^app[.]tgz$")', 'pass'],
    ['false', 'rule-refused'],
    ['artifact.name == "other"', 'rule-refused'],
  ])('%s: %s', (expr, outcome) => {
    expect(answer(expr)).toBe(outcome)
  })

  test.each([
    ['a member that is not there', 'artifact.nmae == "app.tgz"'],
    ['a variable that is not there', 'sessions.all(s, true)'],
    ['what nobody looked at', 'ai.sessions.all(s, s.level == "vouched")'],
    ['a text', '"true"'],
    ['a number', '1'],
    ['null', 'null'],
    ['a list', '[true]'],
    ['a type', 'bool'],
    ['a function that is none', 'yes()'],
    ['a member of every object of the host language', 'artifact.constructor != null'],
    ['its prototype', 'artifact.__proto__ != null'],
    ['numbers of two kinds', '1 == 1.0 && 1 + 1.0 == 2.0'],
    ['a division by nothing', '1 / 0 == 1'],
  ])('that gives %s fails', (_, expr) => {
    expect(answer(expr)).toBe('rule-failed')
  })

  test('has whole numbers as they were signed', () => {
    const input = inputWith({ sessions: [{ iterations: 4 }] }, { big: 9_007_199_254_740_993n })
    expect(answer('ai.sessions.all(s, s.iterations + 1 == 5)', input)).toBe('pass')
    expect(answer('provenance.statement.big == 9007199254740993', input)).toBe('pass')
    expect(answer('provenance.statement.big == 9007199254740992', input)).toBe('rule-refused')
  })

  test('takes no pattern that runs away', () => {
    const input = inputWith({ sessions: [{ tool: 'a'.repeat(5_000) }] })
    expect(answer('ai.sessions.all(s, s.tool.matches("^(a+)+$!"))', input)).toBe('rule-refused')
  })

  test.each([
    ['a walk in a walk', 'ai.sessions.all(a, ai.sessions.exists(b, a.id == b.id))', 5_000],
    ['a list that walks make', 'size(ai.sessions.map(a, a.id)) > 0', 10_000],
    ['a list that is joined', 'ai.sessions.all(a, (ai.sessions + ai.sessions).all(b, b.id != ""))', 2_000],
    ['three walks', '[1,2,3].all(a, ai.sessions.all(b, ai.sessions.all(c, true)))', 1_000],
  ])('is not evaluated where it costs too much: %s', (_, expr, count) => {
    const sessions = Array.from({ length: count }, (_none, index) => ({ id: String(index) }))
    expect(answer(expr, inputWith({ sessions }))).toBe('rule-too-costly')
    expect(answer(expr, inputWith({ sessions: sessions.slice(0, 10) }))).not.toBe('rule-too-costly')
  })

  test.runIf(isEach)('shares the work with the others', () => {
    const sessions = Array.from({ length: 500 }, (_, index) => ({ id: String(index) }))
    const rule = { id: 'own', expr: 'ai.sessions.all(a, ai.sessions.exists(b, a.id == b.id))', message: 'is so' }
    const codes = evaluateOwn(
      Array.from({ length: 9 }, () => rule),
      inputWith({ sessions }),
    ).map((it) => it.outcome)
    expect(codes[0]).toBe('pass')
    expect(codes.at(-1)).toBe('fail')
  })

  test.each(['', '(', 'a..b', '('.repeat(200) + ')'.repeat(200), '!'.repeat(200) + 'true', '-'.repeat(200) + '1', '"'])(
    'is refused where it is none: %j',
    (expr) => {
      expect(
        codeOf(() => {
          checkOwnRule({ id: 'own', expr, message: 'is so' })
        }),
      ).toBe('policy-malformed')
    },
  )

  test.each(['1' + '+1'.repeat(2_000) + ' == 2001', 'ai' + '.a'.repeat(2_000) + ' == 1'])(
    'is refused where it is a chain that would take all of the stack',
    (expr) => {
      expect(
        codeOf(() => {
          checkOwnRule({ id: 'own', expr, message: 'is so' })
        }),
      ).toBe('policy-malformed')
    },
  )

  test('whatever it is, says yes only by `true`, and throws nothing of its own', () => {
    const word = fc.constantFrom(
      'ai',
      '.sessions',
      'true',
      'false',
      '&&',
      '||',
      '!',
      '(',
      ')',
      '[',
      ']',
      '.all(s,',
      's.id',
      '==',
      '"x"',
      '1',
      '?',
      ':',
      'has(',
      'size(',
      '{',
      '}',
      ',',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: word }, fc.string()), { maxLength: 20 }), (words) => {
        const expr = words.join(' ')
        const rule = { id: 'own', expr, message: 'is so' }
        const read = attempt(() => {
          checkOwnRule(rule)
        })
        if (read instanceof CountersignError) expect(read.code).toBe('policy-malformed')
        else
          expect(['pass', 'rule-refused', 'rule-failed', 'rule-too-costly']).toContain(
            answer(expr, inputWith({ sessions: [{ id: 'x' }] })),
          )
      }),
      { numRuns: runs(500) },
    )
  })
})

describe('under a release', () => {
  const rule = (expr: string, more: object = {}) => ({ rules: [{ id: 'own', expr, message: 'is so', ...more }] })
  const at = async (sections: object) =>
    judgeBy(release(), [await release().genuine(releaseJob)], policyText(release(), sections))

  test('decides with the rest', async () => {
    expect((await at(rule('provenance.source.repository == "https://github.com/acme/widget"'))).outcome).toBe('pass')
    const refused = await at(
      rule('provenance.source.repository == "https://github.com/acme/other"', { hint: 'build it there' }),
    )
    expect([refused.outcome, refusalsIn(refused)]).toEqual(['fail', ['rules/own fail rule-refused']])
    expect(refused.policy?.checks.at(-1)).toMatchObject({ expected: 'is so', found: 'false', note: 'build it there' })
  })

  test('warns where it says so, and lets nothing pass by that', async () => {
    const warned = await at(rule('false', { severity: 'warn' }))
    expect([warned.outcome, warned.policy?.checks.at(-1)?.severity]).toEqual(['pass', 'warn'])
    const both = await at({
      rules: [...rule('false', { severity: 'warn' }).rules, { id: 'other', expr: 'false', message: 'x' }],
    })
    expect(both.outcome).toBe('fail')
  })

  test('is read before anything is verified', async () => {
    expect(await codeOfAsync(() => at(rule('provenance.')))).toBe('policy-malformed')
    expect(await codeOfAsync(() => at({ rules: [...rule('true').rules, ...rule('true').rules] }))).toBe(
      'policy-malformed',
    )
  })
})
