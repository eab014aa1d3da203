/**
 * The file of allowed signers, as ssh-keygen(1) describes it and git reads it (`gpg.ssh.allowedSignersFile`):
 *
 *     ann@example.org,*@team.example namespaces="git",valid-before="20270101Z" ssh-ed25519 AAAA… a comment
 *
 * Parsed strictly: what cannot be read is an error, so that no slip lets a key in, or in for longer. Pure.
 */
import { CountersignError, option } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { base64Bytes } from './armour.ts'
import { parseSshKey, stringsIn } from './ssh-key.ts'

export interface AllowedSigner {
  /** In the file, from 1. */
  readonly line: number
  readonly principals: readonly Pattern[]
  /** As {@link SshKey} has it. */
  readonly fingerprint: string
  /** Undefined: for everything. */
  readonly namespaces: readonly Pattern[] | undefined
  /** Seconds since 1970, both inclusive. */
  readonly validAfter: number
  readonly validBefore: number
}

/** One of a list; `*` stands for any characters, `?` for one. */
export interface Pattern {
  readonly text: string
  readonly isNegated: boolean
}

export interface AllowedSigners {
  readonly signers: readonly AllowedSigner[]
  /** Lines that let nobody in here, and why. */
  readonly unused: readonly { readonly line: number; readonly why: string }[]
}

/** `named`: the option that named the file. Error: `allowed-signers-malformed`. */
export function parseAllowedSigners(text: string, named: SignersOption = 'allowedSigners'): AllowedSigners {
  try {
    return parse(text)
  } catch (thrown) {
    if (!(thrown instanceof Slip)) throw thrown
    throw new CountersignError(
      'allowed-signers-malformed',
      `line ${thrown.line} of ${option(named)}: ${thrown.message}`,
      {
        option: named,
      },
    )
  }
}

/** In a line of the file; which file it is, the caller knows. */
class Slip extends Error {
  readonly line: number

  constructor(line: number, why: string) {
    super(why)
    this.line = line
  }
}

type SignersOption = 'allowedSigners' | 'forgeSigners'

function parse(text: string): AllowedSigners {
  const signers: AllowedSigner[] = []
  const unused: { line: number; why: string }[] = []
  const lines = text.split('\n')
  if (lines.length > limits.allowedSigners) throw new Slip(lines.length, 'there are more lines than anybody has')
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const read = signerIn(trimmed, index + 1)
    if ('why' in read) unused.push(read)
    else signers.push(read)
  }
  return { signers, unused }
}

/** Whether a text is one of a list: a pattern that matches, and none with `!` that does. Letters count as they are written. */
export function isInList(text: string, patterns: readonly Pattern[]): boolean {
  const matching = patterns.filter((it) => matches(text, it.text))
  return matching.length > 0 && !matching.some((it) => it.isNegated)
}

/** In time that grows with both lengths alone, whatever stars there are. */
function matches(text: string, pattern: string): boolean {
  let [at, in_] = [0, 0]
  let star = -1
  let behindStar = 0
  while (at < text.length) {
    if (pattern[in_] === '*') {
      star = in_
      behindStar = at
      in_ += 1
    } else if (in_ < pattern.length && (pattern[in_] === '?' || pattern[in_] === text[at])) {
      at += 1
      in_ += 1
    } else if (star >= 0) {
      in_ = star + 1
      behindStar += 1
      at = behindStar
    } else return false
  }
  while (pattern[in_] === '*') in_ += 1
  return in_ === pattern.length
}

function signerIn(text: string, line: number): AllowedSigner | { readonly line: number; readonly why: string } {
  const [principals, ...rest] = wordsIn(text, line)
  const keyAt = rest.findIndex((it) => isKeyType(it))
  // Options are one word at most, before the key.
  if (principals === undefined || keyAt < 0 || keyAt > 1) throw new Slip(line, 'expected principals, options, a key')
  const options = optionsIn(keyAt === 0 ? '' : (rest[0] ?? ''), line)
  const blob = base64Bytes(rest[keyAt + 1] ?? '')
  const type = blob === undefined ? undefined : stringsIn(blob)?.[0]?.toString('latin1')
  if (blob === undefined || type !== rest[keyAt]) throw new Slip(line, 'the key cannot be read')
  const signer = { line, principals: patternsIn(unquoted(principals, line), line), ...options.limits }
  if (options.isAuthority) return { line, why: 'certificates are not verified here' }
  const key = parseSshKey(blob)
  if (key === 'malformed') throw new Slip(line, 'the key cannot be read')
  if (key === 'unsupported') return { line, why: 'keys of this kind are not verified here' }
  if (key === 'weak') return { line, why: 'the key is too short' }
  return { ...signer, fingerprint: key.fingerprint }
}

function isKeyType(word: string): boolean {
  return /^(?:ssh-|ecdsa-sha2-|sk-ssh-|sk-ecdsa-|webauthn-sk-)[A-Za-z0-9@.-]+$/.test(word)
}

/** Parted by blanks that stand in no quotes. */
function wordsIn(text: string, line: number): string[] {
  const words: string[] = []
  let word = ''
  let isQuoted = false
  for (const letter of text) {
    if (letter === '"') isQuoted = !isQuoted
    if (!isQuoted && (letter === ' ' || letter === '\t')) {
      if (word !== '') words.push(word)
      word = ''
    } else word += letter
  }
  if (isQuoted) throw new Slip(line, 'a quotation mark is missing')
  return word === '' ? words : [...words, word]
}

interface Options {
  readonly isAuthority: boolean
  readonly limits: Pick<AllowedSigner, 'namespaces' | 'validAfter' | 'validBefore'>
}

function optionsIn(text: string, line: number): Options {
  const given = new Map<string, string | undefined>()
  for (const written of text === '' ? [] : partsOf(text)) {
    const [, name = '', value] = /^([a-z-]+)(?:=(.+))?$/i.exec(written) ?? []
    const known = name.toLowerCase()
    const takesValue = ['namespaces', 'valid-after', 'valid-before'].includes(known)
    if ((known !== 'cert-authority' && !takesValue) || takesValue !== (value !== undefined) || given.has(known)) {
      throw new Slip(line, 'there is an option that cannot be read')
    }
    if (value !== undefined && !/^"[^"]+"$/.test(value)) throw new Slip(line, 'the value of an option needs quotes')
    given.set(known, value?.slice(1, -1))
  }
  const namespaces = given.get('namespaces')
  const after = momentIn(given.get('valid-after'), 12, line) ?? 0
  const before = momentIn(given.get('valid-before'), -14, line) ?? Infinity
  if (given.has('valid-after') && given.has('valid-before') && after >= before) {
    throw new Slip(line, 'it is valid at no time')
  }
  return {
    isAuthority: given.has('cert-authority'),
    limits: {
      namespaces: namespaces === undefined ? undefined : patternsIn(namespaces, line),
      validAfter: after,
      validBefore: before,
    },
  }
}

/** Parted by commas that stand in no quotes. */
function partsOf(text: string): string[] {
  const parts: string[] = []
  let part = ''
  let isQuoted = false
  for (const letter of text) {
    if (letter === '"') isQuoted = !isQuoted
    if (letter === ',' && !isQuoted) {
      parts.push(part)
      part = ''
    } else part += letter
  }
  return [...parts, part]
}

/**
 * `YYYYMMDD` or `YYYYMMDDHHMM[SS]`, with `Z` in UTC. Without it ssh-keygen takes the zone of the machine that it runs on, which
 * is not that of whoever wrote it: so the time is taken where it lets in least, in zones from UTC-12 to UTC+14.
 */
function momentIn(text: string | undefined, hoursWithoutZone: number, line: number): number | undefined {
  if (text === undefined) return undefined
  const [, date, hour = '00', minute = '00', second = '00', zone] =
    /^(\d{8})(?:(\d{2})(\d{2})(\d{2})?)?(Z?)$/.exec(text) ?? []
  const written = `${date?.slice(0, 4)}-${date?.slice(4, 6)}-${date?.slice(6)}T${hour}:${minute}:${second}.000Z`
  const moment = new Date(written)
  // 30 February would be a day in March.
  if (Number.isNaN(moment.getTime()) || moment.toISOString() !== written) throw new Slip(line, 'a time cannot be read')
  return moment.getTime() / 1_000 + (zone === 'Z' ? 0 : hoursWithoutZone * 3_600)
}

function patternsIn(text: string, line: number): Pattern[] {
  return text.split(',').map((written) => {
    const isNegated = written.startsWith('!')
    const pattern = isNegated ? written.slice(1) : written
    if (pattern === '' || /[\s"]/.test(pattern)) throw new Slip(line, 'a list has an entry that cannot be read')
    return { text: pattern, isNegated }
  })
}

function unquoted(word: string, line: number): string {
  const inner = word.startsWith('"') ? word.slice(1, -1) : word
  if (inner.includes('"')) throw new Slip(line, 'a quotation mark is in the wrong place')
  return inner
}
