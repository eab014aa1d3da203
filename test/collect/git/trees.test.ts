/** Trees as they are walked: every entry once, in bounds, whatever a push has put there. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveRange } from '../../../src/collect/git/history.ts'
import { walkForest, walkTrees } from '../../../src/collect/git/trees.ts'
import { collectSessions } from '../../../src/collect/sessions/index.ts'
import type { ReaderReport } from '../../../src/model/session.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { gitAiNote } from '../../world/git-ai-record.ts'
import { part, runs } from '../../world/runs.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'

/** As `git ls-tree -r -t` writes them. */
async function walked(scratch: Scratch, commit: string): Promise<string[]> {
  const lines: string[] = []
  await walkTrees(await scratch.open(), commit, ({ path, type, mode, id }) => {
    lines.push(`${mode.padStart(6, '0')} ${type} ${id} ${path}`)
    return true
  })
  return lines.sort()
}

function listed(scratch: Scratch, commit: string): string[] {
  const entries = scratch.git(['ls-tree', '-r', '-t', '-z', '--full-tree', commit]).split('\0').slice(0, -1)
  return entries
    .map((entry) => {
      const [, kind = '', path = ''] = /^(\d+ \w+ \w+)\t(.*)$/s.exec(entry) ?? []
      return `${kind} ${Buffer.from(path).toString('latin1')}`
    })
    .sort()
}

/** A tree with these entries; returns its id. */
const tree = (scratch: Scratch, ...entries: readonly string[]): string =>
  scratch.git(['mktree', '--missing'], entries.map((entry) => `${entry}\n`).join(''))

describe.each(part(['sha1', 'sha256'], 2))('trees of a repository of %s', (format) => {
  it('are walked as git lists them', async () => {
    const scratch = scratchRepository(`--object-format=${format}`)
    scratch.commit('Begin', { a: '', 'b/c/d': 'd', 'b/e\nf': '', 'g/ü': '', 'g/run.sh': '' })
    scratch.git(['update-index', '--chmod=+x', 'g/run.sh'])
    scratch.git(['update-index', '--add', '--cacheinfo', `160000,${scratch.git(['rev-parse', 'HEAD'])},module`])
    scratch.git(['update-index', '--add', '--cacheinfo', `120000,${scratch.git(['rev-parse', 'HEAD:a'])},link`])
    const commit = scratch.git(['commit-tree', '-m', 'All kinds', scratch.git(['write-tree'])])
    expect(await walked(scratch, commit)).toEqual(listed(scratch, commit))
    expect(await walked(scratch, `${commit}^{tree}`)).toEqual(listed(scratch, commit))
  })

  it('are walked as git lists them, whatever their names are (property)', async () => {
    const scratch = scratchRepository(`--object-format=${format}`)
    const blob = scratch.git(['hash-object', '-w', '--stdin'], 'contents')
    const name = fc.string({ unit: fc.constantFrom('a', 'B', ' ', 'ü', '\n', '0', '\t'), minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { maxLength: 6 }), async (names) => {
        const entries = names.map((it) => `100644 blob ${blob}\t${it}\0`).join('')
        const inner = scratch.git(['mktree', '-z'], entries)
        const outer = tree(scratch, `040000 tree ${inner}\tin`, `100755 blob ${blob}\tout`)
        expect(await walked(scratch, outer)).toEqual(listed(scratch, outer))
      }),
      { numRuns: runs(10) },
    )
  })
})

describe('trees', () => {
  it('of several commits are walked by one git, each entry with the place of its commit', async () => {
    const scratch = scratchRepository()
    const commits = [scratch.commit('1', { 'a/b': '1' }), scratch.commit('2', { 'a/b': '2', c: '' })]
    const seen: string[] = []
    await walkForest(await scratch.open(), commits, ({ path }, root) => seen.push(`${root} ${path}`) > 0)
    expect(seen.toSorted()).toEqual(['0 a', '0 a/b', '1 a', '1 a/b', '1 c'])
    await walkForest(await scratch.open(), [], () => expect.unreachable())
  })

  it('that are missing, or are none, are a failure of git', async () => {
    const scratch = scratchRepository()
    const blob = scratch.git(['hash-object', '-w', '--stdin'], 'contents')
    const gone = tree(scratch, `040000 tree ${'1'.repeat(40)}\tgone`)
    const entry = Buffer.concat([Buffer.from('40000 file\0'), Buffer.from(blob, 'hex')])
    const file = scratch.git(['hash-object', '-w', '-t', 'tree', '--stdin', '--literally'], entry)
    scratch.commit('Begin', { a: '' })
    const repository = await scratch.open()
    for (const root of [gone, file, blob, '2'.repeat(40), 'refs/heads/none']) {
      expect(await codeOfAsync(() => walkTrees(repository, root, () => true)), root).toBe('git-failed')
    }
    await walkTrees(repository, 'HEAD', () => true)
  })

  it('that hold one another without end are walked once each where they are asked for once, and up to a bound', async () => {
    const scratch = scratchRepository()
    let inner = tree(scratch, `100644 blob ${scratch.git(['hash-object', '-w', '--stdin'], 'contents')}\ta`)
    for (let depth = 0; depth < 40; depth += 1) {
      inner = tree(scratch, ...['0', '1', '2'].map((name) => `040000 tree ${inner}\t0${name}`))
    }
    const repository = await scratch.open()
    const seen = new Set<string>()
    await walkTrees(repository, inner, ({ type, id }) => type === 'tree' && seen.size < seen.add(id).size)
    expect(seen.size).toBe(40)
    expect(await codeOfAsync(() => walkTrees(repository, inner, () => true, 10_000))).toBe('git-failed')
  })
})

describe('a ref of notes', () => {
  const reportOf = async (scratch: Scratch): Promise<ReaderReport | undefined> => {
    const repository = await scratch.open()
    const range = await resolveRange(repository, { allowShallow: 'refuse' })
    const { readers } = await collectSessions(repository, range)
    return readers.find(({ reader }) => reader === 'git-ai-note')
  }

  it('may be a tree', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('Begin', { 'a.js': 'a\n' })
    scratch.note(commit, gitAiNote(commit, { 'a.js': { s1: '1' } }))
    scratch.git(['update-ref', 'refs/notes/ai', scratch.git(['rev-parse', 'refs/notes/ai^{tree}'])])
    expect(await reportOf(scratch)).toMatchObject({ outcome: 'found', claims: 1 })
  })

  it('that is a commit under the name of a file could not be looked at', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('Begin', { 'a.js': 'a\n' })
    const entry = Buffer.concat([Buffer.from(`100644 ${commit}\0`), Buffer.from(commit, 'hex')])
    const root = scratch.git(['hash-object', '-w', '-t', 'tree', '--stdin', '--literally'], entry)
    scratch.git(['update-ref', 'refs/notes/ai', root])
    expect(await reportOf(scratch)).toMatchObject({ outcome: 'could-not-look' })
  })

  it('in folders without end could not be looked at', async () => {
    const scratch = scratchRepository()
    const names = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
    let inner = tree(scratch)
    for (let depth = 0; depth < 3; depth += 1)
      inner = tree(scratch, ...names.map((it) => `040000 tree ${inner}\t${it}`))
    scratch.commit('Begin', { 'a.js': 'a\n' })
    scratch.git(['update-ref', 'refs/notes/ai', inner])
    expect(await reportOf(scratch)).toMatchObject({ outcome: 'could-not-look' })
  })
})
