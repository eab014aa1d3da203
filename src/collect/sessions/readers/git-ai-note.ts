/**
 * Reader `git-ai-note`: authorship notes in `refs/notes/ai`. Nobody signs them and anybody who may push can write them, so
 * everything that the repository can tell is checked: the commit, the base, and that each line was added by that commit.
 */
import { CountersignError } from '../../../errors.ts'
import { limits } from '../../../model/limits.ts'
import { readBlobs } from '../../git/objects.ts'
import { parseNote } from '../git-ai/note-format.ts'
import { newNoteSift } from '../git-ai/note-sift.ts'
import { newSiftedNotes } from '../git-ai/sifted-notes.ts'
import type { NoteContents, SiftedNotes } from '../git-ai/sifted-notes.ts'
import type { AgentRecord, Note, NoteEntry } from '../git-ai/note-format.ts'
import { newCarriedNotes } from '../carried-notes.ts'
import { human, judgeClaims, lineFindings } from '../line-claims.ts'
import type { ClaimedAgent, ClaimedAt, LineClaims } from '../line-claims.ts'
import type { LineShare } from '../line-ranges.ts'
import { modelName } from '../models.ts'
import { sessionId } from '../session-id.ts'
import { notesAt } from '../notes-at.ts'
import { standingIn } from '../standing-lines.ts'
import type { AddedFiles } from '../standing-lines.ts'
import { knownTools } from '../tools.ts'
import type { LineReading, Look as AnyLook, SessionReader } from './row.ts'

const notesRef = 'refs/notes/ai'

const findings = {
  'note-malformed': 'a note that cannot be read, or one of two for a commit',
  'note-too-large': 'a note that was not read',
  'note-base-mismatch': 'a note made for another commit, copied here',
  'note-session-unknown': 'lines under a key that the note does not explain',
  'note-simulated': 'a record that git-ai made up for a known bot',
  ...lineFindings,
} as const
type Code = keyof typeof findings
type Look = AnyLook<Code>

export const gitAiNote: SessionReader<Code> = {
  id: 'git-ai-note',
  title: `git-ai notes in ${notesRef}`,
  fetch: `git fetch origin ${notesRef}:${notesRef}`,
  refs: [notesRef],
  findings,
  async open(look) {
    const notes = await notesAt(look, notesRef)
    if ('outcome' in notes) return notes
    const { blobOf, absence } = notes
    const inRange: NoteAt[] = []
    const sifted = newSiftedNotes(look.repository, (index, contents) => {
      const at = inRange[index]
      if (at !== undefined && isOfLines(look, at, contents)) look.expectLines?.(at.change, at.parents.length)
    })
    return {
      commit({ commit, change, linkage, parents }) {
        const blob = blobOf.get(commit)
        if (blob === undefined) return
        if (blob === null) look.finding('note-malformed', commit, 'the commit has two notes')
        else {
          inRange.push({ commit, change, linkage, parents, place, blob })
          sifted.see(blob)
        }
      },
      finish: () => readNotes(look, inRange, sifted),
      absence: () => absence,
    }
  },
}

const place = { kind: 'note', ref: notesRef } as const

/** A note, the commit that it is for, and the change of the range for which it counts. */
interface NoteAt extends ClaimedAt {
  readonly blob: string
}

/**
 * First the notes that need no look at what was added, because they name no file (git-ai writes one for every commit) or are of a
 * commit whose lines cannot be followed. Of the others what is read is held until their change comes; beyond some megabytes
 * they are read again then, so what is in memory has an end, however many there are.
 */
async function readNotes(look: Look, notes: readonly NoteAt[], sifted: SiftedNotes): Promise<LineReading | undefined> {
  const here = new Map<string, HeldNote>()
  const before: NoteAt[] = []
  let left = heldBytes
  await sifted.visitAll((index, contents) => {
    const at = notes[index]
    if (at === undefined) return
    // Without its parents nobody can say which lines a commit added.
    const isKnown = !look.boundary.has(at.commit)
    if (isOfLines(look, at, contents)) {
      left -= contents.length
      here.set(at.change, { at, held: left < 0 ? undefined : contents })
    } else if (isKnown && hasFiles(contents)) before.push(at)
    else judgeNote(look, at, contents, isKnown && at.linkage === 'direct' ? new Map() : undefined)
  })
  // A note of the change itself speaks of its lines alone: what stood in those before may be in it.
  const carried = new Map(before.filter(({ change }) => !here.has(change)).map((it) => [it.commit, it]))
  const passed = before.filter((it) => carried.get(it.commit) !== it)
  const rest = newSiftedNotes(look.repository, () => undefined)
  for (const { blob } of passed) rest.see(blob)
  await rest.visitAll((index, contents) => {
    const at = passed[index]
    if (at !== undefined) judgeNote(look, at, contents, undefined)
  })
  return here.size + carried.size === 0 ? undefined : sideBySide(look, here, carried)
}

/** Whether its lines are held against what its change added. */
function isOfLines(look: Look, at: NoteAt, contents: NoteContents): contents is Buffer {
  return at.linkage === 'direct' && !look.boundary.has(at.commit) && hasFiles(contents)
}

function hasFiles(contents: NoteContents): boolean {
  return typeof contents !== 'string' && !contents.subarray(0, divider.length).equals(divider)
}

/** Some kilobytes a note, so those of ten thousand changes. */
const heldBytes = 16 * 1024 * 1024

interface HeldNote {
  readonly at: NoteAt
  /** Undefined: it is read again. */
  held: Buffer | undefined
}

function sideBySide(look: Look, here: ReadonlyMap<string, HeldNote>, before: ReadonlyMap<string, NoteAt>): LineReading {
  const carried = newCarriedNotes(look, before, (commits) => {
    const order = commits.flatMap((it) => before.get(it) ?? [])
    const stream = siftedStream(look, order)
    let next = 0
    return {
      async next() {
        const at = order[next]
        next += 1
        const contents = await stream.next()
        return at === undefined || contents === undefined ? undefined : claimsIn(look, at, contents)
      },
      close: () => stream.close(),
    }
  })
  let again: ReturnType<typeof siftedStream> | undefined
  return {
    changes: new Map([...here.values()].map(({ at: { change, parents } }) => [change, parents.length])),
    carried,
    begin(order) {
      const unheld = order.flatMap((change) => here.get(change) ?? []).filter(({ held }) => held === undefined)
      again = siftedStream(
        look,
        unheld.map(({ at }) => at),
      )
    },
    async added(change, files) {
      const note = here.get(change)
      if (note === undefined) return
      const { at, held } = note
      note.held = undefined
      const contents = held ?? (await again?.next())
      if (contents !== undefined) judgeNote(look, at, contents, files)
    },
    async end() {
      await again?.close()
      await carried.end()
    },
  }
}

interface SiftedStream {
  next(): Promise<NoteContents | undefined>
  close(): Promise<void>
}

/** One note in memory at a time. */
function siftedStream({ repository }: Look, notes: readonly NoteAt[]): SiftedStream {
  const blobs = readBlobs(repository, blobsOf(notes), limits.noteBytes)
  return {
    async next() {
      const next = await blobs.next()
      if (next.done === true) return undefined
      const { contents } = next.value
      if (typeof contents === 'string') return contents
      const sift = newNoteSift()
      sift.write(contents)
      return sift.end()
    },
    async close() {
      await blobs.return()
    },
  }
}

const divider = Buffer.from('---\n')

function blobsOf(notes: readonly NoteAt[]): string[] {
  return notes.map(({ blob }) => blob)
}

function noteIn(look: Look, at: NoteAt, contents: NoteContents): Note | undefined {
  const { commit, parents } = at
  if (contents === 'missing') throw new CountersignError('git-failed', `the note for commit ${commit} is not here`)
  if (contents === 'too-large') {
    look.finding('note-too-large', commit, `the note has more than ${limits.noteBytes} bytes`)
    return undefined
  }
  const note = parseNote(contents)
  if ('malformed' in note) {
    look.finding('note-malformed', commit, note.malformed)
    return undefined
  }
  // Early versions, which did not write theirs, named the commit before.
  const isOfParent = !note.hasVersion && parents.includes(note.baseCommit)
  if (note.baseCommit !== commit && !isOfParent) {
    look.finding('note-base-mismatch', commit, 'the note says that it is for another commit')
    return undefined
  }
  return note
}

/** `added` are the lines that the change added; undefined where that cannot be known, or the note is of another commit. */
function judgeNote(look: Look, at: NoteAt, contents: NoteContents, added: AddedFiles | undefined): void {
  const claims = claimsIn(look, at, contents)
  if (claims === undefined) return
  judgeClaims(look, at, claims, added === undefined ? undefined : standingIn(claims.files, added))
}

/** What the note claims; undefined where it is none. */
function claimsIn(look: Look, at: NoteAt, contents: NoteContents): LineClaims | undefined {
  const note = noteIn(look, at, contents)
  if (note === undefined) return undefined
  const { commit } = at
  const agents = [...note.agents].filter(([, agent]) => !isSimulated(agent, commit))
  if (agents.length < note.agents.size) {
    look.finding('note-simulated', commit, 'git-ai made up a session for a bot, with the id of the commit')
  }
  const ownerOf = new Map([...note.humans].map((key): [string, number] => [key, human]))
  for (const [index, [key]] of agents.entries()) ownerOf.set(key, index)
  const entries = [...note.files.values()].flat()
  const nameless = entries.filter(({ key }) => !ownerOf.has(key) && !note.agents.has(key)).length
  if (nameless > 0) {
    look.finding('note-session-unknown', commit, `${nameless} entries have a key that the note does not explain`)
  }
  const claimed = agents.map(([, agent]) => agentOf(look, agent))
  for (const { session } of claimed.slice(0, limits.sessionsPerCommit)) {
    if (session !== undefined) continue
    look.finding('session-id-invalid', commit, 'the note has an id that can be no session id')
  }
  return {
    agents: claimed,
    files: new Map([...note.files].map(([path, said]) => [path, sharesOf(said, ownerOf)])),
    invalidIds: 0,
    isNewer: false,
  }
}

/** Of two entries for one line the later stands, as in git-ai; but no line is a person's that is also said to be AI's. */
function sharesOf(entries: readonly NoteEntry[], ownerOf: ReadonlyMap<string, number>): LineShare[] {
  const shares = entries.toReversed().flatMap(({ key, ranges }) => {
    const owner = ownerOf.get(key)
    return owner === undefined ? [] : [{ owner, ranges }]
  })
  return [...shares.filter(({ owner }) => owner !== human), ...shares.filter(({ owner }) => owner === human)]
}

function agentOf({ tools = knownTools }: Look, { tool, id, model: said }: AgentRecord): ClaimedAgent {
  const model = modelName(said)
  return {
    tool: tools.slug(tool),
    session: sessionId(id),
    toolVersion: undefined, // `git_ai_version` is that of the recorder
    models: model === undefined ? [] : [model],
  }
}

/** git-ai gives commits of known bots a session that never was (src/authorship/agent_detection.rs). */
function isSimulated(agent: AgentRecord, commit: string): boolean {
  return agent.id.toLowerCase() === commit && modelName(agent.model) === undefined
}
