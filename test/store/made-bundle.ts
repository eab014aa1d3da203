/** Bare envelopes, the smallest thing that a file of bundles may hold, with a statement as asked for. */

/** One line; `statement` becomes the payload. */
export function envelope(statement: object, more: object = {}): string {
  const payload = Buffer.from(JSON.stringify(statement)).toString('base64')
  return JSON.stringify({
    payloadType: 'application/vnd.in-toto+json',
    payload,
    signatures: [{ sig: 'AA==' }],
    ...more,
  })
}
