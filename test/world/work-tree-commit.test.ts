import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scratchRepository } from './scratch-repository.ts'
import type { Scratch } from './scratch-repository.ts'
import { commitWorkTree } from './work-tree-commit.ts'

const person = 'Ann <ann@example.org> 1700000060 +0000'
const byGit = (scratch: Scratch, message: string | Buffer): string => {
  scratch.git(['add', '--all'])
  const dated = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', 'commit', '--quiet', '--allow-empty']
  scratch.git([...dated, '--cleanup=verbatim', '--file=-', '--date=1700000060 +0000'], message)
  return scratch.git(['log', '-1', '--format=%T %P%n%an %ae %cn %ce %at%n%B'])
}
const byUs = (scratch: Scratch, message: string | Buffer): string => {
  expect(commitWorkTree(scratch.folder, message, person)).toBe(scratch.git(['rev-parse', 'HEAD']))
  return scratch.git(['log', '-1', '--format=%T %P%n%an %ae %cn %ce %at%n%B'])
}
const withoutParent = (it: string): string => it.replace(/^(\w{40}) .*/, '$1')

describe.runIf(process.platform === 'linux')('a commit of the work tree is the one that git makes', () => {
  const steps: Record<string, (scratch: Scratch) => void> = {
    'no file': () => undefined,
    'files and folders, in the order of git': (it) =>
      ['a.b', 'a/b', 'a/c/d', 'a0', 'ä'].forEach((path) => it.write(path, path)),
    'another text': (it) => it.write('a/b', 'other'),
    'an executable and a link': (it) => {
      it.write('run', '#!/bin/sh\n')
      chmodSync(join(it.folder, 'run'), 0o755)
      symlinkSync('a/b', join(it.folder, 'link'))
    },
    'no longer executable': (it) => chmodSync(join(it.folder, 'run'), 0o644),
    'a file less, a folder less, a file where a folder was': (it) => {
      rmSync(join(it.folder, 'a.b'))
      rmSync(join(it.folder, 'a'), { recursive: true })
      it.write('a', 'a file')
    },
  }

  test('step by step, with an index that git takes', () => {
    const [ours, gits] = [scratchRepository(), scratchRepository()]
    for (const [name, change] of Object.entries(steps)) {
      for (const it of [ours, gits]) change(it)
      const message = `${name}\n\n  as it is \n\n\n`
      expect(withoutParent(byUs(ours, message))).toBe(withoutParent(byGit(gits, message)))
      expect(ours.git(['ls-files', '--stage'])).toBe(gits.git(['ls-files', '--stage']))
      expect(ours.git(['status', '--porcelain'])).toBe('')
      expect(ours.git(['diff-files'])).toBe('')
    }
    expect(ours.git(['fsck', '--strict', '--no-dangling'])).toBe('')
    expect(ours.git(['rev-list', '--count', 'HEAD'])).toBe(String(Object.keys(steps).length))
  })

  test('git goes on from there, and this from what git left', () => {
    const scratch = scratchRepository()
    scratch.write('a', '1')
    byUs(scratch, 'one')
    scratch.write('b', '2')
    byGit(scratch, 'two')
    scratch.git(['rm', '--quiet', 'a'])
    byUs(scratch, 'three')
    expect(scratch.git(['ls-tree', '--name-only', 'HEAD'])).toBe('b')
    scratch.git(['checkout', '--quiet', '-b', 'side', 'HEAD~1'])
    scratch.write('c', '3')
    byUs(scratch, 'side')
    scratch.git(['checkout', '--quiet', 'main'])
    scratch.git(['merge', '--quiet', '--squash', 'side'])
    byUs(scratch, 'squash')
    expect(scratch.git(['ls-tree', '--name-only', 'HEAD'])).toBe('b\nc')
    expect(scratch.git(['status', '--porcelain'])).toBe('')
  })
})

describe('what is not plain is left to git, and nothing is written', () => {
  const cases: Record<string, (scratch: Scratch) => void> = {
    'files that git ignores': (it) => it.write('.gitignore', 'x\n'),
    'attributes, below': (it) => it.write('below/.gitattributes', '* text\n'),
    'its own list of what is ignored': (it) => {
      mkdirSync(join(it.folder, '.git/info'))
      writeFileSync(join(it.folder, '.git/info/exclude'), 'x\n')
    },
    'a repository in it': (it) => it.git(['init', '--quiet', 'sub']),
    'a submodule without its files': (it) => {
      it.git(['update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub`])
    },
    'an empty folder': (it) => {
      mkdirSync(join(it.folder, 'empty'))
    },
    'a file that is taken for unchanged': (it) => {
      it.write('a', '2')
      it.git(['update-index', '--assume-unchanged', 'a'])
    },
    'a file that is not there on purpose': (it) => it.git(['update-index', '--skip-worktree', 'a']),
    'a merge under way': (it) => writeFileSync(join(it.folder, '.git/MERGE_HEAD'), it.git(['rev-parse', 'HEAD'])),
    'no branch': (it) => it.git(['checkout', '--quiet', '--detach']),
    'a hook': (it) => {
      mkdirSync(join(it.folder, '.git/hooks'))
    },
    'a setting': (it) => it.git(['config', 'core.autocrlf', 'true']),
    'a key that signs': (it) => it.git(['config', 'commit.gpgSign', 'true']),
  }
  test.each(Object.entries(cases))('%s', (_, change) => {
    const scratch = scratchRepository()
    scratch.commit('one', { a: '1' })
    change(scratch)
    const before = scratch.git(['rev-parse', 'HEAD'])
    expect(commitWorkTree(scratch.folder, 'two', person)).toBeUndefined()
    expect(scratch.git(['rev-parse', 'HEAD'])).toBe(before)
  })

  test.each(['', ' \n', 'a\0b', Buffer.from([0x61, 0xff])])('the message %j', (message) => {
    const scratch = scratchRepository()
    expect(commitWorkTree(scratch.folder, message, person)).toBeUndefined()
  })
})
