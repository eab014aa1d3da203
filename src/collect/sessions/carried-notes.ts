/** The notes of commits that went into changes, as a reader of notes hands them to the pass that follows their lines. */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { countClaims, judgeClaims, tellClaims } from './line-claims.ts'
import type { ClaimedAgent, ClaimedAt, LineClaims, LineCode } from './line-claims.ts'
import type { CarriedReading, Look } from './readers/row.ts'

/** Reads the notes of these commits, in their order; undefined for one that does not count. */
export interface NoteStream {
  next(): Promise<LineClaims | undefined>
  close(): Promise<void>
}

export interface CarriedNotes extends CarriedReading {
  /** Counts without lines what was not followed. Always to be called. */
  end(): Promise<void>
}

/** `notes`: commit of a request → the change for which it counts. Errors of the reading: `session-limit`, and those of the stream. */
export function newCarriedNotes(
  look: Look<LineCode>,
  notes: ReadonlyMap<string, ClaimedAt>,
  open: (commits: readonly string[]) => NoteStream,
): CarriedNotes {
  const left = new Map(notes)
  const pending = new Map<string, readonly ClaimedAgent[]>()
  let held = 0
  let stream: NoteStream | undefined

  return {
    commits: new Set(notes.keys()),
    begin: (order) => void (stream = open(order)),
    async claims(commit) {
      const at = notes.get(commit)
      const claims = await stream?.next()
      left.delete(commit)
      if (at === undefined || claims === undefined) return undefined
      tellClaims(look, at, claims)
      const agents = claims.agents.slice(0, limits.sessionsPerCommit)
      held += agents.length
      // Each becomes a claim, whatever comes of its lines.
      if (held > limits.claims) {
        throw new CountersignError('session-limit', `the range has more than ${limits.claims} claims`)
      }
      pending.set(commit, agents)
      return claims.files
    },
    carried(commit, standing) {
      const at = notes.get(commit)
      const agents = pending.get(commit)
      pending.delete(commit)
      if (at !== undefined && agents !== undefined) countClaims(look, at, agents, standing)
      return Promise.resolve()
    },
    async end() {
      await stream?.close()
      for (const [commit, agents] of pending) {
        const at = notes.get(commit)
        if (at !== undefined) countClaims(look, at, agents, undefined)
      }
      const rest = open([...left.keys()])
      try {
        for (const at of left.values()) {
          const claims = await rest.next()
          if (claims !== undefined) judgeClaims(look, at, claims, undefined)
        }
      } finally {
        await rest.close()
      }
    },
  }
}
