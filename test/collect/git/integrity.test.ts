/** Objects that were put in the place of others, under their ids: git believes them, and nothing here does. */
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readSource } from '../../../src/collect/git/source.ts'
import { isDescendant } from '../../../src/collect/git/descent.ts'
import { resolveRange } from '../../../src/collect/git/history.ts'
import { collectSessions } from '../../../src/collect/sessions/index.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { gitAiNote } from '../../world/git-ai-record.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'

/** Writes an object under an id that is not its own. */
function put({ folder }: Scratch, id: string, type: string, content: Buffer): void {
  const path = join(folder, '.git/objects', id.slice(0, 2), id.slice(2))
  chmodSync(path, 0o644)
  writeFileSync(path, deflateSync(Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content])))
}

const session = 'Claude-Session: https://claude.ai/code/session_01Hidden'

async function collected(scratch: Scratch): Promise<number> {
  const repository = await scratch.open()
  const range = await resolveRange(repository, { allowShallow: 'refuse' })
  return (await collectSessions(repository, range)).sessions.length
}

describe.each(['sha1', 'sha256'])('in a repository of %s', (format) => {
  const made = (): Scratch => scratchRepository(`--object-format=${format}`)

  it('a commit without its session', async () => {
    const scratch = made()
    const hidden = scratch.commit(`Parse widgets\n\n${session}`, { 'a.js': 'a\n' })
    scratch.commit('Release', { 'b.js': 'b\n' })
    expect(await collected(scratch)).toBe(1)
    const commit = scratch.git(['cat-file', 'commit', hidden])
    put(scratch, hidden, 'commit', Buffer.from(`${commit.replace(session, 'Nothing')}\n`))
    expect(scratch.git(['log', '--format=%B'])).not.toContain('session_01Hidden')
    expect(await codeOfAsync(() => collected(scratch))).toBe('object-altered')
  })

  it('a note that names no session', async () => {
    const scratch = made()
    const commit = scratch.commit('Parse widgets', { 'a.js': 'a\n' })
    scratch.note(commit, gitAiNote(commit, { 'a.js': { s1: '1' } }))
    expect(await collected(scratch)).toBe(1)
    const blob = scratch.git(['notes', '--ref=ai', 'list', commit])
    put(scratch, blob, 'blob', Buffer.from('nothing'))
    expect(await codeOfAsync(() => collected(scratch))).toBe('object-altered')
  })

  it('a list of notes without the note', async () => {
    const scratch = made()
    const commit = scratch.commit('Parse widgets', { 'a.js': 'a\n' })
    scratch.note(commit, gitAiNote(commit, { 'a.js': { s1: '1' } }))
    put(scratch, scratch.git(['rev-parse', 'refs/notes/ai^{tree}']), 'tree', Buffer.alloc(0))
    expect(await codeOfAsync(() => collected(scratch))).toBe('object-altered')
  })

  it('a commit with another parent, which would make a descendant', async () => {
    const scratch = made()
    const start = scratch.commit('Start', { 'a.js': 'a\n' })
    scratch.git(['checkout', '--quiet', '--orphan', 'other'])
    const other = scratch.commit('Other', { 'b.js': 'b\n' })
    const between = scratch.commit('Between', { 'c.js': 'c\n' })
    const last = scratch.commit('Last', { 'd.js': 'd\n' })
    const repository = await scratch.open()
    expect(await isDescendant(repository, last, other)).toBe(true)
    expect(await isDescendant(repository, last, start)).toBe(false)
    expect(await isDescendant(repository, other, last)).toBe(false)
    const commit = scratch.git(['cat-file', 'commit', between]).replace(`parent ${other}`, `parent ${start}`)
    put(scratch, between, 'commit', Buffer.from(`${commit}\n`))
    expect(scratch.git(['merge-base', start, last])).toBe(start)
    expect(await codeOfAsync(() => isDescendant(repository, last, start))).toBe('object-altered')
  })

  it('a tree that says what the changed files are', async () => {
    const scratch = made()
    scratch.commit('Release', { 'src/a.js': 'a\n' })
    expect((await readSource(await scratch.open())).dirty).toBe(false)
    scratch.write('src/a.js', 'evil\n')
    const evil = scratch.git(['hash-object', '-w', 'src/a.js'])
    const entry = Buffer.concat([Buffer.from('100644 a.js\0'), Buffer.from(evil, 'hex')])
    put(scratch, scratch.git(['rev-parse', 'HEAD:src']), 'tree', entry)
    expect(scratch.git(['status', '--porcelain'])).toContain('a.js')
    expect(await codeOfAsync(async () => readSource(await scratch.open()))).toBe('object-altered')
  })
})
