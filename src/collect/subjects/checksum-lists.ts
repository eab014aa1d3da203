/**
 * Files that are lists of checksums and nothing else, whoever wrote them: the tools of GNU, BSD, OpenSSL, PowerShell
 * (`Get-FileHash` as a table, a list, CSV or JSON, in UTF-16 as well) and Windows (`certutil`), `xxhsum`, `cksum`, subresource
 * integrity (W3C SRI), pairs in either order, and each of these with a signature around it. It says what a file is, and nothing
 * of it is signed: subjects are read from such files by `checksums.ts`, which is strict.
 *
 * A list must be one from its first line to its last. What has anything else in it, a version or an address, is an artifact.
 */
import { CountersignError, attempt } from '../../errors.ts'
import { withoutMark } from '../../model/bundle.ts'
import { isObject, parseJsonText } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'

/** A file that a list names: its base name, and its size in bytes where that stands there. */
export interface Listed {
  readonly name: string
  readonly bytes?: number
}

export interface ChecksumList {
  /** Empty for a digest that stands alone. */
  readonly files: readonly Listed[]
  /** Checksums are so short that a date or a count looks alike: all the files must be there. */
  readonly isWeak: boolean
}

/** What a text holds, in whatever encoding it was saved. */
export function decodedText(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return Buffer.from(bytes.subarray(2)).toString('utf16le')
  if (first === 0xfe && second === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2))
    return Buffer.from(even).swap16().toString('utf16le')
  }
  return Buffer.from(withoutMark(bytes)).toString('utf8')
}

/** The files that a list names; undefined for any other text. The caller has bounded its length. */
export function checksumListIn(text: string): ChecksumList | undefined {
  const plain = text.trim()
  if (/^[{[]/.test(plain)) return listInJson(plain)
  if (digestAlone.test(plain)) return { files: [], isWeak: false }
  const lines = linesWithin(plain.split(/\r\n?|\n/).map((it) => it.trim()))
    .filter((it) => it !== '' && !/^[#;]/.test(it))
    .filter((it) => !/^-----(?:BEGIN|END) PGP/.test(it))
  return listOfCertutil(lines) ?? listOfProperties(lines) ?? listOfRows(lines)
}

/** Whether a text that begins so may be such a list; the first lines of each say so. */
export function beginsAsChecksumList(head: string): boolean {
  const plain = head.trimStart()
  if (/^[{[]/.test(plain)) return true
  const lines = plain.split(/\r\n?|\n/, 40)
  // The last may be cut.
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines
  const first = linesWithin(whole.map((it) => it.trim())).find((it) => it !== '' && !/^[#;]/.test(it))
  if (first === undefined) return true
  return (
    digestAlone.test(first) ||
    isHeading(first) ||
    /:$/.test(first) ||
    propertyOf(first) !== undefined ||
    rowOf(first) !== undefined
  )
}

const hex = '[0-9a-f]{32,}'
/** Of SHA-256, SHA-384 and SHA-512 in base64. */
const integrity = 'sha(?:256|384|512)[-:][A-Za-z0-9+/]{43,88}={0,2}'
const algorithm = '(?:md5|sha-?[0-9]{1,3}(?:[-/][0-9]{3})?|blake[0-9a-z]{1,3}|b[23]|xxh[0-9a-z]{1,4})'
const wholeHex = '(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})'
const digestAlone = new RegExp(`^(?:(?:${algorithm}[:=-])?${wholeHex}|${integrity})$`, 'i')
const isAlgorithm = new RegExp(`^${algorithm}$`, 'i')

/** What stands within a signature: OpenPGP (RFC 9580 §7), or signify, which puts two lines in front. */
function linesWithin(lines: readonly string[]): readonly string[] {
  if (lines[0]?.startsWith('untrusted comment:') === true) return lines.slice(2)
  if (lines[0] !== '-----BEGIN PGP SIGNED MESSAGE-----') return lines
  const body = lines.indexOf('') + 1
  const end = lines.indexOf('-----BEGIN PGP SIGNATURE-----')
  const within = lines.slice(body === 0 ? 1 : body, end < 0 ? undefined : end)
  return within.map((it) => (it.startsWith('- ') ? it.slice(2) : it))
}

interface Row extends Listed {
  /** Too short to be known by itself. */
  readonly weak?: string
}

const digestFirst = new RegExp(
  String.raw`^\\?(?:${algorithm}[:= \t-]{1,16})?(?:${hex}|${integrity})[ \t,;]+\*?(.+)$`,
  'i',
)
const bsdRow = /^\\?[a-z][a-z0-9/-]* ?\((.+)\) ?= ([0-9a-f]{16,})$/i
const weakRow = /^([0-9a-f]{8}|[0-9a-f]{16}) [ *](.+)$/i
const cksumRow = /^\d{1,10} (\d{1,15}) (.+)$/
const digestLast = new RegExp(`^(?:${algorithm}[:=-])?(?:${hex}|${integrity})$`, 'i')

function rowOf(line: string): Row | undefined {
  const strong = bsdRow.exec(line)?.[1] ?? digestFirst.exec(line)?.[1]
  if (strong !== undefined) return { name: nameIn(strong) }
  const [, weak, named] = weakRow.exec(line) ?? []
  if (weak !== undefined && named !== undefined) return { name: nameIn(named), weak }
  const [, size, counted] = cksumRow.exec(line) ?? []
  if (size !== undefined && counted !== undefined) return { name: nameIn(counted), bytes: Number(size), weak: 'a' }
  return rowByName(line)
}

/** `name hex`, `name: sha256:hex`, `name=hex`; the short ones of an SFV file. */
function rowByName(line: string): Row | undefined {
  const blank = Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t'))
  const sign = Math.max(blank, line.lastIndexOf('='), line.lastIndexOf(':'), line.lastIndexOf(','))
  const [short] = /^(?:[0-9a-f]{8}|[0-9a-f]{16})$/i.exec(line.slice(blank + 1)) ?? []
  if (short !== undefined && blank > 0) return { name: nameIn(line.slice(0, blank)), weak: short }
  for (const at of [blank, sign]) {
    if (at <= 0 || !digestLast.test(unquoted(line.slice(at + 1)))) continue
    let name = line.slice(0, at).trim()
    const [word = ''] = /[^\s:=,]{1,16}$/.exec(name.slice(-17)) ?? []
    if (isAlgorithm.test(word) && word.length < name.length) name = name.slice(0, -word.length)
    while (/[\s:=,]$/.test(name)) name = name.slice(0, -1)
    return { name: nameIn(name) }
  }
  return undefined
}

/** The base name, of Windows too. */
function nameIn(written: string): string {
  return unquoted(written.trim()).split(/[\\/]/).at(-1) ?? ''
}

function unquoted(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text
}

/** Of a table of PowerShell, whichever of its columns were asked for. */
function isHeading(line: string): boolean {
  return /^"?(?:Algorithm"?[ \t,;]+"?)?Hash"?[ \t,;]+"?Path"?$/i.test(line) || line.startsWith('#TYPE ')
}

function listOfRows(lines: readonly string[]): ChecksumList | undefined {
  const rows: Row[] = []
  let isTable = false
  for (const [index, line] of lines.entries()) {
    if (index === 0 && isHeading(line)) isTable = true
    else if (isTable && /^[-\s]+$/.test(line)) continue
    else {
      const row = rowOf(isTable && /[,;]/.test(line) ? line.split(/[,;]/).map(unquoted).join(' ') : line)
      if (row === undefined || row.name === '') return undefined
      rows.push(row)
    }
  }
  const weak = rows.flatMap((it) => it.weak ?? [])
  // Digits alone are a date.
  if (rows.length === 0 || (weak.length > 0 && !weak.some((it) => /[a-f]/i.test(it)))) return undefined
  const files = rows.map(({ name, bytes }) => ({ name, ...(bytes === undefined ? {} : { bytes }) }))
  return { files, isWeak: weak.length > 0 }
}

/** `SHA256 hash of app.tgz:`, the digest, older ones with blanks in it, and a last line; its words are those of the system. */
function listOfCertutil(lines: readonly string[]): ChecksumList | undefined {
  if (!lines.some((it) => it.startsWith('CertUtil: '))) return undefined
  const files: Listed[] = []
  for (const line of lines) {
    if (line.endsWith(':'))
      files.push({ name: nameIn((/ of (?:file )?(.+):$/.exec(line)?.[1] ?? line).replace(/:$/, '')) })
    else if (!/^[0-9a-f ]{32,}$/i.test(line) && !line.startsWith('CertUtil: ')) return undefined
  }
  return files.length === 0 ? undefined : { files, isWeak: false }
}

/** `Hash : …`, as `Get-FileHash | Format-List` has it. */
function propertyOf(line: string): readonly [name: string, value: string] | undefined {
  const [, name, value] = /^(Algorithm|Hash|Path)[ \t]{0,16}:[ \t]{0,16}(\S.*)$/i.exec(line) ?? []
  return name === undefined || value === undefined ? undefined : [name.toLowerCase(), value]
}

function listOfProperties(lines: readonly string[]): ChecksumList | undefined {
  const properties = lines.flatMap((it) => [propertyOf(it) ?? []]).filter((it) => it.length === 2)
  if (properties.length !== lines.length) return undefined
  const hashes = properties.filter(([name]) => name === 'hash')
  const paths = properties.filter(([name]) => name === 'path')
  if (paths.length === 0 || hashes.length !== paths.length) return undefined
  if (!hashes.every(([, value]) => digestLast.test(value))) return undefined
  return { files: paths.map(([, value]) => ({ name: nameIn(value) })), isWeak: false }
}

/** Names of members that say nothing but what stands there. */
const words =
  /^(?:algorithms?|hash(?:es)?|digests?|checksums?|sums?|integrity|files?|artifacts?|name|filename|path|size|bytes)$/i

/** JSON of which each member is a digest, its algorithm, a size or a file. */
function listInJson(text: string): ChecksumList | undefined {
  const json = attempt(() => parseJsonText(text, 'the file'))
  if (json instanceof CountersignError) return undefined
  const names: string[] = []
  let digests = 0
  const isOnly = (value: Json, at: string): boolean => {
    if (typeof value === 'number') return /^(?:size|bytes)$/i.test(at)
    if (typeof value === 'string') {
      if (digestLast.test(value)) digests += 1
      else if (/^(?:name|filename|file|path|files|artifacts?)$/i.test(at)) names.push(nameIn(value))
      else return isAlgorithm.test(value)
      return true
    }
    if (!isObject(value)) return Array.isArray(value) && (value as readonly Json[]).every((it) => isOnly(it, at))
    return Object.entries(value).every(([name, it]) => {
      const isWord = words.test(name) || isAlgorithm.test(name)
      if (!isWord) names.push(nameIn(name))
      return isOnly(it, isWord ? name : '')
    })
  }
  if (!isOnly(json, '') || digests === 0 || names.length === 0) return undefined
  return { files: names.map((name) => ({ name })), isWeak: true }
}
