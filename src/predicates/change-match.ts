/**
 * Is a statement of changes one that `attest` would have written for the build that a token is for? Asked before a prepared one is
 * signed, as of a provenance (`token-match.ts`).
 */
import type { Source, VerifiedToken } from '../model/facts.ts'
import { present } from '../model/statement.ts'
import { certifiedRepository, receiptsIn, requestUri } from './build-change-provenance.ts'
import { contextOf } from './change-context.ts'
import { changeProvenancePredicate } from './change-provenance.ts'
import type { ChangeProvenancePredicate } from './change-provenance.ts'
import { memberDifferences } from './member-differences.ts'
import { readSession, sessionDescriptor } from './session.ts'
import { knownSession } from './token-match.ts'

/**
 * Where the predicate differs from what is written for this token and checkout, as paths; members that are never written are
 * differences too. Taken from it as they stand: what commits, records and people say, which nobody can look up again without the
 * key under which people are hashed. `['predicate']` where it is no change provenance, or there is no checkout that could have any.
 */
export function foreignChangeFields(predicate: unknown, token: VerifiedToken, source: Source | undefined): string[] {
  const parsed = changeProvenancePredicate.safeParse(predicate)
  if (!parsed.success || source === undefined) return ['predicate']
  return memberDifferences(predicate, writtenAs(parsed.data, token, source))
}

/** The same with the members that this version writes, and what token and checkout say in place of what it says. */
function writtenAs(
  { range, total, told, identityKey, changes, sessions, branch, readers }: ChangeProvenancePredicate,
  token: VerifiedToken,
  source: Source,
): unknown {
  const repository = certifiedRepository(token)
  const isWhole = told === 'all'
  return {
    range: { since: range.since, until: source.commit, reason: range.reason },
    total: isWhole ? changes.length : total,
    told: isWhole ? told : 'ai',
    identityKey:
      identityKey?.kind === 'organisation' ? { kind: identityKey.kind, id: identityKey.id } : { kind: 'statement' },
    changes: changes.map((it) => writtenChange(it, repository)),
    sessions: (sessions ?? []).map(writtenSession),
    ...receiptsIn((sessions ?? []).flatMap((it) => readSession(present(it)) ?? [])),
    branch,
    readers: readers.map((it) => {
      const { reader, outcome, claims, detail } = it as typeof it & {
        readonly claims?: unknown
        readonly detail?: unknown
      }
      return { reader, outcome, claims, detail }
    }),
  }
}

type ToldChange = ChangeProvenancePredicate['changes'][number]

function writtenChange(change: ToldChange, repository: ReturnType<typeof certifiedRepository>): unknown {
  const { commit, tree, parents, author, committer, pullRequest, sessions, lines, files, source } = change
  const request = /\/(\d{1,12})$/.exec(pullRequest ?? '')?.[1] ?? ''
  return {
    ...{ commit, tree, parents, author, committer },
    // Whose request it is, is what the certificate says.
    pullRequest:
      pullRequest === undefined
        ? undefined
        : requestUri(`${repository?.forge === 'gitlab' ? '!' : '#'}${request}`, repository),
    ...contextOf(change),
    sessions: sessions?.map(({ uri, role, requester, linkage, lines: count, corroborated }) => ({
      ...{ uri, role, requester, linkage, corroborated },
      lines: count,
    })),
    lines: lines === undefined || lines === null ? undefined : writtenLines(lines),
    files: files?.map((file) => ({
      path: file.path,
      ...writtenLines(file),
      sessions: file.sessions?.map(({ uri, lines: count }) => ({ uri, lines: count })),
    })),
    source: source?.map(writtenSource),
  }
}

function writtenLines({ ai, human, unknown, generated }: NonNullable<ToldChange['lines']>): object {
  return { ai, human, unknown, generated }
}

function writtenSource(said: NonNullable<ToldChange['source']>[number]): unknown {
  const { predicateType, payload, signer, time, repository, refs, activity, actor, prevCommit } = said
  const { controls, result, levels } = said
  const { uri, person, issuer, root } = signer
  return {
    ...{ predicateType, payload: { sha256: payload.sha256 }, signer: { uri, person, issuer, root } },
    ...{ time, repository, refs, activity, actor, prevCommit, result, levels },
    controls: controls?.map(({ name, since }) => ({ name, since })),
  }
}

function writtenSession(descriptor: NonNullable<ChangeProvenancePredicate['sessions']>[number]): unknown {
  const session = knownSession(readSession(present(descriptor)))
  return session === undefined ? null : sessionDescriptor(session)
}
