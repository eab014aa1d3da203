/** Buildkite (buildkite.com/docs/agent/v3/cli-oidc): the agent beside the job gives the token. */
import { limits } from '../../model/limits.ts'
import type { CiRow } from './row.ts'
import { runProgram } from './run.ts'

export const buildkite: CiRow = {
  id: 'buildkite',
  title: 'Buildkite',
  detect: (env) => env['BUILDKITE'] === 'true',

  async requestToken({ env, audience, run = runProgram, timeout = limits.identityTimeout }) {
    const args = ['oidc', 'request-token', '--audience', audience]
    return (await run('buildkite-agent', args, { env, timeout, maxBytes: limits.tokenBytes })).trim()
  },
}
