/** What the configuration says that matters here: where the source comes from, and which programs it would start. */
import { gitFailure, runGit } from './process.ts'
import type { Git } from './process.ts'

export interface Settings {
  /** `remote.origin.url`. */
  readonly remote: string | undefined
  /** Filters of unknown origin, as the first part of their settings (`filter.name`). */
  readonly foreignFilters: readonly string[]
  /** `core.sparseCheckout`: the checkout may leave files out. */
  readonly sparse: boolean
}

const wanted = '^(core\\.sparsecheckout$|remote\\.origin\\.url$|filter\\.|lfs\\.extension\\.)'

/** Scopes that whoever can write into `.git`, or the environment, has a say in; the others are the owner's of the machine. */
const foreignScopes = new Set(['local', 'worktree', 'command'])

/**
 * One look at the whole configuration. A filter is foreign wherever it is defined: what ran before can write the
 * person's configuration as well. Git LFS is not, because `actions/checkout` writes exactly that filter, unless Git LFS is told to run extensions, which are programs again.
 * Error: `git-failed`.
 */
export async function readSettings(git: Git): Promise<Settings> {
  const settings = await settingsLike(git, wanted)
  const hasExtensions = settings.some(([scope, key]) => foreignScopes.has(scope) && key.startsWith('lfs.extension.'))
  const foreign = settings.filter(
    ([, key, value]) =>
      /^filter\..*\.(clean|process)$/s.test(key) &&
      (hasExtensions || !/^git-lfs (clean|filter-process)( --skip)?( -- %f)?$/.test(value)),
  )
  return {
    // The last word counts. Git itself writes `true`; what reads otherwise is no sparse checkout, so that a missing file is one.
    sparse: /^(true|yes|on|1)$/i.test(settings.findLast(([, key]) => key === 'core.sparsecheckout')?.[2] ?? ''),
    remote: settings.find(([, key]) => key === 'remote.origin.url')?.[2],
    foreignFilters: [...new Set(foreign.map(([, key]) => key.slice(0, key.lastIndexOf('.'))))],
  }
}

/** What the configuration says of remotes. */
export interface RemoteSettings {
  /** Name → the first address of it. */
  readonly urls: ReadonlyMap<string, string>
  /** `http.<url>.extraheader`, in the order in which they are read. */
  readonly headers: readonly { readonly url: string; readonly value: string }[]
}

/** Error: `git-failed`. */
export async function readRemoteSettings(git: Git): Promise<RemoteSettings> {
  const settings = await settingsLike(git, '^(remote\\..*\\.url|http\\..*\\.extraheader)$')
  const urls = new Map<string, string>()
  const headers: { url: string; value: string }[] = []
  for (const [, key, value] of settings) {
    const subsection = key.slice(key.indexOf('.') + 1, key.lastIndexOf('.'))
    if (key.startsWith('http.')) headers.push({ url: subsection, value })
    else if (!urls.has(subsection)) urls.set(subsection, value)
  }
  return { urls, headers }
}

async function settingsLike(
  git: Git,
  pattern: string,
): Promise<(readonly [scope: string, key: string, value: string])[]> {
  const args = ['config', '--null', '--show-scope', '--get-regexp', pattern]
  const answer = await runGit(git, args)
  if (answer.status !== 0 && answer.status !== 1) throw gitFailure(args, answer)
  const fields = answer.stdout.toString('utf8').split('\0')
  const settings: (readonly [scope: string, key: string, value: string])[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) settings.push([fields[at] ?? '', ...split(fields[at + 1] ?? '')])
  return settings
}

function split(setting: string): [key: string, value: string] {
  const at = setting.indexOf('\n')
  return at < 0 ? [setting, ''] : [setting.slice(0, at), setting.slice(at + 1)]
}

/**
 * Git without these filters: `git status` passes a file whose times changed through the `clean` filter of its attributes.
 * Without its filter a file looks changed, never unchanged. By the environment, because `-c name=value` cannot name a filter
 * with `=` in its name.
 */
export function withoutFilters(git: Git, filters: readonly string[]): Git {
  if (filters.length === 0) return git
  const first = Number(git.env['GIT_CONFIG_COUNT'] ?? 0) || 0
  const settings = filters.flatMap((filter): [string, string][] => [
    [`${filter}.clean`, ''],
    [`${filter}.process`, ''],
    [`${filter}.required`, 'false'],
  ])
  const variables = settings.flatMap(([key, value], index): [string, string][] => [
    [`GIT_CONFIG_KEY_${first + index}`, key],
    [`GIT_CONFIG_VALUE_${first + index}`, value],
  ])
  const count = String(first + settings.length)
  return { ...git, env: { ...git.env, ...Object.fromEntries(variables), GIT_CONFIG_COUNT: count } }
}
