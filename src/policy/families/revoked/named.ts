/** What a statement names that can be revoked: commits, runs, signers. Wherever it stands: a revocation that looks too little lets it pass. */
import type { VerifiedStatement } from '../../../model/evidence.ts'
import { isCommitId } from '../../../model/git-names.ts'
import { compilePattern, splitIdentity } from '../../../model/identity.ts'
import type { Revocation } from '../../../model/policy.ts'
import { small } from '../../github-names.ts'
import { signingSpan } from '../../signed-time.ts'
import { holdsIn } from './window.ts'

/** Of the source, of the workflows that built, of what the job made and built, and of everything that was built from. */
export function commitsOf({ signed: { signatory }, predicate }: VerifiedStatement): string[] {
  const { extensions = {} } = signatory.kind === 'certificate' ? signatory.identity : {}
  const certified = [
    extensions.sourceRepositoryDigest,
    extensions.githubSha,
    extensions.buildSignerDigest,
    extensions.buildConfigDigest,
  ]
  if (predicate.kind !== 'build-provenance') return ids(certified)
  const { builtCommit, attribution, resolvedDependencies, sessions } = predicate
  return ids([
    ...certified,
    // Several that contradict each other stand in one text.
    ...(builtCommit?.split(/[^0-9a-fA-F]+/) ?? []),
    attribution?.range.until,
    ...resolvedDependencies.flatMap(({ digest }) => Object.values(digest ?? {})),
    ...sessions.flatMap(({ commits }) => commits),
  ])
}

function ids(found: readonly (string | undefined)[]): string[] {
  const texts = found.flatMap((it) => (it === undefined ? [] : [it.toLowerCase()]))
  return [...new Set(texts.filter(isCommitId))]
}

/** Runs in which it was signed and prepared, as certificate and predicate have them. */
export function runsOf({ signed: { signatory }, predicate }: VerifiedStatement): string[] {
  const certified = signatory.kind === 'certificate' ? signatory.identity.extensions.runInvocationUri : undefined
  const said = predicate.kind === 'build-provenance' ? [predicate.invocationId, predicate.preparedIn] : []
  return [...new Set([certified, ...said].filter((it) => it !== undefined && it !== ''))] as string[]
}

/** A run with all its attempts, or one of them. */
export function isRun(value: string, found: string): boolean {
  const [asked, run] = [small(value).replace(/\/+$/, ''), small(found).replace(/\/+$/, '')]
  return run === asked || run.startsWith(`${asked}/attempts/`)
}

/** Who signed, who built as the certificate and as the provenance have it, and whose job it was. */
export function signersOf({ signed: { signatory }, predicate }: VerifiedStatement): string[] {
  const named =
    signatory.kind === 'key'
      ? [signatory.fingerprint]
      : [
          signatory.identity.subjectAlternativeName?.value,
          signatory.identity.extensions.buildSignerUri,
          signatory.identity.extensions.buildConfigUri,
        ]
  const builder = predicate.kind === 'build-provenance' ? [predicate.builderId] : []
  return [...new Set([...named, ...builder].filter((it) => it !== undefined))]
}

/** A signer without a ref is revoked at every ref, and in whatever letters it is written. */
export function isSigner(value: string, found: string): boolean {
  const pattern = compilePattern(small(value), 'the signer that is revoked')
  const name = small(found)
  return pattern.matches(name) || pattern.matches(splitIdentity(name).file)
}

/** Whether somebody revoked who, or what, made this statement. */
export function isRevoked(statement: VerifiedStatement, revocations: readonly Revocation[]): boolean {
  const span = signingSpan(statement.signed)
  return revocations.some((it) => names(it, statement) && holdsIn(it, span))
}

function names({ kind, value }: Revocation, statement: VerifiedStatement): boolean {
  if (kind === 'signer') return signersOf(statement).some((it) => isSigner(value, it))
  if (kind === 'run') return runsOf(statement).some((it) => isRun(value, it))
  return kind === 'commit' && commitsOf(statement).includes(value)
}
