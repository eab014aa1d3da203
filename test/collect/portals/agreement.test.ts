/** What a portal says, held against the commits that name its session. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { heldAgainst } from '../../../src/collect/portals/agreement.ts'
import { toldFacts } from '../../../src/collect/portals/told-facts.ts'
import type { ClaimingCommit } from '../../../src/model/claiming-commit.ts'
import type { PortalFacts } from '../../../src/model/portal.ts'

const seconds = (time: string): number => Date.parse(time) / 1_000
const own = 'https://github.com/acme/widget'

const commit = (more: Partial<ClaimingCommit> = {}): ClaimingCommit => ({
  ...{ commit: 'a'.repeat(40), change: 'a'.repeat(40), author: 'ann@example.com', committer: 'merger@example.com' },
  ...{ authored: seconds('2026-01-10T10:30:00Z'), committed: seconds('2026-01-12T10:30:00Z') },
  ...more,
})

const facts = (more: Partial<PortalFacts> = {}): PortalFacts => ({
  ...{ user: { kind: 'address', address: 'Ann@Example.com' }, repositories: [own] },
  ...{ startedAt: Date.parse('2026-01-10T10:00:00Z'), endedAt: Date.parse('2026-01-10T11:00:00Z') },
  ...{ commits: undefined, summary: undefined },
  ...more,
})

/** The links that agree, and the codes of those that do not. */
function judged(more: Partial<PortalFacts>, commits: readonly ClaimingCommit[] = [commit()], repository?: string) {
  const { agreement, missing } = heldAgainst(facts(more), repository ?? own, commits)
  const links = Object.entries(agreement).flatMap(([link, agrees]) => (agrees === true ? [link] : []))
  return [links.join(' '), ...missing.map(({ code }) => code)]
}

const all = 'user repository time commits'

describe('a portal agrees', () => {
  test('in user, repository and time', () => {
    expect(judged({})).toEqual([all])
    expect(judged({}, [commit({ author: 'bob@example.com', committer: 'ANN@example.com ' })])).toEqual([all])
    expect(judged({ endedAt: Date.parse('2026-01-10T10:00:00Z') })).toEqual([all])
  })

  test.each([
    'https://github.com/acme/widget.git',
    'git+https://github.com/acme/widget',
    'https://github.com/Acme/Widget',
  ])('in a repository that is called %s', (repository) => {
    expect(judged({ repositories: ['https://github.com/acme/other', repository] })).toEqual([all])
  })

  test.each([
    [],
    [''],
    ['https://github.com/acme/widget2'],
    ['https://github.com/acme/widget/'],
    ['https://github.com/acme/widget@refs/heads/main'],
    ['https://github.com/acme/widget#x'],
    ['https://evil.example/https://github.com/acme/widget'],
    ['https://github.com/acme/widget\n'],
    ['github.com/acme/widget'],
    ['https://github.com:443/acme/widget'],
  ])('in no repository that is called %j', (...repositories) => {
    expect(judged({ repositories })).toEqual(['user time commits', 'portal-other-repository'])
  })

  test('in no repository where nobody knows which it is, or at a host that tells upper from lower case', () => {
    expect(judged({}, [commit()], 'nonsense')).toEqual(['user time commits', 'portal-other-repository'])
    const upper = ['https://git.example/Acme/widget']
    expect(judged({ repositories: upper }, [commit()], 'https://git.example/acme/widget')[1]).toBeDefined()
    expect(judged({ repositories: upper }, [commit()], 'https://git.example/Acme/widget')).toEqual([all])
  })

  test.each<[PortalFacts['user']]>([
    [{ kind: 'address', address: 'bob@example.com' }],
    [{ kind: 'address', address: '' }],
    [{ kind: 'several' }],
    [{ kind: 'account', login: 'ann', domain: 'users.noreply.github.com' }],
  ])('with nobody else: %j', (user) => {
    expect(judged({ user })).toEqual(['repository time commits', 'portal-other-user'])
    expect(judged({ user }, [commit({ author: '', committer: '' })])[1]).toBe('portal-other-user')
  })

  test.each([
    ['ann@users.noreply.github.com', true],
    ['123+Ann@users.noreply.github.com', true],
    ['x+ann@users.noreply.github.com', false],
    ['1+2+ann@users.noreply.github.com', false],
    ['joann@users.noreply.github.com', false],
    ['123+joann@users.noreply.github.com', false],
    ['ann@users.noreply.github.com.evil.example', false],
  ])('with an account by its address %s: %s', (author, isTheirs) => {
    const user = { kind: 'account', login: 'ann', domain: 'users.noreply.github.com' } as const
    expect(judged({ user }, [commit({ author })])).toEqual(
      isTheirs ? [all] : ['repository time commits', 'portal-other-user'],
    )
  })

  test.each([
    ['before it began', { authored: seconds('2026-01-10T09:54:00Z') }],
    ['committed before it began', { committed: seconds('2026-01-10T09:54:00Z') }],
    ['long after it was over', { authored: seconds('2026-01-11T11:01:00Z') }],
  ])('with no commit that was made %s', (_, more) => {
    expect(judged({}, [commit(more)])).toEqual(['user repository commits', 'portal-other-time'])
  })

  test('with every commit or with none', () => {
    const other = commit({ commit: 'b'.repeat(40), change: 'b'.repeat(40), author: 'bob@example.com' })
    const { missing } = heldAgainst(facts(), own, [commit(), other])
    expect(missing).toEqual([{ code: 'portal-other-user', commit: 'b'.repeat(40) }])
  })

  test('with the commits that it names alone', () => {
    expect(judged({ commits: ['a'.repeat(40)] })).toEqual([all])
    expect(judged({ commits: ['b'.repeat(40)] })).toEqual(['user repository time', 'portal-other-commits'])
  })

  test('in nothing that it does not say, and contradicts nothing by that', () => {
    const silent = { user: undefined, repositories: undefined, startedAt: undefined }
    expect(judged(silent)).toEqual(['commits'])
    expect(judged({ user: { kind: 'opaque' } })).toEqual(['repository time commits'])
  })

  test('with no commits in nothing', () => {
    expect(judged({}, [])).toEqual(['commits'])
  })
})

describe('entries of an answer', () => {
  const asked = { tool: 'codex', id: 's', from: 0, to: 0 }
  const entry = fc.record({
    id: fc.constantFrom<unknown>('s', 's', 's', 'S', 's ', null, 1, ['s'], { s: 1 }),
    tool: fc.constantFrom(undefined, 'codex', 'claude-code'),
    user: fc.constant(undefined),
    repositories: fc.constantFrom(undefined, [], ['https://github.com/acme/widget']),
    startedAt: fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined }),
    endedAt: fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined }),
  })

  test('are facts only where each is about the session that was asked about', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), (said) => {
        const facts = toldFacts(said as Parameters<typeof toldFacts>[0], asked, 10)
        const isOfIt = said.length > 0 && said.every(({ id, tool }) => id === 's' && tool !== 'claude-code')
        if (typeof facts !== 'string') {
          expect(isOfIt).toBe(true)
          expect((facts.startedAt ?? 0) <= (facts.endedAt ?? 10)).toBe(true)
        } else if (isOfIt) expect(facts).toBe('portal-untimely')
      }),
    )
  })
})
