/** Hooks beside those of the managers that most projects have, each run itself: who comes first, who comes last, and all bytes afterwards. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hooksStatus } from '../../src/hooks.ts'
import { claude, claudeLine, newClone, treeOf } from '../capture/clone.ts'
import type { Clone } from '../capture/clone.ts'
import { program } from './cache.ts'
import type { ToolName } from './versions.ts'

const stages = ['prepare-commit-msg', 'pre-push'] as const
const note = (stage: string): string => `echo ${stage} >> .ran`
const refuse = (file: string): string => `! grep -q refuse ${file}`

interface Manager {
  readonly tool: Extract<ToolName, 'husky' | 'lefthook' | 'pre-commit'>
  readonly files: { readonly [path: string]: string }
  readonly install: readonly string[]
  /** What is said of prepare-commit-msg once it was installed after ours. */
  readonly afterOurs: 'lost' | 'joined'
}

const managers: readonly Manager[] = [
  {
    tool: 'husky',
    files: {
      ...Object.fromEntries(stages.map((it) => [`.husky/${it}`, `${note(it)}\n`])),
      '.husky/commit-msg': `${refuse('"$1"')}\n`,
    },
    ...{ install: [], afterOurs: 'lost' },
  },
  {
    tool: 'lefthook',
    files: {
      'lefthook.yml': [
        ...stages.map((it) => `${it}:\n  jobs:\n    - run: ${note(it)}\n`),
        `commit-msg:\n  jobs:\n    - run: '${refuse('{1}')}'\n`,
      ].join(''),
    },
    ...{ install: ['install'], afterOurs: 'lost' },
  },
  {
    tool: 'pre-commit',
    files: {
      '.pre-commit-config.yaml': [
        'default_install_hook_types: [prepare-commit-msg, commit-msg, pre-push]\nrepos:\n  - repo: local\n    hooks:\n',
        ...stages.map(
          (it) =>
            `      - {id: ${it}, name: ${it}, language: system, stages: [${it}], always_run: true, pass_filenames: false, entry: sh -c '${note(it)}'}\n`,
        ),
        `      - {id: refuse, name: refuse, language: system, stages: [commit-msg], entry: "sh -c '${refuse('$0')}'"}\n`,
      ].join(''),
    },
    ...{ install: ['install'], afterOurs: 'joined' },
  },
]

function project({ files }: Manager): Clone {
  const clone = newClone()
  for (const [path, text] of Object.entries(files)) clone.write(path, text)
  clone.write('.gitignore', '.ran\n')
  clone.git(['add', '-A'])
  clone.git(['commit', '-q', '-m', 'Set up'])
  clone.git(['init', '-q', '--bare', join(clone.home, 'remote.git')])
  clone.git(['remote', 'add', 'origin', join(clone.home, 'remote.git')])
  return clone
}

function manage({ tool, install }: Manager, clone: Clone, ...more: readonly string[]): void {
  const options = { cwd: clone.root, env: clone.env, encoding: 'utf8', timeout: 60_000 } as const
  const { status, stdout, stderr } = spawnSync(program(tool), [...install, ...more], options)
  if (status !== 0) throw new Error(`${tool} ended with ${String(status)}: ${stdout}${stderr}`)
}

function ran(clone: Clone): readonly string[] {
  const path = join(clone.root, '.ran')
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
  rmSync(path, { force: true })
  return lines
}

/** All that either of us writes: hooks, files in the checkout, the configuration, and our own folder. */
function bytesOf(clone: Clone): object {
  const ours = /^\.git\/(?:hooks|config$|countersign)|^(?!\.git\/|\.ran$)/
  return Object.fromEntries(Object.entries(treeOf(clone.root)).filter(([path]) => ours.test(path)))
}

/** Commits as people make them; both have a say in each. */
function expectBoth(clone: Clone): void {
  ran(clone)
  clone.git(['commit', '-q', '--allow-empty', '-m', 'One'], claude)
  expect([clone.trailers(), ran(clone)]).toEqual([[claudeLine], ['prepare-commit-msg']])
  clone.git(['commit', '-q', '--allow-empty', '--amend', '--no-edit'])
  clone.git(['commit', '-q', '--allow-empty', '-m', 'Two'])
  clone.git(['rebase', '-q', '--force-rebase', 'HEAD~2'])
  expect([clone.trailers('HEAD~1'), clone.trailers()]).toEqual([[claudeLine], []])
  expect(clone.tryGit(['commit', '-q', '--allow-empty', '-m', 'refuse']).status).not.toBe(0)
  ran(clone)
  clone.git(['push', '-q', '--force', 'origin', 'HEAD:main'])
  expect(ran(clone)).toEqual(['pre-push'])
}

const states = (clone: Clone): readonly string[] =>
  hooksStatus({ cwd: clone.root, env: clone.env }).git.map(({ state }) => state)

describe.each(managers)('$tool', (manager) => {
  const isHusky = manager.tool === 'husky'
  const whole = Array.from({ length: 5 }, () => (isHusky ? 'joined' : 'installed'))

  it('stands first, stays as it is, and comes back byte for byte', async () => {
    const clone = project(manager)
    manage(manager, clone)
    const before = bytesOf(clone)
    await clone.install()
    // A rebase wants a clean tree, and a team commits what was added to its files.
    clone.git(['add', '-A'])
    if (isHusky) clone.git(['commit', '-q', '-m', 'Join'])
    expect(states(clone)).toEqual(whole)
    expectBoth(clone)
    await clone.remove()
    expect(bytesOf(clone)).toEqual(before)
  })

  it('comes after ours, and once more: what is installed again joins it, and takes nothing of it away', async () => {
    const clone = project(manager)
    const alone = project(manager)
    manage(manager, alone)
    await clone.install()
    manage(manager, clone)
    expect(states(clone)[0]).toBe(manager.afterOurs)
    clone.git(['commit', '-q', '--allow-empty', '-m', 'One'], claude)
    expect(clone.trailers()).toEqual(manager.afterOurs === 'joined' ? [claudeLine] : [])
    for (const more of [[], [], manager.tool === 'lefthook' ? ['--force'] : []]) {
      manage(manager, clone, ...more)
      const { git, notes } = await clone.install()
      expect([git.map(({ state }) => state), notes]).toEqual([whole, []])
    }
    ran(clone)
    clone.git(['commit', '-q', '--allow-empty', '-m', 'Two'], claude)
    expect([clone.trailers(), ran(clone)]).toEqual([[claudeLine], ['prepare-commit-msg']])
    await clone.remove()
    expect({ ...bytesOf(clone), '.git/config': '' }).toEqual({ ...bytesOf(alone), '.git/config': '' })
  })
})
