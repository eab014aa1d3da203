/**
 * The story of one release from end to end: two squashed requests by a planner and its workers, a fix after a review, tickets, reviews,
 * checks, deployments, a receipt and a portal; the forge and all who are asked are on loopback. Then the same without each link.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { SerializedBundle } from '@sigstore/bundle'
import type { Lineage } from '../../src/graph.ts'
import { changeProvenancePredicate } from '../../src/predicates/change-provenance.ts'
import type { ChangeProvenancePredicate } from '../../src/predicates/change-provenance.ts'
import { verifyBundle } from '../embedded/client.ts'
import { gateway } from '../world/receipt.ts'
import { seldomNotes } from '../world/reader-reports.ts'
import { schemaErrors } from '../world/published-schema.ts'
import {
  artifact,
  bundles,
  deployment,
  predicateIn,
  question,
  statementIn,
  told,
  tokens,
  useStory,
} from './release-job.ts'
import type { Missing, Released } from './release-job.ts'
import { sessionsOfStory as ids, times } from './repository.ts'
import { part } from '../world/runs.ts'

const story = useStory()
let whole: Released
let said: ReadonlySet<string>

beforeAll(async () => {
  whole = await story.release({ deploys: true })
  said = await told(whole)
})

const uris = {
  planner: `urn:ai-session:codex:${ids.planner}`,
  first: `urn:ai-session:codex:${ids.first}`,
  second: `urn:ai-session:codex:${ids.second}`,
  fix: `urn:ai-session:claude-code:${ids.fix}`,
} as const

describe('the whole release', () => {
  let changes: ChangeProvenancePredicate
  beforeAll(() => {
    const predicate = predicateIn(whole.folder, bundles[1])
    expect(schemaErrors('change-provenance', predicate)).toEqual([])
    changes = changeProvenancePredicate.parse(predicate)
  })
  const changeOf = (request: 12 | 13): ChangeProvenancePredicate['changes'][number] | undefined =>
    changes.changes.find(({ commit }) => commit === whole.story.requests[request].change)

  it('passes, with one session vouched for by a receipt, one by a portal, and two that their signer vouches for', async () => {
    expect([...said].filter((line) => /^(level|finding|gap)/.test(line)).sort()).toEqual([
      'finding portal-unknown 3',
      'gap 12 requester none',
      'gap 13 requester none',
      'level first vouched',
      'level fix vouched',
      'level planner signed',
      'level second signed',
    ])
    expect([...said].filter((line) => /not-fetched|could-not-look|not-collected/.test(line))).toEqual([])
    const { exitCode, stdout } = await whole.run('verify', artifact, ...question, ...whole.local)
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(gateway)])
    const deployed = ['--predicate-type', 'https://w3id.org/countersign/deployment/v1', '--environment', 'production']
    expect(await whole.run('verify', artifact, ...question, ...whole.local, ...deployed)).toMatchObject({ exitCode: 0 })
  })

  it('has the planner before its workers, and each receipt with its session', () => {
    const parents = (changes.sessions ?? []).map(({ uri, annotations }) => [
      uri,
      (annotations?.['countersign'] as { readonly parent?: string }).parent,
    ])
    expect(Object.fromEntries(parents)).toEqual({
      [uris.planner]: undefined,
      [uris.fix]: undefined,
      [uris.first]: ids.planner,
      [uris.second]: ids.planner,
    })
    expect(changes.receipts).toMatchObject([{ issuer: gateway, session: uris.first }])
  })

  it.each([
    [12, ['planner', 'first'], 'PROJ-7', [['approved', 'after-last-ai', undefined]]],
    [
      13,
      ['second', 'fix'],
      'PROJ-8',
      [
        ['changes-requested', 'before-last-ai', undefined],
        ['approved', 'after-last-ai', 'coderabbit'],
        ['approved', 'after-last-ai', undefined],
      ],
    ],
  ] as const)('tells of request %d all that came before it and after it', (request, sessions, key, reviews) => {
    const change = changeOf(request)
    expect(change?.pullRequest).toBe(`https://github.com/acme/widget/pull/${request}`)
    expect(change?.sessions?.map(({ uri, linkage }) => [uri, linkage]).sort()).toEqual(
      sessions.map((it) => [uris[it], 'squash']).sort(),
    )
    expect(change?.tickets).toMatchObject([
      { said: 'commit', system: 'jira', key, parent: { said: 'tracker-api', key: 'PROJ-1', kind: 'epic' } },
    ])
    expect(change?.reviews?.map(({ verdict, order, agent }) => [verdict, order, agent])).toEqual(reviews)
    const human = change?.reviews?.find(({ agent }) => agent === undefined)
    expect(change?.request?.mergedBy?.account).toBe(human?.by)
    expect(change?.request?.author?.account).not.toBe(human?.by)
    expect(change?.checks?.map(({ name, outcome }) => [name, outcome])).toEqual(Array(2).fill(['unit tests', 'passed']))
    expect(change?.deployments).toMatchObject([{ environment: 'staging', state: 'success' }])
  })

  it('names nobody, and each token went to its API alone', () => {
    const texts = [...bundles, deployment].map((it) => JSON.stringify(statementIn(whole.folder, it)))
    for (const text of [...texts, whole.attested.stderr]) {
      expect(text).not.toMatch(/"(?:ann|bob)"|acct:|ann@example|invented-/)
    }
    const places: { readonly [token: string]: RegExp } = {
      [tokens.forge]: /^\/api\/v3\/repos\/acme\/widget\//,
      [tokens.tracker]: /^\/rest\/api\/3\/issue\//,
      [tokens.portal]: /^\/v1\/sessions\//,
    }
    const asked = story.server.asked.filter(([, authorization]) => authorization !== undefined)
    expect(asked.filter(([path, token]) => places[token?.split(' ')[1] ?? '']?.test(path) !== true)).toEqual([])
    expect(story.server.asked.some(([path]) => path.startsWith('/acme/widget'))).toBe(true)
  })

  it('is drawn from the requirement to the deployment, and human decisions stand between sessions', async () => {
    const { stdout, exitCode } = await whole.run('graph', ...bundles, deployment, '--format', 'json')
    const lineage = JSON.parse(stdout) as Lineage
    expect([exitCode, schemaErrors('lineage', lineage)]).toEqual([0, []])
    const chain = (...relations: readonly string[]): readonly string[] =>
      relations.reduce<readonly string[]>(
        (at, relation) =>
          lineage.edges.filter((it) => it.relation === relation && at.includes(it.from)).map(({ to }) => to),
        ['requirement:jira:PROJ-1'],
      )
    const deployed = chain('holds', 'asked-for', 'released-in', 'built-in', 'made', 'deployed-to')
    expect(deployed.map((id) => lineage.nodes.find((it) => it.id === id)?.label)).toContain('deployment production')
    const edges = lineage.edges.map(({ from, relation, to }) => [from, relation, to])
    const change = (request: 12 | 13): string => `change:${whole.story.requests[request].change}`
    for (const edge of [
      [`session:${uris.planner}`, 'started', `session:${uris.first}`],
      [`session:${uris.planner}`, 'started', `session:${uris.second}`],
      [`session:${uris.first}`, 'took-part', change(12)],
      [`session:${uris.second}`, 'took-part', change(13)],
      [`session:${uris.fix}`, 'took-part', change(13)],
      ['request:https://github.com/acme/widget/pull/12', 'became', change(12)],
    ]) {
      expect(edges).toContainEqual(edge)
    }
    const review = (at: number): string => `review:${whole.story.requests[13].change}/${at}`
    expect(edges.filter(([, relation]) => relation === 'followed-by')).toEqual(
      expect.arrayContaining([
        [`session:${uris.second}`, 'followed-by', review(0)],
        [review(0), 'followed-by', `session:${uris.fix}`],
        [`session:${uris.fix}`, 'followed-by', review(1)],
        [review(1), 'followed-by', review(2)],
      ]),
    )
    expect(lineage.nodes.find(({ id }) => id === `session:${uris.fix}`)).toMatchObject({
      time: times.fix,
      facts: { level: 'vouched', portal: new URL(story.server.origin).host },
    })
  })

  it('is drawn for a person, of what passes a question', async () => {
    const joined = 'dist/all.intoto.jsonl'
    expect(await whole.run('merge', ...bundles, deployment, '-o', joined)).toMatchObject({ exitCode: 0 })
    const { stdout, exitCode } = await whole.run('graph', artifact, '-b', joined, ...question, ...whole.local)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^lineage of statements that passed verification/)
    for (const words of [
      'ticket PROJ-8 (commit), part of epic PROJ-1 (tracker api)',
      `codex ${ids.first}, vouched, seen by ${gateway}`,
      `started by codex ${ids.planner}`,
      'changes requested by person',
      'deployment staging: success',
    ]) {
      expect(stdout).toContain(words)
    }
    expect(stdout).toMatch(/in time +codex \S+ → review: changes requested → claude-code \S+ → review: approved/)
  })

  it('is plain SLSA provenance to a client that knows nothing of us', () => {
    const trustedRoot: unknown = JSON.parse(readFileSync(join(whole.state, 'trusted_root.json'), 'utf8'))
    const read = (name: string): SerializedBundle =>
      JSON.parse(readFileSync(join(whole.folder, name), 'utf8')) as SerializedBundle
    for (const name of [...bundles, deployment]) {
      expect(verifyBundle(read(name), trustedRoot).identity?.subjectAlternativeName).toBe(
        'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.1.0',
      )
    }
    expect(statementIn(whole.folder, bundles[0])).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'https://slsa.dev/provenance/v1',
      subject: [{ name: 'app.tgz', digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string } }],
    })
    const { buildDefinition, runDetails } = predicateIn(whole.folder, bundles[0]) as Slsa
    expect(buildDefinition).toMatchObject({
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      externalParameters: { workflow: { path: '.github/workflows/release.yml', ref: 'refs/tags/v1.1.0' } },
    })
    const [source, ...others] = buildDefinition.resolvedDependencies
    expect(source).toMatchObject({ digest: { gitCommit: whole.story.requests[13].change } })
    // What SLSA knows of a descriptor, and nothing else; each can be named by it.
    const known = ['name', 'uri', 'digest', 'content', 'downloadLocation', 'mediaType', 'annotations']
    for (const it of others) {
      expect(Object.keys(it).filter((member) => !known.includes(member))).toEqual([])
      expect(it.uri ?? it.digest).toBeDefined()
    }
    expect(others.map(({ uri }) => uri)).toEqual(expect.arrayContaining(Object.values(uris)))
    expect(runDetails).toMatchObject({ builder: { id: expect.stringContaining('acme/widget') as string } })
  })
})

interface Slsa {
  readonly buildDefinition: {
    readonly resolvedDependencies: readonly { readonly uri?: string; readonly digest?: object }[]
  }
  readonly runDetails: object
}

const levels = (level: string, ...names: readonly string[]): string[] => names.map((it) => `level ${it} ${level}`)
const all = ['planner', 'first', 'second', 'fix'] as const
const both = (why: string, ...links: readonly string[]): string[] =>
  links.flatMap((it) => [12, 13].map((request) => `gap ${request} ${it} ${why}`))
const readers = (outcome: string, ...names: readonly string[]): string[] => names.map((it) => `reader ${it} ${outcome}`)
/** Nobody is named, so whoever was to sign, receive or answer has nothing to say it of. */
const unnamed = ['finding receipt-unclaimed 1', ...readers('nothing', 'commit-signature', 'receipt', 'portal')]

describe('without one link', () => {
  it.each<[string, Missing, readonly string[]]>(
    part(
      [
        // What an independent party saw.
        ['a receipt', { given: ['receipt'] }, levels('signed', 'first')],
        ['a portal', { given: ['portal'] }, levels('signed', 'fix')],
        ['both', { given: ['receipt', 'portal'] }, levels('signed', 'first', 'fix')],
        [
          'a portal that says the same',
          { served: 'portal-user' },
          [...levels('signed', 'fix'), 'finding portal-other-user 1', ...readers('nothing', 'portal')],
        ],
        [
          'a receipt in time',
          { served: 'receipt-time' },
          [...levels('signed', 'first'), 'finding receipt-other-time 1', ...readers('nothing', 'receipt')],
        ],
        // Who signed, what was recorded, who named it, how it came there.
        [
          'whose key it is',
          { given: ['signers'] },
          [...levels('recorded', ...all), ...readers('nothing', 'commit-signature')],
        ],
        [
          'a signed record',
          { git: 'signed-record' },
          [...levels('recorded', ...all), ...readers('nothing', 'commit-signature')],
        ],
        [
          'a record',
          { git: 'record' },
          [
            ...levels('claimed', ...all),
            ...readers('not-fetched', 'entire-checkpoint'),
            ...readers('nothing', 'commit-signature'),
          ],
        ],
        ['a trailer', { git: 'trailer' }, [...unnamed, ...readers('nothing', 'trailer', 'entire-checkpoint')]],
        [
          'proof of a squash',
          { git: 'squash-proof' },
          ['finding squash-unproved 1', 'finding portal-unknown 2', ...readers('nothing', 'portal')],
        ],
        [
          'the heads of requests',
          { given: ['fetch'] },
          [
            ...unnamed,
            ...readers('nothing', 'trailer', 'entire-checkpoint'),
            ...readers('not-fetched', 'pull-requests', 'git-ai-note', 'source-note', 'agent-commit'),
            ...readers('not-fetched', ...seldomNotes),
            ...readers('not-collected', 'request', 'reviews', 'branch-rules'),
          ],
        ],
        // Why, by whom, and whereto.
        ['a ticket', { git: 'ticket' }, [...both('none', 'ticket'), ...readers('nothing', 'tickets', 'tracker')]],
        [
          'a token of the tracker',
          { given: ['tracker-token'] },
          [...both('not-looked', 'requirement'), ...readers('not-collected', 'tracker')],
        ],
        ['an epic', { served: 'parent' }, [...both('none', 'requirement'), ...readers('nothing', 'tracker')]],
        [
          'a token of the forge',
          { given: ['forge-token'] },
          [
            ...both('not-looked', 'review', 'review-after-ai', 'acceptance', 'check', 'deployment'),
            ...readers('not-collected', 'request', 'reviews', 'checks', 'deployments', 'branch-rules'),
          ],
        ],
        [
          'a review',
          { served: 'review' },
          [...both('none', 'review', 'review-after-ai'), ...readers('nothing', 'reviews')],
        ],
        ['a review by a person', { served: 'human-review' }, both('none', 'review', 'review-after-ai')],
        ['an approval of the fix', { served: 'late-approval' }, ['gap 13 review-after-ai none']],
        ['who merged it', { served: 'merger' }, both('none', 'acceptance')],
        ['checks', { served: 'check' }, [...both('none', 'check'), ...readers('nothing', 'checks')]],
        [
          'any deployment',
          { served: 'deployment' },
          [...both('none', 'deployment'), ...readers('nothing', 'deployments')],
        ],
        // Whoever signs that it was deployed says it of the changes that were built.
        ['a deployment at the forge', { served: 'deployment', deploys: true }, readers('nothing', 'deployments')],
      ],
      6,
    ),
  )('the level falls as far as that link, and the report says which: %s', async (_, missing, expected) => {
    const without = await told(await story.release(missing))
    expect([...without].filter((it) => !said.has(it)).sort()).toEqual([...expected].sort())
    // A session that nobody names any more is not there at a lower level either.
    const isNamed = (line: string): boolean => line.startsWith('level ')
    const gone =
      missing.git === 'trailer' || missing.given?.includes('fetch') === true
        ? 4
        : missing.git === 'squash-proof'
          ? 2
          : 0
    expect([...without].filter(isNamed)).toHaveLength(4 - gone)
  })
})
