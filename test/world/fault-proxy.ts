/**
 * A proxy on loopback between a client and a service that breaks what it is told to: a real connection that is dropped, a
 * real body that is cut. What it is not told to break goes through as it is.
 */
import { createServer, request as forward } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to one request. */
export type Fault =
  | { readonly kind: 'pass' }
  /** The connection is cut before an answer. */
  | { readonly kind: 'drop' }
  /** The request is held while this happens, such as time that passes on a stepped clock; then it passes. */
  | { readonly kind: 'delay'; readonly meanwhile: () => void }
  /** The request is held and never answered; `held` hears when it is there. */
  | { readonly kind: 'hold'; readonly held: () => void }
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: string
    }
  /** The service answers, and its body is cut in half: the connection with it, or only the text. */
  | { readonly kind: 'cut connection' }
  | { readonly kind: 'cut text' }
  /** An answer with status 200 that the service never gave. */
  | { readonly kind: 'instead'; readonly body: string; readonly contentType: string }
  /** The service answers, and its body is changed. */
  | { readonly kind: 'edit'; readonly edit: (body: string) => string }
  /** The answer comes one byte at a time, and this happens after each. */
  | { readonly kind: 'drip'; readonly meanwhile: () => void }
  /** The service does its part, but nobody hears of it: the connection is cut after it has answered. */
  | { readonly kind: 'lose answer' }

export const pass: Fault = { kind: 'pass' }

export interface FaultProxy {
  readonly url: string
  /** Requests that came, in order: method and path. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

/** `fault` says for each request, counted from 0, what happens to it. */
export async function startFaultProxy(
  target: string,
  fault: (index: number, request: { readonly method: string; readonly path: string }) => Fault,
): Promise<FaultProxy> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const { method = '', url: path = '' } = request
    const index = requests.push(`${method} ${path}`) - 1
    response.on('error', () => undefined)
    void act(fault(index, { method, path }), target, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function act(fault: Fault, target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (fault.kind) {
    case 'drop':
      request.socket.destroy()
      return
    case 'status':
      await drained(request)
      response.writeHead(fault.status, { 'content-type': 'text/plain', ...fault.headers }).end(fault.body ?? 'no')
      return
    case 'instead':
      await drained(request)
      response.writeHead(200, { 'content-type': fault.contentType }).end(fault.body)
      return
    case 'delay': {
      const body = await drained(request)
      fault.meanwhile()
      send(await answerOf(target, request, body), response)
      return
    }
    case 'hold':
      await drained(request)
      fault.held()
      return
    case 'pass':
      send(await answerOf(target, request, await drained(request)), response)
      return
    case 'lose answer':
      await answerOf(target, request, await drained(request))
      request.socket.destroy()
      return
    case 'cut connection': {
      const { status, headers, body } = await answerOf(target, request, await drained(request))
      response.writeHead(status, { ...headers, 'content-length': body.length })
      response.write(body.subarray(0, body.length / 2), () => request.socket.destroy())
      return
    }
    case 'cut text': {
      const answer = await answerOf(target, request, await drained(request))
      send({ ...answer, body: answer.body.subarray(0, answer.body.length / 2) }, response)
      return
    }
    case 'edit': {
      const answer = await answerOf(target, request, await drained(request))
      send({ ...answer, body: Buffer.from(fault.edit(answer.body.toString('utf8'))) }, response)
      return
    }
    case 'drip': {
      const { status, headers, body } = await answerOf(target, request, await drained(request))
      response.writeHead(status, { ...headers, 'content-length': body.length })
      for (const byte of body) {
        response.write(Buffer.of(byte))
        await turn()
        if (request.socket.destroyed) return
        fault.meanwhile()
      }
      response.end()
      return
    }
  }
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

function answerOf(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { host } = new URL(target)
    const request = forward(`${target}${url ?? ''}`, { method, headers: { ...headers, host } }, (response) => {
      drained(response).then((content) => {
        // The body goes on as a whole, so its length is known and is said by another header.
        const { 'transfer-encoding': chunked, connection, 'content-length': length, ...others } = response.headers
        resolve({ status: response.statusCode ?? 0, headers: others, body: content })
      }, reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

function send({ status, headers, body }: Answer, response: ServerResponse): void {
  response.writeHead(status, { ...headers, 'content-length': body.length }).end(body)
}

async function drained(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** One turn of the event loop, in which the other side hears what was written. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
