/** Which bundles are looked at for an artifact: what lies beside it may be anything, and any number of it. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { limits } from '../../src/model/limits.ts'
import { indexBundleBytes } from '../../src/store/bundle-index.ts'
import type { BundleIndex } from '../../src/store/bundle-index.ts'
import { sharedFiles } from '../../src/store/sidecars.ts'
import { candidatesFor, indexBeside, newSurroundings } from '../../src/verify/candidates.ts'
import { codeOfAsync } from '../world/failure.ts'
import { makePipe } from '../world/named-pipe.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-test-'))
  writeFileSync(join(folder, 'app.tgz'), 'x')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('what lies beside an artifact', () => {
  const names = ['app.tgz.sigstore.json', 'app.tgz.intoto.jsonl', 'shared.intoto.jsonl']
  const makers: [string, (path: string) => unknown][] = [
    ['a pipe', makePipe],
    ['a link to a device without end', (path) => symlinkSync('/dev/zero', path)],
  ]
  it.each(makers.flatMap(([what, make]) => names.map((name) => [what, name, make] as const)))(
    'is neither waited for nor read without end where it is %s: %s',
    async (_, name, make) => {
      make(join(folder, name))
      expect(await codeOfAsync(() => indexBeside({ path: 'app.tgz' }, folder, newSurroundings()))).toBe(
        'input-unreadable',
      )
    },
  )
})

describe('a file that lies beside many artifacts', () => {
  it('is read once for all of them, and remembered as long as few others come between', async () => {
    const shared = join(folder, 'all.intoto.jsonl')
    writeFileSync(shared, good(ours))
    const { index: readIndex } = newSurroundings()
    const index = await readIndex(shared)
    for (let other = 1; other < sharedFiles; other += 1) {
      await codeOfAsync(() => readIndex(join(folder, `${other}.intoto.jsonl`)))
    }
    expect(await readIndex(shared)).toBe(index)
    for (let other = 1; other <= sharedFiles; other += 1) {
      await codeOfAsync(() => readIndex(join(folder, `${other}.intoto.jsonl`)))
    }
    expect(await readIndex(shared)).not.toBe(index)
  })
})

const [ours, theirs] = ['a', 'b'].map((it) => it.repeat(64)) as [string, string]
const artifact = { name: 'app.tgz', digest: { sha256: ours } }
const good = (sha256: string): string => signed(JSON.stringify({ subject: [{ digest: { sha256 } }] }))

function signed(payload: string): string {
  const envelope = { payloadType: 'application/vnd.in-toto+json', signatures: [{ sig: 'AA==' }] }
  return JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString('base64') })
}

/** An index that counts what is read from it. */
async function counted(...lines: readonly string[]): Promise<{ index: BundleIndex; reads: () => number }> {
  const index = await indexBundleBytes('all', Buffer.from(lines.join('\n')))
  let reads = 0
  const counting = (it: BundleIndex['unclear'][number]): BundleIndex['unclear'][number] => ({
    label: it.label,
    read: () => ((reads += 1), it.read()),
  })
  return {
    index: {
      ...index,
      about: (digests) => index.about(digests).map(counting),
      unclear: index.unclear.map(counting),
    },
    reads: () => reads,
  }
}

const repeated = (line: string, count: number): string[] => Array.from({ length: count }, () => line)

describe('the candidates of an artifact', () => {
  it('are those that name it, then a few of which nobody can say what they are about; the rest is named', async () => {
    const { index, reads } = await counted(...repeated(signed('no statement'), 1_000), good(ours), good(theirs))
    const candidates = await candidatesFor(artifact, [index])
    expect(candidates.examined.map((it) => it.label).slice(0, 2)).toEqual(['all:1001', 'all:1'])
    expect(candidates.examined).toHaveLength(1 + limits.unclearCandidates)
    expect(reads()).toBe(1 + limits.unclearCandidates)
    expect(candidates.beyond).toHaveLength(1_000 - limits.unclearCandidates)
    expect(candidates.unrelated).toBe(1)
  })

  it('are as few for an artifact that none names', async () => {
    const { index, reads } = await counted(...repeated(signed('no statement'), 1_000), good(theirs))
    const candidates = await candidatesFor(artifact, [index])
    expect([candidates.examined.length, reads()]).toEqual([limits.unclearCandidates, limits.unclearCandidates])
    expect(candidates.unrelated).toBe(1)
  })

  it('are no more where all of them name it', async () => {
    const { index, reads } = await counted(...repeated(good(ours), 100), ...repeated(signed('no statement'), 100))
    const candidates = await candidatesFor(artifact, [index])
    expect([candidates.examined.length, reads()]).toEqual([limits.candidates, limits.candidates])
    expect(candidates.beyond).toHaveLength(200 - limits.candidates)
    expect(candidates.unrelated).toBe(0)
  })

  it('are none of those that cannot be read beyond a number, which are named as well', async () => {
    const { index } = await counted(...repeated('junk', 1_000), good(ours))
    const candidates = await candidatesFor(artifact, [index])
    expect(candidates.examined).toHaveLength(1 + limits.candidates)
    expect(candidates.beyond).toHaveLength(1_000 - limits.candidates)
  })

  it('are any one where there is none', async () => {
    const { index } = await counted(good(theirs), good(theirs))
    expect(await candidatesFor(artifact, [index])).toMatchObject({
      examined: [{ label: 'all:1' }],
      beyond: [],
      unrelated: 1,
    })
  })

  it('are one that has its name under another digest, where none names it', async () => {
    const named = (name: string): string => signed(JSON.stringify({ subject: [{ name, digest: { sha256: theirs } }] }))
    for (const name of ['app.tgz', 'dist/app.tgz', 'dist\\app.tgz']) {
      const { index } = await counted(good(theirs), named('other.tgz'), named(name), named(name))
      const { examined, unrelated } = await candidatesFor(artifact, [index])
      expect([examined.map((it) => it.label), unrelated]).toEqual([['all:3'], 3])
    }
    const { index } = await counted(named('app.tgz'), good(ours))
    expect(await candidatesFor(artifact, [index])).toMatchObject({ examined: [{ label: 'all:2' }], unrelated: 1 })
  })
})
