/** Verdicts for tests of views: each outcome, with each outcome of a policy's checks in it; and the same where all text is an attacker's. */
import type { PolicyCheck, PolicyReport } from '../../src/model/policy-report.ts'
import type { Session } from '../../src/model/session.ts'
import { verdictType } from '../../src/model/verdict.ts'
import type { AttestationSummary, AttestationVerdict, Check, Verdict } from '../../src/model/verdict.ts'
import { sessions } from './release.ts'

const commit = '4f9c2a71d0e85b3c6a1f27d948eb50c3719ad6e2'
const repository = 'https://github.com/acme/widget'
const signer = `${repository}/.github/workflows/release.yml@refs/tags/v1.4.0`
const issuer = 'https://token.actions.githubusercontent.com'
const hex = (digit: string): string => digit.repeat(64)

/** What stands where text from outside may stand: what an honest release has, or one and the same text everywhere. */
type Say = (honest: string) => string

const policyRows = {
  pass: [
    { rule: 'revoked/none', outcome: 'pass', severity: 'error' },
    { rule: 'identity/signers', outcome: 'pass', severity: 'error', expected: signer, found: signer },
    { rule: 'provenance/build-level', outcome: 'pass', severity: 'error', expected: '3', found: '3' },
  ],
  fail: [
    {
      rule: 'ai/models',
      outcome: 'fail',
      severity: 'error',
      code: 'policy-refused',
      at: { commit, path: 'src/auth/session.ts', session: 'urn:ai-session:claude-code:session_01Test' },
      expected: 'one of claude-opus-*, claude-sonnet-*',
      found: 'model unknown',
      note: 'have the tool record its model, or take the change back',
    },
    {
      rule: 'ai/review',
      outcome: 'fail',
      severity: 'error',
      code: 'policy-refused',
      at: { commit, path: 'src/auth/login.ts' },
      expected: 'a review by a person after the last change of AI',
      found: 'reviewed by an agent only',
      note: 'let somebody review it who neither asked for it nor ran the session',
    },
  ],
  warn: [
    {
      rule: 'ai/max-share',
      outcome: 'fail',
      severity: 'warn',
      code: 'policy-refused',
      at: { commit },
      expected: 'at most 60 % of the added lines',
      found: '71 %',
      note: 'review the change by hand',
    },
    { rule: 'rules/ticket', outcome: 'fail', severity: 'info', code: 'policy-refused', found: 'no ticket' },
  ],
  waived: [
    {
      rule: 'provenance/freshness',
      outcome: 'waived',
      severity: 'error',
      code: 'policy-refused',
      expected: 'signed within 30 days',
      found: '41 days',
      waiver: {
        reason: 'the release was held back for the audit of November',
        signer: 'ann@acme.example',
        expires: '2026-12-15T00:00:00Z',
        sha256: hex('7'),
      },
    },
  ],
  skipped: [
    {
      rule: 'identity/triggers',
      outcome: 'skipped',
      severity: 'error',
      note: 'the policy lets any trigger build (`any-trigger-unchecked`)',
    },
  ],
} as const satisfies { readonly [outcome: string]: readonly PolicyCheck[] }

/** Two for one reason: neither may hide the other. */
const setAside = ['5', '6'].map((it) => ({ code: 'waiver-signer-mismatch' as const, sha256: hex(it) }))

/** What a policy may have in it; `none`: there is no policy. */
export const policyKinds = ['none', 'pass', 'fail', 'warn', 'waived', 'skipped', 'set-aside', 'all'] as const
export type PolicyKind = (typeof policyKinds)[number]

function policyOf(kind: PolicyKind, say: Say): PolicyReport | undefined {
  if (kind === 'none') return undefined
  const rows: readonly PolicyCheck[] =
    kind === 'all'
      ? Object.values(policyRows).flat()
      : [...policyRows.pass, ...(kind === 'set-aside' ? [] : policyRows[kind])]
  const isAside = kind === 'set-aside' || kind === 'all'
  return {
    name: say('countersign.yaml'),
    sha256: hex('c'),
    extends: [{ file: say('policies/base.yaml'), sha256: hex('d') }],
    profile: say('release'),
    expires: '2027-01-01T00:00:00Z',
    signer: say('release-managers@acme.example'),
    ...(isAside ? { waiversSetAside: setAside } : {}),
    checks: rows.map((it) => saidCheck(it, say)),
  }
}

function saidCheck(check: PolicyCheck, say: Say): PolicyCheck {
  const { at, expected, found, rule } = check
  const said = {
    rule: rule.startsWith('rules/') ? `rules/${say(rule.slice(6))}` : rule,
    ...(at === undefined
      ? {}
      : {
          at: Object.fromEntries(
            Object.entries(at).map(([name, value]) => [name, typeof value === 'string' ? say(value) : value]),
          ),
        }),
    ...(expected === undefined ? {} : { expected: say(expected) }),
    ...(found === undefined ? {} : { found: say(found) }),
  }
  switch (check.outcome) {
    case 'pass':
      return { ...check, ...said }
    case 'skipped':
      return { ...check, ...said, note: say(check.note) }
    case 'fail':
      return { ...check, ...said, ...(check.note === undefined ? {} : { note: say(check.note) }) }
    case 'waived': {
      const { waiver } = check
      const own = { ...waiver, reason: say(waiver.reason), signer: say(waiver.signer) }
      return { ...check, ...said, waiver: own }
    }
  }
}

function checksOf(outcome: 'pass' | 'fail', say: Say): Check[] {
  return [
    { rule: 'signature', outcome: 'pass' },
    { rule: 'subject', outcome: 'pass', expected: `sha256:${hex('a')}`, found: `sha256:${hex('a')}` },
    { rule: 'issuer', outcome: 'pass', expected: say(issuer), found: say(issuer) },
    outcome === 'pass'
      ? { rule: 'signer', outcome, expected: say(signer), found: say(signer) }
      : {
          rule: 'signer',
          outcome,
          code: 'signer-mismatch',
          expected: say(signer),
          found: say(signer.replace('acme', 'mallory')),
          differs: { option: 'signer', part: 'owner' },
          note: say('ask whoever released it which workflow signs'),
        },
    { rule: 'source', outcome: 'skipped', note: say('waived by `anySource`') },
    { rule: 'ref', outcome: 'skipped', note: say('not asked for') },
    ...(outcome === 'fail' ? ([{ rule: 'trigger', outcome: 'skipped', note: 'not reached' }] as const) : []),
  ]
}

function summaryOf(say: Say): AttestationSummary {
  const told: Session[] = sessions.map((it) => ({
    ...it,
    ...(it.id === undefined ? {} : { id: say(it.id) }),
    tool: say(it.tool),
    models: it.models.map(say),
  }))
  return {
    signer: {
      kind: 'certificate',
      identity: say(signer),
      issuer: say(issuer),
      fingerprint: hex('b'),
      extensions: { [say('Build Trigger')]: say('push'), 'Runner Environment': say('github-hosted') },
    },
    times: [{ source: 'transparency log', time: '2026-11-20T12:00:00.000Z' }],
    logEntries: [{ logId: hex('e'), logIndex: say('1284991'), kind: say('dsse') }],
    predicateType: say('https://slsa.dev/provenance/v1'),
    subjects: 1,
    subjectName: say('app.tgz'),
    buildType: say('https://actions.github.io/buildtypes/workflow/v1'),
    builderId: say('https://github.com/actions/runner/github-hosted'),
    source: { repository: say(repository), ref: say('refs/tags/v1.4.0'), commit: say(commit) },
    invocationId: say(`${repository}/actions/runs/8812/attempts/1`),
    externalParameters: { workflow: { ref: say('refs/tags/v1.4.0') } },
    sessions: told,
    attribution: {
      range: { since: say('v1.3.0'), until: say(commit) },
      commits: { total: 9, claimed: 5, unknown: 4 },
      readers: [{ reader: say('whogitit-note'), outcome: 'not-fetched', claims: 0 }],
      findings: {},
    },
    changes: { since: say('v1.3.0'), until: say(commit), count: 9 },
  }
}

function attestation(outcome: 'pass' | 'fail', bundle: string, say: Say): AttestationVerdict {
  return { outcome, bundle: say(bundle), trust: say(trust), checks: checksOf(outcome, say), summary: summaryOf(say) }
}

const trust = 'the public-good instance, from its TUF repository'

/** `text` takes the place of all that comes from outside. */
export function sampleVerdict(outcome: Verdict['outcome'], policy: PolicyKind, text?: string, name?: string): Verdict {
  const say: Say = (honest) => text ?? honest
  const report = policyOf(policy, say)
  const common = {
    type: verdictType as typeof verdictType,
    artifact: { name: say(name ?? 'dist/app.tgz'), digest: { sha256: hex('a') } },
    question: { signer: say(signer), source: 'any (waived)', trigger: 'any but pull_request (default)' },
    trust: say(trust),
    ...(report === undefined ? {} : { policy: report }),
    findings: [
      {
        code: 'commits-contradict' as const,
        message: say('two attestations name different commits'),
        bundles: [say('dist/app.tgz.sigstore.json')],
      },
    ],
    unreadable: [
      {
        bundle: say('dist/broken.sigstore.json'),
        code: 'json-malformed' as const,
        message: say('it is cut off in the middle'),
        hint: say('download it again'),
      },
    ],
    unrelated: 3,
  }
  const own = attestation('pass', 'dist/app.tgz.sigstore.json', say)
  const foreign = attestation('fail', 'dist/app.tgz.other.sigstore.json', say)
  const failure = { message: say('the policy refuses this release'), hint: say('see the rows that fail') }
  switch (outcome) {
    case 'pass':
      return { ...common, outcome, attestations: [own, foreign] }
    case 'fail':
      return report !== undefined && (policy === 'fail' || policy === 'all')
        ? { ...common, outcome, attestations: [own, foreign], failure: { ...failure, code: 'policy-refused' } }
        : { ...common, outcome, attestations: [foreign] }
    case 'undecided':
      return {
        ...common,
        ...{ outcome, attestations: [] as never[] },
        failure: {
          code: 'trust-unavailable',
          message: say('the trusted root could not be fetched'),
          hint: say('try again, or give a trusted root (`trust`)'),
        },
      }
  }
}
