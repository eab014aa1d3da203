/** The CI job around us: which provider's it is, and its OIDC token. */
import { resolve } from 'node:path'
import { CountersignError, option } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { Environment } from '../../platform/environment.ts'
import { readRegularFile } from '../../platform/files.ts'
import type { World } from '../../platform/world.ts'
import { providerRows } from '../../providers/index.ts'
import type { ProviderRow } from '../../providers/row.ts'
import { requestToken } from './token-request.ts'

/** The providers whose mark is in the environment; several for a runner inside another's job. */
function providersIn(env: Environment): readonly ProviderRow[] {
  return providerRows.filter(({ job }) => job !== undefined && env[job.variable] === job.value)
}

/** The provider that the job runs at; undefined where there is none, and where it could be one of several. */
export function detectCi(env: Environment): ProviderRow | undefined {
  const [row, ...others] = providersIn(env)
  return others.length === 0 ? row : undefined
}

/** What says that a program runs in a job, where no provider of the table does: Azure Pipelines, Jenkins and TeamCity set no CI. */
const jobVariables = ['CI', 'TF_BUILD', 'JENKINS_URL', 'TEAMCITY_VERSION'] as const

/** True in a job of a provider in the table, and of any other that says so, in whatever words. */
export function isCi(env: Environment): boolean {
  const isSaid = (name: string): boolean =>
    !['', '0', 'false', 'no', 'off'].includes(env[name]?.trim().toLowerCase() ?? '')
  return providersIn(env).length > 0 || jobVariables.some(isSaid)
}

export interface TokenRequest {
  readonly audience: string
  /** A file that holds the token: a projected one of Kubernetes or SPIFFE, or what another step has written. */
  readonly tokenFile?: string | undefined
  /** Milliseconds for a request with all its repetitions; default `limits.retryBudget`. */
  readonly retryBudget?: number | undefined
}

/** The variable that holds a token for any provider, where the job put one there. */
export const tokenVariable = 'SIGSTORE_ID_TOKEN'

/**
 * The OIDC token of this job, secret and not verified. What is explicit beats what is around: a token file, then
 * SIGSTORE_ID_TOKEN, then the provider that was detected. A source that is there but broken is an error, never a reason to
 * try the next.
 *
 * Errors: `identity-missing`, `identity-request-failed`, and for a token file `path-*`, `input-*`.
 */
export async function obtainToken({ audience, tokenFile, retryBudget }: TokenRequest, world: World): Promise<string> {
  const { env, cwd } = world
  if (tokenFile !== undefined) return fromFile(resolve(cwd, tokenFile))

  const given = env[tokenVariable]?.trim() ?? ''
  if (given !== '') return given

  const row = detectCi(env)
  if (row?.job !== undefined) return requestToken(row, row.job.token, { audience, retryBudget }, world)
  const several = providersIn(env).map(({ title }) => title)
  if (several.length > 0) {
    const message = `the job could be one of ${several.join(' and ')}, and each has its own identity`
    throw new CountersignError('identity-missing', message, {
      hint: `put the token that is meant into ${tokenVariable}`,
    })
  }
  if (isCi(env)) {
    throw new CountersignError('identity-missing', 'this CI provider is not one whose token can be requested', {
      hint: `put an OIDC token for the audience ${JSON.stringify(audience)} into ${tokenVariable}, or use the embedded Sigstore (${option('sigstore')})`,
    })
  }
  throw new CountersignError('identity-missing', 'there is no CI job here that could say who signs')
}

async function fromFile(path: string): Promise<string> {
  // The path is not named in errors: people put the token itself there.
  const bytes = await readRegularFile(path, limits.tokenBytes, 'the identity token file')
  const raw = bytes.toString('utf8').trim()
  if (raw === '') {
    throw new CountersignError('identity-missing', 'the identity token file is empty', {
      hint: 'what fills it is not set in this job, or the step before did not get a token',
    })
  }
  return raw
}
