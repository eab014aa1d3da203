/**
 * Reader `entire-checkpoint`: a commit names a checkpoint of Entire (`Entire-Checkpoint: 7b9d8e75f733`), and the checkpoint holds the
 * records of one or more sessions. What names a checkpoint that is not here is a finding, and no session.
 */
import { CountersignError } from '../../../errors.ts'
import { limits } from '../../../model/limits.ts'
import type { PartInChange, Seal } from '../../../model/record.ts'
import { byText } from '../../../model/text-order.ts'
import { latin1Of } from '../../change/message-text.ts'
import { partIn } from '../../change/visited.ts'
import type { Visited } from '../../change/visited.ts'
import { signedBringers } from '../../signatures/brought-in.ts'
import { readCheckpoints } from '../entire/checkpoints.ts'
import type { ReadSession } from '../entire/checkpoints.ts'
import { checkpointFindings } from '../entire/findings.ts'
import type { CheckpointCode, Problem } from '../entire/findings.ts'
import { mayPoint, readPointers } from '../entire/pointers.ts'
import { findCheckpointsEverywhere } from '../entire/remote-stores.ts'
import { sharedRefs } from '../entire/stores.ts'
import type { Absence, Look as AnyLook, SessionReader } from './row.ts'

type Look = AnyLook<CheckpointCode>

export const entireCheckpoint: SessionReader<CheckpointCode> = {
  id: 'entire-checkpoint',
  title: 'checkpoints of Entire',
  fetch: "git fetch origin 'refs/entire/*:refs/entire/*' 'refs/heads/entire/*:refs/remotes/origin/entire/*'",
  refs: sharedRefs,
  findings: checkpointFindings,
  open(look) {
    const pointers: Pointer[] = []
    let absence: Absence | undefined
    return Promise.resolve({
      commit: (visited) => addPointers(look, pointers, visited),
      async finish() {
        absence = await resolve(look, pointers)
      },
      absence: () => absence,
    })
  },
}

interface Pointer {
  readonly id: string
  /** The commit that names it. */
  readonly commit: string
  readonly part: PartInChange
}

function addPointers(look: Look, pointers: Pointer[], visited: Visited): void {
  const { commit, message } = visited
  if (!mayPoint.test(latin1Of(message))) return
  const { ids, invalid } = readPointers(message.toString('utf8'))
  if (invalid > 0) look.finding('checkpoint-id-invalid', commit, `${invalid} in the message can be no checkpoint`)
  const room = Math.min(limits.sessionsPerCommit, limits.checkpoints - pointers.length)
  if (ids.length > room) look.finding('checkpoint-limit', commit, `${ids.length - room} checkpoints do not count`)
  for (const id of ids.slice(0, room)) pointers.push({ id, commit, part: partIn(visited) })
}

/** Says why none was found, where that is because this clone has no store. */
async function resolve(look: Look, pointers: readonly Pointer[]): Promise<Absence | undefined> {
  if (pointers.length === 0) return undefined
  // One that several commits name is told of once, with the first of them by its id.
  const commitOf = new Map<string, string>()
  for (const { id, commit } of pointers) {
    const known = commitOf.get(id)
    if (known === undefined || commit < known) commitOf.set(id, commit)
  }
  const { stored: store, absence } = await findCheckpointsEverywhere(look, new Set(commitOf.keys()))
  const { hasStore, checkpoints, tips } = store
  if (!hasStore) return absence
  for (const [id, commit] of commitOf) {
    if (!checkpoints.has(id)) look.finding('checkpoint-missing', commit, `checkpoint ${id} is in no store here`)
  }
  const stored = [...checkpoints.values()].sort((a, b) => byText(a.id, b.id))
  const tell: Problem = (code, id, detail) => look.finding(code, commitOf.get(id), detail)
  const sessions = await readCheckpoints(look.repository, stored, tell, look.tools)
  const furthest = furthestRecords([...sessions.values()].flat())
  addRecords(look, pointers, sessions, furthest, await sealsOf(look, tips, furthest))
  // Not the furthest alone: of a session that was compacted, or stored in parts, no other has what it wrote before.
  const { tellStored } = await import('../entire/told-transcripts.ts')
  await tellStored(look.repository, [...sessions.values()].flat(), ({ tool, session }, transcript) => {
    const kept = look.transcript(tool, session, transcript)
    if (kept === 'cut') look.finding('transcript-edits-cut', undefined, `${session}: all have too many lines`)
  })
  return absence
}

function addRecords(
  look: Look,
  pointers: readonly Pointer[],
  sessions: ReadonlyMap<string, readonly ReadSession[]>,
  furthest: ReadonlyMap<string, ReadSession>,
  seals: ReadonlyMap<ReadSession, Seal>,
): void {
  const counts = new Map<string, number>()
  const beyond = new Map<string, number>()
  for (const { id, part } of distinct(pointers)) {
    for (const stored of sessions.get(id) ?? []) {
      const count = counts.get(part.commit) ?? 0
      if (count === limits.sessionsPerCommit) {
        beyond.set(part.commit, (beyond.get(part.commit) ?? 0) + 1)
        continue
      }
      counts.set(part.commit, count + 1)
      const { record, transcript: _, ...said } = stored
      const last = record === undefined ? undefined : furthest.get(nameOf(stored))
      const digest = last?.record?.digest
      const seal = last === undefined ? undefined : seals.get(last)
      look.record({
        ...said,
        place: digest === undefined ? { kind: 'message' } : { kind: 'record', digest, seal },
        change: part,
      })
    }
  }
  for (const [commit, count] of beyond) {
    look.finding('checkpoint-limit', commit, `${count} sessions of its checkpoints do not count`)
  }
}

/**
 * Record → the signed commit of a store that brought all of its bytes in. Claims stand without it, so where git fails that alone
 * is told.
 */
async function sealsOf(
  look: Look,
  tips: readonly string[],
  records: ReadonlyMap<string, ReadSession>,
): Promise<ReadonlyMap<ReadSession, Seal>> {
  const { repository, boundary } = look
  const seals = new Map<ReadSession, Seal>()
  const blobs = new Set([...records.values()].flatMap(({ transcript }) => transcript))
  try {
    const bringers = await signedBringers(repository, { tips, boundary }, blobs)
    for (const session of records.values()) {
      const [commit, ...others] = new Set(session.transcript.map((blob) => bringers.get(blob)))
      if (commit !== undefined && others.length === 0) seals.set(session, { kind: 'commit', commit })
    }
  } catch (thrown) {
    const isGit = thrown instanceof CountersignError && thrown.code === 'git-failed'
    if (!isGit || repository.git.signal?.aborted === true) throw thrown
    look.finding('checkpoint-origin-unknown', undefined, thrown.message)
  }
  return seals
}

/** Sorted, so that what is beyond a limit does not depend on the order of the commits. */
function distinct(pointers: readonly Pointer[]): Pointer[] {
  const byKey = new Map(
    pointers.map((it) => [`${it.part.commit} ${it.id} ${it.part.linkage} ${it.commit}`, it] as const),
  )
  return [...byKey].sort(([a], [b]) => byText(a, b)).map(([, it]) => it)
}

/**
 * A session that goes on is stored at each of its checkpoints as far as it then was. These are no records that contradict each
 * other: the one that goes furthest is the record of the session, for all of its changes.
 */
function furthestRecords(all: readonly ReadSession[]): ReadonlyMap<string, ReadSession> {
  const furthest = new Map<string, ReadSession>()
  for (const session of all) {
    if (session.record === undefined) continue
    const known = furthest.get(nameOf(session))
    if (known === undefined || byProgress(known, session) < 0) furthest.set(nameOf(session), session)
  }
  return furthest
}

function byProgress(a: ReadSession, b: ReadSession): number {
  const [ofA, ofB] = [a.record, b.record]
  return (
    byText(a.endedAt ?? '', b.endedAt ?? '') ||
    (ofA?.bytes ?? 0) - (ofB?.bytes ?? 0) ||
    byText(ofA?.digest ?? '', ofB?.digest ?? '')
  )
}

function nameOf({ tool, session }: ReadSession): string {
  return `${tool} ${session}`
}
