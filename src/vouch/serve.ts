/** A service for receipts: a vendor's token of a session, and commits, for a receipt of ours. For whoever runs a gateway. */
import { resolve } from 'node:path'
import { CountersignError, option } from '../errors.ts'
import { limits } from '../model/limits.ts'
import { isLoopback } from '../platform/http.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { publicJwk } from './receipt-signer.ts'
import type { ReceiptSigner } from './receipt-signer.ts'
import { openExchange } from './serve/exchange.ts'
import { listenForExchanges } from './serve/http-server.ts'
import type { ListenAddress, Patience } from './serve/http-server.ts'
import { readServiceConfig } from './serve/service-config.ts'
import type { ServiceLogLine } from './serve/service-log.ts'

export interface ReceiptServiceOptions {
  /** A file, schemas/receipt-service/v1; a relative path starts at the world's `cwd`. */
  readonly serviceConfig: string
  readonly signer: ReceiptSigner
  /** Default: a free port of 127.0.0.1. Any other host is reached from elsewhere, in the clear. */
  readonly listen?: ListenAddress
  /** Is told each request, by codes and digests: nothing of a token, a user or a body is in a line. */
  readonly log?: (line: ServiceLogLine) => void
  readonly patience?: Partial<Patience>
  readonly world?: Partial<World>
}

export interface ReceiptService {
  /** Where it listens. */
  readonly url: string
  /** Takes no new request, and resolves when those that are open have come to their end. */
  close(): Promise<void>
}

/**
 * Starts it. Errors: `receipt-service-malformed`, `receipt-key-unusable`, `service-unavailable` (the address cannot be had), and those of
 * reading files. What goes wrong later is an answer to one request.
 *
 * @example
 * ```ts
 * import { keyFileSigner, startReceiptService } from 'countersign/vouch'
 *
 * const serveUntil = async (stopped: Promise<void>): Promise<void> => {
 *   const signer = await keyFileSigner('gateway-key.pem')
 *   const service = await startReceiptService({ serviceConfig: 'service.yaml', signer, log: console.log })
 *   await stopped
 *   await service.close()
 * }
 * console.log(typeof serveUntil) // function
 * ```
 */
export async function startReceiptService({
  serviceConfig,
  signer,
  listen = { host: '127.0.0.1', port: 0 },
  log = () => undefined,
  patience,
  ...options
}: ReceiptServiceOptions): Promise<ReceiptService> {
  const world = worldOf(options.world)
  const config = await readServiceConfig(resolve(world.cwd, serviceConfig))
  const keys = [publicJwk(signer), ...config.publishedKeys]
  if (new Set(keys.map((it) => it['kid'])).size < keys.length) {
    const words = `two keys of the service have one name, and readers take neither (${option('serviceConfig')})`
    throw new CountersignError('receipt-service-malformed', words)
  }
  const exchange = openExchange(config, signer, world)
  const waits = { headers: limits.exchangeHeadersTimeout, request: limits.exchangeTimeout, grace: limits.exchangeGrace }
  const served = { exchange, keys, log, patience: { ...waits, ...patience } }
  const server = await listenForExchanges(listen, served, world)
  const time = (): string => world.now().toISOString()
  const isOwn = isLoopback(new URL(server.url).hostname)
  log({ time: time(), event: 'started', url: server.url, ...(isOwn ? {} : { note: inTheClear }) })
  return {
    url: server.url,
    async close() {
      log({ time: time(), event: 'stopping' })
      await server.close()
      log({ time: time(), event: 'stopped' })
    },
  }
}

const inTheClear = 'tokens come here in the clear: let a reverse proxy with TLS alone reach this address'
