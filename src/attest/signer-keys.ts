/** The keys of people, from the files that the caller names. */
import { resolve } from 'node:path'
import { readSignerKeys } from '../collect/signatures/index.ts'
import type { SignerKeys } from '../collect/signatures/index.ts'
import { limits } from '../model/limits.ts'
import { readRegularFile } from '../platform/files.ts'
import type { World } from '../platform/world.ts'
import type { StatementRequest } from './request.ts'

/**
 * Undefined where no file is named. Errors: `allowed-signers-malformed`, `keyring-malformed`, and those of reading a file: before
 * anything else is done, so that nobody waits for a release to learn of a slip.
 */
export async function signerKeysOf(
  { allowedSigners, keyring }: Pick<StatementRequest, 'allowedSigners' | 'keyring'>,
  { cwd }: World,
): Promise<SignerKeys | undefined> {
  if (allowedSigners === undefined && keyring === undefined) return undefined
  const read = async (path: string | undefined, most: number, what: string): Promise<Buffer | undefined> =>
    path === undefined ? undefined : readRegularFile(resolve(cwd, path), most, what)
  const allowed = await read(allowedSigners, limits.allowedSignersBytes, 'the file of allowed signers')
  const keys: SignerKeys = {
    allowedSigners: allowed?.toString('utf8'),
    keyring: await read(keyring, limits.keyringBytes, 'the keyring'),
  }
  readSignerKeys(keys)
  return keys
}
