/**
 * `npm run new -- reader NAME`: a session reader for the notes that a tool writes, whole and green: its format, its row, a sample and the
 * world in which the contract holds it; and the rows of it in the table of tools and in the page of the evidence. What is made is a
 * beginning: the form of the notes is to be replaced by that of the tool.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { knownTools } from '../src/collect/sessions/tools.ts'
import { readerFiles, readerRows } from './new/reader.ts'
import type { AddedRow } from './new/reader.ts'

const [kind, name, into = '.', ...rest] = process.argv.slice(2)
const usage = `usage: npm run new -- reader NAME   (NAME as the tool is called, in small letters, digits and dashes)
A provider, a build type, a rule or a report begins with a copy: docs/how-to-add/ says of which.`

if (kind !== 'reader' || name === undefined || rest.length > 0 || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
  process.stderr.write(`${usage}\n`)
  process.exit(2)
}

const root = resolve(into)
const known = knownTools.id(name)
const files = Object.entries(readerFiles(name, known ?? knownTools.slug(name)))
const taken = files.find(([path]) => existsSync(join(root, path)))
if (taken !== undefined) {
  process.stderr.write(`${taken[0]} is there already, and nothing was written\n`)
  process.exit(1)
}
for (const [path, text] of files) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  await write(path, text)
}
for (const it of readerRows(name, known !== undefined)) {
  const at = join(root, it.path)
  if (existsSync(at)) await write(it.path, withRow(readFileSync(at, 'utf8'), it))
}
process.stdout.write(
  `\nnow:  npm run tables && npx vitest run test/contracts/session-reader.test.ts -t ${name}-note\nthen: docs/how-to-add/reader.md\n`,
)

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
