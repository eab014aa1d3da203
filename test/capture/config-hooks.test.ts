/** Hooks that git's configuration names: with git where it has them, else as it is documented to run them. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configHookSettings, hasConfigHooks } from '../../src/capture/install/config-hooks.ts'
import type { GitHook } from '../../src/capture/install/hook-scripts.ts'
import { hooksStatus } from '../../src/hooks.ts'
import { claude, claudeLine, newClone, treeOf } from './clone.ts'
import type { Clone, Ended } from './clone.ts'

const isNew = hasConfigHooks(execFileSync('git', ['version'], { encoding: 'utf8' }))

it('are known from git 2.54 on', () => {
  expect(['git version 2.53.9', 'git version 2.54.0', 'git version 3.1', 'x'].map(hasConfigHooks)).toEqual([
    ...[false, true, true, false],
  ])
})

describe('a command of the configuration', () => {
  /** git-config(1): the value is a path or a line for the shell, and the arguments of the hook come behind it. */
  function runAsGitDoes(clone: Clone, hook: GitHook, args: readonly string[]): Ended {
    const settings = new Map(configHookSettings(hook))
    expect(settings.get(`hook.countersign-${hook}.event`)).toBe(hook)
    const command = settings.get(`hook.countersign-${hook}.command`) ?? ''
    const options = { cwd: clone.root, env: { ...clone.env, ...claude }, encoding: 'utf8' } as const
    const { status, stdout, stderr } = spawnSync('sh', ['-c', `${command} "$@"`, command, ...args], options)
    return { status, stdout, stderr }
  }

  it('does what the hook does, with its arguments', async () => {
    const clone = newClone()
    await clone.install()
    clone.write('a message', 'One\n')
    expect(runAsGitDoes(clone, 'prepare-commit-msg', ['a message', 'message'])).toMatchObject({ status: 0, stderr: '' })
    expect(readFileSync(join(clone.root, 'a message'), 'utf8')).toBe(`One\n\n${claudeLine}\n`)
  })

  it('stops nothing where its program is gone', async () => {
    const clone = newClone()
    await clone.install()
    rmSync(join(clone.root, '.git/countersign'), { recursive: true })
    expect(runAsGitDoes(clone, 'pre-push', ['origin', 'x'])).toEqual({ status: 0, stdout: '', stderr: '' })
  })
})

it.skipIf(isNew)('are refused by a git that would not run them', async () => {
  await expect(newClone().install({ gitHooks: 'config' })).rejects.toMatchObject({ code: 'usage' })
})

it.skipIf(!isNew)('name sessions beside a hook in a file, and leave nothing behind', async () => {
  const clone = newClone()
  clone.write('.git/hooks/prepare-commit-msg', '#!/bin/sh\necho ran >> "$(git rev-parse --git-dir)/former"\n', 0o755)
  const before = treeOf(clone.root)
  await clone.install({ gitHooks: 'config' })
  const { git } = hooksStatus({ cwd: clone.root, env: clone.env })
  expect(git.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'installed'))
  clone.git(['commit', '-q', '--allow-empty', '-m', 'One'], claude)
  expect([clone.trailers(), readFileSync(join(clone.root, '.git/former'), 'utf8')]).toEqual([[claudeLine], 'ran\n'])
  clone.git(['reset', '-q', '--soft', 'HEAD~1'])
  await clone.remove()
  expect(treeOf(clone.root)).toEqual(before)
})
