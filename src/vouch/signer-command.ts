/** A program that holds the key of an issuer: a client of a key service, of a token, of an agent. */
import { CountersignError } from '../errors.ts'
import { limits } from '../model/limits.ts'
import { runFed } from '../platform/program.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import type { NamedKey } from './key-file.ts'
import type { ReceiptSigner } from './receipt-signer.ts'

/**
 * The program reads the bytes to be signed, and writes the bare signature. It gets the environment of this process, and no shell reads
 * its arguments; its standard error is dropped, since it may hold a token. Error, when it signs: `receipt-signer-failed`.
 *
 * @example
 * ```ts
 * import { commandSigner, publicKeyFile } from 'countersign/vouch'
 * import type { ReceiptSigner } from 'countersign/vouch'
 *
 * const signerWith = async (publicKey: string): Promise<ReceiptSigner> =>
 *   commandSigner(await publicKeyFile(publicKey), ['kms-sign', 'gateway-1'])
 * console.log(typeof signerWith) // function
 * ```
 */
export function commandSigner(
  key: NamedKey,
  [program = '', ...args]: readonly string[],
  given?: Partial<World>,
): ReceiptSigner {
  const world = worldOf(given)
  const failed = (reason: string): CountersignError =>
    new CountersignError('receipt-signer-failed', `the program that signs receipts ${reason}`)
  const { env, platform } = world
  const options = {
    ...{ env, platform, clock: world },
    ...{ timeout: limits.receiptSignerTimeout, maxBytes: limits.receiptBytes },
  }
  const missing = (): CountersignError => failed('is not on the PATH')
  return { ...key, sign: (input) => runFed(program, args, options, { missing, failed }, input) }
}
