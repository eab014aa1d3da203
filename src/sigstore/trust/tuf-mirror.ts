/** The mirror of a TUF repository over HTTP: bounded answers within one budget of time. Nothing that it says is believed. */
import { CountersignError } from '../../errors.ts'
import { readBody } from '../../platform/answer-body.ts'
import { isLoopback } from '../../platform/loopback.ts'

export interface Mirror {
  /** A file below the mirror's address; undefined if it is not there. Error: `trust-unavailable`. */
  get(path: string, maxBytes: number): Promise<Uint8Array | undefined>
}

export interface MirrorOptions {
  readonly fetch: typeof globalThis.fetch
  /** Milliseconds for all requests together. */
  readonly timeout: number
}

/**
 * The address without a trailing slash. https, or http on loopback; no user, no query. Error: `usage`.
 */
export function mirrorAddress(text: string): string {
  const url = URL.parse(text)
  if (url === null || !isReachable(url)) {
    throw new CountersignError('usage', 'a TUF mirror is an https URL without user, query or fragment', {
      hint: 'http is taken for a mirror on this machine alone',
    })
  }
  return url.href.replace(/\/+$/, '')
}

export function openMirror(address: string, { fetch, timeout }: MirrorOptions): Mirror {
  const signal = AbortSignal.timeout(timeout)
  return {
    async get(path, maxBytes) {
      try {
        const response = await fetch(`${address}/${path}`, { signal, headers: { accept: 'application/json' } })
        // A file on a mirror may lie elsewhere (an artifact store redirects), but not where anybody can change it unseen.
        if (response.redirected && !response.url.startsWith('https:')) {
          throw unavailable(`${path} was redirected to an address without https`)
        }
        if ([403, 404].includes(response.status)) {
          await response.body?.cancel()
          return undefined
        }
        if (response.status !== 200) throw unavailable(`${path} was answered with status ${response.status}`)
        return await readBody(response, maxBytes, () =>
          unavailable(`${path} was answered with more than ${maxBytes} bytes`),
        )
      } catch (thrown) {
        if (thrown instanceof CountersignError) throw thrown
        throw unavailable(`no answer for ${path} (${networkReason(thrown, timeout)})`, thrown)
      }
    },
  }
}

function isReachable(url: URL): boolean {
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) return false
  return url.username === '' && url.password === '' && url.search === '' && url.hash === ''
}

/** `ENOTFOUND`, `ECONNREFUSED`…: what a person needs of a failure of fetch. */
function networkReason(thrown: unknown, timeout: number): string {
  if (!(thrown instanceof Error)) return 'unknown reason'
  if (thrown.name === 'TimeoutError') return `none within ${timeout} ms`
  const origin = thrown.cause instanceof Error ? thrown.cause : thrown
  const code = 'code' in origin ? origin.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'unknown reason'
}

export function unavailable(reason: string, cause?: unknown): CountersignError {
  return new CountersignError('trust-unavailable', reason, { cause })
}
