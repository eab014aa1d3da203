/**
 * The key under which people are hashed, where a commit says where it is. Anyone who chooses a key that they know can try every address
 * against the hashes, so a commit can name only what a job keeps as a secret: a variable of a name that nothing else has, or a file of
 * one owner, outside of the repository and reached by no link.
 */
import { CountersignError, option } from '../errors.ts'
import { configPath } from '../model/evidence-config.ts'
import type { EvidenceConfig } from '../model/evidence-config.ts'
import { limits } from '../model/limits.ts'
import type { World } from '../platform/world.ts'
import { readNamedByCommit } from './committed-name.ts'

/** Errors: `identity-key-unusable`, and those of reading a file. */
export async function configuredKey(
  said: NonNullable<EvidenceConfig['identityKey']>,
  root: string,
  { env }: Pick<World, 'env'>,
): Promise<Uint8Array> {
  if ('variable' in said) {
    const value = env[said.variable]
    if (value === undefined || value === '') throw unusable(`the variable ${said.variable} is not set`)
    return Buffer.from(value, 'utf8')
  }
  return readNamedByCommit(said.file, root, { what: 'the identity key', most: limits.keyBytes, unusable })
}

function unusable(reason: string): CountersignError {
  return new CountersignError('identity-key-unusable', `the identity key that ${configPath} names: ${reason}`, {
    option: 'identityKeyFile',
    hint: `keep it as a secret of the job, or name the file there (${option('identityKeyFile')}), which goes before the configuration`,
  })
}
