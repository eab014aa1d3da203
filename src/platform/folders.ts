/** A person's own folders (XDG Base Directory Specification 0.8: a relative path does not count). */
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Environment } from './environment.ts'

const kinds = {
  cache: ['XDG_CACHE_HOME', '.cache'],
  data: ['XDG_DATA_HOME', '.local/share'],
  state: ['XDG_STATE_HOME', '.local/state'],
} as const

/** The program's folder of a kind, which may not be there yet. */
export function ownFolder(kind: keyof typeof kinds, env: Environment): string {
  const [variable, below] = kinds[kind]
  const given = env[variable]
  const folder = given !== undefined && isAbsolute(given) ? given : join(env['HOME'] ?? homedir(), below)
  return join(folder, 'countersign')
}

/** Any text as a part of a file name; `otherwise` where nothing of it is fit for one. */
export function fileName(text: string, otherwise: string): string {
  const name = text.replace(/[^A-Za-z0-9._-]+/g, '-')
  return name === '' || /^[.-]+$/.test(name) ? otherwise : name
}
