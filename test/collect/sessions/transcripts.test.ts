/** Transcripts as the records of the sessions that commits name: which count, what is kept, and what nobody may learn of them. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collectRange } from '../../../src/attest/range.ts'
import type { RangeRequest } from '../../../src/attest/asked-range.ts'
import { sha256Hex } from '../../../src/model/digest.ts'
import type { RangeReport, ReportedSession } from '../../../src/model/range-report.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { scratchIn } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'

const id = '6f1c7a52-1d0e-4b3a-9c55-0d7f3a1b2c44'
const other = '0a9b8c7d-6e5f-4a3b-8c1d-2e3f4a5b6c7d'
const lines = Array.from({ length: 8 }, (_, at) => `const counted${at} = 'a line that counts'\n`)
const secret = `ghp_${'Ab3'.repeat(12)}`

let scratch: Scratch
let home: string
beforeAll(() => {
  scratch = scratchIn(mkdtempSync(join(tmpdir(), 'countersign-git-')))
  scratch.git(['init', '--quiet', '--initial-branch=main'])
  scratch.commit('Begin', { 'a.txt': 'a\n' })
  scratch.git(['tag', 'v1.0.0'])
  scratch.commit(`Count\n\nAI-Session-ID: claude-code:${id}\n`, { 'src/count.ts': lines.join('') })
})
afterAll(() => rmSync(scratch.folder, { recursive: true }))

function rows(
  session: string,
  more: { readonly prompt?: string; readonly text?: string; readonly agent?: string; readonly hour?: number } = {},
): string {
  const { prompt = 'PLANTEDPROMPT', text = lines.slice(0, 6).join(''), agent, hour = 10 } = more
  const call = `w${agent ?? ''}${hour}`
  const row = (at: number, type: string, message: object): string =>
    `${JSON.stringify({
      ...{
        type,
        uuid: `u${at}-${hour}`,
        sessionId: session,
        timestamp: `2026-03-01T${hour}:00:0${at}.000Z`,
        version: '2.1.40',
        message,
      },
      ...(agent === undefined ? {} : { isSidechain: true, agentId: agent }),
    })}\n`
  const write = {
    type: 'tool_use',
    id: call,
    name: 'Write',
    input: { file_path: '/home/ann/x/src/count.ts', content: text },
  }
  const result = { type: 'tool_result', tool_use_id: call, content: 'ok' }
  return [
    row(1, 'user', { role: 'user', content: prompt }),
    row(2, 'assistant', { id: `m${call}`, model: 'claude-opus-4-6', content: [write] }),
    row(3, 'user', { role: 'user', content: [result] }),
  ].join('')
}

/** As the record has it. */
function plain(text: string): string {
  return text.replaceAll('/home/ann/', '~/')
}

/** A home with these files in it, for one look. */
async function look(
  files: { readonly [name: string]: string },
  request: (home: string) => RangeRequest,
): Promise<RangeReport> {
  home = mkdtempSync(join(tmpdir(), 'countersign-home-'))
  try {
    for (const [name, contents] of Object.entries(files)) {
      mkdirSync(dirname(join(home, name)), { recursive: true })
      writeFileSync(join(home, name), contents)
    }
    const env = { PATH: process.env['PATH'], HOME: home }
    return await collectRange({ network: 'none', world: { cwd: scratch.folder, env }, ...request(home) })
  } finally {
    rmSync(home, { recursive: true })
  }
}

const given = (home: string, ...names: string[]): RangeRequest => ({ transcripts: names.map((it) => join(home, it)) })

function only({ sessions }: RangeReport): ReportedSession {
  const [session, ...others] = sessions
  if (session === undefined || others.length > 0) throw new Error(`${sessions.length} sessions`)
  return session
}

const codes = ({ findings }: RangeReport): string[] => findings.map(({ code }) => code)

describe('a transcript', () => {
  test('is the record of the session that a commit names', async () => {
    const text = rows(id)
    const report = await look({ [`${id}.jsonl`]: text }, (it) => given(it, `${id}.jsonl`))
    expect(only(report)).toMatchObject({
      ...{ tool: 'claude-code', id, level: 'recorded', digest: { sha256: sha256Hex(Buffer.from(plain(text))) } },
      ...{ readers: ['trailer', 'transcript'], toolVersion: '2.1.40', models: ['claude-opus-4-6'], iterations: 1 },
      transcript: { format: 'claude-code', files: 1, turns: 1, edits: { applied: 1 } },
      corroborated: { counted: 8, sameFile: 6, otherFile: 0, moved: 0, shell: 0, rejected: 0 },
    })
    expect(report.changes[0]?.sessions[0]?.corroborated).toMatchObject({ counted: 8, sameFile: 6 })
    expect(codes(report)).toEqual([])
    const said = JSON.stringify(report)
    for (const it of ['PLANTEDPROMPT', '/home/', 'counted1']) expect(said).not.toContain(it)
  })

  test('of another session is the record of none here, and told where it was named', async () => {
    const files = { [`t/${other}.jsonl`]: rows(other) }
    const named = await look(files, (it) => given(it, `t/${other}.jsonl`))
    expect([only(named).level, codes(named)]).toEqual(['claimed', ['record-unclaimed']])
    // A folder holds what it holds.
    const inFolder = await look(files, (it) => given(it, 't'))
    expect([only(inFolder).level, codes(inFolder)]).toEqual(['claimed', []])
  })

  test('that names the session of another tool is not its record', async () => {
    const codex = JSON.stringify({ timestamp: '2026-03-01T10:00:00Z', type: 'session_meta', payload: { id } })
    const report = await look({ 'x.jsonl': `${codex}\n` }, (it) => given(it, 'x.jsonl'))
    expect([only(report).level, codes(report)]).toEqual(['claimed', ['record-unclaimed']])
    const inFolder = await look({ 'x.jsonl': `${codex}\n` }, (it) => given(it, '.'))
    expect([only(inFolder).level, codes(inFolder)]).toEqual(['claimed', []])
  })

  test('that names two sessions raises neither', async () => {
    const report = await look({ 'x.jsonl': rows(id) + rows(other) }, (it) => given(it, 'x.jsonl'))
    expect([only(report).level, codes(report)]).toEqual(['claimed', ['transcript-session-unclear']])
  })

  test('that goes further is the record, and what both have counts once', async () => {
    const more = rows(id) + rows(id, { text: lines[7] ?? '', hour: 11 })
    const report = await look({ 'a.jsonl': rows(id), 'b.jsonl': more }, (it) => given(it, 'a.jsonl', 'b.jsonl'))
    expect(only(report)).toMatchObject({
      digest: { sha256: sha256Hex(Buffer.from(plain(more))) },
      ...{ iterations: 2, transcript: { files: 2, turns: 2, edits: { applied: 2 } }, corroborated: { sameFile: 7 } },
    })
  })

  test('of an agent is told with the session that started it', async () => {
    const agent = rows(id, { agent: 'a1b2', text: lines[7] ?? '' })
    const files = { [`${id}.jsonl`]: rows(id), [`${id}/subagents/agent-a1b2.jsonl`]: agent }
    const session = only(await look(files, (it) => given(it, '.')))
    expect(session.transcript).toMatchObject({
      ...{ files: 2, turns: 1, edits: { applied: 2 } },
      agents: [{ id: 'a1b2', models: ['claude-opus-4-6'], digest: { sha256: sha256Hex(Buffer.from(plain(agent))) } }],
    })
    expect(session).toMatchObject({ level: 'recorded', corroborated: { sameFile: 7 } })
    // The agent's alone is no record of the session.
    expect(only(await look({ 'agent-a1b2.jsonl': agent }, (it) => given(it, 'agent-a1b2.jsonl'))).level).toBe('claimed')
  })
})

describe('transcripts that agents keep', () => {
  const folder = '.claude/projects/-home-ann-x'

  test('are looked at for the sessions that commits name, and for no others', async () => {
    const files = {
      [`${folder}/${id}.jsonl`]: rows(id),
      [`${folder}/${other}.jsonl`]: `${rows(other)}broken\n`,
      [`.codex/sessions/2026/rollout-${other}.jsonl`]: '{"type":"session_meta","payload":{"id":1}}\n',
    }
    const said: string[] = []
    const report = await look(files, (it) => ({
      localTranscripts: true,
      world: {
        cwd: scratch.folder,
        env: { PATH: process.env['PATH'], HOME: it },
        progress: (message) => said.push(message),
      },
    }))
    expect([only(report).level, codes(report)]).toEqual(['recorded', []])
    // Others are not even opened.
    expect(said.filter((it) => it.startsWith('reading transcripts'))).toEqual(['reading transcripts: 1'])
    expect(JSON.stringify(report)).not.toContain(other)
    expect(only(await look(files, () => ({}))).level).toBe('claimed')
  })

  test('are found where an environment says that they are', async () => {
    const files = { [`elsewhere/projects/x/${id}.jsonl`]: rows(id) }
    const world = (it: string): RangeRequest['world'] => ({
      cwd: scratch.folder,
      env: { PATH: process.env['PATH'], HOME: '/nowhere', CLAUDE_CONFIG_DIR: join(it, 'elsewhere') },
    })
    const report = await look(files, (it) => ({ localTranscripts: true, world: world(it) ?? {} }))
    expect(only(report).level).toBe('recorded')
  })
})

describe('a record that is kept', () => {
  test('is the redacted form under its digest, which nobody else may read, with its salt', async () => {
    const kept = mkdtempSync(join(tmpdir(), 'countersign-kept-'))
    try {
      const text = rows(id, { prompt: `use the token ${secret} to push` })
      const files = { [`${id}.jsonl`]: text, [`${other}.jsonl`]: rows(other) }
      const report = await look(files, (it) => ({ ...given(it, '.'), keepRecords: kept }))
      const { digest, transcript } = only(report)
      const sha256 = digest?.sha256 ?? ''
      expect(readdirSync(kept).sort()).toEqual([`${sha256}.json`, `${sha256}.jsonl`])
      const record = readFileSync(join(kept, `${sha256}.jsonl`))
      expect(sha256Hex(record)).toBe(sha256)
      expect(record.toString()).not.toContain(secret)
      expect(transcript?.redaction).toMatchObject({ count: 1 })
      expect(statSync(join(kept, `${sha256}.jsonl`)).mode & 0o77).toBe(0)
      const card = JSON.parse(readFileSync(join(kept, `${sha256}.json`), 'utf8')) as {
        prompts: { hash: string; salt: string }
      }
      expect(card).toMatchObject({ session: id, tool: 'claude-code', prompts: { hash: transcript?.prompts } })
      // What is signed alone does not let anybody try prompts.
      expect(JSON.stringify(report)).not.toContain(card.prompts.salt)
      expect(JSON.stringify(report)).not.toContain(secret)
      // Whoever has the record finds all of it again.
      const again = await look({ [`${id}.jsonl`]: record.toString() }, (it) => given(it, '.'))
      expect(only(again)).toMatchObject({ digest, iterations: 1, transcript: { turns: 1, redaction: { count: 0 } } })
    } finally {
      rmSync(kept, { recursive: true })
    }
  })
})

describe('nothing is read through what a commit can bring', () => {
  test('a link in the checkout is refused, and one in a folder is passed over', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'countersign-outside-'))
    try {
      writeFileSync(join(outside, `${id}.jsonl`), rows(id))
      mkdirSync(join(scratch.folder, 'logs'))
      symlinkSync(join(outside, `${id}.jsonl`), join(scratch.folder, 'logs', `${id}.jsonl`))
      const run = (path: string): Promise<RangeReport> => look({}, () => ({ transcripts: [path] }))
      expect(await codeOfAsync(() => run(`logs/${id}.jsonl`))).toBe('symlink-in-checkout')
      // Wherever in the checkout this runs.
      mkdirSync(join(scratch.folder, 'sub'), { recursive: true })
      const inSub = { cwd: join(scratch.folder, 'sub'), env: { PATH: process.env['PATH'] } }
      const fromSub: RangeRequest = { network: 'none', transcripts: [`../logs/${id}.jsonl`], world: inSub }
      expect(await codeOfAsync(() => collectRange(fromSub))).toBe('symlink-in-checkout')
      expect(only(await run('logs')).level).toBe('claimed')
      expect(await codeOfAsync(() => run('nowhere.jsonl'))).toBe('path-missing')
      expect(await codeOfAsync(() => look({}, () => ({ keepRecords: 'x' })))).toBe('usage')
    } finally {
      rmSync(join(scratch.folder, 'logs'), { recursive: true, force: true })
      rmSync(outside, { recursive: true })
    }
  })

  test('what has the form of a transcript and tells nothing is told where it was named', async () => {
    const nothing = '{"type":"queue-operation","sessionId":"not an id"}\n'
    const named = await look({ 'x.jsonl': nothing, [`${id}.jsonl`]: rows(id) }, (it) => given(it, 'x.jsonl'))
    expect([only(named).level, codes(named)]).toEqual(['claimed', ['transcript-session-missing']])
    expect(codes(await look({ 'x.jsonl': nothing }, (it) => given(it, '.')))).toEqual([])
  })

  test('what is no transcript, or a broken one, is told by its name', async () => {
    const files = { 'notes.txt': 'nothing of the kind\n', 'half.jsonl': rows(id).slice(0, -20), 'empty.jsonl': '' }
    const report = await look(files, (it) => given(it, 'notes.txt', 'half.jsonl', 'empty.jsonl'))
    expect(codes(report)).toEqual(['transcript-cut', 'transcript-unknown'])
    expect(report.findings.flatMap(({ kept }) => kept.map(({ detail }) => detail)).sort()).toEqual([
      'empty.jsonl',
      'half.jsonl: the last row',
      'notes.txt',
    ])
  })
})
