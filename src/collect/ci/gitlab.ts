/**
 * GitLab CI (docs.gitlab.com, "OpenID Connect authentication using ID tokens"): the job file asks for the token, the runner
 * puts it into the environment. Nothing can be requested later, so the audience stands in the job file.
 */
import { CountersignError } from '../../errors.ts'
import type { CiRow } from './row.ts'

export const gitlab: CiRow = {
  id: 'gitlab',
  title: 'GitLab CI',
  detect: (env) => env['GITLAB_CI'] === 'true',

  requestToken({ env, audience }) {
    const token = env['SIGSTORE_ID_TOKEN']?.trim() ?? ''
    if (token !== '') return Promise.resolve(token)
    const lines = `id_tokens: { SIGSTORE_ID_TOKEN: { aud: ${JSON.stringify(audience)} } }`
    return Promise.reject(
      new CountersignError('identity-missing', 'this GitLab job has no ID token', { hint: `add to the job: ${lines}` }),
    )
  },
}
