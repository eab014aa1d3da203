/** What is told of a change in what we sign, and what of it never is. */
import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/model/change.ts'
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
  const ann = { name: 'Ann', address: 'ann@acme.example' }
  const change: Change = {
    ...{ commit, tree: 'c'.repeat(40), parents: [], author: ann, committer: ann, request: undefined, parts: [] },
    ...{ lines: undefined, files: [], source },
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
  return predicate.changes[0]?.source
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
