/** What is known of AI in a release, made by hand: whole and good, so that a test says only what is wrong. */
import { aiRules } from '../../src/policy/families/ai/index.ts'
import type { RuleResult, Seen } from '../../src/policy/families/row.ts'
import type { AiConfiguration } from '../../src/model/ai-configuration.ts'
import type { AiEvidence } from '../../src/model/policy-evidence.ts'
import type { AiSection } from '../../src/model/policy.ts'
import type { Change, ChangeFile } from '../../src/model/predicate.ts'
import type { AttributionSummary, Session } from '../../src/model/session.ts'

export const person = (digit: string): string => `hmac-sha256:${digit.repeat(64)}`
export const commitId = (digit: string): string => digit.repeat(40)
const read = { said: 'forge-api' as const, read: { sha256: '9'.repeat(64) } }

/** Of Ann's accounts and addresses each is another hash. */
export const [annAddress, annAccount, benAccount, cyAccount, benAddress] = ['1', '2', '3', '4', '5'].map(person) as [
  ...[string, string, string, string, string],
]

export const uri = 'urn:ai-session:claude-code:s1'

export function session(more: Partial<Session> = {}): Session {
  return {
    ...{ id: 's1', tool: 'claude-code', level: 'signed', models: ['claude-opus-4-6'], iterations: 7 },
    ...{ commits: [commitId('a')], linkage: 'direct', readers: ['trailer'], requester: annAddress },
    transcript: { format: 'claude-code', files: 1, turns: 2, edits: { applied: 3 } },
    ...more,
  }
}

type Review = NonNullable<Change['context']['reviews']>[number]

export function review(by: string, more: Partial<Review> = {}): Review {
  return { ...read, by, verdict: 'approved', at: '2026-11-20T12:00:00Z', order: 'after-last-ai', ...more }
}

export function file(path: string, lines: Partial<ChangeFile> = {}): ChangeFile {
  return { path, ai: 0, human: 0, unknown: 0, generated: 0, ...lines }
}

/** By a session, asked for by Ann and approved by Ben. Its lines are those of its files, unless it says others. */
export function change(more: Partial<Change> = {}): Change {
  const files = more.files ?? [file('src/auth/login.ts', { ai: 30 }), file('README.md', { human: 70 })]
  const lines = { ai: 0, human: 0, unknown: 0, generated: 0 }
  for (const it of files) for (const who of ['ai', 'human', 'unknown', 'generated'] as const) lines[who] += it[who]
  return {
    ...{ commit: commitId('a'), parents: [commitId('0')], author: annAddress, pullRequest: undefined },
    context: {
      request: { ...read, author: { account: annAccount }, authors: [{ account: annAccount }], target: 'main' },
      reviews: [review(benAccount)],
    },
    sessions: [{ uri, role: 'implementation', requester: annAddress, linkage: 'direct', lines: 30 }],
    ...{ lines, files, override: undefined, source: undefined },
    ...more,
  }
}

/** By a person, with nothing of AI. */
export function plainChange(more: Partial<Change> = {}): Change {
  return change({ commit: commitId('b'), sessions: undefined, files: [file('src/b.ts', { human: 10 })], ...more })
}

export function configuration(more: Partial<AiConfiguration> = {}): AiConfiguration {
  return {
    ...{ files: 2, kinds: { mcp: 1, instructions: 1 }, tools: { any: 2 }, edition: 'v1' },
    mcpServers: [{ name: 'docs-search', transport: 'stdio' }],
    digest: { sha256: 'c'.repeat(64) },
    ...more,
  }
}

export function attribution(more: Partial<AttributionSummary> = {}): AttributionSummary {
  return {
    range: { since: commitId('0'), until: commitId('a'), reason: 'version-before' },
    commits: { total: 2, claimed: 1, unknown: 1 },
    lines: { ai: 30, human: 80, unknown: 0, generated: 0 },
    readers: [{ reader: 'trailer', outcome: 'found', claims: 1 }],
    findings: {},
    ...more,
  }
}

export function evidence(more: Partial<AiEvidence> = {}): AiEvidence {
  const changes = more.changes ?? [change(), plainChange()]
  return {
    ...{ sessions: [session()], changes, total: changes.length },
    attribution: attribution(),
    readers: [
      { reader: 'trailer', outcome: 'found' },
      { reader: 'git-ai-note', outcome: 'nothing' },
    ],
    configuration: configuration(),
    branch: { ...read, name: 'main', protected: true, requiredChecks: [] },
    ...more,
  }
}

/** Nobody looked at anything. */
export const nothingKnown: AiEvidence = {
  ...{ sessions: undefined, changes: undefined, total: undefined, attribution: undefined },
  ...{ readers: undefined, configuration: undefined, branch: undefined },
}

/** Looked at everything, and there is none. */
export const nothingThere: AiEvidence = {
  ...evidence({ sessions: [], changes: [], configuration: undefined }),
  attribution: attribution({ commits: { total: 0, claimed: 0, unknown: 0 }, lines: { ai: 0, human: 0, unknown: 0 } }),
  readers: [{ reader: 'ai-configuration', outcome: 'nothing' }],
}

/** What the rules of a section say of that evidence; each rule that is asked says something. */
export function resultsOf(ai: AiSection, seen: AiEvidence): (RuleResult & { readonly id: string })[] {
  // The rules of this family look at nothing else.
  const all = { ai: seen } as Seen
  return aiRules.flatMap((rule) => {
    const { id } = rule
    const results = rule.check({ ai }, all)
    if (results !== undefined && results.length === 0) throw new Error(`${id} says nothing`)
    return (results ?? []).map((it) => ({ id, ...it }))
  })
}

/** `rule`, and behind it what fails: its code, and where. */
export function words(ai: AiSection, seen: AiEvidence): string[] {
  return resultsOf(ai, seen).map((it) => {
    if (it.outcome !== 'fail') return `${it.id} ${it.outcome}`
    const { commit, path, session: at } = it.at ?? {}
    const place = [commit?.slice(0, 1), path, at?.replace('urn:ai-', '')].filter((one) => one !== undefined)
    return [it.id, it.code, ...place].join(' ')
  })
}
