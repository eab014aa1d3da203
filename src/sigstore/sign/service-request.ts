/**
 * One request to a signing service, and what its failure means: whether asking again can help, and what a person is told.
 * Nothing of a request gets into an error, because the one to Fulcio holds the token.
 */
import { CountersignError } from '../../errors.ts'
import { parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { isCertificateFault, isPassing, isTimeout, networkReason, readBody, seconds } from '../../platform/http.ts'
import { retryAfterOf } from '../../platform/retry-budget.ts'
import type { RetryBudget } from '../../platform/retry-budget.ts'

/** How a service did not do its part; the codes of `CountersignError` that it can become. */
type TroubleCode = 'service-unavailable' | 'service-refused' | 'service-answer-malformed'

interface TroubleDetail {
  /** Asking the same again can help. */
  readonly again: boolean
  /** Milliseconds that the service asks to be left alone. */
  readonly retryAfter?: number | undefined
  /** It took its time to fail, so another service is asked before it. */
  readonly slow?: boolean
  /** There was no connection, so the request is known not to have come there. */
  readonly unsent?: boolean
}

/** Never leaves the room: `service-failover.ts` asks again, asks another, or makes it a CountersignError. */
export class ServiceTrouble extends Error {
  override readonly name = 'ServiceTrouble'
  readonly code: TroubleCode
  readonly again: boolean
  readonly retryAfter: number | undefined
  readonly slow: boolean
  readonly unsent: boolean

  constructor(code: TroubleCode, reason: string, { again, retryAfter, slow = false, unsent = false }: TroubleDetail) {
    super(reason)
    this.code = code
    this.again = again
    this.retryAfter = retryAfter
    this.slow = slow
    this.unsent = unsent
  }
}

/** An answer that cannot be used. Repeating is worth a try: proxies cut bodies and put pages in between. */
export function unusable(reason: string): ServiceTrouble {
  return new ServiceTrouble('service-answer-malformed', reason, { again: true })
}

export interface ServiceRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly accept: string
  readonly contentType?: string
  readonly body?: string | Uint8Array<ArrayBuffer>
  /** Statuses beside 2xx that the caller understands. */
  readonly alsoExpected?: readonly number[]
}

export interface ServiceAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
}

/** The answer of a service, bounded in size and time. Throws ServiceTrouble. */
export async function askService(request: ServiceRequest, budget: RetryBudget): Promise<ServiceAnswer> {
  const answer = await exchange(request, budget)
  const { status, headers, body } = answer
  if ((status >= 200 && status < 300) || request.alsoExpected?.includes(status) === true) return answer
  const reason = `status ${status}${messageIn(body)}`
  if (isPassing(status)) {
    const retryAfter = retryAfterOf(headers.get('retry-after'), budget.world.now())
    throw new ServiceTrouble('service-unavailable', reason, { again: true, retryAfter })
  }
  // A redirect is a refusal too: it would take the token to another host.
  throw new ServiceTrouble('service-refused', reason, { again: false })
}

async function exchange(
  { method, url, accept, contentType, body }: ServiceRequest,
  budget: RetryBudget,
): Promise<ServiceAnswer> {
  const timeout = budget.requestTimeout()
  try {
    const response = await budget.world.fetch(url, {
      method,
      headers: { accept, ...(contentType === undefined ? {} : { 'content-type': contentType }) },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.any([budget.signal, budget.world.timeout(timeout)]),
    })
    const bytes = await readBody(response, limits.serviceAnswerBytes, () =>
      unusable(`its answer has more than ${limits.serviceAnswerBytes} bytes`),
    )
    return { status: response.status, headers: response.headers, body: bytes }
  } catch (thrown) {
    if (thrown instanceof ServiceTrouble) throw thrown
    throw networkTrouble(thrown, timeout)
  }
}

/** What Node says where no connection came to be. */
const noConnection = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/

function networkTrouble(thrown: unknown, timeout: number): ServiceTrouble {
  if (isTimeout(thrown)) {
    return new ServiceTrouble('service-unavailable', `no answer within ${seconds(timeout)}`, {
      again: true,
      slow: true,
    })
  }
  const reason = networkReason(thrown, timeout)
  const name = reason === 'unknown reason' ? 'connection lost' : reason
  const isFaulty = isCertificateFault(name)
  return new ServiceTrouble('service-unavailable', name, {
    again: !isFaulty,
    unsent: isFaulty || noConnection.test(name),
  })
}

/** The JSON of an answer. Throws ServiceTrouble. */
export function jsonOf({ body }: ServiceAnswer): Json {
  try {
    return parseJson(body, 'its answer', limits.serviceAnswerBytes)
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw unusable(thrown.message)
    throw thrown
  }
}

/** What Fulcio and Rekor say of an error (`message`), for a person; nothing where it is anything else. */
function messageIn(body: Uint8Array): string {
  if (body.length > limits.issuerAnswerBytes) return ''
  try {
    const json = parseJson(body, 'the error', limits.issuerAnswerBytes)
    const message = typeof json === 'object' && json !== null && 'message' in json ? json.message : undefined
    return typeof message === 'string' && message !== '' ? ` (${message})` : ''
  } catch {
    return ''
  }
}
