/**
 * HTTP around the exchange: bounded headers, bodies, connections and times, answers as JSON, an end that lets open requests finish. There
 * is no cookie and no origin that is trusted: without a token of its own a page in a browser gets the public keys and nothing else.
 */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { asFailure, CountersignError, option } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { Jwk } from '../../model/receipt-issuers.ts'
import type { World } from '../../platform/world.ts'
import type { Exchange, Exchanged } from './exchange.ts'
import { ExchangeRefusal } from './refusal.ts'
import type { ServiceLogLine } from './service-log.ts'

/** Milliseconds; the defaults are those of `limits`. */
export interface Patience {
  readonly headers: number
  readonly request: number
  readonly grace: number
}

export interface ListenAddress {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

export interface Served {
  readonly exchange: Exchange
  readonly keys: readonly Jwk[]
  readonly log: (line: ServiceLogLine) => void
  readonly patience: Patience
}

export interface RunningServer {
  readonly url: string
  /** Takes no new request, lets open ones finish for as long as `grace`, and cuts what is left. */
  close(): Promise<void>
}

const paths = { receipts: '/v1/receipts', keys: '/.well-known/jwks.json', health: '/healthz' } as const

/** Error: `service-unavailable` (the address cannot be had). */
export async function listenForExchanges(
  { host, port }: ListenAddress,
  served: Served,
  world: World,
): Promise<RunningServer> {
  const { headers, request } = served.patience
  const server = createServer({
    ...{ headersTimeout: headers, requestTimeout: request, connectionsCheckingInterval: Math.ceil(headers / 4) },
    ...{ maxHeaderSize: limits.exchangeHeaderBytes, keepAliveTimeout: 5_000 },
  })
  server.maxConnections = limits.exchangeConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', (thrown) => {
      const failure = asFailure(thrown, 'service-unavailable', 'the service cannot listen there')
      reject(new CountersignError('service-unavailable', `${failure.message} (${option('listen')})`))
    })
    server.listen({ host, port }, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new CountersignError('internal', 'the server has no port')
  const state: State = { isStopping: false, busy: 0 }
  server.on('request', (message, response) => void respond(message, response, served, state, world))
  let closing: Promise<void> | undefined
  return {
    url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    close: () => (closing ??= stop(server, state, world.timeout(served.patience.grace))),
  }
}

interface State {
  isStopping: boolean
  /** Exchanges under way. */
  busy: number
}

async function stop(server: Server, state: State, grace: AbortSignal): Promise<void> {
  state.isStopping = true
  const cut = (): void => server.closeAllConnections()
  grace.addEventListener('abort', cut)
  await new Promise<void>((resolve) => server.close(() => resolve()))
  grace.removeEventListener('abort', cut)
}

async function respond(
  message: IncomingMessage,
  response: ServerResponse,
  served: Served,
  state: State,
  world: World,
): Promise<void> {
  const began = world.elapsed()
  // An answer that somebody no longer waits for is nobody's trouble.
  response.on('error', () => undefined)
  const answer = await answerTo(message, served, state)
  if (!message.complete || state.isStopping) response.shouldKeepAlive = false
  response.writeHead(answer.status, {
    ...{ 'content-type': answer.type, 'content-length': Buffer.byteLength(answer.body) },
    ...{ 'cache-control': answer.status === 200 ? 'public, max-age=300' : 'no-store', ...answer.headers },
    'x-content-type-options': 'nosniff',
  })
  response.end(answer.body)
  const { method, url } = message
  const path = Object.values<string | undefined>(paths).find((it) => it === url) ?? 'other'
  served.log({
    ...{ time: world.now().toISOString(), event: 'request', path, status: answer.status },
    ...{ method: method === 'GET' || method === 'POST' ? method : 'other', took: Math.round(world.elapsed() - began) },
    ...answer.logged,
  })
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: { readonly [name: string]: string }
  readonly logged: Partial<Pick<Exchanged, 'session' | 'jti'>> & { readonly code?: ExchangeRefusal['code'] }
}

async function answerTo(message: IncomingMessage, served: Served, state: State): Promise<Answer> {
  try {
    return await granted(message, served, state)
  } catch (thrown) {
    // Whatever else was thrown is a defect of ours, and may quote what it was given.
    const refusal = thrown instanceof ExchangeRefusal ? thrown : new ExchangeRefusal('internal')
    const { status, code, said } = refusal
    const headers = {
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(status === 429 || status === 503 ? { 'retry-after': '10' } : {}),
    }
    return { status, type: 'application/json', body: `${JSON.stringify(said)}\n`, headers, logged: { code } }
  }
}

async function granted(message: IncomingMessage, { exchange, keys }: Served, state: State): Promise<Answer> {
  if (state.isStopping) throw new ExchangeRefusal('stopping')
  const { method, url = '' } = message
  if (url.includes('?')) throw new ExchangeRefusal('query-refused')
  const isRead = method === 'GET' || method === 'HEAD'
  if (url === paths.receipts) {
    if (method !== 'POST') throw new ExchangeRefusal('method-refused')
    const token = bearerOf(message)
    const body = await bodyOf(message)
    // Counted when the body is there: who sends one slowly keeps a connection and no place.
    if (state.busy >= limits.exchanges) throw new ExchangeRefusal('busy')
    state.busy += 1
    try {
      const { receipt, session, jti } = await exchange(token, body)
      const type = 'application/ai-session-receipt+jwt'
      return { status: 201, type, body: `${receipt}\n`, logged: { session, jti } }
    } finally {
      state.busy -= 1
    }
  }
  if (url !== paths.keys && url !== paths.health) throw new ExchangeRefusal('not-found')
  if (!isRead) throw new ExchangeRefusal('method-refused')
  const body = url === paths.keys ? JSON.stringify({ keys }) : JSON.stringify({ status: 'ok' })
  return { status: 200, type: 'application/json', body: `${body}\n`, logged: {} }
}

function bearerOf({ headersDistinct }: IncomingMessage): string {
  const [header, ...others] = headersDistinct['authorization'] ?? []
  const token = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
  // Of two of them a proxy before us may have looked at the other.
  if (token === undefined || others.length > 0) throw new ExchangeRefusal('token-missing')
  return token
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  if (Number(message.headers['content-length'] ?? 0) > limits.exchangeBytes)
    throw new ExchangeRefusal('request-too-large')
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of message as AsyncIterable<Buffer>) {
      length += part.length
      if (length > limits.exchangeBytes) throw new ExchangeRefusal('request-too-large')
      parts.push(part)
    }
  } catch (thrown) {
    // Cut off by the other side, or for being slow.
    throw thrown instanceof ExchangeRefusal ? thrown : new ExchangeRefusal('request-malformed')
  }
  return Buffer.concat(parts)
}
