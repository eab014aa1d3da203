/** Digests of a file of any size, in memory that does not grow with it. */
import { createHash, hash } from 'node:crypto'
import { CountersignError } from '../errors.ts'
import type { DigestAlgorithm, Digests } from '../model/digest.ts'
import { openRegular, systemCode } from './files.ts'
import type { Links } from './system.ts'

/** `size` is in bytes. */
export interface HashedFile {
  readonly digest: Digests
  readonly size: number
}

// Measured: from 1 MiB on, larger reads bring nothing. Smaller files are read whole, where one call of `hash` beats a stream.
const chunkBytes = 1024 * 1024

/** What hashing needs of an open file: node:fs's FileHandle, or in a test a file that changes between two reads. */
export interface HashableFile {
  stat(options: { readonly bigint: true }): Promise<{ readonly size: bigint; readonly mtimeNs: bigint }>
  read(buffer: Buffer, offset: number, length: number, position: null): Promise<{ readonly bytesRead: number }>
}

/** Hears how many of how many bytes are hashed, with each part of a large file. */
type Hearing = (bytes: number, size: number) => void

/**
 * The digests of a regular file: always sha256, others where asked for. The file is opened once, and what was opened is
 * what is hashed. A symbolic link is followed unless `links` says otherwise.
 *
 * Errors: `path-missing`, `path-directory`, `path-not-regular`, `input-unreadable` (also: changed while it was hashed).
 */
export async function hashFile(
  path: string,
  algorithms: readonly DigestAlgorithm[] = [],
  links: Links = 'follow',
  heard?: Hearing,
): Promise<HashedFile> {
  const what = JSON.stringify(path)
  const handle = await openRegular(path, what, links)
  try {
    return await hashOpenFile(handle, what, algorithms, heard)
  } finally {
    await handle.close()
  }
}

/** The same for a file that is open, read from its start; `what` names it in errors. Error: `input-unreadable`. */
export async function hashOpenFile(
  file: HashableFile,
  what: string,
  algorithms: readonly DigestAlgorithm[] = [],
  heard?: Hearing,
): Promise<HashedFile> {
  try {
    const before = await file.stat({ bigint: true })
    const size = Number(before.size)
    const wanted = [...new Set<DigestAlgorithm>(['sha256', ...algorithms])]
    const hashed =
      size <= chunkBytes ? await hashWhole(file, wanted, size) : await hashStream(file, wanted, size, heard)
    const after = await file.stat({ bigint: true })
    // A build that still writes would be signed half-written: no digest of a moment is the digest of the artifact.
    if (hashed.bytes !== size || after.size !== before.size || after.mtimeNs !== before.mtimeNs) {
      throw new CountersignError('input-unreadable', `${what} changed while it was hashed`, {
        hint: 'wait until the build has finished writing',
      })
    }
    return { digest: hashed.digest, size }
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown
    throw new CountersignError('input-unreadable', `${what} cannot be read (${systemCode(thrown)})`)
  }
}

interface Hashed {
  readonly digest: Digests
  readonly bytes: number
}

async function hashWhole(file: HashableFile, algorithms: readonly DigestAlgorithm[], size: number): Promise<Hashed> {
  const buffer = Buffer.allocUnsafe(size + 1) // the byte more notices a file that grew
  let bytes = 0
  while (bytes <= size) {
    const { bytesRead } = await file.read(buffer, bytes, buffer.length - bytes, null)
    if (bytesRead === 0) break
    bytes += bytesRead
  }
  const content = buffer.subarray(0, bytes)
  return { digest: digestsOf(algorithms, (algorithm) => hash(algorithm, content, 'hex')), bytes }
}

/** Two buffers, so that the next part is read while this one is hashed. Stops at `size`: a file that grows has no end. */
async function hashStream(
  file: HashableFile,
  algorithms: readonly DigestAlgorithm[],
  size: number,
  heard: Hearing | undefined,
): Promise<Hashed> {
  const hashes = new Map(algorithms.map((algorithm) => [algorithm, createHash(algorithm)]))
  let filling = Buffer.allocUnsafe(chunkBytes)
  let idle = Buffer.allocUnsafe(chunkBytes)
  let bytes = 0
  let next = file.read(filling, 0, chunkBytes, null)
  for (;;) {
    const { bytesRead } = await next
    if (bytesRead === 0) break
    bytes += bytesRead
    if (bytes > size) break
    const full = filling
    filling = idle
    idle = full
    next = file.read(filling, 0, chunkBytes, null)
    for (const each of hashes.values()) each.update(full.subarray(0, bytesRead))
    heard?.(bytes, size)
  }
  return { digest: digestsOf(algorithms, (algorithm) => hashes.get(algorithm)?.digest('hex') ?? ''), bytes }
}

function digestsOf(algorithms: readonly DigestAlgorithm[], digest: (algorithm: DigestAlgorithm) => string): Digests {
  const { sha256, ...others } = Object.fromEntries(algorithms.map((algorithm) => [algorithm, digest(algorithm)]))
  return { sha256: sha256 ?? digest('sha256'), ...others }
}

/** The same of bytes at hand. */
export function hashBytes(bytes: Uint8Array, algorithms: readonly DigestAlgorithm[] = []): Digests {
  return digestsOf([...new Set<DigestAlgorithm>(['sha256', ...algorithms])], (algorithm) =>
    hash(algorithm, bytes, 'hex'),
  )
}

/** The same of a stream, read to its end; memory does not grow with it. What the stream throws goes through. */
export async function hashChunks(
  chunks: AsyncIterable<Uint8Array>,
  algorithms: readonly DigestAlgorithm[] = [],
): Promise<Digests> {
  const wanted = [...new Set<DigestAlgorithm>(['sha256', ...algorithms])]
  const hashes = new Map(wanted.map((algorithm) => [algorithm, createHash(algorithm)]))
  for await (const chunk of chunks) for (const each of hashes.values()) each.update(chunk)
  return digestsOf(wanted, (algorithm) => hashes.get(algorithm)?.digest('hex') ?? '')
}
