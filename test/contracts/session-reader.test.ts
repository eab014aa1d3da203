/** What every row of the table of session readers promises. */
import { describe, expect, test } from 'vitest'
import { resolveRange } from '../../src/collect/git/history.ts'
import { sessionReaders } from '../../src/collect/sessions/index.ts'
import type { Look } from '../../src/collect/sessions/reader.ts'
import { readerIds } from '../../src/model/session.ts'
import type { AttributedLines, Claim, FindingCode, ReaderId } from '../../src/model/session.ts'
import { scratchRepository } from '../world/scratch-repository.ts'
import type { Scratch } from '../world/scratch-repository.ts'
import { gitAiNote } from '../world/git-ai-record.ts'

/** Records of one kind. */
interface World {
  /** Says that session `id` of codex took part in a new commit, and returns that commit. */
  claim(scratch: Scratch, id: string): string
  /** Says something that is near to a claim, but is none, or is broken. */
  readonly hostile: { readonly [what: string]: (scratch: Scratch) => void }
}

const codex = (id: unknown, model: unknown = 'gpt-5.4'): object => ({ agent_id: { tool: 'codex', id, model } })

function noted(scratch: Scratch, contents: (commit: string) => string | Buffer): string {
  const commit = scratch.commit('change', { 'a.txt': `${performance.now()}\n` })
  scratch.note(commit, contents(commit))
  return commit
}

const withSession = (commit: string, session: object, files = {}): string =>
  gitAiNote(commit, files, { sessions: { s_00000000000001: session } })

const worlds: { readonly [id in ReaderId]: World } = {
  trailer: {
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
  'git-ai-note': {
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
}

interface Reading {
  readonly claims: Omit<Claim, 'reader'>[]
  readonly findings: FindingCode[]
  readonly lines: AttributedLines[]
  readonly absent: string | undefined
}

/** One reader alone, the commits in the given order. */
async function read(
  scratch: Scratch,
  id: ReaderId,
  order: (commits: string[]) => string[] = (it) => it,
): Promise<Reading> {
  const repository = await scratch.open()
  const { range } = await resolveRange(repository, { allowShallow: 'refuse' })
  const reading: Reading = { claims: [], findings: [], lines: [], absent: undefined }
  const look: Look = {
    repository,
    range,
    boundary: new Set(),
    claim: (claim) => void reading.claims.push(claim),
    finding: (code) => void reading.findings.push(code),
    lines: (lines) => void reading.lines.push(lines),
  }
  const opened = await sessionReaders.find((reader) => reader.id === id)!.open(look)
  if ('absent' in opened) return { ...reading, absent: opened.absent }
  for (const commit of order(scratch.git(['rev-list', 'HEAD']).split('\n'))) {
    opened.commit(commit, Buffer.from(scratch.git(['log', '-1', '--format=%B', commit])), true)
  }
  await opened.finish()
  return reading
}

test('there is one row for each reader that a claim can name', () => {
  expect(sessionReaders.map(({ id }) => id).toSorted()).toEqual(readerIds.toSorted())
  expect(sessionReaders.every(({ title }) => title !== '')).toBe(true)
})

describe.for(sessionReaders.map(({ id }) => id))('%s', (id) => {
  const world = worlds[id]

  test('finds its own records, as claims for the commits that they name', async () => {
    const scratch = scratchRepository()
    const commits = [world.claim(scratch, 'one'), world.claim(scratch, 'two'), world.claim(scratch, 'one')]
    const { claims, findings } = await read(scratch, id)
    expect(findings).toEqual([])
    expect(claims.map(({ tool, session, commit, models }) => [tool, session, commit, models]).toSorted()).toEqual(
      ['one', 'two', 'one'].map((session, at) => ['codex', session, commits[at], ['gpt-5.4']]).toSorted(),
    )
  })

  test('says nothing about a repository without any', async () => {
    const scratch = scratchRepository()
    scratch.commit('plain', { 'a.txt': 'a\n' })
    expect(await read(scratch, id)).toMatchObject({ claims: [], findings: [], lines: [] })
  })

  test('leaves the records of the other readers to them', async () => {
    const scratch = scratchRepository()
    for (const other of readerIds) if (other !== id) worlds[other].claim(scratch, 'foreign')
    expect(await read(scratch, id)).toMatchObject({ claims: [], findings: [], lines: [] })
  })

  test.for(Object.keys(world.hostile))(
    'makes no claim of %s, does not throw and still finds what is good',
    async (what) => {
      const scratch = scratchRepository()
      const commit = world.claim(scratch, 'good')
      world.hostile[what]?.(scratch)
      const { claims } = await read(scratch, id)
      expect(claims.filter(({ session }) => session !== undefined)).toMatchObject([{ session: 'good', commit }])
      expect(claims.every((claim) => claim.commit === commit || claim.session === undefined)).toBe(true)
    },
  )

  test('says the same whatever the order of the commits is', async () => {
    const scratch = scratchRepository()
    for (const name of ['a', 'b', 'c', 'a']) world.claim(scratch, name)
    for (const make of Object.values(world.hostile)) make(scratch)
    const sorted = ({ claims, findings, lines }: Reading): unknown =>
      [claims, findings, lines].map((all) => all.map((it) => JSON.stringify(it)).toSorted())
    const forwards = await read(scratch, id)
    expect(sorted(await read(scratch, id, (commits) => commits.toReversed()))).toEqual(sorted(forwards))
  })

  test('claims only commits of the range', async () => {
    const scratch = scratchRepository()
    world.claim(scratch, 'old')
    scratch.git(['tag', 'v1'])
    const commit = world.claim(scratch, 'new')
    const { claims } = await read(scratch, id, (commits) => commits.slice(0, 1))
    expect(claims).toMatchObject([{ session: 'new', commit }])
  })
})
