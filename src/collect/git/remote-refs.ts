/**
 * Whether the remote has a ref that this clone does not: one question over HTTP (git's protocol version 2, `ls-refs`), asked by
 * ourselves. Git would start whatever its configuration names for an address, and use the credentials that it finds.
 */
import { limits } from '../../model/limits.ts'
import { isSecure } from '../../platform/http.ts'
import type { World } from '../../platform/world.ts'

/** True or false as the remote says; undefined where it does not say so plainly to a stranger. */
export type HasRemoteRef = (ref: string) => Promise<boolean | undefined>

/** What the remote answers to one question, and whether that is all of it. */
interface Answer {
  readonly refs: readonly string[]
  readonly whole: boolean
}

/** `remote` is an address without credentials; only https is asked, and no redirect is followed. */
export function remoteRefs(remote: string | undefined, world: Pick<World, 'fetch' | 'timeout'>): HasRemoteRef {
  return async (ref) => {
    const answer = await asked(ref, remote, world)
    return answer?.whole === true ? answer.refs.includes(ref) : undefined
  }
}

/** Of several remotes: one that has it is enough, and none has it only where all say so. */
export function anyRemoteRef(remotes: readonly HasRemoteRef[]): HasRemoteRef {
  return async (ref) => {
    const answers = await Promise.all(remotes.map((has) => has(ref)))
    if (answers.includes(true)) return true
    return answers.every((it) => it === false) ? false : undefined
  }
}

/** Whether the remote has any tag, asked in the same way; undefined where it does not say so plainly to a stranger. */
export function remoteTags(
  remote: string | undefined,
  world: Pick<World, 'fetch' | 'timeout'>,
): () => Promise<boolean | undefined> {
  return async () => {
    const answer = await asked('refs/tags/', remote, world)
    // Of very many tags the first are enough.
    if (answer?.refs.some((it) => it.startsWith('refs/tags/')) === true) return true
    return answer?.whole === true ? false : undefined
  }
}

async function asked(
  prefix: string,
  remote: string | undefined,
  world: Pick<World, 'fetch' | 'timeout'>,
): Promise<Answer | undefined> {
  if (remote === undefined) return undefined
  try {
    // Some forges answer only under the one, some only under the other.
    for (const ending of ['.git', '']) {
      const answer = await refsLike(prefix, `${remote.replace(/\/+$/, '')}${ending}`, world)
      if (answer !== undefined) return answer
    }
  } catch {
    // A remote that does not answer is no error: what it has stays unknown.
  }
  return undefined
}

/** Undefined for any other answer; throws where there is none. */
async function refsLike(
  prefix: string,
  repository: string,
  { fetch, timeout }: Pick<World, 'fetch' | 'timeout'>,
): Promise<Answer | undefined> {
  const url = URL.parse(`${repository}/git-upload-pack`)
  if (url === null || !isSecure(url)) return undefined
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    headers: {
      'content-type': 'application/x-git-upload-pack-request',
      accept: 'application/x-git-upload-pack-result',
      'git-protocol': 'version=2',
    },
    body: `${line('command=ls-refs\n')}0001${line(`ref-prefix ${prefix}\n`)}0000`,
    signal: timeout(limits.remoteRefsTimeout),
  })
  const { text, whole } = await beginningOf(response, limits.remoteRefsBytes)
  const type = response.headers.get('content-type')
  if (response.status !== 200 || type !== 'application/x-git-upload-pack-result') return undefined
  return refsIn(text, whole)
}

/** The body as Latin-1, at most so many bytes of it; of a longer one no more is read. */
async function beginningOf({ body }: Response, most: number): Promise<{ text: string; whole: boolean }> {
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk)
    total += chunk.length
    if (total > most) break
  }
  return { text: Buffer.concat(chunks).subarray(0, most).toString('latin1'), whole: total <= most }
}

/** gitprotocol-common, pkt-line: four hex digits of length, those included. */
function line(text: string): string {
  return `${(text.length + 4).toString(16).padStart(4, '0')}${text}`
}

/**
 * Names of the refs in `<id> <name>[ <attribute>…]` lines up to the flush, or, of an answer that was not read to its end, of those
 * that are there; undefined for anything else.
 */
function refsIn(answer: string, whole: boolean): Answer | undefined {
  const refs: string[] = []
  for (let at = 0; ;) {
    const digits = answer.slice(at, at + 4)
    if (digits === '0000') return at + 4 === answer.length && whole ? { refs, whole } : undefined
    const length = /^[0-9a-f]{4}$/.test(digits) ? Number.parseInt(digits, 16) : 0
    const isCut = !whole && (digits.length < 4 || at + length > answer.length)
    if (isCut) return { refs, whole }
    const [, name] = /^[0-9a-f]{40,64} (\S+)(?: [^\n]*)?\n?$/.exec(answer.slice(at + 4, at + length)) ?? []
    if (length < 5 || at + length > answer.length || name === undefined) return undefined
    refs.push(name)
    at += length
  }
}
