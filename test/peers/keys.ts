/** Keys and certificates of the stack, made by OpenSSL: they must not share a defect with the code under test. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Paths of PEM files. */
export interface Keys {
  /** Issuing certificate first, root last. */
  readonly fulcioChain: string
  readonly fulcioRoot: string
  readonly fulcioKey: string
  readonly timestampChain: string
  readonly timestampKey: string
  /** Of CTFE, which stands with Rekor v1, and of TesseraCT, which stands with Rekor v2. */
  readonly certificateLogs: { readonly [rekor in 1 | 2]: LogKey }
  readonly rekorV1Key: string
  readonly rekorV2Key: string
  /** Of the Fulcio and timestamp keys; their servers take encrypted ones only. */
  readonly password: string
}

export interface LogKey {
  readonly privateKey: string
  /** Fulcio checks what the log promised. */
  readonly publicKey: string
}

/** gh wants one `O=`, the same in root and intermediate. */
export const organization = 'countersign peers'

const password = 'stackpass'

export function makeKeys(folder: string): Keys {
  const file = (name: string): string => join(folder, name)
  const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' })

  const ecKey = (name: string, curve: string): string => {
    openssl('ecparam', '-name', curve, '-genkey', '-noout', '-out', file(`${name}.key`))
    return file(`${name}.key`)
  }
  const logKey = (name: string): LogKey => {
    const privateKey = ecKey(name, 'prime256v1')
    const publicKey = file(`${name}.pub`)
    openssl('ec', '-in', privateKey, '-pubout', '-out', publicKey)
    return { privateKey, publicKey }
  }
  const profile = (name: string, ca: string, usage: string, extended = ''): string => {
    const lines = [
      ...['[req]', 'distinguished_name=dn', 'prompt=no', 'x509_extensions=v3'],
      ...['[dn]', `O=${organization}`, `CN=${name}`],
      // What sigstore-python's X509_STRICT asks for.
      ...['[v3]', `basicConstraints=critical,${ca}`, `keyUsage=critical,${usage}`],
      ...['subjectKeyIdentifier=hash', 'authorityKeyIdentifier=keyid:always', extended, ''],
    ]
    writeFileSync(file(`${name}.cnf`), lines.join('\n'))
    return file(`${name}.cnf`)
  }
  const root = (name: string): void => {
    const config = profile(name, 'CA:TRUE,pathlen:1', 'keyCertSign,cRLSign')
    const key = ecKey(name, 'secp384r1')
    openssl(
      ...['req', '-x509', '-new', '-key', key, '-sha384', '-days', '3650'],
      ...['-config', config, '-out', file(`${name}.pem`)],
    )
  }
  /** Returns the chain; leaves an encrypted PKCS#8 key. */
  const issued = (name: string, curve: string, by: string, config: string): string => {
    const plain = ecKey(`${name}-plain`, curve)
    const key = file(`${name}.key`)
    openssl('pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-in', plain, '-passout', `pass:${password}`, '-out', key)
    openssl('req', '-new', '-key', plain, '-config', config, '-out', file(`${name}.csr`))
    openssl(
      ...['x509', '-req', '-in', file(`${name}.csr`), '-CA', file(`${by}.pem`), '-CAkey', file(`${by}.key`)],
      ...['-CAcreateserial', '-days', '1825', '-sha384', '-extfile', config, '-extensions', 'v3'],
      ...['-out', file(`${name}.pem`)],
    )
    const chain = file(`${name}-chain.pem`)
    writeFileSync(chain, [name, by].map((it) => readFileSync(file(`${it}.pem`), 'utf8')).join(''))
    return chain
  }

  root('fulcio-root')
  root('timestamp-root')
  const intermediate = profile('fulcio', 'CA:TRUE,pathlen:0', 'keyCertSign,cRLSign', 'extendedKeyUsage=codeSigning')
  const timestamp = profile('timestamp', 'CA:FALSE', 'digitalSignature', 'extendedKeyUsage=critical,timeStamping')
  openssl('genpkey', '-algorithm', 'ed25519', '-out', file('rekor-v2.key'))
  return {
    fulcioChain: issued('fulcio', 'secp384r1', 'fulcio-root', intermediate),
    fulcioRoot: file('fulcio-root.pem'),
    fulcioKey: file('fulcio.key'),
    timestampChain: issued('timestamp', 'prime256v1', 'timestamp-root', timestamp),
    timestampKey: file('timestamp.key'),
    certificateLogs: { 1: logKey('ctfe'), 2: logKey('tesseract') },
    rekorV1Key: ecKey('rekor-v1', 'prime256v1'),
    rekorV2Key: file('rekor-v2.key'),
    password,
  }
}
