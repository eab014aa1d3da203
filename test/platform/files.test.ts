/** Files that somebody names: what is no regular file is not waited for, and what is written is whole or not there. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { link as hardLink, rename } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { CountersignError } from '../../src/errors.ts'
import {
  isFile,
  isFolder,
  readFileIfThere,
  readRegularFile,
  namedFile,
  systemCode,
  writeWholeFile,
} from '../../src/platform/files.ts'
import { codeOfAsync } from '../world/failure.ts'
import { steppedClock } from '../world/stepped-clock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const at = (...names: readonly string[]): string => join(folder, ...names)

function file(content: string | Buffer, name = 'file'): string {
  writeFileSync(at(name), content)
  return at(name)
}

function link(target: string, name = 'link'): string {
  symlinkSync(target, at(name))
  return at(name)
}

describe('a file that is read', () => {
  const read = (path: string, maxBytes = 1_000): Promise<Buffer> => readRegularFile(path, maxBytes, 'the file')

  test('is read whole, up to its bound and not a byte more', async () => {
    const content = Buffer.alloc(200_000, 'ab')
    expect(await read(file(content), 200_000)).toEqual(content)
    expect(await codeOfAsync(() => read(at('file'), 199_999))).toBe('input-too-large')
    expect(await read(file('', 'empty'), 0)).toEqual(Buffer.alloc(0))
  })

  test('may say that it has no bytes, as those of /proc do, and is bounded all the same', async () => {
    expect(statSync('/proc/self/status').size).toBe(0)
    expect((await read('/proc/self/status', 1_000_000)).toString()).toContain('Pid:')
    expect(await codeOfAsync(() => read('/proc/self/status', 10))).toBe('input-too-large')
  })

  const others: readonly (readonly [string, () => string, string])[] = [
    ['is not there', () => at('none'), 'path-missing'],
    ['is below a file', () => join(file('x'), 'below'), 'path-missing'],
    ['is a folder', () => folder, 'path-directory'],
    ['is a pipe that nobody writes into', pipe, 'path-not-regular'],
    ['is a socket', socket, 'path-not-regular'],
    ['is a device without end', () => '/dev/zero', 'path-not-regular'],
    ['is a device without anything', () => '/dev/null', 'path-not-regular'],
    ['is a link to a pipe', () => link(pipe()), 'path-not-regular'],
    ['is a link to nothing', () => link(at('none')), 'path-missing'],
    ['is a circle of links', () => link(at('link')), 'input-unreadable'],
    ['has a name that none can have', () => 'a\0b', 'input-unreadable'],
    ['has a name that is too long', () => at('x'.repeat(300)), 'input-unreadable'],
  ]
  test.each(others)('is refused, and not waited for, where it %s', async (_, make, code) => {
    expect(await codeOfAsync(() => read(make()))).toBe(code)
  })

  test('may be a link, unless that is refused', async () => {
    const path = link(file('x'))
    expect((await read(path)).toString()).toBe('x')
    expect(await codeOfAsync(() => readRegularFile(path, 10, 'the file', 'refuse'))).toBe('input-unreadable')
    expect((await readRegularFile(at('file'), 10, 'the file', 'refuse')).toString()).toBe('x')
  })

  test.skipIf(process.getuid?.() === 0)('is refused where it may not be read', async () => {
    chmodSync(file('x'), 0o000)
    expect(await codeOfAsync(() => read(at('file')))).toBe('input-unreadable')
  })

  test('is named by what it is for: its path may be a secret in the wrong place', async () => {
    const below = join(file('x'), 'secret')
    for (const path of [at('secret'), below, 'secret\0', at('secret'.repeat(60))]) {
      const thrown: unknown = await read(path).catch((it: unknown) => it)
      expect(thrown).toMatchObject({ message: expect.stringMatching(/^the file /) as string })
      expect(inspect(thrown, { depth: Infinity, showHidden: true })).not.toContain('secret')
    }
  })
})

describe('a file that may not be there', () => {
  const read = (path: string): Promise<Buffer | undefined> => readFileIfThere(path, 10, 'the file')

  test('is undefined then, also where its folders are missing', async () => {
    expect(await read(at('none'))).toBeUndefined()
    expect(await read(at('none', 'below'))).toBeUndefined()
    expect((await read(file('x')))?.toString()).toBe('x')
  })

  test('is not missing because it cannot be read', async () => {
    expect(await codeOfAsync(() => read(join(file('x'), 'below')))).toBe('input-unreadable')
    expect(await codeOfAsync(() => read(join(file('x'), 'far', 'below')))).toBe('input-unreadable')
    expect(await codeOfAsync(() => read(folder))).toBe('path-directory')
    expect(await codeOfAsync(() => read(pipe()))).toBe('path-not-regular')
    expect(await codeOfAsync(() => read(link(at('link'))))).toBe('input-unreadable')
    expect(await codeOfAsync(() => read(file('x'.repeat(11))))).toBe('input-too-large')
  })
})

describe('a file that is written', () => {
  const replace = { present: 'replace' } as const
  const refuse = { present: 'refuse' } as const
  const text = (name = 'file'): string => readFileSync(at(name), 'utf8')

  test('has its content, text or bytes, and nothing lies beside it', async () => {
    await writeWholeFile(at('text'), 'äöü', refuse)
    await writeWholeFile(at('bytes'), Buffer.of(0, 255), refuse)
    expect(text('text')).toBe('äöü')
    expect(readFileSync(at('bytes'))).toEqual(Buffer.of(0, 255))
    expect(readdirSync(folder).sort()).toEqual(['bytes', 'text'])
  })

  test('replaces what was there, longer or shorter, or refuses to', async () => {
    file('before, and longer')
    expect(await codeOfAsync(() => writeWholeFile(at('file'), 'after', refuse))).toBe('output-exists')
    expect(text()).toBe('before, and longer')
    await writeWholeFile(at('file'), 'after', replace)
    expect(text()).toBe('after')
    expect(readdirSync(folder)).toEqual(['file'])
  })

  test.each(['a folder', 'a link to nothing', 'a pipe'])('takes %s for something that is there', async (what) => {
    if (what === 'a folder') mkdirSync(at('there'))
    else if (what === 'a pipe') pipe('there')
    else link(at('none'), 'there')
    expect(await codeOfAsync(() => writeWholeFile(at('there'), 'x', refuse))).toBe('output-exists')
    expect(readdirSync(folder)).toEqual(['there'])
    expect(existsSync(at('none'))).toBe(false)
  })

  test('of a link replaces the link, and not what it leads to', async () => {
    link(file('elsewhere', 'target'))
    await writeWholeFile(at('link'), 'x', replace)
    expect([text('link'), text('target')]).toEqual(['x', 'elsewhere'])
  })

  test('of twenty at one moment is one, and the others are refused', async () => {
    const contents = Array.from({ length: 20 }, (_, index) => `${index} `.repeat(10_000))
    const results = await Promise.allSettled(contents.map((it) => writeWholeFile(at('file'), it, refuse)))
    const won = results.flatMap((it, index) => (it.status === 'fulfilled' ? [contents[index]] : []))
    expect(won).toEqual([text()])
    const codes = results.flatMap((it) => (it.status === 'rejected' ? [(it.reason as CountersignError).code] : []))
    expect(codes).toEqual(Array.from({ length: 19 }, () => 'output-exists'))
    expect(readdirSync(folder)).toEqual(['file'])
  })

  test('of twenty that replace each other is one of them, whole', async () => {
    const contents = Array.from({ length: 20 }, (_, index) => `${index} `.repeat(10_000))
    await Promise.all(contents.map((it) => writeWholeFile(at('file'), it, replace)))
    expect(contents).toContain(text())
    expect(readdirSync(folder)).toEqual(['file'])
  })

  test('is as it was where something is known at the last moment that is against it', async () => {
    file('before')
    const ready = (): never => {
      throw new CountersignError('output-busy', 'taken over')
    }
    for (const name of ['file', 'new']) {
      expect(await codeOfAsync(() => writeWholeFile(at(name), 'after', { ...replace, ready }))).toBe('output-busy')
    }
    expect([text(), readdirSync(folder)]).toEqual(['before', ['file']])
  })

  const failing = (code: string) => (): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }))
  const system = { platform: 'linux', link: failing('EPERM'), rename, clock: steppedClock() } as const

  test('is refused as well where there are no hard links, and of twenty at one moment there is one', async () => {
    file('before')
    expect(await codeOfAsync(() => writeWholeFile(at('file'), 'x', { ...refuse, system }))).toBe('output-exists')
    expect(text()).toBe('before')
    const contents = Array.from({ length: 20 }, (_, index) => `${index} `.repeat(1_000))
    const results = await Promise.allSettled(contents.map((it) => writeWholeFile(at('new'), it, { ...refuse, system })))
    expect(results.flatMap((it, index) => (it.status === 'fulfilled' ? [contents[index]] : []))).toEqual([text('new')])
    expect(readdirSync(folder).sort()).toEqual(['file', 'new'])
    const full = { ...system, link: failing('ENOSPC') }
    expect(await codeOfAsync(() => writeWholeFile(at('other'), 'x', { ...refuse, system: full }))).toBe('output-failed')
  })

  test('waits on Windows for who has the old one open, for a while', async () => {
    file('before')
    const on = (platform: 'win32' | 'linux', times: number): [typeof system.clock, Promise<void>] => {
      const clock = steppedClock()
      let left = times
      const slow = (from: string, to: string): Promise<void> => (left-- > 0 ? failing('EPERM')() : rename(from, to))
      return [
        clock,
        writeWholeFile(at('file'), 'after', { ...replace, system: { platform, link: hardLink, rename: slow, clock } }),
      ]
    }
    expect(await codeOfAsync(() => on('linux', 1)[1])).toBe('output-failed')
    const [patient, never] = on('win32', 1_000)
    expect(await codeOfAsync(() => never)).toBe('output-failed')
    expect([patient.elapsed(), text()]).toEqual([39 * 50, 'before'])
    const [clock, written] = on('win32', 3)
    await written
    expect([clock.elapsed(), text()]).toEqual([150, 'after'])
    expect(readdirSync(folder)).toEqual(['file'])
  })

  test('that fails in the middle leaves what was there, and no part of itself', () => {
    file('before')
    // A limit on the size of files stands for a full disk: the write itself fails, after some of it.
    const script = `const { writeWholeFile } = await import(${JSON.stringify(new URL('../../src/platform/files.ts', import.meta.url).href)})
      for (const present of ['replace', 'refuse']) {
        const path = process.argv[1] + (present === 'replace' ? '/file' : '/new')
        await writeWholeFile(path, 'x'.repeat(100_000), { present }).catch((it) => console.log(it.code, it.message))
      }`
    const shell = `trap '' XFSZ; ulimit -f 8; exec "$0" --no-warnings --input-type=module -e "$1" "$2"`
    const written = execFileSync('sh', ['-c', shell, process.execPath, script, folder], { encoding: 'utf8' })
    expect(written).toBe(
      `output-failed cannot write ${at('file')} (EFBIG)\noutput-failed cannot write ${at('new')} (EFBIG)\n`,
    )
    expect(text()).toBe('before')
    expect(readdirSync(folder)).toEqual(['file'])
  })

  test.each<[string, () => string]>([
    ['has no folder', () => at('none', 'file')],
    ['is below a file', () => join(file('x'), 'below')],
    ['has a folder in its place', () => (mkdirSync(at('folder')), at('folder'))],
    ['has a name that none can have', () => 'a\0b'],
  ])('is an output failure where it %s', async (_, make) => {
    const path = make()
    const before = readdirSync(folder)
    expect(await codeOfAsync(() => writeWholeFile(path, 'x', replace))).toBe('output-failed')
    expect(readdirSync(folder)).toEqual(before)
  })

  test('makes its folders if that is asked for, for their owner alone', async () => {
    mkdirSync(at('open'), { mode: 0o755 })
    await writeWholeFile(at('open', 'a', 'b', 'file'), 'x', { ...refuse, folders: 'make' })
    expect(['open', 'open/a', 'open/a/b'].map((it) => statSync(at(it)).mode & 0o777)).toEqual([0o755, 0o700, 0o700])
    const blocked = join(file('x'), 'below')
    for (const present of ['refuse', 'replace'] as const) {
      const write = (): Promise<void> => writeWholeFile(join(blocked, 'file'), 'x', { present, folders: 'make' })
      expect(await codeOfAsync(write)).toBe('output-failed')
      const beside = (): Promise<void> => writeWholeFile(blocked, 'x', { present, folders: 'make' })
      expect(await codeOfAsync(beside)).toBe('output-failed')
    }
  })

  test('is readable by all, or as was asked, whatever it replaces', async () => {
    const mode = (name: string): number => statSync(at(name)).mode & 0o777
    await writeWholeFile(at('public'), 'x', refuse)
    expect(mode('public') & 0o600).toBe(0o600)
    expect(mode('public') & 0o133).toBe(0) // the rest is up to the person's umask
    await writeWholeFile(at('private'), 'x', { ...refuse, mode: 0o600 })
    expect(mode('private')).toBe(0o600)
    chmodSync(file('x'), 0o666)
    await writeWholeFile(at('file'), 'x', { ...replace, mode: 0o600 })
    expect(mode('file')).toBe(0o600)
  })
})

test('a file is a file, a folder a folder, and what is not there is neither', async () => {
  const paths = [file('x'), link(at('file')), folder, pipe(), at('none'), join(at('file'), 'below')]
  expect(await Promise.all(paths.map(isFile))).toEqual([true, true, false, false, false, false])
  expect(await Promise.all(paths.map(isFolder))).toEqual([false, false, true, false, false, false])
})

test.each<[unknown, string]>([
  [Object.assign(new Error('/secret'), { code: 'ENOENT' }), 'ENOENT'],
  [Object.assign(new Error('x'), { code: 'ERR_INVALID_ARG_VALUE' }), 'ERR_INVALID_ARG_VALUE'],
  [Object.assign(new Error('x'), { code: 'secret' }), 'unknown reason'],
  [Object.assign(new Error('x'), { code: 'A B' }), 'unknown reason'],
  [Object.assign(new Error('x'), { code: 7 }), 'unknown reason'],
  [Object.assign(new Error('x'), { code: 'E'.repeat(100) }), 'unknown reason'],
  [new Error('ENOENT'), 'unknown reason'],
  ['ENOENT', 'unknown reason'],
  [undefined, 'unknown reason'],
])('of the failure %o only the name is told: %s', (thrown, name) => {
  expect(systemCode(thrown)).toBe(name)
})

function pipe(name = 'pipe'): string {
  execFileSync('mkfifo', [at(name)])
  return at(name)
}

function socket(): string {
  const server = createServer().listen(at('socket'))
  onTestFinished(() => void server.close())
  return at('socket')
}

test('a file is called by what it is and by the name that it was given, within a bound', async () => {
  const missing = at('no-such "file"')
  const named = namedFile('the keyring', 'no-such "file"')
  expect(named).toBe('the keyring "no-such \\"file\\""')
  const failure = await readRegularFile(missing, 10, named).catch((thrown: unknown) => thrown)
  expect(failure).toMatchObject({ code: 'path-missing', message: `${named} does not exist` })
  expect((failure as CountersignError).hint).toBeDefined()
  expect(namedFile('it', 'x'.repeat(5_000)).length).toBeLessThan(300)
})
