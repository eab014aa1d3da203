/** A reader of notes that say whose the lines of a commit are: one ref, one format, everything else the same. */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { readBlobs } from '../git/objects.ts'
import { judgeClaims, lineFindings } from './line-claims.ts'
import type { ClaimedAt, LineClaims } from './line-claims.ts'
import { notesAt } from './notes-at.ts'
import type { LineReading, Look as AnyLook, SessionReader } from './readers/row.ts'
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
  /** Bytes of a note; the caller has bounded their number. Undefined for one that something else wrote. Never throws. */
  read(contents: Buffer, tools: ToolTable, at: ClaimedAt): LineClaims | NoNote | OtherCommit | undefined
}

const findings = {
  'note-malformed': 'a note that is none, or one of two for a commit',
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
          const place = { kind: 'note', ref } as const
          if (blob !== undefined) inRange.push({ commit, change, linkage, parents, place, blob })
          else if (blobOf.has(commit)) look.finding('note-malformed', commit, 'the commit has two notes')
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

/**
 * First the notes of commits whose lines stand elsewhere by now. The others are read when their change comes: one note is in
 * memory at a time, however many there are.
 */
async function readNotes(look: Look, format: NoteFormat, notes: readonly NoteAt[]): Promise<LineReading | undefined> {
  // Without its parents nobody can say which lines a commit added.
  const hasPlace = ({ linkage, commit }: NoteAt): boolean => linkage === 'direct' && !look.boundary.has(commit)
  const elsewhere = notes.filter((it) => !hasPlace(it))
  for await (const { index, contents } of readBlobs(look.repository, blobsOf(elsewhere), limits.noteBytes)) {
    const at = elsewhere[index]
    const claims = at === undefined ? undefined : claimsIn(look, format, at, contents)
    if (at !== undefined && claims !== undefined) judgeClaims(look, at, claims, undefined)
  }
  const here = new Map(notes.filter(hasPlace).map((it) => [it.change, it]))
  return here.size === 0 ? undefined : sideBySide(look, format, here)
}

function sideBySide(look: Look, format: NoteFormat, notes: ReadonlyMap<string, NoteAt>): LineReading {
  let blobs: ReturnType<typeof readBlobs> | undefined
  return {
    changes: new Map([...notes.values()].map(({ change, parents }) => [change, parents.length])),
    begin(order) {
      blobs = readBlobs(look.repository, blobsOf(order.flatMap((it) => notes.get(it) ?? [])), limits.noteBytes)
    },
    async added(change, files) {
      const at = notes.get(change)
      const blob = await blobs?.next()
      if (at === undefined || blob === undefined || blob.done === true) return
      const claims = claimsIn(look, format, at, blob.value.contents)
      if (claims !== undefined) judgeClaims(look, at, claims, files)
    },
    async end() {
      await blobs?.return()
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
