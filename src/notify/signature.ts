/** By which a receiver knows who sent an alert, and when (docs/alerts.md). */
import { createHmac } from 'node:crypto'

/** HMAC-SHA-256 of `<seconds since 1970>.<body>`: an old message with its old signature is told by its time. */
export function signatureHeaders(secret: string, seconds: number, body: string): { readonly [name: string]: string } {
  const hex = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return { 'x-countersign-timestamp': String(seconds), 'x-countersign-signature': `sha256=${hex}` }
}
