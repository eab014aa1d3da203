/** docs/errors.md: every code, what it means and what to do, from the table of the source. Without --write it compares and fails on drift. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { exitCodeOf } from '../src/cli/exit-code.ts'
import { withFlags } from '../src/cli/flags.ts'
import { hintOf, kindOf } from '../src/errors.ts'
import type { ErrorCode } from '../src/errors.ts'
import { meanings } from './errors/meanings.ts'

const page = fileURLToPath(new URL('../docs/errors.md', import.meta.url))
const source = readFileSync(new URL('../src/errors.ts', import.meta.url), 'utf8')

/** The codes under the headings of the source, which are its comments. */
function sections(): readonly { readonly heading: string; readonly codes: readonly ErrorCode[] }[] {
  const found: { heading: string; codes: ErrorCode[] }[] = []
  const table = source.slice(source.indexOf('const failureTable'))
  for (const [, heading, quoted, bare] of table.matchAll(/^ {2}(?:\/\/ (.+)|'([a-z0-9-]+)': \{|([a-z]+): \{)/gm)) {
    const code = quoted ?? bare
    if (heading !== undefined) found.push({ heading, codes: [] })
    else if (code !== undefined && code in meanings) found.at(-1)?.codes.push(code as ErrorCode)
  }
  return found
}

function rowOf(code: ErrorCode): string {
  const [meaning, remedy] = meanings[code]
  const hint = hintOf(code)
  const advice = hint === undefined ? remedy : sentence(withFlags(hint))
  if (advice === undefined) throw new Error(`nobody says what to do about ${code}`)
  return `| \`${code}\` | ${exitCodeOf(kindOf(code))} | ${cell(meaning)} | ${cell(advice)} |`
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*')

const found = sections()
const listed = found.flatMap(({ codes }) => codes)
const lost = Object.keys(meanings).filter((it) => !listed.includes(it as ErrorCode))
if (lost.length > 0) throw new Error(`these codes stand under no heading: ${lost.join(', ')}`)

const text = [
  '# Errors',
  '',
  'Every failure has one code of this table. Codes are stable: scripts and JSON output rely on them. The exit code says of which kind it is: 1 the answer',
  'is no, 2 the question or the command is wrong, 3 it could not be decided. A message on standard error ends with its code in round brackets.',
  '',
  '<!-- Made by `npm run errors` from src/errors.ts and scripts/errors/meanings.ts. -->',
  ...found.flatMap(({ heading, codes }) => [
    '',
    `## ${heading}`,
    '',
    '| code | exit | meaning | what to do |',
    '| --- | --- | --- | --- |',
    ...codes.map(rowOf),
  ]),
  '',
].join('\n')
const made = await format(text, { ...(await resolveConfig(page)), filepath: page })

if (process.argv.includes('--write')) writeFileSync(page, made)
else if (readFileSync(page, 'utf8') !== made) {
  process.stderr.write('docs/errors.md is not what the table of errors says: npm run errors\n')
  process.exitCode = 1
}
