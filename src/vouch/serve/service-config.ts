/** The configuration of a service for receipts, with the files that it names. */
import { dirname, resolve } from 'node:path'
import { CountersignError, option } from '../../errors.ts'
import { issueWords } from '../../model/issue-words.ts'
import type { Place } from '../../model/yaml/place.ts'
import { parseYamlText } from '../../model/yaml/yaml-text.ts'
import { isPlainUrl } from '../../collect/receipts/issuer-list.ts'
import { keySetIn } from '../../collect/receipts/key-set.ts'
import { limits } from '../../model/limits.ts'
import type { Jwk, ReceiptIssuer } from '../../model/receipt-issuers.ts'
import { receiptServiceFile } from '../../model/receipt-service.ts'
import type { ReceiptServiceFile } from '../../model/receipt-service.ts'
import { canonicalRepository } from '../../model/repository-url.ts'
import { namedFile, readRegularFile } from '../../platform/files.ts'
import { publicKeyFile } from '../key-file.ts'
import { publicJwk } from '../receipt-signer.ts'
import { vendorRows } from '../vendors/index.ts'
import type { VendorRow } from '../vendors/row.ts'

const what = 'the configuration of the service'

/** One whose sessions get receipts. */
export interface VendorEnvironment {
  readonly row: VendorRow
  readonly issuer: string
  readonly audience: string
  readonly keys: ReceiptIssuer['keys']
  /** In their one form (`canonicalRepository`). */
  readonly repositories: ReadonlySet<string>
  readonly subject: 'id' | 'email'
  /** Milliseconds. */
  readonly startsBefore: number
  readonly sessionPrefixes: readonly string[]
}

export interface ServiceConfig {
  readonly issuer: string
  readonly environments: readonly VendorEnvironment[]
  readonly publishedKeys: readonly Jwk[]
}

/** YAML, of which JSON is a part. Errors: `receipt-service-malformed`, `receipt-key-unusable`, and those of reading a file. */
export async function readServiceConfig(path: string): Promise<ServiceConfig> {
  const text = parseYamlText(await readRegularFile(path, limits.configBytes, namedFile(what, path)), malformed)
  const parsed = receiptServiceFile().safeParse(text.value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue?.path ?? []
    const member = where.map((it) => String(it).slice(0, 60)).join('.')
    const reason = issue === undefined ? 'is not what its schema says' : issueWords(issue)
    throw malformed(text.placeOf(where), `${member === '' ? 'the file' : member} ${reason}`)
  }
  const { issuer, environments: said, publishedKeys = [] } = parsed.data
  if (!isPlainUrl(issuer)) throw malformed(text.placeOf(['issuer']), 'its issuer is no plain https URL')
  const environments: VendorEnvironment[] = []
  for (const [index, it] of said.entries()) {
    const place = text.placeOf(['environments', index])
    const next = await environmentOf(it, dirname(path), place)
    if (environments.some((other) => other.issuer === next.issuer && other.audience === next.audience)) {
      throw malformed(place, 'an environment is there twice')
    }
    environments.push(next)
  }
  const published: Jwk[] = []
  for (const { file, kid } of publishedKeys) {
    published.push(publicJwk(await publicKeyFile(resolve(dirname(path), file), kid)))
  }
  return { issuer, environments, publishedKeys: published }
}

async function environmentOf(
  said: ReceiptServiceFile['environments'][number],
  folder: string,
  place: Place,
): Promise<VendorEnvironment> {
  const { issuer, audience, subject = 'id', startsBeforeSeconds = 0, sessionPrefixes = [] } = said
  const row = vendorRows.find((it) => it.id === said.vendor)
  if (row === undefined) {
    throw malformed(place, `its vendor is not one of those that are known: ${vendorRows.map((it) => it.id).join(', ')}`)
  }
  if (!row.audience.test(audience)) throw malformed(place, 'its audience is not the name of one environment')
  const repositories = said.repositories.map((it) => {
    const name = canonicalRepository(it)
    if (name === undefined) throw malformed(place, 'one of its repositories is no address of one')
    return name
  })
  return {
    ...{ row, issuer, audience, keys: await keysOf(said.jwks, folder, place), repositories: new Set(repositories) },
    ...{ subject, startsBefore: startsBeforeSeconds * 1_000, sessionPrefixes },
  }
}

async function keysOf(
  jwks: ReceiptServiceFile['environments'][number]['jwks'],
  folder: string,
  place: Place,
): Promise<ReceiptIssuer['keys']> {
  if ('url' in jwks) {
    if (!isPlainUrl(jwks.url)) throw malformed(place, 'its key set is at no plain https URL')
    return { url: jwks.url }
  }
  const keys = keySetIn(
    await readRegularFile(
      resolve(folder, jwks.file),
      limits.jwksBytes,
      namedFile('a key set of the service', jwks.file),
    ),
  )
  if (typeof keys === 'string') throw malformed(place, keys)
  return { pinned: keys }
}

function malformed(place: Place | undefined, reason: string): CountersignError {
  const where = place === undefined ? '' : `, line ${place.line}`
  return new CountersignError('receipt-service-malformed', `${what}${where}: ${reason} (${option('serviceConfig')})`, {
    option: 'serviceConfig',
  })
}
