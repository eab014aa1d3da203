/** What is not refused, because nobody can tell that it is wrong, cannot hide. */
import { describe, expect, it } from 'vitest'
import { useScene } from './row.ts'
import { displays } from './rows.ts'

const scene = useScene()

describe('a forger is seen who', () => {
  it.each(displays.map((row) => [row.id, row.forger, row] as const))('(%s) %s', async (_id, _forger, row) => {
    expect(await row.look(scene())).toEqual(row.seen)
  })
})
