/** The linter refuses what one system alone has, outside of `src/platform`: a made-up file of each. */
import { fileURLToPath } from 'node:url'
import { Linter } from 'eslint'
import type { ESLint } from 'eslint'
import { expect, it } from 'vitest'

// A script of the linter, which has no types.
const rules = new URL('../../scripts/lint/house.js', import.meta.url).href
const { house } = (await import(rules)) as { readonly house: ESLint.Plugin }

const linter = new Linter({ cwd: fileURLToPath(new URL('../../', import.meta.url)) })

function refusals(code: string, path = 'src/store/made-up.js'): string[] {
  const config: Linter.Config = { plugins: { house }, rules: { 'house/system': 'error' } }
  return linter.verify(code, [config], path).map((it) => String(it.ruleId))
}

it.each([
  ["export const at = '/proc/self/environ'"],
  ['export const at = (pid) => `/proc/${pid}/environ`'],
  ["spawn('sh', ['-c', 'true'])"],
  ["spawn('/bin/sh', ['-c', 'true'])"],
  ['open(path, constants.O_NOFOLLOW)'],
  ["import { join } from 'node:path'\njoin(folder, 'session:1')"],
  ["import { join } from 'node:path'\njoin(folder, `session:${id}`)"],
  ["process.platform === 'win32'"],
])('%s', (code) => {
  expect(refusals(code)).toEqual(['house/system'])
})

it.each([
  ["export const at = '/process/x'"],
  ["import { join } from 'node:path'\njoin(folder, 'session-1')"],
  ["export const said = 'a shell such as sh: it runs hooks'"],
])('%s is nothing of a system', (code) => {
  expect(refusals(code)).toEqual([])
})

it('hooks of git are run by a shell on every system', () => {
  expect(refusals("spawn('sh', [hook])", 'src/capture/made-up.js')).toEqual([])
})
