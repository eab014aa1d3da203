/** Lines of a session that a commit has, or had, and what becomes of them where a person takes the commit apart. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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

/** The same on a branch that has it in a commit. */
async function onFeature(text: string): Promise<Clone> {
  const clone = newClone()
  await clone.install()
  clone.commit('Base', 'a.ts', base)
  clone.git(['switch', '-q', '-c', 'feature'])
  edit(clone, text)
  expect(commitAll(clone)).toEqual([claudeLine])
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

  it('gives them back where it was the first of the branch', async () => {
    const clone = await withEdit(line)
    commitAll(clone)
    clone.git(['update-ref', '-d', 'HEAD'])
    expect(commitAll(clone)).toEqual([claudeLine])
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

  it.each([
    ['edit', 'sed -i.old s/^pick/edit/ "$1"'],
    ['break', 'echo break >> "$1"'],
  ])('while a rebase waits (%s) is taken apart, and each part is theirs', async (_, script) => {
    const clone = await withEdit(line + more)
    commitAll(clone)
    const marked = editorThat(clone, script)['GIT_EDITOR'] ?? ''
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

describe('a commit that HEAD does not come from', () => {
  const theirs = 'if (isWidget) {\n  widget()\n} else {\n  return undefined\n}\n'
  const own = 'if (mine) {\n  own(1)\n} else {\n  return undefined\n}\n'

  it.each<[string, (clone: Clone) => void]>([
    [
      'squashed by a forge',
      (clone) => {
        clone.git(['switch', '-q', 'main'])
        const squashed = clone.git(['commit-tree', '-p', 'main', '-m', 'Squash', 'feature^{tree}']).trim()
        clone.git(['merge', '-q', '--ff-only', squashed])
      },
    ],
    ['on a branch that is not merged', (clone) => clone.git(['switch', '-q', 'main'])],
    ['thrown away', (clone) => clone.git(['reset', '-q', '--hard', 'HEAD^'])],
    [
      'rebased onto a main that has its lines',
      (clone) => {
        clone.git(['switch', '-q', 'main'])
        clone.git(['cherry-pick', 'feature'])
        clone.git(['commit', '-q', '--amend', '-m', 'Squash', '--author', 'A Forge <forge@example.org>'])
        clone.git(['switch', '-q', 'feature'])
        clone.git(['rebase', '-q', 'main'])
      },
    ],
    [
      'undone, and done again after all',
      (clone) => {
        clone.git(['reset', '-q', '--soft', 'HEAD^'])
        clone.tryGit(['commit', '-q'], editorThat(clone, 'exit 1'))
        clone.git(['reset', '-q', '--hard', 'ORIG_HEAD'])
      },
    ],
    [
      'amended, and taken as it was',
      (clone) => {
        clone.write('b.ts', line)
        clone.git(['add', 'b.ts'])
        clone.git(['commit', '-q', '--amend', '--no-edit'])
        clone.git(['reset', '-q', '--hard', 'HEAD@{1}'])
      },
    ],
  ])('and that was %s claims no line of a person', async (_, make) => {
    const clone = await onFeature(theirs)
    make(clone)
    const before = readFileSync(join(clone.root, 'a.ts'), 'utf8')
    clone.commit('Own', 'a.ts', before + own)
    expect(clone.trailers()).toEqual([])
    clone.commit('Indented', 'a.ts', before.replaceAll(/^/gm, '  ') + own)
    expect(clone.trailers()).toEqual([])
    clone.git(['switch', '-q', '-c', 'other', 'HEAD^'])
    clone.commit('Indented there', 'a.ts', before.replaceAll(/^/gm, '  ') + own)
    expect(clone.trailers()).toEqual([])
  })

  it('and that is of another branch claims not even a line of its own there', async () => {
    const clone = await onFeature(line)
    clone.git(['switch', '-q', 'main'])
    clone.commit('By hand', 'a.ts', base + line)
    expect(clone.trailers()).toEqual([])
  })

  it('and whose lines came by a squash of this branch claims no revert of a revert', async () => {
    const clone = await withEdit(line + more)
    commitAll(clone)
    const squashed = clone.git(['commit-tree', '-p', 'HEAD^', '-m', 'Squash', 'HEAD^{tree}']).trim()
    clone.git(['reset', '-q', '--hard', squashed])
    clone.git(['revert', '--no-edit', 'HEAD'])
    expect(clone.trailers()).toEqual([])
    clone.git(['revert', '--no-edit', 'HEAD'])
    expect(clone.trailers()).toEqual([])
    // More came since than git may tell.
    clone.commit('Large', 'a.ts', `${'x'.repeat(99)}\n`.repeat(180_000))
    clone.commit('Away', 'a.ts', base)
    clone.commit('By hand', 'a.ts', base + line + more)
    expect(clone.trailers()).toEqual([])
  })

  it('and had a line that was there before claims no other indentation of that', async () => {
    const clone = newClone()
    await clone.install()
    clone.commit('Base', 'a.ts', base + line)
    edit(clone, line + line)
    expect(commitAll(clone)).toEqual([claudeLine])
    clone.git(['reset', '-q', '--hard', 'HEAD^'])
    clone.commit('Indented', 'a.ts', `${base}  ${line}`)
    expect(clone.trailers()).toEqual([])
  })

  it('is no merge of it', async () => {
    const clone = await withEdit(line)
    clone.git(['switch', '-q', '-c', 'feature'])
    commitAll(clone)
    clone.git(['switch', '-q', 'main'])
    clone.git(['merge', '-q', '--no-ff', '-m', 'Merge', 'feature'])
    expect(clone.trailers()).toEqual([])
    clone.git(['reset', '-q', '--hard', 'HEAD^'])
    clone.git(['merge', '-q', '--no-ff', '--no-commit', 'feature'])
    clone.git(['commit', '-q', '-m', 'Merge'])
    expect(clone.trailers()).toEqual([])
  })

  it('may be one of many, of several sessions', async () => {
    const clone = newClone()
    await clone.install()
    const others = ['0aaa', '0bbb']
    let text = ''
    for (let at = 0; at < 20; at += 1) {
      const added = `const line${String(at)} = ${String(at)}\n`
      const tool_input = { file_path: join(clone.root, 'a.ts'), content: added }
      const session_id = others[at % 7 === 6 ? 0 : 1] ?? ''
      clone.agent('codex', { session_id, cwd: clone.root, tool_name: 'Write', tool_input })
      clone.commit('One', 'a.ts', (text += added))
    }
    clone.git(['reset', '-q', '--soft', 'HEAD~20'])
    expect(commitAll(clone)).toEqual(others.map((it) => `AI-Session-ID: codex:${it}`))
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

  it('leaves it where the other half waits in a stash', async () => {
    const clone = await withEdit(line)
    clone.git(['stash', '-q'])
    clone.commit('Hotfix', 'a.ts', `const hotfix = 9\n${base}`)
    expect(clone.trailers()).toEqual([])
    // Where it does not fit any more a person puts it in.
    clone.tryGit(['stash', 'pop', '-q'])
    clone.commit('The rest', 'a.ts', `const hotfix = 9\n${base}${line}`)
    expect(clone.trailers()).toEqual([claudeLine])
  })

  it.each([false, true])('leaves nothing of what was thrown away (an older stash: %s)', async (isStash) => {
    const clone = newClone()
    await clone.install()
    clone.commit('Base', 'a.ts', base)
    clone.write('a.ts', more)
    if (isStash) clone.git(['stash', '-q'], { GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z' })
    edit(clone, line + more)
    clone.commit('One half', 'a.ts', base + line)
    clone.commit('By hand', 'a.ts', base + line + more)
    expect(clone.trailers()).toEqual([])
  })
})

describe('a file', () => {
  it('that gets another name keeps its session', async () => {
    const clone = newClone()
    await clone.install()
    clone.commit('Base', 'a.ts', base + more)
    edit(clone, more + line)
    clone.git(['mv', 'a.ts', 'b.ts'])
    expect(commitAll(clone)).toEqual([claudeLine])
    clone.commit('By hand', 'b.ts', `${base}${more}${line}const own = 7\n`)
    expect(clone.trailers()).toEqual([])
  })

  it.runIf(process.platform === 'linux').each(['a "b\\c', 'tab\tand\nline', 'ünï cödé', ':(top)*'])(
    'may be called %j',
    async (name) => {
      const clone = newClone()
      await clone.install()
      edit(clone, line, name)
      clone.git(['add', '--all'])
      clone.git(['commit', '-q', '-m', 'One'])
      expect(clone.trailers()).toEqual([claudeLine])
    },
  )
})

it('a commit of which git does not tell what is staged warns', async () => {
  const clone = await withEdit(line)
  // More than is read of it.
  clone.write('a.ts', `${`${'x'.repeat(99)}\n`.repeat(360_000)}${line}`)
  const { status, stderr } = clone.tryGit(['commit', '-q', '-a', '-m', 'One'])
  expect([status, clone.trailers()]).toEqual([0, []])
  expect(stderr).toContain('git does not tell what is staged')
  // Nothing of it is forgotten.
  clone.git(['reset', '-q', '--soft', 'HEAD^'])
  clone.write('a.ts', base + line)
  expect(commitAll(clone)).toEqual([claudeLine])
})

describe('notes of what commits had', () => {
  const folder = '.git/countersign/committed'
  const at = new Date().getTime()
  const note = (commit: string): string =>
    `${JSON.stringify({ tool: 'claude-code', id: session, path: 'a.ts', at, lines: [lineKey(line)], commit })}\n`

  it('that somebody sent hand git no option, and name nothing', async () => {
    const clone = newClone()
    await clone.install()
    for (const commit of ['--all', '-x', `${'0'.repeat(40)} HEAD`, '', 'f'.repeat(40)]) {
      mkdirSync(join(clone.root, folder), { recursive: true })
      writeFileSync(join(clone.root, folder, 'x.jsonl'), `{}\nnull\n[\n${note(commit)}`)
      clone.commit('By hand', 'a.ts', `${line}// ${commit}\n`)
      expect(clone.trailers()).toEqual([])
      clone.commit('Away', 'a.ts', '')
    }
  })

  it('have an end', async () => {
    const clone = await withEdit(line)
    mkdirSync(join(clone.root, folder), { recursive: true })
    const before = note('0'.repeat(40)).repeat(4_000)
    const [name] = [`claude-code.${session}.jsonl`]
    writeFileSync(join(clone.root, folder, name), before)
    commitAll(clone)
    const kept = readFileSync(join(clone.root, folder, name), 'utf8')
    expect(kept.length).toBeLessThanOrEqual(512 * 1_024)
    expect(kept.trimEnd().split('\n').at(-1)).toContain(clone.git(['rev-parse', 'HEAD']).trim())
  })

  it('are gone when nobody asks for them any more', async () => {
    const clone = newClone()
    await clone.install()
    mkdirSync(join(clone.root, folder))
    const old = note('0'.repeat(40)).replace(String(at), String(at - 8 * 24 * 60 * 60 * 1_000))
    writeFileSync(join(clone.root, folder, 'x.jsonl'), old)
    clone.commit('By hand', 'a.ts', base)
    expect(existsSync(join(clone.root, folder))).toBe(false)
  })
})
