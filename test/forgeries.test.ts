/** Every forgery of SECURITY.md is made, and refused for the reason that stands in its table. */
import { describe, expect, it } from 'vitest'
import { useScene } from './forgeries/row.ts'
import { forgeries } from './forgery-rows.ts'

const scene = useScene()

describe('the forger', () => {
  it.each(forgeries.map((row) => [row.id, row.forger, row] as const))('%s %s', async (_id, _forger, row) => {
    const { forged, genuine, unasked } = await row.make(scene())
    expect(await forged()).toEqual(row.stoppedBy)
    expect(await genuine(), 'what it imitates').toEqual([])
    if (row.askedBy !== undefined) expect(await unasked?.(), `without ${row.askedBy}`).toEqual([])
  })
})
