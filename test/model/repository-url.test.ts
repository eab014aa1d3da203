/** One form for the many spellings of a repository, at a cost that is linear: whoever signs a statement writes them. */
import { describe, expect, it } from 'vitest'
import { canonicalRepository, hostOf } from '../../src/model/repository-url.ts'
import { growth, nearlyLinear } from '../world/cpu-time.ts'

describe('the address of a repository', () => {
  it.each([
    ['git+https://github.com/acme/widget@refs/heads/main', 'github.com/acme/widget'],
    ['git@github.com:Acme/Widget.git', 'github.com/acme/widget'],
    ['https://gitlab.com/group/sub/widget/', 'gitlab.com/group/sub/widget'],
    ['https://git.example/Acme/Widget.git', 'git.example/Acme/Widget'],
    ['pkg:bitbucket/acme/widget@v1', 'bitbucket.org/acme/widget'],
    ['https://github.com/acme/widget-evil', 'github.com/acme/widget-evil'],
    ['https://github.com.evil.example/acme/widget', 'github.com.evil.example/acme/widget'],
    ['a file', undefined],
    ['', undefined],
  ])('%j is %s', (written, form) => {
    expect(canonicalRepository(written)).toBe(form)
    expect(hostOf(written)).toBe(form?.split('/')[0])
  })

  it.each([' ', '\u200b', '/', '@', '.', ':', 'a@', '%2f', '\\'])('costs no more for each of many %j', (part) => {
    const work = (size: number) => {
      const text = `https://x${part.repeat(size / part.length)}x`
      return () => canonicalRepository(text)
    }
    expect(growth(work, 4_000)).toBeLessThan(nearlyLinear)
  })
})
