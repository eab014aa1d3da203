/**
 * The key under which people are hashed, where a commit says where it is. Whoever chooses a key that he knows can try every address
 * against the hashes, so a commit can name only what a job keeps as a secret: a variable of a name that nothing else has, or a file of
 * one owner, outside of the repository and reached by no link.
 */
import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, sep } from 'node:path'
import { CountersignError, option } from '../errors.ts'
import { configPath } from '../model/evidence-config.ts'
import type { EvidenceConfig } from '../model/evidence-config.ts'
import { limits } from '../model/limits.ts'
import { openRegular } from '../platform/files.ts'
import type { World } from '../platform/world.ts'

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
  const { file } = said
  if (!isAbsolute(file)) throw unusable('its path is not written in full')
  const real = await realpath(file).catch(() => file)
  // Nor does a way back (`..`), so that it is compared as it will be opened.
  if (real !== file) throw unusable('a link leads to it')
  const fromRoot = relative(await realpath(root), real)
  if (fromRoot !== '..' && !fromRoot.startsWith(`..${sep}`) && !isAbsolute(fromRoot)) {
    throw unusable('it lies in the repository, and a key that is committed is none')
  }
  return ownersFile(file)
}

/** A file that others can read is no secret of the job: every machine has some, of contents that everybody knows. */
async function ownersFile(file: string): Promise<Uint8Array> {
  const handle = await openRegular(file, 'the identity key', 'refuse')
  try {
    const { mode, size } = await handle.stat()
    // Windows says nothing of others in the mode.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw unusable('others than its owner can use the file (its mode is not 600)')
    }
    if (size > limits.keyBytes) throw unusable(`it has more than ${limits.keyBytes} bytes`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

function unusable(reason: string): CountersignError {
  return new CountersignError('identity-key-unusable', `the identity key that ${configPath} names: ${reason}`, {
    option: 'identityKeyFile',
    hint: `keep it as a secret of the job, or name the file there (${option('identityKeyFile')}), which goes before the configuration`,
  })
}
