/**
 * Rows of an organisation's own tools, judged: whoever can commit could have written them. The table of tools lets no row take what
 * is another tool's (`toolTable`); here whoever tries it, or claims what is everybody's, is told so. What is left is a claim like
 * any other, and the ids of these tools are signed.
 */
import { CountersignError } from '../../errors.ts'
import { configPath } from '../../model/evidence-config.ts'
import type { OwnTool } from '../../model/evidence-config.ts'
import { claude } from '../sessions/model-families.ts'
import { isFamily } from '../sessions/model-words.ts'
import { isProvider, knownModelName } from '../sessions/models.ts'
import type { ToolRow } from '../sessions/tool-row.ts'
import { knownTools, toolNameIn, unknownTool } from '../sessions/tools.ts'
import { placeWords } from './place.ts'
import type { Place } from '../../model/yaml/place.ts'

/** Rows as the table takes them. */
export function toolRows(tools: readonly OwnTool[]): ToolRow[] {
  return tools.map(({ id, names = [], addresses, accounts, role, sites, branches, authorMark }) => {
    const isSingle = (name: string): boolean => !name.includes('-')
    return {
      id,
      names: names.filter((it) => !isSingle(it)),
      // One word can be the name of a person: in words alone it says nothing.
      firstNames: [id, ...names].filter((it) => isSingle(it) && knownTools.id(it) === undefined),
      ...(addresses === undefined ? {} : { addresses }),
      ...(accounts === undefined
        ? {}
        : { accounts: accounts.map((it) => ({ id: it.id, ...(it.login === undefined ? {} : { login: it.login }) })) }),
      ...(role === undefined ? {} : { role }),
      ...(sites === undefined ? {} : { sites }),
      ...(branches === undefined ? {} : { branches }),
      ...(authorMark === undefined ? {} : { authorMark }),
      source: configPath,
    }
  })
}

/** Those under which machines of a forge act for anybody. */
const everybodysAddresses = ['noreply@github.com', 'actions@github.com', 'noreply@gitlab.com', 'git@github.com']
/** The same by number: web-flow, github-actions, dependabot, renovate. */
const everybodysAccounts = [19864447, 41898282, 49699333, 29139614]
/** Hosts where anybody has a place of their own, two steps below. */
const everybodysHosts = [
  ...['github.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org', 'dev.azure.com', 'git.sr.ht'],
  ...['google.com', 'docs.google.com', 'medium.com', 'npmjs.com', 'pypi.org', 'wikipedia.org', 'en.wikipedia.org'],
]
/** How people and release robots begin their branches. */
const everybodysBranches = new Set([
  ...[
    'feature',
    'features',
    'feat',
    'fix',
    'fixes',
    'bug',
    'bugfix',
    'hotfix',
    'chore',
    'docs',
    'doc',
    'test',
    'tests',
  ],
  ...[
    'refactor',
    'perf',
    'style',
    'build',
    'ci',
    'revert',
    'release',
    'releases',
    'main',
    'master',
    'trunk',
    'develop',
  ],
  ...['dev', 'next', 'topic', 'task', 'user', 'users', 'wip', 'support', 'staging', 'backport', 'stable', 'pr', 'pull'],
  ...['dependabot', 'renovate', 'gh-readonly-queue', 'merge-queue', 'origin', 'upstream', 'remotes', 'refs', 'heads'],
])

type At = (path: readonly PropertyKey[]) => Place

/** Error: `config-refused`, with the place of the first part that is refused. */
export function refuseTaking(tools: readonly OwnTool[], at: At): void {
  const ownerOf = new Map<string, string>()
  for (const [index, tool] of tools.entries()) {
    const here: At = (path) => at([index, ...path])
    const claim = (kind: string, value: string, path: readonly PropertyKey[]): void => {
      const key = `${kind} ${value}`
      if (ownerOf.has(key)) throw refused(here(path), 'it stands in this file twice')
      ownerOf.set(key, tool.id)
    }
    claim('name', tool.id, ['id'])
    refuseName(tool.id, tool.id, here(['id']))
    for (const [part, owner] of partsOf(tool)) {
      const place = here(part.path)
      if (part.kind === 'name') refuseName(part.value, tool.id, place)
      if (owner !== undefined && owner !== tool.id) throw refused(place, `it is ${owner}’s`)
      if (part.isEverybodys) throw refused(place, 'it is everybody’s')
      claim(part.kind, part.value, part.path)
    }
  }
}

interface Part {
  readonly kind: 'name' | 'address' | 'account' | 'login' | 'site' | 'branch' | 'mark'
  readonly value: string
  readonly path: readonly PropertyKey[]
  readonly isEverybodys: boolean
}

/** All that a row claims, each with the known tool whose it is. */
function* partsOf(tool: OwnTool): Generator<readonly [Part, string | undefined]> {
  for (const [index, value] of (tool.names ?? []).entries()) {
    yield [{ kind: 'name', value, path: ['names', index], isEverybodys: false }, knownTools.id(value)]
  }
  for (const [index, value] of (tool.addresses ?? []).entries()) {
    // Of an account on GitHub the number decides, which an address could be written around.
    const isEverybodys = everybodysAddresses.includes(value) || value.endsWith('@users.noreply.github.com')
    yield [{ kind: 'address', value, path: ['addresses', index], isEverybodys }, knownTools.ofAddress(value)?.tool]
  }
  for (const [index, { id, login }] of (tool.accounts ?? []).entries()) {
    const owner = knownTools.ofAddress(`${id}+${login ?? 'x'}@users.noreply.github.com`)?.tool
    const isEverybodys = everybodysAccounts.includes(id)
    yield [{ kind: 'account', value: String(id), path: ['accounts', index, 'id'], isEverybodys }, owner]
    if (login === undefined) continue
    yield [
      { kind: 'login', value: login, path: ['accounts', index, 'login'], isEverybodys: false },
      knownTools.ofAccount(`@${login}`),
    ]
  }
  for (const [index, value] of (tool.sites ?? []).entries()) {
    const [host = '', ...steps] = value.split('/')
    const isEverybodys = everybodysHosts.includes(host.replace(/^www\./, '')) && steps.length < 2
    yield [{ kind: 'site', value, path: ['sites', index], isEverybodys }, knownTools.ofSite(value)]
  }
  for (const [index, value] of (tool.branches ?? []).entries()) {
    const isEverybodys = everybodysBranches.has(value.split('/')[0] ?? '')
    yield [{ kind: 'branch', value, path: ['branches', index], isEverybodys }, knownTools.ofBranch(`${value}1`)]
  }
  if (tool.authorMark !== undefined) {
    const value = tool.authorMark
    yield [{ kind: 'mark', value, path: ['authorMark'], isEverybodys: false }, knownTools.ofAuthorName(`Ann ${value}`)]
  }
}

/**
 * A name that holds another tool's (`cursor-claude`) would be read before it, and one that is a model's instead of it. As it is
 * compared it must be written: a version behind it (`-2`) never is.
 */
function refuseName(name: string, id: string, place: Place): void {
  if (name === unknownTool || toolNameIn(name) !== name) throw refused(place, 'it can be the name of no tool')
  const owner = knownTools.id(name)
  if (owner !== undefined && owner !== id) throw refused(place, `it is ${owner}’s`)
  if (owner !== undefined) return
  const isVariant = claude.variants.some((it) => it === name)
  if (isVariant || isFamily(name) || isProvider(name) || knownModelName(name.replaceAll('-', ' ')) !== undefined) {
    throw refused(place, 'it is a model’s, or of who runs models')
  }
  const steps = name.split('-')
  for (let from = 0; from < steps.length; from += 1) {
    for (let to = from + 1; to <= steps.length; to += 1) {
      const part = steps.slice(from, to).join('-')
      const within = knownTools.id(part)
      if (within === undefined || within === id || knownTools.kindOfName(part) === 'first-name') continue
      throw refused(place, `it holds the name of ${within}`)
    }
  }
}

function refused(place: Place, reason: string): CountersignError {
  return new CountersignError('config-refused', `${placeWords(place)}: ${reason}`)
}
