/** One loopback server for the whole story: the bare repository over HTTP, its forge's API, a tracker, and a portal. */
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll } from 'vitest'
import { answerAs } from '../world/forge-server.ts'
import type { Answers } from '../world/forge-server.ts'
import { gitServer } from '../world/git-server.ts'
import { session } from '../world/portal.ts'
import { sessionsOfStory, times } from './repository.ts'
import type { Story, StoryRequest } from './repository.ts'

/** A link of the chain that only a server could tell. */
export type ServedLink =
  | 'review'
  | 'human-review'
  | 'late-approval'
  | 'check'
  | 'deployment'
  | 'merger'
  | 'parent'
  | 'portal-user'
  | 'receipt-time'

export interface StoryServer {
  readonly origin: string
  /** What it tells from now on. */
  tell(story: Story, without?: ServedLink): void
  /** Paths, each with the token that came with it. */
  readonly asked: (readonly [path: string, authorization: string | undefined])[]
}

export function useStoryServer(): StoryServer {
  let answer: RequestListener = (_, response) => response.writeHead(503).end()
  const asked: StoryServer['asked'] = []
  const server = createServer((request, response) => {
    asked.push([(request.url ?? '').split('?')[0] ?? '', request.headers.authorization])
    answer(request, response)
  })
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    get origin() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    asked,
    tell(story, without) {
      const git = gitServer(story.forge)
      const answers = {
        ...forgeAnswers(story, without),
        ...trackerAnswers(without),
        ...portalAnswers(without),
      }
      answer = (request, response) => {
        const url = request.url ?? ''
        if (!url.startsWith('/acme/widget')) answerAs('', answers, request, response)
        else git(Object.assign(request, { url: url.replace('/acme', '') }), response)
      }
    },
  }
}

/** Jira, REST API 3. */
function trackerAnswers(without: ServedLink | undefined): Answers {
  const parent = { key: 'PROJ-1', fields: { issuetype: { name: 'Epic' } } }
  const answer = (key: string): object => ({ key, fields: without === 'parent' ? {} : { parent } })
  return Object.fromEntries(['PROJ-7', 'PROJ-8'].map((key) => [`/rest/api/3/issue/${key}`, answer(key)]))
}

/** It knows the fix, and nobody else. */
function portalAnswers(without: ServedLink | undefined): Answers {
  const { fix } = sessionsOfStory
  const told = { startedAt: times.fix, endedAt: times.fixCommitted.replace(':20Z', ':30Z') }
  const email = without === 'portal-user' ? 'bob@example.org' : 'ann@example.org'
  return { [`/v1/sessions/claude-code/${fix}`]: { session: session(fix, { ...told, user: { email } }) } }
}

const base = '/api/v3/repos/acme/widget'
const accounts = { ann: 1, bob: 2, 'coderabbitai[bot]': 136622811 } as const
type Login = keyof typeof accounts
const user = (login: Login): object => ({ login, id: accounts[login], type: login.endsWith(']') ? 'Bot' : 'User' })

/** GitHub, REST API 2022-11-28. */
function forgeAnswers({ requests }: Story, without: ServedLink | undefined): Answers {
  const first = [review('bob', 'APPROVED', times.firstApproved, requests[12].head)]
  const { seen, head } = requests[13]
  const second = [
    review('bob', 'CHANGES_REQUESTED', times.changesRequested, seen),
    review('coderabbitai[bot]', 'APPROVED', times.agentReviewed, head),
    review('bob', 'APPROVED', times.secondApproved, without === 'late-approval' ? seen : head),
  ]
  const kept = (all: readonly ReturnType<typeof review>[]): unknown[] =>
    without === 'review'
      ? []
      : without === 'human-review'
        ? [review('coderabbitai[bot]', 'APPROVED', times.agentReviewed, head)]
        : [...all]
  const deployments = Object.values(requests).map(({ change }, at) => ({
    ...{ id: at + 1, sha: change, environment: 'staging', creator: user('ann') },
  }))
  return {
    ...requestAnswers(12, requests[12], times.firstMerged, kept(first), without),
    ...requestAnswers(13, requests[13], times.secondMerged, kept(second), without),
    [`${base}/deployments`]: (...[, response, query]: Parameters<Answering>) =>
      response.end(
        JSON.stringify(deployments.filter(({ sha }) => without !== 'deployment' && sha === query.get('sha'))),
      ),
    ...Object.fromEntries(
      deployments.map(({ id }) => [
        `${base}/deployments/${id}/statuses`,
        [{ state: 'success', created_at: times.deployed }],
      ]),
    ),
    [`${base}/branches/main`]: { name: 'main', protected: true },
    [`${base}/rules/branches/main`]: [{ type: 'pull_request', parameters: { required_approving_review_count: 1 } }],
    [`${base}/branches/main/protection`]: { required_status_checks: { contexts: ['unit tests'] } },
  }
}

type Answering = (...asked: [...Parameters<RequestListener>, query: URLSearchParams]) => unknown

function requestAnswers(
  number: 12 | 13,
  { change, head }: StoryRequest,
  merged: string,
  reviews: readonly unknown[],
  without: ServedLink | undefined,
): Answers {
  const run = {
    ...{ id: 7, name: 'unit tests', status: 'completed', conclusion: 'success', completed_at: times.checked },
    app: { slug: 'github-actions' },
  }
  return {
    [`${base}/pulls/${number}`]: {
      ...{ number, title: 'Widgets', body: 'See the ticket.', commits: 1, merge_commit_sha: change, merged_at: merged },
      ...{ user: user('ann'), merged_by: without === 'merger' ? null : user('bob'), labels: [{ name: 'widgets' }] },
      base: { ref: 'main', repo: { full_name: 'acme/widget' } },
      head: { ref: 'widgets', sha: head },
    },
    [`${base}/pulls/${number}/commits`]: [{ sha: head, author: user('ann'), committer: user('ann') }],
    [`${base}/pulls/${number}/reviews`]: reviews,
    ...Object.fromEntries(
      [change, head].flatMap((commit): [string, unknown][] => [
        [
          `${base}/commits/${commit}/check-runs`,
          { check_runs: without === 'check' ? [] : [{ ...run, head_sha: commit }] },
        ],
        [`${base}/commits/${commit}/status`, { sha: commit, statuses: [] }],
      ]),
    ),
  }
}

function review(login: Login, state: string, at: string, commit: string): object {
  const isPerson = !login.endsWith(']')
  return {
    ...{ id: 1, user: user(login), state, submitted_at: at, commit_id: commit },
    author_association: isPerson ? 'MEMBER' : 'NONE',
  }
}
