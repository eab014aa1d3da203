/** A log of reasoning as a file or text, and a short page of it beside the code. */
import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import type { NamedLog, ReasoningLog } from '../model/reasoning-log.ts'
import { writeWholeFile } from '../platform/files.ts'
import { typesetPdf } from '../platform/typst.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { renderReasoning } from '../report/reasoning/render.ts'
import type { ReasoningFormat } from '../report/reasoning/render.ts'
import { reasoningSummary, summaryFileName } from '../report/reasoning/summary.ts'
import { typstData, typstSource } from '../report/reasoning/typst.ts'

export interface ReasoningOutput {
  readonly format: ReasoningFormat
  readonly out?: { readonly path: string; readonly whenPresent?: 'replace' | 'refuse' }
  /** A folder for a page without texts, named as the end of the release; one that is there is replaced. */
  readonly summaries?: string
  readonly world?: Partial<World>
}

export interface WrittenReasoning {
  /** Undefined for PDF. */
  readonly text: string | undefined
  /** Of the bytes in that form: what `reasoningLog` of `attest` signs. */
  readonly sha256: string
  /** Whether these are the bytes that the bundle names; undefined where it names none. */
  readonly isSigned: boolean | undefined
}

/**
 * The same log gives the same bytes. Of a bundle that names the log of its range that one is written, to the byte, where all that stood in it
 * is found again; else the log of the bundle. Errors: `pdf-package-missing`, `pdf-failed`, `output-exists`, `output-failed`.
 *
 * @example
 * ```ts
 * import { collectReasoningLog } from 'countersign/attest'
 * import { writeReasoningLog } from 'countersign/report'
 *
 * const log = await collectReasoningLog({ range: { network: 'none' } })
 * const { sha256 } = await writeReasoningLog(log, { format: 'html' })
 * console.log(sha256.length) // 64
 * ```
 */
export async function writeReasoningLog(
  log: ReasoningLog,
  { format, out, summaries, world }: ReasoningOutput,
): Promise<WrittenReasoning> {
  const { cwd } = worldOf(world)
  const before = log.signed === undefined ? undefined : rendered(beforeSigning(log, log.signed), format)
  const isSigned = before === undefined ? undefined : digestOf(before) === log.signed?.sha256
  const bytes = before !== undefined && isSigned === true ? before : rendered(log, format)
  if (out !== undefined) await writeWholeFile(resolve(cwd, out.path), bytes, { present: out.whenPresent ?? 'refuse' })
  if (summaries !== undefined) {
    const page = reasoningSummary(log, digestOf(renderReasoning(log, 'markdown')))
    const path = join(resolve(cwd, summaries), summaryFileName(log.of.name))
    await writeWholeFile(path, page, { present: 'replace', folders: 'make' })
  }
  return { text: typeof bytes === 'string' ? bytes : undefined, sha256: digestOf(bytes), isSigned }
}

function rendered(log: ReasoningLog, format: ReasoningFormat): string | Uint8Array {
  return format === 'pdf' ? typesetPdf(typstSource, { data: typstData(log) }) : renderReasoning(log, format)
}

/** As it was written of the range: then nothing was signed that a record could have been held against. */
function beforeSigning(log: ReasoningLog, { until, unclaimed }: NamedLog): ReasoningLog {
  return {
    ...log,
    of: { kind: 'range', name: until, verified: false },
    unclaimed,
    notLooked: undefined,
    sessions: log.sessions.map((it) => {
      // There somebody had looked.
      if (it.record === 'not-looked') return { ...it, record: 'missing' }
      return it.record === 'signed' ? { ...it, record: 'unpinned' } : it
    }),
  }
}

function digestOf(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
