/**
 * The digest of the rules of redaction, which stands where it is signed that they were used: over the code that decides what a secret is,
 * without its types, comments and blanks, and the versions of secretlint's rules. Without --write it compares and fails on drift.
 */
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = 'src/collect/redact'
/** What is made here, and what decides of names and not of secrets in texts. */
const besides = ['rule-set.ts', 'unpublishable.ts', 'find-secrets.ts', 'json-source.ts']

/** SHA-256, in lower-case hex; for anybody who has this source and its lockfile. */
export function redactionRulesDigest(): string {
  const hash = createHash('sha256')
  const files = readdirSync(join(root, folder)).filter((it) => it.endsWith('.ts') && !besides.includes(it))
  for (const file of ['src/one-line.ts', ...files.sort().map((it) => `${folder}/${it}`)]) {
    const { code } = transformSync(readFileSync(join(root, file), 'utf8'), { loader: 'ts', minifyWhitespace: true })
    hash.update(`${file}\0${code}\0`)
  }
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: { readonly [path: string]: { readonly version: string } }
  }
  for (const path of Object.keys(packages).sort()) {
    if (/\/@secretlint\/secretlint-rule-/.test(path)) hash.update(`${path}\0${packages[path]?.version ?? ''}\0`)
  }
  return hash.digest('hex')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(root, folder, 'rule-set.ts')
  const text = [
    '// Made by scripts/redaction-rules.ts (npm run tables) from the files of this folder and the versions of the rules that they use.',
    '/** SHA-256 over what decides which texts are secrets: two records that have the same were redacted alike. */',
    `export const ruleSet = '${redactionRulesDigest()}'`,
    '',
  ].join('\n')
  if (process.argv.includes('--write')) writeFileSync(path, text)
  else if (readFileSync(path, 'utf8') !== text) {
    process.stderr.write(`stale: ${path}; run npm run tables\n`)
    process.exitCode = 1
  }
}
