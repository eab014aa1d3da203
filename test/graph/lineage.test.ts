/** The lineage of a release: every link that statements tell is an edge in the order of time, and every one that is missing a gap. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineageOf } from '../../src/graph/lineage.ts'
import type { LineageStatement } from '../../src/graph/lineage.ts'
import type { Lineage } from '../../src/model/lineage.ts'
import { readPredicate } from '../../src/predicates/read.ts'
import { changesDescriptor } from '../../src/predicates/session.ts'
import { renderLineage } from '../../src/report/lineage.ts'
import { steersIn } from '../world/hostile-text.ts'
import { edited } from '../world/release.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { wholeChangeProvenance } from '../predicates/whole-change-provenance.ts'
import { runs } from '../world/runs.ts'
import { anyText } from '../world/any-text.ts'

const changesType = 'https://w3id.org/countersign/change-provenance/v1'
const commit = 'b'.repeat(40)
const change = `change:${commit}`
const planner = 'session:urn:ai-session:claude-code:session_01Test'

const subjects = [{ name: 'app.tgz', digest: { sha256: '1'.repeat(64) } }]
const ownDigest = '5'.repeat(64)

function told(edit: (it: typeof wholeChangeProvenance) => unknown = () => undefined): LineageStatement {
  const predicate = readPredicate(changesType, edited(wholeChangeProvenance, edit))
  return { subjects, sha256: ownDigest, signer: 'ci', predicate }
}

function links({ edges }: Lineage): string[] {
  const short = (id: string): string => id.slice(0, id.indexOf(':'))
  return edges.map((it) => `${short(it.from)} ${it.relation} ${short(it.to)}`)
}

describe('the lineage of a release', () => {
  it('has every link that a statement of changes tells', () => {
    const lineage = lineageOf([told()], 'verified')
    expect(links(lineage).sort()).toEqual([
      'change deployed-to deployment',
      'change ran-on check',
      'change released-in release',
      'change went-to review',
      'person accepted change',
      'person authored change',
      'person authored request',
      'person reviewed review',
      'request became change',
      'requirement holds ticket',
      'session took-part change',
      'ticket asked-for change',
    ])
    expect(schemaErrors('lineage', JSON.parse(renderLineage(lineage, 'json')))).toEqual([])
  })
  it('is asked for by whoever asked the tool, and a planner stands before its worker', () => {
    const lineage = lineageOf(
      [
        told((it) => {
          Object.assign(it.changes[0]!.sessions[0]!, { requester: `hmac-sha256:${'7'.repeat(64)}`, lines: 12 })
          Object.assign(it.sessions[0]!.annotations!['countersign'] as object, { parent: 'planner' })
        }),
      ],
      'verified',
    )
    expect(links(lineage)).toEqual(
      expect.arrayContaining(['session wrote change', 'person asked session', 'session started session']),
    )
    expect(lineage.edges.find(({ relation }) => relation === 'started')?.to).toBe(planner)
  })
  it('hangs a ticket that the request names on the request', () => {
    const lineage = lineageOf([told((it) => (it.changes[0]!.tickets[0]!.said = 'request'))], 'verified')
    expect(links(lineage)).toContain('ticket asked-for request')
  })
  it('keeps the order in time: a review stands between the session before it and the one after', () => {
    const at = (startedAt: string, id: string): object => ({
      name: `ai-session/codex/${id}`,
      uri: `urn:ai-session:codex:${id}`,
      annotations: {
        countersign: {
          level: 'claimed',
          tool: 'codex',
          models: [],
          startedAt,
          commits: [],
          linkage: 'direct',
          readers: [],
        },
      },
    })
    const lineage = lineageOf(
      [
        told((it) => {
          const sessions = [at('2026-11-20T13:00:00Z', 'after'), at('2026-11-20T11:00:00Z', 'before')]
          Object.assign(it, { sessions })
          const parts = ['after', 'before'].map((id) => ({ uri: `urn:ai-session:codex:${id}` }))
          Object.assign(it.changes[0]!, { sessions: parts })
        }),
      ],
      'verified',
    )
    expect(
      lineage.edges.filter(({ relation }) => relation === 'followed-by').map(({ from, to }) => [from, to]),
    ).toEqual([
      ['session:urn:ai-session:codex:before', `review:${commit}/0`],
      [`review:${commit}/0`, 'session:urn:ai-session:codex:after'],
    ])
  })
  describe('with signed deployments', () => {
    const built: LineageStatement = {
      ...{ subjects, sha256: undefined, signer: 'builder' },
      predicate: readPredicate('https://slsa.dev/provenance/v1', {
        buildDefinition: {
          buildType: 'https://example.org/build',
          resolvedDependencies: [
            { uri: 'git+https://github.com/acme/widget', digest: { gitCommit: commit } },
            changesDescriptor(ownDigest),
          ],
        },
        runDetails: { builder: { id: 'https://example.org/builder' } },
      }),
    }
    const deployed = (state: 'deployed' | 'removed', at: string, of = subjects): LineageStatement => ({
      ...{ subjects: of, sha256: undefined, signer: 'deployer' },
      predicate: readPredicate('https://w3id.org/countersign/deployment/v1', {
        ...{ environment: 'production', state, at, job: { signer: 'deployer' } },
      }),
    })

    it('goes from the build by the artifact to the environment, each with who signed it', () => {
      const both = [deployed('removed', '2026-11-21T00:00:00Z'), deployed('deployed', '2026-11-20T00:00:00Z')]
      const lineage = lineageOf([built, ...both], 'verified')
      expect(links(lineage)).toEqual(
        expect.arrayContaining(['release built-in build', 'build made artifact', 'artifact deployed-to deployment']),
      )
      const edges = lineage.edges.filter(({ relation }) => relation === 'deployed-to')
      expect(edges.map(({ facts }) => facts)).toEqual([{ signer: 'deployer' }, { signer: 'deployer' }])
      expect(renderLineage(lineage, 'text').replace(/\s+/g, ' ')).toContain(
        'deployed deployment production: deployed 2026-11-20T00:00:00Z, signed by deployer deployment production: removed 2026-11-21',
      )
      expect(schemaErrors('lineage', JSON.parse(renderLineage(lineage, 'json')))).toEqual([])
    })

    it('shows a deployment of what nobody says the build of', () => {
      const text = renderLineage(lineageOf([deployed('deployed', '2026-11-20T00:00:00Z')], 'claimed'), 'text')
      expect(text).toMatch(/artifact +app\.tgz/)
      expect(text).toMatch(/deployed +deployment production: deployed/)
    })

    it('misses no deployment where what was built of the change was deployed, and only there', () => {
      const gap = { change, missing: 'deployment', why: 'not-looked' }
      const without = told((it) => Reflect.deleteProperty(it.changes[0]!, 'deployments'))
      const of = (...more: LineageStatement[]): Lineage['gaps'] => lineageOf([without, built, ...more], 'verified').gaps
      const at = '2026-11-20T00:00:00Z'
      expect(of()).toContainEqual(gap)
      expect(of(deployed('deployed', at))).not.toContainEqual(gap)
      expect(of(deployed('removed', at))).toContainEqual(gap)
      const other = [{ name: 'app.tgz', digest: { sha256: '2'.repeat(64) } }]
      expect(of(deployed('deployed', at, other))).toContainEqual(gap)
    })
  })
  it.each<[string, string, string, (it: typeof wholeChangeProvenance) => unknown]>([
    ['a ticket', 'ticket', 'not-looked', (it) => Reflect.deleteProperty(it.changes[0]!, 'tickets')],
    ['reviews, and nobody looked', 'review', 'not-looked', (it) => Reflect.deleteProperty(it.changes[0]!, 'reviews')],
    [
      'reviews, and somebody looked',
      'review',
      'none',
      (it) => {
        it.changes[0]!.reviews = []
        it.readers.push({ reader: 'reviews', outcome: 'nothing' })
      },
    ],
    ['a review by a person', 'review', 'none', (it) => Object.assign(it.changes[0]!.reviews[0]!, { agent: 'copilot' })],
    [
      'a review after the last AI change',
      'review-after-ai',
      'none',
      (it) => (it.changes[0]!.reviews[0]!.order = 'before-last-ai'),
    ],
    ['an approval', 'review-after-ai', 'none', (it) => (it.changes[0]!.reviews[0]!.verdict = 'changes-requested')],
    ['who let it in', 'acceptance', 'none', (it) => Reflect.deleteProperty(it.changes[0]!.request, 'mergedBy')],
    ['its context', 'acceptance', 'not-looked', (it) => Reflect.deleteProperty(it.changes[0]!, 'request')],
    [
      'what its ticket is part of, and no tracker was asked',
      'requirement',
      'not-looked',
      (it) => Reflect.deleteProperty(it.changes[0]!.tickets[0]!, 'parent'),
    ],
    [
      'what its ticket is part of, and the tracker knows',
      'requirement',
      'none',
      (it) => {
        Reflect.deleteProperty(it.changes[0]!.tickets[0]!, 'parent')
        it.readers.push({ reader: 'tracker', outcome: 'found' })
      },
    ],
    [
      'reviews, where another change has some',
      'review',
      'not-looked',
      (it) => {
        Reflect.deleteProperty(it.changes[0]!, 'reviews')
        it.readers.push({ reader: 'reviews', outcome: 'found' })
      },
    ],
    [
      'its request, and heads were looked at',
      'request',
      'none',
      (it) => {
        Reflect.deleteProperty(it.changes[0]!, 'pullRequest')
        it.readers.push({ reader: 'pull-requests', outcome: 'nothing' })
      },
    ],
    ['checks', 'check', 'not-looked', (it) => Reflect.deleteProperty(it.changes[0]!, 'checks')],
    ['deployments', 'deployment', 'not-looked', (it) => Reflect.deleteProperty(it.changes[0]!, 'deployments')],
    ['its request', 'request', 'not-looked', (it) => Reflect.deleteProperty(it.changes[0]!, 'pullRequest')],
    ['a session', 'session', 'none', (it) => (it.changes[0]!.sessions[0]!.uri = 'urn:ai-tool:codex')],
  ])('says what is missing: %s', (_, missing, why, edit) => {
    const gap = { change, missing, why }
    expect(lineageOf([told()], 'verified').gaps).not.toContainEqual(gap)
    expect(lineageOf([told(edit)], 'verified').gaps).toContainEqual(gap)
  })
  const whole = told()
  const bare = { ...whole, sha256: undefined }
  const another = {
    ...told((it) => (it.range.since = 'f'.repeat(40))),
    sha256: undefined,
  }
  it.each<[string, readonly LineageStatement[], string | undefined, boolean]>([
    ['the one that it names', [whole], ownDigest, true],
    ['another one of the same commit', [whole], '6'.repeat(64), false],
    ['one, where it names none', [whole], undefined, false],
    ['the only one of its commit, where nobody has the bytes', [bare], ownDigest, true],
    ['one without bytes, where it names none', [bare], undefined, false],
    ['one of two without bytes', [bare, another], ownDigest, false],
  ])('hangs a build on %s', (_, changes, changeStatement, isJoined) => {
    const build: LineageStatement = {
      ...{ subjects, sha256: undefined, signer: 'ci' },
      predicate: {
        ...{ kind: 'build-provenance', version: '1', buildType: 'x', builderId: 'y', invocationId: 'run' },
        ...{
          externalParameters: {},
          internalParameters: {},
          resolvedDependencies: [{ digest: { gitCommit: commit } }],
        },
        ...{ startedOn: undefined, finishedOn: undefined, sessions: [], attribution: undefined },
        ...{
          aiConfiguration: undefined,
          changeStatement,
          tree: undefined,
          builtCommit: undefined,
          preparedIn: undefined,
          reasoningLog: undefined,
        },
      },
    }
    const { edges } = lineageOf([...changes, build], 'verified')
    const release = edges.find(({ relation }) => relation === 'released-in')?.to
    expect(edges.some((it) => it.relation === 'built-in' && it.from === release)).toBe(isJoined)
  })
  it('expects nothing of a change in which no AI took part', () => {
    const lineage = lineageOf([told((it) => (it.changes[0]!.sessions = []))], 'verified')
    expect(lineage.gaps).toEqual([])
  })
  it('counts changes that are not told one by one', () => {
    expect(lineageOf([told((it) => Object.assign(it, { total: 12 }))], 'verified').untold).toBe(11)
  })
})

describe('a drawing', () => {
  const kinds = ['text', 'mermaid', 'dot'] as const
  it('is bounded: of thousand changes those that tell something, and no more links than Mermaid draws', () => {
    const one = wholeChangeProvenance.changes[0]!
    const many = told((it) => {
      it.changes = Array.from({ length: 1_000 }, (_, at) => ({ ...one, commit: at.toString(16).padStart(40, '0') }))
    })
    const lineage = lineageOf([many], 'verified')
    expect(renderLineage(lineage, 'mermaid').match(/-->/g)).toHaveLength(450)
    expect(renderLineage(lineage, 'mermaid')).toMatch(/%% \d+ more links are not drawn/)
    expect(renderLineage(lineage, 'text')).toContain('and 950 more changes')
  })
  it('shows where a text is cut, and the JSON has all of it', () => {
    const name = 'x'.repeat(500)
    const lineage = lineageOf([told((it) => (it.changes[0]!.deployments[0]!.environment = name))], 'verified')
    const cut = `deployment ${'x'.repeat(109)}…`
    expect([renderLineage(lineage, 'mermaid').includes(cut), renderLineage(lineage, 'dot').includes(cut)]).toEqual([
      true,
      true,
    ])
    expect(renderLineage(lineage, 'json')).toContain(name)
  })
  it('is steered by nothing that stands in a statement', () => {
    const hostile = fc.oneof(
      anyText(),
      fc.constantFrom('"]; x', '\\', '"|n1 --> n2', '%%{init}%%', '#quot;', '::stop::', '\u001b[2J', '<b>', '\u202e'),
    )
    fc.assert(
      fc.property(hostile, hostile, hostile, (name, key, label) => {
        const lineage = lineageOf(
          [
            told((it) => {
              const [first] = it.changes
              first!.checks[0]!.name = name
              Object.assign(first!.tickets[0]!, { key, uri: label })
              first!.deployments[0]!.environment = label
              first!.request.labels = [label]
              first!.sessions[0]!.uri = `urn:ai-session:${encodeURIComponent(name.toWellFormed())}:${encodeURIComponent(key.toWellFormed())}`
            }),
          ],
          'claimed',
        )
        for (const format of kinds) expect(steersIn(renderLineage(lineage, format))).toEqual([])
        for (const line of renderLineage(lineage, 'mermaid').split('\n').slice(1, -1)) {
          expect(line).toMatch(
            /^ {2}(?:%% [ ,\w]+|n\d+\W{1,2}"[\p{L}\p{N} .,:/@_+…#;<>br-]*"\W{1,2}|n\d+ -->\|"[\w #;]+"\| n\d+)$/u,
          )
        }
        for (const line of renderLineage(lineage, 'dot').split('\n').slice(2, -2)) {
          expect(line).toMatch(/^ {2}(?:label=|n\d+ (?:-> n\d+ )?\[(?:shape=\w+, )?label=)"(?:[^"\\]|\\["\\n])*"\]?$/)
        }
      }),
      { numRuns: runs(100) },
    )
  })
})
