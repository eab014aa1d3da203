/** A log of reasoning as PDF, made by the package that is optional for it: the same bytes twice, and what veraPDF says of them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { LogEntry, ReasoningLog } from '../../src/model/reasoning-log.ts'
import { hostile } from '../world/hostile-text.ts'
import { program } from './cache.ts'
import { runOffline } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-pdf-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Every character that may stay as it is; were one in none of the fonts, the whole document would fail. */
const plane = Array.from({ length: 0x2200 }, (_, at) => String.fromCodePoint(at)).join('')
const source = '#import "@preview/x:1.0.0"\n#read("/etc/passwd") $x$ *b* _i_ @label <label> ```\n'
const texts = {
  plain: 'Parse the widgets\n\n    with JSON.parse',
  hostile: `${hostile} ${source}`,
  'with all that fonts have': plane,
  'with what no font has': '测试 🎉 \u{10ffff} عربى',
  long: `${'a line of what was pasted '.repeat(8)}\n`.repeat(90),
  empty: '',
}

function logOf(text: string): ReasoningLog {
  const entries: LogEntry[] = [
    { kind: 'prompt', text, left: 3, undone: false },
    { kind: 'edit', path: text, verdict: 'applied', acceptedBy: 'person' },
    { kind: 'answer', text, left: 0, undone: true },
  ]
  const base = { level: 'signed', models: [text], startedAt: undefined, digest: 'ab'.repeat(32), left: 1, agents: 2 }
  return {
    of: { kind: 'bundle', name: text, verified: false },
    changes: [{ commit: 'c'.repeat(40), sessions: [0, 1] }],
    sessions: [
      { ...base, tool: 'claude-code', id: text, record: 'signed', entries },
      { ...base, tool: 'codex', id: 'two', record: 'missing', entries: [] },
    ],
    unclaimed: 3,
    refused: [{ name: text, code: 'record-altered' }],
  }
}

/** By a process of its own. */
async function typeset(name: string, text: string, which: string): Promise<string> {
  const [from, to] = [join(folder, `${name}.json`), join(folder, `${name}-${which}.pdf`)]
  writeFileSync(from, JSON.stringify(logOf(text)))
  const script = join(import.meta.dirname, 'typeset.ts')
  const { code, stderr } = await runOffline(process.execPath, [script, program('typst'), from, to], { home: folder })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return to
}

async function judged(path: string): Promise<string> {
  const jars = join(dirname(program('verapdf')), '*')
  const args = ['-cp', jars, 'org.verapdf.apps.GreenfieldCliWrapper', '-f', 'ua1', '--format', 'xml', path]
  return (await runOffline('java', args, { home: folder })).stdout
}

describe.each(Object.entries(texts))('of a text that is %s', (name, text) => {
  test('has the same bytes in two processes, is tagged, and is PDF/UA-1 by veraPDF', async () => {
    const [one, other] = [await typeset(name, text, 'one'), await typeset(name, text, 'other')]
    const bytes = readFileSync(one)
    expect(bytes.equals(readFileSync(other))).toBe(true)
    expect(bytes.toString('latin1')).toMatch(/\/MarkInfo\s*<<\s*\/Marked true/)
    expect(await judged(one)).toMatch(/isCompliant="true"[^]*failedRules="0"/)
  })
})

test('veraPDF refuses what is none', async () => {
  const path = join(folder, 'broken.pdf')
  const whole = readFileSync(await typeset('broken', 'x', 'one')).toString('latin1')
  writeFileSync(path, whole.replace('/Marked true', '/Marked null'), 'latin1')
  expect(await judged(path)).toContain('isCompliant="false"')
})
