/** What a CI job is told: counted, bounded, escaped for whatever reads it. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/model/limits.ts'
import type { Looked } from '../../../src/model/session-words.ts'
import { verdictType } from '../../../src/model/verdict.ts'
import type { AttestationSummary, Check, Verdict } from '../../../src/model/verdict.ts'
import { dotenvOf } from '../../../src/report/ci/dotenv.ts'
import { newVerdictTally, outcomeOf, short } from '../../../src/report/ci/job-report.ts'
import type { AttestReport, SignedReport, VerifyReport } from '../../../src/report/ci/job-report.ts'
import { junitOf } from '../../../src/report/ci/junit.ts'
import { outputsOf } from '../../../src/report/ci/outputs.ts'
import { stepOutputs } from '../../../src/report/ci/step-output.ts'
import { summaryOf } from '../../../src/report/ci/summary.ts'
import { annotations } from '../../../src/report/ci/workflow-command.ts'
import { readCommands, readOutputs } from '../../ci-output/runner.ts'
import { anyText } from '../../world/any-text.ts'
import { codeOf } from '../../world/failure.ts'
import { hostile, printable, withMeaning } from '../../world/hostile-text.ts'
import { sessions } from '../../world/release.ts'
import { runs } from '../../world/runs.ts'

const delimiter = 'delimiter_of_this_test'

function verdict(outcome: Verdict['outcome'], text = 'app.tgz'): Verdict {
  const common = {
    type: verdictType,
    artifact: { name: text, digest: { sha256: 'a'.repeat(64) } },
    question: {},
    trust: text,
    findings: [],
    unreadable: [],
  } satisfies Partial<Verdict>
  const summary: AttestationSummary = {
    signer: { kind: 'certificate', identity: text, fingerprint: 'b'.repeat(64) },
    times: [],
    logEntries: [],
    source: { repository: text, ref: text, commit: text },
    sessions: [...sessions],
  }
  const failed: Check = { rule: 'signer', outcome: 'fail', code: 'signer-mismatch', expected: text, found: text }
  const whole = { bundle: text, trust: text, summary }
  if (outcome === 'pass') return { ...common, outcome, attestations: [{ ...whole, outcome, checks: [] }] }
  if (outcome === 'fail') return { ...common, outcome, attestations: [{ ...whole, outcome, checks: [failed] }] }
  return { ...common, outcome, attestations: [], failure: { code: 'json-malformed', message: text } }
}

function reportOf(...verdicts: readonly Verdict[]): VerifyReport {
  const tally = newVerdictTally()
  for (const it of verdicts) tally.add(it)
  return tally.report(undefined)
}

function signed(text: string): AttestReport {
  return {
    command: 'attest',
    signed: [
      {
        subjects: [{ name: text, digest: { sha256: 'a'.repeat(64) } }],
        signer: text,
        sessions,
        commits: { total: 3, claimed: 2 },
        looked: { readers: [{ reader: 'trailer', outcome: 'found' }] },
        bundle: JSON.stringify({ verificationMaterial: { tlogEntries: [{ logIndex: '4711' }] } }),
        written: text,
      },
    ],
    prepared: [text, text],
    failure: { code: 'service-unavailable', message: text },
  }
}

const pass = verdict('pass')
const fail = verdict('fail')
const undecided = verdict('undecided')
const failure = { code: 'question-incomplete', message: 'the question lacks a part' } as const

describe('what is too long to be shown', () => {
  const digests = (count: number): string =>
    Array.from({ length: count }, (_, at) => `sha256:${String(at % 10).repeat(64)}`).join(', ')

  it('is cut between words and counted, once, wherever it stands', () => {
    const tally = newVerdictTally()
    tally.add(verdict('fail', digests(9)))
    const report = tally.report(undefined)
    const plain = (text: string): string =>
      text.replace(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)))
    for (const text of [summaryOf(report, limits.stepSummaryBytes) ?? '', junitOf(report)].map(plain)) {
      const cut = [...text.matchAll(/(\S+)… and \d+ more characters(.{0,4})/g)]
      expect(cut.length).toBeGreaterThan(0)
      for (const [, word = ''] of cut) expect(word).toMatch(/sha256:\d{64},?$/)
      expect(text).not.toMatch(/more characters[^<"\n,]*more characters/)
      expect(text).toMatch(/signer: expected sha256:0{64}[^"<]* found sha256:0{64}[^"<]* \(signer-mismatch\)/)
    }
  })

  it('is cut within a word that is longer', () => {
    expect(short('x'.repeat(1_000))).toBe(`${'x'.repeat(300)}… and 700 more characters`)
    expect(short(short(digests(9)))).toBe(short(digests(9)))
  })
})

describe('the outcome', () => {
  it.each([
    ['pass', [pass, pass]],
    ['fail', [pass, fail, undecided]],
    ['undecided', [pass, undecided]],
    ['fail', []],
  ])('is %s', (expected, verdicts) => {
    expect(outcomeOf(reportOf(...verdicts))).toBe(expected)
  })

  it('is an error where the command ended before all was judged, and a no stays one', () => {
    expect(outcomeOf({ ...reportOf(pass), failure })).toBe('error')
    expect(outcomeOf({ ...reportOf(fail), failure })).toBe('fail')
  })

  it('of attesting says what became of it', () => {
    const { signed: done, failure: reason } = signed('x') as Required<AttestReport>
    expect(outcomeOf({ command: 'attest', signed: done })).toBe('signed')
    expect(outcomeOf({ command: 'attest', signed: [], failure: reason })).toBe('error')
    expect(outcomeOf({ command: 'attest', signed: [], failure: reason, prepared: ['x'] })).toBe('deferred')
    expect(outcomeOf({ command: 'attest', signed: [] })).toBe('dry-run')
  })
})

describe('outputs', () => {
  it('name all that was kept, and count what two statements are about once', () => {
    const { signed: done, failure } = signed('x') as Required<AttestReport>
    const report: AttestReport = { command: 'attest', signed: [...done, ...done], failure, prepared: ['/a', '/b'] }
    const outputs = Object.fromEntries(outputsOf(report))
    expect(outputs).toMatchObject({ outcome: 'deferred', 'prepared-path': '/a\n/b', subjects: '1' })
  })

  it('of verdicts are counts, words and codes of ours', () => {
    expect(Object.fromEntries(outputsOf(reportOf(pass, fail, undecided, fail)))).toEqual({
      outcome: 'fail',
      total: '4',
      passed: '1',
      failed: '2',
      undecided: '1',
      codes: 'json-malformed\nsigner-mismatch',
    })
  })

  it('of an attestation name its file and its place in the log', () => {
    const { failure: _, prepared: __, ...report } = signed('/work/dist/app.tgz.sigstore.json')
    expect(Object.fromEntries(outputsOf(report))).toEqual({
      outcome: 'signed',
      'bundle-path': '/work/dist/app.tgz.sigstore.json',
      'log-index': '4711',
      subjects: '1',
      'looked-at': 'all',
      commits: '3',
      'commits-claimed': '2',
      sessions: '1',
      'tools-without-session': '1',
    })
    const unlogged = { ...report, signed: [{ ...report.signed[0]!, bundle: '{"verificationMaterial":{}}' }] }
    expect(outputsOf(unlogged).map(([name]) => name)).not.toContain('log-index')
  })

  it('of an attestation have no number where nobody looked, and name what was not looked at', () => {
    const of = (looked: Looked, more: Partial<SignedReport> = {}): AttestReport => ({
      command: 'attest',
      signed: [{ ...signed('x').signed[0]!, looked, ...more }],
    })
    const nobody = of(
      { range: { reason: 'not-collected' }, readers: [{ reader: 'trailer', outcome: 'not-collected' }] },
      { sessions: [], commits: { total: 0, claimed: 0 } },
    )
    const unasked = Object.fromEntries(outputsOf(nobody))
    expect(unasked).toMatchObject({ 'looked-at': 'nothing', 'not-looked-at': 'trailer' })
    for (const name of ['commits', 'commits-claimed', 'sessions', 'tools-without-session']) {
      expect(unasked).not.toHaveProperty(name)
    }
    const page = summaryOf(nobody, 10_000)!
    expect(page).toContain('AI sessions: <code>not looked for</code>')
    expect(page).not.toContain('commits that name AI')

    const readers = [
      { reader: 'trailer', outcome: 'nothing' },
      { reader: 'git-ai-note', outcome: 'not-fetched' },
    ]
    const part = of({ range: { cut: true }, readers }, { sessions: [] })
    expect(Object.fromEntries(outputsOf(part))).toMatchObject({
      'looked-at': 'part',
      'not-looked-at': 'git-ai-note\nhistory',
      commits: '3',
      sessions: '0',
    })
    expect(summaryOf(part, 10_000)).toContain(
      'AI sessions: <code>0; not looked at: git-ai-note (not fetched), history (cut)</code>',
    )
  })

  it('of several attestations name each of their files, and no path that would be two', () => {
    const of = (path: string): AttestReport['signed'] => signed(path).signed
    const report: AttestReport = { command: 'attest', signed: [...of('/a'), ...of('/b'), ...of('/c\n/etc/passwd')] }
    expect(Object.fromEntries(outputsOf(report))).toMatchObject({
      'bundle-path': '/a\n/b',
      'log-index': '4711\n4711\n4711',
      subjects: '3',
      commits: '3',
    })
  })

  it('are read by the runner as they were meant, whatever is in a value', () => {
    const text = fc.oneof(
      anyText(),
      fc.constantFrom(hostile, 'a\nb=c', 'x<<y\nz\ny', '\n', '', 'outcome=pass', '\nEOF\n'),
    )
    fc.assert(
      fc.property(text, text, (one, other) => {
        fc.pre(![one, other].some((it) => it.includes('\r')))
        const outputs = [
          ['one', one],
          ['other', other],
        ] as const
        expect(readOutputs(stepOutputs(outputs, delimiter))).toEqual({ one, other })
      }),
      { numRuns: runs(500) },
    )
  })

  it('are none where a value holds the delimiter, or a name is no word', () => {
    const write = (name: string, value: string) => codeOf(() => stepOutputs([[name, value]], delimiter))
    expect(write('one', `x\n${delimiter}\nout=come`)).toBe('internal')
    for (const name of ['a=b', 'a\nb', 'a<<b', '', 'A']) expect(write(name, 'x')).toBe('internal')
  })
})

describe('a dotenv report', () => {
  it('has a variable for each output', () => {
    expect(dotenvOf(reportOf(pass, fail, undecided))).toEqual({
      leftOut: [],
      text: [
        'COUNTERSIGN_VERIFY_OUTCOME=fail',
        'COUNTERSIGN_VERIFY_TOTAL=3',
        'COUNTERSIGN_VERIFY_PASSED=1',
        'COUNTERSIGN_VERIFY_FAILED=1',
        'COUNTERSIGN_VERIFY_UNDECIDED=1',
        'COUNTERSIGN_VERIFY_CODES=json-malformed,signer-mismatch',
        '',
      ].join('\n'),
    })
  })

  it('has lines of one form, within the limits of GitLab, and names what it cannot carry', () => {
    const text = fc.oneof(
      anyText(),
      fc.constantFrom(hostile, '$CI_JOB_TOKEN', 'a b', '"x"', 'x\nPATH=/evil', 'y'.repeat(9_000)),
    )
    fc.assert(
      fc.property(text, (path) => {
        const { text: written, leftOut } = dotenvOf(signed(path))
        expect(written).toMatch(/^(?:COUNTERSIGN_ATTEST_[A-Z_]+=[A-Za-z0-9._~:/@%+=,-]*\n)+$/)
        expect(written.split('\n').length - 1 + leftOut.length).toBe(outputsOf(signed(path)).length)
        expect(written.length).toBeLessThanOrEqual(limits.dotenvBytes / 2)
      }),
      { numRuns: runs(500) },
    )
    expect(dotenvOf(signed('$CI_JOB_TOKEN')).leftOut).toEqual([
      'COUNTERSIGN_ATTEST_PREPARED_PATH',
      'COUNTERSIGN_ATTEST_BUNDLE_PATH',
    ])
  })
})

/** The texts in the cells of a summary; a tag in one of them, or Markdown, would not be found here. */
function cellsOf(summary: string): readonly string[] {
  const block = /<table>\n(?:<tr>.*<\/tr>\n)+<\/table>\n/.exec(summary)?.[0] ?? ''
  return [...block.matchAll(/<code>([^<>]*)<\/code>/g)].map(([, text = '']) =>
    text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))),
  )
}

describe('a summary', () => {
  it('shows what does not pass first, with its reason', () => {
    const summary = summaryOf(reportOf(pass, fail, undecided), 10_000)!
    expect(summary).toContain('\n### Countersign verify: 1 passed, 1 failed, 1 undecided\n\n')
    const cells = cellsOf(summary)
    expect(cells.filter((it) => ['pass', 'fail', 'undecided'].includes(it))).toEqual(['fail', 'undecided', 'pass'])
    expect(cells).toContain('signer: expected app.tgz, found app.tgz (signer-mismatch)')
  })

  it('of verdicts says what nobody looked at, by all that pass', () => {
    const cell = (...summaries: readonly Partial<AttestationSummary>[]): string | undefined => {
      const [first] = pass.attestations
      const attestations = summaries.map((it) => ({ ...first, summary: { ...first?.summary, ...it } }))
      return reportOf({ ...pass, attestations } as never).rows[0]?.sessions
    }
    const silent = { sessions: [] }
    const range = { since: null, until: 'c'.repeat(40), reason: 'not-collected' }
    const commits = { total: 0, claimed: 0, unknown: 0 }
    const nobody = { sessions: [], attribution: { range, commits, readers: [], findings: {} } }
    expect(cell(silent)).toBe('nothing is said')
    expect(cell(nobody)).toBe('not looked for')
    expect(cell(silent, nobody)).toBe('not looked for')
    expect(cell(silent, { sessions: [...sessions] })).toBe('1, and 1 tool without one')
    expect(reportOf(undecided).rows[0]?.sessions).toBe('')
  })

  it('of an attestation shows the bundle, the signer and every subject', () => {
    const summary = summaryOf(signed('a|b<c>'), 10_000)!
    expect(cellsOf(summary)).toEqual(['a|b<c>', `sha256:${'a'.repeat(64)}`])
    expect(summary).toContain('bundle: <code>a&#124;b&#60;c&#62;</code>')
  })

  it('has nothing of its values that HTML, Markdown or GitHub would read', () => {
    const marks = [
      '<script>',
      '|',
      '\n\n# x',
      '[x](https://evil)',
      '@acme',
      '`',
      '</td>',
      '&lt;',
      '\\',
      '![x](y)',
      '~~',
      'www.evil.example',
      'x:: y',
      '::error::x',
      ':tada:',
      'https:',
      '_x_',
      'x__',
    ]
    const text = fc.oneof(anyText(), fc.constantFrom(hostile, printable, ...marks))
    fc.assert(
      fc.property(text, (name) => {
        for (const report of [
          reportOf(verdict('fail', name), verdict('undecided', name), verdict('pass', name)),
          signed(name),
        ]) {
          const summary = summaryOf(report, 1_000_000)!
          const table = summary.slice(summary.indexOf('<table>') + '<table>'.length).replace(/^#### [A-Za-z ]+$/gm, '')
          // Its own tags, and what stands between them: characters that mean nothing, and character references.
          const rest = table.replace(/<\/?(?:table|tr|th|td|code|p)>/g, '').replace(/&#\d+;/g, ' ')
          expect(rest).not.toMatch(withMeaning)
          expect(table.slice(0, table.indexOf('</table>'))).not.toMatch(/\n[ \t]*\n/)
        }
      }),
      { numRuns: runs(300) },
    )
  })

  it('is as long as it may be, counts what it leaves out, and is none where it has no room', () => {
    const report = reportOf(...Array.from({ length: 300 }, (_, index) => verdict('fail', `${index}-ä.tgz`)))
    const whole = summaryOf(report, 1_000_000)!
    for (const most of [200, 1_000, 5_000, 50_000, Buffer.byteLength(whole)]) {
      const summary = summaryOf(report, most)!
      expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(most)
      // The verdicts, and behind them the check of each that fails.
      const [verdicts = '', checks] = summary.split('\n#### ')
      const rows = verdicts.match(/<tr><td>/g)?.length ?? 0
      expect(Number(/and (\d+) more(?! checks)/.exec(verdicts)?.[1] ?? 0)).toBe(300 - rows)
      if (checks === undefined) {
        if (most > 200) expect(verdicts).toContain('<p>and 300 more checks</p>')
        continue
      }
      const shown = checks.match(/<tr><td>/g)?.length ?? 0
      expect(Number(/and (\d+) more/.exec(checks)?.[1] ?? 0)).toBe(300 - shown)
      expect(summary.split('<table>').length).toBe(summary.split('</table>').length)
    }
    for (const most of [0, -5, 50]) expect(summaryOf(report, most)).toBeUndefined()
  })

  it('keeps of very many verdicts so many of either kind, and counts all', () => {
    const tally = newVerdictTally()
    for (let index = 0; index < 5_000; index += 1) tally.add(index % 2 === 0 ? pass : fail)
    const report = tally.report(undefined)
    expect(report.rows).toHaveLength(2 * limits.reportedVerdicts)
    expect(report.counts).toEqual({ pass: 2_500, fail: 2_500, undecided: 0 })
    expect(summaryOf(report, 10_000_000)).toContain('and 3000 more')
    expect(junitOf(report)).toContain('<system-out>and 3500 more</system-out>')
    expect(annotations(report, 'error').at(-1)).toContain('and 2491 more')
  })
})

describe('an annotation', () => {
  it('says what is wrong with which artifact', () => {
    expect(annotations(reportOf(pass, fail), 'error')).toEqual([
      '::error title=countersign verify app.tgz::fail: signer: expected app.tgz, found app.tgz (signer-mismatch)',
    ])
    expect(annotations({ ...reportOf(), failure }, 'error')).toEqual([
      '::error title=countersign verify::the question lacks a part (question-incomplete)',
    ])
    expect(annotations(signed('x'), 'warning')).toEqual(['::warning title=countersign attest::x (service-unavailable)'])
    expect(annotations(reportOf(pass), 'error')).toEqual([])
  })

  it('is one of at most ten, the last of which counts the rest', () => {
    const ten = Array.from({ length: 10 }, () => fail)
    expect(annotations(reportOf(...ten), 'error').filter((it) => it.includes('more'))).toEqual([])
    const eleven = annotations(reportOf(...ten, undecided), 'error')
    expect(eleven).toHaveLength(10)
    expect(eleven.at(-1)).toBe('::error title=countersign verify::and 2 more')
    expect(annotations({ ...reportOf(...ten), failure }, 'error')).toHaveLength(10)
  })

  it('is one line and one command, whatever is in it', () => {
    const text = fc.oneof(anyText(), fc.constantFrom(hostile, printable, 'a,file=b', 'a::b', '%0A::error::x', '%'))
    fc.assert(
      fc.property(text, (name) => {
        for (const report of [reportOf(verdict('fail', name), verdict('undecided', name)), signed(name)]) {
          const lines = annotations(report, 'error')
          const commands = readCommands(lines.join('\n'))
          expect(commands.map((it) => it.command)).toEqual(lines.map(() => 'error'))
          for (const it of commands) {
            expect(it.title).toMatch(/^countersign (?:verify|attest)/)
            expect(it.message).not.toMatch(/[\r\n\u001b]|##[a-z]*\[/i)
          }
        }
      }),
      { numRuns: runs(500) },
    )
  })
})

describe('JUnit XML', () => {
  it('has a test for each verdict: a no is a failure, what is undecided an error', () => {
    const xml = junitOf(reportOf(pass, fail, undecided))
    expect(xml).toContain('<testsuites tests="4" failures="2" errors="1">')
    expect(
      [...xml.matchAll(/<testcase classname="countersign verify" name="([^"]*)"><(\S+?)[ >]/g)].map((it) =>
        it.slice(1),
      ),
    ).toEqual([
      ['app.tgz', 'failure'],
      ['app.tgz (2)', 'error'],
      ['app.tgz (3)', 'system-out'],
    ])
    expect(xml).toContain('<testcase classname="countersign question" name="app.tgz › signer › app.tgz"><failure ')
    expect(junitOf({ ...reportOf(), failure })).toContain('<testsuites tests="1" failures="0" errors="1">')
  })

  it('is well formed whatever is in it', () => {
    const text = fc.oneof(
      anyText(),
      fc.constantFrom(hostile, ']]>', '<!--', '"><testcase', "'", '&amp;', '\ufffe\uffff', '\ud800'),
    )
    fc.assert(
      fc.property(text, (name) => {
        const xml = junitOf({
          ...reportOf(verdict('fail', name), verdict('undecided', name), verdict('pass', name)),
          failure,
        })
        expect(xml.isWellFormed()).toBe(true)
        // Chars of XML 1.0 alone, then nothing but our own elements, attributes and the five entities.
        expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/)
        const rest = xml
          .replace(/^<\?xml version="1.0" encoding="UTF-8"\?>/, '')
          .replace(/<\/?(?:testsuites|testsuite|testcase|failure|error|system-out)(?: [a-z]+="[^"<>]*")*>/g, '')
          .replace(/&(?:amp|lt|gt|quot|apos);/g, '')
        expect(rest).not.toMatch(/[<>&"]/)
        expect(xml.match(/<testcase /g)).toHaveLength(5)
      }),
      { numRuns: runs(300) },
    )
  })
})

describe('no secret', () => {
  it('gets into any of them, although an error has one', () => {
    const token = `eyJhbGciOiJSUzI1NiJ9.${'eyJzdWIiOiJ4In0'.repeat(2)}.c2ln`
    const text = `failed: ${token} and ghp_${'a'.repeat(36)}`
    const report = { ...reportOf(verdict('fail', text)), failure: { ...failure, message: text } }
    const all = [
      ...annotations(report, 'error'),
      summaryOf(report, 100_000),
      junitOf(report),
      dotenvOf(report).text,
    ].join('\n')
    expect(all).not.toMatch(/eyJ|ghp_/)
    expect(stepOutputs(outputsOf(report), delimiter)).not.toMatch(/eyJ|ghp_/)
  })
})
