import { readFile } from 'node:fs/promises'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runProgram } from '../../../src/collect/ci/run.ts'

const options = { env: { PATH: '/usr/bin:/bin' }, timeout: 5_000, maxBytes: 1_000 }

test('hands arguments over as they are, without a shell', async () => {
  const hostile = ['$(id)', '; exit 1', '"', '*', '']
  expect(await runProgram('printf', ['<%s>', ...hostile], options)).toBe(hostile.map((it) => `<${it}>`).join(''))
})

test('gives the program the environment of the context and no other', async () => {
  process.env['COUNTERSIGN_TEST_SECRET'] = 'x'
  onTestFinished(() => {
    delete process.env['COUNTERSIGN_TEST_SECRET']
  })
  const written = await runProgram('env', [], { ...options, env: { ...options.env, A: 'b', GONE: undefined } })
  expect(written.trim().split('\n').sort()).toEqual(['A=b', 'PATH=/usr/bin:/bin'])
})

test('at the timeout, ends the program and what it has started', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-run-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const body = `sleep 60 & echo $! > ${join(folder, 'pid')}; sleep 60`
  await expect(runProgram('sh', ['-c', body], { ...options, timeout: 300 })).rejects.toMatchObject({
    code: 'identity-request-failed',
  })
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'))
  await expect.poll(() => isRunning(pid), { timeout: 3_000 }).toBe(false)
})

test('refuses output beyond its bound at once', async () => {
  const began = performance.now()
  await expect(runProgram('yes', [], options)).rejects.toMatchObject({ code: 'identity-request-failed' })
  expect(performance.now() - began).toBeLessThan(3_000)
})

test('does not start a program whose argument cannot be one', async () => {
  await expect(runProgram('printf', ['a\0b'], options)).rejects.toMatchObject({ code: 'identity-request-failed' })
})

async function isRunning(pid: number): Promise<boolean> {
  // A killed child whose new parent has not collected it yet is a zombie: gone for us.
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat !== '' && !/\) Z /.test(stat)
}
