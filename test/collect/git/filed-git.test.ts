/** A git that prints into a file prints what another prints, no more than it may, and leaves nothing behind. */
import { fstatSync, readdirSync } from 'node:fs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { feedFiled } from '../../../src/collect/git/filed-git.ts'
import type { FiledGit } from '../../../src/collect/git/filed-git.ts'
import { feedGit } from '../../../src/collect/git/process.ts'
import { whileReading } from '../../../src/collect/git/lent-gits.ts'
import { readAhead } from '../../../src/collect/git/lines-ahead.ts'
import { namelessFile } from '../../../src/platform/nameless-file.ts'
import { scratchFolder, scratchRepository } from '../../world/scratch-repository.ts'
import { streamedRepository } from '../../world/streamed-repository.ts'

const args = ['cat-file', '--batch']
/** A temporary folder that nobody else uses; what is in it. */
function ownTemporary(): () => string[] {
  const folder = scratchFolder()
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  return () => readdirSync(folder)
}
const onPosix = test.skipIf(process.platform === 'win32')

async function printed(git: FiledGit): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of git.output) parts.push(part)
  return Buffer.concat(parts).toString('latin1')
}

onPosix('it prints the same, once it has ended, and no name of its file is there meanwhile', async () => {
  const scratch = scratchRepository()
  const id = scratch.object('blob', 'x'.repeat(3_000_000))
  const { git } = await scratch.open()
  const left = ownTemporary()
  const [filed, piped] = [feedFiled(git, args), feedGit(git, args)]
  expect(left()).toEqual([])
  for (const it of [filed, piped]) {
    it?.write(`${id}\n`)
    it?.close()
  }
  expect(filed === undefined ? '' : await printed(filed)).toBe(await printed(piped))
  expect(await filed?.end()).toMatchObject({ status: 0 })
  await Promise.all([filed?.stop(), piped.stop()])
  expect(left()).toEqual([])
})

onPosix('it is ended where it prints more than may lie there, though nobody closes its input', async () => {
  const scratch = scratchRepository()
  const id = scratch.object('blob', 'x'.repeat(100_000))
  const { git } = await scratch.open()
  const filed = feedFiled(git, args, 150_000)
  filed?.write(`${id}\n`.repeat(5))
  const text = filed === undefined ? '' : await printed(filed)
  expect(text).toHaveLength(150_000)
  await filed?.stop()
})

onPosix('what is cut is not told as whole, also where git came to its end first', async () => {
  const scratch = scratchRepository()
  const id = scratch.object('blob', 'x'.repeat(1_000))
  const { git } = await scratch.open()
  const filed = feedFiled(git, args, 500)
  filed?.write(`${id}\n`)
  expect(await filed?.end()).toMatchObject({ status: -1 })
  await filed?.stop()
})

onPosix('its file is for the person alone, and has no name', () => {
  const file = namelessFile('lines', 'linux')
  const { mode, nlink } = fstatSync(file?.descriptor ?? -1)
  expect([mode & 0o777, nlink]).toEqual([0o600, 0])
  file?.close()
  file?.close()
  expect([...(file?.read(10) ?? [])]).toEqual([])
})

test('where there can be no such file, the lines come through a pipe', async () => {
  expect(namelessFile('lines', 'win32')).toBeUndefined()
  const scratch = streamedRepository()
  const commit = scratch.commit('one', { a: 'x\ny\n' })
  const repository = await scratch.open()
  vi.stubEnv('TMPDIR', '/nowhere/at/all')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(namelessFile('lines', 'linux')).toBeUndefined()
  await whileReading(repository, async (all) => {
    const ahead = readAhead(all)
    ahead.see(commit, 0)
    await ahead.whole()
    expect(ahead.single.get(commit)).toEqual(new Map([['a', [1, 2]]]))
    await ahead.stop()
  })
})
