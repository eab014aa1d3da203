/**
 * Reader `git-ai-note`: authorship notes in `refs/notes/ai`. Nobody signs them and anybody who may push can write them, so
 * everything that the repository can tell is checked: the commit, the base, and that each line was added by that commit.
 */
import { CountersignError } from '../../../errors.ts'
import { limits } from '../../../model/limits.ts'
import type { Edits } from '../../../model/record.ts'
import type { Visited } from '../../change/visited.ts'
import { readBlobParts } from '../../git/blob-parts.ts'
import { readBlobs } from '../../git/objects.ts'
import { parseNote } from '../git-ai/note-format.ts'
import { newNoteSift } from '../git-ai/note-sift.ts'
import type { AgentRecord, Note, NoteEntry } from '../git-ai/note-format.ts'
import { allotLines } from '../line-ranges.ts'
import type { LineShare } from '../line-ranges.ts'
import { modelName } from '../models.ts'
import { sessionId } from '../session-id.ts'
import { notesAt } from '../notes-at.ts'
import { knownTools } from '../tools.ts'
import type { AddedFiles, AttributedFile, LineReading, Look as AnyLook, SessionReader } from './row.ts'

const notesRef = 'refs/notes/ai'

const findings = {
  'note-malformed': 'a note that is none, or one of two for a commit',
  'note-too-large': 'a note that was not read',
  'note-base-mismatch': 'a note made for another commit, copied here',
  'note-line-outside-diff': 'attributed lines that the commit did not add',
  'note-repeats-merged': 'the note of a merge, with lines that the merged commits added',
  'note-session-unknown': 'lines under a key that the note does not explain',
  'note-simulated': 'a record that git-ai made up for a known bot',
  'note-limit': 'sessions of a note beyond the most that it may name',
  'session-id-invalid': 'an id that cannot be one',
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
    return {
      commit({ commit, change, linkage, parents }) {
        const blob = blobOf.get(commit)
        if (blob !== undefined) inRange.push({ commit, change, linkage, parents, blob })
        else if (blobOf.has(commit)) look.finding('note-malformed', commit, 'the commit has two notes')
      },
      finish: () => readNotes(look, inRange),
      absence: () => absence,
    }
  },
}

/** A note, the commit that it is for, and the change of the range for which it counts. */
interface NoteAt extends Pick<Visited, 'commit' | 'change' | 'linkage' | 'parents'> {
  readonly blob: string
}

/**
 * First the notes that need no look at what was added, because they name no file (git-ai writes one for every commit) or are of a
 * commit whose lines stand elsewhere by now. Of the others what is read is held until their change comes; beyond some megabytes
 * they are read again then, so what is in memory has an end, however many there are.
 */
async function readNotes(look: Look, notes: readonly NoteAt[]): Promise<LineReading | undefined> {
  const withLines = new Map<string, HeldNote>()
  let left = heldBytes
  await readSifted(look.repository, blobsOf(notes), (index, contents) => {
    const at = notes[index]
    if (at === undefined) return
    const hasFiles = typeof contents !== 'string' && !contents.subarray(0, 4).equals(divider)
    // Without its parents nobody can say which lines a commit added.
    const hasPlace = at.linkage === 'direct' && !look.boundary.has(at.commit)
    if (!hasPlace) judgeNote(look, at, noteIn(look, at, contents), undefined)
    else if (!hasFiles) judgeNote(look, at, noteIn(look, at, contents), new Map())
    else {
      left -= contents.length
      withLines.set(at.change, { at, held: left < 0 ? undefined : contents })
    }
  })
  return withLines.size === 0 ? undefined : sideBySide(look, withLines)
}

/** Some kilobytes a note, so those of ten thousand changes. */
const heldBytes = 16 * 1024 * 1024

interface HeldNote {
  readonly at: NoteAt
  /** Undefined: it is read again. */
  held: Buffer | undefined
}

type Contents = Buffer | 'missing' | 'too-large'

/** Each blob in order, without what nobody reads of it. Errors: those of `readBlobParts`. */
function readSifted(
  repository: Look['repository'],
  blobs: readonly string[],
  visit: (index: number, contents: Contents) => void,
): Promise<void> {
  const sift = newNoteSift()
  return readBlobParts(repository, blobs, {
    wants: (_, bytes) => bytes <= limits.noteBytes,
    part: (_, bytes) => sift.write(bytes),
    end(index, outcome) {
      const contents = sift.end()
      visit(index, outcome === 'whole' ? contents : outcome === 'missing' ? outcome : 'too-large')
    },
  })
}

function sideBySide(look: Look, notes: ReadonlyMap<string, HeldNote>): LineReading {
  let blobs: ReturnType<typeof readBlobs> | undefined
  return {
    changes: new Map([...notes.values()].map(({ at: { change, parents } }) => [change, parents.length])),
    begin(order) {
      const again = order.flatMap((change) => notes.get(change) ?? []).filter(({ held }) => held === undefined)
      blobs = readBlobs(look.repository, blobsOf(again.map(({ at }) => at)), limits.noteBytes)
    },
    async added(change, files) {
      const note = notes.get(change)
      if (note === undefined) return
      const { at, held } = note
      note.held = undefined
      const contents = held ?? (await siftedNext(blobs))
      if (contents !== undefined) judgeNote(look, at, noteIn(look, at, contents), files)
    },
    async end() {
      await blobs?.return()
    },
  }
}

async function siftedNext(blobs: ReturnType<typeof readBlobs> | undefined): Promise<Contents | undefined> {
  const next = await blobs?.next()
  if (next === undefined || next.done === true) return undefined
  const { contents } = next.value
  if (typeof contents === 'string') return contents
  const sift = newNoteSift()
  sift.write(contents)
  return sift.end()
}

const divider = Buffer.from('---\n')

function blobsOf(notes: readonly NoteAt[]): string[] {
  return notes.map(({ blob }) => blob)
}

function noteIn(look: Look, at: NoteAt, contents: Contents): Note | undefined {
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

/** Owner of lines that a person typed; the owners of others are places in the list of agents. */
const human = -1

/** `added` are the lines that the change added; undefined where that cannot be known, or the note is of another commit. */
function judgeNote(look: Look, at: NoteAt, note: Note | undefined, added: AddedFiles | undefined): void {
  if (note === undefined) return
  const { commit, change } = at
  const agents = [...note.agents].filter(([, agent]) => !isSimulated(agent, commit))
  if (agents.length < note.agents.size) {
    look.finding('note-simulated', commit, 'git-ai made up a session for a bot, with the id of the commit')
  }
  const ownerOf = new Map([...note.humans].map((key): [string, number] => [key, human]))
  for (const [index, [key]] of agents.entries()) ownerOf.set(key, index)

  const linesOf = new Map<number, number>()
  const files: AttributedFile[] = []
  const outsideOf = { lines: 0, files: 0 }
  let nameless = 0
  for (const [path, entries] of note.files) {
    nameless += entries.filter(({ key }) => !ownerOf.has(key) && !note.agents.has(key)).length
    if (added === undefined) continue
    const { counts, outside } = allotLines(sharesOf(entries, ownerOf), added.get(path) ?? [])
    for (const [owner, lines] of counts) linesOf.set(owner, (linesOf.get(owner) ?? 0) + lines)
    if (counts.size > 0) files.push(fileOf(look, path, counts, agents))
    outsideOf.lines += outside
    outsideOf.files += outside > 0 ? 1 : 0
  }
  if (outsideOf.lines > 0) {
    // The note of a merge repeats what the merged commits added.
    const code = at.parents.length > 1 ? 'note-repeats-merged' : 'note-line-outside-diff'
    look.finding(code, commit, `${outsideOf.lines} lines in ${outsideOf.files} files were not added by the commit`)
  }
  if (nameless > 0) {
    look.finding('note-session-unknown', commit, `${nameless} entries have a key that the note does not explain`)
  }
  const beyond = agents.length - limits.sessionsPerCommit
  if (beyond > 0) {
    look.finding('note-limit', commit, `${beyond} sessions beyond the first ${limits.sessionsPerCommit} do not count`)
  }
  for (const [index, [, agent]] of agents.slice(0, limits.sessionsPerCommit).entries()) {
    recordOf(look, at, agent, added === undefined ? undefined : { linesAdded: linesOf.get(index) ?? 0 })
  }
  if (added !== undefined) look.lines(change, files)
}

function fileOf(
  look: Look,
  path: string,
  counts: ReadonlyMap<number, number>,
  agents: readonly (readonly [string, AgentRecord])[],
): AttributedFile {
  const sessions = [...counts].flatMap(([owner, lines]) => {
    const agent = agents[owner]?.[1]
    return agent === undefined ? [] : [{ tool: toolOf(look, agent), id: sessionId(agent.id), lines }]
  })
  return { path, human: counts.get(human) ?? 0, sessions }
}

/** Of two entries for one line the later stands, as in git-ai; but no line is a person's that is also said to be AI's. */
function sharesOf(entries: readonly NoteEntry[], ownerOf: ReadonlyMap<string, number>): LineShare[] {
  const shares = entries.toReversed().flatMap(({ key, ranges }) => {
    const owner = ownerOf.get(key)
    return owner === undefined ? [] : [{ owner, ranges }]
  })
  return [...shares.filter(({ owner }) => owner !== human), ...shares.filter(({ owner }) => owner === human)]
}

function recordOf(look: Look, at: NoteAt, agent: AgentRecord, edits: Edits | undefined): void {
  const { commit, change, linkage } = at
  const session = sessionId(agent.id)
  if (session === undefined) look.finding('session-id-invalid', commit, 'the note has an id that can be no session id')
  const model = modelName(agent.model)
  look.record({
    place: { kind: 'note', ref: notesRef },
    tool: toolOf(look, agent),
    session,
    toolVersion: undefined, // `git_ai_version` is that of the recorder
    models: model === undefined ? [] : [model],
    change: { commit: change, linkage, edits },
  })
}

/** git-ai gives commits of known bots a session that never was (src/authorship/agent_detection.rs). */
function isSimulated(agent: AgentRecord, commit: string): boolean {
  return agent.id.toLowerCase() === commit && modelName(agent.model) === undefined
}

function toolOf({ tools = knownTools }: Look, { tool }: AgentRecord): string {
  return tools.slug(tool)
}
