/** A small HTTP server on the loopback address: a table of routes, bounded bodies, errors as JSON. */
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { asFailure, CountersignError } from '../errors.ts'
import { Refusal } from './refusal.ts'

export interface Request {
  readonly url: URL
  /** What stands in for `*` at the end of the route's path; empty without one. */
  readonly rest: string
  readonly contentType: string
  /** Token of an `Authorization: Bearer` header. Secret. */
  readonly bearer: string | undefined
  readonly body: Buffer
}

export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly body: string | Buffer
  readonly headers?: { readonly [name: string]: string }
}

/** `path` is exact, or ends in `/*`; of several routes the first that fits answers. */
export interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Most bytes of a request body; none may come with a GET. */
  readonly maxBytes?: number
  answer(request: Request): Answer | Promise<Answer>
}

export interface Server {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Frees the port at once: open connections are cut. */
  close(): Promise<void>
}

export function jsonAnswer(value: unknown, status = 200): Answer {
  return { status, contentType: 'application/json', body: JSON.stringify(value) }
}

/**
 * Listens on 127.0.0.1. `routes` are made once the address is known. Error: `service-unavailable` (the port is taken).
 */
export async function listen(port: number, routes: (url: string) => readonly Route[]): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', (thrown) => {
      reject(asFailure(thrown, 'service-unavailable', `cannot listen on port ${port}`))
    })
    server.listen({ port, host: '127.0.0.1' }, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new CountersignError('internal', 'the server has no port')
  const url = `http://127.0.0.1:${address.port}`
  const hosts = [`127.0.0.1:${address.port}`, `localhost:${address.port}`]
  const table = routes(url)
  server.on('request', (request, response) => {
    void respond(request, response, table, hosts)
  })
  return {
    url,
    async close(): Promise<void> {
      if (!server.listening) return
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function respond(
  message: IncomingMessage,
  response: ServerResponse,
  table: readonly Route[],
  hosts: readonly string[],
): Promise<void> {
  try {
    // A page in a browser reaches loopback under a name of its own (DNS rebinding), and could then read tokens.
    if (!hosts.includes(message.headers.host ?? ''))
      throw new Refusal(403, 'this server answers to its own address only')
    const url = URL.parse(message.url ?? '/', 'http://localhost')
    if (url === null) throw new Refusal(400, 'the address cannot be read')
    const { route, rest } = routeFor(table, message.method ?? '', url.pathname)
    const body = await readBody(message, route.maxBytes ?? 0)
    const { 'content-type': contentType = '', authorization = '' } = message.headers
    const bearer = /^Bearer (\S+)$/i.exec(authorization)?.[1]
    const answer = await route.answer({ url, rest, contentType, bearer, body })
    send(response, answer)
  } catch (thrown) {
    const { status, code, message: text, headers } = refusalOf(thrown)
    if (!message.complete) response.shouldKeepAlive = false
    send(response, { ...jsonAnswer({ code, message: text, details: [] }, status), headers })
  }
}

function routeFor(table: readonly Route[], method: string, path: string): { route: Route; rest: string } {
  const here = table.filter((route) =>
    route.path.endsWith('/*') ? path.startsWith(route.path.slice(0, -1)) : path === route.path,
  )
  if (here.length === 0) throw new Refusal(404, 'there is nothing here')
  const route = here.find((it) => it.method === method)
  if (route === undefined) throw new Refusal(405, 'this method is not offered here')
  return { route, rest: route.path.endsWith('/*') ? path.slice(route.path.length - 1) : '' }
}

async function readBody(message: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = new Refusal(413, `the request has more than ${maxBytes} bytes`)
  if (Number(message.headers['content-length'] ?? 0) > maxBytes) throw tooLarge
  const parts: Buffer[] = []
  let length = 0
  for await (const part of message as AsyncIterable<Buffer>) {
    length += part.length
    if (length > maxBytes) throw tooLarge
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** What went wrong on our side is said by its code, if it has one, and never in detail. */
function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown
  if (!(thrown instanceof CountersignError)) return new Refusal(500, 'internal error')
  switch (thrown.code) {
    case 'local-state-busy':
    case 'output-failed':
      return new Refusal(503, thrown.message)
    case 'json-malformed':
    case 'json-too-deep':
    case 'json-duplicate-key':
    case 'json-forbidden-key':
    case 'input-too-large':
      return new Refusal(400, thrown.message)
    default:
      return new Refusal(500, 'internal error')
  }
}

function send(response: ServerResponse, { status, contentType, body, headers }: Answer): void {
  response.writeHead(status, { ...headers, 'content-type': contentType, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
