/** What is told of a change in what we sign, and what of it never is. */
import { describe, expect, it } from 'vitest'
import type { Change, ChangePart } from '../../src/model/change.ts'
import type { Account, ChangeContext } from '../../src/model/context.ts'
import { personHash } from '../../src/model/person.ts'
import type { IdentityKey } from '../../src/model/person.ts'
import type { SourceStatement } from '../../src/model/source-statement.ts'
import { buildChangeProvenance } from '../../src/predicates/build-change-provenance.ts'
import type { ChangeFacts, Detail } from '../../src/predicates/build-change-provenance.ts'
import { changeProvenance } from '../../src/predicates/change-provenance.ts'
import { rangeUpTo } from '../world/range.ts'
import { sourceStatement } from '../world/source-statement.ts'

const commit = 'b'.repeat(40)
const key: IdentityKey = { kind: 'organisation', bytes: Buffer.alloc(32, 1) }

function told(source: readonly SourceStatement[], detail: Detail = 'files'): unknown {
  return toldOf({ source }, detail)?.source
}

const part: ChangePart = {
  ...{ tool: 'claude-code', id: 'session_01', role: undefined, linkage: 'direct', lines: undefined },
}

function toldOf(
  more: Partial<Change>,
  detail: Detail = 'files',
): ReturnType<typeof buildChangeProvenance>['changes'][number] | undefined {
  const ann = { name: 'Ann', address: 'ann@acme.example' }
  const change: Change = {
    ...{ commit, tree: 'c'.repeat(40), parents: [], author: ann, committer: ann, request: undefined, parts: [] },
    ...{ lines: undefined, files: [], source: [] },
    ...more,
  }
  const facts: ChangeFacts = {
    sessions: {
      ...{ range: rangeUpTo(commit), commits: { total: 1, claimed: 0 }, sessions: [], lines: undefined },
      ...{ readers: [], findings: [], findingCounts: {} },
    },
    ...{ changes: [change], key, repository: undefined },
  }
  const predicate = buildChangeProvenance(facts, detail)
  changeProvenance.read(predicate)
  return predicate.changes[0]
}

describe('what was signed about a change', () => {
  it('is told with its signer as verified, and with the person as a keyed hash', () => {
    const [only] = told([sourceStatement()]) as object[]
    expect(only).toEqual({
      predicateType: 'https://github.com/slsa-framework/slsa-source-poc/source-provenance/v1-draft',
      payload: { sha256: 'd'.repeat(64) },
      signer: {
        uri: 'https://github.com/acme/guard/.github/workflows/source.yml@refs/heads/main',
        issuer: 'https://token.actions.githubusercontent.com',
        root: 'public-good',
      },
      time: '2026-11-01T10:00:05.000Z',
      repository: 'github.com/acme/widget',
      refs: ['refs/heads/main'],
      activity: 'pr_merge',
      actor: personHash('ann-of-acme', key),
      prevCommit: 'e'.repeat(40),
      controls: [{ name: 'CONTINUITY_ENFORCED', since: '2026-01-02T03:04:05.006Z' }],
    })
    expect(JSON.stringify(only)).not.toContain('ann-of')
  })

  it.each([
    ['an address', 'email', 'ann@acme.example'],
    ['a login', 'other', 'ann-of-acme!acme.example'],
  ] as const)('by a person who signs under %s names nobody', (_, kind, value) => {
    const { signer } = sourceStatement()
    const text = JSON.stringify(told([sourceStatement({ signer: { ...signer, name: { kind, value } } })]))
    expect(text).not.toContain('ann')
    expect(text).toContain(`"person":"${personHash(value, key)}"`)
  })

  it('holds no secret of an address, and nothing that steers a terminal', () => {
    const hostile = sourceStatement({
      repository: 'https://ann:secret@github.com/acme/widget',
      actor: 'ann\u001b]0;owned\u0007',
    })
    expect(JSON.stringify(told([hostile]))).not.toMatch(/secret|owned|\\u001b|ann:/)
  })

  it('is left out before the changes themselves are, and stands nowhere where nobody signed', () => {
    expect(told([sourceStatement()], 'source')).toHaveLength(1)
    expect(told([sourceStatement()], 'changes')).toBeUndefined()
    expect(told([])).toBeUndefined()
  })
})

describe('the context of a change', () => {
  const reading = { said: 'forge-api', sha256: 'f'.repeat(64) } as const
  const ann: Account = { host: 'github.com', login: 'Ann-of-Acme', agent: undefined }
  const context: ChangeContext = {
    request: {
      ...{ ...reading, name: '#7', author: { ...ann, login: 'copilot', agent: 'copilot' }, mergedBy: ann },
      ...{ mergedAt: '2026-11-20T12:30:00Z', target: 'main', labels: ['ai-assisted'], authors: [ann] },
      links: [{ tool: 'claude-code', id: 'session_01' }],
    },
    reviews: [
      {
        ...{ ...reading, by: { ...ann, login: 'ann-of-acme' }, role: undefined, verdict: 'approved', at: undefined },
        ...{ commit, order: 'after-last-ai' },
      },
    ],
    ...{ checks: [], tickets: undefined, deployments: undefined },
  }
  const change = (): Record<string, unknown> => toldOf({ context }) as Record<string, unknown>

  it('names accounts by keyed hashes, the same for one login in any case', () => {
    const account = personHash('acct:ann-of-acme@github.com', key)
    const request = change()['request'] as Record<string, unknown>
    expect(request['mergedBy']).toEqual({ account })
    expect((change()['reviews'] as { by: string }[])[0]?.by).toBe(account)
    expect(JSON.stringify(change())).not.toMatch(/ann-of/i)
  })
  it('says of each item who said it and what was read, and nothing of what nobody looked at', () => {
    expect(change()).toMatchObject({
      request: {
        said: 'forge-api',
        read: { sha256: 'f'.repeat(64) },
        links: ['urn:ai-session:claude-code:session_01'],
      },
      reviews: [{ said: 'forge-api', read: { sha256: 'f'.repeat(64) }, order: 'after-last-ai' }],
      checks: [],
    })
    expect(Object.keys(change())).not.toContain('tickets')
  })
  it.each(['changes', 'ai-changes'] as const)('is left out where only the %s fit', (detail) => {
    expect(toldOf({ context, parts: [part] }, detail)).not.toHaveProperty('request')
    expect(toldOf({ context }, 'context')).toHaveProperty('request')
  })
})
