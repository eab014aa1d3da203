/**
 * What lies in `.git` and in no commit cannot make a changed working tree look clean: whatever ran before in the job can
 * write there.
 */
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openRepository } from '../../../src/collect/git/repository.ts'
import { readSource } from '../../../src/collect/git/source.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { scratchClone, scratchFolder, scratchIn, scratchRepository } from '../../world/scratch-repository.ts'
import type { UntrackedFiles } from '../../../src/model/source-tree.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { part } from '../../world/runs.ts'

type Change = (scratch: Scratch) => unknown

const isPosix = process.platform !== 'win32'

function released(): Scratch {
  const scratch = scratchRepository()
  scratch.commit('one', { 'a.txt': 'a\n', 'src/b.txt': 'b\n', 'other/c.txt': 'c\n', '.gitignore': 'dist/\n.env*\n' })
  return scratch
}

async function isDirty(scratch: Scratch, except: readonly string[] = []): Promise<boolean> {
  return (await readSource(await scratch.open(), except)).dirty
}

/** How many files are neither tracked nor ignored, where nothing else is wrong. */
async function untrackedIn(
  scratch: Scratch,
  except: readonly string[] = [],
  outputs: readonly string[] = [],
): Promise<UntrackedFiles> {
  const { dirty, untracked } = await readSource(await scratch.open(), except, outputs)
  expect(dirty).toBe(false)
  return untracked
}

const config = (scratch: Scratch, ...settings: readonly (readonly [name: string, value: string])[]): unknown =>
  settings.map((it) => scratch.git(['config', ...it]))

/** New contents of the same size, with the time of the old ones. */
function changeUnseen(scratch: Scratch, path: string, contents: string): void {
  const file = join(scratch.folder, path)
  const past = new Date(1_600_000_000_000)
  utimesSync(file, past, past)
  scratch.git(['update-index', '--refresh'])
  const before = statSync(file)
  scratch.write(path, contents)
  utimesSync(file, past, past)
  expect(statSync(file)).toMatchObject({ size: before.size, mtimeMs: before.mtimeMs })
}

describe('a changed working tree is dirty', () => {
  test.for<[string, Change]>(
    part(
      [
        ['where the file is assumed unchanged', (it) => it.git(['update-index', '--assume-unchanged', 'a.txt'])],
        [
          'where core.ignoreStat assumes that',
          (it) => (config(it, ['core.ignoreStat', 'true']), it.git(['add', '--renormalize', '.'])),
        ],
        ['where the file is to be skipped', (it) => it.git(['update-index', '--skip-worktree', 'a.txt'])],
        [
          'where the file is said to lie outside of a sparse checkout',
          (it) => {
            config(it, ['core.sparseCheckout', 'true'], ['sparse.expectFilesOutsideOfPatterns', 'true'])
            it.write('.git/info/sparse-checkout', 'src/\n')
            it.git(['update-index', '--skip-worktree', 'a.txt'])
          },
        ],
        [
          'where a sparse index is configured',
          (it) => config(it, ['core.sparseCheckout', 'true'], ['index.sparse', 'true']),
        ],
        ['where the index is split', (it) => it.git(['update-index', '--split-index'])],
      ],
      3,
    ),
  )('%s', async ([, plant]) => {
    const scratch = released()
    plant(scratch)
    scratch.write('a.txt', 'evil\n')
    expect(await isDirty(scratch)).toBe(true)
  })

  test.for<[string, Change]>(
    part(
      [
        ['', () => undefined],
        [
          ' and no other time is to be looked at',
          (it) => config(it, ['core.trustctime', 'false'], ['core.checkStat', 'minimal']),
        ],
      ],
      2,
    ),
  )('where size and mtime are the old ones%s', async ([, plant]) => {
    const scratch = released()
    plant(scratch)
    changeUnseen(scratch, 'a.txt', 'b\n')
    expect(await isDirty(scratch)).toBe(true)
  })

  test('where the index was made with a filter that is gone', async () => {
    const scratch = released()
    scratch.write('a.txt', 'evil\n')
    utimesSync(join(scratch.folder, 'a.txt'), 1_600_000_000, 1_600_000_000)
    scratch.write('.git/info/attributes', 'a.txt filter=old\n')
    config(scratch, ['filter.old.clean', 'cat >/dev/null; git cat-file blob HEAD:a.txt'])
    scratch.git(['add', 'a.txt'])
    rmSync(join(scratch.folder, '.git/info/attributes'))
    scratch.git(['config', '--remove-section', 'filter.old'])
    expect(await isDirty(scratch)).toBe(true)
  })

  test.for<[string, Change]>(
    part(
      [
        ['.git/info/attributes', (it) => it.write('.git/info/attributes', '# ours\n * text\n')],
        [
          'core.attributesFile',
          (it) => (
            it.write('.git/more', '* text\n'),
            config(it, ['core.attributesFile', join(it.folder, '.git/more')])
          ),
        ],
        ['an untracked .gitattributes that is ignored', (it) => it.write('.gitattributes', '* text\n')],
        ...(isPosix
          ? [['core.autocrlf', (it: Scratch) => config(it, ['core.autocrlf', 'true'])] as [string, Change]]
          : []),
      ],
      3,
    ),
  )('where other line ends are hidden by %s', async ([, plant]) => {
    const scratch = scratchRepository()
    scratch.commit('one', { 'a.txt': 'a\n', '.gitignore': '.gitattributes\n' })
    plant(scratch)
    scratch.write('a.txt', 'a\r\n')
    expect(await isDirty(scratch)).toBe(true)
  })

  test('where attributes of .git are no file', async () => {
    const scratch = released()
    mkdirSync(join(scratch.folder, '.git/info/attributes'), { recursive: true })
    expect(await isDirty(scratch)).toBe(true)
  })

  test.runIf(isPosix).for<[string, Change]>(
    part(
      [
        [
          'a file that can be run now, and core.fileMode',
          (it) => (chmodSync(join(it.folder, 'a.txt'), 0o755), config(it, ['core.fileMode', 'false'])),
        ],
        [
          'a file for a link, and core.symlinks',
          (it) => {
            config(it, ['core.symlinks', 'false'])
            rmSync(join(it.folder, 'link'))
            it.write('link', 'a.txt')
          },
        ],
      ],
      2,
    ),
  )('with %s', async ([, plant]) => {
    const scratch = scratchRepository()
    symlinkSync('a.txt', join(scratch.folder, 'link'))
    scratch.commit('one', { 'a.txt': 'a\n' })
    plant(scratch)
    expect(await isDirty(scratch)).toBe(true)
  })
})

describe('a file that is not there', () => {
  /** Marks the file as one that is not checked out, and removes it. */
  function hide(scratch: Scratch, path: string): void {
    scratch.git(['update-index', '--skip-worktree', path])
    rmSync(join(scratch.folder, path))
  }

  test.for<[string, Change]>(
    part(
      [
        ['no sparse checkout', () => undefined],
        ['patterns of one alone', (it) => it.write('.git/info/sparse-checkout', 'src/\n')],
        ['one that was', (it) => config(it, ['core.sparseCheckout', 'false'])],
        ['the configuration of one', (it) => config(it, ['core.sparseCheckoutCone', 'true'], ['index.sparse', 'true'])],
      ],
      4,
    ),
  )('is a change, whatever the index says, in %s', async ([, plant]) => {
    const scratch = released()
    plant(scratch)
    hide(scratch, 'a.txt')
    const { dirty, changed, sparse } = await readSource(await scratch.open())
    expect([dirty, changed, sparse]).toEqual([true, ['a.txt'], undefined])
  })

  test('is told where a sparse checkout leaves it out, which anybody could have said', async () => {
    const scratch = released()
    config(scratch, ['core.sparseCheckout', 'true'])
    hide(scratch, 'a.txt')
    rmSync(join(scratch.folder, 'src/b.txt'))
    const { changed, sparse } = await readSource(await scratch.open())
    expect([changed, sparse]).toEqual([['src/b.txt'], { count: 1, paths: ['a.txt'] }])
  })

  test('is told by number, and the first by name', async () => {
    const scratch = scratchRepository()
    scratch.commit('one', Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`ä/${at + 10}.txt`, ''])))
    scratch.git(['sparse-checkout', 'set', 'src'])
    const paths = Array.from({ length: 10 }, (_, at) => `ä/${at + 10}.txt`)
    const { dirty, sparse } = await readSource(await scratch.open())
    expect([dirty, sparse]).toEqual([false, { count: 12, paths }])
  })
})

describe('an untracked file is told', () => {
  test('apart where it is an attestation, and not at all where attestations of this run go', async () => {
    const scratch = scratchRepository()
    scratch.commit('first', { '.gitignore': '' })
    const bundle = JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: {},
      dsseEnvelope: { payload: 'AA==', payloadType: 'x', signatures: [] },
    })
    for (const path of ['release.jsonl', 'o/a.json', 'o/b']) scratch.write(path, `${bundle}\n`)
    scratch.write('release.jsonl.lock', '1')
    scratch.write('data.json', '{"mediaType":"application/json"}')
    scratch.write('evil.js', 'x')
    const at = (path: string): string => join(scratch.folder, path)
    const told = { count: 3, paths: ['data.json', 'evil.js', 'release.jsonl.lock'], apart: 3 }
    expect(await untrackedIn(scratch)).toEqual(told)
    expect(await untrackedIn(scratch, [], [at('release.jsonl'), at('o/a.json'), at('evil.js')])).toEqual({
      ...{ count: 2, paths: ['data.json', 'evil.js'] },
      apart: 2, // o/b, and the lock
    })
  })

  test.for<[string, Change]>(
    part(
      [
        ['.git/info/exclude', (it) => it.write('.git/info/exclude', '*\n')],
        [
          'core.excludesFile',
          (it) => (it.write('.git/more', '*\n'), config(it, ['core.excludesFile', join(it.folder, '.git/more')])),
        ],
        ['a .gitignore that ignores itself', (it) => it.write('.gitignore', '*\n')],
        ['a .gitignore that ignores itself, in its folder', (it) => it.write('src/.gitignore', '*\n')],
        ['a .gitignore that is ignored', (it) => it.write('src/deep/.gitignore', 'dist/\n')],
      ],
      5,
    ),
  )('beside %s', async ([, plant]) => {
    const scratch = scratchRepository()
    scratch.commit('one', { 'a.txt': 'a\n', 'src/deep/er/b.txt': 'b\n' })
    plant(scratch)
    scratch.write('src/deep/evil.js', '')
    // A list of exclusions that is no part of the commit hides nothing, and is told where it lies in the tree.
    const lists = await untracked(scratch)
    const told = await untrackedIn(scratch)
    expect(told).toEqual({ count: lists.length + 1, paths: [...lists, 'src/deep/evil.js'].sort() })
    rmSync(join(scratch.folder, 'src/deep/evil.js'))
    const without = await untrackedIn(scratch)
    expect(without).toEqual(lists.length === 0 ? { count: 0 } : { count: lists.length, paths: lists })
  })

  /** The .gitignore files that are not tracked, found without git. */
  async function untracked(scratch: Scratch): Promise<string[]> {
    const { glob } = await import('node:fs/promises')
    const tracked = scratch.git(['ls-files']).split('\n')
    const found = await Array.fromAsync(glob('{,**/}.gitignore', { cwd: scratch.folder }))
    return found.filter((it) => !tracked.includes(it))
  }

  test.for<[string, { readonly [path: string]: string }]>(
    part(
      [
        ['that ignores itself', { '.gitignore': '*\n', 'inject.js': '' }],
        ['in which a folder does', { 'x/.gitignore': '/.gitignore\n/inject.js\n', 'x/inject.js': '', 'x/y/z.js': '' }],
        ['whose list takes back what the commit ignores', { '.gitignore': '*\n!dist\n', 'inject.js': '' }],
        ['with a repository that ignores itself', { '.gitignore': '*\n', 'nested/inject.js': '' }],
      ],
      4,
    ),
  )('file by file in an untracked folder %s, but for what the commit ignores', async ([, files]) => {
    const scratch = released()
    if ('nested/inject.js' in files) scratchIn(scratch.folder).git(['init', '--quiet', 'gen/nested'])
    for (const [path, contents] of Object.entries(files)) scratch.write(`gen/${path}`, contents)
    for (const path of ['gen/dist/made.js', 'gen/.env.local']) scratch.write(path, '')
    const paths = Object.keys(files).map((it) => `gen/${it.replace(/^nested\/.*/, 'nested/')}`)
    expect(await untrackedIn(scratch)).toEqual({ count: paths.length, paths })
    scratch.commit('two', { '.gitignore': 'dist/\n.env*\n/gen/\n' })
    expect(await untrackedIn(scratch)).toEqual({ count: 0 })
  })

  test('that a changed .gitignore hides, beside the change', async () => {
    const scratch = released()
    scratch.write('.gitignore', '*\n')
    scratch.write('src/evil.js', '')
    const { changed, untracked } = await readSource(await scratch.open())
    expect([changed, untracked]).toEqual([['.gitignore'], { count: 1, paths: ['src/evil.js'] }])
  })

  test.runIf(isPosix)('that a link in the place of a .gitignore hides', async () => {
    const scratch = scratchRepository()
    symlinkSync('list', join(scratch.folder, '.gitignore'))
    scratch.commit('one', { list: '*\n' })
    scratch.write('evil.js', '')
    expect(await untrackedIn(scratch)).toEqual({ count: 1, paths: ['evil.js'] })
  })

  test.runIf(process.platform === 'linux')('of another case, where core.ignoreCase is set', async () => {
    const scratch = scratchRepository()
    scratch.commit('one', { Makefile: 'all:\n' })
    config(scratch, ['core.ignoreCase', 'true'])
    scratch.write('makefile', 'all:; evil\n')
    expect(await untrackedIn(scratch)).toEqual({ count: 1, paths: ['makefile'] })
  })

  test('that is a repository of its own, also where artifacts do not count', async () => {
    const scratch = released()
    scratchIn(scratch.folder).git(['init', '--quiet', 'nested'])
    scratch.write('nested/evil.js', '')
    scratch.write('made.tgz', '')
    expect(await untrackedIn(scratch)).toEqual({ count: 2, paths: ['made.tgz', 'nested/'] })
    expect(await untrackedIn(scratch, [join(scratch.folder, 'made.tgz')])).toEqual({ count: 1, paths: ['nested/'] })
  })
})

describe('a working tree is clean', () => {
  test.for<[string, Change]>(
    part(
      [
        ['with what tools ignore in folders of their own', (it) => it.write('.venv/.gitignore', '*\n')],
        ['with ignored files', (it) => ['dist/app.js', 'src/.env.local'].forEach((path) => it.write(path, ''))],
        ['with empty folders', (it) => mkdirSync(join(it.folder, 'src/empty'))],
        ['with exclusions and attributes that say nothing', (it) => it.write('.git/info/attributes', '# none\n\n  \n')],
        ['with a file that was written again', (it) => it.write('a.txt', 'a\n')],
        ['in a sparse checkout', (it) => it.git(['sparse-checkout', 'set', 'src'])],
        [
          'in a sparse checkout with a sparse index',
          (it) => it.git(['sparse-checkout', 'set', '--sparse-index', 'src']),
        ],
        ['in a linked worktree', () => undefined],
      ],
      4,
    ),
  )('%s', async ([, change]) => {
    const scratch = released()
    change(scratch)
    expect(await isDirty(scratch)).toBe(false)
    const linked = join(scratchFolder(), 'linked')
    scratch.git(['worktree', 'add', '--quiet', '--detach', linked])
    expect(await isDirty(scratchIn(linked))).toBe(false)
  })

  test('with a file that was committed as its attributes would not have it, until it changes', async () => {
    const scratch = scratchRepository()
    scratch.commit('one', { 'a.txt': 'a\r\n' })
    scratch.commit('two', { '.gitattributes': '*.txt text\n' })
    scratch.git(['rm', '--quiet', '--cached', 'a.txt'])
    scratch.git(['update-index', '--add', '--cacheinfo', `100644,${scratch.git(['rev-parse', 'HEAD~1:a.txt'])},a.txt`])
    // Whether the second commit took it as it is depends on how long ago it was written.
    scratch.git(['commit', '--quiet', '--allow-empty', '--message=three'])
    scratch.write('a.txt', 'a\r\n')
    expect(await isDirty(scratch)).toBe(false)
    scratch.write('a.txt', 'b\r\n')
    expect(await isDirty(scratch)).toBe(true)
    scratch.write('a.txt', 'a\n')
    expect(await isDirty(scratch)).toBe(true)
  })

  test('where temporary files lie in it', async () => {
    const scratch = released()
    mkdirSync(join(scratch.folder, 'tmp'))
    vi.stubEnv('TMPDIR', join(scratch.folder, 'tmp'))
    onTestFinished(() => void vi.unstubAllEnvs())
    expect(await isDirty(scratch)).toBe(false)
    expect(readdirSync(join(scratch.folder, 'tmp'))).toEqual([])
  })

  test('in a sparse checkout only while the other files are not there', async () => {
    const scratch = released()
    scratch.git(['sparse-checkout', 'set', 'src'])
    config(scratch, ['sparse.expectFilesOutsideOfPatterns', 'true'])
    expect(await isDirty(scratch)).toBe(false)
    scratch.write('other/c.txt', 'evil\n')
    expect(await isDirty(scratch)).toBe(true)
  })

  test('with tracked artifacts that were made again, and with nothing else that changed', async () => {
    const scratch = released()
    scratch.commit('two', { 'bin/ä [1].tgz': 'old' })
    scratch.write('bin/ä [1].tgz', 'new')
    const made = [join(scratch.folder, 'bin/ä [1].tgz')]
    expect(await isDirty(scratch, made)).toBe(false)
    expect(await isDirty(scratch)).toBe(true)
    scratch.write('a.txt', 'evil\n')
    expect(await isDirty(scratch, made)).toBe(true)
  })
})

describe('a repository whose working tree is another folder is none', () => {
  const cleanCopyOf = (scratch: Scratch): string => scratchClone(scratch).folder

  test.for<[string, (scratch: Scratch) => string]>(
    part(
      [
        ['a clean copy', cleanCopyOf],
        ['the folder above', (it) => dirname(it.folder)],
        ['a folder below', (it) => join(it.folder, 'src')],
        ['no folder', (it) => join(it.folder, 'none')],
      ],
      2,
    ),
  )('%s', async ([, place]) => {
    const scratch = released()
    scratch.write('a.txt', 'evil\n')
    config(scratch, ['core.worktree', place(scratch)])
    expect(await codeOfAsync(() => openRepository(scratch.folder))).toBe('git-no-repository')
    expect(await codeOfAsync(() => openRepository(join(scratch.folder, 'src')))).toBe('git-no-repository')
  })

  test('but not where a link leads to it', async () => {
    const scratch = released()
    const link = join(scratchFolder(), 'link')
    symlinkSync(scratch.folder, link, 'junction')
    config(scratch, ['core.worktree', scratch.folder])
    expect((await openRepository(join(link, 'src'))).root).toBe(scratch.folder)
  })
})

describe('a submodule is dirty', () => {
  function withSubmodule(): { readonly scratch: Scratch; readonly lib: Scratch } {
    const library = scratchRepository()
    library.commit('one', { 'lib.txt': 'a\n' })
    const scratch = scratchRepository()
    scratch.git(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.folder, 'lib'])
    scratch.commit('with submodule')
    return { scratch, lib: scratchIn(join(scratch.folder, 'lib')) }
  }

  test.for<[string, (lib: Scratch, scratch: Scratch) => unknown]>(
    part(
      [
        [
          'with a changed file that is assumed unchanged',
          (lib) => (lib.write('lib.txt', 'evil\n'), lib.git(['update-index', '--assume-unchanged', 'lib.txt'])),
        ],
        [
          'with a changed file that is to be skipped',
          (lib) => (lib.write('lib.txt', 'evil\n'), lib.git(['update-index', '--skip-worktree', 'lib.txt'])),
        ],
        [
          'with a changed file and another working tree',
          (lib, it) => {
            const copy = scratchFolder()
            lib.write('lib.txt', 'evil\n')
            writeFileSync(join(copy, 'lib.txt'), 'a\n')
            it.git(['config', '--file', '.git/modules/lib/config', 'core.worktree', copy])
          },
        ],
        [
          'with a changed file and attributes of its own',
          (lib, it) => {
            it.write('.git/modules/lib/info/attributes', '* text\n')
            lib.write('lib.txt', 'a\r\n')
          },
        ],
        [
          'with another commit, where its changes are to be ignored',
          (lib, it) => {
            config(it, ['submodule.lib.ignore', 'all'], ['diff.ignoreSubmodules', 'all'])
            lib.commit('evil', { 'lib.txt': 'evil\n' })
          },
        ],
        [
          'with another commit that is assumed unchanged',
          (lib, it) => (it.git(['update-index', '--assume-unchanged', 'lib']), lib.commit('evil')),
        ],
        [
          'with another commit that is to be skipped',
          (lib, it) => (it.git(['update-index', '--skip-worktree', 'lib']), lib.commit('evil')),
        ],
        [
          'with a new repository that has no commit and ignores everything',
          (lib, it) => {
            rmSync(join(it.folder, 'lib/.git'))
            lib.git(['init', '--quiet', '--template='])
            rmSync(join(it.folder, 'lib/lib.txt'))
            lib.write('evil.js', '')
            lib.write('.gitignore', '*\n')
          },
        ],
        [
          'with files and no repository that git would find',
          (lib, it) => {
            rmSync(join(it.folder, 'lib/.git'))
            mkdirSync(join(it.folder, 'lib/.git'))
            lib.write('lib.txt', 'evil\n')
          },
        ],
        [
          'with files where it is not checked out',
          (lib, it) => {
            it.git(['submodule', '--quiet', 'deinit', '--force', 'lib'])
            lib.write('evil.js', '')
          },
        ],
      ],
      3,
    ),
  )('%s', async ([, change]) => {
    const { scratch, lib } = withSubmodule()
    expect(await isDirty(scratch)).toBe(false)
    change(lib, scratch)
    expect(await isDirty(scratch)).toBe(true)
  })

  test('not by an untracked file that is excluded, which is told', async () => {
    const { scratch } = withSubmodule()
    scratch.write('.git/modules/lib/info/exclude', '*\n')
    scratch.write('lib/evil.js', '')
    expect(await untrackedIn(scratch)).toEqual({ count: 1, paths: ['lib/evil.js'] })
  })

  test('nor by files that a sparse checkout of it leaves out, which are told', async () => {
    const { scratch, lib } = withSubmodule()
    lib.git(['update-index', '--skip-worktree', 'lib.txt'])
    rmSync(join(lib.folder, 'lib.txt'))
    const missing = await readSource(await scratch.open())
    expect([missing.changed, missing.changedCount]).toEqual([['lib/lib.txt'], 1])
    config(lib, ['core.sparseCheckout', 'true'])
    const { dirty, sparse } = await readSource(await scratch.open())
    expect([dirty, sparse]).toEqual([false, { count: 1, paths: ['lib/lib.txt'] }])
  })

  test('that is named by a folder it is asked from', async () => {
    const { lib } = withSubmodule()
    expect(basename((await lib.open()).root)).toBe('lib')
  })
})

describe('what git takes for nothing is a change', () => {
  test('between the marks of an id', async () => {
    const scratch = scratchRepository()
    scratch.commit('one', { '.gitattributes': '*.js ident\n', 'a.js': 'const id = "$Id$"\n' })
    scratch.git(['rm', '--cached', '--quiet', 'a.js'])
    scratch.git(['reset', '--quiet', '--hard'])
    expect(await isDirty(scratch)).toBe(false)
    scratch.write('a.js', 'const id = "$Id: "+evil()+" $"\n')
    expect(await isDirty(scratch)).toBe(true)
    scratch.write('a.js', `const id = "$Id: ${'c0ffee'.repeat(7).slice(0, 40)} $"\n`)
    expect(await isDirty(scratch)).toBe(false)
    scratch.write('a.js', 'const id = "$Id$"; evil()\n')
    expect(await isDirty(scratch)).toBe(true)
  })

  test("where a filter of the person's own configuration says so, and that filter is not run", async () => {
    const scratch = scratchRepository()
    scratch.commit('one', { '.gitattributes': '*.bin filter=lfs\n', 'a.bin': 'genuine\n' })
    const home = scratchFolder()
    writeFileSync(join(home, 'ran.sh'), `#!/bin/sh\ntouch ${home}/ran\necho genuine\n`, { mode: 0o755 })
    writeFileSync(join(home, 'config'), `[filter "lfs"]\n\tclean = ${home}/ran.sh\n`)
    scratch.write('a.bin', 'evil\n')
    const repository = await openRepository(scratch.folder, {
      platform: process.platform,
      env: { ...process.env, GIT_CONFIG_GLOBAL: join(home, 'config') },
    })
    expect((await readSource(repository)).dirty).toBe(true)
    expect(readdirSync(home)).toEqual(['config', 'ran.sh'])
  })
})
