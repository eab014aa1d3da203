/** Who reviewed an open request, as its forge says: persons, after the last change by AI, and nobody else. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { GateReport } from '../../src/model/gate-report.ts'
import { forgeServer, forgeToken } from '../world/forge-server.ts'
import { changeUnderReview, codesOf, disclosed, gateIn } from './fixture.ts'

const user = (login: string, id: number, type = 'User'): object => ({ login, id, type })

interface Reviewed {
  readonly login: string
  readonly id: number
  readonly type?: string
  /** Default: the head. */
  readonly saw?: 'first'
  /** Message of the last commit; default: one that names AI. */
  readonly last?: string
  /** The request is merged as it is, and the range is asked about as a release has it; `unlisted`: the forge does not list its commits. */
  readonly merged?: 'listed' | 'unlisted'
}

/** Two changes by an agent, the first of them to a path that the policy names; `said`: another head than the clone has. */
async function reviewed({ login, id, type, saw, last, merged }: Reviewed, said?: string): Promise<GateReport> {
  const change = changeUnderReview()
  const first = change.commit(disclosed, { 'src/auth/login.js': 'x\n' })
  const head = change.commit(last ?? disclosed.replace('Parse', 'Later'), { 'src/auth/login.js': 'y\n' })
  change.git(['checkout', '--quiet', 'main'])
  change.git(['merge', '--quiet', '--no-ff', '-m', 'Merge pull request #12 from acme/change', head])
  const merge = change.git(['rev-parse', 'HEAD'])
  if (merged === undefined) change.git(['reset', '--quiet', '--hard', head])
  const repo = '/repos/acme/widget'
  const { api } = await forgeServer('/api/v3', {
    [`${repo}/pulls/12`]: {
      ...{
        number: 12,
        title: 'x',
        body: '',
        commits: 2,
        merge_commit_sha: merged === undefined ? null : merge,
        user: user('bob', 2),
        merged_by: null,
      },
      ...{ merged_at: null, labels: [], base: { ref: 'main', repo: { full_name: 'acme/widget' } } },
      head: { ref: 'change', sha: said ?? head },
    },
    [`${repo}/pulls/12/commits`]: (merged === 'unlisted' ? [] : [first, head]).map((sha) => ({
      sha,
      author: user('bob', 2),
      committer: user('bob', 2),
    })),
    [`${repo}/pulls/12/reviews`]: [
      {
        ...{ id: 1, user: user(login, id, type), state: 'APPROVED', submitted_at: '2026-01-01T10:00:00Z' },
        ...{ commit_id: saw === 'first' ? first : head, author_association: 'MEMBER' },
      },
    ],
  })
  change.git(['remote', 'add', 'origin', api.replace('/api/v3', '/acme/widget')])
  const event = { pull_request: { number: 12, base: { sha: change.base, ref: 'main' }, head: { sha: head } } }
  writeFileSync(join(change.folder, '.git/event.json'), JSON.stringify(event))
  writeFileSync(join(change.folder, '.git/token'), forgeToken)
  const request = { forgeTokenFile: '.git/token', forgeApi: api }
  if (merged !== undefined) return gateIn(change, { ...request, base: change.base, head: merge })
  const env = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: '.git/event.json' }
  return gateIn(change, request, { env })
}

it('a person who saw the last change by AI lets it pass', async () => {
  const report = await reviewed({ login: 'eve', id: 5 })
  expect([codesOf(report), report.outcome]).toEqual([[], 'pass'])
})

it.each([
  ['its author', { login: 'bob', id: 2 }],
  ['an agent', { login: 'devin-ai-integration[bot]', id: 158243242, type: 'Bot' }],
  ['a person who saw the change before', { login: 'eve', id: 5, saw: 'first' }],
] as const)('%s does not', async (_, who) => {
  expect(codesOf(await reviewed(who))).toEqual(['ai/human-review review-missing'])
})

it('nor what is said of another head', async () => {
  const report = await reviewed({ login: 'eve', id: 5 }, 'f'.repeat(40))
  expect(codesOf(report)).toEqual(['ai/human-review evidence-missing'])
})

it('a person who saw the last change by AI, below a change by hand', async () => {
  expect(codesOf(await reviewed({ login: 'eve', id: 5, saw: 'first', last: 'By hand\n' }))).toEqual([])
})

it('a release says the same of commits that a plain merge brought in, where the forge lists them', async () => {
  expect(codesOf(await reviewed({ login: 'eve', id: 5, merged: 'listed' }))).toEqual([])
  const early = await reviewed({ login: 'eve', id: 5, saw: 'first', merged: 'listed' })
  expect(codesOf(early)).toEqual(['ai/human-review review-missing'])
  const unlisted = await reviewed({ login: 'eve', id: 5, merged: 'unlisted' })
  expect(codesOf(unlisted)).toEqual(['ai/human-review evidence-missing'])
})
