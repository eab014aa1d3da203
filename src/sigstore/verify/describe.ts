/** The verification material of a bundle in words, as far as it can be read; nothing is verified. */
import { reasonOf } from '../../errors.ts'
import type { Bundle } from '../../model/bundle.ts'
import { extensionTable } from '../../model/identity.ts'
import type { ExtensionName } from '../../model/identity.ts'
import type { Inspection } from '../../model/inspection.ts'
import { isObject, memberAt, textAt } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { oneLine } from '../../one-line.ts'
import { readCertificate } from './certificate.ts'
import { parseTimestamp } from './timestamp.ts'

/** The parts of an inspection that need to know Sigstore's formats. */
export type MaterialDescription = Pick<Inspection, 'signer' | 'times' | 'logEntries' | 'problems'>

export function describeMaterial({ json, version }: Bundle): MaterialDescription {
  const problems: string[] = []
  const attempt = <T>(what: string, read: () => T, otherwise: T): T => {
    try {
      return read()
    } catch (thrown) {
      problems.push(oneLine(`${what}: ${reasonOf(thrown)}`))
      return otherwise
    }
  }
  if (version === 'dsse') {
    problems.push('a bare DSSE envelope: no log entry and no timestamp, so no trusted time')
    return {
      signer: attempt('certificate', () => envelopeSigner(json), { kind: 'none' }),
      times: [],
      logEntries: [],
      problems,
    }
  }
  const material = memberAt(json, 'verificationMaterial')
  const timestamps = list(memberAt(material, 'timestampVerificationData', 'rfc3161Timestamps'))
  const entries = list(memberAt(material, 'tlogEntries'))
  return {
    signer: attempt('certificate', () => materialSigner(material), { kind: 'none' }),
    times: [
      ...timestamps.flatMap((it) => attempt('timestamp', () => [timestampTime(it)], [])),
      ...entries.flatMap((it) => attempt('log entry', () => integratedTime(it), [])),
    ],
    logEntries: entries.map((it) => attempt('log entry', () => describeEntry(it), unreadableEntry)),
    problems,
  }
}

const unreadableEntry: Inspection['logEntries'][number] = { logId: '', logIndex: '', kind: 'unreadable', inclusion: [] }

function certificateSigner(base64: Json): Inspection['signer'] {
  if (typeof base64 !== 'string') throw new Error('no certificate bytes')
  const { identity } = readCertificate(Buffer.from(base64, 'base64'))
  const names = Object.keys(extensionTable) as ExtensionName[]
  return {
    kind: 'certificate',
    ...(identity.subjectAlternativeName === undefined ? {} : { identity: identity.subjectAlternativeName.value }),
    fingerprint: identity.fingerprint,
    serialNumber: identity.serialNumber,
    notBefore: identity.notBefore,
    notAfter: identity.notAfter,
    extensions: Object.fromEntries(
      names.flatMap((name) => {
        const value = identity.extensions[name]
        return value === undefined ? [] : [[extensionTable[name].title, value]]
      }),
    ),
  }
}

function materialSigner(material: Json): Inspection['signer'] {
  const single = memberAt(material, 'certificate', 'rawBytes')
  if (single !== null) return certificateSigner(single)
  const chain = list(memberAt(material, 'x509CertificateChain', 'certificates'))
  if (chain[0] !== undefined) return certificateSigner(memberAt(chain[0], 'rawBytes'))
  const hint = memberAt(material, 'publicKey', 'hint')
  if (isObject(memberAt(material, 'publicKey'))) return { kind: 'key', keyHint: typeof hint === 'string' ? hint : '' }
  return { kind: 'none' }
}

/** slsa-github-generator and witness put the certificate as PEM into the signature of a bare envelope. */
function envelopeSigner(envelope: Json): Inspection['signer'] {
  const pem = memberAt(list(memberAt(envelope, 'signatures'))[0] ?? null, 'cert')
  if (typeof pem !== 'string') return { kind: 'none' }
  return certificateSigner(pem.replace(/-----[A-Z ]+-----|\s/g, ''))
}

function timestampTime(token: Json): Inspection['times'][number] {
  const bytes = memberAt(token, 'signedTimestamp')
  if (typeof bytes !== 'string') throw new Error('no timestamp bytes')
  const { time } = parseTimestamp(Buffer.from(bytes, 'base64'))
  return { source: 'timestamp authority', time: time.toISOString() }
}

function integratedTime(entry: Json): Inspection['times'] {
  const seconds = Number(memberAt(entry, 'integratedTime') ?? 0)
  if (!(seconds > 0)) return [] // Rekor v2 has none
  return [{ source: 'transparency log', time: new Date(seconds * 1000).toISOString() }]
}

function describeEntry(entry: Json): Inspection['logEntries'][number] {
  const keyId = memberAt(entry, 'logId', 'keyId')
  const kind = memberAt(entry, 'kindVersion')
  const proof = memberAt(entry, 'inclusionProof')
  return {
    logId: typeof keyId === 'string' ? Buffer.from(keyId, 'base64').toString('hex') : '',
    logIndex: textAt(entry, 'logIndex') ?? '',
    kind: `${textAt(kind, 'kind') ?? ''}/${textAt(kind, 'version') ?? ''}`,
    inclusion: [
      ...(isObject(memberAt(entry, 'inclusionPromise')) ? (['promise'] as const) : []),
      ...(isObject(proof) ? (['proof'] as const) : []),
      ...(isObject(memberAt(proof, 'checkpoint')) ? (['checkpoint'] as const) : []),
    ],
  }
}

function list(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}
