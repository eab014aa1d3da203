import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forEachField } from '../../../src/collect/git/fields.ts'

async function* chunksOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  await Promise.resolve()
  let at = 0
  for (const size of sizes) {
    yield bytes.subarray(at, at + size)
    at += size
  }
  if (at < bytes.length) yield bytes.subarray(at)
}

async function fieldsOf(bytes: Buffer, sizes: readonly number[], most: number): Promise<[string, boolean][]> {
  const fields: [string, boolean][] = []
  await forEachField(chunksOf(bytes, sizes), most, (field, whole) => fields.push([field.toString('latin1'), whole]))
  return fields
}

describe('fields between NULs', () => {
  test('are the same however the chunks are cut', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 40 })
    const sizes = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 12 }), sizes, async (fields, cuts) => {
        const bytes = Buffer.from(fields.map((field) => `${field}\0`).join(''))
        expect(await fieldsOf(bytes, cuts, 64)).toEqual(fields.map((field) => [field, true]))
      }),
    )
  })

  test('that are too long keep their first and last lines, and those beside them stay whole', async () => {
    const long = `first\n${'middle\n'.repeat(10_000)}last`
    const bytes = Buffer.from(`before\0${long}\0after\0`)
    for (const size of [7, 1_000, bytes.length]) {
      const fields = await fieldsOf(bytes, Array<number>(Math.ceil(bytes.length / size)).fill(size), 64)
      expect(fields.map(([, whole]) => whole)).toEqual([true, false, true])
      expect(fields[1]?.[0]).toMatch(/^first\n(middle\n)+\n(middle\n)+last$/)
      expect(fields[1]?.[0].length).toBeLessThanOrEqual(65)
    }
  })

  test('that are one endless line leave nothing to be misread', async () => {
    const bytes = Buffer.from(`${'x'.repeat(1_000)}Key: value\0`)
    expect(await fieldsOf(bytes, [], 64)).toEqual([['\n', false]])
  })
})
