/**
 * Which program runs: that of the search path, never one that lies in the folder it is started in, where a commit can put one.
 * A relative or empty entry of the path means just that folder, and on Windows it is searched before the path (libuv asks the
 * environment of this process, not that of the child, whether it should be).
 */
import { statSync } from 'node:fs'
import { posix, win32 } from 'node:path'
import type { Environment } from './environment.ts'

/** The name under which an environment holds its search path: Windows writes `Path`, and compares without case. */
export function nameOfPath(env: Environment, platform: NodeJS.Platform): string {
  if (platform !== 'win32') return 'PATH'
  return Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
}

/** The search path without relative and empty entries; undefined if none is left, and then the system has a path of its own. */
export function absoluteSearchPath(env: Environment, platform: NodeJS.Platform): string | undefined {
  const entries = entriesOf(env, platform)
  return entries.length === 0 ? undefined : entries.join(delimiterOf(platform))
}

/**
 * What to start: the name itself, on Windows the path of the first `<name>.exe` on the search path; undefined if none is there.
 * The system looks the name up in the environment of the child, so that must have an absolute search path.
 */
export function programOnPath(
  name: string,
  env: Environment,
  platform: NodeJS.Platform,
  isFile: (path: string) => boolean = isFileHere,
): string | undefined {
  if (platform !== 'win32') return name
  return entriesOf(env, platform)
    .map((folder) => win32.join(folder, `${name}.exe`))
    .find(isFile)
}

function entriesOf(env: Environment, platform: NodeJS.Platform): string[] {
  const path = env[nameOfPath(env, platform)] ?? ''
  const entries = path.split(delimiterOf(platform))
  if (platform !== 'win32') return entries.filter((it) => posix.isAbsolute(it))
  // `\bin` is absolute for win32.isAbsolute, but leads to the drive of the folder.
  return entries.map((it) => it.replace(/^"(.*)"$/, '$1')).filter((it) => /^(?:[A-Za-z]:[\\/]|\\\\)/.test(it))
}

function delimiterOf(platform: NodeJS.Platform): string {
  return platform === 'win32' ? win32.delimiter : posix.delimiter
}

function isFileHere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
