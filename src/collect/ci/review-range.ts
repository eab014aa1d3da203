/**
 * Which commits a change under review has, as the CI job around us says: base and head of a pull or merge request, of a merge queue, of a
 * push. The base is always the tip of the branch that the change goes to, as the platform names it, or as the clone has it: a commit that whoever
 * wrote the change could choose would bring a policy of their own.
 */
import { resolve } from 'node:path'
import { CountersignError } from '../../errors.ts'
import { memberAt, parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import type { RequestName } from '../change/request-hints.ts'
import type { Environment } from '../../platform/environment.ts'
import { readRegularFile } from '../../platform/files.ts'
import type { World } from '../../platform/world.ts'

export interface ReviewRange {
  /** A revision: everything that it has is no part of the change. */
  readonly base: string
  /** A revision; undefined: HEAD. */
  readonly head: string | undefined
  /** Branch that the change goes to, where that is said. */
  readonly target: string | undefined
  /** The request that it is, as its forge writes it: `#12`, `!12`. */
  readonly request?: RequestName
  /** It is the merge that a queue made of requests on their way to the target, each of them still open. */
  readonly isQueue?: true
  /** Who says so, in words. */
  readonly said: string
}

/** Where no job says it: what the clone knows as the default branch of its remote. */
const unsaid: ReviewRange = {
  ...{ base: 'refs/remotes/origin/HEAD', head: undefined, target: undefined },
  said: 'the default branch of origin',
}

/** Errors: `usage` (the job does not say what it must), those of reading the event file, `json-*`. */
export async function reviewRange(world: Pick<World, 'env' | 'cwd'>): Promise<ReviewRange> {
  const { env } = world
  if (env['GITHUB_ACTIONS'] === 'true') return gitHubRange(await readEvent(world), env)
  if (env['GITLAB_CI'] === 'true') return gitLabRange(env)
  if (text(env['BITBUCKET_BUILD_NUMBER']) !== undefined) return bitbucketRange(env)
  return unsaid
}

async function readEvent({ env, cwd }: Pick<World, 'env' | 'cwd'>): Promise<Json> {
  const what = 'the event file of the run'
  const path = text(env['GITHUB_EVENT_PATH'])
  if (path === undefined) throw silent('GITHUB_EVENT_PATH')
  return parseJson(await readRegularFile(resolve(cwd, path), limits.eventBytes, what), what, limits.eventBytes)
}

function gitHubRange(event: Json, env: Environment): ReviewRange {
  const said = (...path: readonly string[]): string => {
    const value = memberAt(event, ...path)
    if (typeof value !== 'string' || value === '') throw silent(`${path.join('.')} in the event file`)
    return value
  }
  const name = text(env['GITHUB_EVENT_NAME']) ?? ''
  switch (name) {
    case 'pull_request':
    case 'pull_request_target':
    // An approval, or one that was taken back, turns the answer: the job asks again about the same request.
    case 'pull_request_review':
      return {
        base: commit(said('pull_request', 'base', 'sha')),
        head: commit(said('pull_request', 'head', 'sha')),
        target: said('pull_request', 'base', 'ref'),
        ...requestOf('#', memberAt(event, 'pull_request', 'number')),
        said: `${name} of GitHub`,
      }
    case 'merge_group':
      return {
        base: commit(said('merge_group', 'base_sha')),
        head: commit(said('merge_group', 'head_sha')),
        target: said('merge_group', 'base_ref').replace(/^refs\/heads\//, ''),
        isQueue: true,
        said: 'merge_group of GitHub',
      }
    case 'push': {
      const [main, ref] = [said('repository', 'default_branch'), said('ref')]
      return pushed(
        { main, branch: ref.replace(/^refs\/heads\//, ''), before: said('before'), head: said('after') },
        'GitHub',
      )
    }
    default:
      return { ...branch(said('repository', 'default_branch'), undefined), said: `${name} of GitHub` }
  }
}

function gitLabRange(env: Environment): ReviewRange {
  const said = newSaid(env)
  if (env['CI_PIPELINE_SOURCE'] === 'merge_request_event') {
    const target = said('CI_MERGE_REQUEST_TARGET_BRANCH_NAME')
    // Of a merged result, or a train, HEAD is a commit that GitLab made of both; without one these are empty.
    const [tip, own] = [
      text(env['CI_MERGE_REQUEST_TARGET_BRANCH_SHA']),
      text(env['CI_MERGE_REQUEST_SOURCE_BRANCH_SHA']),
    ]
    return {
      base: tip === undefined ? branch(target, undefined).base : commit(tip),
      head: commit(own ?? said('CI_COMMIT_SHA')),
      target,
      ...requestOf('!', env['CI_MERGE_REQUEST_IID']),
      said: env['CI_MERGE_REQUEST_EVENT_TYPE'] === 'merge_train' ? 'merge train of GitLab' : 'merge request of GitLab',
    }
  }
  const [main, own] = [said('CI_DEFAULT_BRANCH'), text(env['CI_COMMIT_BRANCH'])]
  const [before, head] = [text(env['CI_COMMIT_BEFORE_SHA']) ?? '0', said('CI_COMMIT_SHA')]
  return pushed({ main, branch: own ?? '', before, head }, 'GitLab')
}

function bitbucketRange(env: Environment): ReviewRange {
  const said = newSaid(env)
  const head = commit(said('BITBUCKET_COMMIT'))
  const target = text(env['BITBUCKET_PR_DESTINATION_BRANCH'])
  if (target === undefined) return { ...unsaid, head }
  const tip = text(env['BITBUCKET_PR_DESTINATION_COMMIT'])
  const base = tip === undefined ? branch(target, undefined).base : commit(tip)
  return { base, head, target, ...requestOf('#', env['BITBUCKET_PR_ID']), said: 'pull request of Bitbucket' }
}

function requestOf(sign: '#' | '!', number: unknown): { readonly request?: RequestName } {
  const digits = typeof number === 'string' || typeof number === 'number' ? String(number) : ''
  return /^[1-9]\d{0,9}$/.test(digits) ? { request: `${sign}${Number(digits)}` } : {}
}

interface Push {
  readonly main: string
  readonly branch: string
  readonly before: string
  readonly head: string
}

/**
 * What the default branch got is what it did not have before. On any other branch the commit before is of whoever pushes, so it is
 * compared with the default branch.
 */
function pushed({ main, branch: own, before, head }: Push, forge: string): ReviewRange {
  const isNew = /^0+$/.test(before)
  if (own === main && !isNew)
    return { base: commit(before), head: commit(head), target: main, said: `push at ${forge}` }
  return { ...branch(main, commit(head)), said: `push at ${forge}` }
}

function branch(name: string, head: string | undefined): Omit<ReviewRange, 'said'> {
  if (/[\p{Cc}\s~^:?*[\\]|\.\.|@\{/u.test(name)) throw silent('the name of the target branch')
  return { base: `refs/remotes/origin/${name}`, head, target: name }
}

/** Nothing but an id: a name would be whatever somebody called a branch. */
function commit(value: string): string {
  if (!/^[0-9a-f]{7,64}$/.test(value)) throw silent('the id of a commit')
  return value
}

function newSaid(env: Environment): (name: string) => string {
  return (name) => {
    const value = text(env[name])
    if (value === undefined) throw silent(name)
    return value
  }
}

function text(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value
}

function silent(what: string): CountersignError {
  return new CountersignError(
    'usage',
    `the job does not say which change is under review: ${what} is missing or malformed`,
    {
      option: 'until',
      hint: 'name the range, BASE..HEAD',
    },
  )
}
