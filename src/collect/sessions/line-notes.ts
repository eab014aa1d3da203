/** A reader of notes that say whose the lines of a commit are: one ref, one format, everything else the same. */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { readBlobs } from '../git/objects.ts'
import { newCarriedNotes } from './carried-notes.ts'
import type { NoteStream } from './carried-notes.ts'
import { judgeClaims, lineFindings } from './line-claims.ts'
import type { ClaimedAt, LineClaims } from './line-claims.ts'
import { notesAt } from './notes-at.ts'
import type { LineReading, Look as AnyLook, SessionReader } from './readers/row.ts'
import { standingIn } from './standing-lines.ts'
import { knownTools } from './tools.ts'
import type { ToolTable } from './tools.ts'

/** Why something is no note: one line without any of its contents. */
export interface NoNote {
  readonly malformed: string
}

/** A note that says of which commit it tells, and that is not the one for which it stands. */
export interface OtherCommit {
  readonly isOfOther: true
}

export interface NoteFormat {
  readonly id: string
  readonly title: string
  /** Full name. */
  readonly ref: string
  /** Its notes name sessions and no lines: of how many those wrote nothing is said, which is not that they wrote none. */
  readonly isWithoutLines?: true
  /** Bytes of a note; the caller has bounded their number. Undefined for one that something else wrote. Never throws. */
  read(contents: Buffer, tools: ToolTable, at: ClaimedAt): LineClaims | NoNote | OtherCommit | undefined
}

const findings = {
  'note-malformed': 'a note that cannot be read, or one of two for a commit',
  'note-too-large': 'a note that was not read',
  'note-base-mismatch': 'a note made for another commit, copied here',
  ...lineFindings,
} as const
type Code = keyof typeof findings

export function lineNoteReader(format: NoteFormat): SessionReader<Code> {
  const { id, title, ref } = format
  return {
    ...{ id, title, refs: [ref], fetch: `git fetch origin ${ref}:${ref}`, isSeldom: true, findings },
    async open(look) {
      const notes = await notesAt(look, ref)
      if ('outcome' in notes) return notes
      const { blobOf, absence } = notes
      const inRange: NoteAt[] = []
      return {
        commit({ commit, change, linkage, parents }) {
          const blob = blobOf.get(commit)
          if (blob === undefined) return
          const place = { kind: 'note', ref } as const
          if (blob === null) look.finding('note-malformed', commit, 'the commit has two notes')
          else {
            const at = { commit, change, linkage, parents, place, blob }
            inRange.push(at)
            if (linkage === 'direct' && isKnown(look, format, at)) look.expectLines?.(change, parents.length)
          }
        },
        finish: () => readNotes(look, format, inRange),
        absence: () => absence,
      }
    },
  }
}

interface NoteAt extends ClaimedAt {
  readonly blob: string
}

type Look = AnyLook<Code>

/** Without its parents nobody can say which lines a commit added. */
function isKnown({ boundary }: Look, { isWithoutLines }: NoteFormat, { commit }: NoteAt): boolean {
  return isWithoutLines !== true && !boundary.has(commit)
}

/** One note is in memory at a time, however many there are: each is read when its lines come. */
async function readNotes(look: Look, format: NoteFormat, notes: readonly NoteAt[]): Promise<LineReading | undefined> {
  const known = notes.filter((it) => isKnown(look, format, it))
  const here = new Map(known.filter((it) => it.linkage === 'direct').map((it) => [it.change, it]))
  // A note of the change itself speaks of its lines alone: what stood in those before may be in it.
  const isCarried = (it: NoteAt): boolean => it.linkage !== 'direct' && !here.has(it.change)
  const before = new Map(known.filter(isCarried).map((it) => [it.commit, it]))
  const others = notes.filter((it) => here.get(it.change) !== it && before.get(it.commit) !== it)
  for await (const { index, contents } of readBlobs(look.repository, blobsOf(others), limits.noteBytes)) {
    const at = others[index]
    const claims = at === undefined ? undefined : claimsIn(look, format, at, contents)
    if (at !== undefined && claims !== undefined) judgeClaims(look, at, claims, undefined)
  }
  return here.size + before.size === 0 ? undefined : sideBySide(look, format, here, before)
}

function sideBySide(
  look: Look,
  format: NoteFormat,
  here: ReadonlyMap<string, NoteAt>,
  before: ReadonlyMap<string, NoteAt>,
): LineReading {
  const carried = newCarriedNotes(look, before, (commits) => streamOf(look, format, before, commits))
  let stream: NoteStream | undefined
  return {
    changes: new Map([...here.values()].map(({ change, parents }) => [change, parents.length])),
    carried,
    begin: (order) => void (stream = streamOf(look, format, here, order)),
    async added(change, files) {
      const at = here.get(change)
      const claims = at === undefined ? undefined : await stream?.next()
      if (at === undefined || claims === undefined) return
      judgeClaims(look, at, claims, files === undefined ? undefined : standingIn(claims.files, files))
    },
    async end() {
      await stream?.close()
      await carried.end()
    },
  }
}

function streamOf(
  look: Look,
  format: NoteFormat,
  notes: ReadonlyMap<string, NoteAt>,
  order: readonly string[],
): NoteStream {
  const all = order.flatMap((it) => notes.get(it) ?? [])
  const blobs = readBlobs(look.repository, blobsOf(all), limits.noteBytes)
  return {
    async next() {
      const blob = await blobs.next()
      const at = blob.done === true ? undefined : all[blob.value.index]
      return blob.done === true || at === undefined ? undefined : claimsIn(look, format, at, blob.value.contents)
    },
    async close() {
      await blobs.return()
    },
  }
}

function blobsOf(notes: readonly NoteAt[]): string[] {
  return notes.map(({ blob }) => blob)
}

function claimsIn(
  look: Look,
  format: NoteFormat,
  at: NoteAt,
  contents: Buffer | 'missing' | 'too-large',
): LineClaims | undefined {
  const { commit } = at
  if (contents === 'missing') throw new CountersignError('git-failed', `the note for commit ${commit} is not here`)
  if (contents === 'too-large') {
    look.finding('note-too-large', commit, `the note has more than ${limits.noteBytes} bytes`)
    return undefined
  }
  const read = format.read(contents, look.tools ?? knownTools, at)
  if (read === undefined) return undefined
  if ('malformed' in read) look.finding('note-malformed', commit, read.malformed)
  else if ('isOfOther' in read)
    look.finding('note-base-mismatch', commit, 'the note says that it is for another commit')
  else return read
  return undefined
}
