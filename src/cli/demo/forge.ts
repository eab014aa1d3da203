/** A forge on loopback that tells of request 7 what GitHub would (REST API, version 2022-11-28). */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DemoRepository } from './repository.ts'

export interface DemoForge {
  /** Address of its API. */
  readonly api: string
  readonly close: () => Promise<void>
}

export async function startForge(repository: DemoRepository, now: () => Date): Promise<DemoForge> {
  const answers = answersAbout(repository, now)
  const server = createServer(({ url = '' }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    const answer = answers[pathname.replace('/api/v3/repos/acme/widget/', '')]
    if (answer === undefined) response.writeHead(404).end('{"message":"Not Found"}')
    else response.end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    api: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}

type Answers = { readonly [path: string]: unknown }

/** Ann asked for it and wrote it with an agent, a reviewing agent and Bob looked at it, Bob merged it. */
function answersAbout({ change, head }: DemoRepository, now: () => Date): Answers {
  const at = now().toISOString()
  const user = (login: string, id: number, type = 'User'): object => ({ login, id, type })
  const review = (by: object, more: object): object => ({ user: by, submitted_at: at, commit_id: head, ...more })
  const [ann, bob] = [user('ann', 1), user('bob', 2)]
  const checks = (commit: string): Answers => ({
    [`commits/${commit}/check-runs`]: {
      check_runs: [
        {
          ...{ id: 1, name: 'unit tests', head_sha: commit, status: 'completed', conclusion: 'success' },
          ...{ completed_at: at, app: { slug: 'github-actions' } },
        },
      ],
    },
    [`commits/${commit}/status`]: { sha: commit, statuses: [] },
  })
  return {
    'pulls/7': {
      ...{ number: 7, title: 'Parse widgets', body: '', commits: 1, merge_commit_sha: change, merged_at: at },
      ...{ user: ann, merged_by: bob, labels: [] },
      base: { ref: 'main', repo: { full_name: 'acme/widget' } },
      head: { ref: 'parse', sha: head },
    },
    'pulls/7/commits': [{ sha: head, author: ann, committer: ann }],
    'pulls/7/reviews': [
      review(user('coderabbitai[bot]', 136622811, 'Bot'), { state: 'COMMENTED', author_association: 'NONE' }),
      review(bob, { state: 'APPROVED', author_association: 'MEMBER' }),
    ],
    ...checks(change),
    ...checks(head),
    deployments: [],
    'branches/main': { name: 'main', protected: false },
    'rules/branches/main': [],
  }
}
