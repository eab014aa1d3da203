/** The forge of the repository, where a token for its API is given: it knows of which request a change came that names none. */
import { forgeAddress } from '../collect/forge/api-address.ts'
import { openForge } from '../collect/forge/ask-forge.ts'
import type { Forge } from '../collect/forge/row.ts'
import { CountersignError, option } from '../errors.ts'
import type { World } from '../platform/world.ts'
import type { StatementRequest } from './request.ts'
import { readTokenFile } from './token-file.ts'

/** The part of a request that says it. */
export type ForgeOptions = Pick<StatementRequest, 'forgeTokenFile' | 'forgeApi' | 'fetch'>

/**
 * Undefined where nobody asks for it. `remote` is the address of the repository, without credentials. Errors: `usage`, `input-too-large`,
 * and those of reading a file.
 */
export async function askedForge(
  { forgeTokenFile, forgeApi, fetch }: ForgeOptions,
  remote: string | undefined,
  world: World,
): Promise<Forge | undefined> {
  if (forgeTokenFile === undefined) {
    if (forgeApi !== undefined) throw needs('forgeApi', 'forgeTokenFile')
    return undefined
  }
  // What a forge names is of no use without the commits.
  if (fetch === undefined || fetch.length === 0) throw needs('forgeTokenFile', 'fetch')
  const address = forgeAddress(remote, forgeApi)
  const what = 'the file of the forge’s token'
  const token = await readTokenFile(forgeTokenFile, { cwd: world.cwd, what, asked: 'forgeTokenFile' })
  return openForge(address, token, world)
}

function needs(one: 'forgeApi' | 'forgeTokenFile', other: 'forgeTokenFile' | 'fetch'): CountersignError {
  return new CountersignError('usage', `${option(one)} needs ${option(other)}`, { option: other })
}
