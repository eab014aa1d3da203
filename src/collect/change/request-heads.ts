/** Heads of pull and merge requests that are in the clone, by the names under which forges publish them. */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { streamGit } from '../git/process.ts'
import type { Repository } from '../git/repository.ts'
import type { RequestName } from './request-hints.ts'

/** Name → full id of the commit. */
export type RequestHeads = ReadonlyMap<RequestName, string>

/** Where a clone has them; GitHub's `refs/pull/12/merge` is none: it is a trial, by the author of the head. */
const forms: readonly (readonly ['#' | '!', RegExp])[] = [
  ['#', /^refs\/(?:remotes\/[^/]{1,200}\/)?pull\/(\d{1,9})\/head$/],
  ['#', /^refs\/remotes\/[^/]{1,200}\/(?:pull|pr)\/(\d{1,9})$/],
  ['!', /^refs\/(?:remotes\/[^/]{1,200}\/)?merge-requests\/(\d{1,9})\/head$/],
  ['!', /^refs\/remotes\/[^/]{1,200}\/merge-requests\/(\d{1,9})$/],
  ['#', /^refs\/(?:remotes\/[^/]{1,200}\/)?pull-requests\/(\d{1,9})\/from$/],
]

const places = ['refs/pull', 'refs/merge-requests', 'refs/pull-requests', 'refs/remotes']

/** Errors: `git-failed`, also for more refs than any forge has. */
export async function requestHeads({ git }: Repository): Promise<RequestHeads> {
  const heads = new Map<RequestName, string>()
  const args = ['for-each-ref', '--format=%(objecttype) %(objectname) %(refname)', ...places]
  let rest = ''
  for await (const chunk of streamGit(git, args)) {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [type, id, ref = ''] = line.split(' ')
      const name = type === 'commit' ? requestOf(ref) : undefined
      if (name === undefined || id === undefined || heads.has(name)) continue
      if (heads.size === limits.requestHeads) {
        throw new CountersignError('git-failed', `the clone has more than ${limits.requestHeads} heads of requests`)
      }
      heads.set(name, id)
    }
  }
  return heads
}

/** The request whose head a ref is; undefined for other refs. */
export function requestOf(ref: string): RequestName | undefined {
  for (const [sign, form] of forms) {
    const number = form.exec(ref)?.[1]
    if (number !== undefined) return `${sign}${String(Number(number))}`
  }
  return undefined
}

/** The refs under which a forge may publish the head of a request. */
export function refsOf(name: RequestName): string[] {
  const number = name.slice(1)
  return name.startsWith('!')
    ? [`refs/merge-requests/${number}/head`]
    : [`refs/pull/${number}/head`, `refs/pull-requests/${number}/from`]
}

/** The command that fetches the heads of all requests, as the forge behind this address publishes them. */
export function fetchOfRequests(remote: string | undefined): string {
  const host = remote === undefined ? undefined : URL.parse(remote)?.hostname
  const place = host?.includes('gitlab') === true ? 'merge-requests' : 'pull'
  return `git fetch origin 'refs/${place}/*/head:refs/${place}/*/head'`
}
