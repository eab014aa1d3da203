/**
 * Folders: a person's own (XDG Base Directory Specification 0.8: a relative path does not count; on Windows below LOCALAPPDATA where XDG
 * says nothing), and how any is made.
 */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, posix, resolve, win32 } from 'node:path'
import type { Environment } from './environment.ts'

const kinds = {
  cache: ['XDG_CACHE_HOME', '.cache'],
  data: ['XDG_DATA_HOME', '.local/share'],
  state: ['XDG_STATE_HOME', '.local/state'],
} as const

interface Whose {
  readonly env: Environment
  readonly platform: NodeJS.Platform
}

/** The program's folder of a kind, which may not be there yet. */
export function ownFolder(kind: keyof typeof kinds, env: Environment, system: NodeJS.Platform): string {
  const path = system === 'win32' ? win32 : posix
  const [variable, below] = kinds[kind]
  const given = env[variable]
  if (given !== undefined && path.isAbsolute(given)) return path.join(given, 'countersign')
  if (system !== 'win32') return path.join(env['HOME'] ?? homedir(), below, 'countersign')
  const local = env['LOCALAPPDATA']
  const data =
    local !== undefined && path.isAbsolute(local) ? local : path.join(env['USERPROFILE'] ?? homedir(), 'AppData/Local')
  return path.join(data, 'countersign', kind)
}

/** Path of a file in it, on the system of the world. */
export function ownFile(kind: keyof typeof kinds, { env, platform }: Whose, ...below: readonly string[]): string {
  return (platform === 'win32' ? win32 : posix).join(ownFolder(kind, env, platform), ...below)
}

/** Any text as a part of a file name; `otherwise` where nothing of it is fit for one. */
export function fileName(text: string, otherwise: string): string {
  const name = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/\.+$/, '')
  // On Windows the latter are devices whatever stands behind a dot; files go from one system to another.
  return /^[.-]*$/.test(name) || /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(name) ? otherwise : name
}

/**
 * Makes a folder and those above it, for its owner alone; what is there stays. Step by step: Node's own way of making them all tries for
 * ever where the system says of a folder below one that is there that it cannot be (`/proc`). Throws what the system says.
 */
export function makeFolders(path: string): void {
  const missing: string[] = []
  for (let at = resolve(path); !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.push(at)
  for (const folder of missing.toReversed()) makeFolder(folder)
  // A file in its place is no folder that is there.
  if (missing.length === 0) makeFolder(resolve(path))
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (thrown) {
    // Somebody else may have made it meanwhile.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw thrown
  }
}
