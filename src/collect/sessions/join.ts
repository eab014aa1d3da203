/** Many records → one session per tool and id. The result does not depend on the order of the records. */
import { CountersignError } from '../../errors.ts'
import type { ChangePart } from '../../model/change.ts'
import { limits } from '../../model/limits.ts'
import type { PersonHash } from '../../model/person.ts'
import { linkages } from '../../model/record.ts'
import { byText } from '../../model/text-order.ts'
import { withoutLoops } from './parent-loops.ts'
import type { CommitRecord, CommitRecords, RecordContent, RecordTable } from './record-table.ts'
import {
  addCommit,
  addContent,
  addLines,
  addSigner,
  agreed,
  contradictionsIn,
  newDraft,
  sessionOf,
  settled,
} from './session-draft.ts'
import type { Agreed, JoinedSession, SessionDraft, SignerOf } from './session-draft.ts'
import { unknownTool } from './tools.ts'

/** What can be wrong with records that are each fine alone. */
export const joinFindings = {
  'record-unclaimed': 'a record of a session that no commit of the range claims',
  'records-disagree': 'records of one session that contradict each other',
  'parent-loop': 'sessions of which each started the other, as their records say: none of these parents counts',
} as const

export type SayJoined = (code: keyof typeof joinFindings, detail: string) => void

/** The sessions of a range, and how many commits they have between them. */
export interface Joined {
  readonly sessions: JoinedSession[]
  readonly commits: number
  /** Change → the sessions that took part in it, in the order of their tools and ids; of as many changes as are told one by one. */
  readonly parts: ReadonlyMap<string, readonly ChangePart[]>
}

export interface JoinOptions {
  /** Told of the records of each commit on the way: to go through them once more would sort them again. */
  readonly seen?: (records: CommitRecords) => void
  /** Of how many changes the parts are wanted; default: of as many as are told one by one. */
  readonly mostParts?: number
}

/**
 * Sessions sorted by tool and id, each with its commits and models in the order of their characters. Records are of one session
 * as follows; what stands where they differ, `session-draft.ts` says.
 *
 * - Those that name the same tool and id. An id without a tool is that of the one tool that has it, if exactly one has.
 * - One without a session enriches the one session of the same tool that the same commit names, if it names exactly one;
 *   else it goes to the one session without id of its tool.
 * - One without a commit enriches the session that another record ties to a commit. Without such a session it is no part of
 *   the range: `record-unclaimed`.
 * - Where two of one session cannot both be true, neither counts: `records-disagree`. Two digests thus leave it at `claimed`.
 * - What started a session is named by its id alone, whether that one is in the range or not; sessions that started each other have
 *   no parent: `parent-loop`.
 *
 * Errors: `session-limit`.
 */
export function joinRecords(
  table: RecordTable,
  finding: SayJoined,
  signerOf: SignerOf = nobody,
  { seen, mostParts = limits.changes }: JoinOptions = {},
): Joined {
  const drafts = newDrafts(table.contents(), signerOf)
  const parts = new Map<string, readonly ChangePart[]>()
  let commits = 0
  for (const records of table.byCommit()) {
    const pairs = joinCommit(drafts, records, signerOf)
    commits += 1
    const isTold = parts.size < mostParts
    if (isTold || pairs.some(hasRequester)) {
      const joined = partsOf(pairs, records.commit, finding)
      if (isTold) parts.set(records.commit, joined)
    }
    seen?.(records)
  }
  for (const name of joinWithoutCommit(drafts, table.contentsWithoutChange(), signerOf)) {
    finding('record-unclaimed', `${name} is claimed by no commit of the range`)
  }
  const sorted = drafts.all().sort(byToolAndId)
  for (const draft of sorted) {
    for (const name of contradictionsIn(draft)) {
      finding('records-disagree', `the records of ${nameOf(draft.tool, draft.id)} differ in their ${name}`)
    }
  }
  const { sessions, loops } = withoutLoops(sorted.map(sessionOf))
  for (const loop of loops) {
    const [first] = loop
    const rest = loop.length === 1 ? '' : ` and ${loop.length - 1} more`
    finding('parent-loop', `${nameOf(first?.tool ?? '', first?.id)}${rest} started each other`)
  }
  return { sessions, commits, parts }
}

const nobody: SignerOf = { commit: () => undefined, record: () => undefined }

function joinCommit(drafts: Drafts, { commit, records }: CommitRecords, signerOf: SignerOf): readonly Pair[] {
  const pairs = pairsOf(drafts, records)
  for (const { draft, record } of pairs) {
    addCommit(draft, commit, record.linkage)
    addSigner(draft, record.content, record.saidIn ?? commit, signerOf)
  }
  for (const [draft, count] of linesOf(pairs)) addLines(draft, count)
  return pairs
}

/** Each session that takes part in a commit, once. */
function partsOf(pairs: readonly Pair[], commit: string, finding: SayJoined): ChangePart[] {
  const [only] = pairs
  if (pairs.length === 1 && only !== undefined) {
    return [partOf(only.draft, pairs, requestersIn(pairs), only.record.linesAdded)]
  }
  const lines = new Map(linesOf(pairs))
  return [...Map.groupBy(pairs, ({ draft }) => draft)]
    .map(([draft, all]) => {
      const asked = requestersIn(all)
      // Of a session that is told once for all its commits.
      if (asked.size > 1 && draft.id === undefined) {
        finding('records-disagree', `the records of ${draft.tool} in ${commit} differ in their requester`)
      }
      return partOf(draft, all, asked, lines.get(draft))
    })
    .sort((a, b) => byText(a.tool, b.tool) || byText(a.id ?? '', b.id ?? ''))
}

/** The strongest linkage stands: one record that names the change itself is enough. Of two roles, or people who asked, neither does. */
function partOf(
  { tool, id }: SessionDraft,
  pairs: readonly Pair[],
  asked: ReadonlySet<PersonHash>,
  lines: number | undefined,
): ChangePart {
  const strongest = pairs.reduce((least, { record }) => Math.min(least, linkages.indexOf(record.linkage)), Infinity)
  const roles = new Set(pairs.flatMap(({ record: { content } }) => content.role ?? []))
  roles.delete('unknown')
  const [role] = roles
  const [requester] = asked.size === 1 ? asked : []
  return {
    ...{ tool, id, role: roles.size > 1 ? 'unknown' : role, linkage: linkages[strongest] ?? 'note-copied', lines },
    ...(requester === undefined ? {} : { requester }),
  }
}

function hasRequester({ record }: Pair): boolean {
  return record.content.requester !== undefined
}

function requestersIn(pairs: readonly Pair[]): ReadonlySet<PersonHash> {
  return new Set(pairs.flatMap(({ record }) => record.content.requester ?? []))
}

/** A record of one commit and the session that it is of. */
interface Pair {
  readonly draft: SessionDraft
  readonly record: CommitRecord
}

function pairsOf(drafts: Drafts, records: readonly CommitRecord[]): Pair[] {
  const pairs: Pair[] = []
  for (const record of records) {
    if (record.content.session !== undefined) pairs.push({ draft: drafts.naming(record.content), record })
  }
  if (pairs.length === records.length) return pairs
  const onlyOf = onlySessions(pairs)
  for (const record of records) {
    if (record.content.session !== undefined) continue
    const draft = settled(onlyOf.get(record.content.tool)) ?? drafts.ofTool(record.content.tool)
    drafts.enrich(draft, record.content)
    pairs.push({ draft, record })
  }
  return pairs
}

/** Tool → its one session among them. */
function onlySessions(pairs: readonly Pair[]): ReadonlyMap<string, Agreed<SessionDraft>> {
  const onlyOf = new Map<string, Agreed<SessionDraft>>()
  for (const { draft } of pairs) onlyOf.set(draft.tool, agreed(onlyOf.get(draft.tool), draft))
  return onlyOf
}

/** Lines of one commit by session. Readers may mean the same lines, so the most that one of them gives counts. */
function linesOf(pairs: readonly Pair[]): Iterable<readonly [SessionDraft, number]> {
  if (!pairs.some(({ record }) => record.linesAdded !== undefined)) return []
  const given = pairs.filter(({ record }) => record.linesAdded !== undefined)
  const byDraft = new Map<SessionDraft, Map<string, number>>()
  for (const { draft, record } of given) {
    const byReader = byDraft.get(draft) ?? new Map<string, number>()
    const { reader } = record.content
    byDraft.set(draft, byReader.set(reader, (byReader.get(reader) ?? 0) + (record.linesAdded ?? 0)))
  }
  return [...byDraft].map(([draft, byReader]) => [draft, Math.max(...byReader.values())] as const)
}

/** Adds what names no commit to the session that it is of; returns the names of those that no commit claims, sorted. */
function joinWithoutCommit(drafts: Drafts, contents: readonly RecordContent[], signerOf: SignerOf): string[] {
  const unclaimed = new Set<string>()
  for (const content of contents) {
    const draft = drafts.known(content)
    if (draft === undefined) unclaimed.add(nameOf(content.tool, content.session))
    else addContent(draft, content, signerOf)
  }
  return [...unclaimed].sort()
}

/** The sessions in the making, by tool and id. */
interface Drafts {
  all(): SessionDraft[]
  ofTool(tool: string): SessionDraft
  /** That of a content which names its session, with everything that it says. */
  naming(content: RecordContent): SessionDraft
  /** Adds a content that names no session to one. */
  enrich(draft: SessionDraft, content: RecordContent): void
  /** The same if it is there already; undefined for a content that names none. */
  known(content: RecordContent): SessionDraft | undefined
}

function newDrafts(contents: readonly RecordContent[], signerOf: SignerOf): Drafts {
  const toolOf = toolsById(contents)
  const drafts = new Map<string, SessionDraft>()
  const ofContent = new Map<RecordContent, SessionDraft>()
  // To say the same of a session once more changes nothing, and most commits of a history say the same.
  const enriched = new Map<RecordContent, Set<SessionDraft>>()

  function toolIn({ tool, session }: RecordContent): string {
    const only = tool === unknownTool && session !== undefined ? settled(toolOf.get(session)) : undefined
    return only ?? tool
  }

  function draftOf(tool: string, id: string | undefined): SessionDraft {
    const key = keyOf(tool, id)
    const known = drafts.get(key)
    if (known !== undefined) return known
    if (drafts.size === limits.sessions) {
      throw new CountersignError('session-limit', `the range has more than ${limits.sessions} sessions`)
    }
    const draft = newDraft(tool, id)
    drafts.set(key, draft)
    return draft
  }

  return {
    all: () => [...drafts.values()],
    ofTool: (tool) => draftOf(tool, undefined),
    naming(content) {
      const known = ofContent.get(content)
      if (known !== undefined) return known
      const draft = draftOf(toolIn(content), content.session)
      addContent(draft, content, signerOf)
      ofContent.set(content, draft)
      return draft
    },
    enrich(draft, content) {
      const those = enriched.get(content) ?? new Set()
      if (those.has(draft)) return
      enriched.set(content, those.add(draft))
      addContent(draft, content, signerOf)
    },
    known(content) {
      return content.session === undefined ? undefined : drafts.get(keyOf(toolIn(content), content.session))
    },
  }
}

/** Session id → the tools that have it. */
function toolsById(contents: readonly RecordContent[]): ReadonlyMap<string, Agreed<string>> {
  const toolOf = new Map<string, Agreed<string>>()
  for (const { tool, session } of contents) {
    if (session !== undefined && tool !== unknownTool) toolOf.set(session, agreed(toolOf.get(session), tool))
  }
  return toolOf
}

function keyOf(tool: string, id: string | undefined): string {
  return `${tool}\n${id ?? ''}`
}

function nameOf(tool: string, id: string | undefined): string {
  return id === undefined ? `a session of ${tool}` : `session ${id} of ${tool}`
}

function byToolAndId(a: SessionDraft, b: SessionDraft): number {
  return byText(a.tool, b.tool) || byText(a.id ?? '', b.id ?? '')
}
