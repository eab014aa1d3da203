/**
 * Hooks that git's configuration names (git-config(1), `hook.<friendly-name>.command` and `.event`, from git 2.54 on): no file is
 * touched, and what a folder of hooks has runs after them.
 */
import { CountersignError } from '../../errors.ts'
import { askGit } from './ask-git.ts'
import type { GitPlace } from './ask-git.ts'
import { runnerPath } from './hook-scripts.ts'
import type { GitHook } from './hook-scripts.ts'

/** Settings of the configuration for a hook. Error: `usage` where git has no such hooks. */
export function configHooks(hook: GitHook, git: GitPlace): readonly (readonly [key: string, value: string])[] {
  const version = askGit(git, ['version']) ?? ''
  if (!hasConfigHooks(version)) {
    throw new CountersignError(
      'usage',
      `hooks that the configuration names need git 2.54; this is ${version.slice(0, 40)}`,
    )
  }
  return configHookSettings(hook)
}

export function configHookSettings(hook: GitHook): readonly (readonly [key: string, value: string])[] {
  const name = `hook.countersign-${hook}`
  // Git runs it with `sh -c` and puts the arguments of the hook behind it. Where the runner is gone nothing may be stopped.
  return [
    [`${name}.event`, hook],
    [`${name}.command`, `h=${runnerPath}; [ ! -x "$h" ] || "$h" ${hook}`],
  ]
}

export function hasConfigHooks(version: string): boolean {
  const [, major = '0', minor = '0'] = /^git version (\d{1,4})\.(\d{1,4})/.exec(version) ?? []
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 54)
}
