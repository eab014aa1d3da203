/**
 * CircleCI (circleci.com/docs/openid-connect-tokens, "custom claims"). The tokens in CIRCLE_OIDC_TOKEN and its _V2 have the
 * organisation as their audience and are of no use to Sigstore; the job's own program gives one for another audience.
 */
import { limits } from '../../model/limits.ts'
import type { CiRow } from './row.ts'
import { runProgram } from './run.ts'

export const circleci: CiRow = {
  id: 'circleci',
  title: 'CircleCI',
  detect: (env) => env['CIRCLECI'] === 'true',

  async requestToken({ env, audience, run = runProgram, timeout = limits.identityTimeout }) {
    const args = ['run', 'oidc', 'get', '--claims', JSON.stringify({ aud: audience })]
    return (await run('circleci', args, { env, timeout, maxBytes: limits.tokenBytes })).trim()
  },
}
