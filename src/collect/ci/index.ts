/** The CI providers that give a job an OIDC token, and how a token is come by. */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { readRegularFile } from '../../platform/regular-file.ts'
import { buildkite } from './buildkite.ts'
import { circleci } from './circleci.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import type { CiContext, CiRow, Environment } from './row.ts'

export const ciRows: readonly CiRow[] = [github, gitlab, buildkite, circleci]

/** The provider that the job runs at; of several (a runner inside another's job), the first of the table. */
export function detectCi(env: Environment): CiRow | undefined {
  return ciRows.find((row) => row.detect(env))
}

/** True in a job of a provider in the table, and of any other that sets CI. */
export function isCi(env: Environment): boolean {
  return detectCi(env) !== undefined || env['CI'] === 'true' || env['CI'] === '1'
}

export interface TokenRequest extends CiContext {
  /** A file that holds the token: a projected one of Kubernetes or SPIFFE, or what another step has written. */
  readonly tokenFile?: string | undefined
}

/** `raw` is secret and not verified. `from` says where it came from, for people. */
export interface ObtainedToken {
  readonly raw: string
  readonly from: string
}

/**
 * The OIDC token of this job. What is explicit beats what is around: a token file, then SIGSTORE_ID_TOKEN, then the
 * provider that was detected. A source that is there but broken is an error, never a reason to try the next.
 *
 * Errors: `identity-missing`, `identity-request-failed`, and for a token file `path-*`, `input-*`.
 */
export async function obtainToken(request: TokenRequest): Promise<ObtainedToken> {
  const { env, audience, tokenFile } = request
  if (tokenFile !== undefined) return { raw: await fromFile(tokenFile, request), from: 'the identity token file' }

  const given = env['SIGSTORE_ID_TOKEN']?.trim() ?? ''
  if (given !== '') return { raw: given, from: 'SIGSTORE_ID_TOKEN' }

  const row = detectCi(env)
  if (row !== undefined) {
    const raw = await row.requestToken(request)
    if (raw === '') throw new CountersignError('identity-request-failed', `${row.title} gave an empty token`)
    return { raw, from: row.title }
  }
  if (isCi(env)) {
    throw new CountersignError('identity-missing', 'this CI provider is not one whose token can be requested', {
      hint: `put an OIDC token for the audience ${JSON.stringify(audience)} into SIGSTORE_ID_TOKEN, or use --sigstore local`,
    })
  }
  throw new CountersignError('identity-missing', 'there is no CI job here that could say who signs')
}

async function fromFile(path: string, { readFile = readRegularFile }: TokenRequest): Promise<string> {
  // The path is not named in errors: people put the token itself there.
  const bytes = await readFile(path, limits.tokenBytes, 'the identity token file')
  const raw = Buffer.from(bytes).toString('utf8').trim()
  if (raw === '') throw new CountersignError('identity-missing', 'the identity token file is empty')
  return raw
}
