/**
 * The forms in which attestations are handed out, by their members: a bundle alone, lists and documents around bundles (npm,
 * GitHub's API, `gh attestation verify`), and PyPI's own form of a bundle (PEP 740). What stands in place of a bundle and is
 * often taken for one is told apart, each kind with a code of its own.
 *
 * Unwrapping decides nothing: whatever a document says beside a bundle, its publisher, its predicate type or that it was
 * verified, is not read. Each bundle is verified as if it had come alone.
 */
import * as z from 'zod/mini'
import { CountersignError, attempt } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { bundleFromJson, bundleMediaType, isBareEnvelope } from './bundle.ts'
import type { Bundle } from './bundle.ts'
import { inTotoPayloadType } from './envelope.ts'
import { foreignDocuments, foreignTexts } from './foreign-documents.ts'
import { isList, isObject, memberAt } from './json.ts'
import type { Json, JsonObject } from './json.ts'
import { preparedType } from './prepared.ts'
import { issueText } from './statement.ts'

/** What a document holds, in its order; each entry is for `bundleIn`. A list, however long, has places for its entries. */
export interface Entries {
  readonly isList: boolean
  readonly entries: readonly Json[]
}

/** Error: `attestation-none` (a list of nothing). */
export function entriesIn(document: Json): Entries {
  const entries = [...flattened(document)]
  if (entries.length === 0) throw new CountersignError('attestation-none', 'the document lists no attestation')
  return { isList: listIn(document) !== undefined, entries }
}

/** Lists may hold lists: pages of an answer in an array, attestations by their publisher. JSON bounds how deep. */
function* flattened(json: Json): Generator<Json> {
  const list = listIn(json)
  if (list === undefined) yield json
  else for (const it of list) yield* flattened(it)
}

/** `attestations`: npm, GitHub, and PyPI for each publisher; `attestation_bundles`: PyPI for a file. */
function listIn(json: Json): readonly Json[] | undefined {
  if (isList(json)) return json
  if (!isObject(json) || isBundle(json)) return undefined
  const lists = [json['attestations'], json['attestation_bundles']]
  const list = lists.find(isList)
  if (list !== undefined || !lists.includes(null)) return list
  // Null is absence, unless there is something else in the document.
  return ['bundle', 'bundle_url', 'attestation', 'verification_material'].some((it) => (json[it] ?? null) !== null)
    ? undefined
    : []
}

/** Whether it is a bundle, sound or not, whatever members it has besides. */
function isBundle(json: JsonObject): boolean {
  const { verificationMaterial = null, verification_material: material = null } = json
  // PyPI's own form has that member as well, and always these two besides.
  const isProtoNamed = material !== null && json['version'] === undefined && json['envelope'] === undefined
  return verificationMaterial !== null || isProtoNamed || isBareEnvelope(json) || hasBundleType(json)
}

function hasBundleType(json: JsonObject): boolean {
  const mediaType = json['mediaType'] ?? json['media_type']
  return typeof mediaType === 'string' && mediaType.startsWith('application/vnd.dev.sigstore.bundle')
}

/**
 * The bundle that an entry is, or that stands in it. Errors: those of a bundle, `bundle-elsewhere`, and a code for each thing
 * that is known to be none: `bundle-legacy`, `statement-unsigned`, `predicate-unsigned`, `sbom-unsigned`, `signature-alone`,
 * `certificate-alone`, `secret-given`.
 */
export function bundleIn(entry: Json): Bundle {
  if (typeof entry === 'string') throw knownText(entry) ?? malformed('it is no JSON object')
  if (!isObject(entry) || isBundle(entry)) return bundleFromJson(entry)
  const { bundle = null, bundle_url: url = null, attestation = null, verification_material: material = null } = entry
  if (material !== null) return fromPyPi(entry)
  if (bundle !== null) return bundleIn(bundle)
  const isOfGitLab = entry['predicate_type'] !== undefined && typeof entry['download_url'] === 'string'
  if (typeof url === 'string' || isOfGitLab) throw instead('bundle-elsewhere', 'the address of one')
  if (isObject(attestation)) return bundleIn(attestation)
  const kind = knownDocuments.find((it) => it.isThis(entry))
  if (kind !== undefined) throw instead(kind.code, kind.what)
  const foreign = foreignDocuments.find((it) => it.isThis(entry))
  if (foreign !== undefined) throw instead('bundle-malformed', foreign.what, foreign.hint)
  return bundleFromJson(entry)
}

/** What a document is without being sound: an attestation, or a statement that waits for its signature. */
export function attestationIn(document: Json): 'bundle' | 'statement' | undefined {
  const found = attempt(() => entriesIn(document))
  const first = found instanceof CountersignError ? undefined : found.entries[0]
  if (found instanceof CountersignError || first === undefined) return undefined
  const bundle = attempt(() => bundleIn(first))
  if (!(bundle instanceof CountersignError)) return 'bundle'
  if (bundle.code === 'statement-unsigned') return 'statement'
  // A list of addresses is one of attestations; a single one stands in many a document.
  if (bundle.code === 'bundle-legacy' || (bundle.code === 'bundle-elsewhere' && found.isList)) return 'bundle'
  return isObject(first) && hasBundleType(first) ? 'bundle' : undefined
}

const text = z.string()

/** The attestation object of PEP 740; members that others may add are not read. */
const pyPiAttestation = z.looseObject({
  verification_material: z.looseObject({ certificate: text, transparency_entries: z.array(z.unknown()) }),
  envelope: z.looseObject({ statement: text, signature: text }),
})

/** As `Attestation.to_bundle` of pypi-attestations writes it out, with every log entry in place of the first alone. */
function fromPyPi(json: JsonObject): Bundle {
  const { version = null } = json
  if (version !== 1) {
    throw new CountersignError('bundle-version-unsupported', `a PyPI attestation of another version than 1`, {
      hint: 'supported is version 1 of PEP 740',
    })
  }
  const parsed = pyPiAttestation.safeParse(json)
  if (!parsed.success) throw malformed(issueText(parsed.error))
  const { verification_material: material, envelope } = parsed.data
  const bundle = bundleFromJson({
    mediaType: bundleMediaType,
    verificationMaterial: {
      certificate: { rawBytes: material.certificate },
      tlogEntries: material.transparency_entries as readonly Json[],
    },
    dsseEnvelope: {
      payload: envelope.statement,
      payloadType: inTotoPayloadType,
      signatures: [{ sig: envelope.signature }],
    },
  })
  return { ...bundle, form: 'PyPI attestation' }
}

interface Known<T> {
  readonly code: ErrorCode
  readonly what: string
  readonly isThis: (it: T) => boolean
}

const knownDocuments: readonly Known<JsonObject>[] = [
  {
    code: 'bundle-legacy',
    what: "cosign's own form of older versions (base64Signature)",
    isThis: (it) => typeof it['base64Signature'] === 'string' || typeof it['Base64Signature'] === 'string',
  },
  {
    code: 'statement-unsigned',
    what: 'an in-toto statement without a signature, as BuildKit writes it',
    isThis: (it) => textOf(it, '_type').startsWith('https://in-toto.io/Statement/'),
  },
  {
    code: 'statement-unsigned',
    what: 'a statement that waits for its signature',
    isThis: (it) => it['type'] === preparedType,
  },
  { code: 'predicate-unsigned', what: 'provenance without statement and signature', isThis: isProvenance },
  { code: 'predicate-unsigned', what: 'what BuildKit tells of a build, without a signature', isThis: isOfBuildKit },
  {
    code: 'sbom-unsigned',
    what: 'an SPDX document',
    isThis: (it) => textOf(it, 'spdxVersion') !== '' || textOf(it, '@context').includes('spdx.org'),
  },
  { code: 'sbom-unsigned', what: 'a CycloneDX document', isThis: (it) => textOf(it, 'bomFormat') === 'CycloneDX' },
]

/** SLSA provenance v1, or v0.2 and before. */
function isProvenance(it: JsonObject): boolean {
  const isV1 = isObject(memberAt(it, 'buildDefinition')) && isObject(memberAt(it, 'runDetails'))
  return isV1 || (isObject(memberAt(it, 'builder')) && textOf(it, 'buildType') !== '')
}

/** Its metadata file, and what `buildx imagetools inspect` prints of an image, or of each platform of one. */
function isOfBuildKit(it: JsonObject): boolean {
  const isPrinted = (json: Json): boolean => isObject(memberAt(json, 'SLSA')) || isObject(memberAt(json, 'SPDX'))
  if (isPrinted(it)) return true
  return Object.entries(it).some(
    ([name, value]) => name.startsWith('buildx.build.provenance') || (name.includes('/') && isPrinted(value)),
  )
}

function textOf(it: JsonObject, member: string): string {
  const value = memberAt(it, member)
  return typeof value === 'string' ? value : ''
}

/** How much of a text is looked at; what is longer is none of these, or is known by how it begins. */
export const knownTextCharacters = 16 * 1024

const knownTexts: readonly Known<string>[] = [
  { code: 'certificate-alone', what: 'a certificate', isThis: (it) => isPem(it, /^(TRUSTED )?CERTIFICATE$/) },
  { code: 'certificate-alone', what: 'a certificate', isThis: (it) => /^0\x82[^]{2}0\x82/.test(it) },
  { code: 'certificate-alone', what: 'a public key', isThis: (it) => isPem(it, /^(\w+ )*PUBLIC KEY( BLOCK)?$/) },
  { code: 'secret-given', what: 'a private key', isThis: (it) => isPem(it, /PRIVATE KEY( BLOCK)?$/) },
  {
    code: 'signature-alone',
    what: 'a signature of PGP, SSH or minisign',
    isThis: (it) => isPem(it, /^(PGP|SSH) SIGNATURE$/) || it.startsWith('untrusted comment:'),
  },
  { code: 'secret-given', what: 'a token (JWT)', isThis: isToken },
  { code: 'signature-alone', what: 'a signature in base64', isThis: isSignature },
  // ECDSA: a sequence of two numbers.
  {
    code: 'signature-alone',
    what: 'a signature in DER',
    isThis: (it) => /^0[\x40-\x7f]\x02[^]{40,}$/.test(it) && it.length < 160,
  },
  { code: 'sbom-unsigned', what: 'an SPDX document', isThis: (it) => it.startsWith('SPDXVersion:') },
  {
    code: 'sbom-unsigned',
    what: 'a CycloneDX document',
    isThis: (it) => it.startsWith('<') && it.slice(0, 2_048).includes('http://cyclonedx.org/schema/bom'),
  },
]

/** What a text that is no JSON is, where it is known; not a word of it is in the error. */
export function knownText(content: string): CountersignError | undefined {
  const given = content.slice(0, knownTextCharacters).trim()
  // cosign 2 writes a certificate as base64 of its PEM.
  const plain = given.startsWith('LS0tLS1CRUdJTi') ? Buffer.from(given, 'base64').toString('latin1') : given
  const kind = knownTexts.find((it) => it.isThis(plain))
  if (kind !== undefined) return instead(kind.code, kind.what)
  const foreign = foreignTexts.find((it) => it.isThis(given))
  return foreign === undefined ? undefined : instead('bundle-malformed', foreign.what, foreign.hint)
}

function isPem(it: string, label: RegExp): boolean {
  const [, found] = /^-----BEGIN ([A-Z0-9 ]{1,64})-----/.exec(it) ?? []
  return found !== undefined && label.test(found)
}

function isToken(it: string): boolean {
  const [header] = /^[\w-]+(?=\.[\w-]+\.[\w-]*$)/.exec(it) ?? []
  return header !== undefined && /^\{.*"alg"/s.test(Buffer.from(header, 'base64url').toString('latin1'))
}

/** ECDSA in DER, or as many bytes as Ed25519 and RSA give. A digest in hexadecimal looks like base64 too. */
function isSignature(it: string): boolean {
  const joined = it.replace(/[\r\n]/g, '')
  if (!/^[A-Za-z0-9+/]{80,}={0,2}$/.test(joined) || /^[0-9a-fA-F]+$/.test(joined)) return false
  const bytes = Buffer.from(joined, 'base64')
  return (bytes[0] === 0x30 && bytes.length < 160) || [64, 256, 384, 512].includes(bytes.length)
}

function instead(code: ErrorCode, what: string, hint?: string): CountersignError {
  return new CountersignError(code, `in place of a bundle stands ${what}`, hint === undefined ? {} : { hint })
}

function malformed(reason: string): CountersignError {
  return new CountersignError('bundle-malformed', `the bundle is malformed: ${reason}`)
}
