/**
 * What a record says of the lines of a change, in whatever format, held against the lines that the change added. Nobody signs these
 * records and anybody who may push can write them, so a line counts only where git says that it was added.
 */
import { limits } from '../../model/limits.ts'
import type { SessionRecord } from '../../model/record.ts'
import type { Visited } from '../change/visited.ts'
import type { LineShare } from './line-ranges.ts'
import type { AttributedFile, Look } from './readers/row.ts'
import { linesByOwner } from './standing-lines.ts'
import type { AddedFiles, SharedFiles, StandingLines } from './standing-lines.ts'

/** Who is said to have written lines, each member checked. */
export type ClaimedAgent = Pick<SessionRecord, 'tool' | 'session' | 'toolVersion' | 'models' | 'startedAt'>

/** The owner of lines that a person typed; of all others it is the place in the list of agents. */
export const human = -1

export interface LineClaims {
  readonly agents: readonly ClaimedAgent[]
  /** By path, its bytes as Latin-1; of two that hold one line the first stands. */
  readonly files: SharedFiles
  /** Ids that can be none. */
  readonly invalidIds: number
  readonly isNewer: boolean
}

export const lineFindings = {
  'note-line-outside-diff': 'attributed lines that the commit did not add',
  'note-repeats-merged': 'the note of a merge, with lines that the merged commits added',
  'note-limit': 'sessions of a note beyond the most that it may name',
  'session-id-invalid': 'an id that cannot be one',
  'format-newer': 'a record in a later format, read as far as it fits',
} as const
export type LineCode = keyof typeof lineFindings

/** Where the record is, and for which change of the range it counts. */
export interface ClaimedAt extends Pick<Visited, 'commit' | 'change' | 'linkage' | 'parents'> {
  readonly place: SessionRecord['place']
}

/** Gathers the claims of one record, or of several about one change. */
export interface ClaimsDraft {
  /** The place of an agent; the same for the same tool and session. */
  agent(said: ClaimedAgent): number
  /** `path` as text. False where there are more ranges than are read. */
  lines(path: string, owner: number, first: number, last: number): boolean
  /** The same for ranges that were bounded before; `path` is in bytes. */
  ranges(path: string, owner: number, ranges: readonly number[]): void
  invalidId(): void
  newer(): void
  claims(): LineClaims
}

export function draftClaims(): ClaimsDraft {
  const agents: ClaimedAgent[] = []
  const places = new Map<string, number>()
  const files = new Map<string, Map<number, number[]>>()
  let ranges = 0
  let invalidIds = 0
  let isNewer = false

  function add(path: string, owner: number, more: readonly number[]): void {
    const owners = files.get(path) ?? new Map<number, number[]>()
    files.set(path, owners)
    const ofOwner = owners.get(owner) ?? []
    owners.set(owner, ofOwner)
    for (const line of more) ofOwner.push(line)
  }

  return {
    agent(said) {
      const key = `${said.tool}\n${said.session ?? ''}`
      const known = places.get(key)
      const before = known === undefined ? undefined : agents[known]
      if (known === undefined || before === undefined) {
        places.set(key, agents.length)
        return agents.push(said) - 1
      }
      const models = [...new Set([...before.models, ...said.models])].slice(0, limits.modelsPerSession)
      agents[known] = { ...before, models, startedAt: before.startedAt ?? said.startedAt }
      return known
    },
    lines(path, owner, first, last) {
      ranges += 1
      if (ranges > limits.noteRanges) return false
      add(Buffer.from(path).toString('latin1'), owner, [first, last])
      return true
    },
    ranges: add,
    invalidId: () => void (invalidIds += 1),
    newer: () => void (isNewer = true),
    claims: () => ({ agents, files: new Map([...files].map(sharesOf)), invalidIds, isNewer }),
  }
}

/** Several records as one: of two that hold one line the earlier in the list stands. */
export function joinClaims(all: readonly LineClaims[]): LineClaims {
  const draft = draftClaims()
  for (const { agents, files, invalidIds, isNewer } of all) {
    const owners = agents.map((it) => draft.agent(it))
    for (const [path, shares] of files) {
      for (const { owner, ranges } of shares) draft.ranges(path, owners[owner] ?? human, ranges)
    }
    for (let id = 0; id < invalidIds; id += 1) draft.invalidId()
    if (isNewer) draft.newer()
  }
  return draft.claims()
}

/** Whether the lines are among those that were added; `added` is in the order of git. */
export function coverageOf({ files }: LineClaims, added: AddedFiles): 'all' | 'some' | 'none' {
  let [touched, missed] = [0, 0]
  for (const [path, shares] of files) {
    const allowed = added.get(path) ?? []
    for (const { ranges } of shares) {
      for (let at = 0; at < ranges.length; at += 2) {
        const [first, last] = [ranges[at] ?? 0, ranges[at + 1] ?? 0]
        const place = firstEndingFrom(allowed, first)
        if ((allowed[place] ?? Infinity) <= last) touched += 1
        if ((allowed[place] ?? Infinity) > first || (allowed[place + 1] ?? 0) < last) missed += 1
      }
    }
  }
  return touched === 0 ? 'none' : missed === 0 ? 'all' : 'some'
}

/** The place of the first range that ends at this line or behind it. */
function firstEndingFrom(ranges: readonly number[], line: number): number {
  let [low, high] = [0, ranges.length / 2]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[2 * middle + 1] ?? 0) < line) low = middle + 1
    else high = middle
  }
  return 2 * low
}

/** No line is a person's that is also said to be AI's. */
function sharesOf([path, owners]: readonly [string, ReadonlyMap<number, readonly number[]>]): [string, LineShare[]] {
  const shares = [...owners].map(([owner, ranges]) => ({ owner, ranges }))
  return [path, shares.toSorted((a, b) => Number(a.owner === human) - Number(b.owner === human))]
}

/** `standing` is undefined where nobody can tell which of the lines stand in the change. */
export function judgeClaims(
  look: Look<LineCode>,
  at: ClaimedAt,
  claims: LineClaims,
  standing: StandingLines | undefined,
): void {
  tellClaims(look, at, claims)
  countClaims(look, at, claims.agents, standing)
}

/** What is wrong with the claims as such, wherever the lines are. */
export function tellClaims(look: Look<LineCode>, { commit }: Pick<ClaimedAt, 'commit'>, claims: LineClaims): void {
  if (claims.invalidIds > 0) {
    look.finding('session-id-invalid', commit, `${claims.invalidIds} in the record can be no session id`)
  }
  if (claims.isNewer) look.finding('format-newer', commit, 'the record')
  const beyond = claims.agents.length - limits.sessionsPerCommit
  if (beyond > 0) {
    look.finding('note-limit', commit, `${beyond} sessions beyond the first ${limits.sessionsPerCommit} do not count`)
  }
}

/** Each agent, with the lines of it that stand in the change. */
export function countClaims(
  look: Look<LineCode>,
  at: ClaimedAt,
  agents: readonly ClaimedAgent[],
  standing: StandingLines | undefined,
): void {
  const { commit, change, linkage } = at
  const outside = standing?.outside
  if (outside !== undefined && outside.lines > 0) {
    // The note of a merge repeats what the merged commits added.
    const code = at.parents.length > 1 ? 'note-repeats-merged' : 'note-line-outside-diff'
    look.finding(code, commit, `${outside.lines} lines in ${outside.files} files were not added by the commit`)
  }
  const linesOf = standing === undefined ? new Map<number, number>() : linesByOwner(standing)
  const saidIn = commit === change ? {} : { saidIn: commit }
  for (const [index, agent] of agents.slice(0, limits.sessionsPerCommit).entries()) {
    const lines = linesOf.get(index) ?? 0
    // A line that was not found again may be in another file by now: that is not none.
    const isKnown = standing !== undefined && (lines > 0 || !standing.isCarried)
    const edits = isKnown ? { linesAdded: lines } : undefined
    look.record({ ...agent, place: at.place, change: { commit: change, linkage, ...saidIn, edits } })
  }
  if (standing === undefined) return
  look.lines(
    change,
    [...standing.files].map(([path, counts]) => fileOf(path, counts, agents)),
  )
}

function fileOf(path: string, counts: ReadonlyMap<number, number>, agents: readonly ClaimedAgent[]): AttributedFile {
  const sessions = [...counts].flatMap(([owner, lines]) => {
    const agent = agents[owner]
    return agent === undefined ? [] : [{ tool: agent.tool, id: agent.session, lines }]
  })
  return { path, human: counts.get(human) ?? 0, sessions }
}
