/** The list of issuers whose receipts count, with the files that it names. */
import { dirname, resolve } from 'node:path'
import { CountersignError, attempt, option } from '../../errors.ts'
import { isObject, parseJson } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { personAddress } from '../../model/person.ts'
import { receiptIssuersFile } from '../../model/receipt-issuers.ts'
import type { ReceiptIssuer, ReceiptIssuersFile } from '../../model/receipt-issuers.ts'
import { namedFile, readRegularFile } from '../../platform/files.ts'
import { isSecure } from '../../platform/http.ts'
import { issueWords } from '../../model/issue-words.ts'
import type { Place } from '../../model/yaml/place.ts'
import { parseYamlText } from '../../model/yaml/yaml-text.ts'
import { timeIn } from '../sessions/record-time.ts'
import { keySetIn } from './key-set.ts'

const what = 'the list of receipt issuers'

/** YAML, of which JSON is a part. Errors: `receipt-issuers-malformed`, and those of reading a file. */
export async function readIssuerList(path: string, bytes: Buffer): Promise<readonly ReceiptIssuer[]> {
  const text = parseYamlText(bytes, malformed)
  const parsed = receiptIssuersFile().safeParse(text.value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue?.path ?? []
    const member = where.map((it) => String(it).slice(0, 60)).join('.')
    const reason = issue === undefined ? 'is not what its schema says' : issueWords(issue)
    throw malformed(text.placeOf(where), `${member === '' ? 'the file' : member} ${reason}`)
  }
  const issuers: ReceiptIssuer[] = []
  for (const [index, said] of parsed.data.issuers.entries()) {
    const place = text.placeOf(['issuers', index])
    if (!isPlainUrl(said.issuer)) throw malformed(place, 'its issuer is no plain https URL')
    if (issuers.some((it) => it.issuer === said.issuer)) throw malformed(place, 'its issuer is there twice')
    issuers.push(await issuerOf(said, dirname(path), place))
  }
  return issuers
}

type Said = ReceiptIssuersFile['issuers'][number]

async function issuerOf(said: Said, folder: string, place: Place): Promise<ReceiptIssuer> {
  const { issuer, audiences, revoked = [], notBefore, notAfter, skewSeconds = 300, windowSeconds = 86_400 } = said
  const time = (text: string | undefined, otherwise: number): number => {
    const at = text === undefined ? otherwise : timeIn(text)
    if (at === undefined) throw malformed(place, 'one of its times is malformed')
    return at
  }
  return {
    issuer,
    keys: await keysIn(said.jwks, folder, place),
    audiences,
    users: await usersIn(said.users, folder, place),
    revoked: revoked.map((it) => ({
      kid: 'kid' in it ? it.kid : undefined,
      thumbprint: 'thumbprint' in it ? it.thumbprint : undefined,
      at: time(it.at, 0),
    })),
    notBefore: time(notBefore, 0),
    notAfter: time(notAfter, Number.MAX_SAFE_INTEGER),
    ...{ skew: skewSeconds * 1_000, window: windowSeconds * 1_000 },
  }
}

async function keysIn(jwks: Said['jwks'], folder: string, place: Place): Promise<ReceiptIssuer['keys']> {
  if ('url' in jwks) {
    if (!isPlainUrl(jwks.url)) throw malformed(place, 'its key set is at no plain https URL')
    return { url: jwks.url }
  }
  const keys = keySetIn(
    await readRegularFile(resolve(folder, jwks.file), limits.jwksBytes, namedFile('a key set of the list', jwks.file)),
  )
  if (typeof keys === 'string') throw malformed(place, keys)
  return { pinned: keys }
}

async function usersIn(users: Said['users'], folder: string, place: Place): Promise<ReceiptIssuer['users']> {
  if (typeof users === 'string') return users
  const bytes = await readRegularFile(
    resolve(folder, users.file),
    limits.receiptUsersBytes,
    namedFile('a file of users of the list', users.file),
  )
  const json = attempt(() => parseJson(bytes, 'the file of users', limits.receiptUsersBytes))
  if (json instanceof CountersignError) throw malformed(place, json.message)
  const entries = isObject(json) ? Object.entries(json) : []
  const addresses = entries.map(([sub, value]) => [sub, Array.isArray(value) ? value : [value]] as const)
  if (!isObject(json) || !addresses.every(([, all]) => all.every(isAddress))) {
    throw malformed(place, 'its file of users is no object of addresses')
  }
  return new Map(addresses.map(([sub, all]) => [sub, (all as string[]).map(personAddress)]))
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 320 && /^[^\s@]+@[^\s@]+$/.test(value.trim())
}

/** https, or http on this machine; written as a URL parser would write it. */
export function isPlainUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !isSecure(url) || url.search !== '' || url.hash !== '') return false
  return url.href === text || url.href === `${text}/`
}

/** Its own path is the caller's: no message names it. */
function malformed(place: Place | undefined, reason: string): CountersignError {
  const where = place === undefined ? '' : `, line ${place.line}`
  return new CountersignError('receipt-issuers-malformed', `${what}${where}: ${reason} (${option('receiptIssuers')})`, {
    option: 'receiptIssuers',
  })
}
