/** Adding to a file of somebody else: whole or not at all, and to no other file. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { appendToFile } from '../../src/platform/append.ts'
import type { Before } from '../../src/platform/append.ts'
import { codeOfAsync } from '../world/failure.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-append-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

it.each([
  ['', { bytes: 0, isOpen: false }],
  ['one\n', { bytes: 4, isOpen: false }],
  ['one\ntwo', { bytes: 7, isOpen: true }],
  ['ä', { bytes: 2, isOpen: true }],
])('of %j says what is there, and adds to its end', async (text, before) => {
  const path = file('x', text)
  const seen: Before[] = []
  await appendToFile(path, (it) => {
    seen.push(it)
    return 'more\n'
  })
  expect(seen).toEqual([before])
  expect(readFileSync(path, 'utf8')).toBe(`${text}more\n`)
})

it('is refused for what is no regular file, or a link to one', async () => {
  const victim = file('victim', 'kept')
  symlinkSync(victim, join(folder, 'link'))
  mkdirSync(join(folder, 'folder'))
  for (const name of ['link', 'folder', 'none']) {
    expect([name, await codeOfAsync(() => appendToFile(join(folder, name), () => 'x'))]).toEqual([
      name,
      'output-failed',
    ])
  }
  expect(readFileSync(victim, 'utf8')).toBe('kept')
})

it('changes nothing where there is nothing to add', async () => {
  const path = file('x', 'kept')
  await expect(
    appendToFile(path, () => {
      throw new Error('no text')
    }),
  ).rejects.toThrow()
  expect(readFileSync(path, 'utf8')).toBe('kept')
})

it('takes away again what found no room', () => {
  const path = file('x', 'kept\n')
  const source = new URL('../../src/platform/append.ts', import.meta.url).href
  const program = `
    import { appendToFile } from ${JSON.stringify(source)}
    await appendToFile(${JSON.stringify(path)}, () => 'x'.repeat(100_000)).catch((it) => console.log(it.code))`
  // A limit of 64 kB a file, which the kernel enforces in the middle of a write.
  const argv = ['-c', 'ulimit -f 64 && exec "$0" "$@"', process.execPath, '--input-type=module', '--eval', program]
  expect(execFileSync('bash', argv, { encoding: 'utf8' })).toBe('output-failed\n')
  expect(readFileSync(path, 'utf8')).toBe('kept\n')
})
