/** Which row a provenance is held against, and what holds where there is none. */
import { compilePattern } from '../../model/identity.ts'
import type { CertificateIdentity } from '../../model/identity.ts'
import type { Provenance } from '../../model/predicate.ts'
import { canonicalRepository, hostOf, sharedHosts } from '../../model/repository-url.ts'
import { unsteering } from '../../one-line.ts'
import { builderIsDelegated, commit, field, oneOf, repository, signerUri, sourceAmong } from './fields.ts'
import { buildTypeRows } from './index.ts'
import type { BuildTypeRow, FieldRow } from './row.ts'

const rows = buildTypeRows.map((row) => ({ row, pattern: compilePattern(row.buildType, 'the build type') }))

/** The row of a build type; undefined for one that nobody has described to us. */
export function buildTypeRow({ buildType, version }: Provenance): BuildTypeRow | undefined {
  return rows.find(({ row, pattern }) => row.version === version && pattern.matches(buildType))?.row
}

/**
 * What holds for a build type that nobody has described: a builder that is named at a forge, or where signer and source live, is
 * the one that signed, whole. Only what names itself elsewhere says nothing that the certificate could contradict.
 */
export function builderIfOnForge(certificate: CertificateIdentity): FieldRow {
  const named = [signerUri(certificate), repository(certificate)].flatMap((it) => hostOf(it ?? '') ?? [])
  const hosts = [...sharedHosts, ...named]
  return {
    ...builderIsDelegated,
    presence: 'optional',
    read({ builderId }) {
      // Wherever the host stands, and however it is written: a reader of the report takes it for what it looks like.
      const plain = plainText(builderId)
      return hosts.some((it) => plain.includes(it)) ? builderId : undefined
    },
  }
}

function plainText(text: string): string {
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return unsteering(decoded.normalize('NFKC')).toLowerCase()
}

/**
 * What holds for every build type: a dependency that is the certificate's repository, however its address is written, has the
 * certificate's commit under every name. The one that a known build type calls its source has a row of its own.
 */
export function dependenciesOf(
  provenance: Provenance,
  certificate: CertificateIdentity,
  isKnown: boolean,
): readonly FieldRow[] {
  const { resolvedDependencies, version } = provenance
  const uri = repository(certificate)
  const source = uri === undefined ? undefined : canonicalRepository(uri)
  if (source === undefined) return []
  const list = version === '1' ? 'resolvedDependencies' : 'materials'
  const own = isKnown ? sourceAmong(provenance, certificate) : undefined
  return resolvedDependencies.flatMap((it, index): FieldRow[] =>
    it === own || it.uri === undefined || canonicalRepository(it.uri) !== source
      ? []
      : [field(`${list}[${index}].digest`, 'optional', commit, () => oneOf(it, ['gitCommit', 'sha1']))],
  )
}
