import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { patchScanner, readAddedLines } from '../../../src/collect/git/added-lines.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { atDesk } from '../../world/runs.ts'

/** Commit → path → the numbers of the lines. */
type Added = Record<string, Record<string, number[]>>

async function addedBy(scratch: Scratch, commits: readonly string[]): Promise<Added> {
  const added: Added = {}
  let lines: Record<string, number[]> = {}
  const repository = await scratch.open()
  const merges = new Set(scratch.git(['rev-list', '--no-walk', '--merges', ...commits]).split('\n'))
  for (const kind of ['single', 'merge'] as const) {
    const ofKind = commits.filter((it) => merges.has(it) === (kind === 'merge'))
    const changes = readAddedLines(repository, kind, ofKind, (path, first, last) => {
      const name = Buffer.from(path, 'latin1').toString('utf8')
      for (let line = first; line <= last; line += 1) (lines[name] ??= []).push(line)
    })
    for await (const commit of changes) added[commit] = lines = {}
  }
  return added
}

describe('the lines that a commit added', () => {
  test('are those of its hunks, and all of them in the first commit', async () => {
    const scratch = scratchRepository()
    const first = scratch.commit('one', { 'a.txt': 'a\nb\nc\n', empty: '' })
    const second = scratch.commit('two', { 'a.txt': 'A\nb\nc\nd\n', 'b.txt': 'no end' })
    const third = scratch.commit('three')
    expect(await addedBy(scratch, [third, first, second])).toEqual({
      [first]: { 'a.txt': [1, 2, 3] },
      [second]: { 'a.txt': [1, 4], 'b.txt': [1] },
      [third]: {},
    })
  })

  test('cannot be faked by contents that look like a patch', async () => {
    const scratch = scratchRepository()
    const hostile = `${'0'.repeat(40)}\ndiff --git a/x b/x\n+++ b/x\n@@ -0,0 +1,9 @@\n++ b/x\n\\ No newline at end of file\n`
    const first = scratch.commit('one', { 'a.txt': 'x\n' })
    const second = scratch.commit('two', { 'a.txt': hostile })
    const third = scratch.commit('three', { 'a.txt': 'no end' })
    const fourth = scratch.commit('four', { 'a.txt': hostile })
    expect(await addedBy(scratch, [first, second, third, fourth])).toEqual({
      [first]: { 'a.txt': [1] },
      [second]: { 'a.txt': [1, 2, 3, 4, 5, 6] },
      [third]: { 'a.txt': [1] },
      [fourth]: { 'a.txt': [1, 2, 3, 4, 5, 6] },
    })
  })

  test('have paths with blanks, quotes, controls and letters of all kinds', async () => {
    const scratch = scratchRepository()
    const paths = [
      'a b',
      'tab\there',
      'line\nend',
      'quo"te',
      'quo" and blank',
      '"quoted"',
      'back\\slash',
      'straße/日本',
      ' lead',
      'trail ',
      'bell\x07',
    ]
    const commit = scratch.commit('one', Object.fromEntries(paths.map((path) => [path, 'x\n'])))
    const added = await addedBy(scratch, [commit])
    expect(Object.keys(added[commit] ?? {}).sort()).toEqual(paths.toSorted())
  })

  test('do not depend on attributes or configuration', async () => {
    const scratch = scratchRepository()
    scratch.git(['config', 'diff.noprefix', 'true'])
    scratch.git(['config', 'diff.renames', 'copies'])
    scratch.git(['config', 'diff.interHunkContext', '9'])
    scratch.git(['config', 'color.ui', 'always'])
    const text = 'a\nb\nc\nd\ne\n'
    const first = scratch.commit('one', { 'a.txt': text, '.gitattributes': '*.txt binary\n' })
    scratch.git(['mv', 'a.txt', 'b.txt'])
    const second = scratch.commit('two', { 'b.txt': text.replace('b', 'B') })
    expect(await addedBy(scratch, [first, second])).toMatchObject({
      [first]: { 'a.txt': [1, 2, 3, 4, 5] },
      [second]: { 'b.txt': [1, 2, 3, 4, 5] },
    })
  })

  test('of a merge are those that none of its parents has', async () => {
    const scratch = scratchRepository()
    scratch.commit('base', { 'a.txt': '1\n2\n3\n4\n5\n6\n7\n8\n', 'b.txt': 'b\n' })
    for (const branch of ['x', 'y']) {
      scratch.git(['checkout', '--quiet', '-b', branch, 'main'])
      scratch.commit(branch, { [`${branch}.txt`]: 'own\n', 'a.txt': `1\n${branch}\n3\n4\n5\n6\n7\n8\n` })
    }
    scratch.git(['checkout', '--quiet', 'main'])
    scratch.commit('main', { 'a.txt': '1\n2\n3\n4\n5\n6\n7\n8\nmain\n' })
    scratch.git(['merge', '--quiet', '--no-ff', '-m', 'clean', 'x'])
    const clean = scratch.git(['rev-parse', 'HEAD'])

    // An octopus with contents of its own: line 2 of y, line 3 of nobody.
    scratch.write('a.txt', '1\ny\nnobody\n4\n5\n6\n7\n8\nmain\nnobody\n')
    scratch.git(['read-tree', '--empty'])
    scratch.git(['checkout', '--quiet', 'x', '--', 'x.txt'])
    scratch.git(['add', '--all'])
    const tree = scratch.git(['write-tree'])
    const octopus = scratch.git(['commit-tree', tree, '-p', 'main', '-p', 'x', '-p', 'y', '-m', 'octopus'])
    expect(await addedBy(scratch, [clean, octopus])).toEqual({ [clean]: {}, [octopus]: { 'a.txt': [3, 10] } })
  })

  test('of random merges are what a comparison with each parent says', async () => {
    // Parts of one ordered text: there is only one way to align them.
    const file = fc.subarray(['a', 'b', 'c', 'd', 'e', 'f', 'g'], { minLength: 1 })
    const scratch = scratchRepository()
    const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
    await fc.assert(
      fc.asyncProperty(file, file, file, async (ours, theirs, merged) => {
        const left = scratch.git(['commit-tree', treeOf(scratch, text(ours)), '-m', 'ours'])
        const right = scratch.git(['commit-tree', treeOf(scratch, text(theirs)), '-m', 'theirs'])
        const tree = treeOf(scratch, text(merged))
        const both = scratch.git(['commit-tree', tree, '-p', left, '-p', right, '-m', 'merge'])
        const alone = [left, right].map((parent) => scratch.git(['commit-tree', tree, '-p', parent, '-m', 'alone']))
        const added = await addedBy(scratch, [both, ...alone])
        const [one, other] = alone.map((commit) => added[commit]?.['f'] ?? [])
        expect(added[both]?.['f'] ?? []).toEqual(one?.filter((line) => other?.includes(line)))
      }),
      { numRuns: atDesk(5, 15) },
    )
  })
})

function treeOf(scratch: Scratch, contents: string): string {
  const blob = scratch.git(['hash-object', '-w', '--stdin'], contents)
  return scratch.git(['mktree'], `100644 blob ${blob}\tf\n`)
}

describe('the reader of patches', () => {
  const patch = Buffer.from(
    `${'a'.repeat(40)}\ndiff --git "a/\\303\\244\\n" "b/\\303\\244\\n"\n--- "a/\\303\\244\\n"\n+++ "b/\\303\\244\\n"\n` +
      `@@ -1 +1,2 @@ context\n-x\n\\ No newline at end of file\n+y\n+@@ -1 +1,2 @@\n@@ -7,0 +9 @@\n+z\n` +
      `${'b'.repeat(40)}\ndiff --cc f\n--- a/f\n+++ b/f\n@@@ -1,2 -0,0 +1,3 @@@\n++own\n +one\n- gone\n++own\n`,
    'latin1',
  )
  const expected = ['a', 'Ã¤\n 1-2', 'Ã¤\n 9-9', 'b', 'f 1-1', 'f 3-3']

  function scanned(bytes: Buffer, size: number): string[] {
    const events: string[] = []
    const scan = patchScanner((path, first, last) => events.push(`${path} ${first}-${last}`))
    for (let at = 0; at < bytes.length; at += size) {
      for (const commit of scan(bytes.subarray(at, at + size))) events.push(commit[0] ?? '')
    }
    return events
  }

  test('finds the same in chunks of any size', () => {
    for (let size = 1; size <= patch.length; size += 1) expect(scanned(patch, size)).toEqual(expected)
  })

  test('never throws', () => {
    const line = fc.constantFrom(
      '@@ -1 +1 @@',
      '@@@ -1 -1 +1 @@@',
      '+++ b/x',
      '+++ "b/\\7',
      '+',
      '-',
      ' ',
      'a'.repeat(40),
      '\\',
    )
    fc.assert(fc.property(fc.array(line), (lines) => void scanned(Buffer.from(lines.join('\n')), 7)))
  })
})
