/** The readers of small formats among the others: which change a record is of, and what an attestation is worth. */
import { expect, test } from 'vitest'
import { resolveRange } from '../../../../src/collect/git/history.ts'
import { collectChanges } from '../../../../src/collect/sessions/index.ts'
import { draftClaims } from '../../../../src/collect/sessions/line-claims.ts'
import { lineNoteReader } from '../../../../src/collect/sessions/line-notes.ts'
import type { NoteFormat } from '../../../../src/collect/sessions/line-notes.ts'
import { agentCommit } from '../../../../src/collect/sessions/readers/agent-commit.ts'
import { agentTraceFile } from '../../../../src/collect/sessions/readers/agent-trace-file.ts'
import { sourceNote } from '../../../../src/collect/sessions/readers/source-note.ts'
import type { SessionReader } from '../../../../src/collect/sessions/readers/row.ts'
import type { CollectedSessions } from '../../../../src/model/facts.ts'
import { limits } from '../../../../src/model/limits.ts'
import type { VerifySource } from '../../../../src/model/source-statement.ts'
import { scratchRepository } from '../../../world/scratch-repository.ts'
import type { Scratch } from '../../../world/scratch-repository.ts'
import { agentCommitStatement, bareEnvelope, traceRecord } from '../../../world/small-records.ts'
import { sourceStatement } from '../../../world/source-statement.ts'

async function collect(
  scratch: Scratch,
  readers: readonly SessionReader[],
  verifySource?: VerifySource,
): Promise<CollectedSessions> {
  const repository = await scratch.open()
  const range = await resolveRange(repository, { allowShallow: 'refuse' })
  return (await collectChanges(repository, range, readers, undefined, { verifySource })).sessions
}

const traces = '.agent-trace/traces.jsonl'

test('a trace is of the change whose lines it names, whichever commit its writer names', async () => {
  const scratch = scratchRepository()
  const first = scratch.commit('first', { 'a.txt': '1\n2\n', 'b.txt': 'b\n' })
  const second = scratch.commit('second', { 'a.txt': '1\n2\n3\n4\n' })
  const record = (session_id: string, revision: string, version: string, lines: readonly [number, number]): string =>
    traceRecord({ 'a.txt': [lines] }, { revision, version, metadata: { session_id } })
  scratch.commit('third', {
    [traces]: [
      record('before', first, '1.0', [3, 4]), // as the reference implementation writes
      record('itself', second, '0.1.0', [3, 3]), // as the specification says
      record('exact', first, '0.1.0', [4, 4]), // one that names the commit before, under a version that does not
      record('nowhere', '2'.repeat(40), '0.1.0', [1, 1]),
    ].join('\n'),
  })
  const { sessions, findingCounts } = await collect(scratch, [agentTraceFile])
  expect(sessions.map(({ id, commits, lines }) => [id, commits, lines?.added])).toEqual([
    ['before', [second], 0], // what was written later stands
    ['exact', [second], 1],
    ['itself', [second], 1],
  ])
  expect(findingCounts).toEqual({})
})

test('a file of traces that is too large to be read was not looked at, which is not that nothing is in it', async () => {
  const scratch = scratchRepository()
  scratch.commit('one', { [traces]: Buffer.alloc(limits.traceBytes + 1, 0x20) })
  const { readers, findingCounts } = await collect(scratch, [agentTraceFile])
  expect(readers[0]).toMatchObject({ reader: 'agent-trace-file', outcome: 'could-not-look', claims: 0 })
  expect(findingCounts).toEqual({})
})

test('a trace that can be of several changes is of none', async () => {
  const scratch = scratchRepository()
  const first = scratch.commit('first')
  scratch.git(['checkout', '--quiet', '-b', 'side'])
  scratch.commit('side', { 'a.txt': '1\n' })
  scratch.git(['checkout', '--quiet', 'main'])
  scratch.commit('own', { 'a.txt': '1\n' })
  scratch.git(['merge', '--quiet', '--no-edit', 'side'])
  scratch.commit('traces', { [traces]: traceRecord({ 'a.txt': [[1, 1]] }, { revision: first, version: '1.0' }) })
  const { sessions, findingCounts } = await collect(scratch, [agentTraceFile])
  expect(sessions).toEqual([])
  expect(findingCounts).toEqual({ 'trace-commit-unknown': 1 })
})

const ofSessions: NoteFormat = {
  ...{ id: 'made-up-note', title: 'made-up notes', ref: 'refs/notes/made-up' },
  read(contents) {
    const draft = draftClaims()
    draft.agent({ tool: 'codex', session: contents.toString().trim(), toolVersion: undefined, models: [] })
    return draft.claims()
  },
}

test.for([
  ['that has no lines says of none, and not that there are none', { ...ofSessions, isWithoutLines: true }, undefined],
  ['that could name lines, and names none, says that there are none', ofSessions, { added: 0 }],
] as const)('a note %s', async ([, format, lines]) => {
  const scratch = scratchRepository()
  const commit = scratch.commit('one', { 'a.txt': '1\n' })
  scratch.note(commit, 'run', format.ref)
  const { sessions, readers } = await collect(scratch, [lineNoteReader(format)])
  expect(sessions).toMatchObject([{ tool: 'codex', id: 'run', commits: [commit] }])
  expect(sessions[0]?.lines).toEqual(lines)
  expect(readers[0]).toMatchObject({ outcome: 'found', claims: 1 })
})

const digest = 'd'.repeat(64)
const verified: VerifySource = () => Promise.resolve({ outcome: 'verified', statement: sourceStatement({ digest }) })

test.for([
  ['that is verified', verified, ['recorded', digest], {}],
  [
    'that cannot be verified',
    () => Promise.resolve({ outcome: 'undecided', detail: 'no trust' }),
    ['claimed', undefined],
    { 'attestation-unverified': 1 },
  ],
  [
    'of another repository',
    () => Promise.resolve({ outcome: 'refused', code: 'source-other-repository', detail: 'x' }),
    undefined,
    { 'source-other-repository': 1 },
  ],
] as const satisfies readonly (readonly [string, VerifySource, unknown, object])[])(
  'an attestation %s is worth as much, and is nothing to the reader of statements about the source',
  async ([, verify, expected, findings]) => {
    const scratch = scratchRepository()
    const commit = scratch.commit('one')
    scratch.note(commit, bareEnvelope(agentCommitStatement(commit, 'run')), 'refs/notes/commits')
    const { sessions, findingCounts, readers } = await collect(scratch, [agentCommit, sourceNote], verify)
    expect(sessions.map(({ level, digest: of }) => [level, of?.sha256])).toEqual(
      expected === undefined ? [] : [expected],
    )
    expect(sessions.every(({ signers }) => signers === undefined)).toBe(true)
    expect(findingCounts).toEqual(findings)
    expect(readers.find(({ reader }) => reader === 'source-note')).toMatchObject({ outcome: 'nothing', claims: 0 })
  },
)

test('an attestation that somebody copied from another commit counts for none', async () => {
  const scratch = scratchRepository()
  const line = bareEnvelope(agentCommitStatement('2'.repeat(40), 'run'))
  scratch.note(scratch.commit('one'), line, 'refs/notes/commits')
  // Whatever the verifier says of it.
  const { sessions, findingCounts } = await collect(scratch, [agentCommit], verified)
  expect([sessions, findingCounts]).toEqual([[], { 'source-other-commit': 1 }])
})
