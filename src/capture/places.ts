/** Where a repository keeps what is its own, found by its files alone: a hook has no time to ask git. */
import { readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'

export interface Places {
  /** The working tree's own folder of git: `.git`, or `.git/worktrees/<name>`. */
  readonly gitDir: string
  /** That of the repository, which all its working trees share. */
  readonly commonDir: string
}

const mostSteps = 64

/** Of the repository that a folder lies in; undefined outside of one. */
export function placesAbove(folder: string): (Places & { readonly worktree: string }) | undefined {
  let at = resolve(folder)
  for (let step = 0; step < mostSteps; step += 1) {
    const gitDir = gitDirIn(at)
    if (gitDir !== undefined) return { ...placesOf(gitDir), worktree: at }
    const above = dirname(at)
    if (above === at) return undefined
    at = above
  }
  return undefined
}

export function placesOf(gitDir: string): Places {
  const common = firstLine(join(gitDir, 'commondir'))
  return { gitDir, commonDir: common === undefined ? gitDir : resolve(gitDir, common) }
}

function gitDirIn(folder: string): string | undefined {
  const path = join(folder, '.git')
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isDirectory() === true) return path
  const named = stats?.isFile() === true ? /^gitdir: (.+)$/.exec(firstLine(path) ?? '')?.[1] : undefined
  if (named === undefined) return undefined
  return isAbsolute(named) ? named : resolve(folder, named)
}

function firstLine(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').slice(0, 4_096).split('\n')[0]?.trimEnd()
  } catch {
    return undefined
  }
}
