/** The reader `entire-checkpoint` in real repositories. */
import { createHash } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { resolveRange } from '../../../../src/collect/git/history.ts'
import type { Remote } from '../../../../src/collect/git/remote.ts'
import { collectSessions } from '../../../../src/collect/sessions/index.ts'
import { entireCheckpoint } from '../../../../src/collect/sessions/readers/entire-checkpoint.ts'
import type { CollectedSessions } from '../../../../src/model/facts.ts'
import {
  checkpoint,
  checkpointMetadata,
  claudeRow,
  codexRows,
  sessionMetadata,
  spawnedBy,
  storeInRef,
  storeOnBranch,
} from '../../../world/entire-checkpoint.ts'
import { codeOfAsync } from '../../../world/failure.ts'
import { remoteWith } from '../../../world/remote.ts'
import { scratchRepository } from '../../../world/scratch-repository.ts'
import type { Scratch } from '../../../world/scratch-repository.ts'

const id = '7b9d8e75f733'
const ulid = '01KAZ3NDEKTSV4RRFFQ69G5FAV'
const sha256 = (...parts: string[]): string => createHash('sha256').update(parts.join('')).digest('hex')

async function collect(scratch: Scratch, remote?: Remote): Promise<CollectedSessions> {
  const repository = await scratch.open()
  const range = await resolveRange(repository, { allowShallow: 'refuse' })
  return collectSessions(repository, range, [entireCheckpoint], remote)
}

const pointing = (...ids: string[]): string => `change\n\n${ids.map((it) => `Entire-Checkpoint: ${it}`).join('\n')}\n`

const one = (of: string, session = 'one', text = claudeRow(session)): ReturnType<typeof checkpoint> =>
  checkpoint(of, [sessionMetadata(of, session), text])

const brief = ({ sessions }: CollectedSessions): unknown[] =>
  sessions.map((it) => [it.level, it.id, it.digest?.sha256, it.commits.length])

const levels = ({ sessions }: CollectedSessions): unknown[] => sessions.map((it) => [it.level, it.id])

describe('checkpoints', () => {
  test('are pointers to the sessions in them, in both stores', async () => {
    const scratch = scratchRepository()
    storeOnBranch(
      scratch,
      id,
      checkpoint(id, [sessionMetadata(id, 'a'), claudeRow('a')], [sessionMetadata(id, 'b'), claudeRow('b')]),
    )
    storeInRef(scratch, ulid, one(ulid, 'c'))
    const commit = scratch.commit(pointing(id, ulid))
    const collected = await collect(scratch)
    expect(brief(collected)).toEqual(['a', 'b', 'c'].map((it) => ['recorded', it, sha256(claudeRow(it)), 1]))
    expect(collected.sessions[0]).toMatchObject({ tool: 'claude-code', commits: [commit], linkage: 'direct' })
    expect(collected.findings).toEqual([])
    expect(collected.readers[0]).toEqual({ reader: 'entire-checkpoint', outcome: 'found', claims: 3 })
  })

  test('tell of two workers and a review what started them, though that is in no checkpoint', async () => {
    const scratch = scratchRepository()
    const worker = (of: string): [string, string] => [
      sessionMetadata(id, of, { agent: 'Codex' }),
      codexRows(of, spawnedBy('planner', 'worker')),
    ]
    const review: [string, string] = [sessionMetadata(id, 'c', { kind: 'agent_review' }), claudeRow('c')]
    storeOnBranch(scratch, id, checkpoint(id, worker('a'), worker('b'), review))
    scratch.commit(pointing(id))
    const { sessions, findings } = await collect(scratch)
    const told = sessions.map((it) => [it.tool, it.id, it.role, it.parent])
    expect(told.sort()).toEqual([
      ['claude-code', 'c', 'review', undefined],
      ['codex', 'a', 'implementation', 'planner'],
      ['codex', 'b', 'implementation', 'planner'],
    ])
    expect(findings).toEqual([])
  })

  test('are found as a remote has them, and below the root of their ref', async () => {
    const scratch = scratchRepository()
    const [second, third, fourth] = ['123456789abc', 'aaaaaaaaaaa2', 'aaaaaaaaaaa3'] as const
    storeOnBranch(scratch, id, one(id, 'a'), 'refs/remotes/up/entire/checkpoints/v1')
    storeInRef(scratch, second, one(second, 'b'), '12/3456789abc/')
    storeInRef(scratch, third, one(third, 'c'), `${third}/`)
    storeInRef(scratch, fourth, one(fourth, 'd'), '', 'refs/remotes/origin/')
    scratch.commit(pointing(id, second, third, fourth))
    const collected = await collect(scratch)
    expect(collected.sessions.map((it) => it.id)).toEqual(['a', 'b', 'c', 'd'])
    expect(collected.findings).toEqual([])
  })

  test('that nobody names are not read, and those that are nowhere are told of', async () => {
    const scratch = scratchRepository()
    storeOnBranch(scratch, id, one(id))
    storeInRef(scratch, ulid, one(ulid, 'other'))
    scratch.git([
      'update-ref',
      'refs/entire/checkpoints/22/222222222222',
      scratch.git(['hash-object', '-w', '--stdin'], 'x'),
    ])
    const first = scratch.commit(pointing(id, '000000000000'))
    scratch.commit(pointing('222222222222'))
    const collected = await collect(scratch)
    expect(collected.sessions.map((it) => it.id)).toEqual(['one'])
    expect(collected.findingCounts).toEqual({ 'checkpoint-missing': 2 })
    expect(collected.findings[0]).toMatchObject({ commit: first })
  })

  test('of one session pin it as far as it went', async () => {
    const scratch = scratchRepository()
    const later = claudeRow('one') + claudeRow('one', { timestamp: '2026-02-01T12:00:00Z' })
    storeOnBranch(scratch, id, one(id, 'one', later))
    storeInRef(scratch, ulid, one(ulid, 'one'))
    for (const it of [id, ulid]) scratch.commit(pointing(it))
    const collected = await collect(scratch)
    expect(brief(collected)).toEqual([['recorded', 'one', sha256(later), 2]])
    expect(collected.findings).toEqual([])
  })

  test('that two stores have with different files are told of; the ref of its own stands', async () => {
    const scratch = scratchRepository()
    storeOnBranch(scratch, id, one(id, 'branch'))
    storeInRef(scratch, id, one(id, 'ref'))
    storeOnBranch(scratch, ulid, one(ulid, 'same'))
    storeInRef(scratch, ulid, one(ulid, 'same'))
    scratch.commit(pointing(id, ulid))
    const collected = await collect(scratch)
    expect(collected.sessions.map((it) => it.id)).toEqual(['ref', 'same'])
    expect(collected.findingCounts).toEqual({ 'checkpoint-differs': 1 })
  })

  test('that are broken in part give what is whole', async () => {
    const scratch = scratchRepository()
    const row = claudeRow('split')
    storeOnBranch(scratch, id, {
      'metadata.json': checkpointMetadata(id, 6),
      '0/metadata.json': sessionMetadata(id, 'split'),
      '0/full.jsonl': row.slice(0, 100),
      '0/full.jsonl.001': row.slice(100, 150),
      '0/full.jsonl.002': row.slice(150),
      '0/content_hash.txt': `sha256:${'0'.repeat(64)}`,
      '1/metadata.json': sessionMetadata(id, 'other'),
      '1/full.jsonl': claudeRow('another'),
      '2/metadata.json': sessionMetadata('000000000000', 'copied'),
      '2/full.jsonl': claudeRow('copied'),
      '3/full.jsonl': claudeRow('unnamed'),
      '4/metadata.json': sessionMetadata(id, 'gone'),
      '100/metadata.json': sessionMetadata(id, 'beyond'),
      'tasks/x/metadata.json': sessionMetadata(id, 'task'),
    })
    scratch.commit(pointing(id))
    const collected = await collect(scratch)
    expect(brief(collected)).toEqual([
      ['claimed', 'gone', undefined, 1],
      ['claimed', 'other', undefined, 1],
      ['recorded', 'split', sha256(row), 1],
    ])
    expect(collected.findingCounts).toEqual({
      'checkpoint-hash-stale': 1,
      'checkpoint-limit': 1,
      'checkpoint-malformed': 2,
      'checkpoint-session-mismatch': 1,
      'checkpoint-transcript-missing': 1,
    })
  })

  test('that say they are others, or hold fewer sessions than they name, are told of', async () => {
    const scratch = scratchRepository()
    storeInRef(scratch, id, { ...one(id, 'copied'), 'metadata.json': checkpointMetadata(ulid) })
    storeInRef(scratch, ulid, { ...one(ulid, 'kept'), 'metadata.json': checkpointMetadata(ulid, 2, { version: 2 }) })
    scratch.commit(pointing(id, ulid))
    const collected = await collect(scratch)
    expect(collected.sessions.map((it) => it.id)).toEqual(['kept'])
    expect(collected.findingCounts).toEqual({ 'checkpoint-malformed': 2, 'format-newer': 1 })
  })
})

describe('without a store', () => {
  const branchRef = 'refs/heads/entire/checkpoints/v1'

  test('what commits name is not fetched; a repository that names nothing has nothing, and asks nobody', async () => {
    const scratch = scratchRepository()
    scratch.commit('Begin')
    const outcomeOf = async (remote: Remote): Promise<unknown> => {
      const { readers, findings } = await collect(scratch, remote)
      expect(findings).toEqual([])
      return readers[0]
    }
    const silent = remoteWith({ [branchRef]: '0'.repeat(40) })
    expect(await outcomeOf(silent)).toEqual({ reader: 'entire-checkpoint', outcome: 'nothing', claims: 0 })
    expect(silent.asked).toEqual([])
    scratch.commit(pointing(id))
    for (const remote of [silent, remoteWith({}), remoteWith({}, { whole: false })]) {
      expect(await outcomeOf(remote)).toMatchObject({ outcome: 'not-fetched', claims: 0 })
    }
    expect(await outcomeOf(remoteWith({}, { failure: 'status 401' }))).toMatchObject({ outcome: 'could-not-look' })
  })
})

describe('at the remote', () => {
  const own = 'refs/entire/checkpoints/33/7b9d8e75f733'

  test('checkpoints are told of, where others are here', async () => {
    const scratch = scratchRepository()
    storeInRef(scratch, ulid, one(ulid, 'here'))
    scratch.commit(pointing(id, ulid))
    const collected = await collect(scratch, remoteWith({ [own]: '0'.repeat(40) }))
    expect(collected.readers[0]).toMatchObject({ outcome: 'not-fetched', claims: 1 })
    expect(collected.findingCounts).toEqual({ 'checkpoint-missing': 1 })
    expect(collected.sessions.map((it) => it.id)).toEqual(['here'])
  })

  test('are read where they were fetched; what has a ref of its own does not bring the branch', async () => {
    const scratch = scratchRepository()
    storeInRef(scratch, id, one(id, 'own'))
    storeOnBranch(scratch, ulid, one(ulid, 'shared'))
    const refs = Object.fromEntries(
      [own, 'refs/heads/entire/checkpoints/v1'].map((ref) => {
        const at = scratch.git(['rev-parse', ref])
        scratch.git(['update-ref', '-d', ref])
        return [ref, at]
      }),
    )
    scratch.commit(pointing(id))
    const first = remoteWith(refs, { isHere: true })
    expect(levels(await collect(scratch, first))).toEqual([['recorded', 'own']])
    expect(first.asked).toEqual([[own]])
    scratch.commit(pointing(ulid))
    const collected = await collect(scratch, remoteWith(refs, { isHere: true }))
    expect(levels(collected)).toEqual([
      ['recorded', 'own'],
      ['recorded', 'shared'],
    ])
    expect(collected.readers[0]).toMatchObject({ outcome: 'found', claims: 2 })
  })
})

describe('refs of versions that came and went', () => {
  test('hold whole checkpoints', async () => {
    const scratch = scratchRepository()
    scratch.commit(pointing(id))
    for (const ref of [
      'refs/entire/checkpoints/v1.1',
      'refs/entire/checkpoints/v1/full',
      'refs/remotes/up/entire/checkpoints/v1',
    ]) {
      storeOnBranch(scratch, id, one(id), ref)
      expect(levels(await collect(scratch)), ref).toEqual([['recorded', 'one']])
      scratch.git(['update-ref', '-d', ref])
    }
  })

  test('hold halves of them, which count together, and beside what is whole not at all', async () => {
    const scratch = scratchRepository()
    const { 'metadata.json': metadata, '0/metadata.json': session, '0/full.jsonl': transcript } = one(id)
    const compact = { 'metadata.json': metadata ?? '', '0/metadata.json': session ?? '' }
    storeOnBranch(scratch, id, compact, 'refs/entire/checkpoints/v2/main')
    scratch.commit(pointing(id))
    const half = await collect(scratch)
    expect(levels(half)).toEqual([['claimed', 'one']])
    expect(half.findingCounts).toEqual({ 'checkpoint-transcript-missing': 1 })
    storeOnBranch(scratch, id, { '0/full.jsonl': transcript ?? '' }, 'refs/entire/checkpoints/v2/full/current')
    expect(brief(await collect(scratch))).toEqual([['recorded', 'one', sha256(claudeRow('one')), 1]])
    storeOnBranch(scratch, id, one(id))
    const whole = await collect(scratch)
    expect(levels(whole)).toEqual([['recorded', 'one']])
    expect(whole.findings).toEqual([])
  })
})

test('nothing that anybody typed leaves, wherever it stands', async () => {
  const secret = 'planted secret of ann@example.org'
  const fields = {
    ...{
      branch: secret,
      summary: { intent: secret },
      agent: secret,
      created_at: secret,
      model: secret,
      turn_id: secret,
    },
    ...{
      files_touched: [secret],
      transcript_path: `/home/${secret}`,
      initial_attribution: { by: secret },
      [secret]: secret,
    },
  }
  const row = {
    ...{
      version: secret,
      timestamp: secret,
      cwd: secret,
      gitBranch: secret,
      uuid: secret,
      type: secret,
      [secret]: secret,
    },
    message: { model: secret, content: secret, role: secret },
  }
  const scratch = scratchRepository()
  storeOnBranch(scratch, id, {
    'metadata.json': checkpointMetadata(id, 5, fields),
    '0/metadata.json': sessionMetadata(id, 'one', fields),
    '0/full.jsonl': claudeRow('one', row) + secret,
    '0/prompt.txt': secret,
    '0/context.md': secret,
    '0/content_hash.txt': secret,
    '1/metadata.json': sessionMetadata(id, 'two', { agent: secret }),
    '1/full.jsonl': claudeRow(secret),
    '2/metadata.json': sessionMetadata(id, secret),
    '3/metadata.json': sessionMetadata(secret, 'three'),
    '4/metadata.json': `{"${secret}":`,
    [`4/${secret}`]: secret,
  })
  scratch.commit(`${pointing(id)}Entire-Checkpoint: ${secret}\n`)
  const collected = await collect(scratch)
  expect(collected.sessions.map((it) => it.id)).toEqual(['one', 'two'])
  expect(JSON.stringify(collected)).not.toMatch(/planted|secret|ann|example/)
})

test('a transcript that was changed in the repository ends it', async () => {
  const scratch = scratchRepository()
  storeInRef(scratch, id, one(id))
  // A pack holds what was imported: outside of it, one object can be changed.
  const packs = join(scratch.folder, '.git/objects/pack')
  const [pack = Buffer.alloc(0)] = readdirSync(packs).flatMap((it) =>
    it.endsWith('.pack') ? [readFileSync(join(packs, it))] : [],
  )
  rmSync(packs, { recursive: true })
  scratch.git(['unpack-objects', '-q'], pack)
  const file = scratch.git(['hash-object', '--stdin'], claudeRow('one'))
  scratch.commit(pointing(id))
  const other = scratch.git(['hash-object', '-w', '--stdin'], claudeRow('one', { version: '9.9.9' }))
  const objects = `${scratch.folder}/.git/objects`
  const pathOf = (blob: string): string => `${objects}/${blob.slice(0, 2)}/${blob.slice(2)}`
  rmSync(pathOf(file))
  copyFileSync(pathOf(other), pathOf(file))
  expect(await codeOfAsync(() => collect(scratch))).toBe('object-altered')
})
