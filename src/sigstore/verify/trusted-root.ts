/** Trust material: whose certificates, logs and timestamps count. The caller chooses it; a bundle never does. */
import * as z from 'zod/mini'
import { CountersignError, reasonOf } from '../../errors.ts'
import { isObject } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { trustConfigMembers, trustedRootMembers, withJsonNames } from '../../model/proto-names.ts'
import { issueText } from '../../model/statement.ts'
import { oneLine } from '../../one-line.ts'
import { hasStrongKey } from './certificate.ts'
import { openAuthority } from './chain.ts'
import type { Authority, Validity } from './chain.ts'
import { openLogKey } from './log-key.ts'
import type { LogKey } from './log-key.ts'

/** The lists of a trusted root, by what they name. */
const roles = {
  certificateAuthorities: 'certificate authority',
  timestampAuthorities: 'timestamp authority',
  transparencyLogs: 'transparency log',
  certificateLogs: 'certificate log',
} as const
export type TrustList = keyof typeof roles

/** An entry that nothing can be verified by: of an unknown kind, broken, or without a start of its validity. */
export interface LeftOut {
  readonly list: TrustList
  /** Which one, and why. */
  readonly words: string
  readonly code: 'trusted-root-malformed' | 'trusted-root-lax'
  /** Of a log, where it can be read. */
  readonly logId: Buffer | undefined
}

/**
 * A trusted root that was read. A list that is empty here asks for nothing only if the document names nothing in it
 * (`asksFor`): what is left out makes a root stricter, never weaker.
 */
export interface Trust {
  /** Where it came from, for reports, and what of it was left out. */
  readonly origin: string
  readonly certificateAuthorities: readonly Authority[]
  readonly timestampAuthorities: readonly Authority[]
  readonly transparencyLogs: readonly LogKey[]
  readonly certificateLogs: readonly LogKey[]
  readonly leftOut: readonly LeftOut[]
  /** Only for a bundle of one's own, before it is logged (`beforeLogging`): it need have no entry, and no time. */
  readonly unlogged?: true
}

/**
 * The same root for a bundle of one's own that is not logged yet: nothing is asked of a log, and where nobody else says when, the
 * certificate was made just now. Never for a bundle that came from elsewhere.
 */
export function beforeLogging(trust: Trust): Trust {
  const leftOut = trust.leftOut.filter((it) => it.list !== 'transparencyLogs')
  return { ...trust, transparencyLogs: [], leftOut, unlogged: true }
}

/** True if the root names something in a list, whether or not it can be used. */
export function asksFor(trust: Trust, list: TrustList): boolean {
  return trust[list].length > 0 || trust.leftOut.some((it) => it.list === list)
}

/**
 * Throws where the root names something in a list and nothing of it can be used, or not the log with this id: then a "no" would
 * be a guess. Errors: `trusted-root-malformed`, `trusted-root-lax`.
 */
export function refuseLeftOut(trust: Trust, list: TrustList, logId?: Buffer): void {
  const out = trust.leftOut.filter((it) => it.list === list)
  const own = out.find((it) => logId !== undefined && it.logId?.equals(logId) === true)
  const [first] = trust[list].length === 0 ? out : []
  const named = own ?? first
  if (named === undefined) return
  // The origin names the first that were left out.
  const reason = trust.origin.includes(named.words) ? '' : `: ${named.words}`
  throw new CountersignError(named.code, `${trust.origin} cannot decide it${reason}`)
}

/**
 * JSON → Trust. Takes a TrustedRoot (sigstore/protobuf-specs sigstore_trustroot.proto), or a ClientTrustConfig that holds one.
 * Every authority and key needs the start of its validity; read as "since 1970", a missing one would make a root weaker than
 * its owner thinks. One entry that cannot be used is left out, and said in `origin`. Errors: `trusted-root-malformed`,
 * `trusted-root-lax` (nothing in it can be used, for that reason).
 */
export function trustFromJson(json: Json, origin: string): Trust {
  const refuse = refusal(origin)
  const parsed = trustedRoot.safeParse(withJsonNames(trustedRootIn(json, origin), trustedRootMembers, refuse))
  if (!parsed.success) throw refuse(issueText(parsed.error))
  const root = parsed.data
  if (root.tlogs.length === 0 && root.timestampAuthorities.length === 0) {
    throw new CountersignError('trusted-root-malformed', `${origin} names neither a log nor a timestamp authority`)
  }
  const lists = {
    certificateAuthorities: openEach('certificateAuthorities', root.certificateAuthorities, openRootAuthority),
    timestampAuthorities: openEach('timestampAuthorities', root.timestampAuthorities, openRootAuthority),
    transparencyLogs: openEach('transparencyLogs', root.tlogs, openLog),
    certificateLogs: openEach('certificateLogs', root.ctlogs, openLog),
  }
  const leftOut = Object.values(lists).flatMap((it) => it.leftOut)
  if (lists.transparencyLogs.usable.length === 0 && lists.timestampAuthorities.usable.length === 0) {
    const [first] = leftOut
    const code = leftOut.every((it) => it.code === 'trusted-root-lax') ? 'trusted-root-lax' : 'trusted-root-malformed'
    throw new CountersignError(code, `${origin}: nothing in it says when: ${first?.words ?? 'it is empty'}`)
  }
  return {
    origin: leftOut.length === 0 ? origin : `${origin} (${leftOutWords(leftOut)})`,
    certificateAuthorities: lists.certificateAuthorities.usable,
    timestampAuthorities: lists.timestampAuthorities.usable,
    transparencyLogs: lists.transparencyLogs.usable,
    certificateLogs: lists.certificateLogs.usable,
    leftOut,
  }
}

/**
 * The trusted root itself: of a ClientTrustConfig its member, of anything else the very value, whatever it is. Error:
 * `trusted-root-malformed` (the config has the member under two names).
 */
export function trustedRootIn(json: Json, origin: string): Json {
  const named = withJsonNames(json, trustConfigMembers, refusal(origin))
  const held = isObject(named) ? (named['trustedRoot'] ?? null) : null
  return held ?? json
}

function refusal(origin: string): (reason: string) => CountersignError {
  return (reason) => new CountersignError('trusted-root-malformed', `${origin} is no Sigstore trusted root: ${reason}`)
}

/** So many stand in the words of a verdict; a report of trust has all. */
const shownLeftOut = 3

function leftOutWords(leftOut: readonly LeftOut[]): string {
  const more = leftOut.length - shownLeftOut
  const shown = leftOut.slice(0, shownLeftOut).map((it) => it.words)
  return `left out: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}

/** Opens every entry by itself: one that cannot be used is no reason to do without the others. */
function openEach<T>(
  list: TrustList,
  entries: readonly unknown[],
  open: (entry: unknown) => T,
): { readonly usable: readonly T[]; readonly leftOut: readonly LeftOut[] } {
  const usable: T[] = []
  const leftOut: LeftOut[] = []
  for (const [index, entry] of entries.entries()) {
    try {
      usable.push(open(entry))
    } catch (thrown) {
      const { uri, baseUrl, logId } = names.safeParse(entry).data ?? {}
      const [name = `number ${index + 1}`] = [uri, baseUrl].filter((it) => it !== undefined && it !== '')
      leftOut.push({
        list,
        words: oneLine(`the ${roles[list]} ${name.slice(0, 100)}: ${reasonOf(thrown)}`),
        code: thrown instanceof NoStart ? 'trusted-root-lax' : 'trusted-root-malformed',
        logId: logId?.keyId === undefined ? undefined : Buffer.from(logId.keyId, 'base64'),
      })
    }
  }
  return { usable, leftOut }
}

const optional = <T extends z.ZodMiniType>(member: T) => z.optional(z.nullable(member))

const validity = optional(z.looseObject({ start: optional(z.string()), end: optional(z.string()) }))
const bytes = z.string().check(z.minLength(1))
const authority = z.looseObject({
  uri: optional(z.string()),
  certChain: z.looseObject({ certificates: z.array(z.looseObject({ rawBytes: bytes })).check(z.minLength(1)) }),
  validFor: validity,
})
const log = z.looseObject({
  baseUrl: optional(z.string()),
  hashAlgorithm: optional(z.union([z.string(), z.number()])),
  publicKey: z.looseObject({
    rawBytes: bytes,
    keyDetails: optional(z.union([z.string(), z.number()])),
    validFor: validity,
  }),
  logId: z.looseObject({ keyId: bytes }),
  checkpointKeyId: optional(z.looseObject({ keyId: bytes })),
})
/** What an entry that cannot be read is called; each by itself, since any may be what is wrong. */
const names = z.looseObject({
  uri: z.catch(z.optional(z.string()), undefined),
  baseUrl: z.catch(z.optional(z.string()), undefined),
  logId: z.catch(z.optional(z.looseObject({ keyId: z.string() })), undefined),
})
/** Protobuf JSON leaves an empty list out, or says null. */
const list = z._default(
  z.pipe(
    z.nullable(z.array(z.unknown()).check(z.maxLength(64))),
    z.transform((entries) => entries ?? []),
  ),
  [],
)

const trustedRoot = z.looseObject({
  mediaType: z.string().check(z.startsWith('application/vnd.dev.sigstore.trustedroot')),
  certificateAuthorities: list,
  timestampAuthorities: list,
  tlogs: list,
  ctlogs: list,
})

function read<T extends z.ZodMiniType>(shape: T, entry: unknown): z.infer<T> {
  const parsed = shape.safeParse(entry)
  if (!parsed.success) throw new Error(issueText(parsed.error))
  return parsed.data
}

function openRootAuthority(entry: unknown): Authority {
  const { uri, certChain, validFor } = read(authority, entry)
  const certificates = certChain.certificates.map(({ rawBytes }) => Buffer.from(rawBytes, 'base64'))
  const opened = openAuthority(certificates, openValidity(validFor), uri === '' ? undefined : (uri ?? undefined))
  const [first] = opened.chain
  if (first === undefined || !hasStrongKey(first))
    throw new Error('its key is weak, or of a kind that is not known here')
  return opened
}

/** SHA-256; absent, or the value that says nothing, in roots that were written by hand. */
const treeHashes: readonly unknown[] = ['SHA2_256', 1, 'HASH_ALGORITHM_UNSPECIFIED', 0, null, undefined]

function openLog(entry: unknown): LogKey {
  const { baseUrl, hashAlgorithm, publicKey, logId, checkpointKeyId } = read(log, entry)
  if (!treeHashes.includes(hashAlgorithm)) throw new Error(`its tree is of ${hashAlgorithm}, which is not known here`)
  return openLogKey({
    id: Buffer.from(logId.keyId, 'base64'),
    ...((checkpointKeyId ?? null) === null
      ? {}
      : { checkpointKeyId: Buffer.from(checkpointKeyId?.keyId ?? '', 'base64') }),
    key: Buffer.from(publicKey.rawBytes, 'base64'),
    keyDetails: publicKey.keyDetails ?? undefined,
    validFor: openValidity(publicKey.validFor),
    baseUrl: baseUrl ?? undefined,
  })
}

class NoStart extends Error {
  override readonly name = 'NoStart'
}

function openValidity(given: z.infer<typeof validity>): Validity {
  const start = given?.start ?? undefined
  const end = given?.end ?? undefined
  if (start === undefined) throw new NoStart('it has no start of validity')
  return { start: timeFrom(start), end: end === undefined ? undefined : timeFrom(end) }
}

function timeFrom(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new Error(`${JSON.stringify(text.slice(0, 40))} is no time`)
  return time
}
