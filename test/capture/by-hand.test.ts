/** What a person says of the next commit. */
import { describe, expect, it } from 'vitest'
import { answerOf } from '../../src/capture/ask.ts'
import { useNone, useSessions } from '../../src/hooks.ts'
import { claude, claudeLine, newClone } from './clone.ts'

describe('said by hand', () => {
  it('a session stands in the next commit, and in no other', async () => {
    const clone = newClone()
    const world = { cwd: clone.root, env: clone.env }
    expect(() => useSessions(['amp:T-1'], world)).toThrow(expect.objectContaining({ code: 'hooks-missing' }))
    await clone.install()
    expect(() => useSessions(['amp'], world)).toThrow(expect.objectContaining({ code: 'usage' }))
    expect(() => useSessions(['amp:T-1\nFixes: 2'], world)).toThrow(expect.objectContaining({ code: 'usage' }))
    useSessions(['amp:T-1', 'aider:2'], world)
    clone.commit('One', 'a', '1')
    expect(clone.trailers()).toEqual(['AI-Session-ID: amp:T-1', 'AI-Session-ID: aider:2'])
    clone.commit('Two', 'a', '2')
    expect(clone.trailers()).toEqual([])
  })

  it('that there was none stands there with its reason, unless there was one', async () => {
    const clone = newClone()
    const world = { cwd: clone.root, env: clone.env }
    await clone.install()
    expect(() => useNone('  ', world)).toThrow(expect.objectContaining({ code: 'usage' }))
    expect(() => useNone('x\nAI-Session-ID: a:b', world)).toThrow(expect.objectContaining({ code: 'usage' }))
    useNone('Typed on a train', world)
    clone.commit('One', 'a', '1')
    expect(clone.trailers()).toEqual(['AI-Provenance-Override: Typed on a train'])
    useNone('Typed on a train', world)
    clone.commit('Two', 'a', '2', claude)
    expect(clone.trailers()).toEqual([claudeLine])
  })
})

it('a reason that no policy would take is noted, with a warning', async () => {
  const clone = newClone()
  await clone.install()
  const warnings: string[] = []
  const world = { cwd: clone.root, env: clone.env, warn: (message: string) => void warnings.push(message) }
  for (const enough of ['Renamed by hand in the editor', 'Typed from paper by me, as ACME-12 wants'])
    useNone(enough, world)
  expect(warnings).toEqual([])
  const short = ['Renamed by hand', 'see ACME-12 and https://tracker.acme.example/a-long-address', 'x'.repeat(19)]
  for (const it of short) useNone(it, world)
  expect(warnings).toHaveLength(short.length)
})

it('an answer on the terminal', () => {
  expect(answerOf('amp:T-1, aider:2').map(({ session }) => session)).toEqual([
    'AI-Session-ID: amp:T-1',
    'AI-Session-ID: aider:2',
  ])
  expect(answerOf('none: too small').map(({ session }) => session)).toEqual(['AI-Provenance-Override: too small'])
  for (const nothing of ['', 'none', 'what?', 'amp:T-1 what?', 'amp:\u202ex']) expect(answerOf(nothing)).toEqual([])
})
