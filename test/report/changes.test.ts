/** Views of a range: drawn from the value alone, safe wherever they are shown or posted, and nothing is cut without a word. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aiConfigurationFindings } from '../../src/collect/ai-configuration/findings.ts'
import { signatureFindings } from '../../src/collect/signatures/index.ts'
import { recordAttestationFindings } from '../../src/collect/signatures/record-signers.ts'
import { joinFindings } from '../../src/collect/sessions/join.ts'
import { portalFindings } from '../../src/collect/sessions/portal.ts'
import { receiptFindings } from '../../src/collect/sessions/receipts.ts'
import { sessionReaders } from '../../src/collect/sessions/readers/index.ts'
import { walkFindings } from '../../src/collect/change/walk.ts'
import { transcriptFindings } from '../../src/collect/transcripts/findings.ts'
import { findingMends } from '../../src/model/finding-mends.ts'
import { limits } from '../../src/model/limits.ts'
import { rangeReport, rangeReportType } from '../../src/model/range-report.ts'
import type { RangeReport } from '../../src/model/range-report.ts'
import { nextStepOf, raisingWords } from '../../src/model/raising-steps.ts'
import { levels } from '../../src/model/session.ts'
import { changeFormats, renderChanges } from '../../src/report/changes.ts'
import { columnsOf } from '../../src/report/fold.ts'
import { plainStyle } from '../../src/report/style.ts'
import { anyText } from '../world/any-text.ts'
import { hostile, printable, steersIn } from '../world/hostile-text.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { runs } from '../world/runs.ts'

interface Size {
  readonly sessions?: number
  readonly changes?: number
  readonly files?: number
  readonly findings?: number
}

/** A range in which every text is this one. */
function reportWith(text: string, { sessions = 2, changes = 2, files = 2, findings = 2 }: Size = {}): RangeReport {
  const lines = { ai: 20, human: 3, unknown: 4, generated: 500 }
  const many = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
  return {
    type: rangeReportType,
    signed: false,
    range: { since: text, until: text, sinceName: text, reason: 'tags-unknown', base: text, paths: [text], cut: true },
    otherTag: text,
    commits: { total: changes + 1, claimed: changes, unknown: 1 },
    lines,
    sessions: many(sessions, (at) => ({
      tool: text,
      id: at === 1 ? undefined : text,
      level: levels[at % levels.length]!,
      models: [text, text],
      commits: [text],
      lines: { added: 20 },
      parent: text,
      role: 'implementation',
      linkage: 'direct',
      readers: [text],
      reason: 'no record of it was found',
      next: 'keep-record',
    })),
    told: 'all',
    changes: many(changes, () => ({
      commit: text,
      parents: [text, text],
      request: text,
      sessions: [{ tool: text, id: text, level: 'claimed', role: 'review', linkage: 'squash', lines: 20 }],
      lines,
      files: many(files, () => ({ path: text, ...lines, sessions: [{ tool: text, id: text, lines: 20 }] })),
    })),
    findings: [
      {
        code: text,
        count: findings,
        meaning: 'a meaning',
        mend: 'a mend',
        kept: many(Math.min(findings, 200), () => ({ reader: text, commit: text, detail: text })),
      },
    ],
    readers: [
      { reader: text, title: text, outcome: 'found', claims: 2 },
      { reader: text, title: text, outcome: 'not-fetched', claims: 0, detail: text, fetch: text },
      { reader: text, outcome: 'could-not-look', claims: 0, detail: text },
    ],
    steps: [{ step: 'keep-record', sessions, mend: raisingWords['keep-record'] }],
  }
}

/** What HTML shows: every reference of ours as its character. */
const shownBy = (html: string): string =>
  html.replace(/&#(\d+);/g, (_, mark: string) => String.fromCodePoint(Number(mark)))

/** All tags that stand in a text, each once. */
const tagsIn = (html: string): string[] => [...new Set(html.match(/<[^>]*>?/g))].sort()

const texts = [
  ['with controls', hostile],
  ['in plain characters', printable],
  ['of Markdown and HTML', '<script>alert(1)</script> </code></td> `x` **y** [z](https://evil.example) @ann #12 |'],
  ['very long', 'x'.repeat(5_000)],
  ['of nothing', ''],
] as const

describe.each(texts)('a text %s', (_, text) => {
  const report = reportWith(text)

  it.each(changeFormats)('steers nothing as %s', (format) => {
    const shown = renderChanges(report, format)
    expect(steersIn(shown)).toEqual([])
    expect(shown.endsWith('\n')).toBe(true)
  })

  it('fits 100 columns, or those of the terminal', () => {
    for (const width of [undefined, 60, 200]) {
      const style = width === undefined ? plainStyle : { ...plainStyle, width }
      const lines = renderChanges(report, 'text', style).split('\n')
      expect(lines.filter((it) => columnsOf(it) > (width ?? 100))).toEqual([])
    }
  })

  it('brings no tag of its own into Markdown or HTML', () => {
    for (const format of ['markdown', 'html'] as const) {
      expect(tagsIn(renderChanges(report, format))).toEqual(tagsIn(renderChanges(reportWith('plain'), format)))
    }
  })

  it('stands in Markdown in code alone, where no forge looks for names and numbers, and on no line of its own', () => {
    const markdown = renderChanges(report, 'markdown')
    expect(shownBy(markdown.replace(/<code>[^<]*<\/code>/g, ''))).not.toMatch(/@ann|#12|evil\.example|<script|script>/)
    expect(markdown.split('\n').filter((it) => !/^(?:### [\w ,:()-]+|<.*>|)$/.test(it.replace(/&#\d+;/g, '')))).toEqual(
      [],
    )
  })

  it('is a value of the schema', () => {
    expect(schemaErrors('sessions', JSON.parse(renderChanges(report, 'json')))).toEqual([])
    expect(rangeReport().safeParse(JSON.parse(renderChanges(report, 'json'))).success).toBe(true)
  })
})

it('shows any text in any place without steering, and within its width', () => {
  fc.assert(
    fc.property(anyText({ maxLength: 60 }), (text) => {
      const report = reportWith(text)
      for (const format of changeFormats) expect(steersIn(renderChanges(report, format))).toEqual([])
      for (const it of renderChanges(report, 'text').split('\n')) expect(columnsOf(it)).toBeLessThanOrEqual(100)
    }),
    { numRuns: runs(200) },
  )
})

describe('very many', () => {
  const report = reportWith('some/text', { sessions: 120, changes: 3_000, files: 2, findings: 5_000 })

  it('rows are counted where they are left out of the text', () => {
    const text = renderChanges(report, 'text')
    for (const more of ['70 more sessions', '2950 more changes', '5950 more files', '4950 more findings']) {
      expect(text).toContain(`and ${more}`)
    }
  })

  it('rows are counted in the page, and all of them are in the JSON', () => {
    const html = renderChanges(report, 'html')
    for (const more of ['1000 more changes', '4000 more files', '4800 more findings']) expect(html).toContain(more)
    expect(JSON.parse(renderChanges(report, 'json'))).toEqual(JSON.parse(JSON.stringify(report)))
  })

  it('fit a comment of a forge, each section with some of its rows and a count', () => {
    for (const text of ['some/text', '日本/'.repeat(40), '<&>'.repeat(30)]) {
      const markdown = renderChanges(reportWith(text, { sessions: 120, changes: 700, files: 2 }), 'markdown')
      expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(limits.commentBytes)
      expect(markdown.match(/^### /gm)).toHaveLength(10)
      expect(markdown.match(/^<p>and \d+ more<\/p>$/gm)!.length).toBeGreaterThanOrEqual(4)
    }
  })

  it('changes that are told only in number are said to be so', () => {
    const commits = { total: 50_000, claimed: 12_000, unknown: 38_000 }
    const text = renderChanges({ ...report, told: 'ai', commits }, 'text')
    expect(text).toContain('9000 changes that name AI are counted here')
    expect(text).toContain('and 11950 more changes')
  })
})

describe('a page', () => {
  const html = renderChanges(reportWith('a text'), 'html')

  it('has no script, loads nothing, and forbids both', () => {
    expect(html).not.toMatch(/<(?:script|link|img|iframe|object|embed|form|a)\b|\son\w+=|javascript:|url\(|@import/i)
    expect(html).toContain(`content="default-src 'none';`)
    expect(html).not.toMatch(/(?:src|href)=/)
  })

  it('is whole', () => {
    for (const tag of [
      'html',
      'head',
      'body',
      'title',
      'style',
      'table',
      'thead',
      'tbody',
      'tr',
      'td',
      'th',
      'code',
      'p',
    ]) {
      const count = (form: RegExp): number => (html.match(form) ?? []).length
      expect([tag, count(new RegExp(`<${tag}[ >]`, 'g'))]).toEqual([tag, count(new RegExp(`</${tag}>`, 'g'))])
    }
  })
})

it('a range without sessions is not told as one without AI', () => {
  for (const format of ['text', 'markdown', 'html'] as const) {
    const none = { ...reportWith('x', { sessions: 0, changes: 0, findings: 0 }), findings: [], steps: [] }
    expect(shownBy(renderChanges(none, format))).toContain('that does not mean that no AI was used')
  }
})

describe('words for', () => {
  it('every finding say what to do about it', () => {
    const tables: readonly object[] = [
      ...sessionReaders.map((it) => it.findings),
      joinFindings,
      walkFindings,
      signatureFindings,
      recordAttestationFindings,
      receiptFindings,
      aiConfigurationFindings,
      transcriptFindings,
      portalFindings,
    ]
    const codes = new Set(tables.flatMap((it) => Object.keys(it)))
    expect([...codes].filter((it) => !(it in findingMends))).toEqual([])
    expect(Object.keys(findingMends).filter((it) => !codes.has(it))).toEqual([])
  })

  it('every level name the link that is missing, but for the highest', () => {
    expect(levels.map((level) => nextStepOf({ id: 'x', level }))).toEqual([
      'keep-record',
      'sign-record',
      'get-receipt',
      undefined,
    ])
    expect(nextStepOf({ id: undefined, level: 'claimed' })).toBe('name-session')
  })
})
