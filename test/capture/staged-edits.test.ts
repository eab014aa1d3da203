/** Which sessions wrote a line of a staged change. */
import { expect, it } from 'vitest'
import { lineKey } from '../../src/capture/edits.ts'
import { changesIn } from '../../src/capture/patch.ts'
import type { FileChange } from '../../src/capture/patch.ts'
import { editsStaged } from '../../src/capture/staged-edits.ts'

const session = { tool: 'codex', id: 'T-1' }
const edit = (path: string, line: string) => ({ session, path, lines: [lineKey(line) ?? ''] })
const patch = (path: string, ...lines: readonly string[]) =>
  [`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`, '@@ -1 +1,9 @@', ...lines, ''].join('\n')

function sessionsIn(edits: readonly ReturnType<typeof edit>[], text: string): unknown[] {
  const changes = changesIn(text, new Set(edits.map(({ path }) => path)))
  return editsStaged(edits, changes ?? new Map<string, FileChange>()).map((it) => it.session)
}

it('a line that it wrote, whatever its indentation, in the file that it wrote', () => {
  expect(sessionsIn([edit('a.ts', 'const x = 1')], patch('a.ts', '+  const x = 1\r'))).toEqual([session])
  expect(sessionsIn([edit('a b.ts', 'const x = 1')], patch('a b.ts\t', '+const x = 1'))).toEqual([session])
  const named = patch('x', '+const x = 1').replace('+++ b/x', '+++ "b/a\\t\\"b\\\\.ts"')
  expect(sessionsIn([edit('a\t"b\\.ts', 'const x = 1')], named)).toEqual([session])
})

it('none that it did not write, that goes away, or that stands elsewhere', () => {
  const edits = [edit('a.ts', 'const x = 1')]
  for (const lines of [['+const y = 1'], ['-const x = 1'], [' const x = 1'], []]) {
    expect(sessionsIn(edits, patch('a.ts', ...lines))).toEqual([])
  }
  expect(sessionsIn(edits, patch('b.ts', '+const x = 1'))).toEqual([])
  expect(changesIn(undefined, new Set())).toBeUndefined()
})

it('no header that the content of another file pretends to be', () => {
  const pretended = patch('b.md', '+++ b/a.ts', '+const x = 1')
  expect(sessionsIn([edit('a.ts', 'const x = 1')], pretended)).toEqual([])
})

it('no line that anybody writes', () => {
  for (const line of ['', '}', '})', '    ', '// ---', 'x = 1']) expect(lineKey(line)).toBeUndefined()
})
