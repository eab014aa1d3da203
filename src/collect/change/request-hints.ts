/**
 * Which pull or merge requests a commit message names. A hint and no more: anybody can type a number, and `(#12)` can be a
 * ticket; what a request brought in is proved by trees (`squash-proof.ts`).
 */
import { latin1Of } from './message-text.ts'

/** As people write it: `#12` for a pull request (GitHub, Gitea, Bitbucket), `!12` for a merge request (GitLab). */
export type RequestName = `#${string}` | `!${string}`

export interface RequestHints {
  /** The one that was named last comes first: `fix (#12) (#34)` is request 34, which ports 12. */
  readonly names: readonly RequestName[]
  /** GitLab squashes into a commit and merges that one, with a message that names the request. */
  readonly isOfMerge: boolean
}

/** The request that a merge commit names, as GitHub, GitLab and Bitbucket write the message; a hint, too. */
export function mergedRequest(message: Buffer): RequestName | undefined {
  const number = /^Merge pull request #(\d{1,9}) from \S/.exec(message.toString('latin1', 0, 128))?.[1]
  return number === undefined ? requestsIn(message)?.names[0] : `#${String(Number(number))}`
}

/** Forges write the title on the first line, and cut it at some hundred characters. */
const titleBytes = 1_024
const mostNames = 3

const seeRequest = 'See merge request '

/** Undefined for a message that names none. */
export function requestsIn(message: Buffer): RequestHints | undefined {
  const text = latin1Of(message)
  const names = namesInTitle(text)
  // One sign is found much sooner than the words.
  const at = text.includes('!') ? text.lastIndexOf(seeRequest) : -1
  if (at < 0) return names.length === 0 ? undefined : { names, isOfMerge: false }
  const line = text.slice(at, at + titleBytes)
  const number = /^See merge request [\w./-]{0,500}!(\d{1,9})\r?(?:\n|$)/.exec(line)?.[1]
  if (number === undefined) return names.length === 0 ? undefined : { names, isOfMerge: false }
  return { names: [`!${String(Number(number))}`], isOfMerge: true }
}

/** `title (#12)`, `Merged in branch (pull request #12)`, `Pull request #12: title`. */
function namesInTitle(message: string): RequestName[] {
  const found: RequestName[] = []
  const first = message.indexOf('#')
  if (first < 0 || first > titleBytes) return found
  const end = message.indexOf('\n')
  const title = message.slice(0, Math.min(end < 0 ? message.length : end, titleBytes))
  for (let at = title.indexOf('#'); at >= 0; at = title.indexOf('#', at + 1)) {
    const stop = digitsEnd(title, at + 1)
    if (stop === at + 1 || stop > at + 1 + mostDigits) continue
    const isBehind = title[stop] === ')' && (title[at - 1] === '(' || title.endsWith('(pull request ', at))
    const isBefore = at === before.length && title.startsWith(before) && title.startsWith(': ', stop)
    if (isBehind || isBefore) found.push(`#${String(Number(title.slice(at + 1, stop)))}`)
  }
  return found.reverse().slice(0, mostNames)
}

const before = 'Pull request '
const mostDigits = 9

function digitsEnd(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) at += 1
  return at
}
