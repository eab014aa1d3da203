/** What every row of the table of session readers promises. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readAgentCommit } from '../../src/collect/sessions/agent-commit/attestation.ts'
import { joinFindings } from '../../src/collect/sessions/join.ts'
import { modelName, normalModel } from '../../src/collect/sessions/models.ts'
import { portalFindings } from '../../src/collect/sessions/portal.ts'
import { sessionReaders } from '../../src/collect/sessions/readers/index.ts'
import { signatureFindings } from '../../src/collect/signatures/index.ts'
import { receiptFindings } from '../../src/collect/sessions/receipts.ts'
import { recordAttestationFindings } from '../../src/collect/signatures/record-signers.ts'
import { aiConfigurationFindings } from '../../src/collect/ai-configuration/findings.ts'
import { transcriptFindings } from '../../src/collect/transcripts/findings.ts'
import type { SessionReader } from '../../src/collect/sessions/readers/row.ts'
import { sessionId } from '../../src/collect/sessions/session-id.ts'
import { toolVersion as checkedVersion } from '../../src/collect/sessions/tool-version.ts'
import { walkFindings } from '../../src/collect/change/walk.ts'
import { isDigest, sha256Hex } from '../../src/model/digest.ts'
import { isUncounted } from '../../src/model/uncounted.ts'
import { linkages, roles } from '../../src/model/record.ts'
import { limits } from '../../src/model/limits.ts'
import type { Place } from '../../src/model/record.ts'
import type { SourceAnswer, SourceRefusal, VerifySource } from '../../src/model/source-statement.ts'
import { streamedRepository } from '../world/streamed-repository.ts'
import type { Scratch } from '../world/scratch-repository.ts'
import { readAlone } from './reader-alone.ts'
import type { Order, Reading } from './reader-alone.ts'
import { brokenNotes, notedIn, oneLine, worldsOfFiles } from './reader-world.ts'
import type { ReaderWorld } from './reader-world.ts'
import {
  checkpoint,
  claudeRow,
  codexRows,
  sessionMetadata,
  spawnedBy,
  storeOnBranch,
} from '../world/entire-checkpoint.ts'
import type { CheckpointFiles } from '../world/entire-checkpoint.ts'
import { gitAiNote } from '../world/git-ai-record.ts'
import { agentCommitStatement, bareEnvelope, traceRecord } from '../world/small-records.ts'
import { putRecord } from '../world/session-record.ts'
import { sourceStatement } from '../world/source-statement.ts'
import { part } from '../world/runs.ts'

const codex = (id: unknown, model: unknown = 'gpt-5.4'): object => ({ agent_id: { tool: 'codex', id, model } })

let files = 0

/** A note for a new commit whose only line is like no other. */
function noted(scratch: Scratch, contents: (commit: string) => string | Buffer): string {
  const commit = scratch.commit('change', { 'a.txt': `line ${(files += 1)}\n` })
  scratch.note(commit, contents(commit))
  return commit
}

const withSession = (commit: string, session: object, files = {}): string =>
  gitAiNote(commit, files, { sessions: { s_00000000000001: session } })

/** A commit by somebody else than Ann. */
function authored(scratch: Scratch, author: string, message: string): string {
  scratch.git(['commit', '--quiet', '--allow-empty', '-m', message, `--author=${author}`])
  return scratch.git(['rev-parse', 'HEAD'])
}

let checkpoints = 0

/** A commit that names a checkpoint, which holds these files. */
function checkpointed(scratch: Scratch, files: (id: string) => CheckpointFiles): string {
  const id = `c0ffee${String((checkpoints += 1)).padStart(6, '0')}`
  storeOnBranch(scratch, id, files(id))
  return scratch.commit(`change\n\nEntire-Checkpoint: ${id}`)
}

const ofCodex = { agent: 'Codex' }

/** A note for a new commit, with a line that `verifySource` below takes for a signed statement. */
function attested(scratch: Scratch, line: (commit: string) => string | Buffer): string {
  const commit = scratch.commit('change')
  scratch.note(commit, line(commit), 'refs/notes/commits')
  return commit
}

/** As if it had been signed: that it really is, is asked where signatures are (test/attest/source-statements.test.ts). */
const signed = (commit: string, id: string): string => JSON.stringify({ commit, id })

const verifySource: VerifySource = (bundle, commit) => {
  const attestation = readAgentCommit(bundle)
  const refused = (code: SourceRefusal): SourceAnswer => ({ outcome: 'refused', code, detail: code })
  if (attestation !== undefined && !attestation.isAbout(commit)) return Promise.resolve(refused('source-other-commit'))
  if (attestation !== undefined) {
    return Promise.resolve({ outcome: 'verified', statement: sourceStatement({ digest: sha256Hex(bundle) }) })
  }
  try {
    const said = JSON.parse(Buffer.from(bundle).toString('utf8')) as { commit?: string; id?: string }
    if (said.commit !== commit) return Promise.resolve(refused('source-other-commit'))
    return Promise.resolve({ outcome: 'verified', statement: sourceStatement({ digest: said.id ?? '' }) })
  } catch {
    return Promise.resolve(refused('source-malformed'))
  }
}

/** A new commit with one line, and the record of the edit as it was made before the commit, in the tree. */
function traced(scratch: Scratch, record: (parent: string) => string | Buffer): string {
  const path = join(scratch.folder, '.agent-trace/traces.jsonl')
  const before = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
  const parent = before.length === 0 ? scratch.commit('begin') : scratch.git(['rev-parse', 'HEAD'])
  const traces = Buffer.concat([before, Buffer.from(record(parent)), Buffer.from('\n')])
  return scratch.commit('change', { 'a.txt': `line ${(files += 1)}\n`, '.agent-trace/traces.jsonl': traces })
}

const worlds: { readonly [reader: string]: ReaderWorld } = {
  ...(await worldsOfFiles()),
  trailer: {
    says: { toolVersion: '1.0' },
    claim: (scratch, id) =>
      scratch.commit(`change\n\nAI-Session-ID: codex:${id}\nAI-Tool-Version: codex/1.0 (gpt-5.4)`),
    hostile: {
      'a person called Claude': (it) => it.commit('s\n\nCo-authored-by: Claude Monet <claude@example.org>'),
      'an id that is none': (it) => it.commit('s\n\nAI-Session-ID: codex:../../etc passwd'),
      'a megabyte of keys': (it) => it.commit('Assisted-by: '.repeat(80_000)),
      'binary bytes': (it) => it.commit(Buffer.from([0xff, 0xfe, 0x0a, 0x41, 0x80, 0x3a])),
      'an empty message': (it) => it.git(['commit', '--quiet', '--allow-empty', '--allow-empty-message', '-m', '']),
    },
  },
  'commit-identity': {
    isWithoutSession: true,
    claim: (scratch, id) => authored(scratch, 'Codex (gpt-5.4) <noreply@openai.com>', id),
    hostile: {
      'a person called Claude': (it) => authored(it, 'Claude Monet <claude@example.org>', 's'),
      "somebody else's account of its name": (it) => authored(it, 'x <1+copilot@users.noreply.github.com>', 's'),
      'a long name': (it) => authored(it, `${'a ('.repeat(10_000)} <${'b'.repeat(10_000)}@openai.com>`, 's'),
      'an empty name': (it) => authored(it, 'x <>', 's'),
    },
  },
  'entire-checkpoint': {
    says: { toolVersion: '0.130.0', startedAt: '2026-02-01T10:00:00.000Z' },
    claim: (scratch, id) =>
      checkpointed(scratch, (it) =>
        checkpoint(it, [sessionMetadata(it, id, ofCodex), codexRows(id, spawnedBy('the-planner', 'worker'))]),
      ),
    hostile: {
      'a checkpoint that is nowhere': (it) => it.commit('s\n\nEntire-Checkpoint: 000000000000'),
      'an id that is none': (it) => it.commit('s\n\nEntire-Checkpoint: ../../etc passwd'),
      'an example': (it) => it.commit('s\n\n```\nEntire-Checkpoint: c0ffee000001\n```'),
      'a checkpoint of nothing': (it) => checkpointed(it, () => ({ 'metadata.json': '' })),
      'deep metadata': (it) => checkpointed(it, (id) => checkpoint(id, ['{"a":'.repeat(100_000), codexRows('x')])),
      'a session of another shape': (it) => checkpointed(it, (id) => checkpoint(id, ['{"session_id":{}}', ''])),
      'a session of another checkpoint': (it) =>
        checkpointed(it, (id) => checkpoint(id, [sessionMetadata('c0ffee999999', 'x'), claudeRow('x')])),
      'an id of a session that is none': (it) =>
        checkpointed(it, (id) =>
          checkpoint(id, [sessionMetadata(id, 'ann@example.org'), claudeRow('ann@example.org')]),
        ),
      'random bytes': (it) =>
        checkpointed(it, () => ({
          'metadata.json': Buffer.from([0, 255, 10]),
          '0/metadata.json': Buffer.from([0, 255]),
        })),
    },
  },
  'agent-trace-note': {
    says: { toolVersion: '1.0', lines: 1 },
    claim: (scratch, id) =>
      notedIn(scratch, 'agent-trace', (revision) =>
        traceRecord(oneLine, { revision, url: `https://example.org/conversations/${id}` }),
      ),
    hostile: {
      ...brokenNotes('agent-trace'),
      'a record of another commit': (it) =>
        notedIn(it, 'agent-trace', () => traceRecord(oneLine, { revision: '2'.repeat(40) })),
      'a record of a person': (it) => notedIn(it, 'agent-trace', () => traceRecord(oneLine, { type: 'human' })),
      'a place on a machine': (it) =>
        notedIn(it, 'agent-trace', () => traceRecord(oneLine, { url: 'file:///home/ann/x.jsonl' })),
      'lines that never end': (it) => notedIn(it, 'agent-trace', () => traceRecord({ a: [[1, 1e300]] })),
    },
  },
  'agent-trace-file': {
    says: { toolVersion: '1.0', lines: 1 },
    claim: (scratch, id) =>
      traced(scratch, (revision) => traceRecord(oneLine, { revision, version: '1.0', metadata: { session_id: id } })),
    hostile: {
      words: (it) => traced(it, () => 'Reviewed-by: Ann'),
      'what others write': (it) => traced(it, () => '{"event":"start"}'),
      'deep JSON': (it) => traced(it, () => '{"files":'.repeat(100_000)),
      'a version that is none': (it) => traced(it, (revision) => traceRecord(oneLine, { revision, version: 'x' })),
      'a record of no commit': (it) => traced(it, () => traceRecord(oneLine)),
      'a record of another commit': (it) => traced(it, () => traceRecord(oneLine, { revision: '2'.repeat(40) })),
      'a record of a person': (it) =>
        traced(it, (revision) => traceRecord(oneLine, { revision, version: '1.0', type: 'human' })),
      'random bytes': (it) => traced(it, () => Buffer.from([0, 255, 123, 34, 0])),
    },
  },
  'agent-commit': {
    says: { toolVersion: '1.2.0', startedAt: '2026-11-01T10:00:00.000Z' },
    claim: (scratch, id) => attested(scratch, (commit) => bareEnvelope(agentCommitStatement(commit, id))),
    hostile: {
      'what people write to each other': (it) => attested(it, () => 'Reviewed-by: Ann'),
      'an attestation about another commit': (it) =>
        attested(it, () => bareEnvelope(agentCommitStatement('2'.repeat(40), 'x'))),
      'a statement that is none': (it) => attested(it, () => bareEnvelope({ subject: [] })),
      'an id that is none': (it) =>
        attested(it, (commit) => bareEnvelope(agentCommitStatement(commit, 'ann@example.org'))),
      'agents of another shape': (it) =>
        attested(it, (commit) => bareEnvelope(agentCommitStatement(commit, {}, { agent: [], subagents: [1, null] }))),
      'lines without end': (it) => attested(it, () => '{}\n'.repeat(10_000)),
      'random bytes': (it) => attested(it, () => Buffer.from([123, 0, 255, 10, 0, 123, 10, 123])),
    },
  },
  'git-ai-note': {
    says: { lines: 1 },
    claim: (scratch, id) => noted(scratch, (commit) => withSession(commit, codex(id), { 'a.txt': { s1: '1' } })),
    hostile: {
      'no note at all': (it) => noted(it, () => 'Reviewed-by: Ann'),
      nothing: (it) => noted(it, () => ''),
      'another base': (it) => noted(it, () => withSession('2'.repeat(40), codex('x'))),
      'the session of a bot that was made up': (it) =>
        noted(it, (commit) => withSession(commit, codex(commit, 'unknown'))),
      __proto__: (it) => noted(it, (commit) => gitAiNote(commit, {}).replace('"prompts"', '"__proto__"')),
      'deep metadata': (it) => noted(it, () => `---\n${'{"a":'.repeat(100_000)}`),
      'a record of another shape': (it) => noted(it, (commit) => withSession(commit, codex({ toString: 1 }))),
      'ranges that never end': (it) =>
        noted(it, (commit) => gitAiNote(commit, { 'a.txt': { s1: '1-99999999999999999999' } })),
      'random bytes': (it) => noted(it, () => Buffer.from([0, 255, 10, 45, 45, 45, 10, 0])),
    },
  },
  'session-record': {
    isUntied: true,
    says: { toolVersion: '0.130.0', startedAt: '2026-02-01T10:00:00.000Z' },
    claim: (scratch, id) => {
      const transcript = codexRows(id)
      putRecord(scratch, { tool: 'codex', session: id, transcript, card: { format: 'codex' } })
      return scratch.commit('change')
    },
    hostile: {
      'a ref of another name': (it) => it.git(['update-ref', 'refs/countersign/sessions/main', it.commit('s')]),
      'a ref at a commit of code': (it) =>
        it.git(['update-ref', `refs/countersign/sessions/${'a'.repeat(64)}`, it.commit('s')]),
      'a digest of other bytes': (it) => putRecord(it, { digest: 'b'.repeat(64) }),
      'an id that is none': (it) => putRecord(it, { session: '../../etc/passwd' }),
      'a transcript of nothing': (it) => putRecord(it, { transcript: '' }),
      'random bytes': (it) => putRecord(it, { transcript: '\u0000\u00ff{[' }),
      __proto__: (it) =>
        putRecord(it, { card: JSON.parse('{"__proto__":{"tool":"codex"}}') as object, transcript: 'x' }),
    },
  },
  'source-note': {
    isContext: true,
    claim: (scratch, id) => attested(scratch, (commit) => `${signed(commit, id)}\n`),
    hostile: {
      'what people write to each other': (it) => attested(it, () => 'Reviewed-by: Ann\n\nFine.'),
      nothing: (it) => attested(it, () => ''),
      'a statement about another commit': (it) => attested(it, () => signed('2'.repeat(40), 'x')),
      'lines without end': (it) => attested(it, () => '{}\n'.repeat(10_000)),
      'a note that is too large': (it) => attested(it, () => `{${' '.repeat(limits.sourceNoteBytes)}`),
      'a line that was cut off': (it) => attested(it, (commit) => signed(commit, 'x').slice(0, -9)),
      'random bytes': (it) => attested(it, () => Buffer.from([123, 0, 255, 10, 0, 123, 10, 123])),
    },
  },
}

type Given = Reading['records'][number]

async function read(scratch: Scratch, reader: SessionReader, order?: Order): Promise<Reading> {
  return readAlone(await scratch.open(), reader, verifySource, order)
}

/** What no record may break, whatever it was read from: it goes into a statement. */
function expectSound(record: Given, commits: readonly string[]): void {
  const { place, tool, session, toolVersion, models, startedAt, endedAt, parent, role, requester, change } = record
  expect(isPlace(place)).toBe(true)
  expect(tool).toMatch(/^[a-z0-9-]{1,60}$/)
  for (const id of [session, parent ?? undefined]) if (id !== undefined) expect(sessionId(id)).toBe(id)
  if (toolVersion !== undefined) expect(checkedVersion(toolVersion)).toBe(toolVersion)
  for (const model of models) expect(modelName(model)).toBe(model)
  for (const time of [startedAt, endedAt]) if (time !== undefined) expect(new Date(time).toISOString()).toBe(time)
  if (startedAt !== undefined && endedAt !== undefined) expect(endedAt >= startedAt).toBe(true)
  if (role !== undefined) expect(roles).toContain(role)
  if (requester !== undefined) expect(requester).toMatch(/^hmac-sha256:[0-9a-f]{64}$/)
  if (change === undefined) return
  expect(commits).toContain(change.commit)
  expect(linkages).toContain(change.linkage)
  const lines = change.edits?.linesAdded ?? 0
  expect(Number.isSafeInteger(lines) && lines >= 0).toBe(true)
}

function isPlace(place: Place): boolean {
  switch (place.kind) {
    case 'message':
    case 'identity':
    case 'file':
      return true
    case 'note':
      return place.ref.startsWith('refs/notes/') && (place.digest === undefined || isDigest('sha256', place.digest))
    case 'record':
      return isDigest('sha256', place.digest)
  }
}

describe('the table', () => {
  test('has a row for each file of the folder, under its name', () => {
    const folder = new URL('../../src/collect/sessions/readers/', import.meta.url)
    const files = readdirSync(folder).filter((it) => it !== 'index.ts' && it !== 'row.ts')
    expect(sessionReaders.map(({ id }) => `${id}.ts`)).toEqual(files.toSorted())
    expect(sessionReaders.every(({ title }) => title !== '')).toBe(true)
  })

  test('has a world here for each row', () => {
    expect(Object.keys(worlds).toSorted()).toEqual(sessionReaders.map(({ id }) => id))
  })

  test('says of each finding what it means, and so does the page of the schema', () => {
    const page = readFileSync(new URL('../../schemas/attribution/v1.md', import.meta.url), 'utf8')
    const others = [
      walkFindings,
      joinFindings,
      signatureFindings,
      recordAttestationFindings,
      portalFindings,
      receiptFindings,
      transcriptFindings,
      aiConfigurationFindings,
    ]
    const findings = [...sessionReaders.map((it) => it.findings), ...others]
    const rows = findings.flatMap((it) =>
      Object.entries(it).map(
        ([code, meaning]) => `| \`${code}\` | ${meaning} | ${isUncounted(code) ? 'nothing |' : '|'}`,
      ),
    )
    expect(rows.filter((row) => !page.includes(`${row}\n`))).toEqual([])
    // Those of which nothing counts are codes that there are.
    const listed = [...page.matchAll(/^\| `([a-z0-9-]+)` \| .* \| (?:nothing )?\|$/gm)].map(([, code = '']) => code)
    expect(listed.filter((code) => !findings.some((it) => code in it))).toEqual([])
  })
})

describe.for(
  part(
    sessionReaders.map((it) => [it.id, it] as const),
    3,
  ),
)('%s', ([id, reader]) => {
  const world = worlds[id]!
  const isSession = world.isContext !== true
  const silent = { records: [], findings: [], lines: [], sources: [] }
  const named = (session: string): string | undefined => (world.isWithoutSession === true ? undefined : session)
  const isTied = world.isUntied !== true
  const tiedTo = (commit: string): object => (isTied ? { change: { commit } } : { change: undefined })

  test('finds its own records, each with the commit that it names', async () => {
    const scratch = streamedRepository()
    const commits = [world.claim(scratch, 'one'), world.claim(scratch, 'two'), world.claim(scratch, 'one')]
    const { records, sources, findings } = await read(scratch, reader)
    expect(findings).toEqual([])
    const claimed = ['one', 'two', 'one'].map((id, at) => [id, commits[at]] as const)
    expect(
      records
        .map(({ tool, session, change, models }) => [tool, session, change?.commit, models.map(normalModel)])
        .toSorted(),
    ).toEqual(
      isSession
        ? claimed
            // What names no commit says of a session once what it says.
            .slice(0, isTied ? 3 : 2)
            .map(([id, commit]) => [world.tool ?? 'codex', named(id), isTied ? commit : undefined, ['gpt-5.4']])
            .toSorted()
        : [],
    )
    expect(sources.map(([commit, { digest }]) => [digest, commit]).toSorted()).toEqual(
      isSession ? [] : claimed.toSorted(),
    )
  })

  test('says the version of the tool, the time and the lines that its world says, and no other', async () => {
    const scratch = streamedRepository()
    world.claim(scratch, 'one')
    const { records } = await read(scratch, reader)
    const { toolVersion, startedAt, lines } = world.says ?? {}
    expect(
      records.map((it) => ({
        toolVersion: it.toolVersion,
        startedAt: it.startedAt,
        lines: it.change?.edits?.linesAdded,
      })),
    ).toEqual(isSession ? [{ toolVersion, startedAt, lines }] : [])
  })

  test('says nothing about a repository without any', async () => {
    const scratch = streamedRepository()
    scratch.commit('plain', { 'a.txt': 'a\n' })
    expect(await read(scratch, reader)).toMatchObject(silent)
  })

  test('leaves the records of the other readers to them', async () => {
    const scratch = streamedRepository()
    for (const [other, theirs] of Object.entries(worlds)) if (other !== id) theirs.claim(scratch, 'foreign')
    expect(await read(scratch, reader)).toMatchObject(silent)
  })

  test.for(part(Object.keys(world.hostile), 7))(
    'makes no session of %s, does not throw and still finds what is good',
    async (what) => {
      const scratch = streamedRepository()
      const commit = world.claim(scratch, 'good')
      world.hostile[what]?.(scratch)
      const { records, sources, findings } = await read(scratch, reader)
      const those = records.filter(({ session }) => session !== undefined || world.isWithoutSession === true)
      expect(those).toMatchObject(isSession ? [{ session: named('good'), ...tiedTo(commit) }] : [])
      expect(sources.map(([of, { digest }]) => [of, digest])).toEqual(isSession ? [] : [[commit, 'good']])
      for (const record of records) expectSound(record, scratch.git(['rev-list', 'HEAD']).split('\n'))
      for (const code of findings) expect(Object.keys(reader.findings)).toContain(code)
    },
  )

  test('says the same whatever the order of the commits is', async () => {
    const scratch = streamedRepository()
    for (const name of ['a', 'b', 'c', 'a']) world.claim(scratch, name)
    for (const make of Object.values(world.hostile)) make(scratch)
    const sorted = ({ records, findings, lines, sources }: Reading): unknown =>
      [records, findings, lines, sources].map((all) => all.map((it) => JSON.stringify(it)).toSorted())
    const forwards = await read(scratch, reader)
    expect(sorted(await read(scratch, reader, (commits) => commits.toReversed()))).toEqual(sorted(forwards))
    const commits = forwards.lines.map(([commit]) => commit)
    expect(new Set(commits).size).toBe(commits.length)
  })

  test('names only commits of the range', async () => {
    const scratch = streamedRepository()
    world.claim(scratch, 'old')
    scratch.git(['tag', 'v1'])
    const commit = world.claim(scratch, 'new')
    const { records, sources } = await read(scratch, reader, (commits) => commits.slice(0, 1))
    const told = isTied ? records : records.filter(({ session }) => session === 'new')
    expect(told).toMatchObject(isSession ? [{ session: named('new'), ...tiedTo(commit) }] : [])
    expect(sources.map(([of]) => of)).toEqual(isSession ? [] : [commit])
  })
})
