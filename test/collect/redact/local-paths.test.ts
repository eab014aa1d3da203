/** Paths of a machine in text: whatever way they are written, no name of a person and of no folder above that of the session is left. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newLocalPaths } from '../../../src/collect/redact/local-paths.ts'
import { atDesk, runs } from '../../world/runs.ts'

function plain(folder: string | undefined, text: string): string {
  const paths = newLocalPaths()
  if (folder !== undefined) paths.learn({ type: 'user', cwd: folder })
  expect(paths.mayHold(Buffer.from(text)) || paths.plain(text).count === 0).toBe(true)
  return paths.plain(text).text
}

const own = '/home/jane/work/secret-client'

describe('in the folder of the session', () => {
  it.each([
    [`${own}/src/a.ts`, 'src/a.ts'],
    [`cd ${own} && ls ${own}/`, 'cd . && ls ./'],
    [`"${own}"`, '"."'],
    [`${own}/.github/x and ${own}/*.ts`, '.github/x and ./*.ts'],
    [`file://${own}/a%20b.ts`, 'file://a%20b.ts'],
    ['%2Fhome%2Fjane%2Fwork%2Fsecret-client%2Fsrc%2Fa.ts', 'src%2Fa.ts'],
    ['%252Fhome%252Fjane%252Fwork%252Fsecret-client%252Fa', 'a'],
    [String.raw`{\"cwd\":\"\/home\/jane\/work\/secret-client\/a\"}`, String.raw`{\"cwd\":\"a\"}`],
    [`~/.claude/projects/-home-jane-work-secret-client/x.jsonl`, '~/.claude/projects/./x.jsonl'],
    [`/tmp/claude/-home-jane-work-secret-client-sub/out`, '/tmp/claude/.-sub/out'],
    // Beside it, and above it.
    [`${own}-2/x`, '../secret-client-2/x'],
    ['/home/jane/work/other/x', '../other/x'],
    ['/home/jane/work', '..'],
    ['/home/jane/.ssh/id', '~/.ssh/id'],
    ['HOME=/home/jane', 'HOME=~'],
  ])('%s', (text, expected) => {
    expect(plain(own, text)).toBe(expected)
  })

  it.each([
    [String.raw`C:\Users\Jane Doe\dev\client\src\a.ts`, String.raw`src\a.ts`],
    [JSON.stringify(String.raw`C:\Users\Jane Doe\dev\client\src\a.ts`), String.raw`"src\\a.ts"`],
    ['c:/users/jane doe/dev/client/x', 'x'],
    ['/c/Users/Jane Doe/dev/client/y', 'y'],
    ['/mnt/c/Users/Jane Doe/dev/client/y', 'y'],
    ['file:///c%3A/Users/Jane%20Doe/dev/client/a.ts', 'file://a.ts'],
    [String.raw`C:\Users\Jane Doe\AppData`, String.raw`~\AppData`],
  ])('of Windows: %s', (text, expected) => {
    expect(plain(String.raw`C:\Users\Jane Doe\dev\client`, text)).toBe(expected)
  })

  it('that lies in nobody’s home, or is one of many in a repository', () => {
    expect(plain('/app', 'WORKDIR /app, /app/x, /apple, src/app/x, https://x/app/y')).toBe(
      'WORKDIR ., x, /apple, src/app/x, https://x/app/y',
    )
    const inMono = (text: string): string => plain('/work/mono/packages/a', text)
    expect(inMono('/work/mono/packages/b/y.ts')).toBe('../b/y.ts')
    expect(inMono('/work/mono/x')).toBe('../../x')
    expect(plain('/home/jürgen/p', String.raw`"/home/j\u00fcrgen/p/a"`)).toBe('"a"')
    expect(plain('/home/jürgen/p', '/home/j%C3%BCrgen/p/a')).toBe('a')
  })

  it.each(['/', '/tmp', '/home', 'C:\\', '../x', 'src', '/a/../b', ''])('%j is none', (folder) => {
    expect(plain(folder, '/tmp/a /usr/bin/b')).toBe('/tmp/a /usr/bin/b')
  })

  it('is the one that a row of its own tells first, and never one of a call', () => {
    const paths = newLocalPaths()
    expect(paths.learn({ message: { content: [{ input: { cwd: '/etc/ssh/x' } }] } })).toBe(false)
    expect(paths.learn({ payload: { cwd: '/work/a/b' } })).toBe(true)
    expect(paths.learn({ cwd: '/work/c/d' })).toBe(false)
    expect(paths.folder).toBe('/work/a/b')
  })
})

describe('elsewhere', () => {
  it.each([
    ['/home/bob/x and /Users/bob/y', '~/x and ~/y'],
    ['at f (/home/bob/app/x.js:1:2)', 'at f (~/app/x.js:1:2)'],
    ['I work in /home/bob.', 'I work in ~.'],
    ['-I/home/bob/include -L/home/bob/lib', '-I~/include -L~/lib'],
    ['ssh://host/home/bob/x git@host:/home/bob/x.git', 'ssh://host~/x git@host:~/x.git'],
    [String.raw`{"a":"x\n/home/bob/y\t\\n/home/bob/z"}`, String.raw`{"a":"x\n~/y\t\\n~/z"}`],
    ['/var/home/bob/x /mnt/c/Users/bob/y /export/home/bob', '~/x ~/y ~'],
    ['\u001b[32m/home/bob/x', '\u001b[32m~/x'],
    [String.raw`C:\Users\bob\x and C:\\Users\\bob\\x`, String.raw`~\x and ~\\x`],
    [String.raw`C:\Users\Bob Fox\x`, String.raw`~\x`],
    [String.raw`C:\Users\BOBFOX~1\x`, String.raw`~\x`],
    ['~/.claude/projects/-home-bob-work/x', '~/.claude/projects/~/x'],
  ])('%s', (text, expected) => {
    expect(plain(undefined, text)).toBe(expected)
  })

  it.each([
    'src/pages/home/index.tsx https://x.com/home/y @/home/index.ts ./home/x ~/home/x',
    '/users/123 /home/${USER}/x /home/<name>/x /home/$NAME /home',
    String.raw`cd /home\nls`,
    'homeless -home-page btn-home-icon --home-color',
  ])('leaves what names nobody: %s', (text) => {
    expect(plain(undefined, text)).toBe(text)
  })
})

describe('whatever stands around them', () => {
  const piece = fc.constantFrom(
    ...[
      own,
      '/home/bob',
      'C:\\Users\\jane',
      '/Users/jane',
      '\\',
      '"',
      '\n',
      '/',
      ' ',
      'a',
      'é',
      '%2F',
      ':',
      '-',
      '.',
      'home',
      own.slice(1),
    ],
  )
  const text = fc.array(piece, { maxLength: 12 }).map((it) => it.join(''))

  it('JSON is JSON again, however often one lies in another', () => {
    fc.assert(
      fc.property(text, fc.nat(3), (told, times) => {
        let source = JSON.stringify({ x: [told], cwd: own })
        for (let at = 0; at < times; at += 1) source = JSON.stringify({ x: source })
        let now: unknown = JSON.parse(plain(own, source))
        for (let at = 0; at < times; at += 1) now = JSON.parse((now as { x: string }).x)
        expect(Object.keys(now as object)).toEqual(['x', 'cwd'])
      }),
      { numRuns: runs(2_000) },
    )
  })

  it('nothing is found in what came of it', () => {
    fc.assert(
      fc.property(text, (told) => {
        const once = plain(own, ` ${told} `)
        expect(plain(own, once)).toBe(once)
      }),
    )
  })

  it('a long text takes no time of its own', () => {
    const paths = newLocalPaths()
    paths.learn({ cwd: own })
    for (const it of ['/home/', '/home/a', `${own}-`, '\\', '/', 'C:\\Users\\a b ', '-home-']) {
      paths.plain(it.repeat(atDesk(10_000, 100_000)))
    }
  })
})
