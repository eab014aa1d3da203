import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readChangedText, textScanner } from '../../../src/collect/git/changed-text.ts'
import type { ChangedText, ChangedTextOptions } from '../../../src/collect/git/changed-text.ts'
import { lineKey } from '../../../src/model/line-key.ts'
import { scratchClone, scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { atDesk } from '../../world/runs.ts'

/** Path → lines, as they would have to be written to have these keys. */
interface Told {
  readonly added: Record<string, readonly string[]>
  readonly removed: readonly string[]
}

/** Keys as the lines of `said` that have them. */
function told({ added, removed }: ChangedText, said: readonly string[]): Told {
  const texts = new Map(said.map((it) => [lineKey(it), it]))
  const named = (keys: readonly number[]): string[] => keys.map((key) => texts.get(key) ?? 'unknown')
  const files = [...added].map(([path, keys]) => [Buffer.from(path, 'latin1').toString('utf8'), named(keys)] as const)
  return { added: Object.fromEntries(files), removed: named(removed) }
}

async function changed(
  scratch: Scratch,
  commits: readonly string[],
  options?: ChangedTextOptions,
): Promise<readonly ChangedText[]> {
  const parents = (it: string): number => scratch.git(['rev-list', '--parents', '-n', '1', it]).split(' ').length - 1
  const changes = new Map(commits.map((it) => [it, parents(it)]))
  return Array.fromAsync(readChangedText(await scratch.open(), changes, options))
}

const long = (word: string): string => `const ${word} = somethingLong(${word})`

describe('the text that a commit changed', () => {
  test('is the lines that count of each file, and those that are gone', async () => {
    const scratch = scratchRepository()
    const first = scratch.commit('one', {
      'a.ts': `${long('a')}\n}\n${long('b')}\n`,
      'short.ts': '}\n',
      'gone.ts': long('c'),
    })
    scratch.git(['rm', '--quiet', 'gone.ts'])
    const second = scratch.commit('two', { 'a.ts': `${long('a')}\n}\n  ${long('c')}\r\n${long('c')}` })
    const third = scratch.commit('three')
    const said = ['a', 'b', 'c'].map(long)
    const texts = await changed(scratch, [third, first, second])
    expect(texts.map((it) => it.commit)).toEqual([third, first, second])
    expect(texts.map((it) => told(it, said))).toEqual([
      { added: {}, removed: [] },
      { added: { 'a.ts': [long('a'), long('b')], 'gone.ts': [long('c')] }, removed: [] },
      { added: { 'a.ts': [long('c'), long('c')] }, removed: [long('b'), long('c')] },
    ])
    expect(texts.some((it) => it.isCut)).toBe(false)
  })

  test('is nothing for a merge', async () => {
    const scratch = scratchRepository()
    const base = scratch.commit('base', { 'a.ts': long('a') })
    scratch.git(['checkout', '--quiet', '-b', 'side'])
    scratch.commit('side', { 'b.ts': long('b') })
    scratch.git(['checkout', '--quiet', 'main'])
    scratch.git(['merge', '--quiet', '--no-ff', '-m', 'merge', 'side'])
    const texts = await changed(scratch, [scratch.git(['rev-parse', 'HEAD']), base])
    expect(texts.map((it) => it.commit)).toEqual([base])
  })

  test('cannot be faked by contents that look like a patch', async () => {
    const scratch = scratchRepository()
    const lines = [
      '0'.repeat(40),
      'diff --git a/innocent.ts b/innocent.ts',
      '--- a/innocent.ts',
      '+++ b/innocent.ts',
      '++ b/innocent.ts',
      '@@ -0,0 +1,9 @@ innocent function',
      '\\ No newline at end of file',
      long('own'),
    ]
    const first = scratch.commit('one', { 'a.ts': `${lines.join('\n')}\n` })
    const second = scratch.commit('two', { 'a.ts': lines.toReversed().slice(0, 3).join('\n') })
    const [one, two] = await changed(scratch, [first, second])
    expect(one && told(one, lines)).toEqual({ added: { 'a.ts': lines }, removed: [] })
    expect(Object.keys((two && told(two, lines))?.added ?? {})).toEqual(['a.ts'])
  })

  test('has the lines of what looks binary', async () => {
    const scratch = scratchRepository()
    const line = `\u0001\0 ${long('a')}`
    const commit = scratch.commit('one', {
      'a.bin': Buffer.from(`\0\xff\n${line}\n`, 'latin1'),
      '.gitattributes': '*.bin binary\n',
    })
    const [text] = await changed(scratch, [commit])
    expect(text && told(text, [line]).added['a.bin']).toEqual([line])
  })

  test('has of a very long line the key that a transcript has', async () => {
    const scratch = scratchRepository()
    const lines = [`x${'日'.repeat(9_000)}`, 'ab'.repeat(100_000), '😀a'.repeat(9_000)]
    const commit = scratch.commit('one', { 'a.ts': lines.map((it) => `${it}\n`).join('') })
    const [text] = await changed(scratch, [commit])
    expect(text?.added.get('a.ts')).toEqual(lines.map(lineKey))
  })

  test('is only of the files that are asked for', async () => {
    const scratch = scratchRepository()
    scratch.commit('one', { 'a.ts': long('a'), 'b.ts': long('b'), 'c.ts': long('c') })
    scratch.git(['rm', '--quiet', 'c.ts'])
    const second = scratch.commit('two', { 'a.ts': long('x'), 'b.ts': long('y') })
    const [text] = await changed(scratch, [second], { isWanted: (path) => path === 'b.ts' })
    expect(text && told(text, ['b', 'y'].map(long))).toEqual({ added: { 'b.ts': [long('y')] }, removed: [long('b')] })
  })

  test('is cut where it has more lines than are kept, and says so', async () => {
    const scratch = scratchRepository()
    const text = (word: string): string => Array.from({ length: 30 }, (_, at) => `${long(`${word}${at}`)}\n`).join('')
    const first = scratch.commit('one', { 'a.ts': text('a') })
    const second = scratch.commit('two', { 'a.ts': text('b'), 'b.ts': text('c') })
    const [one, two] = await changed(scratch, [first, second], { mostLines: 40 })
    expect(one?.isCut).toBe(false)
    expect(two?.isCut).toBe(true)
    expect((two?.removed.length ?? 0) + [...(two?.added.values() ?? [])].flat().length).toBe(40)
  })

  test('is cut where its paths take more room than lines', async () => {
    const scratch = scratchRepository()
    const files = Array.from({ length: 30 }, (_, at) => [`${'folder/'.repeat(20)}${at}.ts`, long('a')] as const)
    const [text] = await changed(scratch, [scratch.commit('one', Object.fromEntries(files))], { mostLines: 100 })
    expect(text?.isCut).toBe(true)
    expect(text?.added.size).toBeLessThan(10)
  })

  test('fails with a code where contents are missing', async () => {
    const origin = scratchRepository('--bare')
    const scratch = scratchRepository()
    const first = scratch.commit('one', { 'a.ts': long('a') })
    scratch.git(['push', '--quiet', origin.folder, 'main'])
    origin.git(['config', 'uploadpack.allowFilter', 'true'])
    const clone = scratchClone(origin, '--filter=blob:none', '--no-checkout')
    await expect(changed(clone, [first])).rejects.toMatchObject({ code: 'git-failed' })
  })

  test('of any history is what its files had, and what they have', async () => {
    // Parts of one ordered text without doubles: there is only one way to align them.
    const pool = [
      ...['first', 'second', 'third'].map(long),
      'diff --git a/innocent b/innocent',
      '+++ b/innocent.ts',
      '--- a/innocent.ts',
      '@@ -1,7 +1,7 @@ innocent',
      'carriage return 1\r',
      'nul \0 byte 0123456789',
      'zeile mit umlauten äöü 日本語',
      '\\ No newline at end of file',
    ]
    const paths = [
      'a.ts',
      'b b.ts',
      'tab\there',
      'line\nend',
      'quo"te',
      '"quoted"',
      'back\\slash',
      'straße/日本',
      'b/x',
    ]
    const text = fc
      .tuple(fc.subarray(pool), fc.boolean())
      .map(([lines, isEnded]) => lines.join('\n') + (isEnded ? '\n' : ''))
    const tree = fc.dictionary(fc.constantFrom(...paths), text, { noNullPrototype: true })
    await fc.assert(
      fc.asyncProperty(fc.array(tree, { minLength: 1, maxLength: 8 }), async (trees) => {
        const scratch = scratchRepository()
        scratch.git(['fast-import', '--quiet', '--force'], imported(trees))
        const commits = scratch.git(['rev-list', '--reverse', 'main']).split('\n')
        const texts = await changed(scratch, commits)
        expect(texts.map((it) => sorted(told(it, pool)))).toEqual(
          trees.map((files, at) => sorted(difference(trees[at - 1] ?? {}, files))),
        )
      }),
      { numRuns: atDesk(4, 12) },
    )
  })
})

type Files = Record<string, string>

/** Each tree whole, one commit after the other. */
function imported(trees: readonly Files[]): string {
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`
  const quoted = (path: string): string =>
    `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`
  const commits = trees.map((files, at) => {
    const entries = Object.entries(files).map(([path, text]) => `M 100644 inline ${quoted(path)}\n${data(text)}`)
    return `commit refs/heads/main\ncommitter A <a@example.org> ${1_700_000_000 + at} +0000\n${data('x')}deleteall\n${entries.join('')}`
  })
  return commits.join('')
}

function linesOf(text: string | undefined): string[] {
  return (text ?? '').split(/(?<=\n)/)
}

function difference(before: Files, after: Files): Told {
  const added: Record<string, string[]> = {}
  const removed: string[] = []
  const plain = (it: string): string => it.replace(/\n$/, '')
  for (const path of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = linesOf(before[path])
    const now = linesOf(after[path])
    const isCounted = (it: string): boolean => lineKey(it) !== undefined
    const news = now.filter((it) => !old.includes(it) && isCounted(it)).map(plain)
    if (news.length > 0) added[path] = news
    removed.push(...old.filter((it) => !now.includes(it) && isCounted(it)).map(plain))
  }
  return { added, removed }
}

function sorted({ added, removed }: Told): Told {
  return { added, removed: removed.toSorted() }
}

describe('the reader of changed text', () => {
  const id = 'a'.repeat(40)
  const patch = Buffer.from(
    `${id}\ndiff --git "a/\\303\\244" "b/\\303\\244"\n--- "a/\\303\\244"\n+++ "b/\\303\\244"\n` +
      `@@ -1 +1,2 @@ context\n-${long('x')}\n\\ No newline at end of file\n+${long('y')}\n++++ b/innocent.ts\n` +
      `${'b'.repeat(40)}\ndiff --git a/f b/f\n--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+${long('日本')}\n`,
  )
  const said = [long('x'), long('y'), '+++ b/innocent.ts', long('日本')]

  function scanned(bytes: Buffer, size: number): ChangedText[] {
    const scanner = textScanner()
    const texts: ChangedText[] = []
    for (let at = 0; at < bytes.length; at += size) texts.push(...scanner.scan(bytes.subarray(at, at + size)))
    return [...texts, ...scanner.end()]
  }

  test('finds the same in chunks of any size', () => {
    for (let size = 1; size <= patch.length; size += 1) {
      expect(scanned(patch, size).map((it) => told(it, said))).toEqual([
        { added: { ä: [long('y'), '+++ b/innocent.ts'] }, removed: [long('x')] },
        { added: { f: [long('日本')] }, removed: [] },
      ])
    }
  })

  test('never throws', () => {
    const line = fc.constantFrom(
      '@@ -1 +1 @@',
      '@@@ -1 -1 +1 @@@',
      '+++ b/x',
      '+++ "b/\\7',
      `+${long('x')}`,
      '-',
      ' ',
      id,
      '\\',
    )
    fc.assert(fc.property(fc.array(line), (lines) => void scanned(Buffer.from(lines.join('\n')), 7)))
  })
})
