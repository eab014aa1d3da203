/** The signature of a commit, cut out of the bytes of its object (gitformat-signature, "gpgsig"). Pure. */
import type { Repository } from '../git/repository.ts'

/** Who and when, as the signed bytes say; undefined where they cannot be read without doubt. */
export interface SignedIdentity {
  /** Address between `<` and `>`. */
  readonly address: string
  /** Seconds since 1970. */
  readonly time: number
}

export interface SignedCommit {
  /** The bytes that were signed: the object without the headers of signatures. */
  readonly payload: Buffer
  /** As it was armoured, without the blanks of the header. */
  readonly signature: string
  readonly author: SignedIdentity | undefined
  readonly committer: SignedIdentity | undefined
}

/** More than any signature in the field has: gitsign's, with a certificate and a log entry, have some 4 kB. */
const signatureBytes = 64 * 1024

const lineFeed = 0x0a
const space = 0x20

/**
 * A repository has the signature of its own kind of ids in a header of its own; the other header, of the same commit under
 * other ids, is no part of what either signs. Two signatures, or one without end, are `malformed`: nobody could say which counts.
 */
export function signedCommit(
  object: Buffer,
  objectFormat: Repository['objectFormat'],
): SignedCommit | 'unsigned' | 'malformed' {
  const own = objectFormat === 'sha1' ? 'gpgsig' : 'gpgsig-sha256'
  const kept: Buffer[] = []
  const signature: string[] = []
  const identities: { [name in 'author' | 'committer']: string[] } = { author: [], committer: [] }
  let signatures = 0
  let header = ''
  let at = 0
  while (at < object.length && object[at] !== lineFeed) {
    const end = object.indexOf(lineFeed, at)
    if (end < 0) return signatures > 0 ? 'malformed' : 'unsigned'
    const line = object.subarray(at, end + 1)
    at = end + 1
    const isMore = line[0] === space
    if (!isMore) header = nameOf(line)
    if (header === own) {
      if (!isMore) signatures += 1
      signature.push(line.toString('latin1', isMore ? 1 : own.length + 1))
    } else if (header !== 'gpgsig' && header !== 'gpgsig-sha256') {
      kept.push(line)
      if (header === 'author' || header === 'committer') identities[header].push(line.toString('utf8'))
    }
  }
  if (signatures === 0) return 'unsigned'
  const text = signature.join('')
  if (signatures > 1 || text.length > signatureBytes) return 'malformed'
  return {
    payload: Buffer.concat([...kept, object.subarray(at)]),
    signature: text,
    author: identityIn(identities.author),
    committer: identityIn(identities.committer),
  }
}

function nameOf(line: Buffer): string {
  const end = line.indexOf(space)
  return line.toString('latin1', 0, end < 0 ? line.length - 1 : end)
}

function identityIn(lines: readonly string[]): SignedIdentity | undefined {
  const [line = '', ...more] = lines
  const [, address, time] = /^[a-z]+ [^<>\n]*<([^<>\n]*)> (\d{1,12}) [+-]\d{4}\n$/.exec(line) ?? []
  return address === undefined || more.length > 0 ? undefined : { address, time: Number(time) }
}
