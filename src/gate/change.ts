/** The change under review in the checkout around us, by full ids: said by a person, by the CI job, or by the clone. */
import type { OpenRequest } from '../collect/context/collect-context.ts'
import { reviewRange } from '../collect/ci/review-range.ts'
import type { ReviewRange } from '../collect/ci/review-range.ts'
import { isDescendant } from '../collect/git/descent.ts'
import { commitOf, headOf } from '../collect/git/repository.ts'
import type { Repository } from '../collect/git/repository.ts'
import { CountersignError } from '../errors.ts'
import type { World } from '../platform/world.ts'

export interface ChangeRequest {
  readonly base?: string
  readonly head?: string
}

export interface OpenChange {
  readonly repository: Repository
  /** What it goes to: policy and configuration are read there. */
  readonly base: string
  readonly head: string
  /** The branch that it goes to, where that is known. */
  readonly ref: string | undefined
  /** Where the job says so: the open request, which the forge may be asked about. */
  readonly open: OpenRequest | undefined
  /** The branch that a queue merges it into; undefined where no queue made it. */
  readonly queue: string | undefined
  /** Who says so, in words. */
  readonly said: string
}

/** Errors: `usage`, `revision-unknown`, `git-*`, those of the event file. */
export async function openChange(
  repository: Repository,
  { base, head }: ChangeRequest,
  world: World,
): Promise<OpenChange> {
  if (base === undefined && head !== undefined) {
    throw new CountersignError('usage', 'a change has a base', { option: 'until', hint: 'name the range, BASE..HEAD' })
  }
  const asked: ReviewRange =
    base === undefined
      ? await reviewRange(world)
      : { base, head, target: undefined, said: 'the range that was asked for' }
  const [last, first] = await Promise.all([
    asked.head === undefined ? headOf(repository) : idOf(repository, asked.head),
    idOf(repository, asked.base),
  ])
  const ref = asked.target === undefined ? undefined : `refs/heads/${asked.target}`
  const tip = base === undefined ? await nearer(repository, first, last) : first
  return {
    repository,
    base: tip,
    head: last,
    ref,
    open: asked.request === undefined ? undefined : { name: asked.request, head: last, base: tip },
    queue: asked.isQueue === true ? asked.target : undefined,
    said: asked.said,
  }
}

/**
 * An event names the base as it was when it was sent. A job that has the merge of both checked out can have a newer one, and what the target
 * branch got since then is no part of the change.
 */
async function nearer(repository: Repository, base: string, head: string): Promise<string> {
  const [first, second, third] = await Promise.all(['HEAD^1', 'HEAD^2', 'HEAD^3'].map((it) => commitOf(repository, it)))
  if (first === undefined || second !== head || third !== undefined) return base
  return (await isDescendant(repository, first, base)) ? first : base
}

async function idOf(repository: Repository, name: string): Promise<string> {
  const isName = name !== '' && name.length <= 1_024 && !name.startsWith('-') && !/\p{Cc}/u.test(name)
  const commit = isName ? await commitOf(repository, name) : undefined
  if (commit !== undefined) return commit
  if (name === 'refs/remotes/origin/HEAD') {
    throw new CountersignError('usage', 'nothing here says to which branch the change goes', {
      option: 'until',
      hint: 'name the range, BASE..HEAD, as in origin/main..HEAD',
    })
  }
  throw new CountersignError('revision-unknown', `${JSON.stringify(name.slice(0, 200))} names no commit here`, {
    option: 'until',
    hint: 'fetch the target branch and the whole history (actions/checkout: fetch-depth: 0; GitLab: GIT_DEPTH: 0; Bitbucket: clone: depth: full)',
  })
}
