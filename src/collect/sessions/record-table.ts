/**
 * Records as they come in. A history has one for every third commit and most of them say the same, so each content is held
 * once and a record costs its commit id and four numbers, in columns.
 */
import { linkages } from '../../model/record.ts'
import type { Linkage, PartInChange, SessionRecord } from '../../model/record.ts'
import { doubled, newCommitColumn } from '../git/commit-column.ts'
import type { Repository } from '../git/repository.ts'

/** What a record says, without the change that it is about. */
export type RecordContent = Omit<SessionRecord, 'change'>

/** All records about one commit. */
export interface CommitRecords {
  readonly commit: string
  readonly records: readonly CommitRecord[]
}

export interface CommitRecord {
  readonly content: RecordContent
  readonly linkage: Linkage
  /** The commit that says it; undefined where the change does itself. */
  readonly saidIn: string | undefined
  readonly linesAdded: number | undefined
}

export interface RecordTable {
  /** Records that were added, dropped ones included. */
  readonly size: number
  add(record: SessionRecord): void
  countOf(reader: string): number
  /** Takes back every record of a reader. */
  drop(reader: string): void
  /** Each different content once. */
  contents(): RecordContent[]
  /** Those of records that name no commit. */
  contentsWithoutChange(): RecordContent[]
  /** The commits in the order of their ids, each once. */
  byCommit(): Generator<CommitRecords>
  /** The commits that say records about changes, in no order and maybe more than once; of the records that `isMeant`. */
  sayers(isMeant: (content: RecordContent) => boolean): Generator<string>
}

const initialRows = 1_024

export function newRecordTable(objectFormat: Repository['objectFormat']): RecordTable {
  const contents: RecordContent[] = []
  const indexOfContent = new Map<string, number>()
  // What a message says is read once and told for each commit that says it, with the same list of models: most records are found by that.
  const lastOf = new WeakMap<readonly string[], number>()
  const withoutChange = new Set<number>()
  const dropped = new Set<string>()
  const counts = new Map<string, number>()
  let size = 0
  const commits = newCommitColumn(objectFormat)
  let contentAt = new Uint32Array(initialRows) // place in the list
  let linkageOf = new Uint8Array(initialRows)
  let linesOf = new Float64Array(initialRows) // NaN where a record gives none
  const sayers: string[] = [] // commits that went into changes
  const indexOfSayer = new Map<string, number>()
  let sayerAt = new Uint32Array(initialRows) // place in their list, from 1; 0 where the change says it itself

  function indexOf(record: SessionRecord): number {
    const last = lastOf.get(record.models) ?? -1
    const content = contents[last]
    if (content !== undefined && saysTheSame(content, record)) return last
    const index = indexByKey(record)
    lastOf.set(record.models, index)
    return index
  }

  function indexByKey(record: SessionRecord): number {
    const key = keyOf(record)
    const known = indexOfContent.get(key)
    if (known !== undefined) return known
    const index = contents.push(contentOf(record)) - 1
    indexOfContent.set(key, index)
    return index
  }

  function sayerIndex(commit: string): number {
    const known = indexOfSayer.get(commit)
    if (known !== undefined) return known
    const copy = copyOf(commit)
    const index = sayers.push(copy)
    indexOfSayer.set(copy, index)
    return index
  }

  function addRow(content: number, { commit, linkage, saidIn, edits }: PartInChange): void {
    const row = commits.length
    if (row === contentAt.length) {
      contentAt = doubled(contentAt)
      linkageOf = doubled(linkageOf)
      linesOf = doubled(linesOf)
      sayerAt = doubled(sayerAt)
    }
    commits.push(commit)
    contentAt[row] = content
    linkageOf[row] = linkages.indexOf(linkage)
    linesOf[row] = edits?.linesAdded ?? NaN
    sayerAt[row] = saidIn === undefined || saidIn === commit ? 0 : sayerIndex(saidIn)
  }

  function isKept(content: RecordContent | undefined): content is RecordContent {
    return content !== undefined && !dropped.has(content.reader)
  }

  function recordsIn(rows: readonly number[]): CommitRecord[] {
    const records: CommitRecord[] = []
    for (const row of rows) {
      const content = contents[contentAt[row] ?? 0]
      const linkage = linkages[linkageOf[row] ?? 0]
      const lines = linesOf[row] ?? NaN
      if (content === undefined || linkage === undefined) continue
      const saidIn = sayers[(sayerAt[row] ?? 0) - 1]
      records.push({ content, linkage, saidIn, linesAdded: Number.isNaN(lines) ? undefined : lines })
    }
    return records
  }

  return {
    get size() {
      return size
    },
    add(record) {
      const content = indexOf(record)
      if (record.change === undefined) withoutChange.add(content)
      else addRow(content, record.change)
      size += 1
      counts.set(record.reader, (counts.get(record.reader) ?? 0) + 1)
    },
    countOf: (reader) => counts.get(reader) ?? 0,
    drop(reader) {
      dropped.add(reader)
      counts.delete(reader)
    },
    contents: () => contents.filter(isKept),
    contentsWithoutChange: () => [...withoutChange].map((index) => contents[index]).filter(isKept),
    *sayers(isMeant) {
      const areMeant = contents.map((it) => isKept(it) && isMeant(it))
      for (let row = 0; row < commits.length; row += 1) {
        if (areMeant[contentAt[row] ?? 0] === true) yield sayers[(sayerAt[row] ?? 0) - 1] ?? commits.at(row)
      }
    },
    *byCommit() {
      for (const { commit, rows } of commits.groups((row) => isKept(contents[contentAt[row] ?? 0]))) {
        yield { commit, records: recordsIn(rows) }
      }
    },
  }
}

/** Equal for records that say the same; no member can hold a line end, or a parent a blank. */
function keyOf(record: SessionRecord): string {
  const { reader, place, tool, session, toolVersion, models, startedAt, endedAt, parent, role, requester } = record
  const where = whereIn(place)
  const startedBy = parent === null ? ' ' : (parent ?? '')
  const said = `${tool}\n${session ?? ''}\n${toolVersion ?? ''}\n${startedAt ?? ''}\n${endedAt ?? ''}`
  return `${reader}\n${place.kind}\n${where}\n${said}\n${startedBy}\n${role ?? ''}\n${requester ?? ''}\n${models.join('\n')}`
}

/** Of two with the same models, whether their keys are the same. */
function saysTheSame(one: RecordContent, other: RecordContent): boolean {
  const isSameSession = one.tool === other.tool && one.session === other.session && one.parent === other.parent
  const isSameTime = one.startedAt === other.startedAt && one.endedAt === other.endedAt
  const isSameWho = one.role === other.role && one.requester === other.requester && one.reader === other.reader
  const isSamePlace = one.place.kind === other.place.kind && whereIn(one.place) === whereIn(other.place)
  return isSameSession && isSameTime && isSameWho && isSamePlace && one.toolVersion === other.toolVersion
}

function whereIn(place: SessionRecord['place']): string {
  if (place.kind === 'note') return `${place.ref} ${place.digest ?? ''}`
  return place.kind === 'record' ? `${place.digest} ${place.seal?.commit ?? ''}` : ''
}

/** With strings of its own: a part of a string keeps all of it in memory, here a whole message. */
function contentOf({ change: _, ...content }: SessionRecord): RecordContent {
  return {
    ...content,
    tool: copyOf(content.tool),
    session: content.session === undefined ? undefined : copyOf(content.session),
    toolVersion: content.toolVersion === undefined ? undefined : copyOf(content.toolVersion),
    models: content.models.map(copyOf),
    ...(typeof content.parent === 'string' ? { parent: copyOf(content.parent) } : {}),
  }
}

function copyOf(text: string): string {
  return Buffer.from(text).toString()
}
