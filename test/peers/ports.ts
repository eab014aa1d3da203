/** Ports for servers that cannot be asked which one they took. */
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'

/** As many different free ports of loopback; held together, so that none is given twice. */
export async function freePorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => hold(0)))
  const ports = held.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(held.map(release))
  return ports
}

/** Throws if somebody listens there on any interface. */
export async function requireFreePort(port: number, reason: string): Promise<void> {
  try {
    const server = createServer()
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve))
    await release(server)
  } catch {
    throw new Error(`port ${port} is taken, but ${reason}`)
  }
}

function hold(port: number): Promise<Server> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server))
  })
}

function release(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
