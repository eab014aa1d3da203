/** The subjects of a statement: files, globs, a checksum file, digests from the command line. */
import { realpath } from 'node:fs/promises'
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path'
import { CountersignError, option } from '../../errors.ts'
import type { DigestAlgorithm, Subject } from '../../model/digest.ts'
import { limits } from '../../model/limits.ts'
import { parseChecksums, parseSubject, refuseOtherDigests } from './checksums.ts'
import { hashFile } from '../../platform/hash.ts'
import { counted } from '../../model/companions.ts'
import type { Companion } from '../../model/companions.ts'
import { findFiles } from './paths.ts'
import type { FoundFiles, NamedFile } from './paths.ts'
import { holdsUnseen } from '../../one-line.ts'
import { namedFile, readRegularFile } from '../../platform/files.ts'
import { isBelow, refuseLinksBelow } from '../../platform/links.ts'

/** What to attest, as the user says it. */
export interface SubjectRequest {
  /** Files and globs. A glob leaves out bundles, checksum files and the like; a file that is named is a subject. */
  readonly paths?: readonly string[]
  /** Paths of files that are no subjects of a glob either, such as the one that the bundle is written to. */
  readonly except?: readonly string[]
  /** Path of a file as `sha256sum` or `sha512sum` writes it, or what stands in one. */
  readonly checksums?: string | Uint8Array
  /** Digests that were made elsewhere: `name=sha256:<hex>` each, or sha384 or sha512. */
  readonly named?: readonly string[]
  /**
   * What a file is called: its base name (default), or its path from the working folder on, with `/`. A line of checksums is
   * called what it says, unless base names are asked for in so many words.
   */
  readonly fileNames?: 'base' | 'path'
  /** Digests beside sha256, for files that are read here. */
  readonly algorithms?: readonly DigestAlgorithm[]
}

/** A file with the name of its subject. */
export interface SubjectFile extends NamedFile {
  readonly name: string
}

export interface CollectedSubjects {
  readonly subjects: readonly Subject[]
  /** The files that were read, found once: what is hashed is what decides about the work tree and the output too. */
  readonly files: readonly SubjectFile[]
  /** Absolute paths of the files that a glob left out. */
  readonly leftOut: readonly string[]
  /** Things to know that are no errors, a line each. */
  readonly notes: readonly string[]
}

/** Where paths begin, and the working tree of the repository. */
export interface Place {
  readonly cwd: string
  readonly root: string
  /** Hears which file is hashed, and how far that is. */
  readonly hashing?: (name: string, bytes: number, size: number) => void
}

/**
 * All subjects, each name once, sorted by the bytes of the name. A file is named by its base name, as actions/attest does
 * and as a verifier that holds only the downloaded file can know it, unless paths are asked for; a checksum line by what it says.
 *
 * Everything is refused before anything is signed: `subject-none`, `subject-invalid`, `subject-conflict` (one name, two
 * contents), `subject-limit`, `checksums-malformed`, `symlink-in-checkout`, `input-too-large`, and the errors of `findFiles` and `hashFile`.
 */
export async function collectSubjects(
  request: SubjectRequest,
  { cwd, root, hashing }: Place,
): Promise<CollectedSubjects> {
  const { checksums } = request
  const declared = [
    ...(checksums === undefined ? [] : await readChecksums(checksums, cwd, root)).map((it) =>
      request.fileNames === 'base' ? withBaseName(it) : it,
    ),
    ...(request.named ?? []).map((text) => ({ ...parseSubject(text), origin: `the subject ${text}` })),
  ]
  const own = new Map<string, Companion>((request.except ?? []).map((path) => [path, 'bundle file']))
  if (typeof checksums === 'string') own.set(checksums, 'checksum file')
  const found = await findFiles(request.paths ?? [], cwd, own)
  const files: SubjectFile[] = []
  for (const file of found.files) {
    const name = request.fileNames === 'path' ? await pathBelow(found.root, file) : basename(file.given)
    files.push({ ...file, name })
  }

  // Names and their number are known before the first byte is hashed: "dist/**" may have meant a hundred thousand files.
  const names = new Set([...declared.map((it) => it.name), ...files.map((it) => it.name)])
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
  for (const { name, given, real } of files) {
    // What somebody else said of a file that is here is held against it, by whichever digest that is.
    const algorithms = [...(request.algorithms ?? []), ...algorithmsOf(subjects.get(name))]
    // The links of this path are resolved and judged; one that appears now was put there in between.
    const { digest } = await hashFile(real, algorithms, 'refuse', (bytes, size) => hashing?.(given, bytes, size))
    addSubject(subjects, { name, digest, origin: given, isFile: true })
  }
  const sorted = [...subjects.values()]
    .map(({ name, digest }) => ({ name, digest }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
  return { subjects: sorted, files, leftOut: [...found.leftOut.keys()], notes: notesOf(found) }
}

/** Two lines may say the same then, so each is told by what it said. */
function withBaseName({ name, digest, origin }: OriginSubject): OriginSubject {
  return { name: posix.basename(name), digest, origin: `${origin}: ${name}`, isFile: true }
}

function algorithmsOf(subject: Subject | undefined): DigestAlgorithm[] {
  return Object.keys(subject?.digest ?? {}) as DigestAlgorithm[]
}

/** Where a file lies, from the working folder on, as every system writes it. Error: `subject-invalid`. */
async function pathBelow(root: string, { given, place }: NamedFile): Promise<string> {
  // An absolute path may lead to the working folder by way of a link.
  const whole = isBelow(place, root) ? place : join(await realpath(dirname(place)), basename(place))
  if (isBelow(whole, root)) return relative(root, whole).split(sep).join('/')
  throw new CountersignError('subject-invalid', `${JSON.stringify(given)} lies outside of the working folder`, {
    option: 'fileNames',
    hint: 'only what lies below the working folder has a path that others can know; run there, or name it by its base name',
  })
}

function notesOf({ files, leftOut, taken, both }: FoundFiles): string[] {
  // A shell that expands the glob names every file, and nobody can tell that from a person who does.
  const signed = [...taken].filter(([, it]) => it !== 'checksum file' && it !== 'signature file')
  const [first] = signed
  return [
    ...(leftOut.size === 0 ? [] : [`left out of the glob: ${counted([...leftOut.values()])}`]),
    ...both.map((it) => `there is a file called ${it}, and it was read as a glob as well`),
    ...(first === undefined || signed.length === files.length
      ? []
      : [`${first[0].given} is a ${first[1]}, and a subject because it is named; a quoted glob leaves such files out`]),
  ]
}

/** A subject with the place that named it, for errors. */
type OriginSubject = Subject & { readonly origin: string; readonly isFile?: true }

function addSubject(subjects: Map<string, OriginSubject>, subject: OriginSubject): void {
  const known = subjects.get(subject.name)
  if (known !== undefined && algorithmsOf(known).some((it) => differ(known.digest[it], subject.digest[it]))) {
    const [first, second] = [known.origin, subject.origin].map((it) => JSON.stringify(it))
    const areFiles = known.isFile === true && subject.isFile === true
    throw new CountersignError(
      'subject-conflict',
      `the name ${JSON.stringify(subject.name)} stands for two different files, from ${first} and ${second}`,
      areFiles ? { option: 'fileNames', hint: `name the files by their paths (${option('fileNames')})` } : {},
    )
  }
  const digest = { ...known?.digest, ...subject.digest }
  subjects.set(subject.name, { ...(known ?? subject), digest })
}

/** Of two digests by one algorithm; where one is not said, nobody knows. */
function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other
}

async function readChecksums(given: string | Uint8Array, cwd: string, root: string): Promise<OriginSubject[]> {
  const bytes = typeof given === 'string' ? await readChecksumFile(given, cwd, root) : given
  if (bytes.length > limits.checksumsBytes) {
    throw new CountersignError('input-too-large', `the checksums have more than ${limits.checksumsBytes} bytes`)
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CountersignError('checksums-malformed', 'the checksum file is not UTF-8')
  }
  return parseChecksums(text).map((subject) => ({ ...subject, origin: 'the checksum file' }))
}

async function readChecksumFile(given: string, cwd: string, root: string): Promise<Uint8Array> {
  const path = resolve(cwd, given)
  refuseOtherDigests(basename(path))
  await refuseLinksBelow(root, path)
  return readRegularFile(path, limits.checksumsBytes, namedFile('the checksum file', given))
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
