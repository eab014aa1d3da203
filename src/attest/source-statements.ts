/**
 * Statements about the source, as notes hold them, verified: signature under a trust that is at hand, the commit a subject, the
 * repository the one that is attested, and nothing said that the certificate contradicts. Who may sign is asked by no one here.
 */
import { CountersignError, attempt } from '../errors.ts'
import { parseBundle } from '../model/bundle.ts'
import type { Bundle } from '../model/bundle.ts'
import { sha256Hex } from '../model/digest.ts'
import { inTotoPayloadType } from '../model/envelope.ts'
import { certifiedBuild } from '../model/identity.ts'
import type { CertificateIdentity } from '../model/identity.ts'
import { canonicalRepository } from '../model/repository-url.ts'
import type { SourceAnswer, SourceClaims, SourceRefusal, VerifySource } from '../model/source-statement.ts'
import { parseStatement } from '../model/statement.ts'
import { readSourceClaims, subjectsOfCommit } from '../predicates/source-claims.ts'
import { rootsAtHand, signedUnder } from './roots-at-hand.ts'
import type { RootAtHand, RootsAtHand } from './roots-at-hand.ts'

/** The repository that is attested, as far as it is known. */
export interface AttestedRepository {
  readonly url: string | undefined
  /** The forge's number of it, which outlives its name, as this issuer says. */
  readonly id: string | undefined
  readonly issuer: string
}

/** Verifies statements about commits of one repository. Throws nothing that is ours. */
export function sourceVerifier(attested: AttestedRepository, roots: readonly RootAtHand[]): VerifySource {
  const loaded = rootsAtHand(roots)
  return async (bytes, commit) => {
    // What can be seen without trust comes first: a copied note costs no signature.
    const read = attempt(() => readBundle(bytes, commit))
    if (read instanceof CountersignError) return refused('source-malformed', read.code)
    if ('outcome' in read) return read
    return judge(read, attested, await loaded())
  }
}

interface ReadBundle {
  readonly bundle: Bundle
  readonly payload: Uint8Array
  readonly claims: SourceClaims
}

/** Errors: those of bundles and statements. */
function readBundle(bytes: Uint8Array, commit: string): ReadBundle | SourceAnswer {
  const bundle = parseBundle(bytes)
  const { envelope } = bundle
  if (envelope === undefined) return refused('source-malformed', 'message-signature-only')
  if (envelope.payloadType !== inTotoPayloadType) return refused('source-malformed', 'payload-type-mismatch')
  const statement = parseStatement(envelope.payload)
  if (subjectsOfCommit(statement, commit).length === 0) {
    return refused('source-other-commit', 'the commit is no subject of the statement')
  }
  const claims = readSourceClaims(statement, commit)
  if (claims === undefined) return refused('source-type-unknown', 'the type of the predicate is not one that is read')
  return { bundle, payload: envelope.payload, claims }
}

function judge(
  { bundle, payload, claims }: ReadBundle,
  attested: AttestedRepository,
  loaded: RootsAtHand,
): SourceAnswer {
  const signed = signedUnder(bundle, loaded)
  if (signed.outcome === 'undecided') return signed
  if (signed.outcome === 'refused') return refused('source-unverified', signed.code)
  const { signatory, times } = signed.proof
  const [time] = times.map((it) => it.time).toSorted()
  // The roots here vouch for certificates alone, and each of these has a name and a time.
  const identity = signatory.kind === 'certificate' ? signatory.identity : undefined
  const issuer = identity === undefined ? undefined : certifiedBuild(identity.extensions).issuer
  if (identity?.subjectAlternativeName === undefined || issuer === undefined || time === undefined) {
    return refused('source-unverified', 'the certificate names no signer or no issuer')
  }
  const contradicted = contradictionOf(claims, identity)
  if (contradicted !== undefined) return refused('source-contradicts-certificate', contradicted)
  if (!isOfRepository(claims, identity, issuer, attested)) {
    return refused('source-other-repository', 'the repository is another one than is attested')
  }
  const signer = { name: identity.subjectAlternativeName, issuer, root: signed.root }
  return { outcome: 'verified', statement: { ...claims, digest: sha256Hex(payload), signer, time } }
}

/** The certificate is the source of truth (DESIGN rule 4): who ran for another branch says nothing of this one. */
function contradictionOf({ repository, refs }: SourceClaims, { extensions }: CertificateIdentity): string | undefined {
  const { source, ref } = certifiedBuild(extensions)
  if (repository !== undefined && source !== undefined && !isSame(repository, source)) {
    return 'the certificate names another repository'
  }
  if (refs.length > 0 && ref !== undefined && !refs.includes(ref)) return 'the certificate names another branch or tag'
  return undefined
}

/**
 * By the number where the same issuer gives both: a repository keeps it under a new name, and who takes the old name does not get
 * it. Else by every name that is given, and where nobody knows what is attested, nothing can be compared.
 */
function isOfRepository(
  { repository }: SourceClaims,
  { extensions }: CertificateIdentity,
  issuer: string,
  attested: AttestedRepository,
): boolean {
  const id = extensions.sourceRepositoryIdentifier
  if (id !== undefined && attested.id !== undefined && issuer === attested.issuer) return id === attested.id
  const named = [repository, certifiedBuild(extensions).source].filter((it) => it !== undefined)
  const { url } = attested
  return url === undefined || named.every((it) => isSame(it, url))
}

function isSame(a: string, b: string): boolean {
  const canonical = canonicalRepository(a)
  return canonical !== undefined && canonical === canonicalRepository(b)
}

function refused(code: SourceRefusal, detail: string): SourceAnswer {
  return { outcome: 'refused', code, detail }
}
