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

/** Where they differ: member by member where both are JSON, else from the first text that is another. */
function reason(before: string, after: string): string {
  const [then, now] = [jsonIn(before), jsonIn(after)]
  if (then !== undefined && now !== undefined) return differences(then, now, '').join('\n    ')
  let at = 0
  while (at < after.length && after[at] === before[at]) at += 1
  const from = Math.max(after.lastIndexOf('\n', at) + 1, at - 40)
  const [was, is] = [before, after].map((it) => JSON.stringify(it.slice(from, at + 60)))
  return `line ${after.slice(0, at).split('\n').length} was ${was}, and is ${is}`
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A line for each member that differs, and for each item of a list that is gone or new. */
function differences(then: unknown, now: unknown, path: string): string[] {
  if (JSON.stringify(then) === JSON.stringify(now)) return []
  if (Array.isArray(then) && Array.isArray(now) && then.length !== now.length) {
    const [were, are] = [then, now].map((list) => list.map((it) => JSON.stringify(it)))
    const gone = were?.filter((it) => are?.includes(it) !== true).map((it) => `${path}: without ${it}`) ?? []
    return [...gone, ...(are?.filter((it) => were?.includes(it) !== true).map((it) => `${path}: with ${it}`) ?? [])]
  }
  if (!isMembers(then) || !isMembers(now)) return [`${path} was ${JSON.stringify(then)}, and is ${JSON.stringify(now)}`]
  return [...new Set([...Object.keys(then), ...Object.keys(now)])].flatMap((name) =>
    differences(then[name], now[name], `${path}/${name}`),
  )
}

function isMembers(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null
}
