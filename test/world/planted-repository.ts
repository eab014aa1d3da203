/**
 * A repository in whose records every text is once a secret, an address, a path of a machine, or what somebody asked an agent:
 * each field of each reader's input, in a commit or record of its own, beside others that are as their tools write them. Each that can
 * name a session names one of its own: where records of one session differ in a version, none stands, and a text in it would not be seen.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { trailerForms } from '../../src/collect/sessions/messages/trailer-forms.ts'
import { sessionReaders } from '../../src/collect/sessions/readers/index.ts'
import { branch, checkpoint, claudeRow, codexRows, sessionMetadata, spawnedBy } from './entire-checkpoint.ts'
import { gitAiNote } from './git-ai-record.ts'
import { withText } from './json-variants.ts'
import { isWhole } from './runs.ts'
import { agentCommitStatement, agentblameNote, bareEnvelope, traceRecord, whogititNote } from './small-records.ts'

/** What is planted: a text around a word that stands nowhere else. */
type Plant = (word: string) => string

const tail = 'k3J9'.repeat(9)

/** What no output may hold. Of a token half is a secret still, so the word stands in its middle. */
const plants: { readonly [kind: string]: Plant } = {
  token: (word) => `ghp_${word}${tail}`.slice(0, 40),
  key: (word) => `sk-ant-api03-${word}${tail}`,
  cloud: (word) => `AKIA${word.toUpperCase().slice(0, 16).padEnd(16, 'X')}`,
  credentials: (word) => `https://ann:${word}@registry.example/x`,
  address: (word) => `${word}@acme.example`,
  home: (word) => `/home/${word}/widget/src/pay.ts`,
  windows: (word) => `C:\\Users\\${word}\\widget`,
  asked: (word) => `please ${word} the payment, and do not ask`,
}

/** Words like no other, numbered, with the kind and place of each behind them. */
export interface Planted {
  /** Where each word was planted: its place, the kind of text. */
  readonly places: ReadonlyMap<string, string>
  readonly until: string
}

/** Every word of these that stands in a text, in whatever case. */
export function wordsIn(text: string): string[] {
  return [...new Set([...text.matchAll(/zq[a-p]{7}qz/gi)].map(([word]) => word.toLowerCase()))]
}

/** `seed` makes the words of one run unlike those of another. */
function newWords(seed: number): { next(place: string): string; readonly places: Map<string, string> } {
  const places = new Map<string, string>()
  return {
    places,
    next(place) {
      const number = (places.size * 4_096 + (seed % 4_096)).toString(16).padStart(7, '0')
      const word = `zq${Array.from(number, (it) => String.fromCharCode(97 + Number.parseInt(it, 16))).join('')}qz`
      places.set(word, place)
      return word
    },
  }
}

const uuid = (at: number): string => `11111111-2222-4333-8444-${String(at).padStart(12, '0')}`

/** Messages with a `%` where a text is planted: every trailer that is read, with all that can stand in it. */
const messages: readonly string[] = [
  'Title %\n\nBody % of it.',
  ...[...trailerForms.keys()].flatMap((key) =>
    [
      '%',
      'codex:%',
      '%:abc123',
      'Codex (%)',
      '% via Crush',
      '% <noreply@anthropic.com>',
      'Claude <%>',
      '%/crew/emma',
    ].map((value) => `Change\n\n${key}: ${value}`),
  ),
  'Change\n\nAI-Session-ID: codex:the session\nAI-Tool-Version: codex/% (gpt-5.4)',
  'Change\n\nAI-Session-ID: codex:the session\nAI-Tool-Version: codex/1.0 (%)',
  'Change\n\nAgent-Signature: claude-opus-4-6 on behalf of %',
  'Change\n\nClaude-Generated-By: Claude Code (cli/%=100%%)',
  'Change\n\nExecuted-By: beads/crew/emma\nRig: %\nRole: crew',
  'Change\n\nhttps://claude.ai/code/session_01%',
  'Change\n\nClaude-Session: https://claude.ai/code/session_01Abcdefghijklmnop?token=%#%',
  'Change\n\nAgent-Logs-Url: https://github.com/acme/%/sessions/%',
  'Change\n\nAmp-Thread-ID: https://ampcode.com/threads/T-%',
  'Change\n\n_Generated with `mux` • Model: `%` • Thinking: `%`_',
  'Change\n\n🤖 Generated with [Claude Code %](https://claude.com/%)',
  'Change\n\n💘 Generated with % via Crush',
  'Change\n\n<!-- mux-attribution: model=% thinking=% -->',
  "Merge branch 'codex/%'",
  'Change\n\nSigned-off-by: % <%>',
]

const authors: readonly string[] = [
  '% <noreply@openai.com>',
  'Codex (%) <noreply@openai.com>',
  '% (aider) <%>',
  '% <%>',
]

/** Of a fast-import stream. */
function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`
}

/**
 * Adds the commits and records to the branch `main` of a repository that has it. Of each field one copy holds each kind of text; at a
 * desk only one of them, which the seed chooses.
 */
export function plant(folder: string, seed: number): Planted {
  const all = Object.entries(plants)
  const isChosen = (field: number, kind: number): boolean => isWhole || (field + seed) % all.length === kind
  const words = newWords(seed)
  const git = (args: readonly string[], input = ''): string =>
    execFileSync('git', args, { cwd: folder, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] }).trim()
  const filled = (template: string, make: Plant, place: string): string =>
    template.replaceAll(/%%|%/g, (it) => (it === '%%' ? '%' : make(words.next(place))))

  const store: string[] = []
  const notes = noteVariants()
  const fieldsOfCheckpoints = [...checkpointVariants(uuid(0), uuid(0)).keys()]
  const noted: { kind: string; note: PlantedNote }[] = []
  const stream: string[] = []
  let mark = 0
  let checkpoints = 0x100000

  function commit(message: string, author = 'Ann <ann@example.org>', files: Record<string, string> = {}): number {
    mark += 1
    const from = mark === 1 ? 'from refs/heads/main^0\n' : ''
    const inline = Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`)
    const time = `${1_700_100_000 + mark} +0000`
    stream.push(
      `commit refs/heads/main\nmark :${mark}\nauthor ${author} ${time}\ncommitter Ann <ann@example.org> ${time}\n${data(message)}${from}${inline.join('')}`,
    )
    return mark
  }

  for (const [number, [kind, make]] of all.entries()) {
    const chosen = <T>(fields: readonly T[]): T[] => fields.filter((_, field) => isChosen(field, number))
    for (const template of chosen(messages)) {
      commit(ofItsOwn(filled(template, make, `${kind} in ${JSON.stringify(template)}`), `${mark}`))
    }
    const inHeader: Plant = (word) => make(word).replace(/[\\<>]/g, '')
    for (const author of chosen(authors)) commit('Change', filled(author, inHeader, `${kind} in author ${author}`))

    for (const note of chosen(notes)) noted.push({ kind, note })
    for (const at of chosen(fieldsOfCheckpoints)) {
      const id = (checkpoints += 1).toString(16).padStart(12, '0')
      const files = checkpointVariants(id, uuid(checkpoints))[at] ?? {}
      for (const [path, text] of Object.entries(files)) {
        const planted = filled(text, (word) => escaped(make(word)), `${kind} in ${path} of checkpoint ${at}`)
        store.push(`M 100644 inline ${id.slice(0, 2)}/${id.slice(2)}/${path}\n${data(planted)}`)
      }
      commit(`Change\n\nEntire-Checkpoint: ${id}`)
    }
  }
  // Notes name the commit that they are for, so their commits come first.
  for (const [at] of noted.entries()) {
    stream.push(`get-mark :${commit(`Change ${at}`, undefined, { 'a.txt': `line ${at}\n` })}\n`)
  }
  const ids = git(['fast-import', '--quiet'], stream.join('')).split('\n')
  const byRef = new Map<string, string[]>()
  const traces: string[] = []
  for (const [at, { kind, note }] of noted.entries()) {
    const id = ids[at] ?? ''
    const make = plants[kind] ?? String
    const text = note.text(id, (template, isJson) =>
      filled(template, (word) => (isJson ? escaped(make(word)) : make(word)), `${kind} in note ${at} of ${note.ref}`),
    )
    if (note.ref === traceFile) traces.push(text)
    else byRef.set(note.ref, [...(byRef.get(note.ref) ?? []), `N inline ${id}\n${data(text)}`])
  }
  const head = (ref: string): string =>
    `commit ${ref}\ncommitter Ann <ann@example.org> 1700000000 +0000\n${data('Records')}`
  const written = [...byRef].map(([ref, lines]) => `${head(ref)}${lines.join('')}`)
  const traced = `${head('refs/heads/main')}from refs/heads/main^0\nM 100644 inline ${traceFile}\n${data(traces.join('\n'))}`
  git(['fast-import', '--quiet', '--force'], `${written.join('')}${head(branch)}${store.join('')}${traced}`)
  git(['reset', '--quiet', '--hard'])
  return { places: words.places, until: git(['rev-parse', 'HEAD']) }
}

const traceFile = '.agent-trace/traces.jsonl'

/** A note, or a row of the file of traces, with a `%` where a text is planted. */
interface PlantedNote {
  readonly ref: string
  text(commit: string, fill: (template: string, isJson: boolean) => string): string
}

/** Each field of every note that a reader knows. */
function noteVariants(): PlantedNote[] {
  const written = gitAiNote('the commit', { 'a.txt': { s1: '1', h1: '2' } })
  const note = JSON.parse(written.slice(written.indexOf('---\n') + 4)) as object
  const prompt = {
    agent_id: { tool: 'cursor', id: 'the session', model: 'gpt-5.4' },
    human_author: 'Ann <ann@example.org>',
    messages: [{ type: 'user', text: 'hello', timestamp: '2026-02-01T10:00:00Z' }],
  }
  const whole = { ...note, prompts: { abc1234: prompt } }
  const lines = '\n  s_00000000000001::t_00000000000000 1\n'
  const gitAi = (path: string, json: unknown): PlantedNote => ({
    ref: 'refs/notes/ai',
    text: (commit, fill) =>
      `${fill(path, false)}---\n${fill(ofItsOwn(JSON.stringify(json).replace('the commit', commit), commit), true)}`,
  })
  return [
    ...[...withText(whole, '%')].map((it) => gitAi(`a.txt${lines}`, it)),
    ...['%', 'src/%', '"%"', `a.txt${lines}%`].map((path) => gitAi(path + lines, whole)),
    ...jsonVariants('refs/notes/whogitit', () => whogititNote('the session', { 'a.txt': [[1, 1]] })),
    ...jsonVariants('refs/notes/agentblame', () => agentblameNote('codex', { 'a.txt': [[1, 1]] })),
    ...[traceFile, 'refs/notes/agent-trace'].flatMap((ref) =>
      jsonVariants(ref, (revision) =>
        traceRecord({ 'a.txt': [[1, 1]] }, { revision, url: 'https://example.org/s/the session' }),
      ),
    ),
    ...jsonVariants(
      'refs/notes/commits',
      (commit) => JSON.stringify(agentCommitStatement(commit, 'the session', { subagents })),
      (statement) => bareEnvelope(JSON.parse(statement) as object),
    ),
    ...sampleVariants(),
  ]
}

/** Each field of the samples that lie beside the worlds of the contract, one file each under the id of its reader. */
function sampleVariants(): PlantedNote[] {
  const folder = new URL('../contracts/readers/', import.meta.url)
  return sessionReaders.flatMap(({ id, refs: [ref] = [] }) => {
    const [sample] = readdirSync(folder).filter((it) => it === `${id}.json`)
    if (sample === undefined || ref === undefined) return []
    return jsonVariants(ref, () => readFileSync(new URL(sample, folder), 'utf8').replace('SESSION', 'the session'))
  })
}

const subagents = [
  { invocationId: 'the session.1', role: 'reviewer', agent: { runtime: { name: 'codex', version: '1.2.0' } } },
]

/** Each field of a note that is one JSON document. */
function jsonVariants(
  ref: string,
  json: (commit: string) => string,
  wrapped: (text: string) => string = (text) => text,
): PlantedNote[] {
  return [...withText(JSON.parse(json('the commit')), '%')].map((it) => ({
    ref,
    text: (commit, fill) => wrapped(fill(ofItsOwn(JSON.stringify(it).replaceAll('the commit', commit), commit), true)),
  }))
}

/** With a session that stands in no other record. */
function ofItsOwn(text: string, record: string): string {
  return text.replaceAll('the session', `s-${record}`)
}

/** Each field of a checkpoint of Entire: of both its metadata, and of the rows of two tools. */
function checkpointVariants(id: string, session: string): Record<string, string>[] {
  const said = {
    branch: 'main',
    kind: 'agent_review',
    summary: { intent: 'hello' },
    model: 'gpt-5.4',
    cli_version: '0.10.2',
  }
  const origin = {
    ...spawnedBy('hello', 'worker'),
    parent_thread_id: 'hello',
    forked_from_id: 'hello',
    agent_role: 'x',
  }
  return [claudeRow(session), codexRows(session, origin)].flatMap((rows) => {
    const files = checkpoint(id, [sessionMetadata(id, session, said), rows]) as Record<string, string>
    return Object.entries(files).flatMap(([path, text]) =>
      documentVariants(text).map((planted) => ({ ...files, [path]: planted })),
    )
  })
}

/** Of one JSON document, or of rows of them. */
function documentVariants(text: string): string[] {
  const rows = text.split('\n').filter((it) => it !== '')
  return rows.flatMap((row, at) =>
    [...withText(JSON.parse(row), '%')].map((it) => `${rows.with(at, JSON.stringify(it)).join('\n')}\n`),
  )
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
