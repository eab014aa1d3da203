/**
 * What is told of a verdict that is no pass, to an address that the job names. Published as `schemas/alert/v1`. The schemas are functions for
 * the reason that `verdict.ts` gives. It leaves the house, so what was expected and found stays in the verdict: that may name a person.
 */
import * as z from 'zod/mini'
import { errorCodes } from '../errors.ts'
import { sha256Hex } from './digest.ts'

export const alertType = 'https://w3id.org/countersign/alert/v1'

export const alertingCommands = ['verify', 'vsa-verify', 'gate'] as const
export type AlertingCommand = (typeof alertingCommands)[number]

const sha256 = () => z.string().check(z.regex(/^[0-9a-f]{64}$/))

/** A rule that an artifact does not meet, however many rows of it fail. */
const alertFailure = () =>
  z.object({
    /** Of rule, artifact and outcome: the same in every run in which that is so. */
    key: sha256(),
    /** That fails; where none was asked, the code. */
    rule: z.string(),
    outcome: z.enum(['fail', 'undecided']),
    /** Absent where the command ended before it had one. */
    artifact: z.optional(z.object({ name: z.string(), digest: z.record(z.string(), z.string()) })),
    code: z.enum(errorCodes),
    /** Rows of the rule that fail: at least 1. */
    times: z.number(),
    /** Part of the release that the first of them looked at; absent for the whole of it. */
    at: z.optional(
      z.object({
        commit: z.optional(z.string()),
        path: z.optional(z.string()),
        session: z.optional(z.string()),
      }),
    ),
    /** What a person can do, in our own words. */
    hint: z.optional(z.string()),
  })
export type AlertFailure = z.infer<ReturnType<typeof alertFailure>>

export const alert = () =>
  z.object({
    type: z.literal(alertType),
    /** Of a single failure its `key`; of several, the digest of all keys. */
    idempotencyKey: sha256(),
    /** RFC 3339, UTC: when it was made. */
    time: z.string(),
    command: z.enum(alertingCommands),
    /** `fail` if anything is a no. */
    outcome: z.enum(['fail', 'undecided']),
    /** The first ones, at most as many as `limits.alertFailures`. */
    failures: z.array(alertFailure()),
    /** Failures that are not among these. */
    more: z.number(),
  })
export type Alert = z.infer<ReturnType<typeof alert>>

/** An artifact as a verdict names it. */
interface NamedArtifact {
  readonly name: string
  readonly digest: { readonly [algorithm: string]: string }
}

/** The digest of a failure; an artifact is its digest, and where it has none its name. */
export function failureKey(
  rule: string,
  artifact: NamedArtifact | undefined,
  outcome: AlertFailure['outcome'],
): string {
  return sha256Hex(JSON.stringify([alertType, rule, artifactId(artifact), outcome]))
}

/** Of all failures; neither their order nor how often one is told makes another one. */
export function alertKey(keys: Iterable<string>): string {
  const all = [...new Set(keys)].sort()
  const [first] = all
  return all.length === 1 && first !== undefined ? first : sha256Hex(JSON.stringify([alertType, ...all]))
}

/** By one digest, so that a run which made others too says the same. */
function artifactId(artifact: NamedArtifact | undefined): readonly string[] {
  if (artifact === undefined) return []
  const { name, digest } = artifact
  const sha256 = Object.hasOwn(digest, 'sha256') ? digest['sha256'] : undefined
  if (sha256 !== undefined) return ['sha256', sha256]
  const [other] = Object.entries(digest).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return other ?? ['name', name]
}
