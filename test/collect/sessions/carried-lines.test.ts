/** Lines that notes claim in the commits of a request, found again in the change that it became. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resolveRange } from '../../../src/collect/git/history.ts'
import { collectChanges } from '../../../src/collect/sessions/index.ts'
import type { Change } from '../../../src/model/change.ts'
import { gitAiNote } from '../../world/git-ai-record.ts'
import { atDesk, isEach } from '../../world/runs.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import { agentblameNote } from '../../world/small-records.ts'
import { squash, started } from '../../world/walked.ts'

interface Told {
  /** Of the change with this title. */
  readonly of: (title: string) => Pick<Change, 'lines'> & { readonly sessions: readonly string[] }
  readonly findings: Readonly<Record<string, number>>
  /** `id lines`, over all changes; `-` where nobody can tell. */
  readonly sessions: readonly string[]
}

async function told(scratch: Scratch): Promise<Told> {
  const repository = await scratch.open()
  const range = await resolveRange(repository, { allowShallow: 'record' })
  const { changes, sessions } = await collectChanges(repository, range)
  const logged = scratch.git(['log', '--format=%s%x00%H']).split('\n')
  const titles = new Map(logged.map((it) => it.split('\0') as [string, string]))
  return {
    of(title) {
      const change = changes.find(({ commit }) => commit === titles.get(title))
      const files = change?.files.flatMap((file) => file.sessions.map((it) => `${file.path} ${it.id} ${it.lines}`))
      return { lines: change?.lines, sessions: files?.sort() ?? [] }
    },
    findings: sessions.findingCounts,
    sessions: sessions.sessions.map((it) => `${it.id} ${it.lines?.added ?? '-'}`).sort(),
  }
}

/** A branch of its own, off what is checked out: each commit with its files and the note that is made for it. */
function branch(
  scratch: Scratch,
  number: number,
  commits: readonly (readonly [files: Record<string, string>, note?: Parameters<typeof gitAiNote>[1]])[],
): string[] {
  scratch.git(['checkout', '--quiet', '--detach'])
  const ids = commits.map(([files, note], index) => {
    const commit = scratch.commit(`${number}.${index}`, files)
    if (note !== undefined) scratch.note(commit, gitAiNote(commit, note))
    return commit
  })
  scratch.git(['update-ref', `refs/pull/${number}/head`, 'HEAD'])
  scratch.git(['checkout', '--quiet', 'main'])
  return ids
}

const text = (...lines: readonly string[]): string => lines.map((it) => `${it}\n`).join('')

describe('lines of a squashed request', () => {
  test('are those of the sessions that wrote them, as far as nobody wrote them anew', async () => {
    const scratch = started()
    const [, head = ''] = branch(scratch, 1, [
      [{ 'n.txt': text('one', 'two', 'three', 'four') }, { 'n.txt': { s1: '1-3', h1: '4' } }],
      [{ 'n.txt': text('zero', 'one', 'TWO', 'three', 'four', 'five') }, { 'n.txt': { s2: '6' } }],
    ])
    squash(scratch, head, 'feat (#1)')
    const { of, sessions, findings } = await told(scratch)
    expect(of('feat (#1)')).toEqual({
      lines: { ai: 3, human: 1, unknown: 2, generated: 0 },
      sessions: ['n.txt session-1 2', 'n.txt session-2 1'],
    })
    expect(sessions).toEqual(['session-1 2', 'session-2 1'])
    expect(findings).toEqual({})
  })

  test('are found where the forge merged them with what came meanwhile', async () => {
    const scratch = started()
    const lines = Array.from({ length: 20 }, (_, at) => `line ${at}`)
    scratch.commit('lines', { 'l.txt': text(...lines) })
    const [head = ''] = branch(scratch, 1, [
      [{ 'l.txt': text(...lines.toSpliced(15, 1, 'mine', 'mine too')) }, { 'l.txt': { s1: '16-17' } }],
    ])
    scratch.commit('meanwhile', { 'l.txt': text('top', 'top', ...lines) })
    squash(scratch, head, 'feat (#1)')
    expect((await told(scratch)).of('feat (#1)').sessions).toEqual(['l.txt session-1 2'])
  })

  test.runIf(isEach)('come through merges of the base, whose own lines are nobody’s', async () => {
    const scratch = started()
    const [first = ''] = branch(scratch, 1, [[{ 'n.txt': text('a', 'b', 'c') }, { 'n.txt': { s1: '1-3' } }]])
    scratch.commit('meanwhile', { 'n.txt': text('base', 'a') })
    scratch.git(['checkout', '--quiet', '--detach', first])
    scratch.git(['merge', '--quiet', '--no-commit', '--strategy=ours', 'main'])
    const merge = scratch.commit('merge', { 'n.txt': text('resolved', 'a', 'b', 'c') })
    scratch.note(merge, gitAiNote(merge, { 'n.txt': { s2: '1' } }))
    scratch.git(['update-ref', 'refs/pull/1/head', merge])
    scratch.git(['checkout', '--quiet', 'main'])
    scratch.git(['checkout', '--quiet', merge, '--', '.'])
    scratch.commit('feat (#1)')
    const { of, sessions } = await told(scratch)
    // "a" stands in the base by then: the change did not add it.
    expect(of('feat (#1)')).toEqual({
      lines: { ai: 2, human: 0, unknown: 1, generated: 0 },
      sessions: ['n.txt session-1 2'],
    })
    expect(sessions).toEqual(['session-1 2', 'session-2 -'])
  })

  test.runIf(isEach)('are found by every reader of notes, and none counts twice', async () => {
    const scratch = started()
    const [head = ''] = branch(scratch, 1, [[{ 'n.txt': text('a', 'b', 'c') }, { 'n.txt': { s1: '1-2' } }]])
    scratch.note(head, agentblameNote('cursor', { 'n.txt': [[1, 3]] }), 'refs/notes/agentblame')
    squash(scratch, head, 'feat (#1)')
    expect((await told(scratch)).of('feat (#1)').lines).toEqual({ ai: 3, human: 0, unknown: 0, generated: 0 })
  })

  test('of a file that was renamed are unknown, and that is not none', async () => {
    const scratch = started()
    const [, head = ''] = branch(scratch, 1, [
      [{ 'n.txt': text('a', 'b') }, { 'n.txt': { s1: '1-2' } }],
      [{ 'm.txt': text('a', 'b'), 'n.txt': '' }],
    ])
    squash(scratch, head, 'feat (#1)')
    const { of, sessions } = await told(scratch)
    expect(of('feat (#1)').lines).toEqual({ ai: 0, human: 0, unknown: 2, generated: 0 })
    expect(sessions).toEqual(['session-1 -'])
  })

  test.runIf(isEach)('are not counted beside a note of the change itself, which may be a copy of theirs', async () => {
    const scratch = started()
    const [head = ''] = branch(scratch, 1, [[{ 'n.txt': text('a', 'b', 'c') }, { 'n.txt': { s1: '1-3' } }]])
    const change = squash(scratch, head, 'feat (#1)')
    scratch.note(change, gitAiNote(change, { 'n.txt': { s1: '1-2' } }))
    for (const [commit, last] of [
      [head, 3],
      [change, 2],
    ] as const) {
      scratch.note(commit, agentblameNote('cursor', { 'n.txt': [[1, last]] }), 'refs/notes/agentblame')
    }
    expect((await told(scratch)).sessions).toEqual(['session-1 2', 'undefined 2'])
  })

  test('that cannot be read leave those of other requests as they are', async () => {
    const scratch = started()
    for (const [number, file] of [
      [1, 'lost.txt'],
      [2, 'here.txt'],
    ] as const) {
      const heads = branch(scratch, number, [
        [{ [file]: text('first', file) }, { [file]: { s1: '1-2' } }],
        [{ [file]: text('first', file, 'third') }, { [file]: { s2: '3' } }],
      ])
      squash(scratch, heads.at(-1) ?? '', `feat (#${number})`)
    }
    const lost = scratch.git(['rev-parse', 'refs/pull/1/head~1:lost.txt'])
    rmSync(join(scratch.folder, '.git/objects', lost.slice(0, 2), lost.slice(2)))
    const { of, sessions } = await told(scratch)
    expect(of('feat (#1)').lines).toEqual({ ai: 0, human: 0, unknown: 3, generated: 0 })
    expect(of('feat (#2)').sessions).toEqual(['here.txt session-1 2', 'here.txt session-2 1'])
    expect(sessions).toEqual(['session-1 2', 'session-2 1'])
  })
})

describe('what is no line of a session', () => {
  test('is one that a person wrote later, whatever the note of an earlier commit claims', async () => {
    const scratch = started()
    const [, head = ''] = branch(scratch, 1, [
      [{ 'n.txt': text('a') }, { 'n.txt': { s1: '1-50' } }],
      [{ 'n.txt': text('a', 'typed', 'typed too') }],
    ])
    squash(scratch, head, 'feat (#1)')
    const { of, findings } = await told(scratch)
    expect(of('feat (#1)').lines).toEqual({ ai: 1, human: 0, unknown: 2, generated: 0 })
    expect(findings).toEqual({ 'note-line-outside-diff': 1 })
  })

  test('is one of an earlier commit, or of the base, that a later note claims', async () => {
    const scratch = started()
    const [, head = ''] = branch(scratch, 1, [
      [{ 'n.txt': text('typed', 'typed too') }],
      [
        { 'n.txt': text('typed', 'typed too', 'own'), 'a.txt': text('a', 'b') },
        { 'n.txt': { s1: '1-3' }, 'a.txt': { s1: '1' } },
      ],
    ])
    squash(scratch, head, 'feat (#1)')
    const { of, findings } = await told(scratch)
    expect(of('feat (#1)').sessions).toEqual(['n.txt session-1 1'])
    expect(findings).toEqual({ 'note-line-outside-diff': 1 })
  })

  test('is one of a note that was made for another commit', async () => {
    const scratch = started()
    const [first = '', head = ''] = branch(scratch, 1, [[{ 'n.txt': text('a') }], [{ 'n.txt': text('a', 'b') }]])
    scratch.note(head, gitAiNote(first, { 'n.txt': { s1: '1-2' } }))
    squash(scratch, head, 'feat (#1)')
    const { of, findings } = await told(scratch)
    expect(of('feat (#1)').lines?.ai).toBe(0)
    expect(findings).toEqual({ 'note-base-mismatch': 1 })
  })

  test.runIf(isEach)('is one that the request below brought in, where requests stand on one another', async () => {
    const scratch = started()
    const [below = ''] = branch(scratch, 1, [[{ 'n.txt': text('a', 'b') }, { 'n.txt': { s1: '1-2' } }]])
    scratch.git(['checkout', '--quiet', '--detach', below])
    const above = scratch.commit('2.0', { 'n.txt': text('a', 'b', 'c', 'd') })
    scratch.note(above, gitAiNote(above, { 'n.txt': { s2: '1-3' } }))
    scratch.git(['update-ref', 'refs/pull/2/head', above])
    scratch.git(['checkout', '--quiet', 'main'])
    squash(scratch, below, 'lower (#1)')
    scratch.git(['checkout', '--quiet', above, '--', '.'])
    scratch.commit('upper (#2)')
    const { of } = await told(scratch)
    expect(of('lower (#1)').sessions).toEqual(['n.txt session-1 2'])
    expect(of('upper (#2)')).toEqual({
      lines: { ai: 1, human: 0, unknown: 1, generated: 0 },
      sessions: ['n.txt session-2 1'],
    })
  })

  test('is one of the base that the request also wrote', async () => {
    const scratch = started()
    const [head = ''] = branch(scratch, 1, [
      [
        { 'n.txt': text('same'), 'o.txt': text('own') },
        { 'n.txt': { s1: '1' }, 'o.txt': { s1: '1' } },
      ],
    ])
    scratch.commit('meanwhile', { 'n.txt': text('same') })
    squash(scratch, head, 'feat (#1)')
    expect((await told(scratch)).of('feat (#1)').sessions).toEqual(['o.txt session-1 1'])
  })
})

describe('lines of a rewritten commit', () => {
  /** Merged by a rebase, onto something that moves the lines. */
  function rebased(note: Parameters<typeof gitAiNote>[1], edit?: (scratch: Scratch) => void): Scratch {
    const scratch = started()
    const lines = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
    scratch.commit('lines', { 'c.txt': text(...lines) })
    const [head = ''] = branch(scratch, 1, [
      [{ 'c.txt': text(...lines.slice(0, 8), 'nine', 'ten'), 'a.txt': text('a', 'x') }, note],
    ])
    scratch.commit('meanwhile', { 'c.txt': text('0', ...lines) })
    scratch.git(['checkout', '--quiet', '--detach', head])
    scratch.git(['rebase', '--quiet', 'main'])
    edit?.(scratch)
    scratch.git(['branch', '--force', 'main', 'HEAD'])
    scratch.git(['checkout', '--quiet', 'main'])
    return scratch
  }

  test('are those at the same places of the same hunks', async () => {
    const { of } = await told(rebased({ 'c.txt': { s1: '9', h1: '10' }, 'a.txt': { s2: '2' } }))
    expect(of('1.0')).toEqual({
      lines: { ai: 2, human: 1, unknown: 0, generated: 0 },
      sessions: ['a.txt session-2 1', 'c.txt session-1 1'],
    })
  })

  test('are unknown where somebody changed their bytes on the way: a patch id knows no blanks', async () => {
    const scratch = rebased({ 'c.txt': { s1: '9-10' } }, (it) => {
      const author = it.git(['log', '-1', '--format=%ad', '--date=raw'])
      it.write('c.txt', text('0', '1', '2', '3', '4', '5', '6', '7', '8', 'ni ne', 'ten'))
      it.git(['commit', '--quiet', '--all', '--amend', '--no-edit', `--date=${author}`])
    })
    const { of } = await told(scratch)
    expect(of('1.0')).toEqual({
      lines: { ai: 1, human: 0, unknown: 2, generated: 0 },
      sessions: ['c.txt session-1 1'],
    })
  })
})

describe('as git blame has it', () => {
  const word = fc.constantFrom<string>('}', '', 'return', 'a', 'b', 'c')
  const edit = fc.record({
    at: fc.nat(30),
    gone: fc.nat(3),
    written: fc.array(word, { maxLength: 4 }),
  })
  const commit = fc.record({ edits: fc.array(edit, { minLength: 1, maxLength: 3 }), isAi: fc.boolean() })
  const plan = fc.record({
    base: fc.array(word, { minLength: 4, maxLength: 14 }),
    commits: fc.array(commit, { minLength: 1, maxLength: 4 }),
    meanwhile: fc.option(edit),
    mergesBase: fc.boolean(),
  })

  function edited(
    lines: readonly string[],
    { at, gone, written }: typeof edit extends fc.Arbitrary<infer T> ? T : never,
  ): string[] {
    return lines.toSpliced(at % (lines.length + 1), gone, ...written)
  }

  /** Line by line, the commit that wrote it. */
  function blamed(scratch: Scratch, commit: string): string[] {
    const answer = scratch.git(['blame', '--porcelain', commit, '--', 'f.txt'])
    return answer.split('\n').flatMap((it) => /^([0-9a-f]{40}) \d+ \d+/.exec(it)?.[1] ?? [])
  }

  /** Undefined: it conflicts. */
  function mergedTree(scratch: Scratch, head: string): string | undefined {
    try {
      return scratch.git(['merge-tree', '--write-tree', 'main', head])
    } catch {
      return undefined
    }
  }

  test('each line is that of the session whose commit wrote it', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ base, commits, meanwhile, mergesBase }) => {
        const scratch = scratchRepository()
        const start = scratch.commit('start', { 'f.txt': text(...base) })
        if (meanwhile !== null) scratch.commit('meanwhile', { 'f.txt': text(...edited(base, meanwhile)) })
        scratch.git(['checkout', '--quiet', '--detach', start])
        const sessionOf = new Map<string, string>()
        let lines = base
        for (const [index, { edits, isAi }] of commits.entries()) {
          for (const it of edits) lines = edited(lines, it)
          const id = scratch.commit(`own ${index}`, { 'f.txt': text(...lines) })
          // It claims the whole file; what it did not write is not its.
          if (isAi) scratch.note(id, gitAiNote(id, { 'f.txt': { [`s${index + 1}`]: '1-999' } }))
          if (isAi) sessionOf.set(id, `session-${index + 1}`)
          if (index === 0 && mergesBase) {
            // Where it conflicts, ours.
            scratch.git(['merge', '--quiet', '--strategy-option=ours', '--no-edit', 'main'])
            lines = scratch.git(['show', 'HEAD:f.txt']).split('\n')
            if (scratch.git(['cat-file', '-s', 'HEAD:f.txt']) === '0') lines = []
          }
        }
        const head = scratch.git(['rev-parse', 'HEAD'])
        scratch.git(['update-ref', 'refs/pull/1/head', head])
        scratch.git(['checkout', '--quiet', 'main'])
        const tree = mergedTree(scratch, head)
        const parent = scratch.git(['rev-parse', 'main'])
        fc.pre(tree !== undefined && tree !== scratch.git(['rev-parse', 'main^{tree}']))
        const change = scratch.git(['commit-tree', tree, '-p', parent, '-m', 'feat (#1)'])
        const merge = scratch.git(['commit-tree', tree, '-p', parent, '-p', head, '-m', 'merged'])
        scratch.git(['update-ref', 'refs/heads/main', change])
        const byMerge = blamed(scratch, merge)
        const expected = new Map<string, number>()
        for (const [index, id] of blamed(scratch, change).entries()) {
          const session = id === change ? sessionOf.get(byMerge[index] ?? '') : undefined
          if (session !== undefined) expected.set(session, (expected.get(session) ?? 0) + 1)
        }
        expect((await told(scratch)).of('feat (#1)').sessions).toEqual(
          [...expected].map(([session, count]) => `f.txt ${session} ${count}`).sort(),
        )
      }),
      { numRuns: atDesk(2, 60) },
    )
    // Each run makes a repository: git is started some thirty times.
  }, 240_000)
})
