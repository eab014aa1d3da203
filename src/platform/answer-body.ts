/** The body of an HTTP answer: every byte from outside has a bound, whatever its length header says. */

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
