/** Views: drawn from the value alone, one line for each thing that comes from outside. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Inspection } from '../../src/model/inspection.ts'
import { inspectionType } from '../../src/model/inspection.ts'
import type { AttributionSummary, Session } from '../../src/model/session.ts'
import { verdictType } from '../../src/model/verdict.ts'
import type { AttestationSummary, Check, Verdict } from '../../src/model/verdict.ts'
import { asWritten } from '../../src/model/written-json.ts'
import type { OwnWords } from '../../src/report/build.ts'
import { render } from '../../src/report/index.ts'
import { plainStyle } from '../../src/report/style.ts'
import { anyText } from '../world/any-text.ts'
import { sessions } from '../world/release.ts'
import { runs } from '../world/runs.ts'

const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/

function summaryWith(text: string): AttestationSummary {
  return {
    signer: { kind: 'certificate', identity: text, issuer: text, fingerprint: 'b'.repeat(64) },
    times: [{ source: 'transparency log', time: '2026-11-20T12:00:00.000Z' }],
    logEntries: [],
    predicateType: text,
    subjectName: text,
    buildType: text,
    builderId: text,
    invocationId: text,
    source: { repository: text, ref: text, commit: text },
    claimedSource: { uri: text, commit: text },
    externalParameters: { [text]: text },
    tree: { dirty: false, untracked: { count: 2, paths: [text] } },
    builtCommit: text,
    preparedIn: text,
    sessions: [session(text)],
    changes: { since: text, until: text, count: 1, readers: [{ reader: text, outcome: 'not-fetched' }] },
    verified: { verifierId: text, result: text, levels: [text, text] },
  }
}

const rowsWith = (text: string): Check[] => [
  { rule: 'issuer', outcome: 'pass', expected: text, found: text },
  {
    rule: 'signer',
    outcome: 'fail',
    code: 'signer-mismatch',
    expected: text,
    found: text,
    differs: { option: 'signer', part: 'owner' },
    note: text,
  },
  { rule: 'ref', outcome: 'skipped', note: text },
]

type Refused = Extract<Verdict, { outcome: 'fail' }>

function verdictWith(text: string, more: Partial<Refused> = {}): Refused {
  const common = { bundle: text, trust: text, summary: summaryWith(text) }
  return {
    type: verdictType,
    outcome: 'fail',
    artifact: { name: `${text}.`, digest: { sha256: 'a'.repeat(64) } },
    question: { signer: text, source: 'any (waived)', trigger: 'any but pull_request (default)' },
    trust: text,
    findings: [{ code: 'commits-contradict', message: text, bundles: [text] }],
    unreadable: [{ bundle: text, code: 'internal', message: text }],
    attestations: [
      { ...common, outcome: 'fail', checks: rowsWith(text) },
      { bundle: text, trust: text, outcome: 'fail', checks: rowsWith(text) },
    ],
    failure: { code: 'internal', message: text, hint: text },
    unrelated: 1,
    ...more,
  }
}

/** The same with two attestations that pass, and one that does not. */
function passWith(text: string): Verdict {
  const { attestations, failure: _, ...common } = verdictWith(text)
  const checks = rowsWith(text).filter((it) => it.outcome !== 'fail')
  const passing = { bundle: text, trust: text, outcome: 'pass', summary: summaryWith(text), checks } as const
  return { ...common, outcome: 'pass', attestations: [passing, passing, ...attestations] }
}

function undecidedWith(text: string): Verdict {
  const { failure, ...common } = verdictWith(text)
  return { ...common, outcome: 'undecided', attestations: [], failure: failure! }
}

function session(text: string): Session {
  return { ...sessions[0]!, id: text, tool: text, models: [text] }
}

function inspectionWith(text: string, more: Partial<Inspection> = {}): Inspection {
  return {
    type: inspectionType,
    verified: false,
    bundle: text,
    format: text,
    signer: { kind: 'certificate', identity: text, extensions: { 'Build Trigger': text } },
    signatures: 1,
    times: [],
    logEntries: [{ logId: text, logIndex: text, kind: text, inclusion: [] }],
    payloadType: text,
    statement: {
      type: text,
      predicateType: text,
      subjects: [{ name: text, digest: { [text]: text }, annotations: { [text]: text } }],
      predicate: { [text]: [text] },
      others: { later: { [text]: text } },
    },
    buildType: text,
    builderId: text,
    invocationId: text,
    sessions: [session(text)],
    problems: [text],
    ...more,
  }
}

const views = [verdictWith, passWith, undecidedWith, inspectionWith]

const hostileText = fc.oneof(
  anyText({ minLength: 1 }),
  fc.constantFrom('\u001b[2J', '\r\nPASS  x', '\u009b31m', '\u202eevil', '\u2028PASS', '\u0000'),
)

describe('text for a person', () => {
  it('has as many lines for hostile values as for harmless ones, and nothing that steers a terminal', () => {
    for (const make of views) {
      const lines = render(make('harmless'), 'text').split('\n').length
      fc.assert(
        fc.property(hostileText, (text) => {
          const shown = render(make(text), 'text')
          expect(shown).not.toMatch(steering)
          expect(shown.split('\n')).toHaveLength(lines)
        }),
        { numRuns: runs(200) },
      )
    }
  })

  it('names the outcome first, and only a pass is called PASS', () => {
    expect(render(verdictWith('PASS'), 'text')).toMatch(/^FAIL {2}PASS\.\n/)
    expect(render(undecidedWith('PASS'), 'text')).toMatch(/^UNDECIDED {2}PASS\.\n/)
    expect(render(passWith('x'), 'text')).toMatch(/^PASS {2}x\.\n/)
    expect(render(inspectionWith('PASS'), 'text')).toMatch(/^not verified {2}PASS\n/)
  })

  it('shows parameters of a verdict as they were signed, in text and as JSON', () => {
    const odd = '{"n":12345678901234567890,"f":1.0,"2":"##[group]","1":"\u202e"}'
    const safe = odd.replace('##', String.raw`#\u0023`).replace('\u202e', String.raw`\u202e`)
    const verdict = passWith('x')
    const [first] = verdict.attestations
    const externalParameters = asWritten(JSON.parse(odd) as Record<string, unknown>, odd)
    const passing = { ...first!, summary: { ...first!.summary!, externalParameters } }
    const shown = { ...verdict, attestations: [passing] } as Verdict
    expect(render(shown, 'text')).toContain(`  parameters   ${safe}\n`)
    expect(render(shown, 'json')).toContain(`"externalParameters":${safe}`)
  })

  it('says that no session found is not no AI', () => {
    const shown = render(inspectionWith('x', { sessions: [] }), 'text')
    expect(shown).toContain('that does not mean that no AI was used')
  })

  it('orders sessions by their commits, names the tools of those that it leaves out, and takes no tool for a session', () => {
    const of = (tool: string, commits: number, id?: string): Session => ({
      ...sessions[0]!,
      ...(id === undefined ? { id: undefined } : { id }),
      tool,
      commits: Array.from({ length: commits }, (_, at) => at.toString(16).padStart(40, '0')),
    })
    const many = Array.from({ length: 60 }, (_, at) => of('alpha', 1, `a${at}`))
    const shown = render(inspectionWith('x', { sessions: [...many, of('zeta', 2_966), of('beta', 30, 'b')] }), 'text')
    const rows = shown.split('\n').filter((it) => /^ {4}claimed {2}/.test(it))
    expect(rows.slice(0, 3).map((it) => it.trim().split(/ {2,}/)[1])).toEqual(['zeta', 'beta', 'alpha'])
    expect(shown).toContain('61 AI sessions, and 1 tool without one')
    expect(shown).toContain('and 12 more: alpha 12')
  })

  it('says where the range begins, and why', () => {
    const range = { since: 'a'.repeat(40), until: 'b'.repeat(40), sinceName: 'v1.0.0', reason: 'version-before' }
    const words = (more: Partial<AttributionSummary['range']>): string | undefined => {
      const attribution = {
        commits: { total: 3, claimed: 2, unknown: 1 },
        readers: [],
        findings: {},
        range: { ...range, ...more },
      }
      const shown = render(inspectionWith('x', { attribution }), 'text')
      return / since [^;\n]*/.exec(shown)?.[0]
    }
    expect(words({})).toBe(' since v1.0.0 (aaaaaaaaaaaa), the version before')
    expect(words({ since: null, sinceName: undefined, reason: 'adopted' })).toBe(
      ' since the first commit, no earlier release is known',
    )
    expect(words({ since: null, sinceName: undefined, reason: 'unknown', cut: true })).toBe(
      ' since an unknown commit, the history was cut (shallow clone)',
    )
    // Whoever signs may write anything there.
    const hostile = { ...range, since: '\n::error::x', base: '\u001b[2J', sinceName: undefined, reason: 'constructor' }
    const attribution = { commits: { total: 3, claimed: 2, unknown: 1 }, readers: [], findings: {}, range: hostile }
    expect(render(inspectionWith('x', { attribution }), 'text')).not.toMatch(/^::|\u001b|native code/m)
    expect(words({ base: 'c'.repeat(40), paths: ['packages/a'], reason: 'later words' })).toBe(
      ' since v1.0.0 (aaaaaaaaaaaa), whose history parts at cccccccccccc, in packages/a',
    )
  })

  describe('of what a job says of its own build', () => {
    const verdict = passWith('x')
    const [first] = verdict.attestations
    const shown = (own: OwnWords): string[] => {
      const passing = { ...first!, summary: { ...first!.summary!, ...own } }
      return [
        render({ ...verdict, attestations: [passing] } as Verdict, 'text'),
        render({ ...inspectionWith('x'), ...own }, 'text'),
      ]
    }

    it.each<[OwnWords, RegExp]>([
      [{ tree: { dirty: true } }, /^ {2}work tree +changed: not built from that commit alone$/m],
      [
        { tree: { dirty: false, untracked: { count: 12, paths: ['a.js', 'b\n::error::x'] } } },
        /^ {2}work tree +12 untracked files: a\.js, b ::error::x and 10 more$/m,
      ],
      [
        { tree: { dirty: false, untracked: { count: 1, paths: ['.gitignore'], more: true } } },
        /^ {2}work tree +at least 1 untracked file: \.gitignore$/m,
      ],
      [
        { tree: { dirty: false, untracked: { count: 0 }, sparse: { count: 12, paths: ['a.js', 'b\n::error::x'] } } },
        /^ {2}work tree +sparse: 12 tracked files were not there: a\.js, b ::error::x and 10 more$/m,
      ],
      [
        { tree: { dirty: false, untracked: { count: 0, apart: 2 } } },
        /^ {2}work tree +no untracked file but 2 beside artifacts$/m,
      ],
      [{ builtCommit: 'abc' }, /^ {2}built +abc, a commit that the job made, as it says itself$/m],
      [{ preparedIn: 'https://x.example/1' }, /^ {2}prepared in +https:\/\/x\.example\/1, as the job says$/m],
      [
        { reasoningLog: { sha256: 'ab', mediaType: 'application/pdf' } },
        /^ {2}reasoning log +sha256:ab \(application\/pdf\), as the job says$/m,
      ],
    ])('%j is shown by verify and inspect', (own, line) => {
      for (const text of shown(own)) expect(text).toMatch(line)
    })

    it('names ten paths, however many whoever signed has named', () => {
      const paths = Array.from({ length: 1_000 }, (_, at) => `file-${at}`)
      for (const text of shown({ tree: { untracked: { count: 1_000, paths } } })) {
        expect(text).toContain('file-9 and 990 more')
        expect(text).not.toContain('file-10')
      }
    })

    it('says nothing of a clean one', () => {
      for (const text of shown({ tree: { dirty: false, untracked: { count: 0 } } })) {
        expect(text).not.toContain('work tree')
      }
    })
  })

  it('says of each reader that did not look why, and counts no commit where there was no checkout', () => {
    const range = { since: null, until: 'b'.repeat(40), reason: 'not-collected' }
    const readers = [
      {
        reader: 'git-ai-note',
        outcome: 'not-fetched' as const,
        claims: 0,
        detail: 'refs/notes/ai is not\nin this clone',
      },
      { reader: 'submodules', outcome: 'not-collected' as const, claims: 0 },
      { reader: 'trailer', outcome: 'nothing' as const, claims: 0 },
    ]
    const attribution = { commits: { total: 0, claimed: 0, unknown: 0 }, readers, findings: {}, range }
    const shown = render(inspectionWith('x', { attribution }), 'text')
    expect(shown).toMatch(
      /^ {4}no commit was looked at: there was no checkout; not looked at: git-ai-note \(not fetched: refs\/notes\/ai is not in this clone\), submodules \(not collected\)$/m,
    )
  })

  it('says that something did not count only of findings of which that is true', () => {
    const range = { since: null, until: 'b'.repeat(40), reason: 'adopted' }
    const commits = { total: 1, claimed: 1, unknown: 0 }
    const shown = (findings: Record<string, number>): string =>
      render(inspectionWith('x', { attribution: { commits, readers: [], findings, range } }), 'text')
    expect(shown({ 'note-limit': 1, 'note-malformed': 2, 'format-newer': 1 })).toMatch(
      /; 3 findings of what did not count; 1 remark on records$/m,
    )
    expect(shown({ 'checkpoint-hash-stale': 2, 'of-a-later-version': 3 })).toMatch(/known; 5 remarks on records$/m)
  })

  it('calls a release empty in which no commit is, and not one of which some are missing', () => {
    const commits = { total: 0, claimed: 0, unknown: 0 }
    const range = { since: 'a'.repeat(40), until: 'a'.repeat(40) }
    const shown = (more: object): string =>
      render(
        inspectionWith('x', { attribution: { commits, readers: [], findings: {}, range: { ...range, ...more } } }),
        'text',
      )
    expect(shown({})).toMatch(/^ {4}the release is empty: no commit is in it; since a{12}$/m)
    expect(shown({})).not.toContain('0 of 0')
    expect(shown({ cut: true })).not.toContain('empty')
  })

  it('stays short where there is much', () => {
    const many = inspectionWith('x', {
      sessions: Array.from({ length: 500 }, (_, index) => session(`s${index}`)),
      statement: {
        type: 't',
        predicateType: 'p',
        subjects: Array.from({ length: 500 }, () => ({ digest: { sha256: 'a' } })),
        predicate: { long: 'x'.repeat(100_000) },
      },
    })
    const shown = render(many, 'text')
    expect(shown.length).toBeLessThan(20_000)
    expect(shown).toContain('and 450 more')
    expect(shown).toContain('and 480 more')
    const [decisive, other] = verdictWith('x').attestations
    const verdict = verdictWith('x', {
      attestations: [decisive!, ...Array.from({ length: 500 }, () => other!)],
      unreadable: Array.from({ length: 500 }, () => ({ bundle: 'b', code: 'internal', message: 'm' })),
    })
    const lines = render(verdict, 'text').split('\n')
    expect(lines.filter((it) => it.startsWith('  not used: '))).toHaveLength(11)
    expect(lines).toContain('  not used: and 990 more')
  })

  it('shows every attestation that passes, under its name, and what they contradict each other in', () => {
    const verdict = passWith('x')
    const [first, second] = verdict.attestations
    const { signer } = second!.summary!
    const two = [
      { ...first!, bundle: 'first.json' },
      { ...second!, bundle: 'second.json', summary: { ...second!.summary!, signer: { ...signer, identity: 'other' } } },
    ]
    const shown = render({ ...verdict, attestations: two } as Verdict, 'text')
    for (const line of [
      '  attestation  first.json',
      '  attestation  second.json',
      '  signed by    x',
      '  signed by    other',
      '  finding  x (commits-contradict)',
      '  asked for    signer x',
      '               source any (waived)',
    ]) {
      expect(shown.split('\n')).toContain(line)
    }
    expect(shown).not.toContain('pull_request')
  })

  it('says in which part of the question a check failed, in the words of the reader', () => {
    const style = { ...plainStyle, options: (text: string) => text.replaceAll('`signer`', '--signer') }
    const shown = render(verdictWith('x'), 'text', style).split('\n')
    expect(shown).toContain('  failed  signer (signer-mismatch)')
    expect(shown.map((it) => it.trim())).toContain('differs   in its owner from --signer')
  })
})

describe('JSON', () => {
  it('is the value, on one line that steers nothing', () => {
    for (const make of views) {
      fc.assert(
        fc.property(hostileText, (text) => {
          const shown = render(make(text), 'json')
          expect(shown.split('\n')).toHaveLength(2)
          expect(shown).not.toMatch(steering)
          expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(make(text))))
        }),
        { numRuns: runs(200) },
      )
    }
  })
})
