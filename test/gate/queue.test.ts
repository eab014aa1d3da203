/** A merge queue's own merges of open requests: who reviewed those is asked, though no request is named and nothing of them is merged. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { GateReport } from '../../src/model/gate-report.ts'
import { forgeServer, forgeToken } from '../world/forge-server.ts'
import { changeUnderReview, codesOf, disclosed, gateIn } from './fixture.ts'
import type { Change } from './fixture.ts'

const user = (login: string, id: number): object => ({ login, id, type: 'User' })
const merging = (number: number): string => `Merge pull request #${number} from acme/change`

interface Queued {
  /** What the queue makes of request 12, whose head this is; on main. Default: a merge. */
  readonly queue?: (change: Change, head: string) => void
  /** Where the forge says that request 12 goes to. */
  readonly target?: string
  /** The event of the job; default: that of a queue. */
  readonly event?: 'push'
  /** Of request 12, as the forge has it; default: the head that was merged. */
  readonly head?: string
  readonly approved?: false
}

const repo = '/repos/acme/widget'

/** Request 12 has a change by an agent under a path that needs a review, which eve approved; request 13 nobody looked at. */
async function queued({ queue, target = 'main', event, head: said, approved }: Queued = {}): Promise<GateReport> {
  const change = changeUnderReview()
  const head = change.commit(disclosed, { 'src/auth/login.js': 'x\n' })
  change.git(['update-ref', 'refs/pull/12/head', head])
  change.git(['checkout', '--quiet', 'main'])
  if (queue === undefined) change.git(['merge', '--quiet', '--no-ff', '-m', merging(12), head])
  else queue(change, head)
  const tip = change.git(['rev-parse', 'HEAD'])
  const last = said ?? head
  const { api } = await forgeServer('/api/v3', {
    ...answers({ number: 12, head: last, commits: [last], target, reviewer: approved === false ? undefined : 'eve' }),
    ...answers({
      number: 13,
      head: change.git(['rev-parse', queue === evil ? 'HEAD^2' : 'HEAD']),
      commits: [],
      target: 'main',
      reviewer: undefined,
    }),
  })
  change.git(['remote', 'add', 'origin', api.replace('/api/v3', '/acme/widget')])
  const group = { merge_group: { base_sha: change.base, head_sha: tip, base_ref: 'refs/heads/main' } }
  const push = { ref: 'refs/heads/other', before: change.base, after: tip, repository: { default_branch: 'main' } }
  writeFileSync(join(change.folder, '.git/event.json'), JSON.stringify(event === 'push' ? push : group))
  writeFileSync(join(change.folder, '.git/token'), forgeToken)
  if (event === 'push') change.git(['update-ref', 'refs/remotes/origin/main', change.base])
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: event ?? 'merge_group',
    GITHUB_EVENT_PATH: '.git/event.json',
  }
  return gateIn(change, { forgeTokenFile: '.git/token', forgeApi: api }, { env })
}

interface Answered {
  readonly number: number
  readonly head: string
  readonly commits: readonly string[]
  readonly target: string
  readonly reviewer: string | undefined
}

function answers({ number, head, commits, target, reviewer }: Answered): { readonly [path: string]: unknown } {
  return {
    [`${repo}/pulls/${number}`]: {
      ...{ number, title: 'x', body: '', commits: 1, merge_commit_sha: 'e'.repeat(40), user: user('bob', 2) },
      ...{ merged_by: null, merged_at: null, labels: [], head: { ref: 'change', sha: head } },
      base: { ref: target, repo: { full_name: 'acme/widget' } },
    },
    [`${repo}/pulls/${number}/commits`]: commits.map((sha) => ({
      sha,
      author: user('bob', 2),
      committer: user('bob', 2),
    })),
    [`${repo}/pulls/${number}/reviews`]:
      reviewer === undefined
        ? []
        : [
            {
              ...{ id: 1, user: user(reviewer, 5), state: 'APPROVED', submitted_at: '2026-01-01T10:00:00Z' },
              ...{ commit_id: head, author_association: 'MEMBER' },
            },
          ],
  }
}

function squashed(change: Change, head: string): void {
  change.git(['merge', '--quiet', '--squash', head])
  change.git(['commit', '--quiet', '-m', disclosed.replace('Add it', 'Add it (#12)')])
}

/** Request 13 brings in what says that it is the merge of request 12, and has something else in it. */
function evil(change: Change, head: string): void {
  change.git(['checkout', '--quiet', '-b', 'thirteen'])
  change.git(['merge', '--quiet', '--no-ff', '--no-commit', head])
  change.write('src/auth/door.js', 'open\n')
  change.git(['add', '--all'])
  change.git(['commit', '--quiet', '-m', `${merging(12)}\n\n${disclosed.split('\n').slice(2).join('\n')}`])
  change.git(['checkout', '--quiet', 'main'])
  change.git(['merge', '--quiet', '--no-ff', '-m', merging(13), 'thirteen'])
}

it.each([
  ['merges', {}],
  ['squashes', { queue: squashed }],
] as const)('a queue that %s: the review of the request counts', async (_, asked) => {
  expect(codesOf(await queued(asked))).toEqual([])
  expect(codesOf(await queued({ ...asked, approved: false }))).toEqual(['ai/human-review review-missing'])
})

it.each([
  ['of another head than was merged', { head: 'f'.repeat(40) }],
  ['of a request to another branch', { target: 'next' }],
  ['of a merge that a request brought in, and no queue made', { queue: evil }],
  ['of a merge that somebody pushed', { event: 'push' }],
] as const)('but no review %s', async (_, asked) => {
  expect(codesOf(await queued(asked))).toEqual(['ai/human-review evidence-missing'])
})

function rebased(change: Change): void {
  change.commit(disclosed, { 'src/auth/login.js': 'x\n' })
}

it.each([
  ['a queue that rebases', { queue: rebased }, 'what this queue made names no request'],
  ['a push of commits of no request', { queue: rebased, event: 'push' }, 'run the gate on the request'],
] as const)('%s is not told to get a token, which the job has', async (_, asked, step) => {
  const report = await queued(asked)
  expect(codesOf(report)).toEqual(['ai/human-review evidence-missing'])
  const [row] = report.policy.checks.filter((it) => it.outcome === 'fail')
  expect(row?.note).toContain(step)
  expect(JSON.stringify([row, report.notes])).not.toContain('token')
})
