/** New keys and authorities for an embedded Sigstore. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import {
  authorityExtensions,
  authorityName,
  codeSigning,
  keyIdentifiers,
  purpose,
  signCertificate,
  signerUsage,
  timeStamping,
  toBeSigned,
} from './certificate.ts'
import { validFrom } from './material.ts'
import type { Material } from './material.ts'

const tenYears = 3_652 * 86_400_000

/** Keys and certificates valid from a day before `now` for ten years. */
export function createMaterial(now: Date): Material {
  const createdAt = new Date(Math.floor(now.getTime() / 1_000) * 1_000)
  const validity = { notBefore: validFrom({ createdAt }), notAfter: new Date(createdAt.getTime() + tenYears) }
  const keys = {
    issuer: ecdsaKey(),
    fulcio: ecdsaKey(),
    ctlog: ecdsaKey(),
    rekorV1: ecdsaKey(),
    rekorV2: ed25519Key(),
    timestamp: ecdsaKey(),
    tuf: ed25519Key(),
  }

  // The roots sign once and their keys are forgotten.
  const fulcioRootKey = ecdsaKey()
  const timestampRootKey = ecdsaKey()
  const root = (commonName: string, key: KeyObject, pathLength: number): X509Certificate => {
    const name = authorityName(commonName)
    const extensions = [...authorityExtensions(pathLength), ...keyIdentifiers(key, key)]
    const content = { subject: name, issuer: name, publicKey: key, extensions, ...validity }
    return new X509Certificate(signCertificate(toBeSigned(content), key))
  }

  const fulcioIntermediate = toBeSigned({
    subject: authorityName('fulcio-intermediate'),
    issuer: authorityName('fulcio-root'),
    publicKey: keys.fulcio,
    extensions: [...authorityExtensions(0), purpose(codeSigning), ...keyIdentifiers(keys.fulcio, fulcioRootKey)],
    ...validity,
  })
  // RFC 3161 §2.3: exactly one purpose, and critical.
  const timestamp = toBeSigned({
    subject: authorityName('timestamp'),
    issuer: authorityName('timestamp-root'),
    publicKey: keys.timestamp,
    extensions: [signerUsage(), purpose(timeStamping, 'critical'), ...keyIdentifiers(keys.timestamp, timestampRootKey)],
    ...validity,
  })
  return {
    createdAt,
    keys,
    certificates: {
      fulcioRoot: root('fulcio-root', fulcioRootKey, 1),
      fulcioIntermediate: new X509Certificate(signCertificate(fulcioIntermediate, fulcioRootKey)),
      timestampRoot: root('timestamp-root', timestampRootKey, 0),
      timestamp: new X509Certificate(signCertificate(timestamp, timestampRootKey)),
    },
  }
}

function ecdsaKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
}

function ed25519Key(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey
}
