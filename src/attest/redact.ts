/** Redaction of files that somebody names: before they are committed, or kept. */
import { relative, resolve } from 'node:path'
import { ruleSet } from '../collect/redact/rule-set.ts'
import { redactionRules } from '../collect/redact/secrets.ts'
import { redactSource } from '../collect/transcripts/redact-source.ts'
import { CountersignError } from '../errors.ts'
import { limits } from '../model/limits.ts'
import { redactionReportType } from '../model/redaction-report.ts'
import type { RedactionReport } from '../model/redaction-report.ts'
import { readRegularFile, writeWholeFile } from '../platform/files.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'

export interface RedactRequest {
  /** Paths, which start at the world's `cwd`, or the bytes of standard input; what is written or returned as text is the first of them. */
  readonly files: readonly (string | Uint8Array)[]
  /** The redacted form of the only file is written there. */
  readonly out?: { readonly path: string; readonly whenPresent?: 'replace' | 'refuse' }
  readonly world?: Partial<World>
}

export interface Redaction {
  readonly report: RedactionReport
  /** The first file without its secrets. */
  readonly text: string
}

/**
 * Texts without their secrets, and where those stood. A transcript in rows comes out as its record has it. Errors: `usage` (no file, or
 * several and `out`), `path-*`, `input-too-large` above 64 MiB, `input-unreadable`, `text-binary`, `output-exists`, `output-failed`.
 *
 * @example
 * ```ts
 * import { redact } from 'countersign/attest'
 *
 * const { text, report } = await redact({ files: [new TextEncoder().encode('no secret is in it')] })
 * console.log(report.files[0]?.count, text) // 0 no secret is in it
 * ```
 */
export async function redact({ files, out, world }: RedactRequest): Promise<Redaction> {
  const { cwd } = worldOf(world)
  if (files.length === 0 || (files.length > 1 && out !== undefined)) {
    throw new CountersignError('usage', files.length === 0 ? 'name a file' : 'only one file can be written to a place')
  }
  const told: RedactionReport['files'] = []
  let first: string | undefined
  for (const file of files) {
    const isPath = typeof file === 'string'
    const name = isPath ? file : '-'
    const what = isPath ? JSON.stringify(relative(cwd, resolve(cwd, file)) || '.') : 'standard input'
    const bytes = isPath ? await readRegularFile(resolve(cwd, file), limits.redactedBytes, what) : file
    if (bytes.length > limits.redactedBytes) throw new CountersignError('input-too-large', `${what} is too large`)
    const { text, form, count, paths, places } = await redactSource(bytes, what)
    first ??= text
    told.push({ name, form, count, paths, places })
  }
  const text = first ?? ''
  if (out !== undefined) {
    await writeWholeFile(resolve(cwd, out.path), text, { present: out.whenPresent ?? 'refuse' })
  }
  return {
    text,
    report: { type: redactionReportType, rules: redactionRules, ruleSet: { sha256: ruleSet }, files: told },
  }
}
