/** Rules about what was read: the AI configuration, findings about claims, readers. And what is true of all rules. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findingMeanings } from '../../../src/collect/sessions/finding-meanings.ts'
import type { AiEvidence } from '../../../src/model/policy-evidence.ts'
import type { AiSection } from '../../../src/model/policy.ts'
import type { Change } from '../../../src/model/predicate.ts'
import { levels } from '../../../src/model/session.ts'
import type { Session } from '../../../src/model/session.ts'
import { aiRules } from '../../../src/policy/families/ai/index.ts'
import { findingKinds } from '../../../src/policy/families/ai/finding-kinds.ts'
import {
  annAddress,
  attribution,
  change,
  configuration,
  evidence,
  nothingKnown,
  nothingThere,
  plainChange,
  resultsOf,
  session,
} from '../../world/ai-evidence.ts'
import { runs } from '../../world/runs.ts'
import { partOf, ruleTable } from './rule-table.ts'

const steeredBy = (more: Parameters<typeof configuration>[0]) => evidence({ configuration: configuration(more) })
const none = evidence({ configuration: undefined })
const couldNotLook = evidence({
  configuration: undefined,
  readers: [{ reader: 'ai-configuration', outcome: 'could-not-look' }],
})

const servers: AiSection = { mcpServers: { allow: ['docs-*'] } }
ruleTable('ai/mcp-servers', [
  ['one that is allowed', servers, evidence(), 'pass'],
  [
    'one that is not',
    servers,
    steeredBy({ mcpServers: [{ name: 'shell', transport: 'stdio' }] }),
    'mcp-server-refused',
  ],
  [
    'one that is denied, in capitals',
    { mcpServers: { deny: ['shell*'] } },
    steeredBy({ mcpServers: [{ name: 'Shell-2', transport: 'http' }] }),
    'mcp-server-refused',
  ],
  ['files that could not be read', servers, steeredBy({ unread: 1 }), 'evidence-missing'],
  ['links that were not followed', servers, steeredBy({ links: 1 }), 'evidence-missing'],
  ['links of instructions alone', servers, steeredBy({ links: 1, kinds: { instructions: 2 }, mcpServers: [] }), 'pass'],
  [
    'names that are withheld',
    servers,
    evidence({ attribution: attribution({ findings: { 'ai-configuration-withheld': 1 } }) }),
    'evidence-missing',
  ],
  ['nobody says whether there is any', servers, none, 'evidence-missing'],
  ['nobody could look', servers, couldNotLook, 'evidence-missing'],
  ['nothing is known', servers, nothingKnown, 'evidence-missing'],
  ['there is none', servers, nothingThere, 'pass'],
])

const digests: AiSection = { configurations: ['c'.repeat(64)] }
ruleTable('ai/configurations', [
  ['one that is named', digests, evidence(), 'pass'],
  ['another', digests, steeredBy({ digest: { sha256: 'd'.repeat(64) } }), 'configuration-refused'],
  ['nobody says whether there is any', digests, none, 'evidence-missing'],
  ['nobody could look', digests, couldNotLook, 'evidence-missing'],
  ['nothing is known', digests, nothingKnown, 'evidence-missing'],
  ['there is none', digests, nothingThere, 'pass'],
])

const claims: AiSection = { claims: { refuse: ['dangling', 'contradicting'] } }
const found = (code: string, count = 1) => evidence({ attribution: attribution({ findings: { [code]: count } }) })
ruleTable('ai/claims', [
  ['none of them', claims, evidence(), 'pass'],
  ['one that points to nothing', claims, found('checkpoint-missing'), 'claims-refused'],
  ['one that a receipt contradicts', claims, found('receipt-other-user'), 'claims-refused'],
  ['of a kind that is not refused', claims, found('record-unclaimed'), 'pass'],
  ['of no such kind', claims, found('note-malformed'), 'pass'],
  ['none, as a count', claims, found('checkpoint-missing', 0), 'pass'],
  ['one that this version does not know', claims, found('note-upside-down'), 'evidence-missing'],
  ['a session that nothing describes', claims, evidence({ sessions: [] }), 'claims-refused session:claude-code:s1'],
  ['nothing is known', claims, nothingKnown, 'evidence-missing'],
  ['there is none', claims, nothingThere, 'pass'],
])

test('every finding says of which kind it is, or that it is of none', () => {
  expect([...findingKinds.keys()].toSorted()).toEqual([...findingMeanings.keys()].toSorted())
})

const all: AiSection = { readers: { mustLook: 'all' } }
const these: AiSection = { readers: { mustLook: ['trailer'] } }
const reader = (outcome: string) =>
  evidence({
    readers: [
      { reader: 'trailer', outcome: 'found' },
      { reader: 'reviews', outcome },
    ],
  })
ruleTable('ai/readers', [
  ['all have looked', all, evidence(), 'pass'],
  ['one was not fetched', all, reader('not-fetched'), 'reader-not-looked'],
  ['one could not look', all, reader('could-not-look'), 'reader-not-looked'],
  ['one was not asked', all, reader('not-collected'), 'reader-not-looked'],
  ['of one a later version says something else', all, reader('looked-away'), 'reader-not-looked'],
  ['another one', these, reader('not-fetched'), 'pass'],
  ['nobody tells of it', { readers: { mustLook: ['reviews'] } }, evidence(), 'reader-not-looked'],
  [
    'one looked at one place and not at the other',
    these,
    evidence({
      readers: [
        { reader: 'trailer', outcome: 'found' },
        { reader: 'trailer', outcome: 'not-fetched' },
      ],
    }),
    'reader-not-looked',
  ],
  ['no reader is told', all, evidence({ readers: [] }), 'evidence-missing'],
  ['nothing is known', all, nothingKnown, 'evidence-missing'],
  ['there is nothing', all, nothingThere, 'pass'],
])

describe('every rule', () => {
  const everything: AiSection = {
    tools: { allow: ['claude-code'] },
    models: { allow: ['claude-*'] },
    mcpServers: { allow: ['docs-*'] },
    configurations: ['c'.repeat(64)],
    levels: [
      { atLeast: 'signed' },
      { atLeast: 'vouched', paths: ['pay/**'] },
      { atLeast: 'vouched', branches: ['stable'] },
    ],
    receiptIssuers: ['https://gateway.acme.example'],
    share: [
      { of: 'range', atMost: 0.4 },
      { of: 'change', atMost: 0.5, paths: ['src/b.ts'] },
      { of: 'file', atMost: 0, paths: ['pay/**'] },
    ],
    humanReview: [{ paths: ['src/auth/**'] }, {}],
    iterations: { atMost: 9 },
    subagents: { atMost: 2 },
    claims: { refuse: ['dangling', 'orphaned', 'conflicting', 'contradicting'] },
    readers: { mustLook: 'all' },
    disclosure: {
      aboveLines: 5,
      overrides: { allowed: [{ signer: 'https://ci.example/*', issuer: 'https://ci.example' }] },
    },
  }
  const good = evidence({
    sessions: [
      session(),
      session({ id: 's2', level: 'vouched', receipt: { sha256: 'e', issuer: 'https://gateway.acme.example' } }),
    ],
    changes: [
      change({ sessions: ['s1', 's2'].map((it) => partOf(`urn:ai-session:claude-code:${it}`, annAddress)) }),
      plainChange({
        override: {
          letters: 30,
          isTicketOnly: false,
          signedBy: { signer: 'https://ci.example/x', issuer: 'https://ci.example' },
        },
      }),
    ],
  })

  /** Each takes something away that somebody knew, or makes it weaker. */
  const losses: readonly ((of: AiEvidence) => AiEvidence)[] = [
    (of) => ({ ...of, sessions: undefined }),
    ...sessionLosses().map((lose) => (of: AiEvidence) => ({ ...of, sessions: of.sessions?.map(lose) })),
    (of) => ({ ...of, changes: undefined }),
    (of) => ({ ...of, changes: of.changes?.slice(1) }),
    (of) => ({ ...of, changes: of.changes?.slice(0, -1) }),
    ...changeLosses().map((lose) => (of: AiEvidence) => ({ ...of, changes: of.changes?.map(lose) })),
    (of) => ({ ...of, total: (of.total ?? 0) + 1 }),
    (of) => ({ ...of, attribution: undefined }),
    (of) => (of.attribution === undefined ? of : { ...of, attribution: withoutLines(of.attribution) }),
    (of) => (of.attribution === undefined ? of : { ...of, attribution: { ...of.attribution, readers: [] } }),
    (of) => ({ ...of, readers: undefined }),
    (of) => ({ ...of, readers: of.readers?.map((it) => ({ ...it, outcome: 'not-fetched' })) }),
    (of) => ({ ...of, configuration: undefined }),
    (of) => ({ ...of, branch: undefined }),
  ]

  function withoutLines({ lines: _, ...rest }: NonNullable<AiEvidence['attribution']>): AiEvidence['attribution'] {
    return rest
  }

  function sessionLosses(): ((of: Session) => Session)[] {
    return [
      (of) => ({ ...of, level: levels[Math.max(0, levels.indexOf(of.level) - 1)] ?? 'claimed' }),
      (of) => ({ ...of, models: [] }),
      ({ iterations: _, ...rest }) => rest,
      ({ transcript: _, ...rest }) => rest,
      (of) => ({ ...of, commits: [] }),
    ]
  }

  function changeLosses(): ((of: Change) => Change)[] {
    const inContext = (lose: (of: Change['context']) => Change['context']) => (of: Change) => ({
      ...of,
      context: lose(of.context),
    })
    return [
      (of) => ({ ...of, files: undefined }),
      (of) => ({ ...of, lines: undefined }),
      (of) => ({ ...of, override: undefined }),
      (of) => ({ ...of, override: of.override && { ...of.override, signedBy: undefined } }),
      inContext(() => ({})),
      inContext(({ reviews: _, ...rest }) => rest),
      inContext((of) => ({ ...of, reviews: [] })),
      inContext((of) => ({
        ...of,
        reviews: of.reviews?.map(({ at: _, ...it }) => ({ ...it, order: 'unknown' as const })),
      })),
      inContext(({ request: _, ...rest }) => rest),
      inContext((of) => ({ ...of, request: of.request && { ...of.request, authors: undefined, target: undefined } })),
    ]
  }

  /** A session that changes still name is not gone when it is described no more. */
  const undescribing: typeof losses = [
    (of) => ({ ...of, sessions: of.sessions?.slice(1) }),
    (of) => ({ ...of, sessions: of.sessions?.slice(0, -1) }),
    ...sessionLosses().map((lose) => (of: AiEvidence) => ({ ...of, sessions: of.sessions?.map(lose) })),
  ]

  const sectionOf = (names: readonly string[]): AiSection =>
    Object.fromEntries(Object.entries(everything).filter(([name]) => names.includes(name)))
  const refused = (asked: AiSection, seen: AiEvidence): boolean =>
    resultsOf(asked, seen).some(({ outcome }) => outcome === 'fail')

  test('passes what is good, and nothing where nothing is known', () => {
    const asked = new Set(resultsOf(everything, nothingKnown).map(({ id }) => id))
    const unasked = aiRules.filter(({ id }) => !asked.has(id))
    expect(unasked.map(({ id }) => `ask for ${id} in everything, above, and let good pass it`)).toEqual([])
    expect(resultsOf(everything, good).filter(({ outcome }) => outcome !== 'pass')).toEqual([])
    const unknown = resultsOf(everything, nothingKnown)
    expect(unknown.every(({ outcome }) => outcome === 'fail')).toBe(true)
    expect(new Set(unknown.map(({ id }) => id))).toEqual(new Set(aiRules.map(({ id }) => id)))
  })

  test('asks nothing where nothing is asked', () => {
    expect(resultsOf({}, good)).toEqual([])
  })

  test.each([
    ['anything', losses],
    ['descriptions of sessions', undescribing],
  ])('never passes because something is missing: %s', (_, lossesOf) => {
    const names = Object.keys(everything)
    fc.assert(
      fc.property(
        fc.subarray(names, { minLength: 1 }),
        fc.array(fc.nat(lossesOf.length - 1), { minLength: 1, maxLength: 12 }),
        (asked, lost) => {
          const section = sectionOf(asked)
          let seen = good
          let wasRefused = false
          for (const index of lost) {
            seen = lossesOf[index]?.(seen) ?? seen
            const isRefused = refused(section, seen)
            expect(wasRefused && !isRefused).toBe(false)
            wasRefused = isRefused
          }
        },
      ),
      { numRuns: runs(3_000) },
    )
  })
})
