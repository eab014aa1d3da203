/**
 * What can be known before anything is published: a log entry is for ever, and one that nobody could verify then would be for
 * nothing. The services are held against the trusted root, and each log is asked which key it has; what it does not say is no
 * reason to refuse it.
 */
import { createHash, createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { oneLine } from '../../one-line.ts'
import { isWithin } from '../verify/chain.ts'
import type { Validity } from '../verify/chain.ts'
import { hasSigned, isCheckpointOf } from '../verify/log-inclusion.ts'
import { hasLogId } from '../verify/log-key.ts'
import type { LogKey } from '../verify/log-key.ts'
import { asksFor } from '../verify/trusted-root.ts'
import type { Trust } from '../verify/trusted-root.ts'
import type { RetryBudget } from '../../platform/retry-budget.ts'
import { ServiceTrouble, askService } from './service-request.ts'
import type { LogService, SigningServices } from './services.ts'

/** By what a signer knows that its own result will verify. */
export interface BeforeLogging {
  readonly trust: Trust
  /** Gets the bundle as it is before it is logged; throws where it would not verify. */
  readonly check: (bundle: string) => void
}

/**
 * The services whose work the trusted root lets anybody verify: without the logs that have a key that it does not name. Error:
 * `bundle-not-verifiable`, where nothing that they sign could be verified.
 */
export async function verifiableServices(
  services: SigningServices,
  trust: Trust,
  budget: RetryBudget,
): Promise<SigningServices> {
  const now = budget.world.now()
  const isBelieved = ({ validFor }: { readonly validFor: Validity }): boolean => isWithin(validFor, now)
  if (!trust.certificateAuthorities.some(isBelieved)) throw unverifiable('it believes in no certificate authority now')
  if (services.timestampAuthorities.length > 0 && !trust.timestampAuthorities.some(isBelieved)) {
    throw unverifiable('it believes in no timestamp authority now')
  }
  const { log, standby } = services
  if (log === undefined) {
    if (asksFor(trust, 'transparencyLogs')) throw unverifiable('it asks for a log entry, and no log is configured')
    return services
  }
  const asked = await Promise.all(
    [log, ...(standby?.logs ?? [])].map(async (it) => ({ log: it, problem: await problemOf(it, trust, budget) })),
  )
  const [first, ...others] = asked.flatMap((it) => (it.problem === undefined ? [it.log] : []))
  if (first === undefined) throw unverifiable(asked.map((it) => `${it.log.url}: ${it.problem ?? ''}`).join('; '))
  for (const { log: left, problem } of asked) {
    if (problem !== undefined) budget.note(`the transparency log ${left.url} is not used: ${problem}`)
  }
  return { ...services, log: first, ...(standby === undefined ? {} : { standby: { ...standby, logs: others } }) }
}

function unverifiable(reason: string): CountersignError {
  return new CountersignError(
    'bundle-not-verifiable',
    `nothing was signed, because the trusted root could not verify it: ${reason}`,
  )
}

/** Why no entry of a log could be verified; undefined if it could, or if the log does not say which key it has. */
async function problemOf(log: LogService, trust: Trust, budget: RetryBudget): Promise<string | undefined> {
  const now = budget.world.now()
  const logs = trust.transparencyLogs
  const isNoneBelieved = !logs.some(({ validFor }) => isWithin(validFor, now))
  const unknown = isNoneBelieved ? 'the root believes in no transparency log now' : undefined
  if (logs.length === 0) return unknown
  const path = log.version === 1 ? 'api/v1/log/publicKey' : 'api/v2/checkpoint'
  const said = await saidBy(`${log.url}/${path}`, budget)
  // A text that is neither key nor checkpoint says nothing.
  const key = said === undefined || log.version !== 1 ? undefined : keyIn(said)
  if (key !== undefined) return problemOfKey(logs, key, now)
  if (said !== undefined && log.version === 2 && said.includes('\n\n\u2014 '))
    return problemOfCheckpoint(logs, said, now)
  return unknown
}

const noKey = 'the root does not have its key'
/** An entry names its log by the id, so a key under another one is never found. */
const otherId = 'the root has its key under another id'

/** What stands against a Rekor v2. */
function problemOfCheckpoint(logs: readonly LogKey[], text: string, now: Date): string | undefined {
  const own = logs.filter((it) => hasSigned(text, it))
  const believed = own.filter(({ validFor }) => isWithin(validFor, now))
  if (believed.length === 0) return notBelieved(own, now)
  const [origin = ''] = text.split('\n')
  // Of an RSA key nobody says what its id is.
  const isNamed = (it: LogKey): boolean =>
    it.key.asymmetricKeyType === 'rsa' || [keyId(it.key), noteId(origin, it.key)].some((id) => hasLogId(it, id))
  const named = believed.filter(isNamed)
  if (isCheckpointOf(text, named)) return undefined
  // Of an Ed25519 key the id is that of the host too: where it fits the key alone, or nothing, the host may be what differs.
  const host = believed.map((it) => it.host).find((it) => it !== origin && it !== undefined)
  if (host !== undefined) return `the root has its key for another host: ${oneLine(host)}`
  return named.some((it) => it.host === undefined) ? 'the root has its key without the URL of the log' : otherId
}

/** What stands against a Rekor v1. */
function problemOfKey(logs: readonly LogKey[], key: KeyObject, now: Date): string | undefined {
  const own = logs.filter((it) => it.key.equals(key))
  const believed = own.filter(({ validFor }) => isWithin(validFor, now))
  if (believed.length === 0) return notBelieved(own, now)
  const id = keyId(key)
  // Its checkpoints name the key by the first bytes of the same hash (sigstore/rekor pkg/util/signed_note.go).
  const isNamed = (it: LogKey): boolean =>
    hasLogId(it, id) && (it.checkpointKeyId ?? it.id).subarray(0, 4).equals(id.subarray(0, 4))
  return believed.some(isNamed) ? undefined : otherId
}

/** Of keys of the log in the root, none of which is believed now: not to have it is another thing. */
function notBelieved(own: readonly LogKey[], now: Date): string {
  const [first] = own
  if (first === undefined) return noKey
  const { start, end } = first.validFor
  return now < start || end === undefined
    ? `the root believes in its key from ${start.toISOString()} on`
    : `the root believed in its key until ${end.toISOString()}`
}

/** Undefined for what is no key in PEM. */
function keyIn(pem: string): KeyObject | undefined {
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) return undefined
  try {
    return createPublicKey(pem)
  } catch {
    return undefined
  }
}

/** Log id of Rekor v1 and of ECDSA logs of Rekor v2: SHA-256 of the public key as DER. */
function keyId(key: KeyObject): Buffer {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
}

/** Log id of an Ed25519 log of Rekor v2: the whole key id of its notes (C2SP signed-note). */
function noteId(name: string, key: KeyObject): Buffer {
  const bare = key.export({ type: 'spki', format: 'der' }).subarray(-32)
  return createHash('sha256').update(`${name}\n`).update(Buffer.of(1)).update(bare).digest()
}

/** What a log says of itself, where it answers in good time: it is asked once, and signing does not depend on it. */
async function saidBy(url: string, budget: RetryBudget): Promise<string | undefined> {
  // A log that hangs here must not use up the time of the services that do the signing, and then see them blamed.
  const patience = budget.world.timeout(Math.min(limits.trustRefreshTimeout, Math.ceil(budget.requestTimeout() / 4)))
  const once = { ...budget, signal: AbortSignal.any([budget.signal, patience]) }
  try {
    const { status, body } = await askService({ method: 'GET', url, accept: 'text/plain, */*' }, once)
    return status === 200 ? Buffer.from(body).toString('utf8') : undefined
  } catch (thrown) {
    if (!(thrown instanceof ServiceTrouble)) throw thrown
    // Of a log that answers nobody needs to know: Rekor v2 has no such page.
    if (thrown.slow)
      budget.world.progress(`the transparency log ${url}: ${thrown.message}; signing goes on without its key`, 'wait')
    return undefined
  }
}
