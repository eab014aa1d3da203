/** The counter: what git alone says of AI in the commits of a range. */
import { checkpointSessions } from './entire.ts'
import { namedInAuthor, namedInCommitter, namedInMessage } from './forms.ts'
import type { Naming } from './forms.ts'
import { followedLines } from './followed.ts'
import { commitsOf, readAll, squashesOf } from './history.ts'
import type { Commit } from './history.ts'
import { attestedLines, notesOf } from './notes.ts'
import { rebasesOf } from './rebases.ts'

/** Where a session was named. */
export interface Named {
  readonly commit: string
  readonly form: string
  readonly line: string
}

export interface Counted {
  readonly range: ReadonlyMap<string, Commit>
  /** Commits of the range that name AI in their own message or author. */
  readonly own: ReadonlyMap<string, readonly Naming[]>
  /** Commits of the range for which something else speaks: a note, or the pull request that they are the squash of. */
  readonly other: ReadonlyMap<string, readonly Naming[]>
  /** By id, with the commit of the range that it belongs to. */
  readonly ids: ReadonlyMap<string, readonly Named[]>
  readonly squashes: { readonly proved: number; readonly unproved: number }
  /** Copies in pull requests that were made after the commit of the range. */
  readonly laterCopies: ReadonlySet<string>
  readonly checkpoints: { readonly named: number; readonly found: number }
  readonly wrongNotes: ReadonlyMap<string, number>
  readonly lines: readonly {
    readonly commit: string
    readonly id: string
    readonly path: string
    readonly lines: number
  }[]
  readonly seconds: number
}

export async function count(repository: string, since: string | undefined): Promise<Counted> {
  const started = performance.now()
  const commits = await commitsOf(repository, since)
  const range = new Map(commits.map((commit) => [commit.id, commit]))
  const squashes = await squashesOf(repository, commits)
  const rebases = rebasesOf(repository, new Set(range.keys()))
  const sources = rebases.filter(({ isLater }) => !isLater)
  const rewritten = await readAll(repository, new Set(sources.map(({ head }) => head)))
  const all = new Map([...range, ...squashes.commits, ...rewritten])
  /** The commit itself, or the squashes that it went into. */
  const belongs = new Map<string, string[]>(commits.map(({ id }) => [id, [id]]))
  for (const { commit, heads } of squashes.proved) {
    for (const head of heads) belongs.set(head, [...(belongs.get(head) ?? []), commit.id])
  }
  for (const { head, commit } of sources) {
    const known = belongs.get(head) ?? []
    if (!known.includes(commit)) belongs.set(head, [...known, commit])
  }

  const own = new Map<string, readonly Naming[]>()
  const other = new Map<string, Naming[]>()
  const ids = new Map<string, Named[]>()
  const name = (id: string, commit: string, form: string, line: string): void => {
    const key = id.toLowerCase()
    const places = ids.get(key) ?? []
    for (const target of belongs.get(commit) ?? []) places.push({ commit: target, form, line })
    ids.set(key, places)
  }
  const speakFor = (commit: string, naming: Naming): void => {
    for (const target of belongs.get(commit) ?? []) other.set(target, [...(other.get(target) ?? []), naming])
  }

  const checkpoints = new Map<string, { commit: string; line: string }[]>()
  for (const commit of all.values()) {
    const author = namedInAuthor(commit.author)
    // Committed later, it is a rebase of what somebody else wrote.
    const committer = commit.lag === 0 ? namedInCommitter(commit.committer) : undefined
    if (committer !== undefined) speakFor(commit.id, committer)
    const found = [...namedInMessage(commit.message), ...(author === undefined ? [] : [author])]
    if (found.length === 0) continue
    const isOwn = range.has(commit.id)
    // A checkpoint points at a record; before that is found nobody has named AI.
    const names = found.filter(({ form }) => form !== 'checkpoint')
    if (isOwn && names.length > 0) own.set(commit.id, names)
    for (const { form, line, ids: named } of found) {
      if (!isOwn && form !== 'checkpoint') speakFor(commit.id, headNaming(form, line, commit.id))
      for (const id of named) name(id, commit.id, isOwn ? form : `head: ${form}`, line)
      if (form !== 'checkpoint') continue
      const pointer = line.slice(line.indexOf(':') + 1).trim()
      checkpoints.set(pointer, [...(checkpoints.get(pointer) ?? []), { commit: commit.id, line }])
    }
  }

  const resolved = await checkpointSessions(repository, new Set(checkpoints.keys()))
  for (const [pointer, sessions] of resolved) {
    for (const { commit, line } of checkpoints.get(pointer) ?? []) {
      const isOwn = range.has(commit)
      for (const id of sessions) name(id, commit, isOwn ? 'entire' : 'head: entire', line)
      if (isOwn) own.set(commit, [...(own.get(commit) ?? []), { form: 'entire', line, ids: sessions }])
      else speakFor(commit, headNaming('entire', line, commit))
    }
  }

  const notes = await notesOf(repository, all)
  const good = notes.filter(({ wrong }) => wrong === undefined)
  for (const { commit, sessions } of good) {
    for (const { id, tool } of sessions) {
      const form = range.has(commit) ? 'git-ai note' : 'head: git-ai note'
      name(id, commit, form, `${tool} ${id}`)
      speakFor(commit, { form, line: `${tool} ${id}`, ids: [id] })
    }
  }
  const inSquash = new Set(squashes.proved.flatMap(({ heads }) => heads))
  const wrongNotes = new Map<string, number>()
  for (const { wrong } of notes) if (wrong !== undefined) wrongNotes.set(wrong, (wrongNotes.get(wrong) ?? 0) + 1)

  return {
    ...{ range, own, other, ids, wrongNotes },
    laterCopies: new Set(rebases.flatMap(({ commit, isLater }) => (isLater ? [commit] : []))),
    squashes: { proved: squashes.proved.length, unproved: squashes.unproved },
    checkpoints: { named: checkpoints.size, found: resolved.size },
    lines: [
      ...(await attestedLines(
        repository,
        good.filter(({ commit }) => range.has(commit)),
        range,
      )),
      ...followedLines(
        repository,
        good,
        squashes.proved,
        sources.flatMap(({ head, commit }) => {
          const change = range.get(commit)
          return change === undefined || inSquash.has(head) ? [] : [{ head, commit: change }]
        }),
      ),
    ],
    seconds: (performance.now() - started) / 1000,
  }
}

function headNaming(form: string, line: string, head: string): Naming {
  return { form: `head: ${form}`, line: `(${head.slice(0, 12)}) ${line}`, ids: [] }
}
