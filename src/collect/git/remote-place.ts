/**
 * A remote that is asked by ourselves, in git's protocol version 2 without a state (gitprotocol-v2, gitprotocol-http). Git would
 * start whatever its configuration names for an address: helpers, commands of ssh, transports of any kind; and it would follow
 * redirects and use the credentials that it finds.
 */
import { isAbsolute } from 'node:path'
import { CountersignError } from '../../errors.ts'
import { isSecure, networkReason } from '../../platform/http.ts'
import type { World } from '../../platform/world.ts'
import { streamGit } from './process.ts'
import type { Git } from './process.ts'

export interface RemotePlace {
  /** As people call it, for messages: the name of a remote, or an address without credentials. */
  readonly name: string
  /** One request; the bytes of its answer as they come. Error: `git-failed`, with a reason that repeats nothing from outside. */
  ask(request: string, within: number): Promise<AsyncIterable<Uint8Array>>
}

/** Where a server is, and what it is told of who asks. */
export interface Address {
  /** Without credentials, and without `.git`. */
  readonly url: string
  /** Whole value of the header; undefined for a stranger. */
  readonly authorization?: string | undefined
}

/** Only https is asked (http within this machine), and no redirect is followed: a secret goes to the host that it is for, and to no other. */
export function serverPlace(
  name: string,
  { url, authorization }: Address,
  { fetch, timeout }: Pick<World, 'fetch' | 'timeout'>,
): RemotePlace {
  // Some forges answer only under the one, some only under the other.
  let endings: readonly string[] = ['.git', '']

  async function ask(request: string, within: number): Promise<AsyncIterable<Uint8Array>> {
    let reason = ''
    for (const ending of endings) {
      const asked = URL.parse(`${url.replace(/\/+$/, '')}${ending}/git-upload-pack`)
      if (asked === null || !isSecure(asked)) throw failed('only https is asked')
      const response = await posted(asked, request, within)
      const type = response.headers.get('content-type')
      if (response.status === 200 && type === 'application/x-git-upload-pack-result') {
        endings = [ending]
        return bytesOf(response, within)
      }
      reason = response.status === 200 ? 'it is no server of git' : `it answers with status ${String(response.status)}`
      await response.body?.cancel()
    }
    throw failed(reason)
  }

  async function posted(asked: URL, request: string, within: number): Promise<Response> {
    try {
      return await fetch(asked, {
        method: 'POST',
        redirect: 'error',
        headers: {
          'content-type': 'application/x-git-upload-pack-request',
          accept: 'application/x-git-upload-pack-result',
          'git-protocol': 'version=2',
          ...(authorization === undefined ? {} : { authorization }),
        },
        body: request,
        signal: timeout(within),
      })
    } catch (thrown) {
      throw failed(networkReason(thrown, within))
    }
  }

  return { name, ask }
}

async function* bytesOf({ body }: Response, within: number): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) yield chunk
  } catch (thrown) {
    throw failed(networkReason(thrown, within))
  }
}

/**
 * A repository in a folder of this machine, by git's own server without a network, which does not believe the configuration that it
 * finds there. Nor does it see any other: a hook could be set for it.
 */
export function folderPlace(name: string, folder: string, git: Git, { timeout }: Pick<World, 'timeout'>): RemotePlace {
  const env = Object.entries(git.env).filter(([key]) => !key.startsWith('GIT_CONFIG'))
  const alone: Git = {
    ...git,
    env: {
      ...Object.fromEntries(env),
      ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_PROTOCOL: 'version=2' },
    },
  }
  async function* answered(request: string, within: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (!isAbsolute(folder)) throw failed(onlyThese)
    // What looks like a file there can be a pipe that nobody writes to.
    const over = timeout(within)
    const signal = git.signal === undefined ? over : AbortSignal.any([git.signal, over])
    yield* streamGit({ ...alone, signal }, ['upload-pack', '--stateless-rpc', folder], request)
  }
  return { name, ask: (request, within) => Promise.resolve(answered(request, within)) }
}

const onlyThese = 'only https is asked, and a folder of this machine by its whole path; git remote set-url gives it one'

/** A remote of which nobody can ask anything here. */
export function noPlace(name: string): RemotePlace {
  return { name, ask: () => Promise.reject(failed(onlyThese)) }
}

function failed(reason: string): CountersignError {
  return new CountersignError('git-failed', reason)
}
