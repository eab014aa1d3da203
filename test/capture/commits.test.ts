/** What commits say of sessions, in each way in which git makes one. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { agentMarkers } from '../../src/capture/environment-sessions.ts'
import { useSessions } from '../../src/hooks.ts'
import { claude, claudeLine, editorThat, newClone, session } from './clone.ts'
import type { Clone } from './clone.ts'
import { isEach, part } from '../world/runs.ts'

async function installed(): Promise<Clone> {
  const clone = newClone()
  await clone.install()
  return clone
}

const codexLine = 'AI-Session-ID: codex:thread-1'
const edit = (clone: Clone, path: string, text: string, id = session) => ({
  ...{ session_id: id, cwd: clone.root, hook_event_name: 'PostToolUse', tool_name: 'Edit' },
  tool_input: { file_path: join(clone.root, path), old_string: '', new_string: text },
})

describe('a commit of an agent', () => {
  it('names its session, and no other commit does', async () => {
    const clone = await installed()
    clone.commit('By hand', 'a', '1')
    expect(clone.trailers()).toEqual([])
    clone.commit('By an agent\n\nWith a body.', 'a', '2', claude)
    expect(clone.message()).toBe(`By an agent\n\nWith a body.\n\n${claudeLine}`)
    expect(clone.trailers()).toEqual([claudeLine])
  })

  it.runIf(isEach)('names several, once each, in the order of the table', async () => {
    const clone = await installed()
    clone.commit('Both', 'a', '1', {
      CURRENT_AI_SESSION_ID: `amp:T-9, claude-code:${session}`,
      CODEX_THREAD_ID: 'thread-1',
      ...claude,
    })
    expect(clone.trailers()).toEqual([claudeLine, codexLine, 'AI-Session-ID: amp:T-9'])
  })

  it('of Amp names its thread', async () => {
    const clone = await installed()
    clone.commit('By Amp', 'a', '1', { AMP_CURRENT_THREAD_ID: 'T-5a9d2f00-1111-4222-8333-944455556666' })
    expect(clone.trailers()).toEqual(['AI-Session-ID: amp:T-5a9d2f00-1111-4222-8333-944455556666'])
  })

  it.each(agentMarkers)(
    'warns where it says that it makes it, and not in which session: %s',
    async (variable, tool) => {
      const clone = await installed()
      const warned = (message: string, env = {}): boolean => {
        clone.write('a', message)
        clone.git(['add', 'a'])
        const { status, stderr } = clone.tryGit(['commit', '-q', '-m', message], { [variable]: '1', ...env })
        expect(status).toBe(0)
        return stderr.includes(`${variable} says that ${tool} makes this commit`)
      }
      expect(warned('One')).toBe(true)
      expect(clone.trailers()).toEqual([])
      expect(warned('Two', { CURRENT_AI_SESSION_ID: `${tool}:s-1` })).toBe(false)
      clone.agent(tool, edit(clone, 'a', 'const three = 3', 's-2'))
      expect(warned('const three = 3')).toBe(false)
      expect(clone.trailers()).toEqual([`AI-Session-ID: ${tool}:s-2`])
      // As the warning says.
      expect(warned('Four')).toBe(true)
      useSessions([`${tool}:s-3`], { cwd: clone.root, env: clone.env })
      clone.git(['commit', '-q', '--amend', '--no-edit'], { [variable]: '1' })
      expect(clone.trailers()).toEqual([`AI-Session-ID: ${tool}:s-3`])
      // What the message says, as that of an amended commit, is said.
      for (const args of [
        ['--amend', '--no-edit'],
        ['--allow-empty', '-m', `Five\n\nAI-Session-ID: ${tool}:s-4`],
      ]) {
        expect(clone.tryGit(['commit', '-q', ...args], { [variable]: '1' }).stderr).toBe('')
      }
    },
  )

  it.runIf(isEach)('does so with --no-verify, -F, --trailer and a last paragraph of trailers', async () => {
    const clone = await installed()
    clone.write('a', '1')
    clone.git(['add', 'a'])
    writeFileSync(join(clone.home, 'message'), 'From a file\n\nSigned-off-by: Ann <ann@example.org>\n')
    clone.git(['commit', '-q', '--no-verify', '-F', join(clone.home, 'message')], claude)
    expect(clone.trailers()).toEqual(['Signed-off-by: Ann <ann@example.org>', claudeLine])
  })

  it.runIf(isEach)('takes an issue number at the start of a line for text, where no editor opens', async () => {
    const clone = await installed()
    clone.commit('Fix\n\n#12 was it', 'a', '1', claude)
    expect(clone.message()).toBe(`Fix\n\n#12 was it\n\n${claudeLine}`)
  })

  it('takes nothing that could write a trailer of its own, a path or a token', async () => {
    const clone = await installed()
    const attacks = [
      'x\nReviewed-by: Eve <eve@example.org>',
      'x\r\nFixes: 1',
      '../../etc/passwd',
      `ghp_${'a'.repeat(36)}`,
      'a b',
      'x'.repeat(129),
      'ann@example.org',
      '\u202ex',
    ]
    for (const [at, id] of attacks.entries()) {
      const { status, stderr } =
        (clone.write('a', String(at)),
        clone.git(['add', 'a']),
        clone.tryGit(['commit', '-q', '-m', 'Attack'], { CLAUDE_CODE_SESSION_ID: id }))
      expect(status).toBe(0)
      expect(stderr).toContain('CLAUDE_CODE_SESSION_ID holds no id')
      expect(stderr).not.toContain(id)
      expect(clone.message()).toBe('Attack')
    }
  })
})

describe('an editor', () => {
  it('shows the trailers above the comments, and keeps them', async () => {
    const clone = await installed()
    clone.git(['config', 'core.commentChar', ';'])
    clone.write('a', '1')
    clone.git(['add', 'a'])
    const editor = editorThat(
      clone,
      `cp "$1" "${clone.home}/seen"; { echo 'Title'; cat "$1"; } > "$1.new"; mv "$1.new" "$1"`,
    )
    clone.git(['commit', '-q', '-v'], { ...claude, ...editor })
    expect(clone.message()).toBe(`Title\n\n${claudeLine}`)
  })

  it.each(part([[[]], [['-v']], [['--no-status']]], 3))(
    'that writes nothing gives the commit up: %j',
    async (flags) => {
      const clone = await installed()
      clone.write('a', '1')
      clone.git(['add', 'a'])
      const { status, stderr } = clone.tryGit(['commit', '-q', ...flags], claude)
      expect(status).toBe(1)
      expect(stderr).toContain('empty commit message')
      expect(clone.message()).toBe('Begin')
      clone.commit('Later, by hand', 'a', '2')
      expect(clone.trailers()).toEqual([])
    },
  )

  it.runIf(isEach)(
    'that leaves a template as it is gives the commit up, and one that fills it in does not',
    async () => {
      const clone = await installed()
      writeFileSync(join(clone.home, 'template'), 'Why:\n\nTicket:\n')
      clone.git(['config', 'commit.template', join(clone.home, 'template')])
      clone.write('a', '1')
      clone.git(['add', 'a'])
      expect(clone.tryGit(['commit', '-q'], claude)).toMatchObject({ status: 1 })
      const editor = editorThat(clone, `sed -i 's/^Why:/Why: because/' "$1"`)
      clone.git(['commit', '-q'], { ...claude, ...editor })
      expect(clone.message()).toContain('Why: because')
      expect(clone.message()).toContain(claudeLine)
    },
  )
})

describe('what git makes out of commits', () => {
  it.runIf(isEach)('amend keeps the session, adds another one, and names none twice', async () => {
    const clone = await installed()
    clone.commit('One', 'a', '1', claude)
    clone.write('a', '2')
    clone.git(['add', 'a'])
    clone.git(['commit', '-q', '--amend', '--no-edit'])
    expect(clone.trailers()).toEqual([claudeLine])
    clone.git(['commit', '-q', '--amend', '--no-edit'], claude)
    expect(clone.trailers()).toEqual([claudeLine])
    clone.git(['commit', '-q', '--amend', '--no-edit'], { CODEX_THREAD_ID: 'thread-1' })
    expect(clone.trailers()).toEqual([claudeLine, codexLine])
  })

  it.runIf(isEach)('amend with another message keeps the session; a commit behind it does not get it', async () => {
    const clone = await installed()
    const old = { GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z' }
    clone.commit('One', 'a', '1', { ...claude, ...old })
    clone.git(['commit', '-q', '--amend', '-m', 'Two'])
    expect(clone.message()).toBe(`Two\n\n${claudeLine}`)
    clone.commit('Three', 'a', '3')
    expect(clone.trailers()).toEqual([])
    // A script that sets all dates amends nothing.
    clone.commit('Four', 'a', '4', { ...claude, ...old })
    clone.commit('Five', 'a', '5', { ...old, GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z' })
    expect(clone.trailers()).toEqual([])
  })

  it('an amend that loses a session says so, and what adds it again', async () => {
    const clone = await installed()
    clone.commit('One', 'a', '1', claude)
    const dates = { GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z' }
    expect(clone.tryGit(['commit', '-q', '--amend', '-m', 'Two'], dates).stderr).toContain(claudeLine)
    expect(clone.tryGit(['commit', '-q', '--amend', '-m', 'Three'], dates).stderr).toBe('')
    // What it advises is what helps.
    clone.git(['commit', '-q', '--amend', '--no-edit'])
    expect(clone.trailers()).toEqual([])
    useSessions([claudeLine.replace('AI-Session-ID: ', '')], { cwd: clone.root, env: clone.env })
    clone.git(['commit', '-q', '--amend', '--no-edit'])
    expect(clone.trailers()).toEqual([claudeLine])
  })

  it('a rebase by an agent claims nothing of others, and keeps what was said', async () => {
    const clone = await installed()
    clone.git(['switch', '-q', '-c', 'topic'])
    clone.commit('By hand', 'a', '1')
    clone.commit('By an agent', 'b', '1', { CODEX_THREAD_ID: 'thread-1' })
    clone.git(['switch', '-q', 'main'])
    clone.commit('Meanwhile', 'c', '1')
    clone.git(['switch', '-q', 'topic'])
    clone.git(['rebase', '-q', 'main'], claude)
    expect(clone.trailers()).toEqual([codexLine])
    expect(clone.trailers('HEAD~1')).toEqual([])
    clone.git(['rebase', '-q', '--force-rebase', 'HEAD~2'], claude)
    expect(clone.trailers()).toEqual([codexLine])
    clone.git(['-c', 'rebase.backend=apply', 'rebase', '-q', '--force-rebase', 'HEAD~2'], claude)
    expect(clone.trailers()).toEqual([codexLine])
  })

  it.each(
    part(
      [
        ['fixup', 'Base', [codexLine]],
        ['squash', 'Base', [codexLine]],
        ['reword', 'Base', []],
      ],
      3,
    ),
  )('interactive rebase: %s', async (how, title, lines) => {
    const clone = await installed()
    clone.commit('Base', 'a', '1')
    clone.commit('More\n\nBody of it.', 'b', '1', { CODEX_THREAD_ID: 'thread-1' })
    clone.commit('Last', 'c', '1')
    const todo = how === 'reword' ? `sed -i '1s/^pick/reword/' "$1"` : `sed -i '2s/^pick/${how}/' "$1"`
    const path = join(clone.home, 'todo.sh')
    writeFileSync(path, `#!/bin/sh\n${todo}\n`, { mode: 0o755 })
    clone.git(['rebase', '-q', '-i', 'HEAD~3'], { ...claude, GIT_SEQUENCE_EDITOR: path })
    const at = how === 'reword' ? 'HEAD~2' : 'HEAD~1'
    expect(clone.message(at).split('\n')[0]).toBe(title)
    expect(clone.trailers(at)).toEqual(lines)
    expect(clone.message(at).match(/AI-Session-ID/g) ?? []).toHaveLength(lines.length)
    expect(clone.trailers()).toEqual([])
  })

  it.runIf(isEach)(
    'a session that a person takes out is told once: where git rewords, and where the rebase waits',
    async () => {
      const clone = await installed()
      clone.commit('Base', 'a', '1', { CODEX_THREAD_ID: 'thread-1' })
      const path = join(clone.home, 'todo.sh')
      const told = (stderr: string): number => stderr.split(`not say any more: ${codexLine}`).length - 1
      const begin = (how: string): number => {
        writeFileSync(path, `#!/bin/sh\nsed -i '1s/^pick/${how}/' "$1"\n`, { mode: 0o755 })
        const without = editorThat(clone, `sed -i '/^AI-Session-ID/d' "$1"`)
        return told(clone.tryGit(['rebase', '-q', '-i', 'HEAD~1'], { ...without, GIT_SEQUENCE_EDITOR: path }).stderr)
      }
      expect(begin('reword')).toBe(1)
      clone.git(['reset', '-q', '--hard', 'HEAD@{1}'])
      clone.commit('More', 'b', '1', { CODEX_THREAD_ID: 'thread-1' })
      expect(begin('edit')).toBe(0)
      const dates = { GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z' }
      expect(told(clone.tryGit(['commit', '-q', '--amend', '-m', 'Other'], dates).stderr)).toBe(1)
      clone.git(['rebase', '--continue'])
    },
  )

  it.runIf(isEach)('fixups of several sessions leave each of them', async () => {
    const clone = await installed()
    clone.commit('Base', 'a', '1', claude)
    clone.commit('fixup! Base', 'b', '1', { CODEX_THREAD_ID: 'thread-1' })
    clone.commit('fixup! Base', 'c', '1', { GEMINI_SESSION_ID: 'g-1' })
    clone.git(['rebase', '-q', '-i', '--autosquash', 'HEAD~3'], { GIT_SEQUENCE_EDITOR: 'true' })
    expect(clone.message()).toBe(`Base\n\n${claudeLine}\n${codexLine}\nAI-Session-ID: gemini:g-1`)
  })

  it.runIf(isEach)('merge: the session that merges is named, and those that are merged are not', async () => {
    const clone = await installed()
    clone.git(['switch', '-q', '-c', 'topic'])
    clone.commit('Topic', 'a', '1', { CODEX_THREAD_ID: 'thread-1' })
    clone.git(['switch', '-q', 'main'])
    clone.git(['merge', '-q', '--no-ff', 'topic'], claude)
    expect(clone.trailers()).toEqual([claudeLine])
    clone.git(['reset', '-q', '--hard', 'HEAD~1'])
    clone.git(['merge', '-q', '--no-ff', 'topic'])
    expect(clone.trailers()).toEqual([])
  })

  it.each(
    part(
      [
        ['with the message that git makes', []],
        ['with another message', ['-m', 'Squashed']],
      ],
      2,
    ),
  )('squash merge %s names all sessions that were squashed', async (_, flags) => {
    const clone = await installed()
    clone.git(['switch', '-q', '-c', 'topic'])
    clone.commit('One', 'a', '1', { CODEX_THREAD_ID: 'thread-1' })
    clone.commit('Two', 'b', '1', claude)
    clone.git(['switch', '-q', 'main'])
    clone.git(['merge', '-q', '--squash', 'topic'])
    clone.git(['commit', '-q', ...flags])
    expect(clone.trailers().sort()).toEqual([claudeLine, codexLine])
    expect(clone.message().match(/AI-Session-ID/g)).toHaveLength(2)
  })

  it.runIf(isEach)(
    'cherry-pick keeps what was said, and does not name who picks; a revert is its own work',
    async () => {
      const clone = await installed()
      clone.git(['switch', '-q', '-c', 'topic'])
      clone.commit('By hand', 'a', '1')
      clone.commit('By an agent', 'b', '1', { CODEX_THREAD_ID: 'thread-1' })
      clone.git(['switch', '-q', 'main'])
      clone.git(['cherry-pick', '-x', 'topic~1', 'topic'], claude)
      expect(clone.trailers().filter((it) => it.startsWith('AI-'))).toEqual([codexLine])
      expect(clone.message('HEAD~1')).not.toContain('AI-Session-ID')
      clone.git(['revert', '--no-edit', 'HEAD'], claude)
      expect(clone.trailers()).toEqual([claudeLine])
    },
  )
})

describe('a session whose lines a person commits', () => {
  it('is named, with its version and model, once for what it wrote', async () => {
    const clone = await installed()
    const transcript = join(clone.home, 'session.jsonl')
    writeFileSync(transcript, '{"version":"2.1.240","message":{"model":"claude-opus-4-6"}}\n')
    clone.write('src/pay.ts', 'export const rate = 19\n')
    expect(
      clone.agent('claude-code', {
        ...edit(clone, 'src/pay.ts', 'export const rate = 19\n'),
        transcript_path: transcript,
      }),
    ).toEqual({ status: 0, stdout: '', stderr: '' })
    clone.git(['add', '-A'])
    clone.git(['commit', '-q', '-m', 'Rate'])
    expect(clone.trailers()).toEqual([claudeLine, 'AI-Tool-Version: claude-code/2.1.240 (claude-opus-4-6)'])
    clone.commit('By hand', 'src/pay.ts', 'export const rate = 7\n')
    expect(clone.trailers()).toEqual([])
    clone.git(['revert', '--no-edit', 'HEAD'])
    expect(clone.trailers()).toEqual([])
  })

  it.runIf(isEach)('is not named for another file, for what was put back, or for what it did not write', async () => {
    const clone = await installed()
    clone.commit('Base', 'a.ts', 'const base = 1\n')
    clone.agent('claude-code', edit(clone, 'a.ts', 'const added = 2\n'))
    clone.commit('Another', 'b.ts', 'const added = 2\n')
    expect(clone.trailers()).toEqual([])
    clone.commit('Own', 'a.ts', 'const base = 1\nconst own = 3\n')
    expect(clone.trailers()).toEqual([])
    clone.agent('claude-code', { session_id: session, cwd: clone.root, hook_event_name: 'SessionStart' })
    clone.commit('Seen alone', 'a.ts', 'const base = 1\nconst own = 4\n')
    expect(clone.trailers()).toEqual([])
  })

  it.runIf(isEach)('stays pending where only another file is committed', async () => {
    const clone = await installed()
    clone.agent('claude-code', edit(clone, 'a.ts', 'const added = 2\n'))
    clone.agent('codex', edit(clone, 'b.ts', 'const other = 5\n', 'thread-1'))
    clone.commit('First', 'b.ts', 'const other = 5\n')
    expect(clone.trailers()).toEqual([codexLine])
    clone.commit('Second', 'a.ts', 'const added = 2\n')
    expect(clone.trailers()).toEqual([claudeLine])
  })

  it.runIf(isEach)('belongs to the working tree in which it wrote', async () => {
    const clone = await installed()
    clone.git(['worktree', 'add', '-q', '-b', 'other', '../other'])
    const other = { ...newClone(join(clone.root, '../other')) }
    clone.agent('claude-code', edit(clone, '../other/a.ts', 'const added = 2\n'))
    clone.commit('Here', 'a.ts', 'const added = 2\n')
    expect(clone.trailers()).toEqual([])
    other.commit('There', 'a.ts', 'const added = 2\n')
    expect(other.trailers()).toEqual([claudeLine])
    other.commit('By an agent there', 'b', '1', { CODEX_THREAD_ID: 'thread-1' })
    expect(other.trailers()).toEqual([codexLine])
  })

  it.runIf(isEach)('in a submodule has hooks of its own', async () => {
    const [clone, inner] = [newClone(), newClone()]
    clone.git(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'inner'])
    clone.git(['commit', '-q', '-m', 'Add'])
    const submodule = newClone(join(clone.root, 'inner'))
    await submodule.install()
    submodule.commit('Inside', 'a', '1', claude)
    expect(submodule.trailers()).toEqual([claudeLine])
    clone.git(['commit', '-q', '-am', 'Outside'], claude)
    expect(clone.trailers()).toEqual([])
  })
})

describe('whatever is wrong', () => {
  it.each(
    part(
      [
        [
          'countersign is gone',
          (clone: Clone) => ({
            program: {
              node: process.execPath,
              capture: join(clone.home, 'gone.js'),
              program: join(clone.home, 'gone'),
            },
          }),
        ],
        [
          'node is gone',
          (clone: Clone) => ({ program: { node: join(clone.home, 'node'), capture: '/', program: '/' } }),
        ],
        [
          'it breaks',
          (clone: Clone) => (
            writeFileSync(join(clone.home, 'bad.js'), 'throw new Error("x")'),
            { program: { node: process.execPath, capture: join(clone.home, 'bad.js'), program: '/' } }
          ),
        ],
      ],
      2,
    ),
  )('%s: the commit is made', async (_, request) => {
    const clone = newClone()
    await clone.install(request(clone))
    clone.write('a', '1')
    clone.git(['add', 'a'])
    const { status, stderr } = clone.tryGit(['commit', '-q', '-m', 'One'], claude)
    expect(status).toBe(0)
    expect(stderr).not.toBe('')
    expect(clone.message()).toBe('One')
  })

  it.runIf(isEach)('state that is broken counts as none', async () => {
    const clone = await installed()
    clone.agent('claude-code', edit(clone, 'a.ts', 'const added = 2\n'))
    for (const path of [
      'edits/claude-code.0b9e6c52-7a3f-4d18-9c0e-5f2a71d3b846.jsonl',
      `sessions/claude-code/${session}.json`,
      'by-hand.json',
    ]) {
      clone.write(`.git/countersign/${path}`, '{"tool": [[[\n\0')
    }
    clone.commit('One', 'a.ts', 'const added = 2\n', claude)
    expect(clone.trailers()).toEqual([claudeLine])
  })

  it('records that cannot be made stop no push', async () => {
    const clone = newClone()
    const program = join(clone.home, 'program.cjs')
    const [called, remote] = [join(clone.home, 'called'), join(clone.home, 'remote.git')]
    const script = `require('fs').writeFileSync(${JSON.stringify(called)}, process.argv.slice(2).join(' ')); process.exit(3)`
    writeFileSync(program, script)
    const capture = fileURLToPath(new URL('../../dist/capture.js', import.meta.url))
    await clone.install({ pushRecords: true, program: { node: process.execPath, capture, program } })
    clone.git(['init', '-q', '--bare', remote])
    clone.git(['remote', 'add', 'forge', remote])
    clone.agent('claude-code', { session_id: session, cwd: clone.root, hook_event_name: 'SessionStart' })
    const { status, stderr } = clone.tryGit(['push', '-q', 'forge', 'main'])
    expect([status, stderr.includes('the push goes on')]).toEqual([0, true])
    expect(readFileSync(called, 'utf8')).toBe('sessions record --pending --push forge')
  })

  it('a payload that is none is taken for nothing', async () => {
    const clone = await installed()
    for (const payload of [
      {},
      { session_id: 'x\nFixes: 1', cwd: clone.root },
      { session_id: session, cwd: '/nowhere/at/all' },
    ]) {
      expect(clone.agent('claude-code', payload)).toEqual({ status: 0, stdout: '', stderr: '' })
    }
    rmSync(join(clone.root, '.git/countersign/hook'))
  })
})
