/**
 * A remote by its name or address → where it is, and the credentials that the configuration has for this address. Of the configuration
 * nothing else counts: no other address for it (`insteadOf`), no command, no proxy, no helper.
 */
import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CountersignError } from '../../errors.ts'
import type { EvidenceRemote } from '../../model/evidence-config.ts'
import { isSecure } from '../../platform/http.ts'
import type { World } from '../../platform/world.ts'
import { folderPlace, noPlace, serverPlace } from './remote-place.ts'
import type { RemotePlace } from './remote-place.ts'
import { remoteUri } from './remote-uri.ts'
import type { Repository } from './repository.ts'
import { readRemoteSettings } from './settings.ts'
import type { RemoteSettings } from './settings.ts'

/**
 * The remotes, in their order: each the name of one, an https address, or the whole path of a folder. Errors: `usage` (nothing has this
 * name), `git-failed`.
 */
export async function namedRemotes(
  { git }: Repository,
  names: readonly string[],
  world: Pick<World, 'fetch' | 'timeout'>,
): Promise<RemotePlace[]> {
  const settings = await readRemoteSettings(git)
  return names.map((name): RemotePlace => {
    const written = settings.urls.get(name) ?? (isAddress(name) ? name : undefined)
    if (written === undefined) {
      throw new CountersignError('usage', `there is no remote ${JSON.stringify(name.slice(0, 200))} here`, {
        option: 'fetch',
      })
    }
    const folder = folderOf(written)
    if (folder !== undefined) return folderPlace(settings.urls.has(name) ? name : 'in a folder', folder, git, world)
    const url = addressOf(written)
    if (url === undefined) return noPlace(settings.urls.has(name) ? name : 'of this address')
    const shown = settings.urls.has(name) ? name : url
    return serverPlace(shown, { url, authorization: authorizationFor(written, url, settings) }, world)
  })
}

/**
 * Whether the clone has a remote of its own that is none of these, under whatever name or address. What it has, they cannot say.
 * Error: `git-failed`.
 */
export async function leavesOriginOut({ git }: Repository, names: readonly string[]): Promise<boolean> {
  const { urls } = await readRemoteSettings(git)
  const own = urls.get('origin')
  if (own === undefined) return false
  const written = names.map((name) => urls.get(name) ?? name)
  return !written.some((it) => it === own || (addressOf(it) ?? it) === addressOf(own))
}

/**
 * Where remotes are that a configuration names, without credentials: a commit may name them, so each is asked as by a stranger. Of no
 * address is a name that the clone has not, and what cannot be asked over https. Error: `git-failed`.
 */
export async function addressesOf(
  { git }: Repository,
  remotes: readonly EvidenceRemote[],
): Promise<{ readonly name: string; readonly url: string | undefined }[]> {
  if (remotes.length === 0) return []
  const { urls } = await readRemoteSettings(git)
  return remotes.map((remote) => {
    if (remote.kind === 'address') return { name: remote.url, url: remote.url }
    const written = urls.get(remote.name)
    return { name: remote.name, url: written === undefined ? undefined : addressOf(written) }
  })
}

function isAddress(name: string): boolean {
  return name.length <= 2_048 && (/^(?:https?|file):\/\//.test(name) || isAbsolute(name))
}

function folderOf(written: string): string | undefined {
  if (isAbsolute(written)) return written
  try {
    return written.startsWith('file:') ? fileURLToPath(written) : undefined
  } catch {
    return undefined
  }
}

/** As others name it, if that can be asked: of a known forge also what is written for ssh. */
function addressOf(written: string): string | undefined {
  const uri = remoteUri(written)
  const url = uri === undefined ? null : URL.parse(uri)
  return uri !== undefined && url !== null && isSecure(url) ? uri : undefined
}

/**
 * What stands in the address itself, or what a job was given for it: `http.<address>.extraheader`, as actions/checkout leaves it. One
 * without an address would go to any host.
 */
function authorizationFor(written: string, asked: string, { headers }: RemoteSettings): string | undefined {
  const target = URL.parse(asked)
  if (target === null) return undefined
  const own = URL.parse(written)
  if (own !== null && own.host === target.host && own.protocol === target.protocol && own.password !== '') {
    const pair = `${decoded(own.username)}:${decoded(own.password)}`
    return `Basic ${Buffer.from(pair).toString('base64')}`
  }
  const fitting = headers.filter(({ url }) => isFor(url, target)).map(({ value }) => value)
  // An empty one takes back those before it.
  const [, value] = /^authorization:[ \t]*((?:basic|bearer) [!-~]{1,8192})$/i.exec(fitting.at(-1) ?? '') ?? []
  return value
}

function isFor(setting: string, target: URL): boolean {
  const url = URL.parse(setting)
  if (url === null || url.protocol !== target.protocol || url.host !== target.host) return false
  const path = url.pathname.replace(/\/*$/, '/')
  return `${target.pathname}/`.startsWith(path) || `${target.pathname}.git/`.startsWith(path)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
