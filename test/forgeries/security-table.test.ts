/** docs/forgeries.md says of each forgery what its test says: no row without a test, no test without a row. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { errorCodes } from '../../src/errors.ts'
import { countersign } from '../cli/terminal.ts'
import { displays, forgeries, outOfReach } from './rows.ts'

const root = new URL('../../', import.meta.url)
const pages = ['SECURITY.md', 'docs/forgeries.md'].map((path) => {
  const url = new URL(path, root)
  return { path, url, text: readFileSync(url, 'utf8') }
})
const text = pages.at(-1)?.text ?? ''

/** Cells of the table below a heading, without its head. */
function tableBelow(heading: string): string[][] {
  const [, section] = text.split(new RegExp(`^#+ ${heading}$`, 'm'))
  if (section === undefined) throw new Error(`there is no heading ${heading}`)
  const [table = ''] = /^\|[^]*?(?=\n\n|\n$)/m.exec(section.split(/^#/m)[0] ?? '') ?? []
  const [, , ...rows] = table.split('\n')
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

describe('docs/forgeries.md', () => {
  it('has a row for every forgery that is refused, with its rules and codes', () => {
    const expected = forgeries.map(({ id, forger, stoppedBy, askedBy }) => [
      id,
      forger,
      stoppedBy.map((it) => it.replace(/^(\S+) (\S+)$/, '$1 `$2`')).join(', '),
      askedBy === undefined ? '' : `\`${askedBy}\``,
    ])
    expect(tableBelow('Refused')).toEqual(expected)
  })

  it('has a row for everything that is only shown', () => {
    expect(tableBelow('Shown')).toEqual(displays.map(({ id, forger, shown }) => [id, forger, shown]))
  })

  it('has a row for everything that is out of reach', () => {
    expect(tableBelow('Out of reach')).toEqual(outOfReach.map(({ id, forger, why }) => [id, forger, why]))
  })

  it('gives each number once', () => {
    const ids = [...forgeries, ...displays, ...outOfReach].map((it) => it.id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('leaves no number of the list of forgeries out', () => {
    const numbers = [...forgeries, ...displays, ...outOfReach].map((it) => Number.parseInt(it.id, 10))
    const missing = Array.from({ length: 37 }, (_, index) => index + 1).filter((it) => !numbers.includes(it))
    expect(missing).toEqual([])
  })

  it('names only codes that there are', () => {
    const codes = forgeries.flatMap(({ stoppedBy }) => stoppedBy.map((it) => it.split(' ')[1]))
    expect(codes.filter((it) => !errorCodes.some((code) => code === it))).toEqual([])
  })

  it('names only flags that there are', async () => {
    const { stdout: verify } = await countersign({ cwd: '/' }, 'verify', '--help')
    const { stdout: attest } = await countersign({ cwd: '/' }, 'attest', '--help')
    const { stdout: gate } = await countersign({ cwd: '/' }, 'gate', '--help')
    const { stdout: record } = await countersign({ cwd: '/' }, 'sessions', 'record', '--help')
    const named = [
      ...pages
        .map((it) => it.text)
        .join('\n')
        .matchAll(/--[a-z][a-z-]+/g),
    ].map(([flag]) => flag)
    expect(named.filter((it) => !`${verify}${attest}${gate}${record}`.includes(`${it} `))).toEqual([])
  })

  it.each(pages)('points only at files that there are: $path', ({ url, text: page }) => {
    const links = [...page.matchAll(/\]\((?!https:)([^)#]+)[^)]*\)/g)].map(([, path = '']) => path)
    expect(links.length).toBeGreaterThan(0)
    expect(links.filter((it) => !existsSync(new URL(it, url)))).toEqual([])
  })
})
