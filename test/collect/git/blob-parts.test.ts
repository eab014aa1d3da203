import { describe, expect, it } from 'vitest'
import { readBlobParts } from '../../../src/collect/git/blob-parts.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'

const blob = (scratch: Scratch, contents: string | Buffer): string =>
  scratch.git(['hash-object', '-w', '--stdin'], contents)

/** How each blob ended, with its contents. */
async function read(scratch: Scratch, ids: readonly string[], most = Infinity): Promise<unknown[]> {
  const parts = ids.map((): Buffer[] => [])
  const read: unknown[] = []
  await readBlobParts(await scratch.open(), ids, {
    wants: (_, bytes) => bytes <= most,
    part: (index, bytes) => void parts[index]?.push(Buffer.from(bytes)),
    end: (index, outcome) => void (read[index] = [outcome, Buffer.concat(parts[index] ?? []).toString('latin1')]),
  })
  return read
}

describe.each(['sha1', 'sha256'])('blobs of a repository of %s', (format) => {
  it('come in parts, in order, whatever their size and contents are', async () => {
    const scratch = scratchRepository(`--object-format=${format}`)
    const contents = ['', '\n', 'a\nb\n', 'x'.repeat(65_535), '\n'.repeat(65_536), 'blob 3\n', 'y'.repeat(200_001)]
    const ids = contents.map((it) => blob(scratch, it))
    expect(await read(scratch, ids)).toEqual(contents.map((it) => ['whole', it]))
    expect(await read(scratch, [])).toEqual([])
  })

  it('that are missing, no blobs or not wanted give no part', async () => {
    const scratch = scratchRepository(`--object-format=${format}`)
    scratch.commit('Begin', { a: 'kept' })
    const missing = '1'.repeat(format === 'sha1' ? 40 : 64)
    const tree = scratch.git(['rev-parse', 'HEAD^{tree}'])
    expect(
      await read(scratch, [missing, tree, blob(scratch, 'x'.repeat(100)), blob(scratch, 'kept'), missing], 50),
    ).toEqual([
      ['missing', ''],
      ['missing', ''],
      ['unwanted', ''],
      ['whole', 'kept'],
      ['missing', ''],
    ])
  })
})
