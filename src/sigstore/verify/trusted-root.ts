/** Trust material: whose certificates, logs and timestamps count. The caller chooses it; a bundle never does. */
import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import * as z from 'zod/mini'
import { CountersignError, reasonOf } from '../../errors.ts'
import { isObject } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { issueText } from '../../model/statement.ts'
import { openAuthority } from './chain.ts'
import type { Authority, Validity } from './chain.ts'
import type { LogKey } from './log-key.ts'

/** A trusted root that was read and found complete. `origin` says where it came from, for reports. */
export interface Trust {
  readonly origin: string
  readonly certificateAuthorities: readonly Authority[]
  readonly timestampAuthorities: readonly Authority[]
  /** Empty: the root asks for no log entry. */
  readonly transparencyLogs: readonly LogKey[]
  /** Empty: the root asks for no certificate timestamp. */
  readonly certificateLogs: readonly LogKey[]
}

/**
 * JSON → Trust. Takes a TrustedRoot (sigstore/protobuf-specs sigstore_trustroot.proto), or a ClientTrustConfig that holds one.
 * Every authority and key needs the start of its validity; read as "since 1970", a missing one would make a root weaker than
 * its owner thinks.
 */
export function trustFromJson(json: Json, origin: string): Trust {
  const holder = isObject(json) && (json['trustedRoot'] ?? null) !== null ? json['trustedRoot'] : json
  const parsed = trustedRoot.safeParse(holder)
  if (!parsed.success) {
    throw new CountersignError(
      'trusted-root-malformed',
      `${origin} is no Sigstore trusted root: ${issueText(parsed.error)}`,
    )
  }
  const root = parsed.data
  const validities = [
    ...root.certificateAuthorities.map((it) => it.validFor),
    ...root.timestampAuthorities.map((it) => it.validFor),
    ...[...root.tlogs, ...root.ctlogs].map((it) => it.publicKey.validFor),
  ]
  const lax = validities.filter((it) => (it?.start ?? null) === null).length
  if (lax > 0)
    throw new CountersignError('trusted-root-lax', `${origin} has ${lax} entries without a start of validity`)
  if (root.certificateAuthorities.length === 0) {
    throw new CountersignError('trusted-root-malformed', `${origin} names no certificate authority`)
  }
  if (root.tlogs.length === 0 && root.timestampAuthorities.length === 0) {
    throw new CountersignError('trusted-root-malformed', `${origin} names neither a log nor a timestamp authority`)
  }
  try {
    return {
      origin,
      certificateAuthorities: root.certificateAuthorities.map(openRootAuthority),
      timestampAuthorities: root.timestampAuthorities.map(openRootAuthority),
      transparencyLogs: root.tlogs.map(openLog),
      certificateLogs: root.ctlogs.map(openLog),
    }
  } catch (thrown) {
    throw new CountersignError('trusted-root-malformed', `${origin}: ${reasonOf(thrown)}`, { cause: thrown })
  }
}

const validity = z.optional(
  z.nullable(z.looseObject({ start: z.optional(z.nullable(z.string())), end: z.optional(z.nullable(z.string())) })),
)
const bytes = z.string().check(z.minLength(1))
const authority = z.looseObject({
  certChain: z.looseObject({ certificates: z.array(z.looseObject({ rawBytes: bytes })).check(z.minLength(1)) }),
  validFor: validity,
})
const log = z.looseObject({
  baseUrl: z.string(),
  publicKey: z.looseObject({ rawBytes: bytes, validFor: validity }),
  logId: z.looseObject({ keyId: bytes }),
  checkpointKeyId: z.optional(z.nullable(z.looseObject({ keyId: bytes }))),
})
/** Protobuf JSON leaves an empty list out, or says null. */
const listOf = <T extends z.ZodMiniType>(entry: T) =>
  z._default(
    z.pipe(
      z.nullable(z.array(entry).check(z.maxLength(64))),
      z.transform((list) => list ?? []),
    ),
    [],
  )

const trustedRoot = z.looseObject({
  mediaType: z.string().check(z.startsWith('application/vnd.dev.sigstore.trustedroot')),
  certificateAuthorities: listOf(authority),
  timestampAuthorities: listOf(authority),
  tlogs: listOf(log),
  ctlogs: listOf(log),
})

function openRootAuthority({ certChain, validFor }: z.infer<typeof authority>): Authority {
  return openAuthority(
    certChain.certificates.map(({ rawBytes }) => Buffer.from(rawBytes, 'base64')),
    openValidity(validFor),
  )
}

function openLog({ baseUrl, publicKey, logId, checkpointKeyId }: z.infer<typeof log>): LogKey {
  return {
    id: Buffer.from((checkpointKeyId ?? logId).keyId, 'base64'),
    key: openKey(Buffer.from(publicKey.rawBytes, 'base64')),
    validFor: openValidity(publicKey.validFor),
    host: URL.canParse(baseUrl) ? new URL(baseUrl).hostname : baseUrl,
  }
}

/** SubjectPublicKeyInfo, or for old RSA entries a bare PKCS#1 key: their `keyDetails` says PKIX for both. */
function openKey(key: Buffer): KeyObject {
  try {
    return createPublicKey({ key, format: 'der', type: 'spki' })
  } catch {
    return createPublicKey({ key, format: 'der', type: 'pkcs1' })
  }
}

function openValidity(given: z.infer<typeof validity>): Validity {
  const end = given?.end ?? undefined
  return { start: timeFrom(given?.start ?? ''), end: end === undefined ? undefined : timeFrom(end) }
}

function timeFrom(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new Error(`${JSON.stringify(text.slice(0, 40))} is no time`)
  return time
}
