/**
 * Which pull or merge requests a commit message names. A hint and no more: anybody can type a number, and `(#12)` can be a
 * ticket; what a request brought in is proved by trees (`squash-proof.ts`).
 */

/** As people write it: `#12` for a pull request (GitHub, Gitea, Bitbucket), `!12` for a merge request (GitLab). */
export type RequestName = `#${string}` | `!${string}`

export interface RequestHints {
  /** The one that was named last comes first: `fix (#12) (#34)` is request 34, which ports 12. */
  readonly names: readonly RequestName[]
  /** GitLab squashes into a commit and merges that one, with a message that names the request. */
  readonly isOfMerge: boolean
}

/** Forges write the title on the first line, and cut it at some hundred characters. */
const titleBytes = 1_024
const mostNames = 3

const seeRequest = Buffer.from('See merge request ')
const lineFeed = 0x0a

/** Undefined for a message that names none. */
export function requestsIn(message: Buffer): RequestHints | undefined {
  const end = message.indexOf(lineFeed)
  const title = message.subarray(0, Math.min(end < 0 ? message.length : end, titleBytes))
  const names = title.includes(0x23) ? namesInTitle(title.toString('latin1')) : []
  const at = message.lastIndexOf(seeRequest)
  if (at < 0) return names.length === 0 ? undefined : { names, isOfMerge: false }
  const line = message.subarray(at, at + titleBytes).toString('latin1')
  const number = /^See merge request [\w./-]{0,500}!(\d{1,9})\r?(?:\n|$)/.exec(line)?.[1]
  if (number === undefined) return names.length === 0 ? undefined : { names, isOfMerge: false }
  return { names: [`!${String(Number(number))}`], isOfMerge: true }
}

/** `title (#12)`, `Merged in branch (pull request #12)`, `Pull request #12: title`. */
function namesInTitle(title: string): RequestName[] {
  const found = title.matchAll(/\((?:pull request )?#(\d{1,9})\)|^Pull request #(\d{1,9}): /g)
  return [...found]
    .map(([, behind, before]): RequestName => `#${String(Number(behind ?? before))}`)
    .reverse()
    .slice(0, mostNames)
}
