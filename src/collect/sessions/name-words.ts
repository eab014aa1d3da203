/**
 * How many words of a language stand in a short text that should be a name or an id. Whoever writes a record chooses what stands there, and
 * what is signed stays for ever: an id has few words, a sentence has many.
 */
import { anySettings, claude, families, providers, providerWords } from './model-families.ts'

/** Words that names of models are made of, and those of channels that gateways put before them. */
const ofModels: ReadonlySet<string> = new Set([
  ...families.flatMap(({ name, words, settings }) => [name, ...words, ...settings]),
  ...anySettings,
  ...[...providers, ...providerWords].flatMap((it) => it.toLowerCase().split(/[^a-z0-9]+/)),
  ...['claude', ...claude.variants, 'alpha', 'beta', 'accounts', 'models', 'apac', 'global', 'instruct', 'coder'],
  ...['chat', 'reasoning', 'thinking', 'vision', 'million', 'preview'],
])

/** Words that stand behind the numbers of a version. */
const ofVersions: ReadonlySet<string> = new Set([
  ...['alpha', 'beta', 'rc', 'dev', 'pre', 'preview', 'nightly', 'canary', 'snapshot', 'insider', 'insiders', 'next'],
  ...['stable', 'release', 'latest', 'test', 'local', 'dirty', 'main', 'build', 'git', 'post', 'exp', 'experimental'],
])

/** A name that nobody here knows has two words beside those that all names are made of (`sonoma-sky-alpha`). */
export function hasWordsOfModel(name: string): boolean {
  return wordsIn(name, ofModels) <= 2
}

/** A branch, at most (`1.2.0-dev.feature`). */
export function hasWordsOfVersion(version: string): boolean {
  return wordsIn(version, ofVersions) <= 1
}

/** What it is the id of, and whose (`agent-compact-9f3c`). */
export function hasWordsOfId(id: string): boolean {
  return wordsIn(id, new Set()) <= 2
}

/** Letters of a word; a longer one is several that somebody has put together. */
const longest = 12

/** `thisWay` is two words; in an id of many signs it is chance. */
const humps = /(?<=\p{Ll})(?=\p{Lu}\p{Ll})/u

/** Digits behind letters make no id of a word (`hunter2`); digits among them do, as hexadecimal ones do (`deadbeef`, `a1b2c3`). */
function wordsIn(name: string, known: ReadonlySet<string>): number {
  const parts = name.split(/[^\p{L}\p{N}]+/u).flatMap((it) => (known.size === 0 ? it : it.split(humps)))
  const words = parts.filter((it) => /^\p{L}{2,}\d{0,4}$/u.test(it) && !/^(?:[0-9a-f]{6,}|v\d*)$/.test(it))
  return words
    .filter((it) => !known.has(it.toLowerCase()) && !known.has(it.toLowerCase().replace(/\d+$/, '')))
    .reduce((sum, it) => sum + Math.ceil(it.length / longest), 0)
}
