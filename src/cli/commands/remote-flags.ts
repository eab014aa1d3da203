/** The flags that say what is fetched and who is asked, for every command that looks at the commits of a release. */
import type { Command } from 'commander'
import type { StatementRequest } from '../../attest.ts'
import { fetchedRemotes, repeated } from '../flags.ts'

type RemotesRequest = Pick<StatementRequest, 'fetch' | 'forgeTokenFile' | 'forgeApi'>

/** The flags as commander gives them. */
export interface RemoteFlags {
  readonly fetch?: true
  readonly fetchFrom?: string[]
  readonly forgeTokenFile?: string
  readonly forgeApi?: string
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
}

/** Flags → the part of a request. */
export function remotesRequest(flags: RemoteFlags): RemotesRequest {
  const { forgeTokenFile, forgeApi } = flags
  const fetch = fetchedRemotes(flags)
  return {
    ...(fetch === undefined ? {} : { fetch }),
    ...(forgeTokenFile === undefined ? {} : { forgeTokenFile }),
    ...(forgeApi === undefined ? {} : { forgeApi }),
  }
}
