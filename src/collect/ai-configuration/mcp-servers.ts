/**
 * MCP servers that a file names: the name of each, how it is spoken to, and the names of variables and headers. Commands, addresses and
 * values are not looked at: tokens stand in all of them.
 */
import { CountersignError } from '../../errors.ts'
import type { McpServer } from '../../model/ai-configuration.ts'
import { isObject, memberAt, parseJsonText } from '../../model/json.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { byText } from '../../model/text-order.ts'
import { isUnpublishable } from '../redact/unpublishable.ts'
import { plainJson } from './json-with-comments.ts'

interface McpFile {
  readonly name: RegExp
  /** Places of objects that have a member for each server. */
  readonly members: readonly (readonly string[])[]
}

/** The files that are read for servers, wherever they stand, and what they call them. */
const jsonFiles: readonly McpFile[] = [
  { name: /(?:^|\/)\.?mcp(?:[-_]config)?\.jsonc?$/, members: [['mcpServers'], ['servers']] },
  {
    name: /(?:^|\/)settings(?:\.local)?\.json$/,
    members: [['mcpServers'], ['amp.mcpServers'], ['context_servers'], ['mcp', 'servers']],
  },
  { name: /(?:^|\/)(?:opencode\.jsonc?|\.?crush\.json)$/, members: [['mcp']] },
]

/** Forms that are not read, and how they begin to speak of servers. */
const otherForms: readonly (readonly [RegExp, RegExp])[] = [
  [/\.toml$/, /\bmcp_servers\b/],
  [/\.ya?ml$/, /^[ \t-]*["']?mcpServers["']?[ \t]*:/m],
]

/** Whether contents of this path are to be kept for {@link readMcpServers}. */
export function mayNameServers(path: string): boolean {
  return jsonFiles.some(({ name }) => name.test(path)) || otherForms.some(([name]) => name.test(path))
}

/** What came of a file: servers as they may be signed, and what is wrong. */
export interface ReadServers {
  readonly servers: readonly McpServer[]
  /** `broken`: it is no such JSON; `other-form`: it names some in a form that is not read. */
  readonly problem?: 'broken' | 'other-form'
  /** Names that are none, or must not be signed, and stand nowhere. */
  readonly withheld: number
}

const none: ReadServers = { servers: [], withheld: 0 }
const decoder = new TextDecoder('utf-8', { fatal: true })

/** `contents` has at most `limits.mcpFileBytes`. */
export function readMcpServers(path: string, contents: Buffer): ReadServers {
  const file = jsonFiles.find(({ name }) => name.test(path))
  if (file === undefined) {
    const text = contents.toString('latin1')
    const names = otherForms.some(([name, sign]) => name.test(path) && sign.test(text))
    return names ? { ...none, problem: 'other-form' } : none
  }
  const json = jsonIn(contents)
  if (!isObject(json)) return { ...none, problem: 'broken' }
  const servers: McpServer[] = []
  let withheld = 0
  for (const place of file.members) {
    const named = memberAt(json, ...place)
    if (!isObject(named)) continue
    for (const [name, said] of Object.entries(named)) {
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

function serverOf(name: string, said: JsonObject): { readonly server: McpServer | undefined; readonly left: number } {
  if (!isServerName(name)) return { server: undefined, left: 1 }
  const env = namesIn([said['env'], said['environment']], isVariable)
  const headers = namesIn([said['headers'], said['http_headers']], isHeader)
  return {
    server: {
      ...{ name, transport: transportOf(said) },
      ...(env.names.length === 0 ? {} : { env: env.names }),
      ...(headers.names.length === 0 ? {} : { headers: headers.names }),
    },
    left: env.left + headers.left,
  }
}

function namesIn(
  objects: readonly (Json | undefined)[],
  isName: (text: string) => boolean,
): { readonly names: string[]; readonly left: number } {
  const all = new Set(objects.flatMap((it) => (isObject(it) ? Object.keys(it) : [])))
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
