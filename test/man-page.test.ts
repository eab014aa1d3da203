/** The manual page: everything that the helps say, in a form that formatters read without a complaint. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { manPage, roff } from '../scripts/man-page.ts'
import { commands } from '../src/cli/command-table.ts'
import { countersign } from './cli/terminal.ts'

const page = await manPage()
const root = fileURLToPath(new URL('..', import.meta.url))

describe('the manual page', () => {
  it('is the one that the package is built with, and names as its own', () => {
    const { man } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { man: string }
    expect(gunzipSync(readFileSync(join(root, man))).toString('utf8')).toBe(page)
  })

  it('is written the same twice', async () => {
    expect(await manPage()).toBe(page)
  })

  it('names every flag, example and exit code', async () => {
    for (const { name, examples, exits } of commands) {
      const { stdout } = await countersign({ cwd: '/' }, name, '--help')
      const flags = stdout.match(/--[a-z][a-z-]+/g) ?? []
      expect(flags.filter((it) => !page.includes(roff(it)))).toEqual([])
      expect(examples.filter((it) => !page.includes(`\n${roff(it.command)}\n`))).toEqual([])
      expect(Object.values(exits).filter((it) => !page.includes(`\n${roff(it)}\n`))).toEqual([])
    }
  })

  it('begins no line with a request that is none of ours', () => {
    const requests = new Set(page.match(/^[.'].*?(?= |$)/gm))
    expect([...requests].sort()).toEqual(
      ['.B', '.PP', '.RE', '.RS', '.SH', '.SS', '.TH', '.TP', '.ad', '.fi', '.nf', '.nh'].sort(),
    )
    expect(page).not.toMatch(/[^\n\u0020-\u007e]/)
  })

  it.each([
    ['groff', ['-man', '-ww', '-z', '-Tutf8']],
    ['mandoc', ['-T', 'lint', '-W', 'error']],
  ])('has no warning of %s, where it is installed', (formatter, flags) => {
    const { error, status, stdout, stderr } = spawnSync(formatter, flags, { input: page, encoding: 'utf8' })
    if (error !== undefined) return
    expect([status, stdout, stderr]).toEqual([0, '', ''])
  })

  it('shows flags that can be copied', () => {
    const { error, stdout } = spawnSync('groff', ['-man', '-Tascii', '-P-cbou'], { input: page, encoding: 'utf8' })
    if (error === undefined) expect(stdout).toContain('--retry-budget <TIME>')
  })
})

it.each([
  ['.SH x', '\\&.SH x'],
  ["'ne", "\\&'ne"],
  ['a\\fB--b', 'a\\efB\\-\\-b'],
  ['two\nlines', 'two lines'],
])('%j as text of a manual page is %j', (text, written) => {
  expect(roff(text)).toBe(written)
})
