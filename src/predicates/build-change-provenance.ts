/** Changes of a range → the predicate of change provenance. */
import type { Change, ChangedFile, ChangedLines, ChangePart } from '../model/change.ts'
import type { ReleaseContext } from '../model/context.ts'
import type { CollectedSessions, VerifiedToken } from '../model/facts.ts'
import { certifiedBuild } from '../model/identity.ts'
import { identityKeyId, personHash } from '../model/person.ts'
import type { IdentityKey } from '../model/person.ts'
import { rangeWords } from '../model/range-words.ts'
import { canonicalRepository } from '../model/repository-url.ts'
import type { Session } from '../model/session.ts'
import type { SourceControl, SourceStatement } from '../model/source-statement.ts'
import { branchMember, contextMembers } from './change-context.ts'
import type { ChangeProvenancePredicate } from './change-provenance.ts'
import { sessionDescriptor, sessionUri } from './session.ts'

export interface ChangeFacts {
  readonly sessions: CollectedSessions
  /** Newest first; all of the range, or those that name AI. */
  readonly changes: readonly Change[]
  readonly key: IdentityKey
  /** Rules of the branch that it comes from, and what came of the readers of context; each change has its own. */
  readonly context?: Pick<ReleaseContext, 'branch' | 'readers'> | undefined
  /** URL of the repository, for the address of a request; undefined where nobody certified it. */
  readonly repository: { readonly url: string; readonly forge: 'github' | 'gitlab' } | undefined
}

/** The repository whose requests the changes may name, as the certificate will have it. */
export function certifiedRepository({ identity }: VerifiedToken): ChangeFacts['repository'] {
  const { provider, extensions } = identity
  const { source } = certifiedBuild(extensions)
  const isForge = provider === 'github' || provider === 'gitlab'
  return source !== undefined && isForge ? { url: source, forge: provider } : undefined
}

/** How much is told of each change, where all of it would be too large to be signed: most first. */
export const details = ['files', 'source', 'context', 'changes', 'ai-changes'] as const
export type Detail = (typeof details)[number]

/** Whether a statement in that detail tells it. */
export function isTold(what: Detail, detail: Detail): boolean {
  return details.indexOf(detail) <= details.indexOf(what)
}

export function buildChangeProvenance(facts: ChangeFacts, detail: Detail): ChangeProvenancePredicate {
  const { sessions, key } = facts
  const { since, until } = sessions.range
  const isWhole = facts.changes.length === sessions.commits.total && detail !== 'ai-changes'
  const changes = isWhole ? facts.changes : facts.changes.filter(({ parts }) => parts.length > 0)
  return {
    range: { since, until, reason: wordsOf(sessions) },
    total: sessions.commits.total,
    told: isWhole ? 'all' : 'ai',
    identityKey: key.kind === 'organisation' ? { kind: key.kind, id: identityKeyId(key) } : { kind: key.kind },
    changes: changes.map((it) => changeIn(it, facts, detail)),
    sessions: sessions.sessions.map(sessionDescriptor),
    ...receiptsIn(sessions.sessions),
    ...(facts.context?.branch === undefined ? {} : { branch: branchMember(facts.context.branch) }),
    readers: [...sessions.readers, ...(facts.context?.readers ?? [])].map((it) => ({ ...it })),
  }
}

/** Those that agree, each with the session that it is of. */
export function receiptsIn(sessions: readonly Session[]): Pick<ChangeProvenancePredicate, 'receipts'> {
  const receipts = sessions.flatMap(({ tool, id, receipt }) => {
    const { sha256, issuer, jwksThumbprint } = receipt ?? {}
    if (sha256 === undefined || issuer === undefined || jwksThumbprint === undefined) return []
    return [{ sha256, issuer, jwksThumbprint, session: sessionUri(tool, id) }]
  })
  return receipts.length === 0 ? {} : { receipts }
}

function wordsOf({ range }: CollectedSessions): string {
  const { sinceName, base, paths, ...rest } = range
  return rangeWords({
    ...rest,
    ...(sinceName === undefined ? {} : { sinceName }),
    ...(base === undefined ? {} : { base }),
    paths: [...paths],
  })
}

type ToldChange = ChangeProvenancePredicate['changes'][number]

function changeIn(change: Change, { key, repository }: ChangeFacts, detail: Detail): ToldChange {
  const { commit, tree, parents, author, committer, request, parts, lines, files, source, context, override } = change
  const [withFiles, withSource, withContext] = (['files', 'source', 'context'] as const).map((it) => isTold(it, detail))
  const uri = request === undefined ? undefined : requestUri(request, repository)
  return {
    ...{ commit, tree, parents: [...parents] },
    ...{ author: personHash(author.address, key), committer: personHash(committer.address, key) },
    ...(uri === undefined ? {} : { pullRequest: uri }),
    ...(withContext === true ? contextMembers(context, key) : {}),
    ...(parts.length === 0 ? {} : { sessions: parts.map(partIn) }),
    ...(lines === undefined ? {} : { lines: linesIn(lines) }),
    ...(withFiles === true && files.length > 0 ? { files: files.map(fileIn) } : {}),
    ...(override === undefined ? {} : { override: overrideMember(override, key) }),
    ...(withSource === true && source.length > 0 ? { source: source.map((it) => sourceIn(it, key)) } : {}),
  }
}

/** Address of a request (`#12`, `!12`) at the forge; undefined for one of another kind of forge, or of none that is certified. */
export function requestUri(request: string, repository: ChangeFacts['repository']): string | undefined {
  if (repository === undefined) return undefined
  const number = request.slice(1)
  if (repository.forge === 'github') return request.startsWith('#') ? `${repository.url}/pull/${number}` : undefined
  return request.startsWith('!') ? `${repository.url}/-/merge_requests/${number}` : undefined
}

function partIn({
  tool,
  id,
  role,
  requester,
  linkage,
  lines,
  corroborated,
}: ChangePart): NonNullable<ToldChange['sessions']>[number] {
  return {
    uri: sessionUri(tool, id),
    ...(role === undefined ? {} : { role }),
    ...(requester === undefined ? {} : { requester }),
    linkage,
    ...(lines === undefined ? {} : { lines }),
    ...(corroborated === undefined ? {} : { corroborated }),
  }
}

function linesIn({ ai, human, unknown, generated }: ChangedLines): NonNullable<ToldChange['lines']> {
  return { ai, human, unknown, generated }
}

function fileIn(file: ChangedFile): NonNullable<ToldChange['files']>[number] {
  const sessions = file.sessions.map(({ tool, id, lines }) => ({ uri: sessionUri(tool, id), lines }))
  return { path: file.path, ...linesIn(file), ...(sessions.length === 0 ? {} : { sessions }) }
}

function overrideMember(
  { sha256, letters, isTicketOnly, signedBy }: NonNullable<Change['override']>,
  key: IdentityKey,
): NonNullable<ToldChange['override']> {
  const { kind, name = '', issuer } = signedBy ?? {}
  return {
    ...{ said: 'commit', read: { sha256 }, letters, ticketOnly: isTicketOnly },
    ...(kind === undefined
      ? {}
      : {
          signedBy: {
            ...(kind === 'uri' ? { uri: name } : { person: personHash(name, key) }),
            ...(issuer === undefined ? {} : { issuer }),
          },
        }),
  }
}

function sourceIn(statement: SourceStatement, key: IdentityKey): NonNullable<ToldChange['source']>[number] {
  const { predicateType, digest, signer, time, refs, activity, actor, previous, controls, result, levels } = statement
  const { name, issuer, root } = signer
  // A user part in an address, which may be a secret, is in no canonical form.
  const repository = canonicalRepository(statement.repository ?? '')
  return {
    ...{ predicateType, payload: { sha256: digest } },
    signer: { ...(name.kind === 'uri' ? { uri: name.value } : { person: personHash(name.value, key) }), issuer, root },
    time,
    ...(repository === undefined ? {} : { repository }),
    ...(refs.length === 0 ? {} : { refs: [...refs] }),
    ...(activity === undefined ? {} : { activity }),
    ...(actor === undefined ? {} : { actor: personHash(actor, key) }),
    ...(previous === undefined ? {} : { prevCommit: previous }),
    ...(controls.length === 0 ? {} : { controls: controls.map(controlIn) }),
    ...(result === undefined ? {} : { result }),
    ...(levels.length === 0 ? {} : { levels: [...levels] }),
  }
}

function controlIn({ name, since }: SourceControl): { name: string; since?: string } {
  return { name, ...(since === undefined ? {} : { since }) }
}
