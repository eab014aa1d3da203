/**
 * Reader `git-ai-note`: authorship notes in `refs/notes/ai`. Nobody signs them and anybody who may push can write them, so
 * everything that the repository can tell is checked: the commit, the base, and that each line was added by that commit.
 */
import { CountersignError } from '../../../errors.ts'
import { limits } from '../../../model/limits.ts'
import type { Edits } from '../../../model/record.ts'
import { readAddedLines } from '../../git/added-lines.ts'
import { readBlobs } from '../../git/objects.ts'
import { gitFailure, runGit } from '../../git/process.ts'
import { isObjectId } from '../../git/repository.ts'
import type { Repository } from '../../git/repository.ts'
import { walkTrees } from '../../git/trees.ts'
import { parseNote } from '../git-ai/note-format.ts'
import type { AgentRecord, Note, NoteEntry } from '../git-ai/note-format.ts'
import { allotLines } from '../line-ranges.ts'
import type { LineShare } from '../line-ranges.ts'
import { modelName } from '../models.ts'
import { sessionId } from '../session-id.ts'
import { toolSlug } from '../tools.ts'
import type { Absence, Look as AnyLook, SessionReader } from './row.ts'

const notesRef = 'refs/notes/ai'

const findings = {
  'note-malformed': 'a note that is none, or one of two for a commit',
  'note-too-large': 'a note that was not read',
  'note-base-mismatch': 'a note made for another commit, copied here',
  'note-line-outside-diff': 'attributed lines that the commit did not add',
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
  findings,
  async open(look) {
    const tree = await notesTree(look.repository)
    // A clone fetches no notes unless it is told to, so this does not say that there are none.
    if (tree === undefined) return absence(await look.hasRemoteRef(notesRef))
    const blobOf = await listNotes(look.repository, tree)
    const inRange: NoteAt[] = []
    return {
      commit({ commit }) {
        const blob = blobOf.get(commit)
        if (blob !== undefined) inRange.push({ commit, blob })
        else if (blobOf.has(commit)) look.finding('note-malformed', commit, 'the commit has two notes')
      },
      finish: () => readNotes(look, inRange),
    }
  },
}

function absence(isAtRemote: boolean | undefined): Absence {
  if (isAtRemote === false) return { outcome: 'nothing', detail: `the remote has no ${notesRef}` }
  return {
    outcome: 'not-fetched',
    detail: isAtRemote === true ? `the remote has ${notesRef}, this clone has not` : `${notesRef} is not in this clone`,
  }
}

interface NoteAt {
  readonly commit: string
  readonly blob: string
}

/** The commit of the notes; undefined without such a ref. A ref that cannot be read is a `git-failed`. */
async function notesTree(repository: Repository): Promise<string | undefined> {
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', notesRef]
  const answer = await runGit(repository.git, args)
  if (answer.status !== 0 || answer.stderr.includes('broken ref')) throw gitFailure(args, answer)
  const lines = answer.stdout.toString('utf8').split('\n')
  return lines.find((line) => line.endsWith(` ${notesRef}`))?.split(' ')[0]
}

/** Git fans out the notes of 16 million commits into as many; a few trees that hold one another have more. */
const mostFolders = 66_000

/**
 * Commit → blob, for every commit that the notes name, without one where there are two. The name of an entry is the id of the commit, with slashes after every second digit where git has fanned
 * out the tree; both forms can stand in one tree. Not `git notes list`: it would write a merged note where one is double.
 */
async function listNotes(repository: Repository, tree: string): Promise<ReadonlyMap<string, string | undefined>> {
  const blobOf = new Map<string, string | undefined>()
  let folders = 0
  await walkTrees(repository, tree, ({ path, type, id }) => {
    if (type === 'tree') {
      if (!/^(?:[0-9a-f]{2}\/)*[0-9a-f]{2}$/.test(path)) return false
      folders += 1
      if (folders > mostFolders)
        throw new CountersignError('git-failed', `the notes lie in more than ${mostFolders} folders`)
      return true
    }
    const commit = path.replaceAll('/', '')
    const isNote = type === 'blob' && isObjectId(repository, commit) && /^(?:[0-9a-f]{2}\/)*[0-9a-f]+$/.test(path)
    if (isNote) blobOf.set(commit, blobOf.has(commit) ? undefined : id)
    return false
  })
  return blobOf
}

/**
 * First the notes that need no look at their commit, because they name no file (git-ai writes one for every commit); then
 * the others, side by side with what their commits added: one note is in memory at a time, however many there are.
 */
async function readNotes(look: Look, notes: readonly NoteAt[]): Promise<void> {
  const withFiles: NoteAt[] = []
  for await (const { index, contents } of readBlobs(look.repository, blobsOf(notes), limits.noteBytes)) {
    const at = notes[index]
    if (at === undefined) continue
    const hasFiles = typeof contents !== 'string' && !contents.subarray(0, 4).equals(divider)
    // Without its parents nobody can say which lines a commit added.
    if (look.boundary.has(at.commit)) judgeNote(look, at.commit, noteIn(look, at.commit, contents), undefined)
    else if (hasFiles) withFiles.push(at)
    else judgeNote(look, at.commit, noteIn(look, at.commit, contents), new Map())
  }
  await judgeSideBySide(look, withFiles)
}

async function judgeSideBySide(look: Look, notes: readonly NoteAt[]): Promise<void> {
  let open: { commit: string; note: Note | undefined; added: Map<string, number[]> } | undefined
  const commits = notes.map(({ commit }) => commit)
  const changes = readAddedLines(look.repository, commits, (path, first, last) => {
    open?.added.get(path)?.push(first, last)
  })
  const blobs = readBlobs(look.repository, blobsOf(notes), limits.noteBytes)
  try {
    for await (const commit of changes) {
      if (open !== undefined) judgeNote(look, open.commit, open.note, open.added)
      const blob = await blobs.next()
      const note = blob.done === true ? undefined : noteIn(look, commit, blob.value.contents)
      open = { commit, note, added: new Map([...(note?.files.keys() ?? [])].map((path) => [path, []])) }
    }
  } finally {
    await blobs.return()
  }
  if (open !== undefined) judgeNote(look, open.commit, open.note, open.added)
}

const divider = Buffer.from('---\n')

function blobsOf(notes: readonly NoteAt[]): string[] {
  return notes.map(({ blob }) => blob)
}

function noteIn(look: Look, commit: string, contents: Buffer | 'missing' | 'too-large'): Note | undefined {
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
  if (note.baseCommit !== commit) {
    look.finding('note-base-mismatch', commit, 'the note says that it is for another commit')
    return undefined
  }
  return note
}

/** Owner of lines that a person typed; the owners of others are places in the list of agents. */
const human = -1

/** `added` are the lines that the commit added, by path; undefined where that cannot be known. */
function judgeNote(
  look: Look,
  commit: string,
  note: Note | undefined,
  added: ReadonlyMap<string, number[]> | undefined,
): void {
  if (note === undefined) return
  const agents = [...note.agents].filter(([, agent]) => !isSimulated(agent, commit))
  if (agents.length < note.agents.size) {
    look.finding('note-simulated', commit, 'git-ai made up a session for a bot, with the id of the commit')
  }
  const ownerOf = new Map([...note.humans].map((key): [string, number] => [key, human]))
  for (const [index, [key]] of agents.entries()) ownerOf.set(key, index)

  const linesOf = new Map<number, number>()
  let nameless = 0
  for (const [path, entries] of note.files) {
    nameless += entries.filter(({ key }) => !ownerOf.has(key) && !note.agents.has(key)).length
    if (added === undefined) continue
    const shares = sharesOf(entries, ownerOf)
    const { counts, outside } = allotLines(shares, added.get(path) ?? [])
    for (const [owner, lines] of counts) linesOf.set(owner, (linesOf.get(owner) ?? 0) + lines)
    if (outside > 0) {
      look.finding('note-line-outside-diff', commit, `${outside} lines of ${shown(path)} were not added by the commit`)
    }
  }
  if (nameless > 0) {
    look.finding('note-session-unknown', commit, `${nameless} entries have a key that the note does not explain`)
  }
  const beyond = agents.length - limits.sessionsPerCommit
  if (beyond > 0) {
    look.finding('note-limit', commit, `${beyond} sessions beyond the first ${limits.sessionsPerCommit} do not count`)
  }
  for (const [index, [, agent]] of agents.slice(0, limits.sessionsPerCommit).entries()) {
    recordOf(look, commit, agent, added === undefined ? undefined : { linesAdded: linesOf.get(index) ?? 0 })
  }
  if (added === undefined) return
  const total = [...linesOf.values()].reduce((sum, lines) => sum + lines, 0)
  const byHumans = linesOf.get(human) ?? 0
  look.lines(commit, { ai: total - byHumans, human: byHumans })
}

/** Of two entries for one line the later stands, as in git-ai; but no line is a person's that is also said to be AI's. */
function sharesOf(entries: readonly NoteEntry[], ownerOf: ReadonlyMap<string, number>): LineShare[] {
  const shares = entries.toReversed().flatMap(({ key, ranges }) => {
    const owner = ownerOf.get(key)
    return owner === undefined ? [] : [{ owner, ranges }]
  })
  return [...shares.filter(({ owner }) => owner !== human), ...shares.filter(({ owner }) => owner === human)]
}

function recordOf(look: Look, commit: string, agent: AgentRecord, edits: Edits | undefined): void {
  const session = sessionId(agent.id)
  if (session === undefined) look.finding('session-id-invalid', commit, 'the note has an id that can be no session id')
  const model = modelName(agent.model)
  look.record({
    place: { kind: 'note', ref: notesRef },
    tool: toolSlug(agent.tool),
    session,
    toolVersion: undefined, // `git_ai_version` is that of the recorder
    models: model === undefined ? [] : [model],
    change: { commit, linkage: 'direct', edits },
  })
}

/** git-ai gives commits of known bots a session that never was (src/authorship/agent_detection.rs). */
function isSimulated(agent: AgentRecord, commit: string): boolean {
  return agent.id.toLowerCase() === commit && modelName(agent.model) === undefined
}

function shown(path: string): string {
  return JSON.stringify(Buffer.from(path, 'latin1').toString('utf8').slice(0, 200))
}
