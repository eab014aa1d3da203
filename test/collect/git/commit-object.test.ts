/** What is read of a commit's object is what git reads of it, however odd it is. All of them are made up. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { forEachOf } from '../../../src/collect/git/history.ts'
import { whileReading } from '../../../src/collect/git/lent-gits.ts'
import { walkTrees } from '../../../src/collect/git/trees.ts'
import { signedCommit } from '../../../src/collect/signatures/signed-commit.ts'
import { limits } from '../../../src/model/limits.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { runs } from '../../world/runs.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'

const identity = 'Ann <ann@example.org> 1700000000 +0000'
const noBytes = Buffer.alloc(0)
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** Objects with these lines behind the tree, in the repository under their ids, in order. */
function written(scratch: Scratch, objects: readonly Buffer[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-objects-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const paths = objects.map((object, index) => {
    const path = join(folder, String(index))
    writeFileSync(path, Buffer.concat([Buffer.from(`tree ${emptyTree}\n`), object]))
    return path
  })
  const hashing = ['hash-object', '-w', '-t', 'commit', '--literally', '--no-filters', '--stdin-paths']
  return scratch.git(hashing, `${paths.join('\n')}\n`).split('\n')
}

type Told = readonly [commit: string, authored: number, author: string, committer: string, message: string]

async function read(scratch: Scratch, ids: readonly string[], unsigned: string[] = []): Promise<Told[]> {
  const told: Told[] = []
  await forEachOf(await scratch.open(), ids, (header, message) => {
    const { author, committer, isSigned } = header
    if (!isSigned) unsigned.push(header.commit)
    const people = [author, committer].map(({ name, address }) => `${name}|${address}`)
    told.push([header.commit, header.authored, people[0] ?? '', people[1] ?? '', message.toString('utf8')])
  })
  return told
}

/** The same from `git log`. */
function logged(scratch: Scratch, ids: readonly string[]): Told[] {
  const format = ['%H', '%at', '%an|%ae', '%cn|%ce', '%B'].join('%x00%x00')
  const args = ['log', '-z', '--encoding=UTF-8', `--format=${format}%x00%x01`, '--no-walk=sorted', '--stdin']
  return scratch
    .git(args, `${ids.join('\n')}\n`)
    .split('\0\x01')
    .flatMap((entry) => {
      const [commit = '', authored, author = '', committer = '', message = ''] = entry.replace(/^\0/, '').split('\0\0')
      return commit === '' ? [] : [[commit, Number(authored), author, committer, message] as const]
    })
}

const byId = ([a]: Told, [b]: Told): number => (a < b ? -1 : 1)

const oddLines = [
  `author ${identity}`,
  `committer ${identity}`,
  'author <> 1 +0000',
  'author  Ann  <a> 5 +0100',
  'author Ann <ann@example.org>',
  'author Ann <ann@example.org> 12',
  'author Ann <ann@example.org> 12 0000',
  'author Ann <ann@example.org>12 -0000',
  'author Ann <ann@example.org> x 12 +0000',
  'author Ann <a@b> <c@d> 7 +0000',
  'author Ann <a>b> 7 +0000',
  'author Ann a@b 7 +0000',
  'author Ann > <a@b 7 +0000',
  'author',
  'author ',
  'committer Bob <bob@example.org> 1600000000 +0200',
  'committer \u00c4nn\t<\u00e4@example.org> 9 +0000',
  'encoding UTF-8',
  'encoding iso-8859-1',
  'encoding ISO8859-15',
  'encoding no-such-thing',
  'encoding ',
  'gpgsig -----BEGIN SSH SIGNATURE-----',
  'gpgsig-sha256 x',
  'x a\0b',
  '\0x',
  'gpgsig',
  ' author Eve <eve@example.org> 1 +0000',
  'x-author Eve <eve@example.org> 1 +0000',
  ' ',
]

/** Where it converts what holds a NUL, git itself reads beyond the end. */
function isSensible(line: Buffer, _: number, lines: readonly Buffer[]): boolean {
  return !line.includes('encoding') || !lines.some((it) => it.includes(0))
}

test('of an odd object git says the same', { timeout: 60_000 }, async () => {
  const line = fc.oneof(
    fc.constantFrom(...oddLines).map((it) => Buffer.from(it)),
    fc.constantFrom(...oddLines).map((it) => Buffer.from(it, 'latin1')),
  )
  const usual = [`author ${identity}`, `committer ${identity}`].map((it) => Buffer.from(it))
  const text = fc.constantFrom(
    '\n',
    '\n\n',
    '\nSubject',
    '\nSubject\n\nBody\n',
    '\n\nf\u00fcr\n',
    '\nauthor x',
    '\na\0b',
  )
  const object = fc
    .tuple(fc.boolean(), fc.array(line, { minLength: 1, maxLength: 5 }), text, fc.boolean())
    .map(([isUsual, lines, message, isLatin]) =>
      Buffer.concat([
        ...[...(isUsual ? usual : []), ...lines.filter(isSensible)].flatMap((it) => [it, Buffer.from('\n')]),
        Buffer.from(message, isLatin ? 'latin1' : 'utf8'),
      ]),
    )
  const scratch = scratchRepository()
  await fc.assert(
    fc.asyncProperty(fc.array(object, { minLength: 60, maxLength: 200 }), async (objects) => {
      const named = written(scratch, objects)
      const ids = [...new Set(named)]
      const unsigned: string[] = []
      expect((await read(scratch, ids, unsigned)).sort(byId)).toEqual(logged(scratch, ids).sort(byId))
      // What is passed over as unsigned must be so for whoever looks for a signature.
      for (const id of unsigned) {
        const object = Buffer.concat([Buffer.from(`tree ${emptyTree}\n`), objects[named.indexOf(id)] ?? noBytes])
        expect(signedCommit(object, 'sha1')).toBe('unsigned')
      }
      expect(unsigned).not.toEqual([])
    }),
    { numRuns: runs(1_000) === 1_000 ? 30 : 2 },
  )
})

/** An object whose message is of so many bytes. */
function ofBytes(bytes: number): Buffer {
  const message = Buffer.alloc(bytes, 'a line of a message\n')
  return Buffer.concat([Buffer.from(`author ${identity}\ncommitter ${identity}\n\n`), message])
}

describe('an object', () => {
  test('is whole wherever the pipe cuts it', async () => {
    const scratch = scratchRepository()
    const sizes = Array.from({ length: 400 }, (_, index) => (index * 7_919) % 5_003)
    const ids = written(scratch, sizes.map(ofBytes))
    expect((await read(scratch, ids)).sort(byId)).toEqual(logged(scratch, ids).sort(byId))
  })

  test('keeps both ends of a message beyond the most, however it came', async () => {
    const scratch = scratchRepository()
    const most = limits.commitMessageBytes
    const sizes = [most, most + 1, 2 * most, 5 * most]
    const ids = written(scratch, sizes.map(ofBytes))
    const seen = new Map<string, readonly [bytes: number, whole: boolean]>()
    for (const id of ids) {
      await forEachOf(await scratch.open(), [id], (_, message, whole) => {
        expect(message.toString()).toMatch(/^(?:a line of a message\n)+\n?(?:a line of a message\n)+/)
        seen.set(id, [message.length, whole])
      })
    }
    expect([...seen.values()].map(([, whole]) => whole)).toEqual([true, false, false, false])
    for (const [bytes, whole] of seen.values()) {
      expect(bytes).toBeLessThanOrEqual(most + 1)
      expect(bytes).toBeGreaterThan(whole ? most - 1 : most - 100)
    }
  })

  test('that is too large to be held, and was put in the place of another, is refused', async () => {
    const scratch = scratchRepository()
    const [id = ''] = written(scratch, [ofBytes(3 * limits.commitMessageBytes)])
    const path = join(scratch.folder, '.git/objects', id.slice(0, 2), id.slice(2))
    const object = inflateSync(readFileSync(path))
    chmodSync(path, 0o644)
    writeFileSync(path, deflateSync(Buffer.concat([object.subarray(0, -7), Buffer.from('another')])))
    const repository = await scratch.open()
    expect(await codeOfAsync(() => forEachOf(repository, [id], () => undefined))).toBe('object-altered')
  })

  test('that is missing is an error', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('one', { a: 'a' })
    const repository = await scratch.open()
    expect(await codeOfAsync(() => forEachOf(repository, ['1'.repeat(40)], () => undefined))).toBe('git-failed')
    expect(await forEachOf(repository, [commit], () => undefined)).toBe(1)
  })
})

test('a git that is lent answers only who asked', async () => {
  const scratch = scratchRepository()
  // More than a pipe holds, so that something is left in it.
  const [first = '', second = ''] = written(scratch, [300_000, 300_001].map(ofBytes))
  await whileReading(await scratch.open(), async (repository) => {
    const stopped = new Error('stopped')
    const failing = forEachOf(repository, [first, second], () => {
      throw stopped
    })
    await expect(failing).rejects.toBe(stopped)
    // What the one before left unread is not the answer to this question.
    const seen: string[] = []
    for (const id of [second, first, second]) {
      await forEachOf(repository, [id], ({ commit }) => void seen.push(commit))
    }
    expect(seen).toEqual([second, first, second])
  })
})

test('a git that is lent is not lent for another folder', async () => {
  const [one, other] = [scratchRepository(), scratchRepository()]
  const commit = one.commit('one', { a: 'a' })
  other.commit('other', { b: 'b' })
  const { git } = await other.open()
  await whileReading(await one.open(), async (repository) => {
    expect(await forEachOf(repository, [commit], () => undefined)).toBe(1)
    const there = { ...repository, git: { ...repository.git, cwd: git.cwd } }
    const missing = codeOfAsync(() => walkTrees(there, commit, () => false))
    expect(await missing).toBe('git-failed')
  })
})
