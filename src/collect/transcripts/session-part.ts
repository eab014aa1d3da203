/** What is kept of a session while it is told. */
import type { AcceptedBy, EditVerdict, TranscriptEdit, TranscriptTokens } from '../../model/transcript.ts'

/** What was told while one id was the current one. */
export interface Part {
  readonly versions: Set<string>
  readonly models: Set<string>
  readonly commits: Set<string>
  first: number
  last: number
  readonly prompts: Prompt[]
  /** How often the same was asked, of those without an id. */
  readonly same: Map<string, number>
  /** By id; those without one are counted. */
  readonly answers: Map<string, TranscriptTokens | undefined>
  readonly edits: EditDraft[]
  readonly shellLines: number[]
}

/** Digest of the text, and what tells it from others. */
interface Prompt {
  readonly digest: string
  readonly key: string
}

export interface EditDraft {
  call: string | undefined
  path: string
  verdict: EditVerdict
  acceptedBy: AcceptedBy | undefined
  lines: readonly number[]
}

/** The edits of one call, and how many results it had. */
export interface CallDraft {
  readonly edits: EditDraft[]
  /** By what is the same where one is told again. */
  readonly told: Map<string, EditDraft>
  results: number
}

/** What a row that stands there twice says of an edit: a tool that goes on from a copy, or broke off while it wrote, repeats rows. */
export function sameEdit({ path, lines }: EditDraft): string {
  return `${lines.length} ${lines[0] ?? ''} ${lines.reduce((sum, it) => sum + it, 0)} ${path}`
}

export function newPart(): Part {
  return {
    ...{ versions: new Set(), models: new Set(), commits: new Set(), first: Infinity, last: -Infinity },
    ...{ prompts: [], same: new Map(), answers: new Map(), edits: [], shellLines: [] },
  }
}

/** Their lines in one piece of memory: a small one for each edit would take more than the lines. */
export function packed(edits: readonly EditDraft[]): TranscriptEdit[] {
  const all = new Float64Array(edits.reduce((sum, it) => sum + it.lines.length, 0))
  let at = 0
  return edits.map((edit) => {
    const lines = all.subarray(at, (at += edit.lines.length))
    lines.set(edit.lines)
    return { ...edit, lines }
  })
}
