/** A log of reasoning: whatever stands in a text of a session stays text, in each form. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { LogEntry, ReasoningLog } from '../../src/model/reasoning-log.ts'
import { typesetPdf } from '../../src/platform/typst.ts'
import { renderReasoning } from '../../src/report.ts'
import { reasoningSummary, summaryFileName } from '../../src/report/reasoning/summary.ts'
import { typstData, typstSource } from '../../src/report/reasoning/typst.ts'
import { anyText } from '../world/any-text.ts'
import { codeOf, failureOf } from '../world/failure.ts'
import { runs } from '../world/runs.ts'

function logOf(text: string, more: Partial<ReasoningLog> = {}): ReasoningLog {
  const entries: LogEntry[] = [
    { kind: 'prompt', text, left: 3, undone: false },
    { kind: 'edit', path: text, verdict: 'applied', acceptedBy: 'person' },
    { kind: 'answer', text, left: 0, undone: true },
  ]
  const base = { level: 'signed', models: [text], startedAt: undefined, digest: 'ab'.repeat(32), left: 0, agents: 2 }
  return {
    of: { kind: 'bundle', name: text, verified: false },
    changes: [{ commit: 'c'.repeat(40), sessions: [0, 1, 2] }],
    sessions: [
      { ...base, tool: 'claude-code', id: text, record: 'signed', entries },
      { ...base, tool: 'codex', id: 'two', record: 'differs', entries: [] },
      { ...base, tool: 'codex', id: 'three', record: 'missing', entries: [] },
    ],
    unclaimed: undefined,
    refused: [{ name: text, code: 'record-altered' }],
    ...more,
  }
}

const attacks = [
  '</pre><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '```\n# A heading\n[a link](https://evil.example) @ann <b>',
  '````````',
  '~~~\n<!-- x -->',
  '#import "@preview/x:1.0.0"\n#read("/etc/passwd") $x$ *b* _i_ @label <label>',
  'a\u202eb\u200bc\u0007\u001b[31m',
  '::stop-commands::x\n##[error]y\n##vso[task.setvariable]z',
]

/** Fences of Markdown are at the start of a line; what is between two is text. */
function outsideFences(markdown: string): string {
  const outside: string[] = []
  let fence: string | undefined
  for (const line of markdown.split('\n')) {
    const [mark] = /^`{3,}/.exec(line) ?? []
    if (fence === undefined && mark !== undefined) fence = mark
    else if (fence !== undefined && mark !== undefined && mark.length >= fence.length && line === mark)
      fence = undefined
    else if (fence === undefined) outside.push(line)
  }
  expect(fence).toBeUndefined()
  return outside.join('\n')
}

const control = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

it.each(attacks)('is Markdown in which a text is no Markdown: %j', (text) => {
  const markdown = renderReasoning(logOf(text), 'markdown')
  expect(outsideFences(markdown)).not.toMatch(/<|\[a link\]|@ann|^# A heading/m)
  expect(markdown.replaceAll('\n', '')).not.toMatch(control)
  expect(markdown).not.toMatch(/^::|##\[|##vso/m)
})

it.each(attacks)('is HTML without any element of a text: %j', (text) => {
  const html = renderReasoning(logOf(text), 'html')
  expect(html.match(/<(?!\/?(?:html|head|meta|title|style|body|main|h[123]|p|pre)\b|!doctype)/g)).toBeNull()
  expect(html).not.toMatch(/<script|<img/)
  expect(html).toContain("default-src 'none'")
  expect(html.replaceAll('\n', '')).not.toMatch(control)
})

it('says how many agents were left out', () => {
  expect(renderReasoning(logOf('x'), 'markdown')).toMatch(/LEFT OUT\S+ 2 agents/)
})

it('holds for any text (property)', () => {
  fc.assert(
    fc.property(anyText({ maxLength: 40 }), (text) => {
      const log = logOf(text)
      outsideFences(renderReasoning(log, 'markdown'))
      expect(renderReasoning(log, 'html')).not.toMatch(
        /<(?!\/?(?:html|head|meta|title|style|body|main|h[123]|p|pre)\b|!doctype)/,
      )
      // Only what the fonts have: one other character would stop the document.
      expect(typstData(log)).toMatch(/^[\n\u0020-\u04ff\u2010-\u2193]*$/u)
      expect(typstSource).not.toContain('${')
    }),
    { numRuns: runs(300) },
  )
})

it('says what is missing, what was refused, and that a bundle is not verified', () => {
  const markdown = renderReasoning(logOf('x'), 'markdown')
  for (const word of [
    'REFUSED',
    'MISSING',
    'NOT VERIFIED',
    'And 3 more characters',
    'accepted by a person',
    'taken back',
  ])
    expect(markdown).toContain(word)
})

it('has a page beside the code without a text of any session', () => {
  const page = reasoningSummary(logOf('a secret question'), 'ef'.repeat(32))
  expect(page).toContain('ef'.repeat(32))
  expect(page).not.toContain('Asked')
  const names = ['refs/tags/v1.0.0', '../../etc/passwd', '', '..', 'dist/app.tgz'].map(summaryFileName)
  expect(names).toEqual(['v1.0.0.md', 'passwd.md', 'release.md', 'release.md', 'app.tgz.md'])
})

it('names the package where it is not there', () => {
  const missing = () => {
    throw new Error('Cannot find module')
  }
  expect(codeOf(() => typesetPdf(typstSource, {}, missing))).toBe('pdf-package-missing')
})

it('says nothing of a text where the PDF fails', async () => {
  const fails = { NodeCompiler: { create: () => ({ pdf: () => { throw new Error('a secret question') } }) } } // prettier-ignore
  const { code, message } = await failureOf(() =>
    Promise.resolve().then(() => typesetPdf(typstSource, {}, () => fails)),
  )
  expect([code, message]).toEqual(['pdf-failed', 'the PDF could not be typeset'])
})
