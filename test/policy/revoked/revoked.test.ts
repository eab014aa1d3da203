/** What a policy revoked counts no more, wherever it stands, and no doubt lets it pass. */
import { describe, expect, test } from 'vitest'
import type { Session } from '../../../src/model/session.ts'
import type { Verdict } from '../../../src/model/verdict.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { commitOf, editedProvenance, toldRelease } from '../../world/policy-changes.ts'
import type { Told } from '../../world/policy-changes.ts'
import { judgeBy, policyText, refusalsIn, releaseJob } from '../../world/policy-release.ts'
import { rebuildStatement } from '../../world/rebuild.ts'
import { artifactDigest, useRelease } from '../../world/release.ts'
import { part } from '../../world/runs.ts'

const release = useRelease()
const built = '0123456789abcdef0123456789abcdef01234567'
const run = 'https://github.com/acme/widget/actions/runs/7300000001/attempts/1'
const signer = 'https://github.com/acme/widget/.github/workflows/release.yml'
const claude: Session = {
  ...{ id: 'abc', level: 'claimed', tool: 'claude-code', models: ['claude-opus-4-6'], commits: [], linkage: 'direct' },
  ...{ readers: ['trailer'], startedAt: '2026-03-01T00:00:00Z', endedAt: '2026-03-02T00:00:00Z' },
}

const because = (revocation: object): object => ({ reason: 'it was stolen', ...revocation })

async function rows(revocation: object | readonly object[], told: Told = {}, sections: object = {}): Promise<string[]> {
  const revoked = (Array.isArray(revocation) ? revocation : [revocation]).map(because)
  const bundles = await toldRelease(release(), { sessions: [claude], ...told })
  return refusalsIn(await judgeBy(release(), bundles, policyText(release(), { revoked, ...sections })))
}

/** Of the provenance alone: nothing is told change by change. */
async function rowsAlone(revocation: object, told: Told = {}): Promise<string[]> {
  const bundle = await release().sign(editedProvenance(release(), told), releaseJob)
  return refusalsIn(await judgeBy(release(), [bundle], policyText(release(), { revoked: [because(revocation)] })))
}

const ofKind = (kind: string): string[] => [`revoked/${kind} fail revoked`]

describe.each(
  part(
    [
      ['digest', `sha256:${artifactDigest}`, `sha256:${'0'.repeat(64)}`],
      ['commit', built, commitOf('9')],
      ['run', run, run.replace('7300000001', '73')],
      ['signer', `${signer}@refs/heads/main`, `${signer}@refs/heads/other`],
      ['session', 'claude-code/abc', 'claude-code/abcd'],
      ['model', 'claude-opus-*', 'gpt-*'],
    ],
    3,
  ),
)('revoked/%s', (kind, value, other) => {
  test('refuses what it names, and nothing else', async () => {
    expect(await rows({ kind, value })).toEqual(ofKind(kind))
    expect(await rows({ kind, value: other })).toEqual([])
  })

  test('says how much was compared', async () => {
    const text = policyText(release(), { revoked: [because({ kind, value: other })] })
    const verdict = await judgeBy(release(), await toldRelease(release(), { sessions: [claude] }), text)
    const row = verdict.policy?.checks.find((it) => it.rule === `revoked/${kind}`)
    expect(row).toMatchObject({ outcome: 'pass', found: expect.stringMatching(/^[1-9]\d* compared$/) as string })
  })

  test('holds from and until a time, both included', async () => {
    const timed = kind === 'session' || kind === 'model'
    const [before, after] = timed
      ? ['2026-02-28T00:00:00Z', '2026-03-03T00:00:00Z']
      : ['2000-01-01T00:00:00Z', '2100-01-01T00:00:00Z']
    expect(await rows({ kind, value, from: before })).toEqual(ofKind(kind))
    expect(await rows({ kind, value, from: after })).toEqual([])
    expect(await rows({ kind, value, until: after })).toEqual(ofKind(kind))
    expect(await rows({ kind, value, until: before })).toEqual([])
    expect(await rows({ kind, value, from: before, until: after })).toEqual(ofKind(kind))
  })

  test('is no warning, and is not waived', async () => {
    const rule = `revoked/${kind}`
    const weak = [
      { severities: { [rule]: 'warn' } },
      { waivers: { signers: [{ repo: 'acme/widget' }], rules: [rule] } },
    ]
    for (const sections of weak)
      expect(await codeOfAsync(() => rows({ kind, value }, {}, sections))).toBe('policy-malformed')
  })
})

describe('a revocation that could never hold', () => {
  test.each(
    part(
      [
        [{ kind: 'digest', value: artifactDigest }],
        [{ kind: 'digest', value: `sha256:${'A'.repeat(64)}` }],
        [{ kind: 'commit', value: built.slice(0, 12) }],
        [{ kind: 'run', value: 'https://github.com/acme/widget/actions/runs/*' }],
        [{ kind: 'signer', value: 'https://github.com/**/release.yml' }],
        [{ kind: 'session', value: 'claude-code/' }],
        [{ kind: 'session', value: '/abc' }],
        [{ kind: 'session', value: 'urn:ai-session:claude-code:abc' }],
        [{ kind: 'model', value: '*' }],
        [{ kind: 'model', value: 'gpt-5', from: '2026-13-01T00:00:00Z' }],
        [{ kind: 'model', value: 'gpt-5', from: '2026-03-01T00:00:00Z', until: '2026-02-01T00:00:00Z' }],
        [{ kind: 'model', value: 'gpt-5', onlySource: true }],
      ],
      3,
    ),
  )('%j', async (revocation) => {
    expect(await codeOfAsync(() => rows(revocation))).toBe('policy-malformed')
  })
})

describe('what is not known', () => {
  test.each(['session', 'model'])('of a %s is no pass: nobody looked', async (kind) => {
    const value = kind === 'session' ? 'other/x' : 'gpt-5'
    const missing = [`revoked/${kind} fail evidence-missing`]
    expect(await rowsAlone({ kind, value }, { sessions: [], range: { reason: 'not-collected' } })).toEqual(missing)
    const silent: Told = { sessions: [], edit: (it) => delete it.predicate.runDetails.byproducts }
    expect(await rowsAlone({ kind, value }, silent)).toEqual(missing)
    expect(await rowsAlone({ kind, value }, { sessions: [], range: {} })).toEqual([])
  })

  test('of a commit in a range that is not told, or not whole, is no pass', async () => {
    const missing = ['revoked/commit fail evidence-missing']
    const revocation = { kind: 'commit', value: commitOf('9') }
    expect(await rowsAlone(revocation)).toEqual(missing)
    expect(await rows(revocation, { total: 2 })).toEqual(missing)
    expect(await rowsAlone({ ...revocation, onlySource: true })).toEqual(['revoked/commit skipped'])
    expect(await rowsAlone({ ...revocation, value: built, onlySource: true })).toContain('revoked/commit fail revoked')
  })

  test('of the models of a session is no pass, unless the policy lets unknown ones pass', async () => {
    const sessions = [{ ...claude, models: [] }]
    const revocation = { kind: 'model', value: 'gpt-5' }
    expect(await rows(revocation, { sessions })).toEqual(['revoked/model fail evidence-missing'])
    expect(await rows(revocation, { sessions }, { ai: { models: { unknown: 'allow' } } })).toContain(
      'revoked/model skipped',
    )
  })

  test.each(
    part(
      [
        ['no times', { ...claude, startedAt: undefined, endedAt: undefined }, ['revoked/session fail revoked']],
        ['times that are none', { ...claude, startedAt: 'in spring' }, ['revoked/session fail revoked']],
        [
          'an end before its beginning',
          { ...claude, startedAt: '2026-03-09T00:00:00Z' },
          ['revoked/session fail revoked'],
        ],
        ['an end alone', { ...claude, startedAt: undefined }, ['revoked/session fail revoked']],
        ['a beginning alone', { ...claude, endedAt: undefined }, []],
      ],
      2,
    ),
  )('of a session with %s is the careful way', async (_, session, expected) => {
    const written = Object.fromEntries(
      Object.entries(session).filter(([, it]) => it !== undefined),
    ) as unknown as Session
    const until = '2026-02-01T00:00:00Z'
    expect(await rows({ kind: 'session', value: 'claude-code/abc', until }, { sessions: [written] })).toEqual(expected)
  })
})

describe('wherever it stands', () => {
  test('a commit counts as a change of the range, and as what a session wrote', async () => {
    expect(await rows({ kind: 'commit', value: commitOf('7') }, { others: [{ commit: commitOf('7') }] })).toEqual(
      ofKind('commit'),
    )
    const sessions = [{ ...claude, commits: [commitOf('8')] }]
    expect(await rows({ kind: 'commit', value: commitOf('8') }, { sessions })).toEqual(ofKind('commit'))
  })

  test('a digest counts as an input of the build', async () => {
    const input = { uri: 'pkg:oci/builder', digest: { sha256: 'b'.repeat(64) } }
    const edit: Told['edit'] = (it) => it.predicate.buildDefinition.resolvedDependencies!.push(input)
    expect(await rows({ kind: 'digest', value: `sha256:${'b'.repeat(64)}` }, { edit })).toEqual(ofKind('digest'))
  })

  test('a signer without a ref, or in other letters, is revoked at every ref', async () => {
    expect(await rows({ kind: 'signer', value: signer })).toEqual(ofKind('signer'))
    expect(await rows({ kind: 'signer', value: signer.replace('acme', 'Acme') })).toEqual(ofKind('signer'))
    expect(await rows({ kind: 'signer', value: 'https://github.com/acme/**' })).toEqual(ofKind('signer'))
  })

  test('a run is revoked with all its attempts', async () => {
    expect(await rows({ kind: 'run', value: run.replace('/attempts/1', '') })).toEqual(ofKind('run'))
    expect(await rows({ kind: 'run', value: run.replace('/attempts/1', '/attempts/2') })).toEqual([])
  })

  test('a session counts where only a change names it', async () => {
    const first = { sessions: [{ uri: 'urn:ai-session:cursor:xyz', role: 'fix' }] }
    expect(await rows({ kind: 'session', value: 'cursor/*' }, { first })).toEqual(ofKind('session'))
  })

  test.each<[string, string, Partial<Session>, boolean]>(
    part(
      [
        ['an id without a tool, of every tool', 'abc', {}, true],
        ['the beginning of an id without a tool', 'ab*', {}, true],
        ['another id without a tool', 'abcd', {}, false],
        ['the id under the name of another tool', 'claude-code/abc', { tool: 'cursor' }, true],
        ['the id where nobody knows the tool', 'claude-code/abc', { tool: 'unknown' }, true],
        ['the id in capitals under another name', 'claude-code/abc', { tool: 'cursor', id: 'ABC' }, true],
        ['an id with a slash', 'a/bc', { id: 'a/bc' }, true],
        ['an agent under the name of another tool', 'codex/w-1', { tool: 'cursor', parent: 'w-1' }, true],
        ['most of an id under another name', 'claude-code/0123abcd*', { tool: 'cursor', id: '0123abcdef' }, true],
        ['a letter of an id under another name', 'claude-code/a*', { tool: 'cursor' }, false],
        ['every session of a tool, and one of another tool', 'claude-code/*', { tool: 'cursor' }, false],
        ['every session of a tool, and one of nobody knows which', 'claude-code/*', { tool: 'unknown' }, true],
      ],
      4,
    ),
  )('a session: %s', async (_, value, more, isRevoked) => {
    const sessions = [{ ...claude, ...more }]
    expect(await rows({ kind: 'session', value }, { sessions })).toEqual(isRevoked ? ofKind('session') : [])
  })

  test('a model counts as what a session was said to use, and as that of an agent it started', async () => {
    const said = [{ ...claude, modelsSaid: ['anthropic.claude-x'] }]
    expect(await rows({ kind: 'model', value: 'anthropic.*' }, { sessions: said })).toEqual(ofKind('model'))
  })

  test('one of two is refused, and each is told', async () => {
    const both = [
      { kind: 'session', value: 'claude-code/abc' },
      { kind: 'model', value: 'gpt-*' },
      { kind: 'digest', value: `sha256:${artifactDigest}` },
    ]
    expect(await rows(both)).toEqual(['revoked/digest fail revoked', 'revoked/session fail revoked'])
  })
})

describe('statements beside the provenance', () => {
  const scan = { repository: 'acme/scans', workflow: 'scan.yml' }
  const scanType = 'https://acme.example/scan/v1'
  const asked = (): object => ({
    companions: [
      {
        name: 'scan',
        predicateType: scanType,
        signers: [{ repo: 'acme/scans', workflow: 'scan.yml', issuer: release().sigstore.issuer }],
      },
    ],
  })

  async function judged(revoked: readonly object[] | undefined): Promise<Verdict> {
    const statement = { ...release().statement(scan), predicateType: scanType, predicate: { found: 0 } }
    const bundles = [await release().genuine(releaseJob), await release().sign(statement, scan)]
    const sections = { provenance: asked(), ...(revoked === undefined ? {} : { revoked: revoked.map(because) }) }
    return judgeBy(release(), bundles, policyText(release(), sections))
  }

  test('count no more by a signer, or of a run, that is revoked', async () => {
    expect(refusalsIn(await judged(undefined))).toEqual([])
    const missing = ['provenance/companions fail companion-missing']
    expect(refusalsIn(await judged([{ kind: 'signer', value: 'https://github.com/acme/scans/**' }]))).toEqual(missing)
    const other = run.replace('acme/widget', 'acme/scans')
    expect(refusalsIn(await judged([{ kind: 'run', value: other }]))).toEqual(missing)
  })

  test('count no more where another layer revoked them', async () => {
    const profiles = { scanned: { provenance: asked() } }
    const statement = { ...release().statement(scan), predicateType: scanType, predicate: { found: 0 } }
    const bundles = [await release().genuine(releaseJob), await release().sign(statement, scan)]
    const revoked = [because({ kind: 'signer', value: 'https://github.com/acme/scans/**' })]
    const verdict = await judgeBy(release(), bundles, policyText(release(), { revoked }, { profiles }), {
      profile: 'scanned',
    })
    expect(refusalsIn(verdict)).toEqual(['provenance/companions fail companion-missing'])
  })

  test('rebuild nothing by a signer that is revoked', async () => {
    const job = { repository: 'other/rebuilds', workflow: 'rebuild.yml' }
    const signers = [{ repo: 'other/rebuilds', workflow: 'rebuild.yml', issuer: release().sigstore.issuer }]
    const bundles = [await release().genuine(releaseJob), await release().sign(rebuildStatement(release(), job), job)]
    const sections = { provenance: { rebuilders: { atLeast: 1, signers } } }
    const at = async (revoked: object): Promise<string[]> =>
      refusalsIn(await judgeBy(release(), bundles, policyText(release(), { ...sections, ...revoked })))
    expect(await at({})).toEqual([])
    expect(await at({ revoked: [because({ kind: 'signer', value: 'https://github.com/other/**' })] })).toEqual([
      'provenance/rebuilders fail evidence-missing',
    ])
  })

  test('prove no source by a signer that is revoked', async () => {
    const guard = { uri: 'https://guard.example/bot', issuer: 'https://issuer.example', root: 'own' }
    const source = [
      {
        predicateType: 'https://guard.example/v1',
        payload: { sha256: 'a'.repeat(64) },
        signer: guard,
        time: '2026-03-01T00:00:00Z',
      },
    ]
    const sourceChain = { signers: [{ signer: guard.uri, issuer: guard.issuer }] }
    const bundles = await toldRelease(release(), { first: { source } })
    const at = async (...revoked: object[]): Promise<string[]> => {
      const sections = {
        provenance: { sourceChain },
        ...(revoked.length === 0 ? {} : { revoked: revoked.map(because) }),
      }
      return refusalsIn(await judgeBy(release(), bundles, policyText(release(), sections)))
    }
    expect(await at()).toEqual([])
    const revoked = { kind: 'signer', value: guard.uri }
    expect(await at(revoked)).toEqual(['provenance/source-chain fail source-unproved'])
    expect(await at({ ...revoked, from: '2026-03-02T00:00:00Z' })).toEqual([])
  })
})
