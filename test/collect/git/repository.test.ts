import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSource } from '../../../src/collect/git/source.ts'
import { remoteUri } from '../../../src/collect/git/remote-uri.ts'
import { openRepository } from '../../../src/collect/git/repository.ts'
import { collectSessions } from '../../../src/collect/sessions/index.ts'
import { rangeUpTo } from '../../world/range.ts'
import { usualReaders } from '../../world/reader-reports.ts'
import { scratchClone, scratchFolder, scratchIn, scratchRepository } from '../../world/scratch-repository.ts'
import type { UntrackedFiles } from '../../../src/model/source-tree.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { part } from '../../world/runs.ts'

/** A program that leaves a trace; where the trace is tells whether it ran. */
function trap(): { readonly program: string; readonly trace: string } {
  const folder = scratchFolder()
  const program = join(folder, 'trap.sh')
  const trace = join(folder, 'trace')
  writeFileSync(program, `#!/bin/sh\ntouch '${trace}'\ncat\n`)
  chmodSync(program, 0o755)
  return { program, trace }
}

describe('opening', () => {
  test('finds the root from a folder below it', async () => {
    const scratch = scratchRepository()
    scratch.write('a/b/c.txt', '')
    const repository = await openRepository(join(scratch.folder, 'a/b'))
    expect(repository).toMatchObject({ root: scratch.folder, objectFormat: 'sha1', shallow: false })
  })

  test('knows SHA-256 repositories', async () => {
    const scratch = scratchRepository('--object-format=sha256')
    const commit = scratch.commit('one')
    expect(commit).toHaveLength(64)
    const repository = await scratch.open()
    expect(repository.objectFormat).toBe('sha256')
    expect(await readSource(repository)).toMatchObject({ commit })
  })

  test('accepts a folder with a line end in its name', async () => {
    const folder = join(scratchFolder(), 'two\nlines')
    scratchIn(scratchFolder()).git(['init', '--quiet', folder])
    expect((await openRepository(folder)).root).toBe(folder)
  })

  test.for<[string, () => string]>([
    ['a folder without a repository', scratchFolder],
    ['a folder that does not exist', () => join(scratchFolder(), 'missing')],
    ['a bare repository', () => scratchRepository('--bare').folder],
    ['the folder .git', () => join(scratchRepository().folder, '.git')],
  ])('%s is no checkout', async ([, folder]) => {
    await expect(openRepository(folder())).rejects.toMatchObject({ code: 'git-no-repository' })
  })

  test('says how to trust a folder of another user', async () => {
    const scratch = scratchRepository()
    const env = { ...process.env, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }
    const opening = openRepository(scratch.folder, { platform: process.platform, env })
    await expect(opening).rejects.toMatchObject({ code: 'git-failed' })
    await expect(opening).rejects.toHaveProperty('hint', expect.stringContaining('safe.directory'))
    await expect(opening).rejects.not.toHaveProperty('message', expect.stringContaining(scratch.folder))
  })

  test('says that git is not installed', async () => {
    const scratch = scratchRepository()
    const opening = openRepository(scratch.folder, { platform: process.platform, env: { PATH: scratchFolder() } })
    await expect(opening).rejects.toMatchObject({ code: 'git-failed', hint: 'install git and put it on PATH' })
  })

  test('an environment cannot name another repository', async () => {
    const scratch = scratchRepository()
    const other = scratchRepository()
    const env = { ...process.env, GIT_DIR: join(other.folder, '.git'), GIT_WORK_TREE: other.folder }
    expect((await openRepository(scratch.folder, { platform: process.platform, env })).root).toBe(scratch.folder)
  })

  test('stops when it is told to', async () => {
    const scratch = scratchRepository()
    scratch.commit('one')
    const stop = new AbortController()
    const repository = await openRepository(scratch.folder, { signal: stop.signal })
    stop.abort()
    await expect(readSource(repository)).rejects.toMatchObject({ code: 'git-failed' })
  })
})

describe('the source', () => {
  test('is the commit, the branch and the remote', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('one', { 'a.txt': 'a\n' })
    scratch.git(['remote', 'add', 'origin', 'https://ci:token@git.example.org/o/r.git'])
    expect(await readSource(await scratch.open())).toEqual({
      commit,
      ref: 'refs/heads/main',
      remote: 'https://git.example.org/o/r',
      dirty: false,
      changed: [],
      changedCount: 0,
      untracked: { count: 0 },
      submodules: { count: 0, first: [] },
      shallow: false,
    })
  })

  test('has no ref when HEAD is detached, and no remote without origin', async () => {
    const scratch = scratchRepository()
    scratch.commit('one')
    scratch.git(['checkout', '--quiet', '--detach'])
    expect(await readSource(await scratch.open())).toMatchObject({ ref: undefined, remote: undefined })
  })

  test('needs a commit', async () => {
    const scratch = scratchRepository()
    await expect(readSource(await scratch.open())).rejects.toMatchObject({ code: 'git-no-commit' })
  })

  test('is shallow in a shallow clone', async () => {
    const origin = scratchRepository()
    origin.commit('one')
    origin.commit('two')
    const repository = await scratchClone(origin, '--depth=1').open()
    expect(await readSource(repository)).toMatchObject({ shallow: true, remote: undefined })
  })

  test('a replace ref does not change what a commit says', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('plain')
    const other = scratch.commit('Co-authored-by: Claude <noreply@anthropic.com>')
    scratch.git(['reset', '--quiet', '--hard', commit])
    scratch.git(['replace', commit, other])
    const { sessions } = await collectSessions(await scratch.open(), rangeUpTo(commit))
    expect(sessions).toEqual([])
  })
})

describe('a dirty working tree', () => {
  async function isDirtyAfter(change: (scratch: Scratch) => void): Promise<boolean> {
    const scratch = scratchRepository()
    scratch.commit('one', { 'a.txt': 'a\n', '.gitignore': 'dist/\n' })
    change(scratch)
    return (await readSource(await scratch.open())).dirty
  }

  async function untrackedAfter(change: (scratch: Scratch) => void): Promise<UntrackedFiles> {
    const scratch = scratchRepository()
    scratch.commit('one', { 'a.txt': 'a\n', '.gitignore': 'dist/\n' })
    change(scratch)
    const { dirty, untracked } = await readSource(await scratch.open())
    expect(dirty).toBe(false)
    return untracked
  }

  test.for<[string, (scratch: Scratch) => void]>([
    ['a changed file', (it) => it.write('a.txt', 'b\n')],
    ['a removed file', (it) => rmSync(join(it.folder, 'a.txt'))],
  ])('is one with %s', async ([, change]) => {
    expect(await isDirtyAfter(change)).toBe(true)
  })

  test('names up to ten of its files, and counts them', async () => {
    const scratch = scratchRepository()
    scratch.commit('one', Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`ä/${at + 10}.txt`, 'a\n'])))
    scratch.write('ä/12.txt', 'b\n')
    rmSync(join(scratch.folder, 'ä/13.txt'))
    const few = await readSource(await scratch.open())
    expect([few.changed, few.changedCount]).toEqual([['ä/12.txt', 'ä/13.txt'], 2])
    for (let at = 10; at < 30; at += 1) scratch.write(`ä/${at}.txt`, 'other\n')
    const many = await readSource(await scratch.open())
    expect([many.dirty, many.changed.length, many.changedCount]).toEqual([true, 10, 20])
  })

  test.for<[string, (scratch: Scratch) => void, UntrackedFiles]>([
    ['a staged file', (it) => (it.write('b.txt', ''), it.git(['add', 'b.txt'])), { count: 1, paths: ['b.txt'] }],
    ['an untracked file', (it) => it.write('sub/new.txt', ''), { count: 1, paths: ['sub/new.txt'] }],
    [
      'an untracked file where status is configured not to show it',
      (it) => {
        it.git(['config', 'status.showUntrackedFiles', 'no'])
        it.write('new.txt', '')
      },
      { count: 1, paths: ['new.txt'] },
    ],
    [
      'many untracked files, by their number and the first of them',
      (it) => {
        for (let at = 100; at < 125; at += 1) it.write(`sub/deep/${at}.txt`, '')
      },
      { count: 25, paths: Array.from({ length: 10 }, (_, at) => `sub/deep/${100 + at}.txt`) },
    ],
    [
      'bundles and checksum files, apart',
      (it) => ['app.tgz.sigstore.json', 'out/SHA256SUMS', 'a.js'].forEach((path) => it.write(path, '')),
      { count: 1, paths: ['a.js'], apart: 2 },
    ],
  ])('is not one with %s, which is told', async ([, change, untracked]) => {
    expect(await untrackedAfter(change)).toEqual(untracked)
  })

  test('is not one by what the build made; what lies beside it is told', async () => {
    const scratch = scratchRepository()
    scratch.commit('one', { 'a.txt': 'a\n' })
    scratch.write('out [1]/app.tgz', '')
    const repository = await scratch.open()
    const made = [join(repository.root, 'out [1]/app.tgz'), '/elsewhere/app.tgz']
    expect((await readSource(repository, made)).untracked).toEqual({ count: 0 })
    expect((await readSource(repository)).untracked).toEqual({ count: 1, paths: ['out [1]/app.tgz'] })
    scratch.write('out [1]/left.js', '')
    expect((await readSource(repository, made)).untracked).toEqual({ count: 1, paths: ['out [1]/left.js'] })
  })

  test('is not one with ignored files', async () => {
    expect(await isDirtyAfter((it) => it.write('dist/app.js', ''))).toBe(false)
  })

  function withSubmodule(): Scratch {
    const library = scratchRepository()
    library.commit('one', { 'lib.txt': 'a\n' })
    const scratch = scratchRepository()
    scratch.git(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.folder, 'lib'])
    scratch.commit('with submodule')
    return scratch
  }

  test.for<[string, boolean, (scratch: Scratch) => void]>([
    ['nothing', false, () => undefined],
    ['another commit', true, (it) => scratchIn(join(it.folder, 'lib')).commit('two')],
    ['a changed file', true, (it) => it.write('lib/lib.txt', 'b\n')],
    ['an untracked file', false, (it) => it.write('lib/new.txt', '')],
  ])('a submodule with %s: %s', async ([what, dirty, change]) => {
    const scratch = withSubmodule()
    const commit = scratch.git(['rev-parse', 'HEAD:lib'])
    change(scratch)
    const source = await readSource(await scratch.open())
    expect(source.dirty).toBe(dirty)
    expect(source.submodules).toEqual({ count: 1, first: [{ path: 'lib', commit }] })
    const untracked = what === 'an untracked file' ? { count: 1, paths: ['lib/new.txt'] } : { count: 0 }
    expect(source.untracked).toEqual(untracked)
  })

  test('a submodule that is not checked out is not one', async () => {
    const scratch = withSubmodule()
    scratch.git(['submodule', '--quiet', 'deinit', '--force', 'lib'])
    expect((await readSource(await scratch.open())).dirty).toBe(false)
  })
})

describe('a configuration that names programs runs none of them', () => {
  test.for<[string, (scratch: Scratch, program: string) => void]>([
    ['core.fsmonitor', (it, program) => it.git(['config', 'core.fsmonitor', program])],
    ['diff.external', (it, program) => it.git(['config', 'diff.external', program])],
    [
      'gpg.program',
      (it, program) => {
        it.git(['config', 'log.showSignature', 'true'])
        it.git(['config', 'gpg.program', program])
        const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----\n\n'
        const signed = it.git(['cat-file', 'commit', 'HEAD']).replace('\n\n', `\n${signature}`)
        it.git(['reset', '--soft', it.git(['hash-object', '-t', 'commit', '-w', '--stdin'], signed)])
      },
    ],
    ['core.pager', (it, program) => it.git(['config', 'core.pager', program])],
    [
      'textconv',
      (it, program) => {
        it.write('.git/info/attributes', '* diff=trap\n')
        it.git(['config', 'diff.trap.textconv', program])
        it.git(['config', 'diff.trap.command', program])
      },
    ],
    [
      'a clean filter',
      (it, program) => {
        it.write('.git/info/attributes', '* filter=a=b\n')
        it.git(['config', '--file', join(it.folder, '.git/config'), 'filter.a=b.clean', program])
      },
    ],
    [
      'a hook',
      (it, program) => {
        it.write('.git/hooks/post-index-change', `#!/bin/sh\n${program}\n`)
        chmodSync(join(it.folder, '.git/hooks/post-index-change'), 0o755)
      },
    ],
  ])('%s', async ([, configure]) => {
    const { program, trace } = trap()
    const scratch = scratchRepository()
    scratch.commit('one', { 'a.txt': 'a\n' })
    configure(scratch, program)
    const commit = scratch.git(['rev-parse', 'HEAD'])
    scratch.note(commit, noteFor(commit, 'a.txt'))
    rmSync(trace, { force: true })
    // The same contents at another time: git has to read the file to know that it did not change.
    scratch.write('a.txt', 'a\n')
    const repository = await scratch.open()
    await readSource(repository)
    const { lines } = await collectSessions(repository, rangeUpTo(commit))
    expect(lines).toMatchObject({ ai: 1, human: 0 })
    expect(existsSync(trace)).toBe(false)
  })

  test('a clean filter of a submodule', async () => {
    const { program, trace } = trap()
    const library = scratchRepository()
    library.commit('one', { 'lib.txt': 'a\n', '.gitattributes': '* filter=trap\n' })
    const scratch = scratchRepository()
    scratch.git(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.folder, 'lib'])
    scratch.commit('with submodule')
    scratch.git(['-C', 'lib', 'config', 'filter.trap.clean', program])
    scratch.write('lib/lib.txt', 'a\n')
    await readSource(await scratch.open())
    expect(existsSync(trace)).toBe(false)
  })

  test('the fetch of a partial clone; the reader could not look', async () => {
    const { program, trace } = trap()
    const origin = scratchRepository()
    origin.git(['config', 'uploadpack.allowFilter', 'true'])
    const first = origin.commit('one', { 'a.txt': 'a\n' })
    origin.note(first, noteFor(first, 'a.txt'))
    const second = origin.commit('two\n\nAI-Session-ID: codex:s-1', { 'a.txt': 'b\n' })
    const clone = scratchClone(origin, '--filter=blob:none')
    clone.git(['fetch', '--quiet', 'origin', 'refs/notes/ai:refs/notes/ai'])
    clone.git(['config', 'remote.origin.uploadpack', program])
    const found = await collectSessions(await clone.open(), rangeUpTo(second))
    expect(existsSync(trace)).toBe(false)
    expect(usualReaders(found.readers)).toMatchObject([
      { reader: 'commit-identity', outcome: 'nothing' },
      { reader: 'entire-checkpoint', outcome: 'nothing' },
      { reader: 'git-ai-note', outcome: 'could-not-look', claims: 0 },
      { reader: 'session-record', outcome: 'not-fetched' },
      { reader: 'source-note', outcome: 'not-fetched' },
      { reader: 'trailer', outcome: 'found' },
      { reader: 'pull-requests', outcome: 'nothing' },
    ])
    expect(found.lines).toBeUndefined()
    expect(found.sessions.map(({ id }) => id)).toEqual(['s-1'])
  })
})

/** One session that says it wrote line 1. */
function noteFor(commit: string, path: string): string {
  const agent = { agent_id: { tool: 'claude', id: 'a-session', model: 'claude-opus-4-6' } }
  const metadata = {
    schema_version: 'authorship/3.0.0',
    base_commit_sha: commit,
    sessions: { s_00000000000001: agent },
  }
  return `${path}\n  s_00000000000001::t_00000000000001 1\n---\n${JSON.stringify(metadata)}`
}

describe('the address of a remote', () => {
  test.for<[string, string | undefined]>(
    part(
      [
        ['https://github.com/o/r.git', 'https://github.com/o/r'],
        ['https://github.com/o/r/', 'https://github.com/o/r'],
        [
          'https://user:secret@GitLab.example.org:8443/g/s/r.git?private_token=secret#x',
          'https://gitlab.example.org:8443/g/s/r',
        ],
        ['git@github.com:o/r.git', 'https://github.com/o/r'],
        ['git@github.com:/o/r.git', 'https://github.com/o/r'],
        ['ssh://git@ssh.github.com:443/o/r.git', 'https://github.com/o/r'],
        ['ssh://git@altssh.bitbucket.org:443/o/r', 'https://bitbucket.org/o/r'],
        ['git+ssh://bob@gitlab.com/group/sub/r.git', 'https://gitlab.com/group/sub/r'],
        ['git://github.com/o/r', 'https://github.com/o/r'],
        ['acme@acme.ghe.com:o/r.git', 'https://acme.ghe.com/o/r'],
        ['git@codeberg.org:o/r.git', 'https://codeberg.org/o/r'],
        ['git@a.b.ghe.com:o/r.git', 'ssh://git@a.b.ghe.com/o/r'],
        ['git@github.com.evil.example:o/r', 'ssh://git@github.com.evil.example/o/r'],
        ['git@notgithub.com:o/r', 'ssh://git@notgithub.com/o/r'],
        ['bob@git.example.org:o/r', 'ssh://git.example.org/o/r'],
        ['git.example.org:o/r', 'ssh://git.example.org/o/r'],
        ['ssh://git@git.example.org:2222/o/r.git', 'ssh://git@git.example.org:2222/o/r'],
        ['ssh://bob:secret@git.example.org/o/r.git', 'ssh://git.example.org/o/r'],
        ['git+ssh://git@git.example.org/o/r.git', 'ssh://git@git.example.org/o/r'],
        ['git://git.example.org/o/r.git', 'git://git.example.org/o/r'],
        ['/srv/git/r.git', undefined],
        ['../r.git', undefined],
        ['file:///home/ann/r.git', undefined],
        ['C:\\Users\\ann\\r', undefined],
        ['C:/Users/ann/r', undefined],
        ['ext::sh -c touch% /tmp/x', undefined],
        ['', undefined],
        [`https://example.org/${'a'.repeat(4_000)}`, undefined],
      ],
      5,
    ),
  )('%s → %s', ([url, uri]) => {
    expect(remoteUri(url)).toBe(uri)
  })
})
