/** Claim sets as the CI providers' OIDC issuers write them, for tests and the demonstration. */
import type { Claims } from '../model/provider.ts'
import { providerRows } from '../providers/index.ts'
import type { ClaimInputs, SampleJob } from '../providers/sample.ts'

/** A token of no CI provider: a person with a verified e-mail address. */
const generic = 'generic'

/** The ids that `providerClaims` takes. */
export const claimKinds: readonly string[] = [...providerRows.map(({ id }) => id), generic]

/**
 * All claims of a token but iss, aud and times, which the issuer sets: a few facts in, the claims that depend on each other
 * derived from them. What a token says beyond is added by spreading. Throws TypeError for an unknown provider.
 */
export function providerClaims(provider: string, inputs: ClaimInputs = {}): Claims {
  const job: SampleJob = {
    ...inputs,
    repository: inputs.repository ?? (provider === 'local' ? 'https://github.com/acme/widget' : 'acme/widget'),
    ref: inputs.ref ?? 'refs/heads/main',
    sha: inputs.sha ?? '0123456789abcdef0123456789abcdef01234567',
    runId: inputs.runId ?? '7300000001',
  }
  const row = providerRows.find(({ id }) => id === provider)
  if (row !== undefined) return row.sampleClaims(job)
  if (provider !== generic) throw new TypeError('there is no such provider')
  const address = job.email ?? 'dev@acme.example'
  // Clients disagree on which of the two to sign as proof of possession, so both say the same.
  return { sub: address, email: address, email_verified: true }
}
