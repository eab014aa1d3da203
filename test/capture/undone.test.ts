/** Lines of a session that a commit has, or had, and what becomes of them where a person takes the commit apart. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lineKey } from '../../src/capture/edits.ts'
import { claudeLine, editorThat, newClone, session } from './clone.ts'
import type { Clone } from './clone.ts'

const [base, line, more] = ['const base = 1\n', 'const added = 2\n', 'const later = 3\n']

/** A clone with `a.ts`, in which the session wrote `text` behind what was there. */
async function withEdit(text: string): Promise<Clone> {
  const clone = newClone()
  await clone.install()
  clone.commit('Base', 'a.ts', base)
  edit(clone, text)
  return clone
}

function edit(clone: Clone, text: string, path = 'a.ts'): void {
  const tool_input = { file_path: join(clone.root, path), old_string: '', new_string: text }
  clone.agent('claude-code', { session_id: session, cwd: clone.root, tool_name: 'Edit', tool_input })
  clone.write(path, base + text)
}

function commitAll(clone: Clone, message = 'Again'): string[] {
  clone.git(['commit', '-q', '-a', '-m', message])
  return clone.trailers()
}

describe('a commit that is undone', () => {
  it.each([['--soft'], ['--mixed']])('gives its lines back: git reset %s', async (mode) => {
    const clone = await withEdit(line)
    expect(commitAll(clone, 'First')).toEqual([claudeLine])
    clone.git(['reset', '-q', mode, 'HEAD^'])
    // The session has no part in what a person writes instead.
    clone.git(['stash', '-q'])
    clone.commit('By hand', 'a.ts', `${base}const own = 7\n`)
    expect(clone.trailers()).toEqual([])
    clone.git(['reset', '-q', '--hard', 'HEAD^'])
    clone.git(['stash', 'pop', '-q'])
    expect(commitAll(clone)).toEqual([claudeLine])
    // They have their commit again: whoever takes one away and writes it once more is a person.
    clone.commit('Away', 'a.ts', base)
    clone.commit('By hand', 'a.ts', base + line)
    expect(clone.trailers()).toEqual([])
  })

  it('gives them back also where the next one is given up', async () => {
    const clone = await withEdit(line)
    commitAll(clone)
    clone.git(['reset', '-q', '--soft', 'HEAD^'])
    expect(clone.tryGit(['commit', '-q', '-m', 'No'], editorThat(clone, 'exit 1')).status).toBe(0)
    clone.git(['reset', '-q', '--soft', 'HEAD^'])
    expect(clone.tryGit(['commit', '-q'], editorThat(clone, 'exit 1')).status).not.toBe(0)
    expect(commitAll(clone)).toEqual([claudeLine])
  })

  it('while a rebase waits is taken apart, and each part is theirs', async () => {
    const clone = await withEdit(line + more)
    commitAll(clone)
    const marked = editorThat(clone, 'sed -i.old s/^pick/edit/ "$1"')['GIT_EDITOR'] ?? ''
    clone.git(['rebase', '-q', '-i', 'HEAD^'], { GIT_SEQUENCE_EDITOR: marked })
    clone.git(['reset', '-q', 'HEAD^'])
    clone.write('a.ts', base + line)
    clone.git(['add', 'a.ts'])
    clone.write('a.ts', base + line + more)
    clone.git(['commit', '-q', '-m', 'One half'])
    expect(clone.trailers()).toEqual([claudeLine])
    expect(commitAll(clone, 'The other half')).toEqual([claudeLine])
    clone.git(['rebase', '--continue'])
  })
})

describe('lines that a commit has', () => {
  it('are not theirs when they come back, under whatever id', async () => {
    const clone = await withEdit(line)
    clone.commit('Beside', 'b.ts', 'const beside = 1\n')
    commitAll(clone)
    clone.git(['commit', '-q', '--amend', '-m', 'Reworded', '-m', claudeLine])
    clone.git(['rebase', '-q', '--force-rebase', 'HEAD~2'])
    clone.commit('Away', 'a.ts', base)
    clone.commit('By hand', 'a.ts', base + line)
    expect(clone.trailers()).toEqual([])
  })

  it.each([false, true])('are not named by git in a commit whose author did not (other edits: %s)', async (isOther) => {
    const clone = await withEdit(line)
    clone.git(['commit', '-q', '-a', '-m', 'First'])
    if (isOther) edit(clone, line, 'c.ts')
    clone.git(['commit', '-q', '--amend'], editorThat(clone, 'printf "Unsaid\\n" > "$1"'))
    expect(clone.trailers()).toEqual([])
    clone.git(['checkout', '-q', '-b', 'other', 'HEAD^'])
    clone.commit('Other', 'b.ts', 'const beside = 1\n')
    clone.git(['cherry-pick', 'main'])
    expect(clone.trailers()).toEqual([])
    clone.git(['checkout', '-q', 'main'])
    clone.git(['rebase', '-q', 'other^'])
    clone.git(['rebase', '-q', '--force-rebase', 'HEAD^'])
    expect([clone.message(), clone.trailers()]).toEqual(['Unsaid', []])
  })
})

describe('half of a file', () => {
  it('leaves the other half to the session', async () => {
    const clone = await withEdit(line)
    clone.git(['add', 'a.ts'])
    edit(clone, line + more)
    clone.git(['commit', '-q', '-m', 'One half'])
    expect(clone.trailers()).toEqual([claudeLine])
    expect(commitAll(clone, 'The other half')).toEqual([claudeLine])
    clone.commit('By hand', 'a.ts', `${base}${line}${more}const own = 7\n`)
    expect(clone.trailers()).toEqual([])
  })

  it('leaves nothing of what was thrown away', async () => {
    const clone = await withEdit(line + more)
    clone.commit('One half', 'a.ts', base + line)
    clone.commit('By hand', 'a.ts', base + line + more)
    expect(clone.trailers()).toEqual([])
  })
})

describe('notes of what commits had', () => {
  const folder = '.git/countersign/committed'
  const at = new Date().getTime()
  const note = (commit: string): string =>
    `${JSON.stringify({ tool: 'claude-code', id: session, path: 'a.ts', at, lines: [lineKey(line)], commit })}\n`

  it('that somebody sent hand git no option, and name nothing', async () => {
    const clone = newClone()
    await clone.install()
    mkdirSync(join(clone.root, folder))
    for (const commit of ['--all', '-x', `${'0'.repeat(40)} HEAD`, '']) {
      writeFileSync(join(clone.root, folder, 'x.jsonl'), `{}\nnull\n[\n${note(commit)}`)
      clone.commit('By hand', 'a.ts', `${line}// ${commit}\n`)
      expect(clone.trailers()).toEqual([])
      clone.commit('Away', 'a.ts', '')
    }
  })

  it('have an end', async () => {
    const clone = await withEdit(line)
    mkdirSync(join(clone.root, folder), { recursive: true })
    const before = note('0'.repeat(40)).repeat(2_000)
    const [name] = [`claude-code.${session}.jsonl`]
    writeFileSync(join(clone.root, folder, name), before)
    commitAll(clone)
    const kept = readFileSync(join(clone.root, folder, name), 'utf8')
    expect(kept.length).toBeLessThanOrEqual(256 * 1_024)
    expect(kept.trimEnd().split('\n').at(-1)).toContain(clone.git(['rev-parse', 'HEAD']).trim())
  })
})
