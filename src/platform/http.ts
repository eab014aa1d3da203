/** What every HTTP client here needs: bounded answers, and reasons that repeat neither URLs nor headers. */
import { systemCode } from './files.ts'

/** The whole body, at most `maxBytes` of it; of a longer one no more is read, and `tooLong` says what to throw. */
export async function readBody({ body }: Response, maxBytes: number, tooLong: () => Error): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    total += chunk.length
    if (total > maxBytes) throw tooLong()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** True for the host of a URL that never leaves this machine (RFC 6761 §6.3; RFC 1122 §3.2.1.3; RFC 4291 §2.5.3). */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** True for a URL over which a secret may go: https, or http that stays on this machine; and no user in it. */
export function isSecure({ protocol, hostname, username, password }: URL): boolean {
  const safe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
  return safe && username === '' && password === ''
}

/**
 * Why fetch failed, from a closed vocabulary (`ECONNREFUSED`, `CERT_HAS_EXPIRED`…): its messages repeat URLs and headers. The
 * timeout is that of the signal, in milliseconds.
 */
export function networkReason(thrown: unknown, timeout: number): string {
  if (isTimeout(thrown)) return `none within ${seconds(timeout)}`
  const origin = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  if (origin instanceof Error && origin.message === 'unexpected redirect') return 'a redirect, which is not followed'
  return systemCode(origin)
}

/** True for a reason that lies in the certificates of the service: no second try makes them better. */
export function isCertificateFault(reason: string): boolean {
  return /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/.test(reason)
}

/** True for a status with which a service says that it may do better later. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

/** True for what fetch throws when its signal has timed out. */
export function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'TimeoutError'
}

/** Milliseconds as seconds: `0.4 s`, `30 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1).replace('.0', '')} s`
}
