import { describe, expect, it } from 'vitest'
import { CountersignError, asFailure, errorCodes, exitCodeOf, oneLine, reasonOf } from '../src/errors.ts'

describe('errors', () => {
  it('give every code one of the exit codes 1, 2 and 3', () => {
    expect(errorCodes.map(exitCodeOf).filter((exit) => ![1, 2, 3].includes(exit))).toEqual([])
  })

  it('never hold a token, whatever a library puts into its message', () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvOmFjbWUvd2lkZ2V0In0.c2lnbmF0dXJl'
    const failure = asFailure(new Error(`invalid token: ${token}`), 'token-malformed', 'the token')
    expect(failure.message).not.toContain('eyJ')
    expect(failure.message).toContain('[token removed]')
    expect(oneLine(`error parsing ${token.split('.').slice(0, 2).join('.')}`)).not.toContain('eyJ')
  })

  it('leave names with dots as they are', () => {
    expect(oneLine('dist/countersign-1.20.300-linux-x64.tar.gz')).toBe('dist/countersign-1.20.300-linux-x64.tar.gz')
  })

  it('are one line without control characters, so that no input can steer a terminal', () => {
    const text = oneLine('a\r\nb\u001b[31mred\u202egnp.exe\u2028c')
    expect(text).toBe('a b [31mred gnp.exe c')
  })

  it('are bounded', () => {
    expect(oneLine('x'.repeat(1_000_000)).length).toBeLessThan(2_100)
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
