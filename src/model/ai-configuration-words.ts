/** What is said of an AI configuration wherever it is shown, in the same words. */
import { oneLine } from '../one-line.ts'
import type { AiConfiguration, McpServer } from './ai-configuration.ts'
import { counted } from './counted.ts'

/** Whoever signs may name any number of tools, servers and variables. */
const shown = 20

/** `3 files (sha256:0123456789ab): any 1, claude-code 2; MCP servers: docs (http), github (stdio, env GITHUB_TOKEN)`. */
export function aiConfigurationWords(configuration: AiConfiguration): string {
  const { digest, tools, mcpServers, unread = 0 } = configuration
  return [
    `${entryWords(configuration)} (sha256:${name(digest.sha256).slice(0, 12)}): ${listed(
      Object.entries(tools).map(([tool, count]) => `${name(tool)} ${count}`),
    )}`,
    ...(mcpServers.length === 0 ? [] : [`MCP servers: ${listed(mcpServers.map(serverWords))}`]),
    ...(unread === 0 ? [] : [`${counted(unread, 'file')} that may name more servers could not be read`]),
  ].join('; ')
}

function entryWords({ files, links = 0, submodules = 0 }: AiConfiguration): string {
  return [
    counted(files, 'file'),
    ...(links === 0 ? [] : [counted(links, 'link')]),
    ...(submodules === 0 ? [] : [counted(submodules, 'submodule')]),
  ].join(', ')
}

function serverWords({ name: server, transport, env = [], headers = [] }: McpServer): string {
  const parts = [
    name(transport),
    ...(env.length === 0 ? [] : [`env ${listed(env.map(name), ' ')}`]),
    ...(headers.length === 0 ? [] : [`headers ${listed(headers.map(name), ' ')}`]),
  ]
  return `${name(server)} (${parts.join(', ')})`
}

function listed(words: readonly string[], separator = ', '): string {
  const rest = words.length - shown
  return `${words.slice(0, shown).join(separator)}${rest > 0 ? ` and ${rest} more` : ''}`
}

function name(text: string): string {
  return oneLine(text.slice(0, 100))
}
