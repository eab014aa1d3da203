/** The flags that say which portal is asked about sessions, for every command that looks at the commits of a release. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { portalAdapters } from '../../attest.ts'
import type { StatementRequest } from '../../attest.ts'

type PortalRequest = Pick<StatementRequest, 'portal' | 'portalAdapter' | 'portalTokenFile'>

/** The flags as commander gives them. */
export interface PortalFlags {
  readonly portal?: string
  readonly portalAdapter?: (typeof portalAdapters)[number]
  readonly portalTokenFile?: string
}

/** Adds them. */
export function withPortalOptions(command: Command): Command {
  return command
    .option('--portal <URL>', 'a portal that is asked about the sessions; its answers are pinned by their digest')
    .addOption(
      new Option('--portal-adapter <NAME>', 'with portal: which kind it is (default contract)').choices(portalAdapters),
    )
    .option('--portal-token-file <FILE>', 'with portal: the token for it')
}

/** Flags → the part of a request. */
export function portalRequest({ portal, portalAdapter, portalTokenFile }: PortalFlags): PortalRequest {
  return {
    ...(portal === undefined ? {} : { portal }),
    ...(portalAdapter === undefined ? {} : { portalAdapter }),
    ...(portalTokenFile === undefined ? {} : { portalTokenFile }),
  }
}
