/**
 * A session record in a repository: the redacted transcript of one session as a commit without a parent, under a ref that is named by the
 * SHA-256 of these bytes. Its card says what they are of; nothing of a card raises a level, for whoever writes it can write anything.
 */
import * as z from 'zod/mini'
import { editVerdicts } from './transcript.ts'

/** Below it: the digest, in lower-case hex. */
export const recordRefs = 'refs/countersign/sessions/'

export function recordRef(digest: string): string {
  return `${recordRefs}${digest}`
}

/**
 * The files of its tree; the bundle is there only where the digest was signed under a certificate, and the last two only where it replaces
 * another record.
 */
export const recordFiles = {
  ...{ transcript: 'record.jsonl', card: 'record.json', bundle: 'record.sigstore.json' },
  ...{ redaction: 'redaction.json', redactionBundle: 'redaction.sigstore.json' },
} as const

const sha256 = z.object({ sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) })
const count = z.number().check(z.int(), z.minimum(0))
const time = z.string().check(z.maxLength(40))

/** Edits that a card lists; of more it says how many. */
export const mostCardEdits = 10_000

export const recordCard = z.looseObject({
  format: z.string().check(z.maxLength(100)),
  digest: sha256,
  bytes: count,
  tool: z.string().check(z.maxLength(100)),
  session: z.string().check(z.maxLength(512)),
  /** The name of the transcript, without its folder, by which some formats tell the session; absent where it cannot be published. */
  file: z.optional(z.string().check(z.maxLength(200))),
  /** The id of a subagent within the session. */
  agent: z.optional(z.string().check(z.maxLength(512))),
  parent: z.optional(z.nullable(z.string().check(z.maxLength(512)))),
  role: z.optional(z.string()),
  toolVersions: z.optional(z.array(z.string())),
  models: z.array(z.string()),
  startedAt: z.optional(time),
  endedAt: z.optional(time),
  turns: count,
  iterations: count,
  tokens: z.optional(
    z.object({
      input: z.optional(count),
      output: z.optional(count),
      cacheRead: z.optional(count),
      cacheWrite: z.optional(count),
    }),
  ),
  /** Hash over what was asked, and the salt of it. */
  prompts: z.optional(z.object({ hash: z.string(), salt: z.string() })),
  edits: z.array(
    z.object({
      /** From the root of the repository; absent for a file outside of it. */
      path: z.optional(z.string()),
      verdict: z.enum(editVerdicts),
      acceptedBy: z.optional(z.enum(['person', 'setting'])),
      /** Lines that count: with ten letters and digits or more. */
      lines: count,
    }),
  ),
  /** Edits beyond those that are listed. */
  editsBeyond: z.optional(count),
  /** Secrets that were taken out, and paths of a machine that are told another way. */
  redaction: z.looseObject({ rules: z.string(), count, paths: z.optional(count) }),
  /** The older record that this one replaces, as its redaction says. */
  replaces: z.optional(z.looseObject({ digest: sha256, reason: z.string().check(z.maxLength(1_000)) })),
  /** What steered agents in the checkout when the record was made: names and digests alone. */
  aiConfiguration: z.optional(z.looseObject({ edition: z.unknown(), digest: sha256 })),
})
export type RecordCard = z.infer<typeof recordCard>

/** The file, byte for byte. */
export function cardText(card: RecordCard): string {
  return `${JSON.stringify(card)}\n`
}
