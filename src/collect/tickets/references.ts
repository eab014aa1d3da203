/** Short references as forges read them: `#12`, `owner/name#12`, `GH-12`, and `&12` for an epic of GitLab. */
import type { FoundTicket } from './found.ts'
import { namePart, ticketNumber } from './found.ts'
import type { TicketPlace } from './place.ts'

/** With `+` or `+s` GitLab shows the title, or more. */
const reference = new RegExp(`^((?:${namePart}/){0,20}?(?:${namePart})?)([#&])(${ticketNumber})(?:\\+s?)?$`)
const gitHubKey = new RegExp(`^GH-(${ticketNumber})$`, 'i')

/** Endings of files and hosts, which paths in text have: `docs/forms.md#12`. A name like `next.js` is a repository's. */
const notRepository =
  /\.(?:md|markdown|rst|adoc|txt|html?|css|scss|tsx?|jsx|mjs|cjs|py|rb|rs|go|java|kt|c|h|cc|cpp|hpp|cs|php|sh|sql|ya?ml|toml|json|xml|pdf|com|org|dev|io)$/i

/** Words with a number that are no repository's: `C#12`, `PR#12`. */
const notNames = new Set([
  'c',
  'f',
  'j',
  'pr',
  'mr',
  'no',
  'nr',
  'fig',
  'step',
  'build',
  'run',
  'job',
  'line',
  'page',
  'l',
])

/** What a word of text names at this place; undefined where it names no ticket there. */
export function referenceIn(word: string, place: TicketPlace): FoundTicket | undefined {
  const short = gitHubKey.exec(word)?.[1]
  if (short !== undefined) return place.forge === 'github' ? inRepository(place.repository, short, place) : undefined
  const [, written = '', sign = '', number = ''] = reference.exec(word) ?? []
  if (number === '') return undefined
  if (sign === '&') return place.forge === 'gitlab' ? epic(written, number, place) : undefined
  return inRepository(repositoryNamed(written, place), number, place)
}

function repositoryNamed(written: string, { forge, repository }: TicketPlace): readonly string[] {
  if (written === '') return repository
  if (notRepository.test(written)) return []
  const parts = written.split('/')
  // A host before the path, as in an address without its scheme.
  if (parts[0]?.includes('.') === true || parts.at(-1)?.toUpperCase() === 'PKCS') return []
  if (parts.length === 1 && notNames.has(written.toLowerCase())) return []
  if (forge === 'gitlab') return parts.length === 1 ? [...repository.slice(0, -1), ...parts] : parts
  return parts.length === 2 ? parts : []
}

function inRepository(
  repository: readonly string[],
  number: string,
  { forge, web }: TicketPlace,
): FoundTicket | undefined {
  if (repository.length < 2) return undefined
  const name = repository.join('/')
  const page = forge === 'gitlab' ? `${name}/-/issues/${number}` : `${name}/issues/${number}`
  const uri = web === undefined || forge === 'unknown' ? undefined : `${web}/${page}`
  return { system: forge, key: `${name}#${number}`, uri, rule: 'reference' }
}

function epic(written: string, number: string, { repository, web }: TicketPlace): FoundTicket | undefined {
  const group = written === '' ? repository.slice(0, -1).join('/') : written
  if (group === '') return undefined
  const uri = web === undefined ? undefined : `${web}/groups/${group}/-/epics/${number}`
  return { system: 'gitlab', key: `${group}&${number}`, uri, rule: 'reference' }
}
