/** Every forgery of docs/forgeries.md is made, and comes out as its table says. */
import { describe, expect, it } from 'vitest'
import { useScene } from './row.ts'
import type { Forgery } from './row.ts'

export function refusesAll(forgeries: readonly Forgery[]): void {
  const scene = useScene()

  describe('a forger is refused who', () => {
    it.each(forgeries.map((row) => [row.id, row.forger, row] as const))('(%s) %s', async (_id, _forger, row) => {
      const { forged, genuine, unasked } = await row.make(scene())
      expect(await forged()).toEqual(row.stoppedBy)
      expect(await genuine(), 'what it imitates').toEqual([])
      if (row.askedBy !== undefined) expect(await unasked?.(), `without ${row.askedBy}`).toEqual([])
    })
  })
}
