/**
 * What a file is by what is in it, where its name tells nothing: an attestation that was written under a name of its own, a list
 * of checksums, the signature of a file beside it, a report of our own. A bounded look: the first document of a file that begins as JSON does, a
 * short text of a file that begins with a checksum, and some bytes of any other.
 */
import { lstat, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CountersignError, attempt, attemptAsync } from '../../errors.ts'
import { signedNames } from '../../model/companions.ts'
import type { Companion } from '../../model/companions.ts'
import { attestationIn, knownText, knownTextCharacters } from '../../model/handed-out.ts'
import { newDocumentCutter } from '../../model/json-documents.ts'
import { parseJson } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { openRegular, readRegularFile } from '../../platform/files.ts'
import { beginsAsChecksumList, checksumListIn, decodedText } from './checksum-lists.ts'
import type { Listed } from './checksum-lists.ts'
import { isOwnDocument, isOwnText } from './own-reports.ts'

/** A file, under its absolute path and under that without links. */
export interface LookedAt {
  readonly place: string
  readonly real: string
}

/**
 * What a file is if it is no artifact; `named` are the base names of all files that were meant, by which a list of checksums is
 * known. A file that cannot be read is none of these, and says so when it is hashed.
 */
export async function companionByContent(
  { place, real }: LookedAt,
  named: ReadonlySet<string>,
): Promise<Companion | undefined> {
  const head = await attemptAsync(() => headOf(real))
  if (head instanceof CountersignError) return undefined
  const text = decodedText(head).trimStart()
  if (/^[{[]/.test(text)) {
    const document = await attemptAsync(() => firstDocument(real))
    const kind = document instanceof CountersignError ? undefined : documentKind(document)
    if (kind !== undefined) return kind
  }
  if (beginsAsChecksumList(text) && (await listsOthers(place, real, named))) return 'checksum file'
  if (isOwnText(text)) return 'own report'
  return (await isSignature(place, head)) ? 'signature file' : undefined
}

async function headOf(path: string): Promise<Buffer> {
  const handle = await openRegular(path, path, 'refuse')
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(knownTextCharacters), 0, knownTextCharacters, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

const chunkBytes = 1024 * 1024

/** Undefined where it is longer than a bundle can be. */
async function firstDocument(path: string): Promise<Uint8Array | undefined> {
  let range: readonly [number, number] | undefined
  const cutter = newDocumentCutter((start, end) => (range ??= [start, end]))
  const held: Buffer[] = []
  const handle = await openRegular(path, path, 'refuse')
  try {
    for (let position = 0; range === undefined && position <= limits.bundleBytes;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position)
      if (bytesRead === 0) {
        cutter.end()
        break
      }
      held.push(buffer.subarray(0, bytesRead))
      cutter.push(buffer.subarray(0, bytesRead))
      position += bytesRead
    }
  } finally {
    await handle.close()
  }
  return range === undefined ? undefined : Buffer.concat(held).subarray(...range)
}

function documentKind(document: Uint8Array | undefined): Companion | undefined {
  if (document === undefined) return undefined
  const json = attempt(() => parseJson(document, 'the file', limits.bundleBytes))
  if (json instanceof CountersignError) return undefined
  if (isOwnDocument(json)) return 'own report'
  const kind = attestationIn(json)
  return kind === undefined ? undefined : kind === 'bundle' ? 'bundle file' : 'unsigned statement'
}

async function listsOthers(place: string, real: string, named: ReadonlySet<string>): Promise<boolean> {
  const bytes = await attemptAsync(() => readRegularFile(real, limits.checksumsBytes, place, 'refuse'))
  const list = bytes instanceof CountersignError ? undefined : checksumListIn(decodedText(bytes))
  if (list === undefined) return false
  if (list.files.length === 0) return isDigestOfOther(place)
  const isOther = ({ name }: Listed): boolean => name !== basename(place) && named.has(name)
  if (!(list.isWeak ? list.files.every(isOther) : list.files.some(isOther))) return false
  for (const { name, bytes: size } of list.files) {
    if (size !== undefined && (await stat(join(dirname(place), name)).catch(() => undefined))?.size !== size)
      return false
  }
  return true
}

/** What ends the name of a file that holds one digest: `app.tgz.digest` is about `app.tgz`, and `app.tgz.commit` is not. */
const digestEnding = /^(?:digest|hash|sum|checksum|integrity|sri|md5|sha|blake|b2|b3|xxh)/i

/** A digest alone may be the id of a commit, which a release publishes as well: it must be one of a file that is there. */
async function isDigestOfOther(place: string): Promise<boolean> {
  const parts = basename(place).split('.')
  for (let end = parts.length - 1; end > 0; end -= 1) {
    if (!digestEnding.test(parts[end] ?? '')) continue
    if (await isFile(join(dirname(place), parts.slice(0, end).join('.')))) return true
  }
  return false
}

async function isSignature(place: string, head: Buffer): Promise<boolean> {
  const { owners, certain } = signedNames(basename(place))
  if (owners.length === 0 || !(certain || isKeyOrSignature(head))) return false
  for (const owner of owners) {
    if (await isFile(join(dirname(place), owner))) return true
  }
  return false
}

async function isFile(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() === false
}

/** Text that is known (PEM and its kin), a certificate in DER, or an OpenPGP signature in binary (RFC 9580 §4.2). */
function isKeyOrSignature(head: Buffer): boolean {
  const code = knownText(head.toString('latin1'))?.code
  if (code === 'certificate-alone' || code === 'signature-alone') return true
  const [first = 0, second = 0] = head
  return (first === 0x30 && second === 0x82) || [0x88, 0x89, 0x8a, 0xc2].includes(first)
}
