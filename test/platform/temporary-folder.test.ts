/** What must not be left behind is gone, also where a signal ends the program. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { withTemporaryFolder } from '../../src/platform/temporary-folder.ts'
import { scratchFolder } from '../world/scratch-repository.ts'

const source = fileURLToPath(new URL('../../src/platform/temporary-folder.ts', import.meta.url))

/** A program that says where its folder is, and waits. */
async function ended(signal: NodeJS.Signals, more = ''): Promise<{ left: string[]; end: unknown[] }> {
  const place = scratchFolder()
  const program = `
    import { writeFileSync } from 'node:fs'
    import { withTemporaryFolder } from ${JSON.stringify(source)}
    ${more}
    await withTemporaryFolder('a', (one) => withTemporaryFolder('b', async (two) => {
      for (const it of [one, two]) writeFileSync(it + '/transcript', 'secret')
      console.log('ready')
      await new Promise((resolve) => setInterval(() => resolve, 1e6))
    }))`
  const path = join(place, 'program.mts')
  writeFileSync(path, program)
  const env = { ...process.env, TMPDIR: place }
  const child = spawn(process.execPath, [path], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  child.kill(signal)
  const end = await once(child, 'close')
  return { left: readdirSync(place).filter((it) => it !== 'program.mts'), end }
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'of a program that %s ends nothing is left, and it ends by it',
  async (signal) => {
    expect(await ended(signal)).toEqual({ left: [], end: [null, signal] })
  },
)

test('who listens to a signal says what becomes of the program', async () => {
  const own = "process.once('SIGTERM', () => process.exit(7))"
  expect(await ended('SIGTERM', own)).toEqual({ left: [], end: [7, null] })
})

test('it is gone when its use ends, whatever comes of it, and nobody listens any more', async () => {
  const before = process.listenerCount('SIGTERM')
  let path = ''
  const failing = withTemporaryFolder('c', (folder) => {
    path = folder
    expect(existsSync(folder)).toBe(true)
    return Promise.reject(new Error('no'))
  })
  await expect(failing).rejects.toThrow('no')
  expect(existsSync(path)).toBe(false)
  expect(process.listenerCount('SIGTERM')).toBe(before)
})
