/**
 * A session in the making, as the reader of a format tells of it row by row. What comes in is text from outside: each member is judged
 * here, so that no reader of a format has to. Nothing that was asked or answered is kept.
 */
import { limits } from '../../model/limits.ts'
import type {
  AcceptedBy,
  EditVerdict,
  ToldSession,
  TranscriptProblem,
  TranscriptTokens,
} from '../../model/transcript.ts'
import { modelName } from '../sessions/models.ts'
import { hasWordsOfModel, hasWordsOfVersion } from '../sessions/name-words.ts'
import { timeIn } from '../sessions/record-time.ts'
import { sessionId } from '../sessions/session-id.ts'
import { toolVersion } from '../sessions/tool-version.ts'
import type { TranscriptCode } from './findings.ts'
import { ownId, parentOf } from './own-session.ts'
import { digestOfPrompt, hashOfPrompts } from './prompt-hash.ts'
import { addName, copyOf, mostNames, SessionNames } from './session-names.ts'
import { newPart, packed, sameEdit } from './session-part.ts'
import type { CallDraft, EditDraft, Part } from './session-part.ts'
import { SessionRoom } from './session-room.ts'
import { sumOfTokens } from './token-sums.ts'

/** An edit that a tool wanted to make. */
export interface EditTold {
  /** As the tool names the file. */
  readonly path: string
  /** The lines that it writes: the new text of a replacement, the content of a file, the added lines of a patch. */
  readonly text: string
  /** The id of the call, where its result stands in a row of its own; until then the edit is `unanswered`. */
  readonly call?: string | undefined
  /** Default: `unanswered` with a call, `applied` without. */
  readonly verdict?: EditVerdict
  readonly acceptedBy?: AcceptedBy | undefined
}

/** A place in a session: what was told behind it can be taken back. */
export type Mark = number

/** Everything may be told in any order and any number of times; text that can be none of its kind is left out. */
export interface SessionSink {
  /**
   * The row that is being read is of this session. What is told until the next call is of it: a transcript may hold rows of others,
   * copied from where it goes on.
   */
  id(text: string): void
  /** Rows of this session are a copy: it is another one, from which this one goes on. */
  copied(text: string): void
  /** The record is kept by another tool than the one whose session it is, which it names so. */
  tool(name: string): void
  /** Its id within the session that started it. */
  agent(text: string): void
  /** Id of the session that started it; null: nothing did. */
  parent(text: string | null): void
  /** What it was started for, in words of the tool. */
  role(words: string): void
  version(text: string): void
  /** As it was said: what is no model is told apart here. */
  model(text: string): void
  /** RFC 3339, or milliseconds since 1970. */
  time(at: string | number): void
  /** A person asked this; the id of its row, where it has one that every copy of it has. */
  prompt(text: string, id?: string): void
  /** One answer of a model. Rows with one id are one answer, and of its tokens those count that were said last. */
  answer(id: string | undefined, tokens?: TranscriptTokens): void
  /** What a model said to whoever asked. Kept only where a log is made of it (`session-texts.ts`). */
  said(text: string): void
  edit(edit: EditTold): void
  /** What became of the edits of a call. */
  result(call: string, verdict: EditVerdict, acceptedBy?: AcceptedBy): void
  /** A command that it had a shell run. */
  shell(command: string): void
  /** A commit that the tool itself made, as it names it. */
  commit(id: string): void
  mark(): Mark
  /** The conversation went back to there: turns do not count any more, and edits are `undone`. */
  undo(since: Mark): void
  problem(code: TranscriptCode, detail: string): void
}

export interface MadeSession extends SessionSink {
  /** `tool`: whose session it is where nothing else is said. `name`: how the file is called; of several ids the one in it is that of the session. */
  end(
    tool: string,
    name: string,
  ): {
    readonly session: ToldSession
    readonly problems: readonly TranscriptProblem[]
    /** Without that name it would be another session, or none. */
    readonly isByName: boolean
  }
}

/** Of one call: a tool writes one, or a few as it goes on. Each is told to all edits of the call, so any number of both would take for ever. */
const mostResults = 16

const longestPath = 4_096

/** The salt: 16 bytes or more that are kept with the record, under which what was asked is hashed; made at the end, once, where it is of all that was told. */
export function newSessionSink(saltOrMade: Uint8Array | (() => Uint8Array)): MadeSession {
  const parts = new Map<string, Part>()
  const calls = new Map<string, CallDraft>()
  const problems: TranscriptProblem[] = []
  const order: { readonly part: Part; readonly kind: 'prompt' | 'edit'; readonly at: number }[] = []
  const undone = new Set<string>() // `${part index} ${prompt}`
  const partIndex = new Map<Part, number>()
  const names = new SessionNames()
  const room = new SessionRoom((detail) => problem('transcript-edits-cut', detail))
  let unnamed = 0
  let part = partOf('')

  function partOf(id: string): Part {
    const known = parts.get(id)
    if (known !== undefined) return known
    // Whoever names more is none of one session, and `end` says so.
    if (parts.size > mostNames) return part
    const made = newPart()
    partIndex.set(made, parts.size)
    parts.set(id, made)
    return made
  }

  function problem(code: TranscriptCode, detail: string): void {
    if (problems.length < limits.findings) problems.push({ code, detail })
  }

  /** One that is told again tells what came of it, unless it was taken back before. */
  function isTold(call: string, edit: EditDraft): boolean {
    const ofCall: CallDraft = calls.get(call) ?? { edits: [], told: new Map(), results: 0 }
    const same = sameEdit(edit)
    const known = ofCall.told.get(same)
    if (known !== undefined && known.verdict !== 'undone') {
      if (edit.verdict !== 'unanswered') known.verdict = edit.verdict
      known.acceptedBy = edit.acceptedBy ?? known.acceptedBy
      return true
    }
    ofCall.edits.push(edit)
    ofCall.told.set(same, edit)
    calls.set(edit.call ?? call, ofCall)
    return false
  }

  return {
    id(text) {
      const id = sessionId(text)
      if (id !== undefined) part = partOf(id)
    },
    copied: (text) => addName(names.copied, sessionId(text)),
    tool: (text) => names.addTool(text),
    agent: (text) => names.addAgent(text),
    parent(text) {
      if (text === null) names.hasNoParent = true
      else names.addParent(text)
    },
    role: (words) => names.addRole(words),
    version: (text) => addName(part.versions, names.named(toolVersion(text), hasWordsOfVersion)),
    model(text) {
      if (part.models.size < mostNames && !part.models.has(text))
        addName(part.models, names.named(modelName(text), hasWordsOfModel))
    },
    time(at) {
      const time = typeof at === 'number' ? milliseconds(at) : timeIn(at)
      if (time === undefined) return
      if (time < part.first) part.first = time
      if (time > part.last) part.last = time
    },
    prompt(text, id) {
      if (text.trim() === '' || !room.forPart()) return
      const digest = digestOfPrompt(text)
      const same = id === undefined ? (part.same.get(digest) ?? 0) : 0
      if (id === undefined) part.same.set(digest, same + 1)
      const key = id === undefined ? `${digest} ${same}` : copyOf(id)
      order.push({ part, kind: 'prompt', at: part.prompts.push({ digest, key }) - 1 })
    },
    answer(id, tokens) {
      const key = id === undefined ? ` ${(unnamed += 1)}` : copyOf(id)
      const known = part.answers.get(key)
      if (!part.answers.has(key) && !room.forPart()) return
      part.answers.set(key, tokens ?? known)
    },
    said: () => undefined,
    edit({ path, text, call, verdict = call === undefined ? 'applied' : 'unanswered', acceptedBy }) {
      if (path === '' || path.length > longestPath || path.includes('\0') || !room.forPart()) return
      const edit: EditDraft = {
        ...{ call: call === undefined ? undefined : copyOf(call), path: copyOf(path.replaceAll('\\', '/')) },
        ...{ verdict, acceptedBy, lines: room.keysOf(text) },
      }
      if (call !== undefined && isTold(call, edit)) return
      order.push({ part, kind: 'edit', at: part.edits.push(edit) - 1 })
    },
    result(call, verdict, acceptedBy) {
      const ofCall = calls.get(call)
      if (ofCall === undefined || ofCall.results === mostResults) return
      ofCall.results += 1
      for (const edit of ofCall.edits) {
        if (edit.verdict === 'undone') continue
        edit.verdict = verdict
        edit.acceptedBy = acceptedBy ?? edit.acceptedBy
      }
    },
    shell(command) {
      part.shellLines.push(...room.keysOf(command).slice(0, 10_000))
    },
    commit(id) {
      if (/^[0-9a-f]{7,64}$/.test(id) && part.commits.size < limits.claims) part.commits.add(id)
    },
    mark: () => order.length,
    undo(since) {
      for (const { part: of, kind, at } of order.splice(since)) {
        if (kind === 'prompt') undone.add(`${partIndex.get(of) ?? 0} ${at}`)
        else {
          const edit = of.edits[at]
          if (edit?.verdict === 'applied' || edit?.verdict === 'unanswered') edit.verdict = 'undone'
        }
      }
    },
    problem,
    end(tool, name) {
      const ids = [...parts.keys()].filter((it) => it !== '')
      const own = ownId(ids, { copied: names.copied, parents: names.parents, name })
      if (own === undefined) {
        problem(
          ids.length === 0 ? 'transcript-session-missing' : 'transcript-session-unclear',
          `${ids.length} sessions are named`,
        )
      }
      if (names.unclear > 0) problem('transcript-name-unclear', `${names.unclear} names`)
      const told = [parts.get(''), own === undefined ? undefined : parts.get(own)].filter((it) => it !== undefined)
      const all = own === undefined ? [...parts.values()] : told
      const prompts = all.flatMap((it) => it.prompts.filter((_, at) => !undone.has(`${partIndex.get(it) ?? 0} ${at}`)))
      const first = Math.min(...all.map((it) => it.first))
      const last = Math.max(...all.map((it) => it.last))
      const answers = new Map(all.flatMap((it) => [...it.answers]))
      const salt = typeof saltOrMade === 'function' ? saltOrMade() : saltOrMade
      return {
        session: {
          tool: names.toolOr(tool),
          session: own,
          agent: names.agent,
          toolVersions: [...new Set(all.flatMap((it) => [...it.versions]))],
          models: [...new Set(all.flatMap((it) => [...it.models]))],
          startedAt: Number.isFinite(first) ? new Date(first).toISOString() : undefined,
          endedAt: Number.isFinite(last) ? new Date(last).toISOString() : undefined,
          parent: parentOf(own, names.parents, names.hasNoParent, problem),
          role: names.role,
          turns: prompts.length,
          iterations: answers.size,
          tokens: sumOfTokens(answers.values()),
          asked: prompts.map((it) => it.key),
          answers,
          edits: packed(all.flatMap((it) => it.edits)),
          shellLines: Float64Array.from(all.flatMap((it) => it.shellLines)),
          commits: [...new Set(all.flatMap((it) => [...it.commits]))],
          prompts:
            prompts.length === 0
              ? undefined
              : { hash: hashOfPrompts(prompts, salt), salt: Buffer.from(salt).toString('hex') },
        },
        problems,
        isByName: own !== ownId(ids, { copied: names.copied, parents: names.parents, name: '' }),
      }
    },
  }
}

function milliseconds(at: number): number | undefined {
  return Number.isFinite(at) && at > 0 && at < 253_402_300_800_000 ? at : undefined
}
