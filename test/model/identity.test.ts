import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  certifiedBuild,
  compilePattern,
  extensionConflicts,
  splitIdentity,
  splitPattern,
} from '../../src/model/identity.ts'
import { leastCpu } from '../world/cpu-time.ts'
import { codeOf } from '../world/failure.ts'
import { runs } from '../world/runs.ts'

const signer = 'https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main'
const matches = (pattern: string, value: string): boolean => compilePattern(pattern, 'the pattern').matches(value)

describe('a pattern', () => {
  it('is exact unless a wildcard is written', () => {
    expect(matches(signer, signer)).toBe(true)
    for (const other of [
      signer.slice(0, -1),
      `${signer}2`,
      signer.toUpperCase(),
      `https://evil.example/${signer}`,
      signer.replace('github.com', 'githubXcom'),
      signer.replace('release.yml', 'release.yml.evil.yml'),
      `${signer}\n`,
      '',
    ]) {
      expect(matches(signer, other), other).toBe(false)
    }
  })

  it('takes no regular expression', () => {
    expect(matches('.+', signer)).toBe(false)
    expect(matches('^https://.+$', signer)).toBe(false)
    expect(matches('https://github.com/(acme|evil)', 'https://github.com/acme')).toBe(false)
  })

  it('lets * stand for one path segment at most', () => {
    const pattern = 'https://github.com/acme/*/.github/workflows/release.yml@refs/tags/*'
    expect(matches(pattern, 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1')).toBe(true)
    expect(matches(pattern, 'https://github.com/acme/a/b/.github/workflows/release.yml@refs/tags/v1')).toBe(false)
    expect(matches(pattern, 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/a/b')).toBe(false)
    expect(matches('https://github.com/acme/*', 'https://github.com/acme/')).toBe(true)
  })

  it('does not let a branch name pose as a ref: * never crosses @', () => {
    const pattern = 'https://github.com/acme/widget/.github/workflows/*@refs/heads/main'
    const attack = 'https://github.com/acme/widget/.github/workflows/other.yml@refs/heads/x@refs/heads/main'
    expect(matches(pattern, attack)).toBe(false)
    expect(matches(pattern, signer)).toBe(true)
  })

  it('holds the name of a file whole, whatever stands for its ref', () => {
    const file = 'https://github.com/acme/widget/.github/workflows/release.yml'
    const commit = 'c0ffee'.repeat(6) + 'c0de'
    for (const ref of ['**', 'refs/**', 'refs/heads/*', 'refs/heads/main']) {
      expect(matches(`${file}@${ref}`, signer), ref).toBe(true)
      for (const other of [
        `${file}@x.yml@refs/heads/main`,
        `${file}@${commit}@refs/heads/main`,
        `${file}@x.yml@${commit}`,
        `${file}@x.yml`,
        `${file}@`,
        file,
        `${file}x@refs/heads/main`,
      ]) {
        expect(matches(`${file}@${ref}`, other), `${ref} ${other}`).toBe(false)
      }
    }
    for (const pinned of [commit, commit.repeat(2).slice(0, 64)]) {
      for (const ref of ['**', '*', pinned]) expect(matches(`${file}@${ref}`, `${file}@${pinned}`), ref).toBe(true)
      for (const ref of ['refs/**', pinned.slice(0, -1), `${pinned}0`]) {
        expect(matches(`${file}@${ref}`, `${file}@${pinned}`), ref).toBe(false)
      }
    }
    expect(matches(`${file}@**`, `${file}@refs/heads/x@refs/heads/main`)).toBe(true)
    expect(matches(`${file}@refs/heads/*`, `${file}@refs/heads/x@refs/heads/main`)).toBe(false)
    expect(matches('*@acme.example', 'release@acme.example')).toBe(true)
    expect(matches('*@acme.example', 'release@evil@acme.example')).toBe(false)
  })

  it('takes an identity apart where its ref begins, and loses nothing of it', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', '/', '@', '.', 'refs/', '@refs/', 'c0ffee'.repeat(7).slice(0, 40)),
          maxLength: 8,
        }),
        (identity) => {
          const { file, ref } = splitIdentity(identity)
          expect(ref === undefined ? file : `${file}@${ref}`).toBe(identity)
          expect(file).not.toContain('@refs/')
          if (ref !== undefined) expect(ref).toMatch(/^refs\/|^[0-9a-f]{40}$|^[0-9a-f]{64}$/)
        },
      ),
      { numRuns: runs(1_000) },
    )
  })

  it('lets a closing ** stand for the rest', () => {
    expect(matches('https://github.com/**', signer)).toBe(true)
    expect(matches('https://github.com/acme/**', 'https://github.com/acme-evil/widget')).toBe(false)
    expect(matches('https://github.com/*/widget/**', signer)).toBe(true)
    expect(matches('https://github.com/**', 'https://github.com.evil.example/acme')).toBe(false)
  })

  it('is refused where it would say nothing or is not understood', () => {
    for (const text of ['', '*', '**', '***', 'https://**/acme', 'a'.repeat(3_000)]) {
      expect(
        codeOf(() => compilePattern(text, 'x')),
        text,
      ).toBe('pattern-invalid')
    }
  })

  it('costs at most pattern times value, also where backtracking would explode', () => {
    const cost = (stars: number, length: number): number => {
      const pattern = compilePattern(`${'a*'.repeat(stars)}b`, 'x')
      return leastCpu(() => expect(pattern.matches('a'.repeat(length))).toBe(false))
    }
    cost(50, 1_000) // compiled once
    // Four times as much each, and as much again for what else goes on; sixteen times would be square.
    const whole = cost(50, 1_000)
    expect(whole).toBeLessThan(8 * cost(50, 250))
    expect(cost(200, 1_000)).toBeLessThan(8 * whole)
  })

  it('agrees with an anchored regular expression on whatever is asked', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', '/', '@', '.'), maxLength: 6 })
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        piece,
        piece,
        (parts, open, head, tail) => {
          const text = `x${parts.join('*')}${open ? '**' : ''}`.replace(/\*{2,}(?!$)/g, '*')
          const body = open ? text.slice(0, -2) : text
          if (body.includes('**') || splitPattern(text).ref !== undefined) return
          const escaped = body
            .split('*')
            .map((it) => it.replace(/[.]/g, '\\.'))
            .join('[^/@]*')
          const expected = new RegExp(`^${escaped}${open ? '[^]*' : ''}$`)
          for (const value of [body, `x${parts.join(head)}${tail}`, `x${head}${tail}`]) {
            expect(matches(text, value), `${text} on ${value}`).toBe(expected.test(value))
          }
        },
      ),
      { numRuns: runs(3_000) },
    )
  })
})

describe('the build that a certificate certifies', () => {
  it('is read from the deprecated extensions where the new ones are absent', () => {
    const old = {
      issuerV1: 'https://token.actions.githubusercontent.com',
      githubRepository: 'acme/widget',
      githubRef: 'refs/tags/v1',
      githubSha: 'c0ffee',
      githubTrigger: 'push',
    }
    expect(certifiedBuild(old)).toEqual({
      issuer: 'https://token.actions.githubusercontent.com',
      source: 'https://github.com/acme/widget',
      ref: 'refs/tags/v1',
      commit: 'c0ffee',
      trigger: 'push',
    })
  })

  it('has no GitHub source under another issuer', () => {
    expect(certifiedBuild({ issuerV1: 'https://evil.example', githubRepository: 'acme/widget' }).source).toBeUndefined()
  })

  it('conflicts where an old extension says something else than the new one', () => {
    const conflicts = extensionConflicts({ githubRef: 'refs/heads/main', sourceRepositoryRef: 'refs/heads/evil' })
    expect(conflicts.map((it) => it.name)).toEqual(['githubRef'])
    const same = { githubRepository: 'acme/widget', sourceRepositoryUri: 'https://github.com/acme/widget' }
    expect(extensionConflicts(same)).toEqual([])
  })
})
