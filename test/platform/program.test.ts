import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { runProgram } from '../../src/platform/program.ts'
import type { RunOptions } from '../../src/platform/program.ts'
import { makePipe, readPipe } from '../world/named-pipe.ts'
import type { PipeReader } from '../world/named-pipe.ts'
import { steppedClock } from '../world/stepped-clock.ts'
import type { SteppedClock } from '../world/stepped-clock.ts'

// Time stands still until a test steps: what does not end by itself, or by its bounds, does not end.
let clock: SteppedClock
let options: RunOptions
beforeEach(() => {
  clock = steppedClock()
  options = { platform: process.platform, env: { PATH: '/usr/bin:/bin' }, timeout: 5_000, clock, maxBytes: 1_000 }
})

/** A pipe in a folder of its own, and what comes out of it. */
function pipe(): PipeReader & { readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-run-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'pipe')
  makePipe(path)
  return { path, ...readPipe(path) }
}

const failed = { code: 'identity-request-failed' }

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

test.for(['', '.', 'bin', './bin'])('starts none that lies in the working folder, with an entry %j', async (entry) => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-run-'))
  const before = process.cwd()
  onTestFinished(() => {
    process.chdir(before)
    rmSync(folder, { recursive: true })
  })
  mkdirSync(join(folder, 'bin'))
  for (const path of ['agent', 'bin/agent'])
    writeFileSync(join(folder, path), '#!/bin/sh\necho forged\n', { mode: 0o755 })
  process.chdir(folder)
  const env = { PATH: `${entry}:/usr/bin:/bin` }
  await expect(runProgram('agent', [], { ...options, env })).rejects.toMatchObject({ code: 'identity-missing' })
})

test('at the timeout, ends the program and what it has started', async () => {
  const { path, line, end } = pipe()
  // Both hold the pipe open, so it ends when neither is there any more.
  const running = runProgram('sh', ['-c', 'exec 3> "$0"; sleep 60 & echo both >&3; sleep 60', path], options)
  const outcome = expect(running).rejects.toMatchObject(failed)
  expect(await line).toBe('both')
  clock.advance(4_999)
  clock.advance(1)
  await outcome
  await end
})

test('waits no longer for output that a child holds open than for the program', async () => {
  const { path, line } = pipe()
  const running = runProgram('sh', ['-c', 'sleep 60 & echo token; echo done > "$0"', path], options)
  const outcome = expect(running).rejects.toMatchObject(failed)
  await line
  clock.advanceToTimeout()
  await outcome
})

test('is done when the program is, whatever time passes then', async () => {
  expect(await runProgram('printf', ['x'], options)).toBe('x')
  clock.advanceToTimeout()
})

test('refuses output beyond its bound at once', async () => {
  await expect(runProgram('yes', [], options)).rejects.toMatchObject(failed)
  expect(clock.elapsed()).toBe(0)
})

test('does not start a program whose argument cannot be one', async () => {
  await expect(runProgram('printf', ['a\0b'], options)).rejects.toMatchObject(failed)
})
