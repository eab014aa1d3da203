/** A real HTTP server on loopback for one test. */
import { createServer } from 'node:http'
import type { RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** Starts it and gives its origin; it ends with the test, hanging requests included. */
export async function loopback(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** An origin where nobody listens. */
export async function closedOrigin(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

/** An answer that goes on until the other side has enough of it. */
export function endless(response: ServerResponse, block: string = ' '.repeat(64 * 1024)): void {
  const more = (): void => {
    while (!response.destroyed && response.write(block));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}

/** An answer one character at a time, with something in between, such as time that passes on a stepped clock. */
export function drip(response: ServerResponse, text: string, meanwhile: () => void): void {
  const [first, rest] = [text.slice(0, 1), text.slice(1)]
  response.write(first)
  // A turn of the event loop later, in which the other side hears of it.
  setImmediate(() => {
    if (response.destroyed || rest === '') return
    meanwhile()
    drip(response, rest, meanwhile)
  })
}
