/** What somebody puts in the place of a build: nothing is waited for, nothing outside is read, and nothing that was not looked at is the same. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { compareBuilds } from '../../../src/collect/archives/compare-builds.ts'
import type { RebuildReport } from '../../../src/model/rebuild-report.ts'
import type * as Hash from '../../../src/platform/hash.ts'
import { tarOf } from '../../world/archives.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { makePipe } from '../../world/named-pipe.ts'

/** What becomes of a file as soon as it was hashed. */
const afterHashing = vi.hoisted(() => new Map<string, () => void>())

vi.mock('../../../src/platform/hash.ts', async (original) => {
  const real = await original<typeof Hash>()
  const hashFile: typeof real.hashFile = async (path, ...given) => {
    const hashed = await real.hashFile(path, ...given)
    afterHashing.get(path)?.()
    return hashed
  }
  return { ...real, hashFile }
})

let folder: string
beforeEach(() => {
  afterHashing.clear()
  folder = mkdtempSync(join(tmpdir(), 'countersign-builds-'))
  const made = folder
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  for (const name of ['a', 'b', 'outside']) mkdirSync(join(folder, name))
  for (const name of ['a', 'b']) write(`${name}/app.tar`, tar('words'))
  write('outside/secret', 'secret')
})

const tar = (content: string): Buffer => tarOf([{ name: 'README', content }])
const write = (name: string, content: string | Buffer): void => writeFileSync(join(folder, name), content)
const link = (to: string, name: string): void => symlinkSync(to, join(folder, name))
const compared = (a = 'a', b = 'b'): Promise<RebuildReport> => compareBuilds(a, b, folder)
const code = (a?: string, b?: string): Promise<unknown> => codeOfAsync(() => compared(a, b))

function linkToPipe(): void {
  makePipe(join(folder, 'pipe'))
  link('pipe', 'strange')
}

describe('a build in whose place there is', () => {
  it.each([
    ['a pipe', 'path-not-regular', (): void => makePipe(join(folder, 'strange'))],
    ['a link to a pipe', 'path-not-regular', linkToPipe],
    ['a device', 'path-not-regular', (): void => link('/dev/zero', 'strange')],
    ['a loop of links', 'path-missing', (): void => link('strange', 'strange')],
    ['a link that leads nowhere', 'path-missing', (): void => link('nowhere', 'strange')],
    ['a link to a folder', 'usage', (): void => link('a', 'strange')],
  ])('%s is none', async (_, expected, make) => {
    make()
    expect(await code('a/app.tar', 'strange')).toBe(expected)
    expect(await code('strange', 'a/app.tar')).toBe(expected)
  })

  it('a link to one is that one, by the name that it was called', async () => {
    link('b/app.tar', 'link.tar')
    expect(await compared('a/app.tar', 'link.tar')).toMatchObject({ outcome: 'same', artifacts: [{ name: 'app.tar' }] })
  })
})

describe('a folder of builds in which there is', () => {
  it.each([
    ['a pipe', 'path-not-regular', (): void => makePipe(join(folder, 'b/app2.tar'))],
    ['a link that leads out', 'symlink-escapes-root', (): void => link('../outside/secret', 'b/app2.tar')],
    ['a link that leads nowhere', 'path-missing', (): void => link('nowhere', 'b/app2.tar')],
    ['a link to a folder outside', 'symlink-escapes-root', (): void => link('../outside', 'b/linked')],
    ['a link to a folder inside', 'path-not-regular', (): void => link('.', 'b/linked')],
    ['a loop of links', 'input-unreadable', (): void => link('loop', 'b/loop')],
  ])('%s is not compared', async (_, expected, make) => {
    make()
    expect(await code()).toBe(expected)
  })

  it.each(['.hidden', '.hidden/app.tar', 'deep/.hidden/.too/app.tar'])('%s differs where it differs', async (name) => {
    for (const side of ['a', 'b']) {
      mkdirSync(dirname(join(folder, side, name)), { recursive: true })
      write(`${side}/${name}`, side)
    }
    const { outcome, artifacts } = await compared()
    expect([outcome, artifacts.map((it) => [it.name, it.outcome])]).toEqual([
      'differs',
      [
        [name, 'differs'],
        ['app.tar', 'same'],
      ].sort(([one = ''], [other = '']) => (one < other ? -1 : 1)),
    ])
  })

  it('a link to another file of it is that file under its own name', async () => {
    link('app.tar', 'b/again.tar')
    expect(await compared()).toMatchObject({
      ...{ outcome: 'differs', artifacts: [{ name: 'again.tar', outcome: 'differs' }, { name: 'app.tar' }] },
    })
  })
})

describe('a build that is written while it is compared', () => {
  it('is not compared by what it became', async () => {
    write('b/app.tar', tar('other'))
    const [a, b] = [join(folder, 'a/app.tar'), join(folder, 'b/app.tar')]
    afterHashing.set(b, () => write('b/app.tar', tar('words')))
    expect(await code(a, b)).toBe('input-unreadable')
  })
})
