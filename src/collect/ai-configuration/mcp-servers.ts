/**
 * MCP servers that a file names: the name of each, how it is spoken to, and the names of variables and headers. Commands, addresses and
 * values are not looked at: tokens stand in all of them.
 */
import { TomlError, parse as parseToml } from 'smol-toml'
import { CountersignError } from '../../errors.ts'
import type { McpServer } from '../../model/ai-configuration.ts'
import { isObject, memberAt, parseJsonText } from '../../model/json.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { byText } from '../../model/text-order.ts'
import { isUnpublishable } from '../redact/unpublishable.ts'
import { malformed } from '../config/place.ts'
import { parseYamlText } from '../../model/yaml/yaml-text.ts'
import { plainJson } from './json-with-comments.ts'

interface McpFile {
  readonly name: RegExp
  /** Places of what has a member, or an item with a `name`, for each server. */
  readonly members: readonly (readonly string[])[]
  /** Undefined for what is none of its form. */
  readonly parse: (contents: Buffer) => Json | undefined
  /** How it speaks of servers, where nearly all files of the name do not; others are not parsed. */
  readonly sign?: RegExp
  readonly otherwise: 'broken' | 'other-form'
}

/** The files that are read for servers, wherever they stand, and what they call them. */
const files: readonly McpFile[] = [
  {
    name: /(?:^|\/)\.?mcp(?:[-_]config)?\.jsonc?$/,
    members: [['mcpServers'], ['servers']],
    ...{ parse: jsonIn, otherwise: 'broken' },
  },
  {
    name: /(?:^|\/)settings(?:\.local)?\.json$/,
    members: [['mcpServers'], ['amp.mcpServers'], ['context_servers'], ['mcp', 'servers']],
    ...{ parse: jsonIn, otherwise: 'broken' },
  },
  { name: /(?:^|\/)(?:opencode\.jsonc?|\.?crush\.json)$/, members: [['mcp']], parse: jsonIn, otherwise: 'broken' },
  { name: /\.toml$/, members: [['mcp_servers']], parse: tomlIn, sign: /mcp_servers/, otherwise: 'broken' },
  // What YAML can say beyond plain values is not read, and cannot be told from what is broken.
  { name: /\.ya?ml$/, members: [['mcpServers']], parse: yamlIn, sign: /mcpServers/, otherwise: 'other-form' },
]

/** Whether contents of this path are to be kept for {@link readMcpServers}. */
export function mayNameServers(path: string): boolean {
  return files.some(({ name }) => name.test(path))
}

/** What came of a file: servers as they may be signed, and what is wrong. */
export interface ReadServers {
  readonly servers: readonly McpServer[]
  /** `broken`: it is not of its form; `other-form`: it names some in a form that is not read. */
  readonly problem?: 'broken' | 'other-form'
  /** Names that are none, or must not be signed, and stand nowhere. */
  readonly withheld: number
}

const none: ReadServers = { servers: [], withheld: 0 }
const decoder = new TextDecoder('utf-8', { fatal: true })

/** `contents` has at most `limits.mcpFileBytes`. */
export function readMcpServers(path: string, contents: Buffer): ReadServers {
  const file = files.find(({ name }) => name.test(path))
  if (file === undefined || file.sign?.test(contents.toString('latin1')) === false) return none
  const value = file.parse(contents)
  const named = file.members.map((it) => memberAt(value, ...it))
  if (!isObject(value) || named.some(hasProto)) return { ...none, problem: file.otherwise }
  const servers: McpServer[] = []
  let withheld = 0
  for (const all of named) {
    for (const [name, said] of namedIn(all)) {
      if (servers.length === limits.mcpServers) {
        withheld += 1
        continue
      }
      const { server, left } = serverOf(name, isObject(said) ? said : {})
      withheld += left
      if (server !== undefined) servers.push(server)
    }
  }
  return { servers, withheld }
}

/** Undefined for what is none: twice the same name, or `__proto__`, are none either. */
function jsonIn(contents: Buffer): Json | undefined {
  try {
    return parseJsonText(plainJson(decoder.decode(contents)), 'a configuration')
  } catch (thrown) {
    if (thrown instanceof CountersignError || thrown instanceof TypeError) return undefined
    throw thrown
  }
}

function tomlIn(contents: Buffer): Json | undefined {
  try {
    return parseToml(decoder.decode(contents)) as unknown as Json
  } catch (thrown) {
    if (thrown instanceof TomlError || thrown instanceof TypeError) return undefined
    throw thrown
  }
}

/** Whether servers, or what is said of one, are called so: it is no name, and JSON with it was refused before. */
function hasProto(servers: Json | undefined): boolean {
  if (typeof servers !== 'object' || servers === null) return false
  const within = Object.values(servers).filter(isObject)
  const all = [servers, ...within, ...within.flatMap((it) => Object.values(it).filter(isObject))]
  return all.some((it) => Object.hasOwn(it, '__proto__'))
}

function yamlIn(contents: Buffer): Json | undefined {
  try {
    return parseYamlText(contents, malformed).value as Json
  } catch (thrown) {
    if (thrown instanceof CountersignError) return undefined
    throw thrown
  }
}

/** By their names: members of an object, or items of a list. Of one that is there twice nothing but the name is told. */
function namedIn(servers: Json | undefined): (readonly [string, Json])[] {
  if (isObject(servers)) return Object.entries(servers)
  const items = Array.isArray(servers) ? (servers as readonly Json[]).filter(isObject) : []
  const byName = Map.groupBy(items, (it) => (typeof it['name'] === 'string' ? it['name'] : ''))
  return [...byName].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? null) : null])
}

function serverOf(name: string, said: JsonObject): { readonly server: McpServer | undefined; readonly left: number } {
  if (!isServerName(name)) return { server: undefined, left: 1 }
  const env = namesIn([said['env'], said['environment'], said['env_vars']], isVariable)
  const ofRequests = memberAt(said, 'requestOptions', 'headers')
  const headers = namesIn([said['headers'], said['http_headers'], said['env_http_headers'], ofRequests], isHeader)
  return {
    server: {
      ...{ name, transport: transportOf(said) },
      ...(env.names.length === 0 ? {} : { env: env.names }),
      ...(headers.names.length === 0 ? {} : { headers: headers.names }),
    },
    left: env.left + headers.left,
  }
}

/** Of objects the members, never what they hold; of lists the texts, for there they are the names. */
function namesIn(
  places: readonly (Json | undefined)[],
  isName: (text: string) => boolean,
): { readonly names: string[]; readonly left: number } {
  const all = new Set(
    places.flatMap((it) => {
      if (Array.isArray(it)) return (it as readonly Json[]).filter((one) => typeof one === 'string')
      return isObject(it) ? Object.keys(it) : []
    }),
  )
  const names = [...all].filter(isName).sort(byText).slice(0, limits.mcpNames)
  return { names, left: all.size - names.length }
}

function transportOf(said: JsonObject): 'stdio' | 'http' | 'unknown' {
  if (said['command'] !== undefined || said['type'] === 'local' || said['type'] === 'stdio') return 'stdio'
  const hasAddress = ['url', 'httpUrl', 'serverUrl'].some((it) => said[it] !== undefined)
  const isRemote = ['http', 'sse', 'streamable-http', 'streamableHttp', 'remote'].some((it) => said['type'] === it)
  return hasAddress || isRemote ? 'http' : 'unknown'
}

/** Printable ASCII: what may be anything else can look like another. */
function isServerName(text: string): boolean {
  return /^[A-Za-z0-9@._](?:[ -~]{0,98}[!-~])?$/.test(text) && !isUnpublishable(text)
}

function isVariable(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(text) && !isUnpublishable(text)
}

function isHeader(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,128}$/.test(text) && !isUnpublishable(text)
}
