/**
 * Addresses of git repositories, made comparable. One repository has many spellings (SLSA's `git+https://…@ref`, git's
 * `git@host:o/r.git`, package URLs); which of them stands in a statement is the choice of whoever signs it.
 */

import { unsteering } from '../one-line.ts'

/** Hosts where everybody may have a repository; their paths do not tell upper from lower case. */
const forges: readonly string[] = ['github.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org']

/** Hosts where everybody may have an account, and sign under a name below it. */
export const sharedHosts: readonly string[] = [...forges, 'buildkite.com', 'circleci.com']

/** The forge that a host (`ssh.github.com:443`, a tenant's `acme.ghe.com`) is of, in lower case; undefined for any other. */
export function forgeOf(host: string): string | undefined {
  const bare = host.toLowerCase().replace(/:\d+$/, '')
  if (/^[a-z0-9-]+\.ghe\.com$/.test(bare)) return bare
  return forges.find((it) => [it, `ssh.${it}`, `altssh.${it}`].includes(bare))
}

/** The host in an address of any form, in lower case; undefined where there is none. */
export function hostOf(text: string): string | undefined {
  return canonicalRepository(text)?.split('/')[0]
}

/**
 * `host/path` in one form: without scheme, user, port 443, `.git`, ref, query, fragment and closing slashes; the host in lower
 * case, and the path too where the host does not tell cases apart. Undefined for what is no address of a server. Meant for
 * finding out that two addresses are the same repository, never for a prefix.
 */
export function canonicalRepository(written: string): string | undefined {
  if (written.length > 16_384) return undefined
  // As a tolerant reader takes it: blanks around it, backslashes, npm's `git::`, no scheme before the host of a forge.
  const trimmed = unsteering(written.replaceAll('\\', '/')).replace(/^git::/i, '')
  const text = forges.some((it) => trimmed.toLowerCase().startsWith(`${it}/`)) ? `https://${trimmed}` : trimmed
  const purl = /^pkg:(github|gitlab|bitbucket)\/([^@?#]+)/i.exec(text)
  if (purl !== null) {
    const [, type = '', path = ''] = purl
    return canonical(`${type.toLowerCase()}.${type.toLowerCase() === 'bitbucket' ? 'org' : 'com'}`, path)
  }
  const short = /^(?:[^\s@/:]+@)?([A-Za-z0-9.-]+):(?!\/\/)([^\s]+)$/.exec(text)
  if (short !== null && !/^(?:git\+)?[a-z+]+$/i.test(short[1] ?? '')) return canonical(short[1] ?? '', short[2] ?? '')
  const [, authority, path] = /^(?:git\+)?[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^?#]*)/i.exec(text) ?? []
  if (authority === undefined || path === undefined) return undefined
  return canonical(authority.replace(/^.*@/, '').replace(/:(443|80|22)$/, ''), path)
}

/** A repository as a person names it; without a host for `OWNER/NAME`. */
export interface NamedRepository {
  readonly host: string | undefined
  /** Without `.git`. */
  readonly path: readonly string[]
}

/**
 * `OWNER/NAME`, `HOST/OWNER/NAME`, or an address as git, npm and a browser write it. It becomes a question, so what may mean
 * anything else is undefined, where `canonicalRepository` is tolerant.
 */
export function namedRepository(written: string): NamedRepository | undefined {
  if (written.length > 2_048) return undefined
  const [, scheme = '', authority, path] =
    /^(?:git\+)?(https?|ssh|git):\/\/(?:[^/@\s]*@)?([^/@\s]+)\/(.*)$/i.exec(written) ?? []
  if (authority !== undefined && path !== undefined) {
    return placeNamed(authority.replace(`:${ports[scheme.toLowerCase()] ?? ''}`, ''), path)
  }
  const [, host, short] = /^(?:[\w.-]+@)?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+):(?!\/)(.*)$/.exec(written) ?? []
  if (host !== undefined && short !== undefined) return placeNamed(host, short)
  const [first = '', ...rest] = written.split('/')
  return first.includes('.') ? placeNamed(first, rest.join('/')) : placeNamed(undefined, written)
}

const ports: { readonly [scheme: string]: string } = { https: '443', http: '80', ssh: '22', git: '9418' }

function placeNamed(written: string | undefined, path: string): NamedRepository | undefined {
  const host = written?.toLowerCase()
  if (host !== undefined && !/^[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d+)?$/.test(host)) return undefined
  const segments = path.replace(/(?:\.git)?\/*$/i, '').split('/')
  if (segments.length < 2 || !segments.every((it) => /^(?!\.{1,2}$)[A-Za-z0-9._-]+$/.test(it))) return undefined
  const forge = forges.find((it) => [`www.${it}`, `ssh.${it}`, `altssh.${it}`].includes(host ?? ''))
  return { host: forge ?? host, path: segments }
}

function canonical(host: string, path: string): string | undefined {
  const bare = host
    .toLowerCase()
    .replace(/^www\./, '')
    .replace(/\.$/, '')
  // A forge has one host, whatever port or name for ssh stands there.
  const name = forgeOf(bare) ?? bare
  if (name === '') return undefined
  const segments: string[] = []
  for (const segment of decoded(path).replace(/@.*$/s, '').split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  // GitHub and Bitbucket have no groups in groups: what follows the name is a page of the repository.
  const plain = (name === 'gitlab.com' || !forges.includes(name) ? segments : segments.slice(0, 2))
    .join('/')
    .replace(/\.git$/i, '')
  if (plain === '') return undefined
  return `${name}/${forges.includes(name) ? plain.toLowerCase() : plain}`
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
