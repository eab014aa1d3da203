/** The folder that a session works in, as its own rows tell it. Pure. */

/** A path in its steps. */
export interface FolderSteps {
  readonly steps: readonly string[]
  /** Of Windows, also as another system mounts its disk: `c`. */
  readonly drive: string | undefined
  /** How many of its steps are the home folder of a person; 0: it lies in none. */
  readonly home: number
}

/** What tools call it; the first that is told counts. */
const names: ReadonlySet<string> = new Set([
  ...['cwd', 'workdir', 'working_directory', 'workingDirectory', 'current_working_directory', 'workspaceDirectory'],
  ...['workspacePath', 'workspaceFolder', 'worktree_path', 'worktreePath', 'gitRoot', 'projectPath', 'project_path'],
  ...['directory', 'rootPath'],
])
/** What a model was given or said, in which any name stands for anything. */
const others: ReadonlySet<string> = new Set([
  ...['input', 'args', 'arguments', 'parameters', 'params', 'content', 'parts', 'toolCalls', 'tool_calls', 'messages'],
  ...['toolUseResult', 'response', 'history', 'requests', 'metadata'],
])
const deepest = 5

/** Undefined where the row tells none. */
export function workingFolderIn(row: unknown, depth = 0): string | undefined {
  if (typeof row !== 'object' || row === null || depth > deepest) return undefined
  if (Array.isArray(row)) {
    for (const it of (row as readonly unknown[]).slice(0, 4)) {
      const found = workingFolderIn(it, depth + 1)
      if (found !== undefined) return found
    }
    return undefined
  }
  for (const [name, it] of Object.entries(row)) {
    if (typeof it === 'string') {
      if (isFolder(it) && (names.has(name) || (name === 'uri' && it.startsWith('file://')))) return it
    } else if (!others.has(name)) {
      const found = workingFolderIn(it, depth + 1)
      if (found !== undefined) return found
    }
  }
  return undefined
}

const longestFolder = 1_024

function isFolder(text: string): boolean {
  return (
    text.length <= longestFolder && /^(?:file:\/\/\/|\/|[A-Za-z]:[\\/])[^/\\\s]/.test(text) && !/[\n\r\0]/.test(text)
  )
}

/** Where systems keep what is nobody's: in such a folder itself nobody works. */
const ofSystem =
  /^(?:bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|private|proc|root|run|sbin|srv|sys|tmp|usr|var|users|volumes|library|system|applications|windows|program files)$/i

/** Undefined for one that is none of a session: a disk as a whole, or a folder of a system. */
export function folderSteps(folder: string): FolderSteps | undefined {
  const path = folder.startsWith('file://')
    ? decoded(folder.slice('file://'.length).replace(/^\/(?=[a-z]:)/i, ''))
    : folder
  const [, disk, mounted, rest = ''] =
    /^(?:([A-Za-z]):(?=[\\/])|\/(?:(?:mnt|cygdrive|host_mnt)\/)?([A-Za-z])(?=\/))?(.*)$/s.exec(path) ?? []
  const steps = rest.split(/[\\/]+/).filter((it) => it !== '' && it !== '.')
  if (steps.includes('..') || steps.length > 64 || (steps.length === 1 && ofSystem.test(steps[0] ?? '')))
    return undefined
  if (steps.length === 0) return undefined
  return { steps, drive: (disk ?? mounted)?.toLowerCase(), home: homeSteps(steps) }
}

function homeSteps(steps: readonly string[]): number {
  if (steps[0] === 'root') return 1
  const at = steps.findIndex((it) => /^(?:home|users)$/i.test(it))
  return at < 0 || at > 3 || steps.length < at + 2 ? 0 : at + 2
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
