/**
 * Whether the remote has a ref that this clone does not: one question over HTTP (git's protocol version 2, `ls-refs`), asked by
 * ourselves. Git would start whatever its configuration names for an address, and use the credentials that it finds.
 */
import { limits } from '../../model/limits.ts'
import { isSecure, readBody } from '../../platform/http.ts'
import type { World } from '../../platform/world.ts'

/** True or false as the remote says; undefined where it does not say so plainly to a stranger. */
export type HasRemoteRef = (ref: string) => Promise<boolean | undefined>

/** `remote` is an address without credentials; only https is asked, and no redirect is followed. */
export function remoteRefs(remote: string | undefined, world: Pick<World, 'fetch' | 'timeout'>): HasRemoteRef {
  return async (ref) => {
    if (remote === undefined) return undefined
    try {
      // Some forges answer only under the one, some only under the other.
      for (const ending of ['.git', '']) {
        const refs = await refsLike(ref, `${remote.replace(/\/+$/, '')}${ending}`, world)
        if (refs !== undefined) return refs.includes(ref)
      }
    } catch {
      // A remote that does not answer is no error: what it has stays unknown.
    }
    return undefined
  }
}

/** Undefined for any other answer; throws where there is none. */
async function refsLike(
  ref: string,
  repository: string,
  { fetch, timeout }: Pick<World, 'fetch' | 'timeout'>,
): Promise<readonly string[] | undefined> {
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
    body: `${line('command=ls-refs\n')}0001${line(`ref-prefix ${ref}\n`)}0000`,
    signal: timeout(limits.remoteRefsTimeout),
  })
  const body = await readBody(response, limits.remoteRefsBytes, () => new Error('the answer is too long'))
  const type = response.headers.get('content-type')
  if (response.status !== 200 || type !== 'application/x-git-upload-pack-result') return undefined
  return refsIn(Buffer.from(body).toString('latin1'))
}

/** gitprotocol-common, pkt-line: four hex digits of length, those included. */
function line(text: string): string {
  return `${(text.length + 4).toString(16).padStart(4, '0')}${text}`
}

/** Names of the refs in `<id> <name>[ <attribute>…]` lines up to the flush; undefined for anything else. */
function refsIn(answer: string): readonly string[] | undefined {
  const refs: string[] = []
  for (let at = 0; ;) {
    const digits = answer.slice(at, at + 4)
    if (digits === '0000') return at + 4 === answer.length ? refs : undefined
    const length = /^[0-9a-f]{4}$/.test(digits) ? Number.parseInt(digits, 16) : 0
    const [, name] = /^[0-9a-f]{40,64} (\S+)(?: [^\n]*)?\n?$/.exec(answer.slice(at + 4, at + length)) ?? []
    if (length < 5 || at + length > answer.length || name === undefined) return undefined
    refs.push(name)
    at += length
  }
}
