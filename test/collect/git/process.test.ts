/** What git is told, and what is kept from it: nothing that it starts finds a secret, and nothing planted is started. */
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { forEachCommit } from '../../../src/collect/git/history.ts'
import { gitIn, runGit } from '../../../src/collect/git/process.ts'
import { openRepository } from '../../../src/collect/git/repository.ts'
import { readSource } from '../../../src/collect/git/source.ts'
import { rangeUpTo } from '../../world/range.ts'
import { scratchFolder, scratchIn, scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'

function writeProgram(path: string, ...lines: readonly string[]): void {
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'))
  chmodSync(path, 0o755)
}

interface Trap {
  readonly program: string
  readonly isSprung: () => boolean
}

/** A program that leaves a trace, in a folder of its own. */
function trap(name = 'trap.sh'): Trap & { readonly folder: string } {
  const folder = scratchFolder()
  const program = join(folder, name)
  const trace = join(folder, 'trace')
  writeProgram(program, `touch '${trace}'`, 'cat')
  return { folder, program, isSprung: () => existsSync(trace) }
}

const pathWith = (folder: string): string => `${folder}${delimiter}${process.env['PATH'] ?? ''}`

describe('the environment of git', () => {
  const secrets = {
    SIGSTORE_ID_TOKEN: 'secret-1',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret-2',
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://secret-3.example',
    NPM_TOKEN: 'secret-4',
    AWS_SECRET_ACCESS_KEY: 'secret-5',
    GIT_ASKPASS: 'secret-6',
    GIT_SSH_COMMAND: 'secret-7',
    PATH_TOKEN: 'secret-8',
  }

  test('holds no secret of the job', async () => {
    const scratch = scratchRepository()
    scratch.commit('one')
    const folder = scratchFolder()
    const real = gitPath()
    writeProgram(join(folder, 'git'), `env >> '${folder}/env'`, `exec '${real}' "$@"`)
    const env = { ...process.env, ...secrets, PATH: pathWith(folder) }
    await readSource(await openRepository(scratch.folder, { platform: process.platform, env }))
    const seen = readFileSync(join(folder, 'env'), 'utf8')
    expect(seen).toContain('GIT_OPTIONAL_LOCKS=0')
    expect(seen).not.toMatch(/secret-\d/)
  })

  function gitPath(): string {
    const folders = (process.env['PATH'] ?? '').split(delimiter)
    return folders.map((it) => join(it, 'git')).find((it) => existsSync(it))!
  }

  test('names where git finds its parts, its configuration and a temporary folder, and nothing else', () => {
    const kept = {
      HOME: '/home/ann',
      XDG_CONFIG_HOME: '/home/ann/.config',
      TMPDIR: '/tmp',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_COUNT: '0',
      SystemRoot: 'C:\\Windows',
      ProgramData: 'C:\\ProgramData',
      USERPROFILE: 'C:\\Users\\ann',
    }
    const given = { ...kept, ...secrets, PATH: '/usr/bin', LD_PRELOAD: '/x', NODE_OPTIONS: '' }
    const { env } = gitIn('/', { env: given, platform: 'linux', signal: undefined })
    expect(env).toMatchObject({ ...kept, PATH: '/usr/bin', NoDefaultCurrentDirectoryInExePath: '1' })
    const ours = ['LC_ALL', 'LANGUAGE', 'NoDefaultCurrentDirectoryInExePath']
    const others = Object.keys(env).filter((it) => !(it in kept) && !it.startsWith('GIT_') && !ours.includes(it))
    expect(others).toEqual(['PATH'])
  })
})

describe('git is that of the search path', () => {
  test.for(['', '.', 'bin', './bin'])('and not one in the checkout, with an entry %j', async (entry) => {
    const { program, isSprung } = trap('git')
    const scratch = scratchRepository()
    for (const folder of ['.', 'bin']) {
      mkdirSync(join(scratch.folder, folder), { recursive: true })
      scratch.write(join(folder, 'git'), readFileSync(program))
      chmodSync(join(scratch.folder, folder, 'git'), 0o755)
    }
    scratch.commit('one')
    const env = { ...process.env, PATH: [entry, process.env['PATH']].join(delimiter) }
    await readSource(await openRepository(scratch.folder, { platform: process.platform, env }))
    expect(isSprung()).toBe(false)
  })
})

describe('nothing planted is started or believed', () => {
  /** What git did with a file that it has to read again. */
  async function sourceOf(scratch: Scratch, path = process.env['PATH']): Promise<boolean> {
    scratch.write('a.txt', 'a\n')
    const repository = await openRepository(scratch.folder, {
      platform: process.platform,
      env: { ...process.env, PATH: path },
    })
    return (await readSource(repository)).dirty
  }

  function withFilter(): Scratch {
    const scratch = scratchRepository()
    scratch.commit('one', { 'a.txt': 'a\n', '.gitattributes': '*.txt filter=trap\n' })
    return scratch
  }

  test.for<[string, (scratch: Scratch, program: string) => unknown]>([
    ['clean', (it, program) => it.git(['config', 'filter.trap.clean', program])],
    ['process', (it, program) => it.git(['config', 'filter.trap.process', program])],
    [
      'clean, of the worktree alone',
      (it, program) => {
        it.git(['config', 'extensions.worktreeConfig', 'true'])
        it.git(['config', '--worktree', 'filter.trap.clean', program])
      },
    ],
    [
      'process, of a file that is included',
      (it, program) => {
        it.git(['config', '--file', '.git/more', 'filter.trap.process', program])
        it.git(['config', 'include.path', 'more'])
      },
    ],
  ])('a filter: %s', async ([, configure]) => {
    const { program, isSprung } = trap()
    const scratch = withFilter()
    configure(scratch, program)
    expect(await sourceOf(scratch)).toBe(false)
    expect(isSprung()).toBe(false)
  })

  describe('Git LFS', () => {
    const lfs = (it: Scratch): unknown => it.git(['config', 'filter.trap.clean', 'git-lfs clean -- %f'])

    test('runs as actions/checkout has it', async () => {
      const { folder, isSprung } = trap('git-lfs')
      const scratch = withFilter()
      lfs(scratch)
      expect(await sourceOf(scratch, pathWith(folder))).toBe(false)
      expect(isSprung()).toBe(true)
    })

    test.for<[string, (scratch: Scratch) => unknown]>([
      ['the repository', (it) => it.git(['config', 'lfs.extension.evil.clean', 'dist/evil %f'])],
      [
        'the worktree',
        (it) => {
          it.git(['config', 'extensions.worktreeConfig', 'true'])
          it.git(['config', '--worktree', 'lfs.extension.Evil.clean', 'dist/evil %f'])
        },
      ],
    ])('does not run with an extension of %s', async ([, extend]) => {
      const { folder, isSprung } = trap('git-lfs')
      const scratch = withFilter()
      lfs(scratch)
      extend(scratch)
      expect(await sourceOf(scratch, pathWith(folder))).toBe(false)
      expect(isSprung()).toBe(false)
    })

    test('does not run with an extension of the environment', async () => {
      const { folder, isSprung } = trap('git-lfs')
      const scratch = withFilter()
      lfs(scratch)
      const extension = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'lfs.extension.x.clean', GIT_CONFIG_VALUE_0: 'evil' }
      const env = { ...process.env, ...extension, PATH: pathWith(folder) }
      await readSource(await openRepository(scratch.folder, { platform: process.platform, env }))
      expect(isSprung()).toBe(false)
    })
  })

  test.for(['git-lfs clean -- %f; dist/evil', 'dist/git-lfs clean -- %f', 'git-lfs clean -- %f\ndist/evil'])(
    'what only looks like Git LFS: %j',
    async (command) => {
      const { folder, isSprung } = trap('git-lfs')
      const scratch = withFilter()
      scratch.git(['config', 'filter.trap.clean', command])
      await sourceOf(scratch, pathWith(folder))
      expect(isSprung()).toBe(false)
    },
  )

  test('hooks of core.hooksPath and of .git', async () => {
    const { program, isSprung } = trap()
    const scratch = scratchRepository()
    scratch.commit('one', { 'a.txt': 'a\n' })
    for (const folder of ['.git/hooks', 'hooks']) {
      scratch.write(`${folder}/post-index-change`, readFileSync(program))
      chmodSync(join(scratch.folder, folder, 'post-index-change'), 0o755)
    }
    for (const hooksPath of [undefined, 'hooks']) {
      if (hooksPath !== undefined) scratch.git(['config', 'core.hooksPath', hooksPath])
      const { git } = await scratch.open()
      expect(await runGit(git, ['read-tree', 'HEAD'])).toMatchObject({ status: 0 })
      await readSource(await scratch.open())
      expect(isSprung()).toBe(false)
    }
  })

  test('a bare repository that was committed', async () => {
    const scratch = scratchRepository()
    scratchIn(scratch.folder).git(['init', '--quiet', '--bare', 'fixture'])
    const folder = join(scratch.folder, 'fixture')
    const { status, stderr } = await runGit(
      gitIn(folder, { env: process.env, platform: process.platform, signal: undefined }),
      ['rev-parse', '--git-dir'],
    )
    expect([status, stderr]).toEqual([128, expect.stringContaining('bare repository')])
  })

  test('a graft that hides a commit', async () => {
    const scratch = scratchRepository()
    scratch.commit('one')
    const until = scratch.commit('two')
    scratch.write('.git/info/grafts', `${until}\n`)
    expect(scratch.git(['rev-list', '--count', 'HEAD'])).toBe('1')
    const range = rangeUpTo(until)
    expect(await forEachCommit(await scratch.open(), range, () => undefined)).toBe(2)
  })

  test('and the repository stays as it was', async () => {
    const scratch = scratchRepository()
    scratch.commit('one', { 'a.txt': 'a\n' })
    scratch.git(['config', 'core.splitIndex', 'true'])
    const list = (): string[] =>
      readdirSync(join(scratch.folder, '.git'), { recursive: true, encoding: 'utf8' }).toSorted()
    const before = [list(), readFileSync(join(scratch.folder, '.git/index'))]
    await sourceOf(scratch)
    expect([list(), readFileSync(join(scratch.folder, '.git/index'))]).toEqual(before)
  })
})
