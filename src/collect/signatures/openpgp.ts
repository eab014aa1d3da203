/** What is read of OpenPGP: enough to give gpgv one signature and nothing else, and to believe its answer only whole. Pure. */
import { base64In } from './armour.ts'

/** A signature, as bytes; undefined for anything that is not one signature packet alone. */
export function openPgpSignature(armoured: string): Buffer | undefined {
  const bytes = base64In(armoured, 'PGP SIGNATURE')
  if (bytes === undefined) return undefined
  const packet = packetIn(bytes)
  return packet?.tag === 2 && packet.end === bytes.length ? bytes : undefined
}

/** A keyring as gpgv reads it: OpenPGP keys one after another, or a keybox. Armour is taken off. Undefined for anything else. */
export function keyringBytes(given: Buffer): Buffer | undefined {
  const isArmoured = given.subarray(0, 15).toString('latin1') === '-----BEGIN PGP '
  const bytes = isArmoured ? base64In(given.toString('latin1'), 'PGP PUBLIC KEY BLOCK') : given
  if (bytes === undefined) return undefined
  const isKeybox = bytes.subarray(8, 12).toString('latin1') === 'KBXf'
  return isKeybox || packetIn(bytes)?.tag === 6 ? bytes : undefined
}

/** The first packet (RFC 9580 §4.2): its tag, and where it ends. No lengths in parts: keys and signatures have one length. */
function packetIn(bytes: Buffer): { readonly tag: number; readonly end: number } | undefined {
  const [first = 0, length = 0] = bytes
  if (bytes.length < 6 || (first & 0x80) === 0) return undefined
  if ((first & 0x40) === 0) {
    const tag = (first >> 2) & 0x0f
    const kind = first & 3
    if (kind === 3) return undefined
    const size = [1, 2, 4][kind] ?? 0
    return { tag, end: 1 + size + bytes.readUIntBE(1, size) }
  }
  const tag = first & 0x3f
  if (length < 192) return { tag, end: 2 + length }
  if (length < 224) return { tag, end: 3 + ((length - 192) << 8) + (bytes[2] ?? 0) + 192 }
  return length === 255 ? { tag, end: 6 + bytes.readUInt32BE(2) } : undefined
}

/** `unknown-key`: it is in no keyring; `wrong`: not of these bytes, or by a key that no longer counts. */
export type OpenPgpAnswer = readonly string[] | 'unknown-key' | 'wrong' | 'weak'

/** What gpgv may say of a signature that counts (doc/DETAILS of GnuPG). */
const harmless = new Set([
  ...['NEWSIG', 'KEY_CONSIDERED', 'SIG_ID', 'GOODSIG', 'VALIDSIG', 'VERIFICATION_COMPLIANCE_MODE'],
  ...['NOTATION_NAME', 'NOTATION_FLAGS', 'NOTATION_DATA', 'POLICY_URL'],
])

/** MD5, SHA-1 and RIPEMD-160: bytes with the same digest can be made. */
const weakHashes = new Set(['1', '2', '3'])

/**
 * The whole fingerprints of the key and of its primary key, from the status lines of gpgv: exactly one signature, good and
 * valid, over bytes as they are, and no word that says anything else. GOODSIG alone is also said of keys that are not valid.
 */
export function answerOf(status: string, exitCode: number): OpenPgpAnswer {
  const lines = status.split('\n').filter((it) => it !== '')
  const words = lines.map((it) => it.split(' '))
  if (words.some(([mark]) => mark !== '[GNUPG:]')) return 'wrong'
  if (exitCode !== 0) return words.some(([, word]) => word === 'NO_PUBKEY') ? 'unknown-key' : 'wrong'
  if (words.some(([, word = '']) => !harmless.has(word))) return 'wrong'
  const of = (name: string): string[][] => words.filter(([, word]) => word === name)
  const [valid = [], ...more] = of('VALIDSIG')
  if (more.length > 0 || of('GOODSIG').length !== 1 || of('NEWSIG').length > 1) return 'wrong'
  const [fingerprint = '', , , , , , , hash = '', kind, primary = fingerprint] = valid.slice(2)
  if (![fingerprint, primary].every((it) => /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(it)) || kind !== '00') return 'wrong'
  return weakHashes.has(hash) ? 'weak' : [fingerprint, primary]
}
