/** The address of a remote, fit for a signed statement: where it is, not with which credentials it was fetched. */
import { forgeOf } from '../../model/repository-url.ts'

const schemes = new Set(['https:', 'http:', 'ssh:', 'git:', 'git+ssh:', 'ssh+git:'])
const maxCharacters = 2_048

/**
 * `remote.origin.url` → URI without user part, query, fragment, trailing slash and `.git`; undefined for what is no address
 * of a server (a local path, `file:`, a transport helper). Of ssh users only `git` stays: it is the same for everybody.
 * git's short form `git@host:o/r.git` becomes `ssh://git@host/o/r`; at a known forge every form becomes its https address, which is
 * the one that others name.
 */
export function remoteUri(url: string): string | undefined {
  if (url.length > maxCharacters) return undefined
  const short = /^(?:([^\s@/:]+)@)?([A-Za-z0-9.-]{2,}):(?!:|\/\/)(.+)$/s.exec(url)
  const written =
    short === null
      ? url
      : `ssh://${short[1] === 'git' ? 'git@' : ''}${short[2] ?? ''}/${(short[3] ?? '').replace(/^\/+/, '')}`
  if (!URL.canParse(written)) return undefined
  const parsed = new URL(written)
  if (!schemes.has(parsed.protocol) || parsed.host === '') return undefined
  const path = parsed.pathname.replace(/\/+$/, '').replace(/\.git$/, '')
  const forge = forgeOf(parsed.host)
  if (forge !== undefined) return `https://${forge}${path}`
  const isShell = parsed.protocol.includes('ssh')
  const user = isShell && parsed.username === 'git' ? 'git@' : ''
  return `${isShell ? 'ssh:' : parsed.protocol}//${user}${parsed.host.toLowerCase()}${path}`
}
