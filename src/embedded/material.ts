/**
 * What makes an embedded Sigstore the one that it is: its keys and the certificates of its authorities. Light on purpose:
 * who only mints a token needs no ASN.1.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import { parseJson, renameFailure } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import { issueText } from '../model/statement.ts'
import { readStateFile } from './state-files.ts'

/** Every key that is used again; the keys of the roots are not kept once they have signed. */
export const keyNames = ['issuer', 'fulcio', 'ctlog', 'rekorV1', 'rekorV2', 'timestamp', 'tuf'] as const
export type KeyName = (typeof keyNames)[number]

export const certificateNames = ['fulcioRoot', 'fulcioIntermediate', 'timestampRoot', 'timestamp'] as const
export type CertificateName = (typeof certificateNames)[number]

export interface Material {
  /** Whole seconds. Keys and certificates are valid from a day before. */
  readonly createdAt: Date
  /** Private keys: ECDSA P-256, for `rekorV2` and `tuf` Ed25519. */
  readonly keys: { readonly [name in KeyName]: KeyObject }
  readonly certificates: { readonly [name in CertificateName]: X509Certificate }
}

const day = 86_400_000

/** Start of the validity of everything: never "now", because clocks and whole seconds round below it. */
export function validFrom({ createdAt }: Pick<Material, 'createdAt'>): Date {
  return new Date(createdAt.getTime() - day)
}

const pem = z.string().check(z.maxLength(limits.keyBytes))

const shape = z.strictObject({
  version: z.literal(1),
  createdAt: z.iso.datetime(),
  keys: z.strictObject({
    issuer: pem,
    fulcio: pem,
    ctlog: pem,
    rekorV1: pem,
    rekorV2: pem,
    timestamp: pem,
    tuf: pem,
  } satisfies Record<KeyName, unknown>),
  certificates: z.strictObject({
    fulcioRoot: pem,
    fulcioIntermediate: pem,
    timestampRoot: pem,
    timestamp: pem,
  } satisfies Record<CertificateName, unknown>),
})

/** The file's text: keys as PKCS#8 PEM, certificates as PEM. Secret. */
export function serializeMaterial({ createdAt, keys, certificates }: Material): string {
  const text = {
    version: 1,
    createdAt: createdAt.toISOString(),
    keys: mapValues(keyNames, (name) => keys[name].export({ type: 'pkcs8', format: 'pem' }).toString()),
    certificates: mapValues(certificateNames, (name) => certificates[name].toString()),
  }
  return `${JSON.stringify(text, null, 2)}\n`
}

/** Reads it back. Error: `local-state-malformed`, without a word of the content. */
export function parseMaterial(bytes: Uint8Array): Material {
  const json = renameFailure(() => parseJson(bytes, 'the key file', limits.keyBytes), 'local-state-malformed')
  const parsed = shape.safeParse(json)
  if (!parsed.success) throw malformed(issueText(parsed.error))
  const { createdAt, keys, certificates } = parsed.data
  return {
    createdAt: new Date(createdAt),
    keys: mapValues(keyNames, (name) => keyOf(keys[name], name)),
    certificates: mapValues(certificateNames, (name) => certificateOf(certificates[name], name)),
  }
}

/** The keys of the folder; undefined if it has none. */
export async function readMaterial(folder: string): Promise<Material | undefined> {
  const bytes = await readStateFile(folder, 'keys', limits.keyBytes)
  return bytes === undefined ? undefined : parseMaterial(bytes)
}

function keyOf(text: string, name: KeyName): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey({ key: text, format: 'pem', type: 'pkcs8' })
  } catch {
    throw malformed(`keys.${name} is no private key`) // no cause: it could quote the key
  }
  const expected = name === 'rekorV2' || name === 'tuf' ? 'ed25519' : 'prime256v1'
  if ((key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType) !== expected) {
    throw malformed(`keys.${name} is not of type ${expected}`)
  }
  return key
}

function certificateOf(text: string, name: CertificateName): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch {
    throw malformed(`certificates.${name} is no certificate`)
  }
}

function mapValues<Name extends string, Value>(
  names: readonly Name[],
  value: (name: Name) => Value,
): { [name in Name]: Value } {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as { [name in Name]: Value }
}

function malformed(reason: string): CountersignError {
  return new CountersignError('local-state-malformed', `the keys of the embedded Sigstore are malformed: ${reason}`)
}
