/** The flags that say what is fetched and who is asked, for every command that looks at the commits of a release. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { trackerSystems } from '../../attest.ts'
import type { StatementRequest, TrackerSystem } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import { fetchedRemotes, repeated } from '../flags.ts'

type RemotesRequest = Pick<StatementRequest, 'fetch' | 'forgeTokenFile' | 'forgeApi' | 'tracker'>

/** The flags as commander gives them. */
export interface RemoteFlags {
  readonly fetch?: true
  readonly fetchFrom?: string[]
  readonly forgeTokenFile?: string
  readonly forgeApi?: string
  readonly trackerSystem?: TrackerSystem
  readonly trackerApi?: string
  readonly trackerTokenFile?: string
}

/** Adds them. */
export function withRemoteOptions(command: Command): Command {
  return command
    .option('--fetch', 'fetch notes, checkpoints and heads of requests from origin, for this run alone')
    .option('--fetch-from <REMOTE>', 'the same from another remote, by its name or https address, repeatable', repeated)
    .option(
      '--forge-token-file <FILE>',
      'a token of the forge: with fetch it is asked of which request a change came, and for the changes who reviewed it and what ran',
    )
    .option(
      '--forge-api <URL>',
      'the API of a forge of your own: https://HOST/api/v3 of GitHub, https://HOST/api/v4 of GitLab',
    )
    .addOption(
      new Option(
        '--tracker-system <NAME>',
        'a tracker that is asked what tickets are part of, with the next two',
      ).choices(trackerSystems),
    )
    .option(
      '--tracker-api <URL>',
      'its API: https://HOST/rest/api/3 of Jira, https://api.linear.app/graphql, that of a forge',
    )
    .option('--tracker-token-file <FILE>', 'a token for it, which goes nowhere else')
}

/** Flags → the part of a request. */
export function remotesRequest(flags: RemoteFlags): RemotesRequest {
  const { forgeTokenFile, forgeApi } = flags
  const fetch = fetchedRemotes(flags)
  const tracker = trackerIn(flags)
  return {
    ...(fetch === undefined ? {} : { fetch }),
    ...(forgeTokenFile === undefined ? {} : { forgeTokenFile }),
    ...(forgeApi === undefined ? {} : { forgeApi }),
    ...(tracker === undefined ? {} : { tracker }),
  }
}

/** All three or none. Error: `usage`. */
function trackerIn(flags: RemoteFlags): RemotesRequest['tracker'] {
  const { trackerSystem: system, trackerApi: api, trackerTokenFile: tokenFile } = flags
  if (system !== undefined && api !== undefined && tokenFile !== undefined) return { system, api, tokenFile }
  if (system === undefined && api === undefined && tokenFile === undefined) return undefined
  throw new CountersignError('usage', '--tracker-system, --tracker-api and --tracker-token-file go together', {
    option: 'tracker',
  })
}
