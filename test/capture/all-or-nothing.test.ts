/** An installation that fails changes nothing, and one for one person alone is seen by nobody else. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { claude, claudeLine, newClone, treeOf } from './clone.ts'
import type { Clone } from './clone.ts'
import { isEach, part } from '../world/runs.ts'

const former = '#!/bin/sh\necho former >> "$(git rev-parse --git-dir)/former"\n'

/** A link where the settings of an agent would be written. */
function linkCursor(clone: Clone): void {
  mkdirSync(join(clone.root, '.cursor'), { recursive: true })
  writeFileSync(join(clone.home, 'target.json'), '{}')
  symlinkSync(join(clone.home, 'target.json'), join(clone.root, '.cursor/hooks.json'))
}

describe('an installation that fails', () => {
  it('leaves the one that is there, where a link has come since', async () => {
    const clone = newClone()
    clone.write('.git/hooks/prepare-commit-msg', former, 0o755)
    await clone.install({ agents: ['claude-code'] })
    linkCursor(clone)
    const before = treeOf(clone.root)
    const both = { agents: ['claude-code', 'cursor'] }
    await expect(clone.install(both)).rejects.toMatchObject({ code: 'symlink-in-checkout' })
    expect(treeOf(clone.root)).toEqual(before)
    clone.commit('One', 'a', '1', claude)
    expect(clone.trailers()).toEqual([claudeLine])
    rmSync(join(clone.root, '.cursor/hooks.json'))
    await clone.install(both)
    expect(existsSync(join(clone.root, '.cursor/hooks.json'))).toBe(true)
  })

  // Another process holds the configuration: known only once hooks are written.
  it.each(part([[['none']], [['claude-code', 'cursor']]], 2))(
    'half way leaves nothing of it, for %j',
    async (agents) => {
      const clone = newClone()
      clone.write('.git/hooks/pre-push', former, 0o744)
      mkdirSync(join(clone.root, '.git/hooks'), { recursive: true })
      symlinkSync('../../scripts/hook', join(clone.root, '.git/hooks/post-commit'))
      clone.write('scripts/hook', former, 0o755)
      const lock = join(clone.root, '.git/config.lock')
      for (const install of [() => Promise.resolve(), () => clone.install({ agents })]) {
        await install()
        writeFileSync(lock, '')
        const before = treeOf(clone.root)
        await expect(clone.install({ agents, pushRecords: true })).rejects.toMatchObject({ code: 'git-failed' })
        expect(treeOf(clone.root)).toEqual(before)
        rmSync(lock)
      }
      await clone.remove()
      expect(readlinkSync(join(clone.root, '.git/hooks/post-commit'))).toBe('../../scripts/hook')
      expect(readFileSync(join(clone.root, '.git/hooks/pre-push'), 'utf8')).toBe(former)
    },
  )
})

describe('settings for one person alone', () => {
  const local = '.claude/settings.local.json'
  const request = { agents: ['claude-code'] }
  const seen = (clone: Clone): string => clone.git(['status', '--porcelain', '-uall'])

  it.each(part(['# theirs\n*.log', '*.log\r\n\xe9\n', undefined], 3))(
    'are out of git status, and the list is as before: %j',
    async (text) => {
      const clone = newClone()
      const path = join(clone.root, '.git/info/exclude')
      rmSync(join(clone.root, '.git/info'), { recursive: true, force: true })
      if (text !== undefined) {
        mkdirSync(join(clone.root, '.git/info'))
        writeFileSync(path, Buffer.from(text, 'latin1'))
      }
      const before = treeOf(clone.root)
      await clone.install(request)
      expect(seen(clone)).toBe('')
      expect(existsSync(join(clone.root, local))).toBe(true)
      await clone.install(request)
      expect(seen(clone)).toBe('')
      await clone.remove()
      expect(treeOf(clone.root)).toEqual(before)
    },
  )

  it.runIf(isEach)('that were there before are seen as before', async () => {
    const clone = newClone()
    clone.write(local, '{}')
    const exclude = readFileSync(join(clone.root, '.git/info/exclude'), 'utf8')
    await clone.install(request)
    expect(seen(clone)).toBe(`?? ${local}\n`)
    expect(readFileSync(join(clone.root, '.git/info/exclude'), 'utf8')).toBe(exclude)
  })

  it('that git ignores already need no line, and those of the project are seen', async () => {
    const clone = newClone()
    clone.commit('Ignore', '.gitignore', `${local}\n`)
    const exclude = readFileSync(join(clone.root, '.git/info/exclude'), 'utf8')
    await clone.install({ agents: ['claude-code', 'cursor'] })
    expect(seen(clone)).toBe('?? .cursor/hooks.json\n')
    expect(readFileSync(join(clone.root, '.git/info/exclude'), 'utf8')).toBe(exclude)
  })

  it.runIf(isEach)('stay out of it once a person has written beside our entries, and only our lines go', async () => {
    const clone = newClone()
    const path = join(clone.root, '.git/info/exclude')
    const before = readFileSync(path, 'utf8')
    await clone.install(request)
    const settings = join(clone.root, local)
    writeFileSync(settings, `${readFileSync(settings, 'utf8')}// mine\n`)
    await clone.install(request)
    expect(seen(clone)).toBe('')
    writeFileSync(path, `${readFileSync(path, 'utf8')}*.mine\n`)
    await clone.remove()
    expect(readFileSync(path, 'utf8')).toBe(`${before}*.mine\n`)
  })

  it('a list that is a link stays as it is', async () => {
    const clone = newClone()
    const path = join(clone.root, '.git/info/exclude')
    rmSync(path)
    writeFileSync(join(clone.home, 'exclude'), '*.log\n')
    symlinkSync(join(clone.home, 'exclude'), path)
    await clone.install(request)
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(clone.home, 'exclude'), 'utf8')).toBe('*.log\n')
  })
})
