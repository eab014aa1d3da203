/** What a service for receipts writes down: codes, digests and times. No token, no user, no text of a request has a place in a line. */
import type { ExchangeCode } from './refusal.ts'

export type ServiceLogLine =
  | { readonly time: string; readonly event: 'started'; readonly url: string; readonly note?: string }
  | { readonly time: string; readonly event: 'stopping' | 'stopped' }
  | {
      readonly time: string
      readonly event: 'request'
      readonly method: 'GET' | 'POST' | 'other'
      /** One of the paths that there are, or `other`. */
      readonly path: string
      readonly status: number
      readonly code?: ExchangeCode
      /** Milliseconds. */
      readonly took: number
      /** SHA-256 of the id of the session that got a receipt, and the receipt's `jti`. */
      readonly session?: string
      readonly jti?: string
    }
