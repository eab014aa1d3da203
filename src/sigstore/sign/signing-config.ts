/**
 * A Sigstore SigningConfig v0.2 (sigstore/protobuf-specs sigstore_trustroot.proto) as it stands in a file of its own or in a
 * ClientTrustConfig. Only what is said of services is read; the trusted root beside it is for `trust.ts`.
 */
import * as z from 'zod/mini'
import { CountersignError } from '../../errors.ts'
import { isObject } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { signingConfigMembers, trustConfigMembers, withJsonNames } from '../../model/proto-names.ts'
import { issueText } from '../../model/statement.ts'

export const signingConfigMediaType = 'application/vnd.dev.sigstore.signingconfig.v0.2+json'
const clientTrustConfigMediaType = 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json'

/** A configuration names a handful of services. */
const mostServices = 64

/** Protobuf JSON leaves a member out, or says null, where it has the value that says nothing. */
const orElse = <T extends z.ZodMiniType, const O>(member: T, otherwise: O) =>
  z.pipe(
    z.optional(z.nullable(member)),
    z.transform((it): z.infer<T> | O => it ?? otherwise),
  )
const orAbsent = <T extends z.ZodMiniType>(member: T) => orElse(member, undefined)

const moment = orAbsent(z.iso.datetime({ offset: true }))

const service = z.object({
  url: z.string().check(z.maxLength(2_048)),
  /** 0, or absent: not released yet. */
  majorApiVersion: orElse(z.uint32(), 0),
  validFor: orAbsent(z.object({ start: moment, end: moment })),
  operator: orElse(z.string(), ''),
})
export type ConfiguredService = z.infer<typeof service>

const services = orElse(z.array(service).check(z.maxLength(mostServices)), [])

/** By name or number in sigstore_trustroot.proto; absent or UNDEFINED where the list it is about is empty. */
const selector = z.pipe(
  orElse(z.union([z.string(), z.uint32()]), 'SERVICE_SELECTOR_UNDEFINED'),
  z.transform((it): string => (typeof it === 'number' ? (selectors[it] ?? String(it)) : it)),
)
const selectors: readonly string[] = ['SERVICE_SELECTOR_UNDEFINED', 'ALL', 'ANY', 'EXACT']

const selection = z.object({
  selector,
  /** Only for EXACT. */
  count: orElse(z.uint32(), 0),
})
export type Selection = z.infer<typeof selection>

const signingConfig = z.object({
  mediaType: z.literal(signingConfigMediaType),
  caUrls: services,
  oidcUrls: services,
  rekorTlogUrls: services,
  rekorTlogConfig: orAbsent(selection),
  tsaUrls: services,
  tsaConfig: orAbsent(selection),
})
export type SigningConfig = z.infer<typeof signingConfig>

/** JSON of either kind → signing configuration. Error: `trust-config-malformed`. */
export function parseSigningConfig(written: Json): SigningConfig {
  const json = withJsonNames(written, trustConfigMembers, malformed)
  const inside = isObject(json) && (json['signingConfig'] ?? null) !== null
  if (inside && json['mediaType'] !== clientTrustConfigMediaType) {
    throw malformed(`mediaType: expected ${clientTrustConfigMediaType}`)
  }
  const parsed = signingConfig.safeParse(
    withJsonNames((inside ? json['signingConfig'] : json) ?? null, signingConfigMembers, malformed),
  )
  if (!parsed.success) throw malformed(issueText(parsed.error))
  return parsed.data
}

function malformed(reason: string): CountersignError {
  return new CountersignError('trust-config-malformed', `the signing configuration cannot be read: ${reason}`)
}
