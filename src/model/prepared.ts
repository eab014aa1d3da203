/**
 * A statement that was made and could not be signed, kept until the services are back (`attest --on-outage defer`).
 * Published as `schemas/prepared/v1`.
 *
 * The file proves nothing and is believed in nothing: whoever can edit it can also recompute its digest. What keeps one job
 * from signing another one's statement is that the statement must say what the fresh token says (`predicates/token-match`),
 * before anything is signed. The digest only tells damage from intent, and the identity only gives a better error.
 */
import * as z from 'zod/mini'
import { CountersignError, option } from '../errors.ts'
import type { VerifiedToken } from './facts.ts'
import { parseJson, renameFailure } from './json.ts'
import { limits } from './limits.ts'
import { issueText } from './statement.ts'

export const preparedType = 'https://w3id.org/countersign/prepared/v1'

const text = (): z.ZodMiniString => z.string().check(z.maxLength(limits.identityCharacters))
const said = z.nullable(text())

/** For whom it was built; null is "the token does not say". */
const preparedIdentity = z.strictObject({
  signer: text(),
  issuer: text(),
  source: said,
  ref: said,
  commit: said,
  trigger: said,
  /** The run with its attempt: the provenance names it, so no other run can sign it, and another attempt only where that is asked for. */
  run: said,
})
export type PreparedIdentity = z.infer<typeof preparedIdentity>

export const prepared = z.strictObject({
  type: z.literal(preparedType),
  /** RFC 3339, UTC. */
  preparedAt: z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/)),
  tool: z.strictObject({ countersign: text() }),
  statement: z.strictObject({
    /** The very bytes that will be signed. */
    base64: z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/)),
    /** Of these bytes, lower-case hex. */
    sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  }),
  identity: preparedIdentity,
  /**
   * Name of the bundle file beside this one: a name and no path, so that an edited file writes nowhere else. Whether an
   * existing bundle may be replaced is never said here, only by the person who resumes.
   */
  output: z.string().check(z.minLength(1), z.maxLength(255), z.regex(/^(?!\.{1,2}$)[^/\\\p{Cc}]+$/u)),
})
export type Prepared = z.infer<typeof prepared>

/** Bytes of such a file → its content. Its digest is not checked here. Error: `prepared-malformed`. */
export function parsePrepared(bytes: Uint8Array): Prepared {
  const json = renameFailure(
    () => parseJson(bytes, 'the prepared statement', limits.preparedBytes),
    'prepared-malformed',
  )
  const parsed = prepared.safeParse(json)
  if (!parsed.success) {
    throw new CountersignError('prepared-malformed', `the prepared statement is malformed: ${issueText(parsed.error)}`)
  }
  return parsed.data
}

/** The identity of a token, as far as a statement depends on it. */
export function preparedIdentityOf({
  issuer,
  identity: { subjectAlternativeName, extensions },
}: VerifiedToken): PreparedIdentity {
  return {
    signer: subjectAlternativeName.value,
    issuer,
    source: extensions.sourceRepositoryUri ?? null,
    ref: extensions.sourceRepositoryRef ?? null,
    commit: extensions.sourceRepositoryDigest ?? null,
    trigger: extensions.buildTrigger ?? null,
    run: extensions.runInvocationUri ?? null,
  }
}

/**
 * A run without its attempt, where its address tells the two apart (GitHub Actions); else as it is. GitLab, for one, gives a job
 * that is tried again another number, so nothing there says that two of them are attempts of one.
 */
export function withoutAttempt(run: string | null): string | null {
  return run === null
    ? null
    : run.replace(/^(https:\/\/[^/?#]+\/[^/?#]+\/[^/?#]+\/actions\/runs\/\d+)\/attempts\/\d+$/, '$1')
}

/** Whether two are of one job of one run, whichever attempt each is. */
export function areAttempts(one: PreparedIdentity, other: PreparedIdentity): boolean {
  return differencesBetween(attemptless(one), attemptless(other)).length === 0
}

function attemptless(identity: PreparedIdentity): PreparedIdentity {
  return { ...identity, run: withoutAttempt(identity.run) }
}

/** Error: `prepared-identity-mismatch`, naming everything that differs; with `any` an attempt of the same run may. */
export function requireSameIdentity(before: PreparedIdentity, now: PreparedIdentity, attempt: 'same' | 'any'): void {
  if (attempt === 'any' && areAttempts(before, now)) return
  const differences = differencesBetween(before, now)
  if (differences.length === 0) return
  throw new CountersignError(
    'prepared-identity-mismatch',
    `the statement was prepared for another identity: ${differences.join('; ')}`,
    attempt === 'same' && areAttempts(before, now)
      ? { option: 'attempt', hint: `it was another attempt of this run: let any of them sign (${option('attempt')})` }
      : {},
  )
}

function differencesBetween(before: PreparedIdentity, now: PreparedIdentity): string[] {
  const names = Object.keys(now) as (keyof PreparedIdentity)[]
  return names
    .filter((name) => before[name] !== now[name])
    .map((name) => `${name} was ${before[name] ?? 'not said'} and is ${now[name] ?? 'not said'}`)
}
