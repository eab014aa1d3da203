/**
 * The AI configuration of a commit: its tree is walked and what lies in the places is hashed, never what lies in the work tree. A link is
 * hashed as what it says, and leads nowhere.
 */
import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { CountersignError } from '../../errors.ts'
import { aiConfigurationEdition } from '../../model/ai-configuration.ts'
import type { CollectedAiConfiguration, ConfigurationEntry, McpServer } from '../../model/ai-configuration.ts'
import { sha256Hex } from '../../model/digest.ts'
import { limits } from '../../model/limits.ts'
import { byText } from '../../model/text-order.ts'
import { readBlobParts } from '../git/blob-parts.ts'
import type { Repository } from '../git/repository.ts'
import { walkTrees } from '../git/trees.ts'
import type { TreeEntry } from '../git/trees.ts'
import { isUnpublishablePath } from '../redact/unpublishable.ts'
import type { AiConfigurationCode } from './findings.ts'
import { mayNameServers, readMcpServers } from './mcp-servers.ts'
import type { ReadServers } from './mcp-servers.ts'
import { isPlace, kindAt, toolAt } from './places.ts'
import { sumLine } from './sum-line.ts'

export type ReadAiConfiguration =
  /** `undefined`: the tree has none. */
  | { readonly configuration: CollectedAiConfiguration | undefined; readonly findings: readonly FoundInConfiguration[] }
  /** Nobody can say what its digest is. */
  | { readonly couldNotLook: string }

export interface FoundInConfiguration {
  readonly code: AiConfigurationCode
  /** A path of the repository. */
  readonly detail: string
}

/** What is read at most; default: `limits`. */
export type Bounds = Pick<typeof limits, 'aiConfigurationFiles' | 'aiConfigurationBytes'>

/** Error: `object-altered`. */
export async function readAiConfiguration(
  repository: Repository,
  commit: string,
  bounds: { readonly [name in keyof Bounds]: number } = limits,
): Promise<ReadAiConfiguration> {
  try {
    const entries = await entriesOf(repository, commit, bounds.aiConfigurationFiles)
    if (entries.length === 0) return { configuration: undefined, findings: [] }
    const contents = await readContents(repository, entries, bounds.aiConfigurationBytes)
    return summarise(entries, contents)
  } catch (thrown) {
    if (repository.git.signal?.aborted === true) throw thrown
    if (!(thrown instanceof CountersignError) || !['git-failed', 'input-too-large'].includes(thrown.code)) throw thrown
    return { couldNotLook: thrown.message }
  }
}

/** In the order in which they are hashed. Errors: `input-too-large`, and those of `walkTrees`. */
async function entriesOf(repository: Repository, commit: string, most: number): Promise<readonly TreeEntry[]> {
  const entries: TreeEntry[] = []
  await walkTrees(repository, commit, (entry) => {
    if (entry.type !== 'tree' && isPlace(entry.path)) {
      entries.push(entry)
      if (entries.length > most) throw new CountersignError('input-too-large', `there are more than ${most} files`)
    }
    return entry.type === 'tree'
  })
  return entries.sort((a, b) => byText(a.path, b.path) || byText(a.id, b.id))
}

interface Contents {
  /** By the id of the object. */
  readonly sums: ReadonlyMap<string, string>
  /** By path. */
  readonly servers: ReadonlyMap<string, ReadServers>
}

/** Each object once, whatever it is called. Errors: `input-too-large`, `git-failed` (one is missing), `object-altered`. */
async function readContents(
  repository: Repository,
  entries: readonly TreeEntry[],
  mostBytes: number,
): Promise<Contents> {
  const pathsOf = Map.groupBy(entries.filter(isServerFile), ({ id }) => id)
  const ids = [...new Set(entries.filter(({ type }) => type === 'blob').map(({ id }) => id))]
  const sums = new Map<string, string>()
  const servers = new Map<string, ReadServers>()
  let all = 0
  let hash: Hash = createHash('sha256')
  let parts: Buffer[] | undefined
  await readBlobParts(repository, ids, {
    wants(index, bytes) {
      all += bytes
      if (all > mostBytes) throw new CountersignError('input-too-large', `its files have more than ${mostBytes} bytes`)
      hash = createHash('sha256')
      parts = pathsOf.has(ids[index] ?? '') && bytes <= limits.mcpFileBytes ? [] : undefined
      return true
    },
    part(_, bytes) {
      hash.update(bytes)
      parts?.push(Buffer.from(bytes))
    },
    end(index, outcome) {
      const id = ids[index] ?? ''
      if (outcome !== 'whole') throw new CountersignError('git-failed', `the object ${id} is missing`)
      sums.set(id, hash.digest('hex'))
      const contents = parts === undefined ? undefined : Buffer.concat(parts)
      // Read at once: all of them together could be more than anybody holds.
      for (const { path } of pathsOf.get(id) ?? []) servers.set(path, readServers(path, contents))
    },
  })
  return { sums, servers }
}

/** Undefined: of one that is too large for what it should be. */
function readServers(path: string, contents: Buffer | undefined): ReadServers {
  return contents === undefined ? { servers: [], problem: 'broken', withheld: 0 } : readMcpServers(path, contents)
}

function isServerFile({ path, mode, type }: TreeEntry): boolean {
  return type === 'blob' && mode !== linkMode && mayNameServers(path)
}

const linkMode = '120000'

function summarise(entries: readonly TreeEntry[], { sums, servers }: Contents): ReadAiConfiguration {
  const digest = createHash('sha256')
  const listing = entries.map((entry): ConfigurationEntry => {
    const row = rowOf(entry, sums)
    digest.update(Buffer.from(sumLine({ ...row, path: entry.path }), 'latin1'))
    return row
  })
  const { findings, unread, ...named } = gather(servers)
  const count = (entry: ConfigurationEntry['entry']): number => listing.filter((it) => it.entry === entry).length
  const [links, submodules] = [count('link'), count('submodule')]
  const configuration: CollectedAiConfiguration = {
    edition: aiConfigurationEdition,
    digest: { sha256: digest.digest('hex') },
    files: count('file'),
    ...(links === 0 ? {} : { links }),
    ...(submodules === 0 ? {} : { submodules }),
    kinds: countsOf(listing.map(({ kind }) => kind)),
    tools: countsOf(listing.map(({ tool }) => tool)),
    ...named,
    ...(unread === 0 ? {} : { unread }),
    listing,
  }
  return { configuration, findings }
}

interface Gathered {
  readonly mcpServers: McpServer[]
  readonly unread: number
  readonly findings: readonly FoundInConfiguration[]
}

/** By path, so that of too many it is always the same ones that are told. */
function gather(files: ReadonlyMap<string, ReadServers>): Gathered {
  const servers = new Map<string, McpServer>()
  const findings: FoundInConfiguration[] = []
  for (const [path, read] of [...files].sort(([a], [b]) => byText(a, b))) {
    const detail = shownPath(path) ?? 'a path that must not be shown'
    let left = read.withheld
    for (const it of read.servers) {
      const key = JSON.stringify(it)
      if (servers.size < limits.mcpServers) servers.set(key, it)
      else if (!servers.has(key)) left += 1
    }
    if (left > 0) findings.push({ code: 'ai-configuration-withheld', detail: `${detail}: ${left}` })
    if (read.problem !== undefined) findings.push({ code: `ai-configuration-${read.problem}`, detail })
  }
  return {
    mcpServers: [...servers].sort(([a], [b]) => byText(a, b)).map(([, it]) => it),
    unread: [...files.values()].filter(({ problem }) => problem !== undefined).length,
    findings,
  }
}

function shownPath(path: string): string | undefined {
  const shown = Buffer.from(path, 'latin1').toString('utf8')
  return isUnpublishablePath(shown) ? undefined : shown
}

function rowOf({ path, type, mode, id }: TreeEntry, sums: ReadonlyMap<string, string>): ConfigurationEntry {
  const shown = shownPath(path)
  return {
    ...(shown === undefined ? {} : { path: shown }),
    entry: type === 'commit' ? 'submodule' : mode === linkMode ? 'link' : 'file',
    sha256: type === 'commit' ? sha256Hex(Buffer.from(id)) : (sums.get(id) ?? ''),
    ...{ kind: kindAt(path), tool: toolAt(path) },
  }
}

function countsOf(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([a], [b]) => byText(a, b)))
}
