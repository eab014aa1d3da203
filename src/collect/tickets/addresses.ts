/**
 * Addresses of tickets in text. What comes out is written anew from the host and the parts that name the ticket: the rest of an
 * address can hold a title (Linear, Bitbucket), a user, or a query with anything.
 */
import { limits } from '../../model/limits.ts'
import type { FoundTicket } from './found.ts'
import { namePart, ticketNumber } from './found.ts'
import { knownForge } from './place.ts'
import type { TicketPlace } from './place.ts'

type Named = Pick<FoundTicket, 'key'> & { readonly path: string }
type Shape = (path: string, url: URL) => Named | undefined

const key = `[A-Z][A-Z0-9_]{0,29}-${ticketNumber}`

const jiraPage = new RegExp(`^((?:/[A-Za-z0-9_.~-]{1,60})?)/browse/(${key})/?$`)
const jiraKey = new RegExp(`^${key}$`)
const linearPage = new RegExp(`^/([A-Za-z0-9_-]{1,80})/issue/([A-Za-z][A-Za-z0-9]{0,9}-${ticketNumber})(?:/[^/]*)?/?$`)
const gitHubPage = new RegExp(`^/(${namePart}/${namePart})/issues/(${ticketNumber})/?$`)
const gitLabPage = new RegExp(
  `^/((?:${namePart}/){1,20}?${namePart})(?:/-)?/(?:issues|work_items)/(${ticketNumber})/?$`,
)
const gitLabEpic = new RegExp(`^/groups/((?:${namePart}/){0,20}?${namePart})/-/epics/(${ticketNumber})/?$`)
const bitbucketPage = new RegExp(`^/(${namePart}/${namePart})/issues/(${ticketNumber})(?:/[^/]*)?/?$`)

function jira(path: string, url: URL): Named | undefined {
  const [, folder = '', page] = jiraPage.exec(path) ?? []
  if (page !== undefined) return { key: page, path: `${folder}/browse/${page}` }
  // A board or a list with the ticket open in it.
  const selected = url.searchParams.get('selectedIssue') ?? ''
  return isCloud(url) && jiraKey.test(selected) ? { key: selected, path: `/browse/${selected}` } : undefined
}

function linear(path: string): Named | undefined {
  const [, workspace, page = ''] = linearPage.exec(path) ?? []
  const name = page.toUpperCase()
  return workspace === undefined ? undefined : { key: name, path: `/${workspace}/issue/${name}` }
}

function gitHub(path: string): Named | undefined {
  const [, repository, number = ''] = gitHubPage.exec(path) ?? []
  return repository === undefined
    ? undefined
    : { key: `${repository}#${number}`, path: `/${repository}/issues/${number}` }
}

function gitLab(path: string): Named | undefined {
  const [, group, epic = ''] = gitLabEpic.exec(path) ?? []
  if (group !== undefined) return { key: `${group}&${epic}`, path: `/groups/${group}/-/epics/${epic}` }
  const [, project, number = ''] = gitLabPage.exec(path) ?? []
  return project === undefined ? undefined : { key: `${project}#${number}`, path: `/${project}/-/issues/${number}` }
}

function bitbucket(path: string): Named | undefined {
  const [, repository, number = ''] = bitbucketPage.exec(path) ?? []
  return repository === undefined
    ? undefined
    : { key: `${repository}#${number}`, path: `/${repository}/issues/${number}` }
}

const shapes: { readonly [K in Exclude<FoundTicket['system'], 'unknown'>]: Shape } = {
  ...{ jira, linear, bitbucket },
  github: gitHub,
  gitlab: gitLab,
}

/** What may stand in a name of the DNS. A URL's host may hold other signs too (`&`, quotes, braces), which no tracker has. */
const hostName = /^[a-z0-9.-]+$/

/** The ticket whose page an address in text is; undefined for every other address, and for one with a user in it. */
export function ticketAt(written: string, place: TicketPlace): FoundTicket | undefined {
  if (written.length > limits.ticketAddressCharacters) return undefined
  const url = URL.parse(written)
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined
  if (!hostName.test(url.hostname)) return undefined
  const { system, folder } = whose(url, place)
  const named = shapes[system](url.pathname.slice(folder.length), url)
  if (named === undefined) return undefined
  return { system, key: named.key, uri: `${url.origin}${folder}${named.path}`, rule: 'address' }
}

interface Whose {
  readonly system: keyof typeof shapes
  /** Below which its pages are. */
  readonly folder: string
}

/** Whose page an address can be. Of a host that nobody named only pages of Jira and GitLab are known by their paths. */
function whose(url: URL, { forge, web, trackers }: TicketPlace): Whose {
  const isBelow = (base: string): boolean => url.href.startsWith(`${base}/`) || url.href.startsWith(`${base}?`)
  const own = trackers.find((it) => it.url !== undefined && isBelow(it.url))
  // The address of a Linear or of a Jira in the cloud holds its workspace, which is a part of every page.
  if (own?.url !== undefined && own.system !== 'linear') return { system: own.system, folder: folderOf(own.url) }
  if (url.host === 'linear.app') return { system: 'linear', folder: '' }
  const known = knownForge(url.host)
  if (known !== 'unknown') return { system: known, folder: '' }
  if (forge !== 'unknown' && web !== undefined && isBelow(web)) return { system: forge, folder: folderOf(web) }
  return { system: url.pathname.includes('/-/') ? 'gitlab' : 'jira', folder: '' }
}

function folderOf(base: string): string {
  return new URL(base).pathname.replace(/\/$/, '')
}

function isCloud({ hostname }: URL): boolean {
  return hostname.endsWith('.atlassian.net')
}
