/**
 * Reader `agent-trace-file`: records of Agent Trace that lie in the repository, `.agent-trace/traces.jsonl`, read from the commit that is
 * released and never from the work tree. A record names a commit, and it depends on who wrote it whether that is the change or the
 * one before: the lines decide, and where they do not, the record counts for no change.
 */
import { CountersignError } from '../../../errors.ts'
import { limits } from '../../../model/limits.ts'
import { byText } from '../../../model/text-order.ts'
import type { Visited } from '../../change/visited.ts'
import { readBlobs } from '../../git/objects.ts'
import { walkTrees } from '../../git/trees.ts'
import { readTraces } from '../agent-trace/trace-format.ts'
import type { TraceRecord } from '../agent-trace/trace-format.ts'
import { coverageOf, joinClaims, judgeClaims, lineFindings } from '../line-claims.ts'
import type { ClaimedAt } from '../line-claims.ts'
import { knownTools } from '../tools.ts'
import { standingIn } from '../standing-lines.ts'
import type { AddedFiles } from '../standing-lines.ts'
import type { LineReading, Look as AnyLook, SessionReader } from './row.ts'

const folder = '.agent-trace'
const path = `${folder}/traces.jsonl`

const findings = {
  'trace-malformed': 'a record of Agent Trace that is malformed',
  'trace-too-large': 'records of Agent Trace beyond the most that are read',
  'trace-commit-unknown': 'records of Agent Trace that name no commit, or leave open which one they are of',
  ...lineFindings,
} as const
type Look = AnyLook<keyof typeof findings>

export const agentTraceFile: SessionReader<keyof typeof findings> = {
  id: 'agent-trace-file',
  title: `records of Agent Trace in ${path}`,
  findings,
  async open(look) {
    const records = await recordsIn(look)
    if (records === 'too-large') {
      return { outcome: 'could-not-look', detail: `${path} has more than ${limits.traceBytes} bytes` }
    }
    if (records.length === 0) return { outcome: 'nothing', detail: `the release has no records in ${path}` }
    const placesOf = new Map(
      records.map(({ revision }): [string | undefined, Places] => [revision, { named: [], next: [] }]),
    )
    return {
      commit(visited) {
        add(placesOf.get(visited.commit)?.named, visited)
        for (const parent of visited.parents) add(placesOf.get(parent)?.next, visited)
      },
      finish: () => Promise.resolve(lineReading(look, records, placesOf)),
    }
  },
}

/** The changes that a record may be of: the commit that it names, and those behind that. */
interface Places {
  readonly named: ClaimedAt[]
  readonly next: ClaimedAt[]
}

/** Of a commit from which so many branches begin nobody can tell in which of them a record was made. */
const mostPlaces = 8

function add(places: ClaimedAt[] | undefined, { commit, change, linkage, parents }: Visited): void {
  if (places === undefined || places.length > mostPlaces) return
  places.push({ commit, change, linkage, parents, place: { kind: 'file' } })
}

async function recordsIn(look: Look): Promise<readonly TraceRecord[] | 'too-large'> {
  let blob: string | undefined
  await walkTrees(look.repository, look.range.until, (entry) => {
    if (entry.type === 'blob' && entry.path === path) blob = entry.id
    return entry.path === folder
  })
  if (blob === undefined) return []
  for await (const { contents } of readBlobs(look.repository, [blob], limits.traceBytes)) {
    if (contents === 'missing') throw new CountersignError('git-failed', `${path} is not here`)
    if (contents === 'too-large') return contents
    const { records, malformed, beyond } = readTraces(contents, look.tools ?? knownTools)
    if (malformed > 0) look.finding('trace-malformed', undefined, `${malformed} lines of ${path}`)
    if (beyond > 0) look.finding('trace-too-large', undefined, `${beyond} records of ${path} were not read`)
    const without = records.filter(({ revision }) => revision === undefined).length
    if (without > 0) look.finding('trace-commit-unknown', undefined, `${without} records name no commit of git`)
    return records.filter(({ revision }) => revision !== undefined)
  }
  return []
}

interface Trace extends Places {
  readonly record: TraceRecord
}

function lineReading(
  look: Look,
  records: readonly TraceRecord[],
  placesOf: ReadonlyMap<string | undefined, Places>,
): LineReading | undefined {
  const traces = records.flatMap((record): Trace[] => {
    const { named = [], next = [] } = placesOf.get(record.revision) ?? {}
    return named.length + next.length === 0 ? [] : [{ record, named, next }]
  })
  if (traces.length === 0) return undefined
  const hasPlace = ({ linkage, commit }: ClaimedAt): boolean => linkage === 'direct' && !look.boundary.has(commit)
  const paths = new Set(traces.flatMap(({ record }) => [...record.claims.files.keys()]))
  const all = [...placesOf.values()].flatMap(({ named, next }) => [...named, ...next]).filter(hasPlace)
  const addedBy = new Map<string, AddedFiles>()
  return {
    changes: new Map(all.map(({ change, parents }) => [change, parents.length])),
    begin: () => undefined,
    added(change, files) {
      if (files !== undefined) addedBy.set(change, new Map([...files].filter(([it]) => paths.has(it))))
      return Promise.resolve()
    },
    end() {
      settle(look, traces, (at) => (hasPlace(at) ? addedBy.get(at.change) : undefined))
      return Promise.resolve()
    },
  }
}

function settle(look: Look, traces: readonly Trace[], addedAt: (at: ClaimedAt) => AddedFiles | undefined): void {
  const settled = traces.map((trace) => ({ claims: trace.record.claims, at: placeOf(trace, addedAt) }))
  const open = settled.filter(({ at }) => at === 'open').length
  if (open > 0) look.finding('trace-commit-unknown', undefined, `${open} records can be of several commits`)
  const found = settled.flatMap(({ claims, at }) => (at === 'open' || at === undefined ? [] : [{ claims, at }]))
  const byChange = [...Map.groupBy(found, ({ at }) => `${at.change} ${at.commit}`)].sort(([a], [b]) => byText(a, b))
  for (const [, ofChange] of byChange) {
    const at = ofChange[0]?.at
    // What was written later stands.
    const claims = joinClaims(ofChange.toReversed().map((it) => it.claims))
    const added = at === undefined ? undefined : addedAt(at)
    if (at !== undefined)
      judgeClaims(look, at, claims, added === undefined ? undefined : standingIn(claims.files, added))
  }
}

/** `open`: it could be of several; undefined: of none in the range. */
function placeOf(
  { record, named, next }: Trace,
  addedAt: (at: ClaimedAt) => AddedFiles | undefined,
): ClaimedAt | 'open' | undefined {
  const [first, second] = record.isOfReference ? [next, named] : [named, next]
  if (Math.max(first.length, second.length) > mostPlaces) return 'open'
  const coverage = (at: ClaimedAt): string => coverageOf(record.claims, addedAt(at) ?? new Map())
  const some = first.filter((it) => coverage(it) !== 'none')
  // Written as nobody expects it: then all of the lines have to be right.
  const all = some.length > 0 ? some : second.filter((it) => coverage(it) === 'all')
  const places = all.length > 0 ? all : first
  return places.length > 1 ? 'open' : places[0]
}
