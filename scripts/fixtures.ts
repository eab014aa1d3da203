/**
 * Writes down anew what this version answers to the folders of `fixtures` that a program can make again, and prints what changed:
 * `node scripts/fixtures.ts [FOLDER]…`. A new case is a file without its answer; run this, and read the answer before it is
 * committed. Nothing changes where nothing but the day is another.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { renewedEntire } from '../test/fixtures/entire.ts'
import { renewedMessages } from '../test/fixtures/messages.ts'
import { fixtureFolder } from '../test/fixtures/renewed.ts'
import type { FixtureFiles } from '../test/fixtures/renewed.ts'
import { renewedSessions } from '../test/fixtures/sessions.ts'
import { renewedStatements } from '../test/fixtures/statements.ts'
import { renewedTokens } from '../test/fixtures/tokens.ts'
import { renewedTrust } from '../test/fixtures/trust.ts'

const folders: { readonly [name: string]: () => Promise<FixtureFiles> } = {
  entire: renewedEntire,
  messages: renewedMessages,
  sessions: renewedSessions,
  statements: renewedStatements,
  tokens: renewedTokens,
  trust: renewedTrust,
}

const asked = process.argv.slice(2)
const unknown = asked.filter((it) => !Object.hasOwn(folders, it))
if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: there is only ${Object.keys(folders).join(', ')}`)

for (const [name, renewed] of Object.entries(folders)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const folder = fixtureFolder(name)
  let changed = 0
  const files = await renewed()
  for (const [path, text] of files) {
    const at = join(folder, path)
    const before = existsSync(at) ? readFileSync(at, 'utf8') : undefined
    if (before === text) continue
    changed += 1
    mkdirSync(dirname(at), { recursive: true })
    writeFileSync(at, text)
    console.log(`${name}/${path}: ${before === undefined ? 'is new' : reason(before, text)}`)
  }
  console.log(`${name}: ${files.size} files, ${changed} written`)
}

/** The first line that is another. */
function reason(before: string, after: string): string {
  const [then, now] = [before.split('\n'), after.split('\n')]
  const at = now.findIndex((line, index) => line !== then[index])
  const [was = 'nothing', is = 'nothing'] = [then[at], now[at]].map((it) => it?.trim().slice(0, 100))
  return `line ${at + 1} was ${was}, and is ${is}`
}
