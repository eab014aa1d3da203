/** What a checkout, a folder of git that somebody sent, a payload or a message tries against whoever installs hooks. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lostSessions } from '../../src/capture/after-commit.ts'
import { agentCommand } from '../../src/capture/install/hook-scripts.ts'
import { stagedChanges } from '../../src/capture/patch.ts'
import { claude, claudeLine, newClone, session } from './clone.ts'
import type { Clone } from './clone.ts'
import { makePipe } from '../world/named-pipe.ts'
import { part } from '../world/runs.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

function plantJournal(clone: Clone, entries: readonly object[]): void {
  const whole = entries.map((it) => ({ isAside: false, folders: [], before: null, ...it }))
  clone.write('.git/countersign/installed.json', JSON.stringify({ v: 1, entries: whole, keys: [] }))
}

describe('a checkout', () => {
  it('with a bare repository in it runs no runner of its own under the hooks of an agent', () => {
    const clone = newClone()
    clone.git(['init', '-q', '--bare', 'sub'])
    clone.write('sub/countersign/hook', '#!/bin/sh\ntouch "$(dirname "$0")/ran"\n', 0o755)
    const options = { cwd: join(clone.root, 'sub'), env: clone.env, input: '{}' }
    execFileSync('sh', ['-c', agentCommand('claude-code')], options)
    expect(existsSync(join(clone.root, 'sub/countersign/ran'))).toBe(false)
    // The same where nothing is wrong: in a folder of a clone with a runner.
    clone.write('.git/countersign/hook', '#!/bin/sh\ntouch ran\n', 0o755)
    clone.write('src/x', '')
    execFileSync('sh', ['-c', agentCommand('claude-code')], { ...options, cwd: join(clone.root, 'src') })
    expect(existsSync(join(clone.root, 'src/ran'))).toBe(true)
  })
})

describe('a folder of git that somebody sent', () => {
  const kinds = [
    { kind: 'config', name: 'git' },
    { kind: 'config', name: 'pre-commit' },
    { kind: 'hook', name: 'post-commit' },
    { kind: 'part', name: 'post-commit' },
    { kind: 'settings', name: 'claude-code' },
    { kind: 'settings', name: 'opencode' },
    { kind: 'exclude', name: 'git' },
  ]

  it.each(part(kinds, 3))('has a journal that writes or removes no file of a person: %j', async (entry) => {
    const clone = newClone()
    const path = join(clone.home, '.profile')
    writeFileSync(path, 'as every system has it\n')
    const after = sha256('as every system has it\n')
    for (const before of [base64('run this\n'), null]) {
      for (const run of [() => clone.install(), () => clone.remove()]) {
        plantJournal(clone, [{ ...entry, path, before, after }])
        await run()
        expect(readFileSync(path, 'utf8')).toBe('as every system has it\n')
      }
    }
  })

  it('has a journal that removes no empty folder of a person', async () => {
    const clone = newClone()
    const empty = join(clone.home, 'work/empty')
    mkdirSync(empty, { recursive: true })
    symlinkSync(clone.home, join(clone.root, 'link'))
    const inClone = join(clone.root, '.github/hooks')
    mkdirSync(inClone, { recursive: true })
    const entry = { kind: 'settings', name: 'codex', after: '' }
    const path = join(empty, 'x/hooks.json')
    const linked = join(clone.root, 'link/work/empty')
    plantJournal(clone, [
      { ...entry, path, folders: [empty] },
      { ...entry, path: join(linked, 'hooks.json'), folders: [linked] },
      { ...entry, path: join(clone.root, 'a/hooks.json'), folders: [`${clone.root}/../home/work/empty`] },
      { ...entry, path: join(clone.root, 'a/hooks.json'), folders: [join(inClone, 'none'), 5, null, clone.root] },
      { ...entry, path: join(clone.root, 'a/hooks.json'), folders: null },
      { ...entry, path: join(inClone, 'countersign.json'), folders: [inClone] },
    ])
    await clone.remove()
    expect(existsSync(empty)).toBe(true)
    expect(existsSync(inClone)).toBe(false)
  })

  it('has a journal that hides no file from git', async () => {
    const clone = newClone()
    const path = join(clone.root, '.git/info/exclude')
    const text = readFileSync(path, 'utf8')
    plantJournal(clone, [{ kind: 'exclude', name: 'git', path, before: base64('*\n'), after: sha256(text) }])
    await clone.remove()
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('puts nothing but our entries in or out of settings that are what we write', async () => {
    const [clone, other] = [newClone(), newClone()]
    await clone.install({ agents: ['codex'], agentScope: 'user' })
    const path = join(clone.home, '.codex/hooks.json')
    const now = readFileSync(path, 'utf8')
    const before = base64('{"hooks":{"SessionStart":[{"hooks":[{"type":"command","command":"run this"}]}]}}')
    plantJournal(other, [{ kind: 'settings', name: 'codex', path, before, after: sha256(now) }])
    await other.remove()
    expect(readFileSync(path, 'utf8')).not.toContain('run this')
  })

  it('is not removed from, or written into, through a link', async () => {
    const clone = newClone()
    mkdirSync(join(clone.home, 'sessions'))
    symlinkSync(clone.home, join(clone.root, '.git/countersign'))
    for (const run of [() => clone.install(), () => clone.remove()]) {
      await expect(run()).rejects.toMatchObject({ code: 'symlink-in-checkout' })
    }
    expect(existsSync(join(clone.home, 'sessions'))).toBe(true)
    expect(existsSync(join(clone.home, 'hook'))).toBe(false)
  })
})

describe('links of a person', () => {
  it('a hook that is a link runs first, and is one again', async () => {
    const clone = newClone()
    clone.write('scripts/hook', '#!/bin/sh\necho former >> "$(git rev-parse --git-dir)/former"\n', 0o755)
    mkdirSync(join(clone.root, '.git/hooks'), { recursive: true })
    const path = join(clone.root, '.git/hooks/post-commit')
    symlinkSync('../../scripts/hook', path)
    await clone.install()
    clone.commit('One', 'a', '1', claude)
    expect(clone.trailers()).toEqual([claudeLine])
    expect(readFileSync(join(clone.root, '.git/former'), 'utf8')).toBe('former\n')
    await clone.remove()
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(clone.root, 'scripts/hook'), 'utf8')).not.toContain('countersign')
  })

  it('settings of his own that are one stay one', async () => {
    const clone = newClone()
    const path = join(clone.home, '.claude/settings.json')
    mkdirSync(join(clone.home, '.claude'))
    writeFileSync(join(clone.home, 'kept.json'), '{}')
    symlinkSync('../kept.json', path)
    await clone.install({ agents: ['claude-code'], agentScope: 'user' })
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect(readFileSync(path, 'utf8')).toContain('agent claude-code')
    await clone.remove()
    expect(readFileSync(join(clone.home, 'kept.json'), 'utf8')).toBe('{}')
  })
})

describe('an edit', () => {
  const told = (path: string) => ({
    ...{ session_id: session, hook_event_name: 'PostToolUse', tool_name: 'Write' },
    tool_input: { file_path: path, content: 'const added = 2\n' },
  })

  it('of what is no file hides no other', async () => {
    const clone = newClone()
    await clone.install()
    for (const it of ['a\0b', `x${'y'.repeat(300_000)}`, 'a.ts']) clone.agent('claude-code', told(join(clone.root, it)))
    clone.commit('Mine', 'a.ts', 'const added = 2\n')
    expect(clone.trailers()).toEqual([claudeLine])
  })

  it.each(part(['', '/etc/passwd', '../x', 'a/../../x', 'a\0b'], 5))(
    'of %j, that somebody else noted, hides no other',
    async (path) => {
      const clone = newClone()
      await clone.install()
      const folder = join(clone.root, '.git/countersign/edits')
      mkdirSync(folder, { recursive: true })
      const at = new Date().getTime()
      const note = { tool: 'codex', id: 'T-1', path, at, lines: ['000000000000'] }
      writeFileSync(join(folder, 'codex.x.jsonl'), `${JSON.stringify(note)}\n`)
      clone.agent('claude-code', told(join(clone.root, 'a.ts')))
      clone.commit('Mine', 'a.ts', 'const added = 2\n')
      expect(clone.trailers()).toEqual([claudeLine])
    },
  )

  it('lies in a file of its own: no link, folder or pipe beside it hides it, or is written to', async () => {
    const clone = newClone()
    await clone.install()
    const folder = join(clone.root, '.git/countersign/edits')
    mkdirSync(join(folder, '0.jsonl'), { recursive: true })
    symlinkSync('nowhere', join(folder, '1.jsonl'))
    makePipe(join(folder, '2.jsonl'))
    clone.agent('claude-code', told(join(clone.root, 'a.ts')))
    clone.write('a.ts', 'const added = 2\n')
    clone.git(['add', 'a.ts'])
    expect(clone.tryGit(['commit', '-q', '-m', 'Mine'])).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(clone.trailers()).toEqual([claudeLine])
    const outside = join(clone.home, 'outside')
    writeFileSync(outside, '')
    const own = join(folder, `claude-code.${session}.jsonl`)
    for (const make of [() => symlinkSync(outside, own), () => makePipe(own)]) {
      rmSync(own, { force: true })
      make()
      expect(clone.agent('claude-code', told(join(clone.root, 'b.ts'))).status).toBe(0)
      expect(readFileSync(outside, 'utf8')).toBe('')
    }
  })

  it('of more files than a command line has room for hides no other', () => {
    const clone = newClone()
    clone.write('a.ts', 'const added = 2\n')
    clone.git(['add', 'a.ts'])
    const others = Array.from({ length: 1_000 }, (_, at) => 'd/'.repeat(2_000) + String(at))
    within(clone, () => {
      expect(stagedChanges(new Set(['a.ts', ...others]))?.get('a.ts')?.added.size).toBe(1)
    })
  })
})

function within(clone: Clone, run: () => void): void {
  const cwd = process.cwd()
  try {
    process.chdir(clone.root)
    run()
  } finally {
    process.chdir(cwd)
  }
}

it('a line that a rewrite has lost steers no terminal', () => {
  const clone = newClone()
  clone.git(['commit', '-q', '--allow-empty', '-m', 'One\n\nAI-Session-ID: x:\u001b]0;title\u0007\u009b31m'])
  const from = clone.git(['rev-parse', 'HEAD']).trim()
  clone.git(['commit', '-q', '--allow-empty', '-m', 'Two'])
  const to = clone.git(['rev-parse', 'HEAD']).trim()
  within(clone, () => {
    expect(lostSessions(`${from} ${to}\n`)).toEqual([{ commit: to, lines: ['AI-Session-ID: x: ]0;title 31m'] }])
  })
})
