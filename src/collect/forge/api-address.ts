/**
 * Where the API of a repository's forge is. A token goes there, so whoever has the token says where that is: only of forges that
 * everybody knows is it taken from the address of the remote. That one stands in the configuration of the clone, where any step of a
 * job can put another host; and by its name alone nobody can tell a GitHub Enterprise Server from a GitLab.
 */
import { CountersignError, option } from '../../errors.ts'
import { namedRepository } from '../../model/repository-url.ts'
import { isLoopback, isSecure } from '../../platform/http.ts'
import { bitbucket } from './bitbucket.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import type { ForgeRow } from './row.ts'

export interface ForgeAddress {
  readonly row: ForgeRow
  /** Without a closing slash. */
  readonly api: string
  /** The parts of its name. */
  readonly repository: readonly string[]
}

/** `remote` is the address of the repository without credentials, `named` that of an API. Error: `usage`. */
export function forgeAddress(remote: string | undefined, named: string | undefined): ForgeAddress {
  const { host, path = [] } = (remote === undefined ? undefined : namedRepository(remote)) ?? {}
  const { row, api, folder } = named === undefined ? knownApi(host) : namedApi(named)
  // A GitLab below a path of its host has that path in the https addresses of its repositories.
  const isBelow = folder.length > 0 && folder.every((it, at) => path[at] === it)
  const repository = isBelow ? path.slice(folder.length) : path
  if (!row.isRepository(repository)) {
    throw new CountersignError('usage', `the remote origin is no repository of a forge that can be asked`, {
      option: 'forgeTokenFile',
    })
  }
  return { row, api, repository }
}

type Api = Pick<ForgeAddress, 'row' | 'api'> & { readonly folder: readonly string[] }

function knownApi(host: string | undefined): Api {
  if (host === 'github.com') return { row: github, api: 'https://api.github.com', folder: [] }
  if (host !== undefined && tenant.test(host)) return { row: github, api: `https://api.${host}`, folder: [] }
  if (host === 'gitlab.com') return { row: gitlab, api: 'https://gitlab.com/api/v4', folder: [] }
  if (host === 'bitbucket.org') return { row: bitbucket, api: bitbucketApi, folder: [] }
  throw new CountersignError(
    'usage',
    `where the API of this repository's forge is, has to be said (${option('forgeApi')})`,
    {
      option: 'forgeApi',
      hint: forms,
    },
  )
}

const bitbucketApi = 'https://api.bitbucket.org/2.0'
/** GitHub Enterprise Cloud with data residency. */
const tenant = /^[a-z0-9-]+\.ghe\.com$/
const forms = 'it is https://HOST/api/v3 of a GitHub Enterprise Server, and https://HOST/api/v4 of a GitLab'

function namedApi(named: string): Api {
  const url = named.length > 2_048 ? null : URL.parse(named)
  if (url === null || !isSecure(url) || url.search !== '' || url.hash !== '')
    throw unusable('is no plain https address')
  const path = url.pathname.replace(/\/+$/, '')
  const api = `${url.origin}${path}`
  const isCloud =
    url.hostname.startsWith('api.') && path === '' && /^api\.(?:github\.com|[a-z0-9-]+\.ghe\.com)$/.test(url.host)
  if (isCloud || path.endsWith('/api/v3')) return { row: github, api, folder: [] }
  // On a machine itself there is no other Bitbucket than one that stands in for it.
  if (api === bitbucketApi || (isLoopback(url.hostname) && path === '/2.0')) return { row: bitbucket, api, folder: [] }
  if (!path.endsWith('/api/v4')) throw unusable('is not one of a forge that can be asked')
  return {
    row: gitlab,
    api,
    folder: path
      .slice(0, -'/api/v4'.length)
      .split('/')
      .filter((it) => it !== ''),
  }
}

function unusable(reason: string): CountersignError {
  return new CountersignError('usage', `${option('forgeApi')} ${reason}`, { option: 'forgeApi', hint: forms })
}
