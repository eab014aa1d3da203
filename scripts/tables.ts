/**
 * The tables of the source: `index.ts` of a folder in which each file is a row, made from the names of the files, so that a
 * row is added by its file alone. Without --write it compares and fails on drift.
 *
 * A row's file exports one constant, named as the file in camel case.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Table {
  readonly folder: string
  /** Name of the table, and the type of a row, which `row.ts` of the folder exports. */
  readonly table: string
  readonly type: string
  /** Files of the folder that are no rows. */
  readonly besides: readonly string[]
}

const tables: readonly Table[] = [
  {
    folder: 'collect/portals',
    table: 'portalRows',
    type: 'PortalRow',
    besides: ['agreement.ts', 'members.ts', 'open-portal.ts', 'told-facts.ts'],
  },
  {
    folder: 'providers',
    table: 'providerRows',
    type: 'ProviderRow',
    besides: ['certified-provider.ts', 'sample.ts', 'token-identity.ts'],
  },
  {
    folder: 'predicates',
    table: 'predicateRows',
    type: 'PredicateRow',
    besides: [
      'absent-members.ts',
      'ai-configuration.ts',
      'build-change-provenance.ts',
      'build-verification-summary.ts',
      'build-deployment.ts',
      'build-provenance.ts',
      'build-rebuild-comparison.ts',
      'byproducts.ts',
      'change-context.ts',
      'change-match.ts',
      'job.ts',
      'member-differences.ts',
      'plain-changes.ts',
      'read.ts',
      'session.ts',
      'source-claims.ts',
      'source-fields.ts',
      'token-match.ts',
    ],
  },
  {
    folder: 'policy/build-types',
    table: 'buildTypeRows',
    type: 'BuildTypeRow',
    besides: ['fields.ts', 'find.ts'],
  },
  { folder: 'collect/transcripts/formats', table: 'transcriptFormats', type: 'TranscriptFormat', besides: [] },
  { folder: 'vouch/vendors', table: 'vendorRows', type: 'VendorRow', besides: [] },
  { folder: 'collect/sessions/readers', table: 'sessionReaders', type: 'SessionReader', besides: [] },
]

const [given] = process.argv.slice(2).filter((it) => !it.startsWith('--'))
const source = resolve(given ?? fileURLToPath(new URL('../src', import.meta.url)))
const write = process.argv.includes('--write')
const stale: string[] = []
for (const { folder, table, type, besides } of tables) {
  const others = ['index.ts', 'row.ts', ...besides]
  const rows = readdirSync(join(source, folder))
    .filter((it) => it.endsWith('.ts') && !others.includes(it))
    .sort()
    .map((file) => ({ file, name: file.slice(0, -3).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) }))
  const text = [
    '// Made by scripts/tables.ts (npm run tables) from the files of this folder: a row is added by its file alone.',
    ...rows.map(({ file, name }) => `import { ${name} } from './${file}'`),
    `import type { ${type} } from './row.ts'`,
    '',
    ...listOf(
      `export const ${table}: readonly ${type}[] = `,
      rows.map((it) => it.name),
    ),
    '',
  ].join('\n')
  const path = join(source, folder, 'index.ts')
  if (write) writeFileSync(path, text)
  else if (readFileSync(path, 'utf8') !== text) stale.push(path)
}
if (stale.length > 0) {
  process.stderr.write(`stale: ${stale.join(', ')}; run npm run tables\n`)
  process.exitCode = 1
}

/** As Prettier writes it. */
function listOf(start: string, names: readonly string[]): string[] {
  const line = `${start}[${names.join(', ')}]`
  return line.length <= 120 ? [line] : [`${start}[`, ...names.map((it) => `  ${it},`), ']']
}
