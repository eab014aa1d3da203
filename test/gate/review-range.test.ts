/** Base and head of a change, as CI jobs say them: never by a commit that whoever wrote the change could choose. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reviewRange } from '../../src/collect/ci/review-range.ts'
import type { ReviewRange } from '../../src/collect/ci/review-range.ts'
import { codeOfAsync } from '../world/failure.ts'
import { scratchFolder } from '../world/scratch-repository.ts'
import { changeUnderReview, gateIn } from './fixture.ts'

const [one, two] = ['1'.repeat(40), '2'.repeat(40)]
const none = '0'.repeat(40)

function github(name: string, event: object): Promise<ReviewRange> {
  const cwd = scratchFolder()
  writeFileSync(join(cwd, 'event.json'), JSON.stringify(event))
  const env = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: 'event.json' }
  return reviewRange({ cwd, env })
}

function gitlab(env: object): Promise<ReviewRange> {
  return reviewRange({ cwd: '/', env: { GITLAB_CI: 'true', CI_DEFAULT_BRANCH: 'main', CI_COMMIT_SHA: two, ...env } })
}

const request = { pull_request: { base: { sha: one, ref: 'main' }, head: { sha: two } } }
const repository = { default_branch: 'main' }

describe('at GitHub', () => {
  it.each(['pull_request', 'pull_request_target', 'pull_request_review'])('%s', async (name) => {
    expect(await github(name, request)).toMatchObject({ base: one, head: two, target: 'main' })
  })

  it('merge_group', async () => {
    const event = { merge_group: { base_sha: one, head_sha: two, base_ref: 'refs/heads/main' } }
    expect(await github('merge_group', event)).toMatchObject({ base: one, head: two, target: 'main' })
  })

  it('a push to the default branch is held against what it had; one to another against the default branch', async () => {
    const push = (ref: string, before: string) => github('push', { ref, before, after: two, repository })
    expect(await push('refs/heads/main', one)).toMatchObject({ base: one, head: two })
    expect(await push('refs/heads/main', none)).toMatchObject({ base: 'refs/remotes/origin/main' })
    // The commit before may be the pusher's own, with a policy of their own.
    expect(await push('refs/heads/mine', one)).toMatchObject({ base: 'refs/remotes/origin/main', head: two })
  })

  it('what is missing or no id is refused', async () => {
    expect(await codeOfAsync(() => github('pull_request', {}))).toBe('usage')
    const named = { pull_request: { base: { sha: 'main', ref: 'main' }, head: { sha: two } } }
    expect(await codeOfAsync(() => github('pull_request', named))).toBe('usage')
  })
})

it('at GitLab: merge requests, merged results, merge trains, pushes', async () => {
  const own = { CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' }
  // The base of the difference is where the branch began, and may have an old policy.
  const plain = { ...own, CI_MERGE_REQUEST_DIFF_BASE_SHA: '3'.repeat(40) }
  expect(await gitlab(plain)).toMatchObject({ base: 'refs/remotes/origin/main', head: two })
  const shas = { CI_MERGE_REQUEST_TARGET_BRANCH_SHA: one, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: '4'.repeat(40) }
  expect(await gitlab({ ...own, ...shas })).toMatchObject({ base: one, head: '4'.repeat(40) })
  const train = { ...own, ...shas, CI_MERGE_REQUEST_EVENT_TYPE: 'merge_train' }
  expect(await gitlab(train)).toMatchObject({ base: one, said: 'merge train of GitLab' })
  const pushed = { CI_COMMIT_BRANCH: 'main', CI_COMMIT_BEFORE_SHA: one }
  expect(await gitlab(pushed)).toMatchObject({ base: one, head: two })
  expect(await gitlab({ ...pushed, CI_COMMIT_BRANCH: 'mine' })).toMatchObject({ base: 'refs/remotes/origin/main' })
  expect(await codeOfAsync(() => gitlab({ ...own, CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'a..b' }))).toBe('usage')
})

it('at Bitbucket, and where no job says anything', async () => {
  const job = { BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_COMMIT: two }
  const asked = { BITBUCKET_PR_DESTINATION_BRANCH: 'main', BITBUCKET_PR_DESTINATION_COMMIT: one.slice(0, 12) }
  const at = (env: object): Promise<ReviewRange> => reviewRange({ cwd: '/', env: { ...env } })
  expect(await at({ ...job, ...asked })).toMatchObject({ base: one.slice(0, 12), head: two, target: 'main' })
  expect(await at(job)).toMatchObject({ base: 'refs/remotes/origin/HEAD', head: two })
  expect(await at({})).toMatchObject({ base: 'refs/remotes/origin/HEAD', head: undefined })
})

it('takes what the target branch got since the event for no part of the change', async () => {
  const change = changeUnderReview()
  const head = change.commit('Small', { 'b.txt': 'b\n' })
  change.git(['checkout', '--quiet', 'main'])
  const newer = change.commit('Meanwhile', { 'c.txt': 'c\n' })
  change.git(['checkout', '--quiet', '--detach'])
  change.git(['merge', '--quiet', '--no-ff', '-m', 'Merge', head])
  const event = { pull_request: { base: { sha: change.base, ref: 'main' }, head: { sha: head } } }
  writeFileSync(join(change.folder, '.git/event.json'), JSON.stringify(event))
  const env = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: '.git/event.json' }
  const report = await gateIn(change, {}, { env })
  expect(report).toMatchObject({ base: { commit: newer }, head, commits: { total: 1 } })
})
