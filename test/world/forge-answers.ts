/** Answers of forges about one merged request, each in the words of its API. People, projects and ids are invented. */
import type { Answers } from './forge-server.ts'

export interface Told {
  /** The commit that the request became, and that it ended with. */
  readonly change: string
  readonly head: string
  /** What a reviewer looked at; default: the head. */
  readonly seen?: string
}

/** What somebody types who wants it to be kept. */
export const planted = 'AKIAQ3EGRV7ZC5LYNTUX'
export const secretTitle = `Letters ${planted}`
export const linkedId = 'session_01InventedInvented'
export const secretText = `Why: ${planted}\nhttps://claude.ai/code/${linkedId}\nann@acme.example said so`

const repo = '/repos/acme/widget'

const user = (login: string, id: number, type = 'User'): object => ({ login, id, type, site_admin: false })

/** GitHub, REST API 2022-11-28. */
export function githubAnswers({ change, head, seen = head }: Told): Answers {
  const status = { context: 'ci/lint', state: 'failure', updated_at: '2026-01-02T03:00:00Z', description: secretTitle }
  const run = {
    ...{ id: 7, name: 'unit tests', status: 'completed', conclusion: 'success', completed_at: '2026-01-02T02:00:00Z' },
    app: { slug: 'github-actions', name: 'GitHub Actions' },
  }
  return {
    [`${repo}/commits/${change}/pulls`]: [
      { number: 12, merged_at: '2026-01-02T03:04:05Z', merge_commit_sha: change, head: { sha: head } },
    ],
    [`${repo}/pulls/12`]: {
      ...{ number: 12, title: secretTitle, body: secretText, commits: 2, merge_commit_sha: change },
      user: user('devin-ai-integration[bot]', 158243242, 'Bot'),
      merged_by: user('ann', 1),
      merged_at: '2026-01-02T03:04:05Z',
      labels: [{ name: 'ai-assisted' }, { name: planted }],
      base: { ref: 'main', repo: { full_name: 'Acme/Widget' } },
      head: { ref: 'devin/1700000000-letters', sha: head },
    },
    [`${repo}/pulls/12/commits`]: [
      { sha: head, author: user('devin-ai-integration[bot]', 158243242, 'Bot'), committer: user('web-flow', 19864447) },
      { sha: seen, author: user('bob', 2), committer: user('bob', 2) },
    ],
    [`${repo}/pulls/12/reviews`]: [
      { ...review('bob', 'CHANGES_REQUESTED', '2026-01-01T10:00:00Z'), commit_id: seen },
      { ...review('bob', 'APPROVED', '2026-01-01T12:00:00Z'), commit_id: seen },
      { ...review('devin-ai-integration[bot]', 'APPROVED', '2026-01-01T13:00:00Z'), commit_id: seen },
      { id: 4, user: null, state: 'DISMISSED', submitted_at: null, commit_id: seen, author_association: 'NONE' },
      { id: 5, user: user('eve', 5), state: 'PENDING', commit_id: seen },
    ],
    ...Object.fromEntries(
      [...new Set([change, head])].flatMap((commit): [string, unknown][] => [
        [
          `${repo}/commits/${commit}/check-runs`,
          {
            total_count: 2,
            check_runs: [
              { ...run, head_sha: commit },
              { ...run, id: 6, head_sha: commit, conclusion: 'failure' },
            ],
          },
        ],
        [`${repo}/commits/${commit}/status`, { sha: commit, state: 'failure', total_count: 1, statuses: [status] }],
        [`${repo}/deployments`, [{ id: 9, sha: change, environment: 'production', creator: user('ann', 1) }]],
      ]),
    ),
    [`${repo}/deployments/9/statuses`]: [
      { state: 'success', created_at: '2026-01-03T00:00:00Z', description: planted },
    ],
    [`${repo}/branches/main`]: { name: 'main', protected: true, commit: { sha: change } },
    [`${repo}/rules/branches/main`]: [
      { type: 'non_fast_forward', ruleset_id: 1 },
      {
        type: 'pull_request',
        parameters: {
          required_approving_review_count: 2,
          dismiss_stale_reviews_on_push: true,
          require_code_owner_review: false,
        },
      },
    ],
    [`${repo}/branches/main/protection`]: {
      required_status_checks: { strict: true, contexts: ['unit tests'] },
      enforce_admins: { enabled: true },
      required_pull_request_reviews: {
        required_approving_review_count: 1,
        dismiss_stale_reviews: false,
        require_code_owner_reviews: true,
      },
      allow_force_pushes: { enabled: false },
    },
  }

  function review(login: string, state: string, submitted: string): object {
    const isBot = login.endsWith('[bot]')
    return {
      ...{ id: 1, user: user(login, isBot ? 158243242 : 2, isBot ? 'Bot' : 'User'), state, submitted_at: submitted },
      ...{ author_association: isBot ? 'NONE' : 'MEMBER', body: secretText },
    }
  }
}

/** GitLab, REST API 4, of the project `group/sub/widget`. */
export function gitlabAnswers({ change, head }: Told): Answers {
  const project = '/projects/group%2Fsub%2Fwidget'
  const ann = { id: 1, username: 'ann', name: 'Ann', state: 'active' }
  return {
    [project]: { id: 3, path_with_namespace: 'group/sub/widget', only_allow_merge_if_pipeline_succeeds: true },
    [`${project}/merge_requests/12`]: {
      ...{
        iid: 12,
        title: secretTitle,
        description: secretText,
        state: 'merged',
        sha: head,
        squash_commit_sha: change,
      },
      ...{ merge_commit_sha: null, target_branch: 'main', source_branch: 'letters', labels: ['ai-assisted'] },
      ...{ merged_at: '2026-01-02T03:04:05.123Z', references: { full: 'group/sub/widget!12' } },
      author: { id: 2, username: 'project_3_bot_0123456789abcdef' },
      merge_user: ann,
    },
    [`${project}/merge_requests/12/approvals`]: {
      approved_by: [{ user: ann, approved_at: '2026-01-01T12:00:00.000Z' }],
    },
    [`${project}/merge_requests/12/reviewers`]: [
      { user: ann, state: 'approved' },
      { user: { id: 4, username: 'bob' }, state: 'requested_changes' },
      { user: { id: 5, username: 'eve' }, state: 'unreviewed' },
    ],
    ...Object.fromEntries(
      [change, head].map((commit) => [
        `${project}/repository/commits/${commit}/statuses`,
        [
          { id: 1, sha: commit, name: 'test', status: 'success', finished_at: '2026-01-02T02:00:00.000Z' },
          { id: 2, sha: commit, name: 'deploy', status: 'manual', finished_at: null },
        ],
      ]),
    ),
    [`${project}/deployments`]: [
      { sha: change, status: 'success', updated_at: '2026-01-03T00:00:00.000Z', environment: { name: 'production' } },
      { sha: 'f'.repeat(40), status: 'running', environment: { name: 'staging' } },
    ],
    [`${project}/repository/branches/main`]: { name: 'main', protected: true },
    [`${project}/protected_branches/main`]: {
      name: 'main',
      allow_force_push: false,
      code_owner_approval_required: true,
    },
    [`${project}/approvals`]: { reset_approvals_on_push: true },
    [`${project}/approval_rules`]: [
      { name: 'all', approvals_required: 2, protected_branches: [] },
      { name: 'other', approvals_required: 5, protected_branches: [{ name: 'stable' }] },
    ],
  }
}

/** Bitbucket Cloud, REST API 2.0. */
export function bitbucketAnswers({ change, head }: Told): Answers {
  const root = '/repositories/acme/widget'
  const account = (id: string): object => ({ account_id: id, nickname: 'Ann', display_name: 'Ann', type: 'user' })
  return {
    [`${root}/pullrequests/12`]: {
      ...{ id: 12, title: secretTitle, summary: { raw: secretText }, state: 'MERGED' },
      ...{ author: account('557058:a'), closed_by: account('557058:b'), merge_commit: { hash: change.slice(0, 12) } },
      source: { branch: { name: 'letters' }, commit: { hash: head.slice(0, 12) } },
      destination: { branch: { name: 'main' }, repository: { full_name: 'acme/widget' } },
      participants: [
        {
          user: account('557058:b'),
          role: 'REVIEWER',
          approved: true,
          state: 'approved',
          participated_on: '2026-01-01T12:00:00.123456+00:00',
        },
        {
          user: account('557058:c'),
          role: 'REVIEWER',
          approved: false,
          state: 'changes_requested',
          participated_on: null,
        },
        { user: account('557058:d'), role: 'PARTICIPANT', approved: false, state: null },
      ],
    },
    [`${root}/pullrequests/12/commits`]: {
      values: [{ hash: head, author: { raw: 'Ann <ann@acme.example>', user: account('557058:a') } }],
    },
    ...Object.fromEntries(
      [change, head].map((commit) => [
        `${root}/commit/${commit}/statuses`,
        { values: [{ key: 'build', name: 'Build', state: 'SUCCESSFUL', updated_on: '2026-01-02T02:00:00+00:00' }] },
      ]),
    ),
    [`${root}/branch-restrictions`]: {
      values: [
        { kind: 'require_approvals_to_merge', value: 2, pattern: 'ma*', branch_match_kind: 'glob' },
        { kind: 'force', pattern: 'main', branch_match_kind: 'glob' },
        { kind: 'require_approvals_to_merge', value: 9, pattern: 'stable', branch_match_kind: 'glob' },
      ],
    },
  }
}
