/** Armour: bytes as base64 between two lines (RFC 4880 §6.2, PROTOCOL.sshsig). Pure. */

/** What kind of signature the first line announces; `x509` is that of gitsign and of S/MIME. */
export type SignatureKind = 'ssh' | 'openpgp' | 'x509' | 'unknown'

const kinds: { readonly [firstLine: string]: SignatureKind } = {
  '-----BEGIN SSH SIGNATURE-----': 'ssh',
  '-----BEGIN PGP SIGNATURE-----': 'openpgp',
  '-----BEGIN SIGNED MESSAGE-----': 'x509',
}

export function kindOf(armoured: string): SignatureKind {
  return kinds[linesOf(armoured)[0] ?? ''] ?? 'unknown'
}

/** The bytes in armour of this name, which is all of the text; undefined for anything else. OpenPGP's headers and checksum are dropped. */
export function base64In(armoured: string, name: string): Buffer | undefined {
  const lines = linesOf(armoured)
  if (lines[0] !== `-----BEGIN ${name}-----` || lines.at(-1) !== `-----END ${name}-----`) return undefined
  const inner = lines.slice(1, -1)
  const isOpenPgp = name.startsWith('PGP ')
  const blank = isOpenPgp ? inner.indexOf('') : -1
  if (inner.slice(0, Math.max(blank, 0)).some((it) => !/^[A-Za-z]+: /.test(it))) return undefined
  const body = inner.slice(blank + 1)
  if (isOpenPgp && /^=[A-Za-z0-9+/]{4}$/.test(body.at(-1) ?? '')) body.pop()
  return base64Bytes(body.join(''))
}

/** Written in the one way that says these bytes. */
export function base64Bytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined
}

/** Without what is blank at the ends of lines and of the whole, which writers and mail programs leave there. */
function linesOf(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd())
}
