/** Who signed a release → the signer that a policy lets sign the next one. */
import type { VerifiedStatement } from '../../model/evidence.ts'
import { certifiedBuild, splitIdentity } from '../../model/identity.ts'
import { exact } from './yaml-lines.ts'
import type { DraftMember } from './yaml-lines.ts'

const tags = 'refs/tags/'

/**
 * Exact, but for the name of a tag, which is another one each time. `key` is the PEM that was asked for. Error: `policy-not-drafted`.
 */
export function draftedSigner(
  { signed: { signatory }, predicate }: VerifiedStatement,
  key: string | undefined,
): readonly DraftMember[] {
  if (signatory.kind === 'key') return [{ name: 'key', value: key, says: 'This key, and no certificate.' }]
  const { extensions, subjectAlternativeName } = signatory.identity
  const { issuer, source, ref, trigger, runner } = certifiedBuild(extensions)
  const name = subjectAlternativeName?.value ?? ''
  const own = splitIdentity(name)
  const isOfRelease = ref !== undefined && own.ref === ref
  const builder = predicate.kind === 'build-provenance' ? predicate.builderId : undefined
  const following = (identity: string): string => {
    const parts = splitIdentity(exact(identity, 'the identity'))
    return ref !== undefined && parts.ref === ref ? `${parts.file}@${refGlob(ref)}` : identity
  }
  return [
    {
      ...{ name: 'signer', value: following(name) },
      says: isOfRelease ? refWords(ref) : 'The whole identity in the certificate, exact.',
    },
    ...(issuer === undefined
      ? [{ name: 'certificateWithoutIssuer', value: true, says: 'WEAK: the certificate names no issuer.' }]
      : [{ name: 'issuer', value: exact(issuer, 'the issuer') }]),
    ...(source === undefined
      ? [{ name: 'anySource', value: true, says: 'WEAK: the certificate names no source.' }]
      : [{ name: 'source', value: exact(source, 'the source') }]),
    ...number(
      'sourceId',
      extensions.sourceRepositoryIdentifier,
      'Numbers of the repository and its owner: a name can be registered by somebody else.',
    ),
    ...number('ownerId', extensions.sourceRepositoryOwnerIdentifier),
    ...(isOfRelease || extensions.buildSignerDigest === undefined
      ? []
      : [
          {
            name: 'signerDigest',
            value: extensions.buildSignerDigest,
            says: 'The commit of the workflow that signed: it changes when that is updated.',
          },
        ]),
    ...(ref === undefined ? [] : [{ name: 'refs', value: [refGlob(ref)], says: refWords(ref) }]),
    ...(builder === undefined ? [] : [{ name: 'builders', value: [following(builder)] }]),
    ...(trigger === undefined ? [] : [{ name: 'triggers', value: [trigger] }]),
    ...(runner === 'self-hosted'
      ? [
          {
            name: 'selfHostedRunner',
            value: 'allow',
            says: 'WEAK: it was built on a runner of your own, which keeps what an earlier job left.',
          },
        ]
      : []),
  ]
}

function number(name: string, value: string | undefined, says?: string): DraftMember[] {
  if (value === undefined || !/^\d+$/.test(value)) return []
  return [{ name, value, ...(says === undefined ? {} : { says }) }]
}

/** `refs/tags/v1.2.0` → `refs/tags/v*`; what is no tag with a version stays as it is. */
function refGlob(ref: string): string {
  exact(ref, 'the ref')
  return ref.startsWith(tags) ? ref.replace(/\d.*$/, '*') : ref
}

function refWords(ref: string): string {
  return ref.startsWith(tags)
    ? `It was built from ${JSON.stringify(ref)}: any tag of the same form may follow.`
    : `It was built from ${JSON.stringify(ref)}, and nothing else may be.`
}
