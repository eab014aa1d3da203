/** What is kept of a session while it is told. */
import type { AcceptedBy, EditVerdict, TranscriptTokens } from '../../model/transcript.ts'

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
  results: number
}
