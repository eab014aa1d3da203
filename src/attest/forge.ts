/** The forge of the repository, where a token for its API is given: it knows of which request a change came, and who reviewed it. */
import { resolve } from 'node:path'
import type { ForgeContext } from '../collect/forge/context-row.ts'
import type { Forge } from '../collect/forge/row.ts'
import type { ToolTable } from '../collect/sessions/tools.ts'
import { CountersignError, option } from '../errors.ts'
import type { World } from '../platform/world.ts'
import type { StatementRequest } from './request.ts'
import { tokenIn } from './token-file.ts'

/** The part of a request that says it. */
export type ForgeOptions = Pick<StatementRequest, 'forgeTokenFile' | 'forgeApi' | 'fetch'>

export interface AskedForge {
  /** Of which requests changes came; undefined where nothing is fetched, or this forge does not say it. */
  readonly requests: Forge | undefined
  /** What it says of them. Questions are asked within `during`, so that they are bounded together with the others. */
  context<T>(tools: ToolTable, use: (context: ForgeContext) => Promise<T>): Promise<T>
}

/**
 * Undefined where nobody asks for it. `remote` is the address of the repository, without credentials; `readsContext` says whether
 * what a forge says of requests goes anywhere. Errors: `usage`, `input-too-large`, and those of reading a file.
 */
export async function askedForge(
  { forgeTokenFile, forgeApi, fetch }: ForgeOptions,
  remote: string | undefined,
  readsContext: boolean,
  world: World,
): Promise<AskedForge | undefined> {
  if (forgeTokenFile === undefined) {
    if (forgeApi !== undefined) throw needs('forgeApi', 'forgeTokenFile')
    return undefined
  }
  const fetches = fetch !== undefined && fetch.length > 0
  // Which requests there were is of no use without their commits, and the rest of none where it is not written.
  if (!fetches && !readsContext) throw needs('forgeTokenFile', 'fetch')
  const { accountAt, forgeAddress, hostOfApi, openAsking, openForge } = await import('./forge-parts.ts')
  const address = forgeAddress(remote, forgeApi)
  const { row, api, repository } = address
  const token = await tokenIn(resolve(world.cwd, forgeTokenFile), 'the forge’s token', 'forgeTokenFile')
  const asking = openAsking({ api, headers: row.headers }, token, world)
  return {
    requests: fetches ? openForge(address, asking, world) : undefined,
    context: (tools, use) => {
      const account = accountAt(hostOfApi(api), tools)
      return asking.during(() => use(row.context({ asking, repository, account })))
    },
  }
}

function needs(one: 'forgeApi' | 'forgeTokenFile', other: 'forgeTokenFile' | 'fetch'): CountersignError {
  return new CountersignError('usage', `${option(one)} needs ${option(other)}`, { option: other })
}
