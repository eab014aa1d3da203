/** Whose signatures of commits count, from the files and names that the caller gives. */
import { resolve } from 'node:path'
import { CountersignError, option } from '../errors.ts'
import type { CollectOptions } from '../collect/sessions/index.ts'
import { readSignerKeys } from '../collect/signatures/index.ts'
import type { SignerKeys } from '../collect/signatures/index.ts'
import { parseAllowedIdentities } from '../model/allowed-identity.ts'
import type { AllowedIdentity } from '../model/allowed-identity.ts'
import { limits } from '../model/limits.ts'
import { namedFile, readRegularFile } from '../platform/files.ts'
import type { World } from '../platform/world.ts'
import type { RecordBundle } from './record-attestations.ts'
import type { StatementRequest } from './request.ts'
import type { RootAtHand } from './roots-at-hand.ts'

/** The part of a request that says it. */
export type SignersRequest = Pick<
  StatementRequest,
  'allowedSigners' | 'forgeSigners' | 'keyring' | 'allowedIdentities' | 'recordAttestations'
>

/** As it was read, before there is any trust. */
export interface AskedSigners {
  readonly keys: Omit<SignerKeys, 'verifyCertified'>
  readonly identities: readonly AllowedIdentity[]
  /** Undefined where no file is named. */
  readonly records: readonly RecordBundle[] | undefined
}

/**
 * Errors: `allowed-signers-malformed`, `keyring-malformed`, `allowed-identity-malformed`, `usage`, `input-too-large`, and those of reading a file: before
 * anything else is done, so that nobody waits for a release to learn of a slip.
 */
export async function askedSigners(
  { allowedSigners, forgeSigners, keyring, allowedIdentities, recordAttestations }: SignersRequest,
  { cwd }: World,
): Promise<AskedSigners> {
  const identities = parseAllowedIdentities(allowedIdentities ?? [])
  if (recordAttestations !== undefined && identities.length === 0) {
    const words = `${option('recordAttestations')} needs to know who may sign (${option('allowedIdentities')})`
    throw new CountersignError('usage', words, { option: 'allowedIdentities' })
  }
  const read = async (path: string | undefined, most: number, what: string): Promise<Buffer | undefined> =>
    path === undefined ? undefined : readRegularFile(resolve(cwd, path), most, namedFile(what, path))
  const allowed = await read(allowedSigners, limits.allowedSignersBytes, 'the file of allowed signers')
  const ofForge = await read(forgeSigners, limits.allowedSignersBytes, 'the file of the forge’s keys')
  const keys: SignerKeys = {
    forgeSigners: ofForge?.toString('utf8'),
    allowedSigners: allowed?.toString('utf8'),
    keyring: await read(keyring, limits.keyringBytes, 'the keyring'),
  }
  readSignerKeys(keys)
  const records = await read(recordAttestations, limits.recordAttestationBytes, 'the file of record attestations')
  if (records === undefined) return { keys, identities, records }
  const { recordBundlesIn } = await import('./record-attestations.ts')
  return { keys, identities, records: recordBundlesIn(records) }
}

/** The same, with the roots by which certificates are verified. */
export async function signersUnder(
  { keys, identities, records }: AskedSigners,
  roots: readonly RootAtHand[],
): Promise<Pick<CollectOptions, 'signers' | 'verifyRecords'>> {
  if (identities.length === 0) return { signers: keys, verifyRecords: undefined }
  const [{ certifiedVerifier }, { recordVerifier }] = await Promise.all([
    import('./certified-signatures.ts'),
    import('./record-attestations.ts'),
  ])
  return {
    signers: { ...keys, verifyCertified: certifiedVerifier(identities, roots) },
    verifyRecords: recordVerifier(records, identities, roots),
  }
}
