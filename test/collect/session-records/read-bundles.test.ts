/** Bundles of records have a bound together: anybody who may push can add any number. */
import { expect, test } from 'vitest'
import { readBundles } from '../../../src/collect/session-records/read-bundles.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'

test('what stands behind all that may be read is told by its number, and the same bytes count once', async () => {
  const scratch = scratchRepository()
  const [a, b, c] = ['aaaa', 'bbbb', 'cccc'].map((text) => {
    scratch.write(text, text)
    return scratch.git(['hash-object', '-w', text])
  }) as [string, string, string]
  const { bundles, beyond } = await readBundles(await scratch.open(), [a, a, b, c], 9)
  expect([[...bundles.keys()], beyond]).toEqual([[a, b], 1])
})
