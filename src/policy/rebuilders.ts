/** Who built an artifact again, and how many of them are somebody else than who built it first. */
import type { Signatory, VerifiedStatement } from '../model/evidence.ts'
import { builderUri, certifiedBuild, splitIdentity } from '../model/identity.ts'
import { canonicalRepository } from '../model/repository-url.ts'
import type { RebuiltSource } from '../model/predicate.ts'

/** One party that got the same bytes, in one run or in many. */
export interface Rebuilder {
  /** Name in the certificate without its ref, or the fingerprint of a key. */
  readonly signer: string
  /** Undefined of a key. */
  readonly issuer: string | undefined
  readonly builder: string | undefined
  /** URL of the repository that the job belongs to. */
  readonly repository: string | undefined
  /** Numeric id of the repository's owner, where the certificate has it: a policy may want owners that differ. */
  readonly owner: string | undefined
  /** What it says that it rebuilt, of each statement. */
  readonly sources: readonly (RebuiltSource | undefined)[]
  readonly statements: readonly VerifiedStatement[]
}

/** Why a rebuild counts for nobody. */
export type SetAsideReason =
  /** It says that it got other bytes, or its digests say so. */
  | 'rebuild-differs'
  /** No provenance is among the statements: nobody can tell whether this is who built first. */
  | 'rebuild-original-unknown'
  /** Who signed the provenance, the builder or the workflow that it names, or a job of the same repository. */
  | 'rebuild-not-independent'

export interface Rebuilders {
  readonly independent: readonly Rebuilder[]
  readonly setAside: readonly { readonly statement: VerifiedStatement; readonly reason: SetAsideReason }[]
}

/**
 * The parties that rebuilt one artifact, of the verified statements about it: its build provenance, and comparisons that pass
 * each its own question. Everything is taken from certificates, nothing from what a job says of itself, but for the builder that
 * provenance names. Two statements are of one party where, under one issuer, signer, builder or repository is the same, whatever the
 * ref and the run: anyone who may write to a repository may add a workflow to it. The party that built the artifact is not among them.
 *
 * @example
 * ```ts
 * import { independentRebuilders, verify } from 'countersign/verify'
 *
 * const issuer = 'https://oidc.countersign.localhost'
 * const trust = { kind: 'file', path: 'trusted_root.json' } as const
 * const question = { repo: 'acme/widget', workflow: 'release.yml', issuer }
 * const { statements } = await verify({ artifact: 'dist/app.tgz', trust, question })
 * console.log(independentRebuilders(statements).independent.length) // 0: no comparison is among them
 * ```
 */
export function independentRebuilders(statements: readonly VerifiedStatement[]): Rebuilders {
  const originals = statements.filter(({ predicate }) => predicate.kind === 'build-provenance').map(originalOf)
  const setAside: { statement: VerifiedStatement; reason: SetAsideReason }[] = []
  const parties: (Party & { readonly statements: VerifiedStatement[] })[] = []
  for (const statement of statements) {
    if (statement.predicate.kind !== 'rebuild-comparison') continue
    const party = partyOf(statement.signed.signatory)
    const reason = !isSame(statement)
      ? 'rebuild-differs'
      : originals.length === 0
        ? 'rebuild-original-unknown'
        : originals.some((it) => isOneParty(it, party))
          ? 'rebuild-not-independent'
          : undefined
    if (reason !== undefined) {
      setAside.push({ statement, reason })
      continue
    }
    // One that has something in common with two makes one of them.
    const known = parties.filter((it) => isOneParty(it, party))
    for (const it of known) parties.splice(parties.indexOf(it), 1)
    parties.push({
      ...(known[0] ?? party),
      marks: new Set([...known, party].flatMap((it) => [...it.marks])),
      statements: [...known.flatMap((it) => it.statements), statement],
    })
  }
  return { independent: parties.map(rebuilderOf), setAside }
}

/** Whoever signs can write `same`: the digests decide. */
function isSame({ predicate, statement, subjectIndex }: VerifiedStatement): boolean {
  if (predicate.kind !== 'rebuild-comparison') return false
  const released = statement.subject[subjectIndex]?.digest['sha256']
  return predicate.outcome === 'same' && released !== undefined && released === predicate.rebuilt.sha256
}

interface Party extends Pick<Rebuilder, 'signer' | 'issuer' | 'builder' | 'repository' | 'owner'> {
  /** Whatever tells it: two with one in common are one. */
  readonly marks: ReadonlySet<string>
}

function isOneParty(one: Party, other: Party): boolean {
  return [...one.marks].some((it) => other.marks.has(it))
}

function partyOf(signatory: Signatory): Party {
  if (signatory.kind === 'key') {
    const signer = signatory.fingerprint
    return {
      ...{ signer, issuer: undefined, builder: undefined, repository: undefined, owner: undefined },
      marks: new Set([`key ${signer}`]),
    }
  }
  const { extensions, subjectAlternativeName, fingerprint } = signatory.identity
  const { issuer, source } = certifiedBuild(extensions)
  const signer = withoutRef(subjectAlternativeName?.value) ?? fingerprint
  const builder = withoutRef(builderUri(signatory.identity))
  const repository = source === undefined ? undefined : (canonicalRepository(source) ?? source)
  const id = extensions.sourceRepositoryIdentifier
  const config = withoutRef(extensions.buildConfigUri)
  const marks = [
    ...[signer, builder, config].map((it) => mark('job', issuer, it)),
    mark('repository', issuer, repository),
    mark('id', issuer, id),
  ]
  return {
    ...{ signer, issuer, builder, repository, owner: extensions.sourceRepositoryOwnerIdentifier },
    marks: new Set(marks.filter((it) => it !== undefined)),
  }
}

/** Also the builder that the provenance names: it may be another one than signed. */
function originalOf({ signed, predicate }: VerifiedStatement): Party {
  const party = partyOf(signed.signatory)
  if (predicate.kind !== 'build-provenance') return party
  const named = mark('job', party.issuer, withoutRef(predicate.builderId))
  return named === undefined ? party : { ...party, marks: new Set([...party.marks, named]) }
}

function mark(what: string, issuer: string | undefined, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${what} ${issuer ?? ''} ${value.toLowerCase()}`
}

function withoutRef(identity: string | undefined): string | undefined {
  return identity === undefined ? undefined : splitIdentity(identity).file
}

function rebuilderOf({ marks: _, statements, ...party }: Party & { statements: VerifiedStatement[] }): Rebuilder {
  const sources = statements.map(({ predicate }) =>
    predicate.kind === 'rebuild-comparison' ? predicate.source : undefined,
  )
  return { ...party, sources, statements }
}
