/**
 * All views of verdicts together: what was skipped, waived, warned of or fails is in each of them, and no text from outside is more
 * than text in any of their languages.
 */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '../../src/model/limits.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { checkRows, countRows, countWords, notReached, placeWords } from '../../src/report/check-rows.ts'
import type { CheckRow } from '../../src/report/check-rows.ts'
import { render } from '../../src/report/index.ts'
import { plainStyle } from '../../src/report/style.ts'
import { documentFormats } from '../../src/report/document-formats.ts'
import type { DocumentFormat } from '../../src/report/document-formats.ts'
import { documentOf } from '../../src/report/verdict-document.ts'
import { newVerdictSeries } from '../../src/report/verdict-series.ts'
import { anyText } from '../world/any-text.ts'
import { codeOf } from '../world/failure.ts'
import { hostile, steersIn, withMeaning } from '../world/hostile-text.ts'
import { part, runs } from '../world/runs.ts'
import { policyKinds, sampleVerdict } from '../world/verdict-samples.ts'

function documentAbout(format: DocumentFormat, ...verdicts: readonly Verdict[]): string {
  const document = documentOf(format, plainStyle, '1.2.3')
  for (const it of verdicts) expect(document.add(it)).toBe('')
  return document.end()
}

function series(detail: 'brief' | 'verbose', ...verdicts: readonly Verdict[]): string {
  const writer = newVerdictSeries(detail, plainStyle)
  return verdicts.map((it) => writer.add(it)).join('') + writer.end()
}

interface View {
  readonly draw: (...verdicts: readonly Verdict[]) => string
  /** What a person reads of it. */
  readonly read?: (output: string) => string
}

const references = (text: string): string =>
  text
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)))
    .replace(
      /&(quot|apos|lt|gt|amp);/g,
      (_, name: string) => ({ quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' })[name]!,
    )

const views: { readonly [name: string]: View } = {
  text: { draw: (...some) => some.map((it) => render(it, 'text')).join('') },
  json: { draw: (...some) => some.map((it) => render(it, 'json')).join('') },
  'a brief series': { draw: (...some) => series('brief', ...some) },
  'a verbose series': { draw: (...some) => series('verbose', ...some) },
  markdown: { draw: (...some) => documentAbout('markdown', ...some), read: references },
  junit: {
    draw: (...some) => documentAbout('junit', ...some),
    // Values stand in attributes as well.
    read: (xml) => references(xml.replace(/<|>/g, ' ')),
  },
  html: { draw: (...some) => documentAbout('html', ...some), read: references },
  sarif: {
    draw: (...some) => documentAbout('sarif', ...some),
    read: (json) => JSON.stringify(resultsIn(json)).replaceAll('\\"', '"'),
  },
}

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } }
      readonly invocations: readonly [
        {
          readonly executionSuccessful: boolean
          readonly toolExecutionNotifications: readonly { readonly level: string }[]
        },
      ]
      readonly artifacts: readonly { readonly hashes: object }[]
      readonly results: readonly Result[]
    },
  ]
}

interface Result {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly kind: string
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly [{ readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }]
  readonly partialFingerprints: object
  readonly suppressions?: readonly { readonly kind: string; readonly justification: string }[]
}

const resultsIn = (json: string): readonly Result[] => (JSON.parse(json) as Sarif).runs[0].results

/** Rows that nobody may miss; what was not reached is counted where there is no room. */
function shownRows(verdict: Verdict): CheckRow[] {
  return checkRows(verdict).filter(({ outcome, why }) => outcome !== 'passed' && why !== notReached)
}

describe.each(part(Object.entries(views), 2))('%s', (name, { draw, read = (text) => text }) => {
  describe.each(['pass', 'fail', 'undecided'] as const)('of a verdict that is %s', (outcome) => {
    it.each(policyKinds)('shows all that does not simply hold, with the policy: %s', (kind) => {
      const verdict = sampleVerdict(outcome, kind)
      const shown = read(draw(verdict, sampleVerdict('pass', 'none', undefined, 'other.tgz')))
      // The line of a pass among many stands below the question, which has what of it was waived.
      const isBrief = name === 'a brief series' && outcome === 'pass'
      for (const row of shownRows(verdict).filter(({ of }) => !isBrief || of === 'policy')) {
        const { rule, code, at, expected, found, hint, why, waiver } = row
        const isAside = row.outcome === 'set-aside'
        // The report itself has the code and the digest alone, and text has no rule where no rule was looked at.
        const words = isAside ? [...(name === 'json' ? [] : [hint, why])] : [rule, hint, why]
        const digest = isAside ? found?.replace('sha256:', '') : found
        const values = [code, at?.path, at?.commit, at?.session, expected, digest, ...words]
        for (const it of [...values, waiver?.reason, waiver?.signer, waiver?.expires]) {
          if (it !== undefined) expect(shown).toContain(it)
        }
      }
      const { policy } = verdict
      if (policy !== undefined && name !== 'sarif') {
        for (const it of [policy.name, policy.profile!, policy.sha256]) expect(shown).toContain(it)
      }
      if (verdict.outcome === 'undecided') expect(shown).toContain(verdict.failure.message)
    })
  })

  it('is steered by nothing in it, whatever the names are', () => {
    for (const outcome of ['pass', 'fail', 'undecided'] as const) {
      expect(steersIn(draw(sampleVerdict(outcome, 'all', hostile)))).toEqual([])
    }
  })
})

/** What would be markup in one of the languages. */
const markup = fc
  .oneof(
    anyText({ maxLength: 20 }),
    fc.constantFrom(
      ...[
        hostile,
        ']]>',
        '<!--',
        '-->',
        '"><script>alert(1)</script>',
        '</code></td></table>',
        'x ::error::x',
        'https://x',
        'www.x.example',
        '_x_',
        "'",
        '&amp;',
        '&#60;',
      ],
      ...['</style><style>', '\n# heading', '\n- item', '@acme/team', '#12', '[x](https://evil.example)', '`` ` ``'],
      ...[
        'https://evil.example',
        '![x](y)',
        '||',
        '\\',
        '{0}',
        '[x](0)',
        '//evil.example/x',
        '../../x',
        'C:\\x',
        '\ufffe',
      ],
      ...['<![CDATA[', '<?xml', '<testcase/>', '(waived)', '</failure>', '\ud800', '%2e%2e/%00'],
    ),
  )
  // An empty text has a place of its own in a view, none.
  .map((it) => `x${it}x`)

const outcomes = ['pass', 'fail', 'undecided'] as const

/** Of each outcome, what is drawn of a text anywhere against what is drawn of a harmless one. */
function property(format: DocumentFormat, check: (drawn: string, harmless: string) => void): void {
  for (const outcome of outcomes) {
    const draw = (text: string): string => documentAbout(format, sampleVerdict(outcome, 'all', text))
    const harmless = draw('xyx')
    fc.assert(
      fc.property(markup, (text) => check(draw(text), harmless)),
      { numRuns: runs(300) },
    )
  }
}

const tags = (text: string): readonly string[] => text.match(/<[^>]*>/g) ?? []

describe('no text from outside', () => {
  it('adds or closes an element of the HTML', () => {
    property('html', (html, harmless) => {
      expect(tags(html)).toEqual(tags(harmless))
      expect(html.replace(/<style>[^<]*<\/style>/, '').replace(/<[^>]*>/g, '')).not.toMatch(/[<>"'`]|&(?!#\d+;)/)
    })
  })

  it('adds a tag, a heading, a list, a link or a mention to the Markdown', () => {
    property('markdown', (markdown, harmless) => {
      expect(tags(markdown)).toEqual(tags(harmless))
      const lines = (it: string): readonly string[] => it.split('\n').map((line) => line.replace(/[^#].*/, ''))
      expect(lines(markdown)).toEqual(lines(harmless))
      for (const line of markdown.split('\n').filter((it) => !it.startsWith('#'))) {
        const plain = line.replace(/<\/?[a-z]+>/g, '').replace(/&#\d+;/g, ' ')
        expect(plain).not.toMatch(withMeaning)
      }
    })
  })

  it('breaks the XML, or adds to it', () => {
    property('junit', (xml, harmless) => {
      const names = (xml: string): readonly string[] => tags(xml).map((it) => it.replace(/"[^"]*"/g, '""'))
      expect(names(xml)).toEqual(names(harmless))
      expect(xml.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>"']/)
      expect(xml).not.toMatch(/&(?!(?:amp|lt|gt|quot|apos);)/)
      // XML 1.0 §2.2.
      expect(xml).toMatch(/^[\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u)
    })
  })

  it('adds a member to the SARIF, a link to its messages, or another place to its addresses', () => {
    const shape = (value: unknown): unknown =>
      typeof value !== 'object' || value === null
        ? typeof value
        : Array.isArray(value)
          ? value.map(shape)
          : Object.entries(value).map(([key, it]) => [key, shape(it)])
    property('sarif', (json, harmless) => {
      expect(shape(JSON.parse(json))).toEqual(shape(JSON.parse(harmless)))
      for (const { message, locations } of resultsIn(json)) {
        expect(message.text).not.toMatch(/\]\(|\{\d/)
        const { uri } = locations[0].physicalLocation.artifactLocation
        expect(uri).toMatch(/^[\w.!~*'()%/-]+$/)
        expect(new URL(uri, 'https://base.example').host).toBe('base.example')
      }
    })
  })
})

describe('SARIF', () => {
  const log = (...verdicts: readonly Verdict[]): Sarif['runs'][0] =>
    (JSON.parse(documentAbout('sarif', ...verdicts)) as Sarif).runs[0]

  it('has levels by severity, suppresses what is waived, and calls what was skipped not applicable', () => {
    const { results } = log(sampleVerdict('fail', 'all'))
    const of = (rule: string): Result => results.find((it) => it.ruleId === rule)!
    expect(of('ai/models')).toMatchObject({ kind: 'fail', level: 'error' })
    expect(of('ai/max-share')).toMatchObject({ kind: 'fail', level: 'warning' })
    expect(of('rules/ticket')).toMatchObject({ kind: 'fail', level: 'note' })
    expect(of('identity/triggers')).toMatchObject({ kind: 'notApplicable', level: 'none' })
    expect(of('policy/waivers')).toMatchObject({ kind: 'informational', level: 'none' })
    expect(of('provenance/freshness').suppressions).toMatchObject([{ kind: 'external', status: 'accepted' }])
    expect(results.filter((it) => it.suppressions !== undefined)).toHaveLength(1)
    // The file of the change, and not the artifact.
    expect(of('ai/review').locations[0].physicalLocation.artifactLocation.uri).toBe('src/auth/login.ts')
  })

  it('says that nothing was decided where it was not, and has no result that reads as a pass', () => {
    const { invocations, results } = log(sampleVerdict('pass', 'pass'), sampleVerdict('undecided', 'none'))
    expect(invocations[0].executionSuccessful).toBe(false)
    expect(invocations[0].toolExecutionNotifications.map((it) => it.level)).toContain('error')
    expect(results).toContainEqual(expect.objectContaining({ kind: 'open', ruleId: 'verdict/trust-unavailable' }))
    expect(log(sampleVerdict('fail', 'fail')).invocations[0].executionSuccessful).toBe(true)
  })

  it('has an error for each fail, also for one that no check explains', () => {
    const failure = { code: 'attestation-none', message: 'nothing lies beside it' } as const
    const bare = { ...sampleVerdict('fail', 'none'), attestations: [], failure } as Verdict
    expect(log(bare).results).toContainEqual(
      expect.objectContaining({ ruleId: 'verdict/attestation-none', level: 'error' }),
    )
    for (const kind of policyKinds) {
      expect(log(sampleVerdict('fail', kind)).results.map((it) => it.level)).toContain('error')
    }
  })

  it('knows a result again in another build, and has the rule of each', () => {
    const one = log(sampleVerdict('fail', 'all'))
    const { artifact, ...rest } = sampleVerdict('fail', 'all')
    const other = log({ ...rest, artifact: { ...artifact, digest: { sha256: 'f'.repeat(64) } } })
    const prints = (it: Sarif['runs'][0]): readonly object[] => it.results.map((result) => result.partialFingerprints)
    expect(prints(other)).toEqual(prints(one))
    expect(new Set(prints(one).map((it) => JSON.stringify(it))).size).toBe(one.results.length)
    for (const { ruleId, ruleIndex } of one.results) expect(one.tool.driver.rules[ruleIndex]!.id).toBe(ruleId)
    expect(one.artifacts[0]!.hashes).toEqual({ 'sha-256': 'a'.repeat(64) })
  })
})

describe('a document', () => {
  it('is none at all where it would have no end', () => {
    const verdict = { ...sampleVerdict('pass', 'none'), trust: 'x'.repeat(limits.documentCharacters) }
    const document = documentOf('sarif', plainStyle, '1.2.3')
    for (const it of [verdict, sampleVerdict('fail', 'all')]) document.add(it)
    expect(codeOf(() => document.end())).toBe('document-too-large')
  })

  it('about many stays within a comment, and counts what it leaves out', () => {
    const many = Array.from({ length: 500 }, (_, at) => sampleVerdict('fail', 'all', undefined, `dist/${at}.tgz`))
    const markdown = documentAbout('markdown', ...many)
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(limits.commentBytes)
    expect(markdown.match(/and \d+ more/g)?.length).toBeGreaterThan(3)
  })

  it('is a fail if any of its verdicts is, and no pass where there is none', () => {
    const title = (...verdicts: readonly Verdict[]): string =>
      /<title>(\S+)/.exec(documentAbout('html', ...verdicts))?.[1] ?? ''
    expect(title(sampleVerdict('pass', 'pass'))).toBe('PASS')
    expect(title(sampleVerdict('pass', 'pass'), sampleVerdict('undecided', 'none'))).toBe('UNDECIDED')
    expect(title(sampleVerdict('undecided', 'none'), sampleVerdict('fail', 'none'))).toBe('FAIL')
    expect(title()).toBe('FAIL')
  })

  it('in HTML lists what does not pass first', () => {
    const html = documentAbout(
      'html',
      ...(['pass', 'undecided', 'fail'] as const).map((it) => sampleVerdict(it, 'none', undefined, it)),
    )
    const [list = ''] = html.split('<article')
    expect([...list.matchAll(/<a href="#verdict-\d"><code>(\w+)/g)].map((it) => it[1])).toEqual([
      ...['fail', 'undecided', 'pass'],
    ])
  })

  it('in HTML loads and runs nothing', () => {
    const html = documentAbout('html', sampleVerdict('fail', 'all'))
    expect(html).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-`)
    expect(html).not.toMatch(/<(?:script|link|img|iframe|object|form)\b|\son\w+=|url\(|@import|style="/)
  })

  it.each(documentFormats)('%s ends with a line end', (format) => {
    expect(documentAbout(format, sampleVerdict('pass', 'all'))).toMatch(/\n$/)
  })
})

describe('text', () => {
  it('shows fifty rows of an outcome, and counts the rest by rule', () => {
    const verdict = sampleVerdict('fail', 'fail')
    const [first] = verdict.policy!.checks.filter((it) => it.outcome === 'fail')
    const checks = Array.from({ length: 120 }, (_, at) => ({ ...first!, at: { path: `file-${at}.ts` } }))
    const shown = render({ ...verdict, policy: { ...verdict.policy!, checks } }, 'text')
    expect(shown.match(/^ {2}failed {2}ai\/models/gm)).toHaveLength(50)
    expect(shown).toContain('  failed  and 70 more: ai/models 70')
    expect(shown).toContain('  rules   0 passed, 1 failed, 0 warned, 0 waived, 0 skipped')
  })

  it('of a series shows what a policy waived once for all artifacts', () => {
    const shown = series('brief', ...['a', 'b'].map((it) => sampleVerdict('pass', 'waived', undefined, it)))
    expect(shown.match(/held back for the audit/g)).toHaveLength(1)
    expect(shown).toContain('  policy  0 warned, 1 waived, 0 skipped, as a\n')
  })

  it('counts waivers that were set aside, also of a release that passes', () => {
    const verdict = sampleVerdict('pass', 'set-aside')
    expect(countWords(countRows(checkRows(verdict)))).toMatch(/, 2 set aside$/)
    expect(documentAbout('html', verdict).match(/<p class="reason">[^<]*/)?.[0]).toContain('2 set aside')
    expect(series('brief', ...['a', 'b'].map((it) => sampleVerdict('pass', 'set-aside', undefined, it)))).toContain(
      '  policy  0 warned, 0 waived, 0 skipped, 2 set aside, as a\n',
    )
  })

  it('of a place has the file first', () => {
    expect(placeWords({ path: 'a.ts', commit: 'c', session: 's' })).toBe('a.ts, commit c, session s')
    expect(placeWords()).toBe('')
  })
})
