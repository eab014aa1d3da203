/**
 * Files that lie beside artifacts and are none: what was signed before, what waits for a signature, signatures, lists of
 * checksums, and reports of our own. A glob means the artifacts; with these in it, the second attestation would be about the first. They are known by
 * their names here, and by what is in them in `companion-content.ts`.
 */
import { baseName } from './subject-match.ts'

const kinds = [
  'bundle file',
  'unsigned statement',
  'lock or temporary file',
  'checksum file',
  'signature file',
  'own report',
] as const
export type Companion = (typeof kinds)[number]

/** By the name of the file, whatever letters are large. */
const names: readonly (readonly [Companion, RegExp])[] = [
  // <artifact>.sigstore.json: cosign, gh, ours; .sigstore: sigstore-python 1 and 2; .jsonl: the in-toto bundle (ITE-6, slsa-github-generator).
  ['bundle file', /\.(?:sigstore(?:\.jsonl?)?|intoto\.jsonl)$/i],
  // PEP 740: <artifact>.publish.attestation, <artifact>.slsa.attestation.
  ['bundle file', /\.attestation$/i],
  // What actions/attest writes for a whole run.
  ['bundle file', /^attestations?\.jsonl?$/i],
  // What `gh attestation download` writes; on Windows with a dash.
  ['bundle file', /^sha(?:256|384|512)[:-][0-9a-f]+\.jsonl$/i],
  ['unsigned statement', /\.unsigned\.json$/i],
  // SHA256SUMS, SHA512SUMS.txt, sha256sum.txt, MD5SUMS; SHASUMS256.txt as of Node.js.
  ['checksum file', /^(?:md5|sha(?:1|224|256|384|512)?)-?sums?(?:224|256|384|512)?(?:\.txt)?$/i],
  // checksums.txt, app_1.2.0_checksums.txt as goreleaser has it, CHECKSUMS, checksums-sha512, checksums_md5.txt.
  ['checksum file', /^(?:.*[._-])?checksums?(?:[._-](?:md5|sha-?(?:1|224|256|384|512)))?(?:\.txt)?$/i],
  // A list with its signature around it: SHA256SUMS.asc, SHASUMS256.txt.asc.
  ['checksum file', /^(?:md5|sha(?:1|224|256|384|512)?)-?sums?(?:224|256|384|512)?(?:\.txt)?\.asc$/i],
  // app.tgz.sha256, checksums.sha512, app.sha256sum, app.tgz.sha256.txt, app.jar.md5 as Maven has it.
  ['checksum file', /\.(?:md5|sha(?:1|224|256|384|512))(?:sums?)?(?:\.txt)?$/i],
]

/**
 * Names of the files of which this may be the signature, the certificate or the key by its own name; it is an artifact where
 * none of them is there. `certain`: no other file ends so, whatever is in it.
 */
export function signedNames(name: string): { readonly owners: readonly string[]; readonly certain: boolean } {
  const [, owner, ending = ''] = /^(.+)\.(sig|asc|sign|minisig|att|p7s|gpg|pem|crt|cert|cer|pub)$/is.exec(name) ?? []
  if (owner === undefined) return { owners: [], certain: false }
  // SHA256SUMS.72D7468F.sig: a key has signed what is called SHA256SUMS.
  const [, beforeKey] = /^(.+)\.[0-9A-F]{8,40}$/is.exec(owner) ?? []
  const certain = /^(?:sig|asc|sign|minisig|att|p7s)$/i.test(ending)
  return { owners: beforeKey === undefined ? [owner] : [owner, beforeKey], certain }
}

/** What is written beside a file while it is written. */
const passing = /^(.+?)(?:\.lock(?:\.takeover)?|\.[0-9a-f]{12}\.tmp)$/s

/** What a file is if it is no artifact; `own` are the files of this very run by path, whatever they are called. */
export function companionOf(path: string, own: ReadonlyMap<string, Companion> = new Map()): Companion | undefined {
  const known = own.get(path) ?? names.find(([, pattern]) => pattern.test(baseName(path)))?.[0]
  if (known !== undefined) return known
  const written = passing.exec(path)?.[1]
  const of = written === undefined ? undefined : companionOf(written, own)
  return of === undefined || of === 'checksum file' ? undefined : 'lock or temporary file'
}

/** `2 bundle files, 1 checksum file`. */
export function counted(companions: readonly Companion[]): string {
  const counts = kinds.map((kind) => [kind, companions.filter((it) => it === kind).length] as const)
  return counts.flatMap(([name, count]) => (count === 0 ? [] : `${count} ${name}${count === 1 ? '' : 's'}`)).join(', ')
}
