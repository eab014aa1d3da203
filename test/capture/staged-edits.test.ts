/** Which sessions wrote a line of a staged change. */
import { expect, it } from 'vitest'
import { sessionsStaged } from '../../src/capture/staged-edits.ts'
import { lineKey } from '../../src/capture/state.ts'

const session = { tool: 'codex', id: 'T-1' }
const edit = (path: string, line: string) => ({ session, path, lines: [lineKey(line) ?? ''] })
const patch = (path: string, ...lines: readonly string[]) =>
  [`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`, '@@ -1 +1,9 @@', ...lines, ''].join('\n')

it('a line that it wrote, whatever its indentation, in the file that it wrote', () => {
  expect(sessionsStaged([edit('a.ts', 'const x = 1')], patch('a.ts', '+  const x = 1\r'))).toEqual([session])
  expect(sessionsStaged([edit('a b.ts', 'const x = 1')], patch('a b.ts\t', '+const x = 1'))).toEqual([session])
})

it('none that it did not write, that goes away, or that stands elsewhere', () => {
  const edits = [edit('a.ts', 'const x = 1')]
  for (const lines of [['+const y = 1'], ['-const x = 1'], [' const x = 1'], []]) {
    expect(sessionsStaged(edits, patch('a.ts', ...lines))).toEqual([])
  }
  expect(sessionsStaged(edits, patch('b.ts', '+const x = 1'))).toEqual([])
  expect(sessionsStaged(edits, undefined)).toEqual([])
})

it('no header that the content of another file pretends to be', () => {
  const pretended = patch('b.md', '+++ b/a.ts', '+const x = 1')
  expect(sessionsStaged([edit('a.ts', 'const x = 1')], pretended)).toEqual([])
})

it('no line that anybody writes', () => {
  for (const line of ['', '}', '})', '    ', '// ---', 'x = 1']) expect(lineKey(line)).toBeUndefined()
})
