/** The bytes of a message as text for a search. */

let last: { readonly message: Buffer; readonly text: string } | undefined

/**
 * A message, its bytes read as Latin-1. Several readers look through each commit's, one after the other, so the last answer is kept:
 * the bytes must not change while somebody may still ask.
 */
export function latin1Of(message: Buffer): string {
  if (last?.message !== message) last = { message, text: message.toString('latin1') }
  return last.text
}
