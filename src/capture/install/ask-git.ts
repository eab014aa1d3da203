/** Git, for setting up hooks in the repository that a person stands in. */
import { spawnSync } from 'node:child_process'
import { CountersignError } from '../../errors.ts'
import { oneLine } from '../../one-line.ts'
import type { Environment } from '../../platform/environment.ts'
import { absoluteSearchPath, nameOfPath, programOnPath } from '../../platform/search-path.ts'

export interface GitPlace {
  readonly cwd: string
  readonly env: Environment
  readonly platform: NodeJS.Platform
}

const mostBytes = 4 * 1024 * 1024

/** What git prints, without the last line end; undefined where it ends with 1, as for a setting that is not there. Error: `git-failed`. */
export function askGit({ cwd, env, platform }: GitPlace, args: readonly string[]): string | undefined {
  const program = programOnPath('git', env, platform)
  if (program === undefined) throw new CountersignError('git-failed', 'git is not installed')
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env: {
      ...env,
      [nameOfPath(env, platform)]: absoluteSearchPath(env, platform),
      LC_ALL: 'C',
      GIT_OPTIONAL_LOCKS: '0',
    },
    encoding: 'utf8',
    maxBuffer: mostBytes,
    windowsHide: true,
  })
  if (error !== undefined) throw new CountersignError('git-failed', 'git could not be run')
  if (status === 0) return stdout.replace(/\n$/, '')
  if (status === 1) return undefined
  if (stderr.includes('not a git repository')) {
    throw new CountersignError('git-no-repository', 'this folder is in no git repository', {
      hint: 'run it inside the clone whose commits are to name their sessions',
    })
  }
  throw new CountersignError('git-failed', `git ${args[0] ?? ''} failed: ${oneLine(stderr).slice(0, 200)}`)
}

export interface Clone {
  readonly git: GitPlace
  /** Of the working tree, absolute and without links. */
  readonly root: string
  readonly gitDir: string
  readonly commonDir: string
}

/** Errors: `git-no-repository`, `git-failed`. */
export function cloneAt(git: GitPlace): Clone {
  const told = askGit(git, ['rev-parse', '--path-format=absolute', '--show-toplevel', '--git-dir', '--git-common-dir'])
  const [root, gitDir, commonDir] = told?.split('\n') ?? []
  if (root === undefined || gitDir === undefined || commonDir === undefined) {
    throw new CountersignError('git-no-repository', 'this repository has no working tree')
  }
  return { git: { ...git, cwd: root }, root, gitDir, commonDir }
}
