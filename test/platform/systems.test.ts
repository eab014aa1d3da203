/** Folders, names, opens and locks as each system: the system is an argument, so one machine can try all three. */
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRegular } from '../../src/platform/files.ts'
import { fileName, ownFolder } from '../../src/platform/folders.ts'
import { acquireLock } from '../../src/platform/lock.ts'
import { readOwnersFile } from '../../src/platform/owners-file.ts'
import { worldOf } from '../../src/platform/world.ts'
import { CountersignError } from '../../src/errors.ts'
import { steppedClock } from '../world/stepped-clock.ts'

let folder: string
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-systems-')))
  writeFileSync(join(folder, 'file'), 'content', { mode: 0o644 })
  symlinkSync('file', join(folder, 'link'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const systems = ['linux', 'darwin', 'win32'] as const

describe.each(systems)('as %s', (system) => {
  it('a person has a folder of each kind', () => {
    const posix = { cache: '/home/ann/.cache/countersign', state: '/home/ann/.local/state/countersign' }
    const windows = {
      cache: 'C:\\Users\\ann\\AppData\\Local\\countersign\\cache',
      state: 'C:\\Users\\ann\\AppData\\Local\\countersign\\state',
    }
    const env = { HOME: '/home/ann', USERPROFILE: 'C:\\Users\\ann' }
    const expected = system === 'win32' ? windows : posix
    for (const kind of ['cache', 'state'] as const) {
      expect(ownFolder(kind, env, system)).toBe(expected[kind])
      // A drive's own folder or a relative one would lie wherever the program was started.
      expect(ownFolder(kind, { ...env, LOCALAPPDATA: 'relative', XDG_CACHE_HOME: 'x' }, system)).toBe(expected[kind])
    }
  })

  it('a link in the last place is not followed where that is refused', async () => {
    const refused = openRegular(join(folder, 'link'), 'it', 'refuse', system)
    await expect(refused).rejects.toMatchObject({ code: 'input-unreadable' })
    for (const links of ['follow', 'refuse'] as const) {
      const handle = await openRegular(join(folder, links === 'follow' ? 'link' : 'file'), 'it', links, system)
      await handle.close()
    }
  })

  it('the file of its owner alone is told by its mode where modes say so', async () => {
    const unusable = (): CountersignError => new CountersignError('usage', 'others can use it')
    const read = readOwnersFile(join(folder, 'file'), { what: 'it', most: 100, unusable }, system)
    if (system === 'win32') expect(String(await read)).toBe('content')
    else await expect(read).rejects.toMatchObject({ code: 'usage' })
  })

  it('a lock is taken once, and never through a link', async () => {
    const codes = { busy: 'output-busy', failed: 'output-failed', foreign: 'usage' } as const
    const locking = { what: 'it', codes, patience: 0, clock: steppedClock(), system }
    const path = join(folder, `${system}.lock`)
    const lock = await acquireLock(path, locking)
    await expect(acquireLock(path, locking)).rejects.toMatchObject({ code: 'output-busy' })
    lock.assertHeld()
    lock.release()
    symlinkSync('file', path)
    await expect(acquireLock(path, locking)).rejects.toMatchObject({ code: 'usage' })
  })

  it('is what the world says', () => {
    expect(worldOf({ platform: system }).platform).toBe(system)
  })
})

it.each([
  ['acme/widget', 'acme-widget'],
  ['C:stream', 'C-stream'],
  ['name.', 'name'],
  ['nul', 'other'],
  ['COM1.txt', 'other'],
  ['console', 'console'],
  ['..', 'other'],
  ['', 'other'],
])('a file name that every system takes: %j', (text, name) => {
  expect(fileName(text, 'other')).toBe(name)
})
