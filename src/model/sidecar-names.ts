/** Names under which makers of attestations put them beside an artifact: a file of its own, or one for a whole release. */
import type { DigestAlgorithm } from './digest.ts'

/** What follows the name of the artifact, those that are met most first. */
const endings = [
  // cosign, gh, goreleaser, Maven Central, sigstore-python from 3.0 on, ours; sigstore-python before.
  '.sigstore.json',
  '.sigstore',
  '.sigstore.jsonl',
  // The in-toto bundle (ITE-6): slsa-github-generator, witness.
  '.intoto.jsonl',
  '.jsonl',
  // What slsa-github-generator delegates to builders of one ecosystem: Node.js, Maven, Gradle, Bazel.
  '.build.slsa',
  // PEP 740: twine, pypi-attestations, gh-action-pypi-publish; and what PyPI answers for a file.
  '.publish.attestation',
  '.slsa.attestation',
  '.attestation',
  '.provenance',
  // cosign sign-blob and attest-blob, as its documentation has them.
  '.bundle',
  '.cosign.bundle',
  '.bundle.json',
  '.att',
  // Releases that rename what actions/attest wrote.
  '.attestation.json',
  '.attestation.jsonl',
  '.attestations.json',
  '.attestations.jsonl',
  '.provenance.json',
  '.provenance.jsonl',
  '.provenance.sigstore.json',
  // What a release is made of, change by change: ours.
  '.changes.sigstore.json',
  // How a second build of the same source compares: ours.
  '.rebuild.sigstore.json',
] as const

/**
 * `<artifact>.deployed-<environment>.sigstore.json`, and `removed` likewise: ours, one for each environment, whose name is fit for a
 * file.
 */
export function deploymentSidecar(artifact: string, state: 'deployed' | 'removed', environment: string): string {
  return `${artifact}.${state}-${environment}.sigstore.json`
}

/** `<artifact>.rebuild.sigstore.json`: ours. */
export function rebuildSidecar(artifact: string): string {
  return `${artifact}.rebuild.sigstore.json`
}

/** `<artifact>.waiver-<rule>.sigstore.json`: ours, one for each rule, whose name is fit for a file. */
export function waiverSidecar(artifact: string, rule: string): string {
  return `${artifact}.waiver-${rule}.sigstore.json`
}

/** The artifact of such a name; undefined for any other. */
export function deployedIn(name: string): string | undefined {
  return /^(.+)\.(?:deployed|removed|waiver)-[A-Za-z0-9._-]+\.sigstore\.json$/s.exec(name)?.[1]
}

/** All that a sidecar of this artifact may be called. */
export function sidecarNames(artifact: string): readonly string[] {
  return endings.map((ending) => `${artifact}${ending}`)
}

/** The file of which this may be a sidecar by its name, if there is such a file. */
export function sidecarOwners(name: string): readonly string[] {
  const deployed = deployedIn(name)
  return [
    ...endings.flatMap((ending) => (name.endsWith(ending) && name !== ending ? [name.slice(0, -ending.length)] : [])),
    ...(deployed === undefined ? [] : [deployed]),
  ]
}

/** What `gh attestation download` calls its file; on Windows, where no name has a colon, with a dash. */
export function digestNames(algorithm: DigestAlgorithm, hex: string): readonly string[] {
  return [`${algorithm}:${hex}.jsonl`, `${algorithm}-${hex}.jsonl`]
}

/** The algorithm of a file of that kind; undefined for any other. */
export function digestNameAlgorithm(name: string): DigestAlgorithm | undefined {
  return /^(sha256|sha384|sha512)[:-][0-9a-f]+\.jsonl$/.exec(name)?.[1] as DigestAlgorithm | undefined
}

/** Files for all artifacts of a release: slsa-github-generator (`multiple.intoto.jsonl`), actions/attest, SLSA's own examples. */
const shared = /^(?:.*\.intoto\.jsonl|attestations?\.jsonl?|(?:multiple\.)?provenance\.(?:jsonl?|sigstore\.json))$/

export function isSharedName(name: string): boolean {
  return shared.test(name)
}

/** What was looked for, in words. */
export function namesLookedFor(artifact: string): string {
  return [
    `${artifact} with ${endings.join(', ')}`,
    'sha256:HEX.jsonl or sha256-HEX.jsonl with its digest',
    'NAME.intoto.jsonl, attestation.json, attestation.jsonl, provenance.json, provenance.jsonl of the release',
  ].join('; ')
}
