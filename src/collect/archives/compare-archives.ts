/** Two archives → in which members they differ, and how; archives within them likewise, one level deep. */
import type { MemberDifference, MembersOutcome, NotCompared } from '../../model/rebuild-report.ts'
import { Budget } from './member.ts'
import type { Bounds, Member, Metadata, Reading } from './member.ts'
import { readArchive } from './read-archive.ts'

export interface ComparedMembers {
  /** Undefined: the two are no archives of one kind, so that only their bytes can be compared. */
  readonly members: MembersOutcome | undefined
  readonly differences: readonly MemberDifference[]
  readonly notCompared: readonly NotCompared[]
}

/** An archive that was read, and what is left of its side's budget for archives within it. */
interface Side {
  readonly reading: Reading | undefined
  readonly budget: Budget
}

/** One side; the bytes are needed no more afterwards. */
export function readSide(bytes: Buffer, bounds?: Bounds): Side {
  const budget = new Budget(bounds)
  return { reading: readArchive(bytes, budget), budget }
}

/** Of two files whose bytes differ. */
export function compareArchives(a: Side, b: Side): ComparedMembers {
  if (a.reading === undefined || b.reading === undefined) {
    return { members: undefined, differences: [{ kind: 'content' }], notCompared: [] }
  }
  const isPartial = a.reading.isPartial || b.reading.isPartial
  if (!isPartial && a.reading.format !== b.reading.format) {
    return { members: undefined, differences: [{ kind: 'content' }], notCompared: [] }
  }
  return compareReadings(a.reading, b.reading, (one, other) => {
    if (one.archive === undefined || other.archive === undefined) return undefined
    const [inA, inB] = [readArchive(one.archive, a.budget), readArchive(other.archive, b.budget)]
    return inA === undefined || inB?.format !== inA.format ? undefined : compareReadings(inA, inB, () => undefined)
  })
}

type CompareWithin = (a: Member, b: Member) => ComparedMembers | undefined

function compareReadings(a: Reading, b: Reading, compareWithin: CompareWithin): ComparedMembers {
  const notCompared: NotCompared[] = [
    ...a.findings.map((it): NotCompared => ({ side: 'a', ...it })),
    ...b.findings.map((it): NotCompared => ({ side: 'b', ...it })),
  ]
  // Of an archive that was read in part, or not at all, nobody knows which members it lacks.
  if (a.isPartial || b.isPartial) return { members: 'not-compared', differences: [], notCompared }
  const differences: MemberDifference[] = []
  const unread = new Set(notCompared.flatMap(({ name }) => name ?? []))
  const inB = new Map(b.members.map((it) => [it.name, it]))
  const common: (readonly [Member, Member])[] = []
  for (const member of a.members) {
    const other = inB.get(member.name)
    if (other !== undefined) common.push([member, other])
    else if (!unread.has(member.name)) differences.push({ kind: 'only-in-a', ...named(member) })
  }
  const inA = new Set(a.members.map(({ name }) => name))
  for (const member of b.members) {
    if (!inA.has(member.name) && !unread.has(member.name)) {
      differences.push({ kind: 'only-in-b', ...named(member) })
    }
  }
  let areEqual = differences.length === 0
  for (const [member, other] of common) {
    const found = compareMembers(member, other, compareWithin)
    differences.push(...found.differences)
    notCompared.push(...found.notCompared)
    if (found.members !== 'equal') areEqual = false
  }
  differences.push(...differencesAround(a, b, common, differences.length === 0 && notCompared.length === 0))
  return { members: !areEqual ? 'differ' : notCompared.length > 0 ? 'not-compared' : 'equal', differences, notCompared }
}

/** What is packed by itself, as a gzip of one file, has no name. */
function named({ name }: Member): { readonly name?: string } {
  return name === '' ? {} : { name }
}

function compareMembers(a: Member, b: Member, compareWithin: CompareWithin): ComparedMembers {
  const fields = differingFields(a.metadata, b.metadata)
  const metadata: MemberDifference[] = fields.length === 0 ? [] : [{ kind: 'metadata', ...named(a), fields }]
  if (a.kind === b.kind && a.sha256 === b.sha256) return { members: 'equal', differences: metadata, notCompared: [] }
  const content: MemberDifference = { kind: 'content', ...named(a) }
  const within = a.kind === b.kind ? compareWithin(a, b) : undefined
  if (within === undefined) return { members: 'differ', differences: [content, ...metadata], notCompared: [] }
  // An archive whose own members are equal is no other content: it was packed at another time.
  return {
    members: within.members === 'equal' ? 'equal' : 'differ',
    differences: [
      ...(within.members === 'equal' ? [] : [content]),
      ...metadata,
      ...within.differences.map((it) => ({ ...it, within: a.name })),
    ],
    notCompared: within.notCompared.map((it) => ({ ...it, within: a.name })),
  }
}

/** Order, packing, and what an archive says of itself. */
function differencesAround(
  a: Reading,
  b: Reading,
  common: readonly (readonly [Member, Member])[],
  isAllElseEqual: boolean,
): MemberDifference[] {
  const fields = differingFields(a.metadata, b.metadata)
  const names = new Set(common.map(([{ name }]) => name))
  const order = b.members.filter(({ name }) => names.has(name))
  const isOtherOrder = common.some(([{ name }], index) => order[index]?.name !== name)
  const isPackedOtherwise =
    (a.stream?.content === b.stream?.content && a.stream?.packed !== b.stream?.packed) ||
    common.some(([one, other]) => one.sha256 === other.sha256 && one.packed !== other.packed)
  return [
    ...(fields.length === 0 ? [] : [{ kind: 'metadata', fields } as const]),
    ...(isOtherOrder ? [{ kind: 'order' } as const] : []),
    // The bytes differ, and nothing that was read does: padding, or where a stream was cut into blocks.
    ...(isPackedOtherwise || (isAllElseEqual && fields.length === 0 && !isOtherOrder)
      ? [{ kind: 'compression' } as const]
      : []),
  ]
}

/** `extra mtime` is a time as `mtime` is. */
function differingFields(a: Metadata, b: Metadata): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  const differing = [...names].filter((it) => a[it] !== b[it]).map((it) => it.replace(/^extra (?=mtime)/, ''))
  return [...new Set(differing)].sort()
}
