/** Where a token may go. */
import { describe, expect, test } from 'vitest'
import { forgeAddress } from '../../../src/collect/forge/api-address.ts'
import { codeOf } from '../../world/failure.ts'

function asked(remote: string | undefined, api?: string): readonly [string, string, string | undefined] {
  const { row, api: found, repository } = forgeAddress(remote, api)
  return [row.id, found, row.requests?.path(repository, 'C')]
}

describe('the API of a forge', () => {
  test.each([
    ['https://github.com/acme/widget', undefined, 'https://api.github.com', '/repos/acme/widget/commits/C/pulls'],
    ['https://octo.ghe.com/acme/widget', undefined, 'https://api.octo.ghe.com', '/repos/acme/widget/commits/C/pulls'],
    [
      'ssh://git@git.example:2222/a/b',
      'https://git.example/api/v3/',
      'https://git.example/api/v3',
      '/repos/a/b/commits/C/pulls',
    ],
    ['https://github.com/a/b', 'https://api.github.com', 'https://api.github.com', '/repos/a/b/commits/C/pulls'],
  ])('of %s (%j), which is GitHub’s', (remote, api, found, path) => {
    expect(asked(remote, api)).toEqual(['github', found, path])
  })

  const list = 'repository/commits/C/merge_requests'
  test.each([
    ['https://gitlab.com/g/sub/p', undefined, 'https://gitlab.com/api/v4', `/projects/g%2Fsub%2Fp/${list}`],
    [
      'https://git.example/g/p',
      'http://127.0.0.1:8080/api/v4',
      'http://127.0.0.1:8080/api/v4',
      `/projects/g%2Fp/${list}`,
    ],
    [
      'https://x.example/lab/g/p',
      'https://x.example/lab/api/v4',
      'https://x.example/lab/api/v4',
      `/projects/g%2Fp/${list}`,
    ],
    [
      'ssh://git@x.example/g/p',
      'https://x.example/lab/api/v4',
      'https://x.example/lab/api/v4',
      `/projects/g%2Fp/${list}`,
    ],
  ])('of %s (%j), which is GitLab’s', (remote, api, found, path) => {
    expect(asked(remote, api)).toEqual(['gitlab', found, path])
  })

  test.each([
    ['https://bitbucket.org/acme/widget', undefined, 'https://api.bitbucket.org/2.0'],
    ['git@bitbucket.org:acme/widget.git', 'https://api.bitbucket.org/2.0/', 'https://api.bitbucket.org/2.0'],
    ['https://git.example/acme/widget', 'http://127.0.0.1:8080/2.0', 'http://127.0.0.1:8080/2.0'],
  ])('of %s (%j), which is Bitbucket’s', (remote, api, found) => {
    expect(asked(remote, api)).toEqual(['bitbucket', found, undefined])
  })

  test.each([
    ['https://git.example/acme/widget', undefined],
    ['https://github.com.evil.example/acme/widget', undefined],
    ['https://a.b.ghe.com/acme/widget', undefined],
    [undefined, undefined],
  ])('of %s is not guessed: the clone does not say where a token goes', (remote, api) => {
    expect(codeOf(() => asked(remote, api))).toBe('usage')
  })

  test.each([
    'http://git.example/api/v3',
    'https://user:secret@git.example/api/v3',
    'https://git.example/api/v3?x=1',
    'https://git.example/api/v3#x',
    'https://git.example',
    'https://git.example/api/v5',
    'https://git.example/2.0',
    'https://api.bitbucket.org/1.0',
    'https://api.github.com.evil.example',
    'file:///api/v4',
    'not an address',
    `https://git.example/${'a'.repeat(3_000)}/api/v4`,
  ])('cannot be %s', (api) => {
    expect(codeOf(() => asked('https://git.example/acme/widget', api))).toBe('usage')
  })

  test.each([
    ['https://git.example/a/b/c', 'https://git.example/api/v3'],
    ['https://git.example/a', 'https://git.example/api/v4'],
    [undefined, 'https://git.example/api/v4'],
  ])('has no repository %s (%s)', (remote, api) => {
    expect(codeOf(() => asked(remote, api))).toBe('usage')
  })
})
