import { describe, expect, it } from 'vitest'
import {
  CountersignError,
  asFailure,
  attempt,
  attemptAsync,
  errorCodes,
  hintOf,
  kindOf,
  option,
  optionNames,
  reasonOf,
} from '../src/errors.ts'

describe('errors', () => {
  it('give every code one of three kinds, which is that of each error with it', () => {
    const kinds = errorCodes.map(kindOf)
    expect([...new Set(kinds)].sort()).toEqual(['no', 'undecided', 'usage'])
    expect(errorCodes.map((code) => new CountersignError(code, 'x').kind)).toEqual(kinds)
    expect(new Set(errorCodes).size).toBe(errorCodes.length)
  })

  it('are of the kind that their answer has', () => {
    const codes = ['signer-mismatch', 'attestation-none', 'attestations-contradict', 'verification-failed'] as const
    expect(codes.map(kindOf)).toEqual(codes.map(() => 'no'))
    const mistakes = ['usage', 'question-incomplete', 'path-missing', 'statement-too-large'] as const
    expect(mistakes.map(kindOf)).toEqual(mistakes.map(() => 'usage'))
    const gaps = ['bundle-malformed', 'trust-unavailable', 'service-unavailable', 'internal'] as const
    expect(gaps.map(kindOf)).toEqual(gaps.map(() => 'undecided'))
  })

  it('name options in backticks, and no flag: a dashboard and an editor have their own words', () => {
    const hints = errorCodes.flatMap((code) => hintOf(code) ?? [])
    const named = hints.flatMap((hint) => [...hint.matchAll(/\(`([^`]+)`/g)].map(([, name]) => name))
    expect(named.filter((name) => !optionNames.some((it) => it === name))).toEqual([])
    expect(hints.filter((hint) => /(^|\s)--?[a-z]/.test(hint))).toEqual([])
    expect(option('sourceId')).toBe('`sourceId`')
  })

  it('carry the option, what was expected and what was found, a line each', () => {
    const detail = { option: 'signer', expected: 'a\nb', found: 'c\u001b[31m', hint: 'do\r\nthis' } as const
    expect(new CountersignError('signer-mismatch', 'x\ny', detail)).toMatchObject({
      message: 'x y',
      option: 'signer',
      expected: 'a b',
      found: 'c [31m',
      hint: 'do this',
    })
    expect(new CountersignError('bundle-malformed', 'x')).toMatchObject({ option: undefined, hint: undefined })
    expect(new CountersignError('pattern-invalid', 'x').hint).toBe(hintOf('pattern-invalid'))
  })

  it('of our own can be taken for a value, and a defect goes through', async () => {
    const ours = new CountersignError('ref-mismatch', 'other ref')
    const fail = (thrown: Error) => (): never => {
      throw thrown
    }
    expect(attempt(() => 1)).toBe(1)
    expect(attempt(fail(ours))).toBe(ours)
    expect(() => attempt(fail(new TypeError('a defect')))).toThrow(TypeError)
    expect(await attemptAsync(() => Promise.resolve(1))).toBe(1)
    expect(await attemptAsync(() => Promise.reject(ours))).toBe(ours)
    await expect(attemptAsync(() => Promise.reject(new TypeError('a defect')))).rejects.toThrow(TypeError)
  })

  it('never hold a token, whatever a library puts into its message', () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvOmFjbWUvd2lkZ2V0In0.c2lnbmF0dXJl'
    const failure = asFailure(new Error(`invalid token: ${token}`), 'token-malformed', 'the token')
    expect(failure.message).not.toContain('eyJ')
    expect(failure.message).toContain('[token removed]')
    const part = new CountersignError('token-malformed', `error parsing ${token.split('.').slice(0, 2).join('.')}`)
    expect(part.message).not.toContain('eyJ')
  })

  it('tell the reason of a chain of causes once each', () => {
    const inner = new Error('connection refused')
    expect(reasonOf(new Error('fetch failed', { cause: new Error('connection refused', { cause: inner }) }))).toBe(
      'fetch failed: connection refused',
    )
    expect(reasonOf(undefined)).toBe('unknown error')
  })

  it('keep the code of a failure that is ours already', () => {
    const ours = new CountersignError('ref-mismatch', 'other ref')
    expect(asFailure(ours, 'internal', 'x')).toBe(ours)
  })
})
