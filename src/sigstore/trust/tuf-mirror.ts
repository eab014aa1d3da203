/** The mirror of a TUF repository over HTTP: bounded answers within one budget of time. Nothing that it says is believed. */
import { CountersignError } from '../../errors.ts'
import { isSecure, networkReason, readBody } from '../../platform/http.ts'
import type { World } from '../../platform/world.ts'

export interface Mirror {
  /** A file below the mirror's address; undefined if it is not there. Error: `trust-unavailable`. */
  get(path: string, maxBytes: number): Promise<Uint8Array | undefined>
}

/**
 * The address without a trailing slash. https, or http on loopback; no user, no query. Error: `usage`.
 */
export function mirrorAddress(text: string): string {
  const url = URL.parse(text)
  if (url === null || !isReachable(url)) {
    throw new CountersignError('usage', 'a TUF mirror is an https URL without user, query or fragment', {
      option: 'mirror',
      hint: 'http is taken for a mirror on this machine alone',
    })
  }
  return url.href.replace(/\/+$/, '')
}

/** `timeout` are the milliseconds for all requests together. */
export function openMirror(address: string, timeout: number, world: World): Mirror {
  const signal = world.timeout(timeout)
  return {
    async get(path, maxBytes) {
      try {
        const response = await world.fetch(`${address}/${path}`, { signal, headers: { accept: 'application/json' } })
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
  return isSecure(url) && url.search === '' && url.hash === ''
}

export function unavailable(reason: string, cause?: unknown): CountersignError {
  return new CountersignError('trust-unavailable', reason, { cause })
}
