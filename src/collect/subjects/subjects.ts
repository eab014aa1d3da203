/** The subjects of a statement: files, globs, a checksum file, digests from the command line. */
import { basename, resolve } from 'node:path'
import { CountersignError } from '../../errors.ts'
import type { DigestAlgorithm, Subject } from '../../model/digest.ts'
import { limits } from '../../model/limits.ts'
import { parseChecksums, parseSubject } from './checksums.ts'
import { hashFile } from '../../platform/hash.ts'
import { counted } from './companions.ts'
import type { Companion } from './companions.ts'
import { findFiles } from './paths.ts'
import type { FoundFiles, NamedFile } from './paths.ts'
import { holdsUnseen } from '../../one-line.ts'
import { readRegularFile } from '../../platform/files.ts'
import { refuseLinksBelow } from '../../platform/links.ts'

/** What to attest, as the user says it. */
export interface SubjectRequest {
  /** Files and globs. A glob leaves out bundles, checksum files and the like; a file that is named is a subject. */
  readonly paths?: readonly string[]
  /** Paths of files that are no subjects of a glob either, such as the one that the bundle is written to. */
  readonly except?: readonly string[]
  /** Path of a file as `sha256sum` writes it. */
  readonly checksums?: string
  /** Digests that were made elsewhere: `name=sha256:<hex>` each. */
  readonly named?: readonly string[]
  /** Digests beside sha256, for files that are read here. */
  readonly algorithms?: readonly DigestAlgorithm[]
}

export interface CollectedSubjects {
  readonly subjects: readonly Subject[]
  /** The files that were read, found once: what is hashed is what decides about the work tree and the output too. */
  readonly files: readonly NamedFile[]
  /** Absolute paths of the files that a glob left out. */
  readonly leftOut: readonly string[]
  /** Things to know that are no errors, a line each. */
  readonly notes: readonly string[]
}

/** Where paths begin, and the working tree of the repository. */
export interface Place {
  readonly cwd: string
  readonly root: string
}

/**
 * All subjects, each name once, sorted by the bytes of the name. A file is named by its base name, as actions/attest does
 * and as a verifier that holds only the downloaded file can know it; a checksum line by what it says.
 *
 * Everything is refused before anything is signed: `subject-none`, `subject-invalid`, `subject-conflict` (one name, two
 * contents), `subject-limit`, `checksums-malformed`, `symlink-in-checkout`, `input-too-large`, and the errors of `findFiles` and `hashFile`.
 */
export async function collectSubjects(request: SubjectRequest, { cwd, root }: Place): Promise<CollectedSubjects> {
  const declared = [
    ...(request.checksums === undefined ? [] : await readChecksums(resolve(cwd, request.checksums), root)),
    ...(request.named ?? []).map((text) => ({ ...parseSubject(text), origin: `the subject ${text}` })),
  ]
  const own = new Map<string, Companion>((request.except ?? []).map((path) => [path, 'bundle file']))
  if (request.checksums !== undefined) own.set(request.checksums, 'checksum file')
  const found = await findFiles(request.paths ?? [], cwd, own)
  const { files } = found

  // Names and their number are known before the first byte is hashed: "dist/**" may have meant a hundred thousand files.
  const names = new Set([...declared.map((it) => it.name), ...files.map((it) => basename(it.given))])
  if (names.size === 0) throw new CountersignError('subject-none', 'there is nothing to attest')
  if (names.size > limits.subjects) {
    throw new CountersignError(
      'subject-limit',
      `there are ${names.size} subjects, a statement holds at most ${limits.subjects}`,
    )
  }
  for (const name of names) checkName(name)

  const subjects = new Map<string, OriginSubject>()
  for (const subject of declared) addSubject(subjects, subject)
  for (const { given, real } of files) {
    // The links of this path are resolved and judged; one that appears now was put there in between.
    const { digest } = await hashFile(real, request.algorithms, 'refuse')
    addSubject(subjects, { name: basename(given), digest, origin: given })
  }
  const sorted = [...subjects.values()]
    .map(({ name, digest }) => ({ name, digest }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
  return { subjects: sorted, files, leftOut: [...found.leftOut.keys()], notes: notesOf(found) }
}

function notesOf({ files, leftOut, taken }: FoundFiles): string[] {
  // A shell that expands the glob names every file, and nobody can tell that from a person who does.
  const signed = [...taken].filter(([, companion]) => companion !== 'checksum file')
  const [first] = signed
  return [
    ...(leftOut.size === 0 ? [] : [`left out of the glob: ${counted([...leftOut.values()])}`]),
    ...(first === undefined || signed.length === files.length
      ? []
      : [`${first[0]} is a ${first[1]}, and a subject because it is named; a quoted glob leaves such files out`]),
  ]
}

/** A subject with the place that named it, for errors. */
type OriginSubject = Subject & { readonly origin: string }

function addSubject(subjects: Map<string, OriginSubject>, subject: OriginSubject): void {
  const known = subjects.get(subject.name)
  if (known !== undefined && known.digest.sha256 !== subject.digest.sha256) {
    const [first, second] = [known.origin, subject.origin].map((it) => JSON.stringify(it))
    throw new CountersignError(
      'subject-conflict',
      `the name ${JSON.stringify(subject.name)} stands for two different files, from ${first} and ${second}`,
    )
  }
  const digest = { ...known?.digest, ...subject.digest }
  subjects.set(subject.name, { ...(known ?? subject), digest })
}

async function readChecksums(path: string, root: string): Promise<OriginSubject[]> {
  await refuseLinksBelow(root, path)
  const bytes = await readRegularFile(path, limits.checksumsBytes, 'the checksum file')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CountersignError('checksums-malformed', 'the checksum file is not UTF-8')
  }
  return parseChecksums(text).map((subject) => ({ ...subject, origin: 'the checksum file' }))
}

const nameCharacters = 1_024

function checkName(name: string): void {
  const fault = nameFault(name)
  if (fault === undefined) return
  throw new CountersignError('subject-invalid', `the subject name ${JSON.stringify(name.slice(0, 80))} ${fault}`, {
    hint: 'rename the file: the name is shown wherever the attestation is read',
  })
}

function nameFault(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (name.length > nameCharacters) return `is longer than ${nameCharacters} characters`
  return holdsUnseen(name) || !name.isWellFormed() ? 'has control characters' : undefined
}
