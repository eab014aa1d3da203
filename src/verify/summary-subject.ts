/**
 * What a verification summary may be about: an artifact by SHA-2 as everywhere, or something that goes by another identifier in
 * `subject.digest`, a commit (`gitCommit`, as in summaries of the source track) or an image of a cloud (`gce_image_id`). Such an
 * identifier is compared whole, where a person names it; it is none of a hash that is broken.
 */
import { CountersignError } from '../errors.ts'
import type { ArtifactInput } from '../model/artifact.ts'
import { isDigest } from '../model/digest.ts'
import { isCommitId } from '../model/git-names.ts'
import type { Statement } from '../model/statement.ts'
import { holdsUnseen } from '../one-line.ts'
import type { NamedDigests } from './artifact.ts'

/** Hashes in which two files may have one value, or that are cut. */
const broken =
  /^(?:md[245]|sha-?[01]|sha-?(?:224|256|384|512|3)\b.*|sha512[-_/]?(?:224|256)|ripemd.*|crc.*|adler.*|fnv.*)$/i

/** The identifier that is named; undefined where it is a SHA-2 digest, or no digest is. Error: `usage`. */
export function identifierOf(artifact: ArtifactInput): NamedDigests | undefined {
  if (!('digest' in artifact) || typeof artifact.digest !== 'string') return undefined
  const at = artifact.digest.indexOf(':')
  const [name, value] = [artifact.digest.slice(0, at), artifact.digest.slice(at + 1)]
  if (at > 0 && isDigest(name, value)) return undefined
  const isNamed = /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name) && !broken.test(name)
  const isValue = value !== '' && value.length <= 1_024 && value === value.trim() && !holdsUnseen(value)
  if (!isNamed || !isValue || (name === 'gitCommit' && !isCommitId(value))) {
    throw new CountersignError(
      'usage',
      'it goes by sha256, sha384 or sha512 in lower-case hex, by gitCommit:ID, or by an identifier that is no broken hash',
      { option: 'artifact' },
    )
  }
  return { name: artifact.name ?? artifact.digest, digest: { [name]: value } }
}

/** Index of the first subject with just this identifier; -1 if none has it. */
export function matchIdentifier({ subject }: Statement, identifier: NamedDigests['digest']): number {
  const [[name, value] = ['', '']] = Object.entries(identifier)
  return subject.findIndex(({ digest }) => Object.hasOwn(digest, name) && digest[name] === value)
}
