/** Folders, names, opens, locks and the search path as each system: the system is an argument, so one machine can try all three. */
import { constants, existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsInRepository } from '../../src/attest/repository-records.ts'
import { signingKeyState } from '../../src/attest/signing-key-state.ts'
import { requestToken } from '../../src/collect/ci/token-request.ts'
import { gitIn } from '../../src/collect/git/process.ts'
import { localStateFolder, nearestLocalState } from '../../src/embedded/project.ts'
import { serializeMaterial } from '../../src/embedded/material.ts'
import { openState } from '../../src/embedded/state.ts'
import { openRegular, writeWholeFile } from '../../src/platform/files.ts'
import { fileName, ownFolder } from '../../src/platform/folders.ts'
import { acquireLock, isTaken, lockOf, withFileLock } from '../../src/platform/lock.ts'
import { readOwnersFile } from '../../src/platform/owners-file.ts'
import type { RunProgram } from '../../src/platform/program.ts'
import { absoluteSearchPath, nameOfPath, programOnPath } from '../../src/platform/search-path.ts'
import { openFlags, refuseLink } from '../../src/platform/system.ts'
import { worldOf } from '../../src/platform/world.ts'
import { circleci } from '../../src/providers/circleci.ts'
import { trustFolder } from '../../src/sigstore/trust/imported-root.ts'
import { CountersignError } from '../../src/errors.ts'
import { codeOf } from '../world/failure.ts'
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

  it('trust and the embedded Sigstore lie in these folders', () => {
    const env = { HOME: '/home/ann', USERPROFILE: 'C:\\Users\\ann' }
    const trust =
      system === 'win32'
        ? 'C:\\Users\\ann\\AppData\\Local\\countersign\\data\\trust'
        : '/home/ann/.local/share/countersign/trust'
    expect(trustFolder({ env, platform: system })).toBe(trust)
    const state = localStateFolder(folder, env, system)
    expect(state.startsWith(system === 'win32' ? 'C:\\Users\\ann\\AppData\\Local' : '/home/ann/.local/state')).toBe(
      true,
    )
    // None of them is there: it is that of the folder itself.
    expect(nearestLocalState(folder, env, system)).toBe(state)
  })

  it('a program is that of the search path, and never of the folder that it is started in', () => {
    const [env, entry] = system === 'win32' ? [{ Path: '.;C:\\git' }, 'C:\\git'] : [{ PATH: '.:/usr/bin' }, '/usr/bin']
    expect(nameOfPath(env, system)).toBe(system === 'win32' ? 'Path' : 'PATH')
    expect(absoluteSearchPath(env, system)).toBe(entry)
    expect(programOnPath('git', env, system, () => true)).toBe(system === 'win32' ? 'C:\\git\\git.exe' : 'git')
    if (system !== 'win32') expect(gitIn(folder, { env, platform: system, signal: undefined }).env['PATH']).toBe(entry)
    // There is no such file here.
    else expect(codeOf(() => gitIn(folder, { env, platform: system, signal: undefined }))).toBe('git-failed')
  })

  it('what a flag of the system does is done by a look where there is none', () => {
    const flags = openFlags(constants.O_RDONLY, 'refuse', system)
    expect(flags === constants.O_RDONLY).toBe(system === 'win32')
    const refuse = (): unknown => refuseLink(join(folder, 'link'), 'refuse', system)
    if (system === 'win32') expect(refuse).toThrow()
    else expect(refuse()).toBeUndefined()
  })

  it('a name that is being removed is taken, where the system says so', () => {
    expect(isTaken('EEXIST', system)).toBe(true)
    expect(isTaken('EPERM', system)).toBe(system === 'win32')
  })

  it('a file is locked while it is read and written', async () => {
    const file = join(folder, `${system}.jsonl`)
    const machine = worldOf({ ...steppedClock(), platform: system })
    expect(await withFileLock(file, machine, () => Promise.resolve(existsSync(lockOf(file))))).toBe(true)
    expect(existsSync(lockOf(file))).toBe(false)
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

  it('what is replaced while somebody has it open is tried again, where that is the rule', async () => {
    const path = join(folder, `${system}.replaced`)
    const clock = steppedClock()
    let tries = 0
    const busy = async (from: string, to: string): Promise<void> => {
      tries += 1
      if (tries < 3) throw Object.assign(new Error(), { code: 'EPERM' })
      await rename(from, to)
    }
    const machine = { platform: system, rename: busy, clock }
    const written = writeWholeFile(path, 'content', { present: 'replace', system: machine })
    if (system === 'win32') await written
    else await expect(written).rejects.toMatchObject({ code: 'output-failed' })
    expect([existsSync(path), tries]).toEqual(system === 'win32' ? [true, 3] : [false, 1])
  })

  it('the embedded Sigstore keeps its folder, and opens it again', async () => {
    const state = join(folder, `${system}-state`)
    const machine = worldOf({ ...steppedClock(), platform: system })
    const first = await openState(state, machine.now(), machine)
    first.close()
    const again = await openState(state, machine.now(), machine)
    expect(serializeMaterial(again.material)).toBe(serializeMaterial(first.material))
    again.close()
  })

  it('a program of the job is looked for by the rules of its system', async () => {
    const env = { ...(system === 'win32' ? { Path: 'C:\\ci' } : { PATH: '/ci' }), CIRCLECI: 'true' }
    const asked: unknown[] = []
    const run: RunProgram = (program, _, { platform }) => {
      asked.push([program, platform])
      return Promise.resolve('token')
    }
    const world = worldOf({ ...steppedClock(), env, platform: system, run })
    const { job } = circleci
    expect(job === undefined ? '' : await requestToken(circleci, job.token, { audience: 'sigstore' }, world)).toBe(
      'token',
    )
    expect(asked).toEqual([['circleci', system]])
  })

  it('git is looked for so, too, by who looks whether records can be signed, and for records', async () => {
    const env = system === 'win32' ? { Path: folder } : { PATH: folder }
    const world = worldOf({ env, platform: system, cwd: folder })
    // There is no git in that folder: each of them says so, and none has started that of this machine.
    await expect(signingKeyState(world)).rejects.toMatchObject({ code: 'git-failed' })
    expect(await recordsInRepository(['0'.repeat(64)], world)).toMatchObject({ notLooked: 'git-failed' })
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
