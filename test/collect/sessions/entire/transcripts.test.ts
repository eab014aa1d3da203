import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { keyOf, readTranscripts } from '../../../../src/collect/sessions/entire/transcripts.ts'
import { claudeRow } from '../../../world/entire-checkpoint.ts'
import { scratchRepository } from '../../../world/scratch-repository.ts'

test('transcripts in parts are one; what is missing or beyond a bound takes nothing from the others', async () => {
  const scratch = scratchRepository()
  const blob = (contents: string): string => scratch.git(['hash-object', '-w', '--stdin'], contents)
  const row = claudeRow('one')
  const [head, tail, large] = [blob(row.slice(0, 50)), blob(row.slice(50)), blob(claudeRow('two').repeat(9))]
  const missing = '1'.repeat(40)
  const lists = [[head, tail], [missing, tail], [head, missing], [large], [head, large], [], [blob(row)], [head, tail]]
  const bounds = { transcriptBytes: row.length, checkpointBytes: 2 * row.length }
  const read = await readTranscripts(await scratch.open(), lists, bounds)
  const whole = {
    digest: createHash('sha256').update(row).digest('hex'),
    bytes: row.length,
    facts: expect.objectContaining({ ids: new Set(['one']), brokenRows: 0 }) as unknown,
  }
  const found = lists.map((blobs) => read.get(keyOf(blobs)))
  expect(found).toEqual([whole, 'missing', 'missing', 'too-large', 'too-large', undefined, whole, whole])
  const less = await readTranscripts(await scratch.open(), lists, { ...bounds, checkpointBytes: 2 * row.length - 1 })
  expect(less.get(keyOf(lists[6] ?? []))).toBe('too-large')
})
