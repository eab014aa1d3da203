import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { resolveRange } from '../../../src/collect/git/history.ts'
import { noRemote } from '../../../src/collect/git/remote.ts'
import { openRepository } from '../../../src/collect/git/repository.ts'
import { collectSessions } from '../../../src/collect/sessions/index.ts'
import type { Look, SessionReader } from '../../../src/collect/sessions/readers/row.ts'
import { trailer } from '../../../src/collect/sessions/readers/trailer.ts'
import { CountersignError } from '../../../src/errors.ts'
import { sha256Hex } from '../../../src/model/digest.ts'
import type { CollectedSessions } from '../../../src/model/facts.ts'
import { limits } from '../../../src/model/limits.ts'
import type { SessionRecord } from '../../../src/model/record.ts'
import { codeOf, codeOfAsync } from '../../world/failure.ts'
import { rangeUpTo } from '../../world/range.ts'
import { remoteWith } from '../../world/remote.ts'
import { scratchClone, scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { gitAiNote, keyOf } from '../../world/git-ai-record.ts'
import { usualReaders } from '../../world/reader-reports.ts'
import { bytes, transcript } from './made-record.ts'
import { isEach, part } from '../../world/runs.ts'

async function collect(scratch: Scratch, since?: string, remote = noRemote): Promise<CollectedSessions> {
  const repository = await scratch.open()
  const range = await resolveRange(repository, { since, allowShallow: 'record' })
  return collectSessions(repository, range, undefined, remote)
}

/** `code: detail` of each finding. */
function found({ findings }: CollectedSessions): string[] {
  return findings.map(({ code, detail }) => `${code}: ${detail}`)
}

/** Where no pull request is named. */
const noRequests = { reader: 'pull-requests', outcome: 'nothing', claims: 0 }
const noteReader = ({ readers }: CollectedSessions): unknown => readers.find(({ reader }) => reader === 'git-ai-note')

describe('sessions in a range', () => {
  test('come from trailers and notes together', async () => {
    const scratch = scratchRepository()
    scratch.commit('old\n\nCo-authored-by: Codex <noreply@openai.com>')
    scratch.git(['tag', 'v1'])
    const first = scratch.commit('one\n\nCo-authored-by: Claude Fable 5 <noreply@anthropic.com>', {
      'a.txt': 'a\nb\nc\n',
    })
    scratch.note(first, gitAiNote(first, { 'a.txt': { s1: '1-2', h1: '3' } }))
    const second = scratch.commit('two\n\nAI-Session-ID: claude-code:session-1')
    scratch.commit('three')
    scratch.git(['tag', 'v2'])
    const collected = await collect(scratch)
    expect({ ...collected, readers: usualReaders(collected.readers) }).toEqual({
      range: rangeUpTo(scratch.git(['rev-parse', 'v2']), {
        since: scratch.git(['rev-parse', 'v1']),
        sinceName: 'v1',
        reason: 'version-before',
      }),
      commits: { total: 3, claimed: 2 },
      sessions: [
        {
          id: 'session-1',
          level: 'claimed',
          tool: 'claude-code',
          models: ['claude-fable-5', 'claude-opus-4-6'],
          modelsSaid: ['Claude Fable 5'],
          commits: [first, second].sort(),
          lines: { added: 2 },
          linkage: 'direct',
          readers: ['git-ai-note', 'trailer'],
        },
      ],
      lines: { ai: 2, human: 1, unknown: 0, generated: 0 },
      readers: [
        { reader: 'commit-identity', outcome: 'nothing', claims: 0 },
        { reader: 'entire-checkpoint', outcome: 'nothing', claims: 0 },
        { reader: 'git-ai-note', outcome: 'found', claims: 1 },
        {
          ...{ reader: 'session-record', outcome: 'not-fetched', claims: 0 },
          detail: 'no ref below refs/countersign/sessions/ is in this clone',
        },
        {
          ...{ reader: 'source-note', outcome: 'not-fetched', claims: 0 },
          detail: 'refs/notes/commits is not in this clone',
        },
        { reader: 'trailer', outcome: 'found', claims: 2 },
        noRequests,
      ],
      findings: [],
      findingCounts: {},
    })
  })

  test('are none where nothing is said, and it is said what was not there to be read', async () => {
    const scratch = scratchRepository()
    scratch.commit('one')
    const collected = await collect(scratch)
    expect({ ...collected, readers: usualReaders(collected.readers) }).toMatchObject({
      commits: { total: 1, claimed: 0 },
      sessions: [],
      lines: undefined,
      readers: [
        { reader: 'commit-identity', outcome: 'nothing', claims: 0 },
        { reader: 'entire-checkpoint', outcome: 'nothing', claims: 0 },
        { reader: 'git-ai-note', outcome: 'not-fetched', detail: 'refs/notes/ai is not in this clone' },
        // Nobody names a session whose record could be looked for.
        { reader: 'session-record', outcome: 'nothing', claims: 0 },
        { reader: 'source-note', outcome: 'not-fetched', detail: 'refs/notes/commits is not in this clone' },
        { reader: 'trailer', outcome: 'nothing', claims: 0 },
        noRequests,
      ],
    })
  })

  test('of an empty range are none', async () => {
    const scratch = scratchRepository()
    scratch.commit('one\n\nAssisted-by: Codex')
    expect((await collect(scratch, 'HEAD')).commits).toEqual({ total: 0, claimed: 0 })
  })

  test('are found in SHA-256 repositories', async () => {
    const scratch = scratchRepository('--object-format=sha256')
    const commit = scratch.commit('one', { 'a.txt': 'a\n' })
    scratch.note(commit, gitAiNote(commit, { 'a.txt': { s1: '1' } }))
    expect((await collect(scratch)).sessions).toMatchObject([
      { id: 'session-1', commits: [commit], lines: { added: 1 } },
    ])
  })

  test('hold no name, address or prompt of anybody', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('one\n\nAssisted-by: Zoe <zoe@example.org>\nAI-Session-ID: zoe@example.org', {
      'a.txt': 'a\n',
    })
    const session = {
      agent_id: { tool: 'claude', id: 'zoe@example.org', model: 'zoe@example.org' },
      human_author: 'Zoe',
      messages: ['Zoe'],
    }
    scratch.note(commit, gitAiNote(commit, { 'a.txt': { s1: '1' } }, { sessions: { [keyOf('s1')]: session } }))
    const collected = await collect(scratch)
    expect(JSON.stringify(collected)).not.toMatch(/zoe/i)
    expect(collected.findingCounts).toEqual({ 'session-id-invalid': 2 })
    expect(collected.lines).toMatchObject({ ai: 1, human: 0 })
  })
})

describe('a message', () => {
  test('that is no UTF-8 is read as far as it goes', async () => {
    const scratch = scratchRepository()
    scratch.commit('subject\n\nAI-Session-ID: codex:s1')
    // `git commit` would convert it.
    const raw = Buffer.from(scratch.git(['cat-file', 'commit', 'HEAD']).replace('subject', 'Gr\u00fc\u00dfe'), 'latin1')
    scratch.git(['reset', '--soft', scratch.git(['hash-object', '-t', 'commit', '-w', '--stdin'], raw)])
    const collected = await collect(scratch)
    expect(collected.sessions).toMatchObject([{ tool: 'codex', id: 's1' }])
    expect(collected.findingCounts).toEqual({ 'message-not-utf8': 1 })
  })

  test.runIf(isEach)('of ten megabytes is read at both ends, and that is said', async () => {
    const scratch = scratchRepository()
    const trailer = (id: string): string => `AI-Session-ID: codex:${id}\n`
    const filling = 'x'.repeat(99) + '\n'
    scratch.commit(
      `s\n\n${trailer('head')}${filling.repeat(50_000)}${trailer('middle')}${filling.repeat(50_000)}${trailer('tail')}`,
    )
    const collected = await collect(scratch)
    expect(collected.sessions.map(({ id }) => id)).toEqual(['head', 'tail'])
    expect(collected.findingCounts).toEqual({ 'message-truncated': 1 })
  })

  test('names the first hundred sessions, however many there are: it ends no attestation', async () => {
    const scratch = scratchRepository()
    const ids = Array.from({ length: limits.sessions + 1 }, (_, id) => `AI-Session-ID: codex:${id}\n`)
    scratch.commit(`s\n\n${ids.join('')}`)
    scratch.commit('s\n\nAI-Session-ID: codex:after')
    const collected = await collect(scratch)
    const first = Array.from({ length: limits.sessionsPerCommit }, (_, id) => String(id))
    expect(collected.sessions.map(({ id }) => id)).toEqual([...first, 'after'].toSorted())
    expect(found(collected)).toEqual([
      `message-limit: ${limits.sessions + 1 - limits.sessionsPerCommit} sessions beyond the first 100 do not count`,
    ])
    expect(collected.findingCounts).toEqual({ 'message-limit': 1 })
  })
})

describe('a note', () => {
  test('names the first hundred sessions, however many there are: it ends no attestation', async () => {
    const scratch = scratchRepository()
    const all = Array.from({ length: limits.sessions + 1 }, (_, id): [string, object] => [
      `s_${String(id).padStart(14, '0')}`,
      { agent_id: { tool: 'codex', id: `n-${id}`, model: 'gpt-5.4' } },
    ])
    const lines = { 'a.txt': { s1: '1', [`${all.at(-1)![0]}::t_00000000000000`]: '2' } }
    const commit = scratch.commit('one', { 'a.txt': '1\n2\n3\n' })
    scratch.note(commit, gitAiNote(commit, lines, { sessions: Object.fromEntries(all) }))
    const collected = await collect(scratch)
    expect(collected.sessions).toHaveLength(limits.sessionsPerCommit)
    expect(collected.sessions).toContainEqual(expect.objectContaining({ id: 'n-1', lines: { added: 1 } }))
    expect(collected.lines).toMatchObject({ ai: 2, human: 0 })
    expect(found(collected)).toEqual([
      `note-limit: ${limits.sessions + 1 - limits.sessionsPerCommit} sessions beyond the first 100 do not count`,
    ])
  })

  test('counts only lines that its commit added, and says how many it did not', async () => {
    const scratch = scratchRepository()
    scratch.commit('base', { 'a b.txt': '1\n2\n3\n' })
    const commit = scratch.commit('one', { 'a b.txt': '1\n2\nnew\n3\n', 'c.txt': 'c\n' })
    scratch.note(
      commit,
      gitAiNote(commit, { 'a b.txt': { s1: '2-4' }, 'c.txt': { s1: '1-999999999' }, 'd.txt': { s2: '1' } }),
    )
    const collected = await collect(scratch)
    expect(collected.sessions).toMatchObject([
      { id: 'session-1', lines: { added: 2 } },
      { id: 'session-2', lines: { added: 0 } },
    ])
    expect(collected.lines).toMatchObject({ ai: 2, human: 0 })
    expect(found(collected)).toEqual([
      'note-line-outside-diff: 1000000001 lines in 3 files were not added by the commit',
    ])
  })

  test('counts a line once: the later entry has it, and no person has one that is AI too', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('one', { 'a.txt': '1\n2\n3\n4\n5\n' })
    scratch.note(commit, gitAiNote(commit, { 'a.txt': { s1: '1-3,2-3', s2: '3-4', h1: '1-5' } }))
    const collected = await collect(scratch)
    expect(collected.sessions.map(({ id, lines }) => [id, lines?.added])).toEqual([
      ['session-1', 2],
      ['session-2', 2],
    ])
    expect(collected.lines).toMatchObject({ ai: 4, human: 1 })
  })

  test('reads all kinds of paths', async () => {
    const scratch = scratchRepository()
    const paths = ['a b', 'tab\there', 'line\nend', 'say "hi" now', 'straße/日本.ts', 'back\\slash']
    const commit = scratch.commit('one', Object.fromEntries(paths.map((path) => [path, 'x\n'])))
    scratch.note(commit, gitAiNote(commit, Object.fromEntries(paths.map((path) => [path, { s1: '1' }]))))
    const collected = await collect(scratch)
    expect(found(collected)).toEqual([])
    expect(collected.lines).toMatchObject({ ai: paths.length, human: 0 })
  })

  test('of a merge has the lines that the merge alone added', async () => {
    const scratch = scratchRepository()
    scratch.commit('base', { 'a.txt': '1\n' })
    scratch.git(['checkout', '--quiet', '-b', 'x'])
    const side = scratch.commit('side', { 'b.txt': 'b\n' })
    scratch.note(side, gitAiNote(side, { 'b.txt': { s1: '1' } }))
    scratch.git(['checkout', '--quiet', 'main'])
    scratch.commit('main', { 'c.txt': 'c\n' })
    scratch.git(['merge', '--quiet', '--no-ff', '--no-commit', 'x'])
    scratch.write('a.txt', '1\nmerge\n')
    scratch.git(['add', '--all'])
    scratch.git(['commit', '--quiet', '-m', 'merge'])
    const merge = scratch.git(['rev-parse', 'HEAD'])
    scratch.note(merge, gitAiNote(merge, { 'a.txt': { s2: '2' }, 'b.txt': { s2: '1' } }))
    const collected = await collect(scratch)
    expect(collected.lines).toMatchObject({ ai: 2, human: 0 })
    expect(found(collected)).toEqual(['note-repeats-merged: 1 lines in 1 files were not added by the commit'])
  })

  test('outside of the range is not asked for, nor one for a missing commit, nor two for one', async () => {
    const scratch = scratchRepository()
    const old = scratch.commit('old', { 'a.txt': 'a\n' })
    scratch.note(old, gitAiNote(old, { 'a.txt': { s1: '1' } }))
    scratch.commit('new')
    const gone = '1'.repeat(40)
    const blob = scratch.git(['hash-object', '-w', '--stdin'], gitAiNote(gone, {}))
    scratch.git(['read-tree', '--prefix=', 'refs/notes/ai'])
    scratch.git(['read-tree', 'refs/notes/ai'])
    const double = [
      `100644,${blob},${gone}`,
      `100644,${blob},${old.slice(0, 2)}/${old.slice(2)}`,
      `100644,${blob},${gone.slice(0, 2)}/${gone.slice(2)}`,
    ]
    scratch.git(['update-index', '--add', ...double.flatMap((entry) => ['--cacheinfo', entry])])
    scratch.git(['update-ref', 'refs/notes/ai', scratch.git(['commit-tree', scratch.git(['write-tree']), '-m', 'x'])])
    scratch.git(['read-tree', 'HEAD'])
    const collected = await collect(scratch, 'HEAD~1')
    expect(collected.sessions).toEqual([])
    expect(collected.findings).toEqual([])
    expect(collected.findingCounts).toEqual({})
  })

  test('with another base counts nothing, but that of early versions, the commit before', async () => {
    const scratch = scratchRepository()
    const first = scratch.commit('one', { 'a.txt': 'a\n' })
    const second = scratch.commit('two', { 'a.txt': 'b\n' })
    const third = scratch.commit('three', { 'a.txt': 'c\n' })
    scratch.note(third, gitAiNote(first, { 'a.txt': { s1: '1' } }))
    const collected = await collect(scratch)
    expect(collected).toMatchObject({ sessions: [], lines: undefined, findingCounts: { 'note-base-mismatch': 1 } })
    scratch.note(third, gitAiNote(second, { 'a.txt': { s1: '1' } }))
    expect(await collect(scratch)).toMatchObject({ sessions: [], findingCounts: { 'note-base-mismatch': 1 } })
    scratch.note(third, gitAiNote(second, { 'a.txt': { s1: '1' } }, { git_ai_version: undefined }))
    expect(await collect(scratch)).toMatchObject({ sessions: [{ id: 'session-1' }], lines: { ai: 1 }, findings: [] })
  })

  test('with keys that it does not explain counts the others', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('one', { 'a.txt': 'a\nb\n' })
    scratch.note(commit, gitAiNote(commit, { 'a.txt': { s1: '1', ai_agent: '2', h_99999999999999: '2' } }))
    const collected = await collect(scratch)
    expect(collected.lines).toMatchObject({ ai: 1, human: 0 })
    expect(found(collected)).toEqual(['note-session-unknown: 2 entries have a key that the note does not explain'])
  })

  test('that git-ai made up for a bot is no claim', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('one', { 'a.txt': 'a\n' })
    const made = { agent_id: { tool: 'devin', id: commit, model: 'unknown' } }
    scratch.note(commit, gitAiNote(commit, { 'a.txt': { s1: '1' } }, { sessions: { [keyOf('s1')]: made } }))
    const collected = await collect(scratch)
    expect(collected).toMatchObject({
      sessions: [],
      lines: { ai: 0, human: 0 },
      findingCounts: { 'note-simulated': 1 },
    })
  })

  test.runIf(isEach)('of ten megabytes is too large', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('one', { 'a.txt': 'a\n' })
    scratch.note(commit, gitAiNote(commit, { 'a.txt': { s1: '1' } }) + ' '.repeat(10 * 1024 * 1024))
    const other = scratch.commit('two', { 'b.txt': 'b\n' })
    scratch.note(other, gitAiNote(other, { 'b.txt': { s2: '1' } }))
    const collected = await collect(scratch)
    expect(collected.sessions.map(({ id }) => id)).toEqual(['session-2'])
    expect(collected.findingCounts).toEqual({ 'note-too-large': 1 })
  })

  test.runIf(isEach)('in a fanned out tree is found, and a commit with two notes has none', async () => {
    const scratch = scratchRepository()
    const [one, two] = [scratch.commit('one', { 'a.txt': 'a\n' }), scratch.commit('two', { 'b.txt': 'b\n' })]
    const blob = (text: string): string => scratch.git(['hash-object', '-w', '--stdin'], text)
    const first = blob(gitAiNote(one, { 'a.txt': { s1: '1' } }))
    const second = blob(gitAiNote(two, { 'b.txt': { s2: '1' } }))
    const entry = (id: string, path: string): string => `100644,${id},${path}`
    scratch.git(['read-tree', '--empty'])
    for (const info of [
      entry(first, `${one.slice(0, 2)}/${one.slice(2)}`),
      entry(second, `${two.slice(0, 2)}/${two.slice(2, 4)}/${two.slice(4)}`),
      entry(first, two),
      entry(first, 'README'),
      entry(first, 'ab/cd'),
    ]) {
      scratch.git(['update-index', '--add', '--cacheinfo', info])
    }
    scratch.git(['update-ref', 'refs/notes/ai', scratch.git(['commit-tree', scratch.git(['write-tree']), '-m', 'x'])])
    scratch.git(['read-tree', 'HEAD'])
    const collected = await collect(scratch)
    expect(collected.sessions.map(({ id }) => id)).toEqual(['session-1'])
    expect(found(collected)).toEqual(['note-malformed: the commit has two notes'])
  })

  test.runIf(isEach)('at the cut of a shallow clone claims its session, but no lines', async () => {
    const origin = scratchRepository()
    const first = origin.commit('one', { 'a.txt': 'a\n' })
    origin.note(first, gitAiNote(first, { 'a.txt': { s1: '1' } }))
    const second = origin.commit('two', { 'b.txt': 'b\n' })
    origin.note(second, gitAiNote(second, { 'a.txt': { s2: '1' } }))
    const clone = scratchClone(origin, '--depth=1')
    clone.git(['fetch', '--quiet', 'origin', 'refs/notes/ai:refs/notes/ai'])
    const collected = await collect(clone)
    expect(collected).toMatchObject({ sessions: [{ id: 'session-2' }], lines: undefined, findings: [] })
    expect(collected.sessions[0]).not.toHaveProperty('lines')
  })
})

describe('the ref of the notes', () => {
  test.for<[string, (scratch: Scratch) => void]>([
    ['that is garbage', (it) => it.write('.git/refs/notes/ai', 'garbage\n')],
    ['that names a missing object', (it) => it.write('.git/refs/notes/ai', `${'1'.repeat(40)}\n`)],
    [
      'that names a blob',
      (it) => it.git(['update-ref', 'refs/notes/ai', it.git(['hash-object', '-w', '--stdin'], 'x')]),
    ],
    [
      'whose tree misses a note',
      (it) => {
        const head = it.git(['rev-parse', 'HEAD'])
        const tree = it.git(['mktree', '--missing'], `100644 blob ${'1'.repeat(40)}\t${head}\n`)
        it.git(['update-ref', 'refs/notes/ai', it.git(['commit-tree', tree, '-m', 'x'])])
      },
    ],
  ])('%s could not be looked at, and the other reader is not stopped by it', async ([, damage]) => {
    const scratch = scratchRepository()
    scratch.commit('one\n\nAssisted-by: Codex')
    damage(scratch)
    const collected = await collect(scratch)
    expect(noteReader(collected)).toEqual({
      reader: 'git-ai-note',
      outcome: 'could-not-look',
      claims: 0,
      detail: expect.any(String) as string,
    })
    expect(JSON.stringify(collected)).not.toContain(scratch.folder)
    expect(collected.sessions).toMatchObject([{ tool: 'codex' }])
  })

  test('is another one than refs/notes/ai-stash', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('one', { 'a.txt': 'a\n' })
    scratch.git(['notes', '--ref=refs/notes/ai-stash', 'add', '-m', gitAiNote(commit, { 'a.txt': { s1: '1' } })])
    scratch.git(['notes', '--ref=refs/notes/ai/x', 'add', '-m', gitAiNote(commit, { 'a.txt': { s1: '1' } })])
    expect(noteReader(await collect(scratch))).toMatchObject({ outcome: 'not-fetched' })
  })

  test('is not fetched by a clone, which is not the same as without a note', async () => {
    const origin = scratchRepository()
    const commit = origin.commit('one', { 'a.txt': 'a\n' })
    origin.note(commit, gitAiNote(commit, { 'a.txt': { s1: '1' } }))
    origin.commit('two')
    const clone = scratchClone(origin)
    const outcome = async (since?: string): Promise<unknown> => noteReader(await collect(clone, since))
    expect(await outcome()).toEqual({
      reader: 'git-ai-note',
      outcome: 'not-fetched',
      claims: 0,
      detail: 'refs/notes/ai is not in this clone',
    })
    clone.git(['fetch', '--quiet', 'origin', 'refs/notes/ai:refs/notes/ai'])
    expect(await outcome()).toEqual({ reader: 'git-ai-note', outcome: 'found', claims: 1 })
    expect(await outcome('HEAD~1')).toEqual({ reader: 'git-ai-note', outcome: 'nothing', claims: 0 })
  })
})

describe('notes of which the remote has others', () => {
  const ref = 'refs/notes/ai'
  const note = (commit: string, session: string): string => gitAiNote(commit, { 'a.txt': { [session]: '1' } })
  const outcome = async (scratch: Scratch, remote: ReturnType<typeof remoteWith>): Promise<unknown> => {
    const collected = await collect(scratch, undefined, remote)
    return [noteReader(collected), collected.sessions.map((it) => it.id).toSorted()]
  }
  const away = '0'.repeat(40)

  test('are said to be older, and what they say stays', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('one', { 'a.txt': 'a\n' })
    scratch.note(commit, note(commit, 's1'))
    const reader = 'git-ai-note'
    const detail = "refs/notes/ai is older than the remote's, or another"
    expect(await outcome(scratch, remoteWith({ [ref]: away }))).toEqual([
      { reader, outcome: 'not-fetched', claims: 1, detail },
      ['session-1'],
    ])
    const same = remoteWith({ [ref]: scratch.git(['rev-parse', ref]) }, { isHere: true })
    expect(await outcome(scratch, same)).toEqual([{ reader, outcome: 'found', claims: 1 }, ['session-1']])
    const failed = remoteWith({ [ref]: away }, { failure: 'no answer' })
    expect(await outcome(scratch, failed)).toMatchObject([{ outcome: 'could-not-look', claims: 1 }, ['session-1']])
    scratch.git(['update-ref', '-d', ref])
    expect(await outcome(scratch, remoteWith({}))).toMatchObject([{ outcome: 'nothing', claims: 0 }, []])
    expect(await outcome(scratch, remoteWith({ [ref]: away }))).toMatchObject([{ outcome: 'not-fetched' }, []])
  })

  test.runIf(isEach)('are read at their newest where they were fetched; of what was written apart, both', async () => {
    const scratch = scratchRepository()
    const one = scratch.commit('one', { 'a.txt': 'a\n' })
    scratch.note(one, note(one, 's1'))
    const base = scratch.git(['rev-parse', ref])
    scratch.note(one, note(one, 's2'))
    const remote = remoteWith({ [ref]: scratch.git(['rev-parse', ref]) }, { isHere: true })
    // The clone is behind, the remote is behind, and both went on.
    scratch.git(['update-ref', ref, base])
    expect(await outcome(scratch, remote)).toMatchObject([{ outcome: 'found', claims: 1 }, ['session-2']])
    scratch.git(['update-ref', ref, remote.idOf(ref)])
    expect(await outcome(scratch, remoteWith({ [ref]: base }, { isHere: true }))).toMatchObject([{}, ['session-2']])
    scratch.git(['update-ref', ref, base])
    const two = scratch.commit('two', { 'a.txt': 'a\nb\n' })
    scratch.note(two, gitAiNote(two, { 'a.txt': { s1: '2' } }))
    const apart = await collect(scratch, undefined, remote)
    expect(apart.sessions.map((it) => it.id)).toEqual(['session-1'])
    expect(found(apart)).toEqual(['note-malformed: the commit has two notes'])
  })
})

describe('readers', () => {
  /** Gives these records when it finishes, and then does what is asked. */
  function madeUp(records: readonly SessionRecord[], then: (look: Look) => void = () => undefined): SessionReader {
    return {
      id: 'made-up',
      title: 'records of a test',
      findings: { odd: 'something odd' },
      open: (look) =>
        Promise.resolve({
          commit: () => undefined,
          finish() {
            for (const it of records) look.record(it)
            then(look)
            return Promise.resolve(undefined)
          },
        }),
    }
  }

  async function collectWith(reader: SessionReader, scratch: Scratch): Promise<CollectedSessions> {
    const repository = await scratch.open()
    const range = await resolveRange(repository, { allowShallow: 'record' })
    return collectSessions(repository, range, [trailer, reader])
  }

  function claiming(id: string): Scratch {
    const scratch = scratchRepository()
    scratch.commit(`one\n\nAI-Session-ID: claude-code:${id}`)
    return scratch
  }

  const gitFailed = (): never => {
    throw new CountersignError('git-failed', 'git cat-file failed: it gave no reason')
  }

  test('that find the bytes of a claimed session raise it to recorded', async () => {
    const collected = await collectWith(madeUp([transcript({})]), claiming('s'))
    expect(collected.sessions).toMatchObject([
      { id: 's', level: 'recorded', digest: { sha256: sha256Hex('a transcript') }, readers: ['made-up', 'trailer'] },
    ])
    expect(collected.readers).toMatchObject([
      { claims: 1 },
      { reader: 'made-up', outcome: 'found', claims: 1 },
      noRequests,
    ])
  })

  test('that find the bytes of another session raise nothing', async () => {
    const collected = await collectWith(madeUp([transcript({})]), claiming('another'))
    expect(collected.sessions).toMatchObject([{ id: 'another', level: 'claimed', readers: ['trailer'] }])
    expect(collected.sessions[0]).not.toHaveProperty('digest')
    expect(collected.findings).toEqual([
      {
        reader: undefined,
        code: 'record-unclaimed',
        commit: undefined,
        detail: 'session s of claude-code is claimed by no commit of the range',
      },
    ])
  })

  test('that find two different bytes raise nothing, and that is said', async () => {
    const collected = await collectWith(madeUp([transcript({}), transcript({ place: bytes('other') })]), claiming('s'))
    expect(collected.sessions).toMatchObject([{ id: 's', level: 'claimed' }])
    expect(collected.findingCounts).toEqual({ 'records-disagree': 1 })
  })

  test('that git fails after they gave something gave nothing', async () => {
    const scratch = claiming('s')
    const head = scratch.git(['rev-parse', 'HEAD'])
    const reader = madeUp([transcript({})], (look) => {
      look.lines(head, [{ path: 'a.txt', human: 1, sessions: [{ tool: 'codex', id: 's', lines: 3 }] }])
      gitFailed()
    })
    expect(await collectWith(reader, scratch)).toMatchObject({
      sessions: [{ id: 's', level: 'claimed', readers: ['trailer'] }],
      lines: undefined,
      findings: [],
      readers: [
        { reader: 'trailer', outcome: 'found' },
        { reader: 'made-up', outcome: 'could-not-look', claims: 0, detail: 'git cat-file failed: it gave no reason' },
        noRequests,
      ],
    })
  })

  test('that fail in another way, or in a run that was stopped, end the run', async () => {
    const failing = madeUp([], () => {
      throw new CountersignError('session-limit', 'too many')
    })
    expect(await codeOfAsync(() => collectWith(failing, claiming('s')))).toBe('session-limit')
    const stopped = new AbortController()
    const repository = await openRepository(claiming('s').folder, { signal: stopped.signal })
    const range = await resolveRange(repository, { allowShallow: 'record' })
    const stopping = madeUp([], () => {
      stopped.abort()
      gitFailed()
    })
    expect(await codeOfAsync(() => collectSessions(repository, range, [stopping]))).toBe('git-failed')
  })

  test.runIf(isEach)('have a limit between them to what they claim', async () => {
    // The message has the first.
    const others = Array<SessionRecord>(limits.claims - 1).fill(transcript({}))
    let oneMore: string | undefined
    const reader = madeUp(others, (look) => {
      oneMore = codeOf(() => look.record(transcript({})))
    })
    const collected = await collectWith(reader, claiming('s'))
    expect(oneMore).toBe('session-limit')
    expect(collected.readers).toMatchObject([{ claims: 1 }, { claims: limits.claims - 1 }, noRequests])
  })
})

test('findings are kept up to a limit and all counted', async () => {
  const scratch = scratchRepository()
  scratch.commit('one')
  const odd = limits.findings + 50
  const reader: SessionReader = {
    ...{ id: 'odd', title: 'odd', findings: { odd: 'odd' } },
    open: (look) =>
      Promise.resolve({
        commit({ commit }) {
          for (let at = 0; at < odd; at += 1) look.finding('odd', commit, `${at}`)
        },
        finish: () => Promise.resolve(undefined),
      }),
  }
  const repository = await scratch.open()
  const collected = await collectSessions(repository, await resolveRange(repository, { allowShallow: 'record' }), [
    reader,
  ])
  expect(collected.findings).toHaveLength(limits.findings)
  expect(collected.findingCounts).toEqual({ odd })
})

describe('a partial clone', () => {
  /** One with a trailer and a note about the released file, and clones of it that leave objects out. */
  function partial(filter: string): Scratch {
    const origin = scratchRepository()
    origin.git(['config', 'uploadpack.allowFilter', 'true'])
    origin.commit('one', { 'src/a.txt': 'a\n' })
    origin.git(['tag', 'v1.0.0'])
    const noted = origin.commit('two\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n', { 'src/b.txt': 'b\n' })
    origin.note(
      noted,
      `src/b.txt\n  s_00000000000001 1\n---\n{"schema_version":"authorship/3.0.0","base_commit_sha":"${noted}","prompts":{}}`,
    )
    origin.commit('three', { 'src/c.txt': 'c\n' })
    const clone = scratchClone(origin, `--filter=${filter}`)
    clone.git(['-c', 'protocol.file.allow=always', 'fetch', '--quiet', 'origin', 'refs/notes/ai:refs/notes/ai'])
    return clone
  }

  test.each(part(['tree:0', 'blob:none'], 2))(
    'without what %s leaves out is looked at as far as it goes, and fetches nothing',
    async (filter) => {
      const clone = partial(filter)
      const packs = readdirSync(join(clone.folder, '.git/objects/pack'))
      const repository = await clone.open()
      const range = await resolveRange(repository, { allowShallow: 'refuse' })
      const { commits, readers } = await collectSessions(repository, range)
      expect(commits).toEqual({ total: 2, claimed: 1 })
      expect(usualReaders(readers)).toEqual([
        { reader: 'commit-identity', outcome: 'nothing', claims: 0 },
        { reader: 'entire-checkpoint', outcome: 'nothing', claims: 0 },
        {
          reader: 'git-ai-note',
          outcome: 'could-not-look',
          claims: 0,
          detail: expect.stringContaining('partial clone') as string,
        },
        { reader: 'session-record', outcome: 'nothing', claims: 0 },
        {
          ...{ reader: 'source-note', outcome: 'not-fetched', claims: 0 },
          detail: 'refs/notes/commits is not in this clone',
        },
        { reader: 'trailer', outcome: 'found', claims: 1 },
        noRequests,
      ])
      expect(readdirSync(join(clone.folder, '.git/objects/pack'))).toEqual(packs)
    },
  )

  test.runIf(isEach)('cannot tell which commits change a folder where it has no trees, and says so', async () => {
    const repository = await partial('tree:0').open()
    const failed = resolveRange(repository, { allowShallow: 'refuse', paths: ['src'] })
    await expect(failed.then((range) => collectSessions(repository, range))).rejects.toMatchObject({
      code: 'git-failed',
      message: expect.stringContaining('partial clone') as string,
      hint: expect.stringContaining('without a filter') as string,
    })
  })
})
