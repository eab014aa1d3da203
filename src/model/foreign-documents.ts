/**
 * Documents that are no attestation and have nothing to do with one that is broken, but are what a person has in hand: the error
 * of a service that was saved in place of its answer, metadata of a registry, whom to trust, a page. Each is known by members at
 * its top, or by its first bytes; docs/bundle-forms.md has an example of each.
 */
import { option } from '../errors.ts'
import { isList, isObject, memberAt } from './json.ts'
import type { Json, JsonObject } from './json.ts'

/** What stands in place of a bundle, and what to do about it. */
export interface Foreign<T> {
  readonly what: string
  readonly hint: string
  readonly isThis: (it: T) => boolean
}

const askAgain = 'there may be none, or it may not be read: ask for the very digest or version, and say who asks'
const trustHint = `it says whom to trust (${option('trust')}) and signs nothing; give the bundle in its place`
const imageHint =
  'attestations of an image are beside it in its registry: download one (gh attestation download, cosign download attestation)'

export const foreignDocuments: readonly Foreign<JsonObject>[] = [
  { what: 'an error that a service gave in place of an answer', hint: askAgain, isThis: isServiceError },
  {
    what: "npm's metadata of a package",
    hint: 'its attestations are in the document that dist.attestations.url names: download that',
    isThis: (it) => isObject(it['dist-tags']) || typeof memberAt(it['dist'] ?? null, 'tarball') === 'string',
  },
  {
    what: "PyPI's metadata of a project",
    hint: 'the attestations of a file are in the document that its member provenance names: download that',
    isThis: (it) => (isList(it['files']) ? isObject(it['meta']) : isObject(it['info']) && isList(it['urls'])),
  },
  {
    what: 'a trusted root of Sigstore',
    hint: trustHint,
    isThis: (it) => mediaTypeOf(it).startsWith('application/vnd.dev.sigstore.trustedroot'),
  },
  {
    what: 'a trust configuration of Sigstore',
    hint: trustHint,
    isThis: (it) => mediaTypeOf(it).startsWith('application/vnd.dev.sigstore.clienttrustconfig'),
  },
  {
    what: 'a signing configuration of Sigstore',
    hint: 'it says which services sign; give the bundle in its place',
    isThis: (it) => mediaTypeOf(it).startsWith('application/vnd.dev.sigstore.signingconfig'),
  },
  {
    what: 'TUF metadata',
    hint: `it says whom to trust (${option('root')}); give the bundle in its place`,
    isThis: (it) => ['root', 'targets', 'snapshot', 'timestamp', 'mirrors'].includes(signedTypeOf(it)),
  },
  {
    what: 'a link or layout of in-toto',
    hint: 'it names a step and a key, and no build; ask for the Sigstore bundle of the provenance',
    isThis: (it) => ['link', 'layout'].includes(signedTypeOf(it)),
  },
  {
    what: 'an entry of a transparency log',
    hint: 'it is one part of a bundle: give the bundle that was made when it was logged',
    isThis: isLogEntry,
  },
  {
    what: 'a VEX document',
    hint: 'it tells of vulnerabilities and is not signed; give the bundle that was made when it was attested',
    isThis: (it) => textAtTop(it, '@context').includes('openvex') || isCsaf(it),
  },
  {
    what: 'what was found when an attestation was verified',
    hint: 'it proves nothing to anybody else; give the bundle itself, which gh writes beside it as attestation',
    isThis: (it) =>
      isObject(it['verificationResult']) ||
      mediaTypeOf(it).startsWith('application/vnd.dev.sigstore.verificationresult'),
  },
  {
    what: 'what cosign says of the signature of an image',
    hint: 'it names an image and no build: download its attestations (cosign download attestation)',
    isThis: (it) => typeof memberAt(it['critical'] ?? null, 'type') === 'string',
  },
  { what: 'the manifest of an image', hint: imageHint, isThis: isManifest },
  {
    what: 'what countersign itself has told',
    hint: 'it is an answer and proves nothing; give the bundle that it is about',
    isThis: (it) => textAtTop(it, 'type').startsWith('https://w3id.org/countersign/'),
  },
]

/** Members of which such an answer is made; a document with others is none. */
const errorMembers = new Set([
  ...['message', 'error', 'errors', 'detail', 'details', 'error_description', 'title', 'type'],
  ...['code', 'status', 'statusCode', 'success', 'documentation_url', 'request_id', 'path', 'timestamp'],
])

/** GitHub and GitLab: `message`; npm: `error`; registries of images: `errors`; RFC 9457: `title`, `detail`. */
function isServiceError(it: JsonObject): boolean {
  const says = (name: string): boolean => textAtTop(it, name) !== '' || isList(it[name])
  const isSaid = ['message', 'error', 'errors', 'detail'].some(says)
  return isSaid && Object.keys(it).every((name) => errorMembers.has(name))
}

/** As Rekor's API gives it, under its id or without; as it stands in a bundle; its body alone. */
function isLogEntry(it: JsonObject): boolean {
  const isTimed = (json: Json): boolean =>
    typeof memberAt(json, 'body') === 'string' && typeof memberAt(json, 'integratedTime') === 'number'
  const isBody = textAtTop(it, 'kind') !== '' && textAtTop(it, 'apiVersion') !== '' && isObject(it['spec'])
  const isInBundle = textAtTop(it, 'canonicalizedBody') !== '' && it['logIndex'] !== undefined
  const [[id, only] = ['', null]] = Object.entries(it)
  // A resource of Kubernetes has these members too, and a name besides.
  const isRekorBody = isBody && !isObject(it['metadata'])
  // As cosign 2 keeps it beside a signature in a registry.
  const isOfCosign = textAtTop(it, 'SignedEntryTimestamp') !== '' && isObject(it['Payload'])
  return isTimed(it) || isOfCosign || isInBundle || isRekorBody || (/^[0-9a-f]{64,80}$/.test(id) && isTimed(only))
}

/** CSAF, of which VEX is a profile. */
function isCsaf(it: JsonObject): boolean {
  return typeof memberAt(it['document'] ?? null, 'csaf_version') === 'string'
}

/** Of one or of several platforms; older ones say no media type. What refers to one is listed in the same way (`oras discover`). */
function isManifest(it: JsonObject): boolean {
  const isTyped = /^application\/vnd\.(?:oci\.image|docker\.distribution)\./.test(textAtTop(it, 'mediaType'))
  const listed = it['referrers'] ?? it['manifests']
  const first = isList(listed) ? (listed[0] ?? null) : null
  const isOfReferrers =
    typeof memberAt(first, 'digest') === 'string' && typeof memberAt(first, 'mediaType') === 'string'
  return isTyped || isOfReferrers || (it['schemaVersion'] === 2 && (isList(it['manifests']) || isList(it['layers'])))
}

/** Of a document with a signature around it, or without. */
function signedTypeOf(it: JsonObject): string {
  const type = memberAt(it['signed'] ?? null, '_type')
  return typeof type === 'string' ? type : textAtTop(it, '_type')
}

function mediaTypeOf(it: JsonObject): string {
  return textAtTop(it, 'mediaType') || textAtTop(it, 'media_type')
}

function textAtTop(it: JsonObject, member: string): string {
  const value = it[member]
  return typeof value === 'string' ? value : ''
}

/** Bytes as Latin-1, from the first that is no blank on. */
export const foreignTexts: readonly Foreign<string>[] = [
  {
    what: 'text in UTF-16, as PowerShell writes it',
    hint: 'save it as UTF-8: with cmd, with PowerShell 7, or by Out-File -Encoding utf8',
    isThis: (it) => /^(?:\xff\xfe|\xfe\xff|[{[]\0|\0[{[])/.test(it),
  },
  {
    what: 'compressed data or an archive',
    hint: 'unpack it first, if a bundle is in it',
    // gzip, zip, zstd, xz, bzip2, snappy in frames and in one block; tar.
    isThis: (it) =>
      /^(?:\x1f\x8b|PK\x03\x04|\x28\xb5\x2f\xfd|\xfd7zXZ\0|BZh[1-9]|\xff\x06\0\0sNaPpY)/.test(it) ||
      isSnappy(it) ||
      (it.startsWith('ustar', 257) && it.includes('\0')),
  },
  {
    what: 'a pointer of Git LFS',
    hint: 'the file itself is not here: fetch it (git lfs pull)',
    isThis: (it) => it.startsWith('version https://git-lfs.github.com/spec/'),
  },
  {
    what: 'a page (HTML)',
    hint: 'a log-in or an error was saved in place of the file: download it by its own address, and say who asks',
    isThis: (it) => /^(?:<!--[^>]{0,500}-->\s*)?<(?:!doctype html|html|head|body)\b/i.test(it),
  },
  {
    what: 'an error that a service gave in place of an answer',
    hint: askAgain,
    isThis: (it) => /^(?:<\?xml[^>]{0,200}\?>\s*)?<Error>/.test(it),
  },
  {
    what: 'a list of checksums',
    hint: 'anyone who can change a file can change its checksum; give the bundle that was made when the files were attested',
    isThis: (it) => /^(?:\\?[0-9a-f]{64,128} [ *]\S|SHA\d[\w-]* ?\([^)\n]+\) ?= [0-9a-f])/i.test(it),
  },
]

/** A block without a frame, as GitHub stores bundles: its length, then characters as they are, which begin an object. */
function isSnappy(it: string): boolean {
  const [, tag] = /^[\x80-\xff]{1,4}[\x01-\x7f]([^]{1,5})\{\s*"/.exec(it) ?? []
  if (tag === undefined) return false
  const kind = tag.charCodeAt(0)
  return (kind & 3) === 0 && tag.length === 1 + Math.max(0, (kind >> 2) - 59)
}
