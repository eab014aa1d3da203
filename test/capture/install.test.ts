/** Installing hooks beside whatever is there, and taking them out again: every byte, mode and folder as before. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hooksStatus, installHooks } from '../../src/hooks.ts'
import type { HookRow } from '../../src/hooks.ts'
import { countersign } from '../cli/terminal.ts'
import { claude, claudeLine, newClone, session, treeOf } from './clone.ts'
import type { Clone } from './clone.ts'
import { isEach, part } from '../world/runs.ts'

const hook = '#!/bin/sh\necho former >> "$(git rev-parse --git-dir)/former"\n'

async function comesBack(
  clone: Clone,
  request: Parameters<Clone['install']>[0] = {},
  between?: () => void,
): Promise<void> {
  const before = treeOf(clone.root)
  const home = treeOf(clone.home)
  await clone.install(request)
  expect(treeOf(clone.root)).not.toEqual(before)
  between?.()
  await clone.remove()
  expect(treeOf(clone.root)).toEqual(before)
  expect(treeOf(clone.home)).toEqual(home)
}

describe('hooks that are there', () => {
  it('nothing was there: nothing is left', async () => {
    await comesBack(newClone())
  })

  it('a hook runs first, what it ends with counts, and it comes back with its mode', async () => {
    const clone = newClone()
    clone.write('.git/hooks/prepare-commit-msg', `${hook}grep -q refuse "$1" && exit 3\nexit 0\n`, 0o744)
    clone.write('.git/hooks/post-rewrite', 'cat > "$(git rev-parse --git-dir)/rewritten"\n', 0o755)
    await clone.install()
    clone.commit('One', 'a', '1', claude)
    expect(clone.trailers()).toEqual([claudeLine])
    expect(readFileSync(join(clone.root, '.git/former'), 'utf8')).toBe('former\n')
    clone.write('a', '2')
    clone.git(['add', 'a'])
    expect(clone.tryGit(['commit', '-q', '-m', 'refuse']).status).not.toBe(0)
    clone.git(['commit', '-q', '--amend', '--no-edit'])
    expect(readFileSync(join(clone.root, '.git/rewritten'), 'utf8')).toMatch(/^[0-9a-f]{40} [0-9a-f]{40}\n$/)
    await clone.remove()
    await comesBack(clone, {}, () => clone.git(['status']))
  })

  it('installed twice is installed once', async () => {
    const clone = newClone()
    clone.write('.git/hooks/prepare-commit-msg', hook, 0o755)
    await comesBack(clone, {}, () => undefined)
    await clone.install()
    const once = treeOf(clone.root)
    await clone.install()
    expect(treeOf(clone.root)).toEqual(once)
    clone.commit('One', 'a', '1', claude)
    expect(clone.trailers()).toEqual([claudeLine])
    expect(readFileSync(join(clone.root, '.git/former'), 'utf8')).toBe('former\n')
  })

  it.runIf(isEach)('what was written beside our part stays', async () => {
    const clone = newClone()
    await clone.install()
    const path = join(clone.root, '.git/hooks/post-commit')
    writeFileSync(path, `${readFileSync(path, 'utf8')}echo mine\n`)
    await clone.remove()
    expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\necho mine\n')
  })

  it.runIf(isEach)('also where there was a hook before, which still runs', async () => {
    const clone = newClone()
    clone.write('.git/hooks/post-commit', hook, 0o755)
    await clone.install()
    const path = join(clone.root, '.git/hooks/post-commit')
    writeFileSync(path, `${readFileSync(path, 'utf8')}touch "$(git rev-parse --git-dir)/mine"\n`)
    const { notes } = await clone.remove()
    expect(notes).toHaveLength(1)
    clone.commit('One', 'a', '1', claude)
    expect(clone.trailers()).toEqual([])
    expect([existsSync(join(clone.root, '.git/former')), existsSync(join(clone.root, '.git/mine'))]).toEqual([
      true,
      true,
    ])
  })

  it('a hook that took our place is left, and the one before is named', async () => {
    const clone = newClone()
    clone.write('.git/hooks/post-commit', hook, 0o755)
    await clone.install()
    clone.write('.git/hooks/post-commit', 'theirs', 0o755)
    const { git, notes } = await clone.install()
    expect(notes.join()).toContain('.before-countersign')
    expect(git[2]).toMatchObject({ name: 'post-commit', state: 'skipped' })
    await clone.remove()
    expect(readFileSync(join(clone.root, '.git/hooks/post-commit.before-countersign'), 'utf8')).toBe(hook)
    expect(readFileSync(join(clone.root, '.git/hooks/post-commit'), 'utf8')).toBe('theirs')
  })

  it.runIf(isEach)('a manager that keeps ours as the former one and runs it makes no circle', async () => {
    const clone = newClone()
    clone.write(
      '.git/hooks/prepare-commit-msg',
      '#!/bin/sh\n[ ! -x "$(dirname "$0")/prepare-commit-msg.legacy" ] || "$(dirname "$0")/prepare-commit-msg.legacy" "$@"\n',
      0o755,
    )
    const manager = readFileSync(join(clone.root, '.git/hooks/prepare-commit-msg'), 'utf8')
    await clone.install()
    const ours = readFileSync(join(clone.root, '.git/hooks/prepare-commit-msg'), 'utf8')
    clone.write('.git/hooks/prepare-commit-msg.legacy', ours, 0o755)
    clone.write('.git/hooks/prepare-commit-msg.legacy.before-countersign', manager, 0o755)
    clone.write('.git/hooks/prepare-commit-msg', manager, 0o755)
    clone.commit('One', 'a', '1', claude)
    expect(clone.trailers()).toEqual([claudeLine])
  })

  it('without a folder for hooks', async () => {
    const clone = newClone()
    clone.git(['init', '-q', '--template='])
    const bare = newClone()
    bare.git(['config', 'x.y', 'z'])
    await comesBack(bare)
  })
})

describe('core.hooksPath', () => {
  it("husky's is joined where husky does not write", async () => {
    const clone = newClone()
    clone.write(
      '.husky/_/h',
      '#!/usr/bin/env sh\nn=$(basename "$0")\ns=$(dirname "$(dirname "$0")")/$n\n[ ! -f "$s" ] && exit 0\nsh -e "$s" "$@"\n',
      0o755,
    )
    for (const name of ['prepare-commit-msg', 'commit-msg', 'post-commit', 'post-rewrite', 'pre-push']) {
      clone.write(`.husky/_/${name}`, '#!/usr/bin/env sh\n. "$(dirname "$0")/h"', 0o755)
    }
    clone.write('.husky/prepare-commit-msg', 'echo team > team', 0o644)
    clone.git(['config', 'core.hooksPath', '.husky/_'])
    await comesBack(clone, {}, () => {
      clone.commit('One', 'a', '1', claude)
      expect(clone.trailers()).toEqual([claudeLine])
      expect(readFileSync(join(clone.root, 'team'), 'utf8')).toBe('team\n')
      clone.git(['reset', '-q', '--hard', 'HEAD~1'])
      clone.git(['clean', '-q', '-f', 'team'])
      expect(readFileSync(join(clone.root, '.husky/prepare-commit-msg'), 'utf8')).not.toContain(clone.root)
    })
  })

  it("a team's own folder is joined, but for what is no shell script", async () => {
    const clone = newClone()
    clone.write('.githooks/prepare-commit-msg', '#!/bin/sh\ntrue\n', 0o755)
    clone.write('.githooks/post-commit', '#!/usr/bin/env python3\npass\n', 0o755)
    clone.git(['config', 'core.hooksPath', '.githooks'])
    const { git } = await clone.install()
    expect(git.map(({ state }) => state)).toEqual(['joined', 'joined', 'skipped', 'joined', 'joined'])
    clone.commit('One', 'a', '1', claude)
    expect(clone.trailers()).toEqual([claudeLine])
    clone.write(
      '.githooks/prepare-commit-msg',
      `${readFileSync(join(clone.root, '.githooks/prepare-commit-msg'), 'utf8')}echo more\n`,
    )
    await clone.remove()
    expect(readFileSync(join(clone.root, '.githooks/prepare-commit-msg'), 'utf8')).toBe('#!/bin/sh\ntrue\necho more\n')
    expect(existsSync(join(clone.root, '.githooks/commit-msg'))).toBe(false)
  })

  it.runIf(isEach)('a folder that other clones use stays as it is, and all its hooks run', async () => {
    const clone = newClone()
    const folder = join(clone.home, 'hooks')
    clone.write('../home/hooks/prepare-commit-msg', hook, 0o755)
    clone.write('../home/hooks/pre-commit', hook, 0o755)
    writeFileSync(join(clone.home, '.gitconfig'), `[core]\n\thooksPath = ${folder}\n`)
    await comesBack(clone, {}, () => {
      clone.commit('One', 'a', '1', claude)
      expect(clone.trailers()).toEqual([claudeLine])
      expect(readFileSync(join(clone.root, '.git/former'), 'utf8')).toBe('former\nformer\n')
      clone.git(['reset', '-q', '--hard', 'HEAD~1'])
    })
  })
})

describe('an agent that nobody uses yet', () => {
  const rowOf = (clone: Clone, name = 'claude-code'): HookRow | undefined =>
    hooksStatus({ cwd: clone.root, env: clone.env }).agents.find((it) => it.name === name)

  it('is told from one that has its hooks, from its first use on, and a commit says so', async () => {
    const clone = newClone()
    expect(rowOf(clone)).toEqual({ name: 'claude-code', state: 'absent' })
    const install = () => installHooks({ pushRecords: true, world: { cwd: clone.root, env: clone.env } })
    const { notes } = await install()
    expect(notes).toHaveLength(1)
    const before = rowOf(clone)?.why
    expect(before).toContain('.claude')
    clone.write('a', '1')
    clone.git(['add', 'a'])
    const unheard = /claude-code of which no hook told/g
    expect(clone.tryGit(['commit', '-m', 'One'], claude).stderr.match(unheard)).toHaveLength(1)
    mkdirSync(join(clone.home, '.claude'))
    expect(rowOf(clone)?.why).not.toBe(before)
    expect((await install()).notes).toEqual([])
    expect(rowOf(clone)).toMatchObject({ state: 'installed' })
    clone.agent('claude-code', { session_id: session, hook_event_name: 'SessionStart', cwd: clone.root })
    clone.write('a', '2')
    expect(clone.tryGit(['commit', '-am', 'Two'], claude).stderr).not.toMatch(unheard)
    // Nor is anybody told who wants no record.
    clone.git(['config', '--unset', 'countersign.pushRecords'])
    await clone.install()
    const other = { CLAUDE_CODE_SESSION_ID: 'another-1' }
    clone.write('a', '3')
    expect(clone.tryGit(['commit', '-am', 'Three'], other).stderr).not.toMatch(unheard)
    expect(clone.trailers()).toEqual(['AI-Session-ID: claude-code:another-1'])
  })

  it('is not asked for again where another clone has put its hooks into the settings of the person', async () => {
    const [one, two] = [newClone(), newClone()]
    await one.install({ agents: ['claude-code'], agentScope: 'user' })
    await two.install()
    const here = hooksStatus({ cwd: two.root, env: { ...two.env, HOME: one.home } }).agents[0]
    expect(here).toMatchObject({ state: 'absent', why: expect.stringContaining('another clone') as string })
  })
})

describe('the key that signs records', () => {
  it('is written whole, is not that of commits, and goes with the hooks', async () => {
    const clone = newClone()
    clone.write('../home/key', 'a key')
    const before = treeOf(clone.root)
    const { settings } = await clone.install({ signingKey: '../home/key' })
    expect(settings['countersign.signingkey']).toBe(join(clone.home, 'key'))
    expect(clone.tryGit(['config', 'user.signingkey']).status).toBe(1)
    await clone.remove()
    expect(treeOf(clone.root)).toEqual(before)
  })

  it('is refused where it is in no file, or where nothing signs with it', async () => {
    const clone = newClone()
    clone.write('../home/key', 'a key')
    const before = treeOf(clone.root)
    await expect(clone.install({ signingKey: 'nowhere' })).rejects.toMatchObject({ code: 'record-key-missing' })
    const unused = clone.install({ signingKey: '../home/key', sign: 'none' })
    await expect(unused).rejects.toMatchObject({ code: 'usage' })
    expect(treeOf(clone.root)).toEqual(before)
    expect((await clone.install({ signingKey: 'key::ssh-ed25519 AAAA' })).settings['countersign.signingkey']).toBe(
      'key::ssh-ed25519 AAAA',
    )
  })
})

describe('settings of agents', () => {
  const all = ['claude-code', 'codex', 'gemini', 'cursor', 'copilot', 'opencode']

  it('are made, found by the agent, and gone again', async () => {
    const clone = newClone()
    await comesBack(clone, { agents: all }, () => {
      const settings = JSON.parse(readFileSync(join(clone.root, '.claude/settings.local.json'), 'utf8')) as {
        hooks: { PostToolUse: [{ hooks: [{ command: string }] }] }
      }
      expect(settings.hooks.PostToolUse[0].hooks[0].command).toContain('agent claude-code')
      expect(readFileSync(join(clone.root, '.cursor/hooks.json'), 'utf8')).not.toContain(clone.root)
    })
  })

  it.each<[string, number]>(
    part(
      [
        ['{}', 2],
        ['{\n  // mine\n  "permissions": { "allow": ["Bash(ls)"] },\n}\n', 2],
        ['{"hooks":{"PostToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"x"}]}]}}', 2],
        ['\ufeff{\r\n\t"hooks": {\r\n\t\t"SessionStart": [ /* none */ ],\r\n\t},\r\n\t"x": "\\u0041"\r\n}', 2],
      ],
      2,
    ),
  )('are joined, with every other byte kept: %j', async (text) => {
    const clone = newClone()
    clone.write('.claude/settings.local.json', text)
    await comesBack(clone, { agents: ['claude-code'] }, () => {
      const path = join(clone.root, '.claude/settings.local.json')
      expect(readFileSync(path, 'utf8')).toContain('agent claude-code')
    })
    // A person writes beside it: then only our part goes.
    await clone.install({ agents: ['claude-code'] })
    const path = join(clone.root, '.claude/settings.local.json')
    const now = readFileSync(path, 'utf8')
    writeFileSync(path, `${now}\n// later\n`)
    await clone.remove()
    const rest = readFileSync(path, 'utf8')
    expect(rest).not.toContain('countersign')
    expect(rest).toContain('// later')
    for (const part of ['// mine', 'Bash(ls)', '"command":"x"', '"x": "\\u0041"']) {
      if (text.includes(part)) expect(rest).toContain(part)
    }
  })

  it.each(part(['[]', '{', '{"hooks": 7}', 'null', '{"hooks":{"PostToolUse":{}}}'], 5))(
    'are left alone where they are none: %s',
    async (text) => {
      const clone = newClone()
      clone.write('.claude/settings.local.json', text)
      const { agents } = await clone.install({ agents: ['claude-code'] })
      expect(agents[0]).toMatchObject({ name: 'claude-code', state: 'skipped' })
      expect(readFileSync(join(clone.root, '.claude/settings.local.json'), 'utf8')).toBe(text)
    },
  )

  it('that are a link out of the checkout are refused, and nothing is written', async () => {
    const clone = newClone()
    writeFileSync(join(clone.home, 'target.json'), '{}')
    clone.write('.claude/x', '')
    symlinkSync(join(clone.home, 'target.json'), join(clone.root, '.claude/settings.local.json'))
    await expect(clone.install({ agents: ['claude-code'] })).rejects.toMatchObject({ code: 'symlink-in-checkout' })
    expect(readFileSync(join(clone.home, 'target.json'), 'utf8')).toBe('{}')
    expect(existsSync(join(clone.root, '.git/countersign/hook'))).toBe(false)
  })

  it("a person's own do nothing in a clone without hooks", async () => {
    const [clone, other] = [newClone(), newClone()]
    await clone.install({ agents: ['claude-code'], agentScope: 'user' })
    const payload = { session_id: session, cwd: other.root, hook_event_name: 'SessionStart' }
    clone.agent('claude-code', payload)
    expect(existsSync(join(other.root, '.git/countersign'))).toBe(false)
  })
})

describe('status and settings', () => {
  it('installed again, a setting stays that nobody asks to change', async () => {
    const clone = newClone()
    clone.write('../home/key', 'a key')
    clone.write('../home/other', 'a key')
    const before = treeOf(clone.root)
    const first = await clone.install({ signingKey: '../home/key', pushRecords: true, recordRemote: 'records' })
    expect(first.kept).toBeUndefined()
    const again = await clone.install()
    expect(again.settings).toEqual(first.settings)
    expect(again.kept?.toSorted()).toEqual(Object.keys(first.settings).toSorted())
    const other = await clone.install({ signingKey: '../home/other', ask: true })
    expect(other.settings).toEqual({
      ...first.settings,
      ...{ 'countersign.signingkey': join(clone.home, 'other'), 'countersign.ask': 'true' },
    })
    expect(other.kept).not.toContain('countersign.signingkey')
    expect((await clone.install({ sign: 'none' })).settings).toEqual({ ...other.settings, 'countersign.sign': 'none' })
    expect((await clone.install()).settings['countersign.sign']).toBe('none')
    await expect(clone.install({ signingKey: '../home/key' })).rejects.toMatchObject({ code: 'usage' })
    // A key that is gone since is told of, and is no reason to be left without hooks.
    clone.git(['config', 'countersign.signingKey', join(clone.home, 'gone')])
    expect((await clone.install({ sign: 'ssh' })).settings['countersign.signingkey']).toBe(join(clone.home, 'gone'))
    await clone.remove()
    expect(clone.tryGit(['config', '--get-regexp', 'countersign']).status).toBe(1)
    expect(Object.keys(treeOf(clone.root))).toEqual(Object.keys(before))
  })

  it('the command line asks for none that nobody named, and says what it kept', async () => {
    const clone = newClone()
    const install = (...flags: readonly string[]) =>
      countersign({ cwd: clone.root, env: clone.env }, 'hooks', 'install', '--agents', 'none', ...flags)
    expect((await install('--push-records', '--sign', 'none')).stdout).not.toContain('(kept)')
    const { exitCode, stdout } = await install('--ask')
    expect(exitCode).toBe(0)
    expect(stdout.match(/\S+ = .*/g)?.toSorted()).toEqual([
      'countersign.ask = true',
      'countersign.pushrecords = true (kept)',
      'countersign.sign = none (kept)',
    ])
  })

  it('what a person set alone is kept, and is there after ours are gone', async () => {
    const clone = newClone()
    clone.git(['config', 'countersign.sign', 'none'])
    clone.git(['config', 'countersign.pushRecords', 'true'])
    await comesBack(clone)
    const { kept, settings } = await clone.install({ sign: 'ssh' })
    expect([kept, settings['countersign.sign']]).toEqual([['countersign.pushrecords'], 'ssh'])
    clone.git(['config', 'x.y', 'z'])
    await clone.remove()
    expect(clone.git(['config', '--get', 'countersign.pushRecords'])).toBe('true\n')
    // What nobody knows is no way to sign.
    clone.git(['config', 'countersign.sign', 'wax'])
    expect((await clone.install()).settings['countersign.sign']).toBe('ssh')
  })

  it('tells what is installed and what was lost', async () => {
    const clone = newClone()
    const { settings } = await clone.install({ pushRecords: true, recordRemote: 'records', ask: true })
    expect(settings).toEqual({
      'countersign.sign': 'ssh',
      'countersign.recordremote': 'records',
      'countersign.pushrecords': 'true',
      'countersign.ask': 'true',
    })
    clone.write('.git/hooks/post-commit', 'theirs', 0o755)
    const { git } = (await import('../../src/hooks.ts')).hooksStatus({ cwd: clone.root, env: clone.env })
    expect(git.map(({ state }) => state)).toEqual(['installed', 'installed', 'lost', 'installed', 'installed'])
    await clone.remove()
    expect(clone.tryGit(['config', '--get-regexp', 'countersign']).status).toBe(1)
  })

  it('a configuration that was changed since loses our settings alone', async () => {
    const clone = newClone()
    await clone.install({ pushRecords: true })
    clone.git(['config', 'x.y', 'z'])
    await clone.remove()
    expect(clone.tryGit(['config', '--get-regexp', 'countersign']).status).toBe(1)
    expect(clone.git(['config', 'x.y'])).toBe('z\n')
  })

  it('refuses to publish an address that nobody agreed to, an agent that nobody knows, and a folder that is no clone', async () => {
    const clone = newClone()
    await expect(clone.install({ sign: 'sigstore' })).rejects.toMatchObject({ code: 'usage' })
    clone.git(['config', 'countersign.sign', 'sigstore'])
    await expect(clone.install()).rejects.toMatchObject({ code: 'usage' })
    await clone.install({ publishIdentity: true })
    expect((await clone.install()).settings).toMatchObject({ 'countersign.publishidentity': 'true' })
    await expect(clone.install({ agents: ['clippy'] })).rejects.toMatchObject({ code: 'usage' })
    const { installHooks } = await import('../../src/hooks.ts')
    await expect(installHooks({ world: { cwd: clone.home, env: clone.env } })).rejects.toMatchObject({
      code: 'git-no-repository',
    })
  })
})
