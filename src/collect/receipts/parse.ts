/** Bytes of a receipt → header and payload, before anybody knows who signed it. Pure. */
import { CountersignError, attempt } from '../../errors.ts'
import { sha256Hex } from '../../model/digest.ts'
import { isObject, parseJson } from '../../model/json.ts'
import type { JsonObject } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { receiptAlgorithms, receiptPayload, receiptTyp } from '../../model/receipt.ts'
import type { ReceiptAlgorithm, ReceiptPayload, RefusedReceipt } from '../../model/receipt.ts'
import { timeIn } from '../sessions/record-time.ts'

export interface ParsedReceipt {
  /** The compact JWS. */
  readonly raw: string
  /** Of its bytes, in lower-case hex. */
  readonly sha256: string
  readonly alg: ReceiptAlgorithm
  readonly kid: string
  readonly payload: ReceiptPayload
  /** Of its session, in milliseconds. */
  readonly startedAt: number
  readonly endedAt: number
}

/** Reads strictly: of two members with one name another reader could take the other. */
export function parseReceipt(bytes: Uint8Array): ParsedReceipt | RefusedReceipt {
  const sha256 = sha256Hex(bytes)
  const malformed = (why: string): RefusedReceipt => refusedReceipt('receipt-malformed', sha256, why)
  if (bytes.byteLength > limits.receiptBytes) return malformed(`it has more than ${limits.receiptBytes} bytes`)
  const raw = Buffer.from(bytes).toString('latin1')
  const [first, second, ...rest] = raw.split('.')
  if (first === undefined || second === undefined || rest.length !== 1 || !raw.split('.').every(isCanonical)) {
    return malformed('it is not three parts of base64url')
  }
  const header = partOf(first)
  if (header === undefined) return malformed('its header is no strict JSON object')
  const alg = receiptAlgorithms.find((it) => it === header['alg'])
  const { kid } = header
  // No member beside these: some bring a key along, which nobody can vouch for, and others change what the signature means.
  const others = Object.keys(header).filter((it) => !['alg', 'kid', 'typ'].includes(it))
  if (alg === undefined || others.length > 0 || header['typ'] !== receiptTyp) {
    const why = alg === undefined ? 'its algorithm' : others.length > 0 ? 'a member of its header' : 'its type'
    return refusedReceipt('receipt-header-refused', sha256, `${why} is not accepted`)
  }
  if (typeof kid !== 'string' || kid === '' || kid.length > 256) return malformed('its header names no key')
  const payload = receiptPayload().safeParse(partOf(second))
  if (!payload.success) return malformed('its payload is no strict JSON, or not what its schema says')
  const { started_at: started, ended_at: ended } = payload.data.session
  const [startedAt, endedAt] = [timeIn(started), timeIn(ended)]
  if (startedAt === undefined || endedAt === undefined || endedAt < startedAt) {
    return malformed('the times of its session are none')
  }
  return { raw, sha256, alg, kid, payload: payload.data, startedAt, endedAt }
}

export function isRefused(receipt: ParsedReceipt | RefusedReceipt): receipt is RefusedReceipt {
  return 'code' in receipt
}

/** The one way in which refusals name a receipt: its text may hold whatever somebody wrote. */
export function refusedReceipt(
  code: RefusedReceipt['code'],
  sha256: string,
  why: string,
  commit?: string,
): RefusedReceipt {
  return { code, detail: `receipt ${sha256.slice(0, 12)}: ${why}`, ...(commit === undefined ? {} : { commit }) }
}

/** Of several spellings of the same bytes one: else a receipt could be had under any number of digests. */
function isCanonical(part: string): boolean {
  return part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part
}

function partOf(part: string): JsonObject | undefined {
  const json = attempt(() => parseJson(Buffer.from(part, 'base64url'), 'a part', limits.receiptBytes))
  return json instanceof CountersignError || !isObject(json) ? undefined : json
}
