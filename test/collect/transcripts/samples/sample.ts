/** Invented transcripts, and what must come of them. */

export interface Sample {
  /** What is shown of it. */
  readonly title: string
  readonly format: string
  /** As the file is called below its folder. */
  readonly name: string
  readonly text: string
  readonly told: Told
}

/** What a transcript tells, without what it does not. */
export interface Told {
  readonly session?: string
  readonly agent?: string
  readonly parent?: string | null
  readonly versions?: readonly string[]
  readonly models?: readonly string[]
  readonly times?: readonly [string, string]
  readonly turns?: number
  readonly iterations?: number
  readonly tokens?: object
  /** `path verdict acceptedBy lines` */
  readonly edits?: readonly string[]
  readonly shellLines?: number
  readonly problems?: readonly string[]
}

export const one = '11111111-1111-4111-8111-111111111111'
export const two = '22222222-2222-4222-8222-222222222222'

/** A minute of an invented day. */
export const at = (minute: number): string => `2026-03-01T10:${String(minute).padStart(2, '0')}:00.000Z`

export const rows = (...all: readonly object[]): string => all.map((it) => `${JSON.stringify(it)}\n`).join('')
