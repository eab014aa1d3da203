/** Changes of a range → the predicate of change provenance. */
import type { Change, ChangedFile, ChangedLines, ChangePart } from '../model/change.ts'
import type { CollectedSessions } from '../model/facts.ts'
import { identityKeyId, personHash } from '../model/person.ts'
import type { IdentityKey } from '../model/person.ts'
import { rangeWords } from '../model/range-words.ts'
import type { ChangeProvenancePredicate } from './change-provenance.ts'
import { sessionDescriptor, sessionUri } from './session.ts'

export interface ChangeFacts {
  readonly sessions: CollectedSessions
  /** Newest first; all of the range, or those that name AI. */
  readonly changes: readonly Change[]
  readonly key: IdentityKey
  /** URL of the repository, for the address of a request; undefined where nobody certified it. */
  readonly repository: { readonly url: string; readonly forge: 'github' | 'gitlab' } | undefined
}

/** How much is told of each change, where all of it would be too large to be signed. */
export type Detail = 'files' | 'changes' | 'ai-changes'

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
    changes: changes.map((it) => changeIn(it, facts, detail === 'files')),
    sessions: sessions.sessions.map(sessionDescriptor),
    readers: sessions.readers.map((it) => ({ ...it })),
  }
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

function changeIn(change: Change, { key, repository }: ChangeFacts, withFiles: boolean): ToldChange {
  const { commit, tree, parents, author, committer, request, parts, lines, files } = change
  const uri = request === undefined ? undefined : requestUri(request, repository)
  return {
    ...{ commit, tree, parents: [...parents] },
    ...{ author: personHash(author.address, key), committer: personHash(committer.address, key) },
    ...(uri === undefined ? {} : { pullRequest: uri }),
    ...(parts.length === 0 ? {} : { sessions: parts.map(partIn) }),
    ...(lines === undefined ? {} : { lines: linesIn(lines) }),
    ...(withFiles && files.length > 0 ? { files: files.map(fileIn) } : {}),
  }
}

function requestUri(request: string, repository: ChangeFacts['repository']): string | undefined {
  if (repository === undefined) return undefined
  const number = request.slice(1)
  if (repository.forge === 'github') return request.startsWith('#') ? `${repository.url}/pull/${number}` : undefined
  return request.startsWith('!') ? `${repository.url}/-/merge_requests/${number}` : undefined
}

function partIn({ tool, id, role, linkage, lines }: ChangePart): NonNullable<ToldChange['sessions']>[number] {
  return {
    uri: sessionUri(tool, id),
    ...(role === undefined ? {} : { role }),
    linkage,
    ...(lines === undefined ? {} : { lines }),
  }
}

function linesIn({ ai, human, unknown, generated }: ChangedLines): NonNullable<ToldChange['lines']> {
  return { ai, human, unknown, generated }
}

function fileIn(file: ChangedFile): NonNullable<ToldChange['files']>[number] {
  const sessions = file.sessions.map(({ tool, id, lines }) => ({ uri: sessionUri(tool, id), lines }))
  return { path: file.path, ...linesIn(file), ...(sessions.length === 0 ? {} : { sessions }) }
}
