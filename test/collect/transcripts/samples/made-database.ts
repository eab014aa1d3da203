/** Databases of the tests, made anew in a folder that is gone afterwards. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { onTestFinished } from 'vitest'

export function madeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'made-database-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

export function madeDatabase(sql: string, name = 'made.db', folder = madeFolder()): string {
  const path = join(folder, name)
  const database = new DatabaseSync(path)
  database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY')
  database.exec(sql)
  database.close()
  return path
}

/** A value as SQL writes it. */
export function quoted(value: unknown): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number') return String(value)
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `'${text.replaceAll("'", "''")}'`
}

export function insert(table: string, ...rows: readonly (readonly unknown[])[]): string {
  return rows.map((row) => `INSERT INTO ${table} VALUES (${row.map(quoted).join(', ')});`).join('\n')
}
