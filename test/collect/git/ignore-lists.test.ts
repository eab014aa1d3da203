import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ignoreList, patternsFromRoot } from '../../../src/collect/git/ignore-lists.ts'
import { runs } from '../../world/runs.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'

describe('a pattern of a folder, as the root would say it', () => {
  test.for<[string, string, string[]]>([
    ['a/b', '*.js', ['/a/b/**/*.js']],
    ['a', 'out/', ['/a/**/out/']],
    ['a', '/out', ['/a/out']],
    ['a', 'x/y', ['/a/x/y']],
    ['a', '!keep', ['!/a/**/keep']],
    ['a', '!/keep/', ['!/a/keep/']],
    ['a', '# a comment\n\n   \n/\n!\n!/\nb', ['/a/**/b']],
    ['a', '\u00ef\u00bb\u00bfb\r\nc', ['/a/**/b', '/a/**/c']],
    ['a', 'b   \nc\\  \nd\\\\  ', ['/a/**/b', '/a/**/c\\ ', '/a/**/d\\\\']],
    ['a', 'b\0c', ['/a/**/b']],
    ['[a]*?\\', 'b', ['/\\[a]\\*\\?\\\\/**/b']],
    ['a\nb', '*', []],
    ['', '*.js\n/', ['*.js']],
  ])('in %j: %j', ([folder, text, patterns]) => {
    expect(patternsFromRoot(folder, text)).toEqual(patterns)
  })
})

test('the list of a commit hides what its .gitignore files hide, to the last file', { timeout: 120_000 }, async () => {
  const part = fc.constantFrom('a', 'b', '*', '**', '?', 'a*', '*b', '[ab]', '\\a', 'a\\ ', '\\#', '\\!a', ' ', '')
  const pattern = fc
    .tuple(
      fc.constantFrom('', '', '!', '/', '!/', '#'),
      fc.array(part, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', '', '/', '//', ' ', '  ', '\r', ' \r', '\\', '\\ '),
    )
    .map(([start, parts, end]) => start + parts.join('/') + end)
  const file = fc
    .tuple(fc.constantFrom('', '\ufeff'), fc.array(pattern, { maxLength: 5 }))
    .map(([mark, it]) => mark + it.join('\n'))
  const folders = ['', 'a', 'a/b', 'b', 'b/a', '[ab]', 'a/a /b']
  const names = ['a', 'b', 'ab', 'ba', '#', '!a', 'a ']
  // One work tree for all runs: what changes from run to run is its lists, and the index that holds them.
  const scratch = scratchRepository()
  for (const folder of folders) for (const name of names) scratch.write(join(folder, `${name}.x`), '')
  for (const folder of folders) for (const name of names) scratch.write(join(folder, 'c', name), '')
  const repository = await scratch.open()
  const listOf = (folder: string): string => join(folder, '.gitignore')
  const index = join(scratch.folder, '.git/index')
  const list = join(scratch.folder, '.git/list')
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...folders), file), async (lists) => {
      for (const old of [index, ...folders.map((it) => join(scratch.folder, listOf(it)))]) rmSync(old, { force: true })
      for (const [folder, text] of Object.entries(lists)) scratch.write(listOf(folder), text)
      const ignoreFiles = scratch
        .sh('git update-index --add -- "$@" && exec git ls-files --stage -z', ...Object.keys(lists).map(listOf))
        .split('\0')
        .flatMap((entry) => {
          const [, id, path] = /^100644 (\S+) 0\t(.*)$/s.exec(entry) ?? []
          return id === undefined || path === undefined ? [] : [{ id, folder: path.slice(0, -'/.gitignore'.length) }]
        })
      expect(ignoreFiles).toHaveLength(Object.keys(lists).length)
      writeFileSync(list, await ignoreList(repository, ignoreFiles), 'latin1')
      const others = 'git ls-files --others -z'
      const [expected, hidden] = scratch
        .sh(`${others} --exclude-per-directory=.gitignore && printf // && exec ${others} --exclude-from="$1"`, list)
        .split('//')
      expect(hidden).toBe(expected)
    }),
    { numRuns: runs(300) },
  )
})
