import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hunkScanner, readHunks } from '../../../src/collect/git/hunks.ts'
import type { HunkVisitor } from '../../../src/collect/git/hunks.ts'
import { headerBytes } from '../../../src/collect/git/patch-headers.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'

function recorder(isWanted: (path: string) => boolean = () => true): {
  readonly told: unknown[]
  readonly visitor: HunkVisitor
} {
  const told: unknown[] = []
  return {
    told,
    visitor: {
      file(path) {
        told.push(path)
        return isWanted(path)
      },
      hunk: ({ oldFirst, oldLines, newFirst, newLines }) => void told.push([oldFirst, oldLines, newFirst, newLines]),
      line: (number, key) => void told.push(`${number} ${key}`),
    },
  }
}

const keyOf = (line: string | Buffer): number =>
  parseInt(createHash('sha256').update(line).digest('hex').slice(0, 13), 16)

const id = (digit: string): string => digit.repeat(40)
const patch = [
  id('a'),
  'diff --git a/x b/x',
  '--- a/x',
  '+++ b/x',
  '@@ -1,0 +2,2 @@',
  `+${id('f')}`,
  '++++ b/y',
  '@@ -4,2 +6 @@ context',
  '--- a/z',
  '-b',
  `+${'long '.repeat(2_000)}`,
  '\\ No newline at end of file',
  id('b'),
  id('c'),
  'diff --git a/gone b/gone',
  'deleted file mode 100644',
  '--- a/gone',
  '+++ /dev/null',
  '@@ -1 +0,0 @@',
  '-x',
  '',
].join('\n')

describe('the hunks of many diffs', () => {
  test('are the same in pieces of any size, and no content is taken for a header', () => {
    const expected = [
      ...[0, 'x', [2, 0, 2, 2], `2 ${keyOf(id('f'))}`, `3 ${keyOf('+++ b/y')}`],
      ...[[4, 2, 6, 1], `6 ${keyOf('long '.repeat(2_000))}`],
      ...[1, 2, 'gone', [1, 1, 1, 0]],
    ]
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 }), (sizes) => {
        const { told, visitor } = recorder()
        const scan = hunkScanner(visitor)
        const bytes = Buffer.from(patch)
        for (let at = 0, index = 0; at < bytes.length; index += 1) {
          const size = sizes[index % sizes.length] ?? 1
          for (const place of scan(bytes.subarray(at, at + size))) told.push(place)
          at += size
        }
        expect(told).toEqual(expected)
      }),
    )
  })

  test('of a file whose name is not read are not those of the file before', () => {
    const name = 'n'.repeat(headerBytes)
    const { told, visitor } = recorder()
    const text = `${id('a')}\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\ndiff --git a/${name} b/${name}\n--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-c\n+d\n`
    for (const place of hunkScanner(visitor)(Buffer.from(text))) told.push(place)
    expect(told).toEqual([0, 'x', [1, 1, 1, 1], `1 ${keyOf('b')}`])
  })

  test('are those against the commit that is named, each time anew', async () => {
    const scratch = scratchRepository()
    const first = scratch.commit('one', { 'a b.txt': '1\n2\n' })
    const second = scratch.commit('two', { 'a b.txt': '1\nx\n2\n', ü: 'u' })
    const third = scratch.commit('three', { 'a b.txt': '1\nx\n' })
    const { told, visitor } = recorder((path) => path === 'a b.txt')
    const pairs = [
      { commit: first, against: undefined },
      { commit: third, against: first },
      { commit: third, against: third },
      { commit: third, against: second },
    ]
    for await (const place of readHunks(await scratch.open(), pairs, visitor)) told.push(place)
    const key = (line: string): number => keyOf(line)
    expect(told).toEqual([
      ...[0, 'a b.txt', [1, 0, 1, 2], `1 ${key('1')}`, `2 ${key('2')}`],
      ...[1, 'a b.txt', [2, 1, 2, 1], `2 ${key('x')}`, Buffer.from('ü').toString('latin1'), [1, 0, 1, 1]],
      2,
      ...[3, 'a b.txt', [3, 1, 3, 0]],
    ])
  })
})
