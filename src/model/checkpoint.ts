/** A checkpoint of a transparency log: a signed note (C2SP tlog-checkpoint, signed-note) about a tree of some size. */

export interface Checkpoint {
  /** First line: the name of the log, for Rekor v1 with the number of its tree. */
  readonly origin: string
  readonly size: bigint
  readonly root: Buffer
  /** The signed text, with its last line end. */
  readonly note: Buffer
  readonly signatures: readonly { readonly name: string; readonly keyHint: Buffer; readonly signature: Buffer }[]
}

const signatureLine = /^\u2014 (\S+) ((?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/

/** A log's own and those of its witnesses; golang.org/x/mod/sumdb/note stops at the same number. */
const signatureLines = 100

/**
 * ```
 * rekor.sigstore.dev - 1193050959916656506
 * 42591958
 * Nj8jX2…=
 *
 * — rekor.sigstore.dev wNI9aj…=
 * ```
 */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const split = text.indexOf('\n\n')
  if (split < 0) return undefined
  const note = text.slice(0, split + 1)
  const [origin = '', size = '', root = ''] = note.split('\n')
  const lines = text.slice(split + 2).split('\n')
  // Every line is a signature, and every line ends (C2SP signed-note).
  if (lines.pop() !== '' || lines.length === 0 || lines.length > signatureLines) return undefined
  const signatures = lines.flatMap((line) => {
    const [, name, base64 = ''] = signatureLine.exec(line) ?? []
    const bytes = Buffer.from(base64, 'base64')
    return name === undefined || bytes.length < 5
      ? []
      : [{ name, keyHint: bytes.subarray(0, 4), signature: bytes.subarray(4) }]
  })
  if (signatures.length < lines.length || origin === '' || !/^(0|[1-9]\d{0,18})$/.test(size)) return undefined
  return { origin, size: BigInt(size), root: Buffer.from(root, 'base64'), note: Buffer.from(note), signatures }
}
