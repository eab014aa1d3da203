/** Where the hooks of a clone go: what git runs today stays what it runs. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { isBelow } from '../../platform/links.ts'
import { askGit } from './ask-git.ts'
import type { Clone } from './ask-git.ts'

/**
 * - `own`: scripts of ours in git's folder, beside or in front of what is there
 * - `joined`: parts of scripts that lie in the checkout (`core.hooksPath`), for a team's, husky's among them
 * - `passing`: a folder of ours that runs first what another folder of this machine has, which other clones use as well
 */
export interface HookPlace {
  readonly kind: 'own' | 'joined' | 'passing'
  readonly folder: string
  /** Of `passing`: the folder that git looked into before. */
  readonly before?: string
}

/** Hooks that a folder of another may have, beside those that it has now. */
const passed = [
  ...['applypatch-msg', 'pre-applypatch', 'post-applypatch', 'pre-commit', 'pre-merge-commit', 'pre-rebase'],
  ...['post-checkout', 'post-merge'],
]

export function hookPlace({ git, root, commonDir }: Clone): HookPlace {
  const own = join(commonDir, 'hooks')
  const asked = askGit(git, ['config', '--type=path', '--get', 'core.hooksPath'])
  if (asked === undefined || asked === '') return { kind: 'own', folder: own }
  const folder = resolve(root, asked)
  if (isBelow(folder, commonDir)) return { kind: 'own', folder }
  if (isBelow(folder, root)) return { kind: 'joined', folder: isHusky(folder) ? dirname(folder) : folder }
  return { kind: 'passing', folder: join(commonDir, 'countersign', 'hooks'), before: folder }
}

/** Names of the hooks that a passing folder must have. */
export function passedHooks(folder: string): string[] {
  const there = existsSync(folder) ? readdirSync(folder).filter((it) => /^[a-z]+(?:-[a-z]+)+$/.test(it)) : []
  return [...new Set([...passed, ...there])].filter(
    (it) => !statSync(join(folder, it), { throwIfNoEntry: false })?.isDirectory(),
  )
}

/** husky 9 makes `.husky/_` anew at each install; what it runs are the files above. */
function isHusky(folder: string): boolean {
  return basename(folder) === '_' && basename(dirname(folder)) === '.husky'
}
