/**
 * Subjects that somebody else has hashed: a checksum file as `sha256sum` writes it (GNU coreutils manual, "cksum output
 * modes"), and `name=sha256:<hex>` from the command line.
 *
 *     2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  dist/app.tgz
 *     2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824 *dist/app.tgz
 *     SHA256 (dist/app.tgz) = 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
 */
import { CountersignError } from '../../errors.ts'
import { isDigest } from '../../model/digest.ts'
import type { Subject } from '../../model/digest.ts'

const gnuLine = /^(\\?)([0-9a-fA-F]{64}) [ *](.+)$/s
const bsdLine = /^(\\?)SHA256 \((.+)\) = ([0-9a-fA-F]{64})$/s

/**
 * The text of a checksum file → its subjects, in its order, names as they stand there. Blank lines and CRLF are accepted,
 * everything else that is no checksum is refused with its line number. Error: `checksums-malformed`.
 */
export function parseChecksums(text: string): Subject[] {
  const subjects: Subject[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    if (line !== '') subjects.push(parseLine(line, index + 1))
  }
  if (subjects.length === 0) throw new CountersignError('checksums-malformed', 'the checksum file names no file')
  return subjects
}

/**
 * `name=sha256:<hex>` → Subject. The last `=` parts name and digest, so a name may hold others. Error: `subject-invalid`.
 */
export function parseSubject(text: string): Subject {
  const at = text.lastIndexOf('=')
  const name = text.slice(0, Math.max(at, 0))
  const digest = /^sha256:(.*)$/s.exec(text.slice(at + 1))?.[1] ?? ''
  if (at <= 0 || !isDigest('sha256', digest)) {
    throw new CountersignError(
      'subject-invalid',
      `the subject ${JSON.stringify(text.slice(0, 200))} is not name=sha256:<hex>`,
    )
  }
  return { name, digest: { sha256: digest } }
}

function parseLine(line: string, number: number): Subject {
  const gnu = gnuLine.exec(line)
  const bsd = gnu === null ? bsdLine.exec(line) : null
  const [escaped, hex, written] = gnu?.slice(1) ?? [bsd?.[1], bsd?.[3], bsd?.[2]]
  if (hex === undefined || written === undefined) throw malformed(number, 'it is no sha256 checksum')
  const name = escaped === '' ? written : unescapeName(written, number)
  // What sha256sum writes for its standard input: there is no file of that name.
  if (name === '-') throw malformed(number, 'it names standard input, not a file')
  return { name, digest: { sha256: hex.toLowerCase() } }
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
