/** What was asked, as a hash under a salt. */
import { createHmac } from 'node:crypto'

/** Prompts are told long before it is known whose they are, so of each its digest is kept. */
export function digestOfPrompt(text: string): string {
  return createHmac('sha256', 'countersign prompt v1').update(text, 'utf8').digest('base64')
}

/** HMAC-SHA-256 under the salt over the digests of all prompts in their order, as their base64 has them, a line each. */
export function hashOfPrompts(prompts: readonly { readonly digest: string }[], salt: Uint8Array): string {
  const hash = createHmac('sha256', salt)
  for (const { digest } of prompts) hash.update(`${digest}\n`)
  return `hmac-sha256:${hash.digest('hex')}`
}
