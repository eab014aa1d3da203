/** Where the tools lie: one folder per tool and version, outside the clone, kept from run to run. */
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { toolNamed } from './versions.ts'
import type { Tool, ToolName } from './versions.ts'

export function cacheFolder(env = process.env): string {
  const own = env['COUNTERSIGN_PEERS_CACHE']
  return own ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'countersign-peers')
}

export function toolFolder(tool: Tool): string {
  return join(cacheFolder(), `${tool.name}@${tool.version}`)
}

/** Path of the program; it need not be there. */
export function programPath(tool: Tool): string {
  const folder = toolFolder(tool)
  switch (tool.kind) {
    case 'python':
      return join(folder, 'bin', tool.command)
    case 'python-source':
      return join(folder, 'bin', 'python')
    case 'python-file':
      return join(folder, basename(tool.keeps))
    case 'npm':
      return join(folder, 'node_modules', tool.program)
    case 'maven':
      return join(folder, `${tool.jar}-${tool.version}.jar`)
    default:
      return join(folder, tool.name)
  }
}

/** Where the file lies that is kept of a tool's module, or its source; undefined where neither is. */
export function keptPath(tool: Tool): string | undefined {
  if (tool.kind === 'python-source') return join(toolFolder(tool), 'source')
  return tool.kind === 'go' && tool.keeps !== undefined ? join(toolFolder(tool), basename(tool.keeps)) : undefined
}

/** Written by a failed installation, so that the table can say why a client is missing. */
export function absenceFile(tool: Tool): string {
  return `${toolFolder(tool)}.absent`
}

export function isInstalled(tool: Tool): boolean {
  return existsSync(programPath(tool)) && existsSync(keptPath(tool) ?? toolFolder(tool))
}

/** Path of a tool that must be there. */
export function program(name: ToolName): string {
  const tool = toolNamed(name)
  if (isInstalled(tool)) return programPath(tool)
  throw new Error(`${tool.title} ${tool.version} is not installed (${absenceOf(tool)}): run npm run test:peers`)
}

export function absenceOf(tool: Tool): string {
  return existsSync(absenceFile(tool)) ? readFileSync(absenceFile(tool), 'utf8').trim() : 'never tried'
}
