/**
 * `npm run new -- reader NAME`: a session reader for notes of a tool, whole and green: its format, its row, a sample and the world in which the
 * contract holds it. What is made is a beginning: the form of the notes is to be replaced by that of the tool.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { readerFiles } from './new/reader.ts'

const [kind, name, into = '.', ...rest] = process.argv.slice(2)
const usage = 'usage: npm run new -- reader NAME   (NAME as the tool is called, in small letters, digits and dashes)'

if (kind !== 'reader' || name === undefined || rest.length > 0 || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
  process.stderr.write(`${usage}\n`)
  process.exit(2)
}

const root = resolve(into)
const files = Object.entries(readerFiles(name))
const taken = files.find(([path]) => existsSync(join(root, path)))
if (taken !== undefined) {
  process.stderr.write(`${taken[0]} is there already, and nothing was written\n`)
  process.exit(1)
}
for (const [path, text] of files) {
  const config = await resolveConfig(join(root, path))
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), await format(text, { ...config, filepath: path }))
  process.stdout.write(`${path}\n`)
}
process.stdout.write(
  `\nnow:  npm run tables && npx vitest run test/contracts/session-reader.test.ts -t ${name}-note\nthen: docs/how-to-add/reader.md\n`,
)
