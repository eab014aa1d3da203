/**
 * Statement bytes + token → bundle: a key that lives for one signature, Fulcio's certificate for it, the signature, its
 * timestamps, its log entry. The log comes last: an entry stays for ever, so nothing is logged that could not be finished.
 */
import { generateKeyPairSync, sign } from 'node:crypto'
import { CountersignError, option } from '../../errors.ts'
import { bundleMediaType } from '../../model/bundle.ts'
import { inTotoPayloadType, preAuthEncoding } from '../../model/envelope.ts'
import type { Envelope } from '../../model/envelope.ts'
import type { World } from '../../platform/world.ts'
import { verifiableServices } from './before-logging.ts'
import type { BeforeLogging } from './before-logging.ts'
import { askServices } from './service-failover.ts'
import { readTokenFacts, requestCertificate } from './fulcio.ts'
import type { EphemeralKey } from './fulcio.ts'
import { openRetryBudget } from '../../platform/retry-budget.ts'
import type { RetryBudget, RetryOptions } from '../../platform/retry-budget.ts'
import { addToLog, envelopeJson } from './rekor.ts'
import type { TransparencyLogEntry } from './rekor.ts'
import { ServiceTrouble } from './service-request.ts'
import type { SigningServices } from './services.ts'
import { requestTimestamp } from './timestamp-client.ts'

/** `before`: what is asked before anything is logged. */
export interface SigningOptions extends RetryOptions {
  readonly before?: BeforeLogging | undefined
}

/**
 * Signs under the identity of the token and returns the bundle (v0.3, one certificate, at most one log entry) as one line of
 * JSON. Services are asked again, and others in their place, until the budget is used up. Errors: `service-refused`,
 * `service-unavailable`, `service-answer-malformed`, `token-malformed`, `token-expired` (while Fulcio could not be reached); with `before` also
 * `bundle-not-verifiable` and whatever its `check` throws, and then nothing was logged.
 * The result is not verified here: the flow does that with the trusted root, before anything is written.
 */
export async function signStatement(
  statement: Uint8Array,
  token: string,
  given: SigningServices,
  { before, ...options }: SigningOptions,
  world: World,
): Promise<string> {
  const budget = openRetryBudget(options, world)
  const done: Done = { certificate: false, timestamps: 0, logged: 'no' }
  try {
    const services = before === undefined ? given : await verifiableServices(given, before.trust, budget)
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const certificate = await obtainCertificate(token, key, services, budget)
    done.certificate = true
    let lost = 'nothing was wrong with its answers'
    for (let round = 0; round < signatureRounds; round += 1) {
      const envelope = signedEnvelope(statement, key)
      const timestamps = await stampSignature(envelope, services, budget)
      done.timestamps = timestamps.length
      before?.check(bundleOf(envelope, certificate, [], timestamps))
      const logged = await logSignature(envelope, certificate, services, budget, done)
      if (logged.kind === 'entries') return bundleOf(envelope, certificate, logged.entries, timestamps)
      lost = logged.lost ?? lost
    }
    throw new CountersignError(
      'service-answer-malformed',
      `the transparency log says of every signature that it has it already, and gives no entry out (before: ${lost})`,
    )
  } catch (thrown) {
    throw thrown instanceof CountersignError ? withDone(thrown, done) : thrown
  } finally {
    budget.close()
  }
}

/** How far a signing came. */
interface Done {
  certificate: boolean
  timestamps: number
  /** `perhaps`: it was sent, and no answer says that it was not taken. */
  logged: 'no' | 'perhaps'
}

/** The same failure with what has come of it all the same: certificates and log entries are public, and stay. */
function withDone(failure: CountersignError, { certificate, timestamps, logged }: Done): CountersignError {
  if (!certificate) return failure
  const { code, message, hint, option: named, expected, found } = failure
  const known = [
    'a certificate was issued',
    ...(timestamps > 0 ? ['the signature has its timestamp'] : []),
    logged === 'no' ? 'nothing was logged' : 'the log may have the entry already',
  ]
  return new CountersignError(code, `${message}; so far: ${known.join(', ')}`, {
    ...(hint === undefined ? {} : { hint }),
    ...(named === undefined ? {} : { option: named }),
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
    cause: failure,
  })
}

/** ECDSA has a random part: signing again gives another signature, and so another log entry. */
const signatureRounds = 3

async function obtainCertificate(
  token: string,
  key: EphemeralKey,
  services: SigningServices,
  budget: RetryBudget,
): Promise<Buffer> {
  const facts = readTokenFacts(token)
  let asked = false
  return askServices(
    {
      what: 'Fulcio',
      services: [services.fulcio, ...(services.standby?.fulcio ?? [])].map((url) => ({ url })),
      ask({ url }) {
        // The first time Fulcio judges with its own clock; to ask again with a dead token helps nobody.
        if (asked && facts.expires !== undefined && budget.world.now().getTime() >= facts.expires * 1_000) {
          throw new CountersignError('token-expired', 'the token expired while Fulcio did not do its part', {
            hint: `request a fresh token and run it again, or keep what was prepared (${option('onOutage')})`,
          })
        }
        asked = true
        return requestCertificate(url, token, facts, key, budget)
      },
    },
    budget,
  )
}

function signedEnvelope(statement: Uint8Array, { privateKey }: EphemeralKey): Envelope {
  const sig = sign('sha256', preAuthEncoding(inTotoPayloadType, statement), privateKey)
  return { payloadType: inTotoPayloadType, payload: statement, signatures: [{ sig, keyid: '' }] }
}

/**
 * As many timestamps as there are first choices, each from another operator: an operator whose services all fail is
 * replaced by the next one that nobody has drawn yet.
 */
async function stampSignature(
  { signatures }: Envelope,
  { timestampAuthorities: chosen, standby }: SigningServices,
  budget: RetryBudget,
): Promise<readonly Buffer[]> {
  const sig = signatures[0]?.sig ?? Buffer.alloc(0)
  const rows = standby?.timestampAuthorities ?? []
  const operators = Array.from({ length: Math.max(chosen.length, rows.length) }, (_, at) =>
    [...chosen.slice(at, at + 1), ...(rows[at] ?? [])].map((url) => ({ url })),
  )
  const own = operators.splice(0, chosen.length)
  return Promise.all(
    own.map((services) =>
      askServices(
        {
          what: 'the timestamp authority',
          services,
          ask: ({ url }) => requestTimestamp(url, sig, budget),
          more: () => operators.shift(),
        },
        budget,
      ),
    ),
  )
}

/** `lost` says what became of the answer that would have had the entry. */
type Logged =
  | { readonly kind: 'entries'; readonly entries: readonly TransparencyLogEntry[] }
  | { readonly kind: 'already-logged'; readonly lost: string | undefined }

/** No entry where the Sigstore has no log, else one: sigstore-python refuses a bundle with more. */
async function logSignature(
  envelope: Envelope,
  certificate: Buffer,
  { log, standby }: SigningServices,
  budget: RetryBudget,
  done: Done,
): Promise<Logged> {
  if (log === undefined) return { kind: 'entries', entries: [] }
  let lost: string | undefined
  const answer = await askServices(
    {
      what: 'the transparency log',
      services: [log, ...(standby?.logs ?? [])],
      ask: (service) =>
        addToLog(service, { envelope, certificate }, budget).catch((thrown: unknown) => {
          if (thrown instanceof ServiceTrouble) {
            lost = thrown.message
            if (thrown.code !== 'service-refused' && !thrown.unsent) done.logged = 'perhaps'
          }
          throw thrown
        }),
    },
    budget,
  )
  if (answer.kind === 'already-logged') done.logged = 'perhaps'
  return answer.kind === 'entry' ? { kind: 'entries', entries: [answer.entry] } : { kind: answer.kind, lost }
}

/** Bundle v0.3 in the JSON form of sigstore/protobuf-specs sigstore_bundle.proto. */
function bundleOf(
  envelope: Envelope,
  certificate: Buffer,
  entries: readonly TransparencyLogEntry[],
  timestamps: readonly Buffer[],
): string {
  return JSON.stringify({
    mediaType: bundleMediaType,
    verificationMaterial: {
      certificate: { rawBytes: certificate.toString('base64') },
      tlogEntries: entries,
      timestampVerificationData: {
        rfc3161Timestamps: timestamps.map((it) => ({ signedTimestamp: it.toString('base64') })),
      },
    },
    dsseEnvelope: envelopeJson(envelope),
  })
}
