/**
 * `npm run new -- KIND NAME`: a session reader, a provider, a build type or a rule, whole and green: its files, its rows, and the tests that
 * hold it. What is made is a beginning: what it reads or asks is to be replaced by your own.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { newBuildType } from './new/build-type.ts'
import type { AddedRow, Made } from './new/made.ts'
import { newProvider } from './new/provider.ts'
import { newReader } from './new/reader.ts'
import { newRule } from './new/rule.ts'

const kinds: { readonly [kind: string]: ((name: string) => Made) | undefined } = {
  reader: newReader,
  provider: newProvider,
  'build-type': newBuildType,
  rule: newRule,
}

const [kind = '', name, into = '.', ...rest] = process.argv.slice(2)
const usage = `usage: npm run new -- ${Object.keys(kinds).join('|')} NAME   (small letters, digits and dashes)
A report begins with a copy: docs/how-to-add/report.md says of which.`

const make = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
if (make === undefined || name === undefined || rest.length > 0 || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
  process.stderr.write(`${usage}\n`)
  process.exit(2)
}

const root = resolve(into)
const { files, rows, now } = make(name)
const taken = Object.keys(files).find((path) => existsSync(join(root, path)))
if (taken !== undefined) {
  process.stderr.write(`${taken} is there already, and nothing was written\n`)
  process.exit(1)
}
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  await write(path, text)
}
const lost: string[] = []
for (const it of rows) {
  const at = join(root, it.path)
  const text = existsSync(at) ? readFileSync(at, 'utf8') : ''
  const longer = withRow(text, it)
  if (longer === text) lost.push(`no place was found in ${it.path} for:\n${it.text}`)
  else await write(it.path, longer)
}
process.stdout.write(`\nnow:  ${now}\nthen: docs/how-to-add/${kind}.md\n`)
process.stderr.write(lost.join(''))

async function write(path: string, text: string): Promise<void> {
  const at = join(root, path)
  const config = await resolveConfig(at)
  writeFileSync(at, await format(text, { ...config, filepath: path }))
  process.stdout.write(`${path}\n`)
}

function withRow(text: string, { text: row, before, behind }: AddedRow): string {
  const found = behind?.exec(text)
  const place =
    found === undefined ? text.lastIndexOf(before ?? '') : found === null ? -1 : found.index + found[0].length
  return place === -1 ? text : text.slice(0, place) + row + text.slice(place)
}
