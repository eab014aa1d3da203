/**
 * Subjects that somebody else has hashed: a checksum file as `sha256sum`, `sha384sum` and `sha512sum` write it (GNU coreutils
 * manual, "cksum output modes"), as BSD and openssl do (`sha256 -r` with one blank), and `name=sha256:<hex>` from the command line.
 *
 *     # comments and blank lines are passed over
 *     2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  dist/app.tgz
 *     2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824 *dist/app.tgz
 *     2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824 dist/app.tgz
 *     SHA256 (dist/app.tgz) = 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
 *     SHA2-256(dist/app.tgz)= 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
 */
import { CountersignError } from '../../errors.ts'
import { digestAlgorithms, isDigest } from '../../model/digest.ts'
import type { DigestAlgorithm, Subject } from '../../model/digest.ts'

/** Where there is but one blank, or a tab, the name begins behind it. */
const gnuLine = /^(\\?)([0-9a-fA-F]{32,})(?: [ *]|[ \t](?![ *]))(.+)$/s
/** The name may hold anything, so the last `) = ` ends it. */
const bsdLine = /^(\\?)([A-Za-z][A-Za-z0-9/-]*) ?\((.+)\) ?= ([0-9a-fA-F]{32,})$/s

/** Digests that nobody should be convinced by, by the length of their hex form: said by name, for they are common. */
const weakAlgorithms: ReadonlyMap<number, string> = new Map([
  [32, 'md5'],
  [40, 'sha1'],
  [56, 'sha224'],
])

/**
 * The text of a checksum file → its subjects, in its order, names as they stand there. What the digests are is said by their
 * length, and where a line names it by that as well; all lines say the same. Blank lines, comments and CRLF are accepted,
 * everything else that is no checksum is refused with its line number. Error: `checksums-malformed`.
 */
export function parseChecksums(text: string): Subject[] {
  const subjects: Subject[] = []
  let first: DigestAlgorithm | undefined
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    if (line.trim() === '' || line.startsWith('#')) continue
    const { name, algorithm, hex } = parseLine(line, index + 1)
    first ??= algorithm
    if (algorithm !== first) throw malformed(index + 1, `it is a ${algorithm}, and those before are ${first}`)
    subjects.push({ name, digest: { [algorithm]: hex } })
  }
  if (subjects.length === 0) throw new CountersignError('checksums-malformed', 'the checksum file names no file')
  return subjects
}

/**
 * `name=sha256:<hex>`, or `name@sha256:<hex>` as images are written, and the same with sha384 and sha512 → Subject, its digest in
 * lower case. The last `=` or `@` parts name and digest, so a name may hold others. Error: `subject-invalid`.
 */
export function parseSubject(text: string): Subject {
  const [, name, written = '', hex = ''] = /^(.+)[=@](sha(?:256|384|512)):([0-9a-f]+)$/is.exec(text) ?? []
  const algorithm = written.toLowerCase()
  const value = hex.toLowerCase()
  if (name === undefined || !isDigest(algorithm, value)) {
    throw new CountersignError(
      'subject-invalid',
      `the subject ${JSON.stringify(text.slice(0, 200))} is not name=sha256:<hex>, nor the same with sha384 or sha512`,
    )
  }
  return { name, digest: { [algorithm]: value } }
}

/** Digests as long as those of SHA-2 that are none, as a list of them is called: `B2SUMS`, `app.tgz.blake3`, `sha3-256sums.txt`. */
const otherDigests =
  'blake[23]?(?:bp|sp|[bs])?(?:-?\\d{3})?|sha-?3(?:[-_]?\\d{3})?|sha-?512[-_](?:224|256)|sm3|keccak(?:-?\\d{3})?|shake-?\\d{3}|whirlpool|streebog(?:-?\\d{3})?|skein(?:-?\\d{3,4})?'
const sums = '(?:[-_.]?(?:check)?sums?|[-_.](?:digests?|hash(?:es)?))'
const otherLists = [
  new RegExp(`(?:^|[^a-z0-9])(${otherDigests})(?:${sums}|\\.[a-z]{1,4})*$`, 'i'),
  // A second beta is a `b2` as well.
  new RegExp(`(?:^|[^a-z0-9])(b[23])(?:sums?)(?:\\.[a-z]{1,4})*$`, 'i'),
  new RegExp(`(?:sums?[-_.]|\\.)(b[23])$`, 'i'),
]

/**
 * The length of a digest does not tell BLAKE2 or SHA-3 from SHA-2, and what is signed as a sha512 must be one: so the name of the
 * file is held against it, which says what its maker used. Error: `checksums-malformed`.
 */
export function refuseOtherDigests(fileName: string): void {
  const said = otherLists.flatMap((it) => it.exec(fileName.slice(0, 255))?.[1] ?? [])[0]
  if (said === undefined) return
  throw new CountersignError(
    'checksums-malformed',
    `the checksum file is called one of ${said}, and a subject has a sha256, sha384 or sha512`,
  )
}

interface ChecksumLine {
  readonly name: string
  readonly algorithm: DigestAlgorithm
  /** Lower case. */
  readonly hex: string
}

function parseLine(line: string, number: number): ChecksumLine {
  const gnu = gnuLine.exec(line)
  const bsd = gnu === null ? bsdLine.exec(line) : null
  const [escaped, hex, written] = gnu?.slice(1) ?? [bsd?.[1], bsd?.[4], bsd?.[3]]
  if (hex === undefined || written === undefined) throw malformed(number, 'it is no checksum')
  const algorithm = algorithmOf(hex, bsd?.[2], number)
  const name = escaped === '' ? written : unescapeName(written, number)
  // What sha256sum writes for its standard input: there is no file of that name.
  if (name === '-') throw malformed(number, 'it names standard input, not a file')
  return { name, algorithm, hex: hex.toLowerCase() }
}

/** By its length, and by the word before it (`SHA256`; openssl: `SHA2-256`), if there is one. */
function algorithmOf(hex: string, word: string | undefined, number: number): DigestAlgorithm {
  const spelt = word?.toLowerCase().replace(/^sha2-/, 'sha')
  const name = (Object.keys(digestAlgorithms) as DigestAlgorithm[]).find((it) => digestAlgorithms[it] === hex.length)
  if (name !== undefined && (spelt === undefined || spelt === name)) return name
  const other = spelt ?? weakAlgorithms.get(hex.length) ?? `digest of ${hex.length} digits`
  throw malformed(number, `it has a ${other.slice(0, 40)}, and a subject has a whole sha256, sha384 or sha512`)
}

const escapes: { readonly [written: string]: string } = { '\\\\': '\\', '\\n': '\n', '\\r': '\r' }

/** A line that begins with a backslash has these three escapes in its name, and no others. */
function unescapeName(written: string, number: number): string {
  return written.replace(/\\.?/gs, (escape) => {
    const meant = escapes[escape]
    if (meant === undefined) throw malformed(number, 'its name has an unknown escape')
    return meant
  })
}

function malformed(number: number, reason: string): CountersignError {
  return new CountersignError('checksums-malformed', `line ${number} of the checksum file is malformed: ${reason}`)
}
