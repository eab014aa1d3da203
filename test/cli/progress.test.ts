/** Progress is talk, on a terminal alone, and never so much that it would be a log of its own. */
import { describe, expect, it } from 'vitest'
import { statusOn } from '../../src/cli/progress.ts'
import type { StatusLine } from '../../src/cli/progress.ts'

interface Watched extends StatusLine {
  readonly written: string[]
  readonly said: string[]
  /** Milliseconds. */
  time: number
}

function watch(isTTY: boolean): Watched {
  const written: string[] = []
  const said: string[] = []
  const watched: Watched = {
    written,
    said,
    time: 1_000_000,
    ...statusOn(
      { isTTY, write: (text: string) => written.push(text) },
      () => new Date(watched.time),
      (text) => said.push(text),
    ),
  }
  return watched
}

describe('a status line', () => {
  it('is written over, at most ten times a second, and wiped', () => {
    const line = watch(true)
    for (let at = 0; at < 1_000; at += 1) {
      line.show(`step ${at}`)
      line.time += 1
    }
    expect(line.written).toHaveLength(10)
    for (const text of line.written) expect(text).toMatch(/^\r\u001b\[Kstep \d+$/)
    line.clear()
    line.clear()
    expect(line.written.slice(10)).toEqual(['\r\u001b[K'])
  })

  it('shows a wait at once, because it lasts', () => {
    const line = watch(true)
    line.show('one')
    line.show('two')
    line.show('a wait', 'wait')
    expect(line.written).toEqual(['\r\u001b[Kone', '\r\u001b[Ka wait'])
    expect(line.said).toEqual([])
  })

  it('is short enough to be wiped, and steers nothing', () => {
    const line = watch(true)
    line.show(`${'x'.repeat(200)}\u001b[2J\n::error::x`, 'wait')
    expect(line.written[0]).toBe(`\r\u001b[K${'x'.repeat(77)}…`)
    line.show('a\u001b[2J\n::error::x', 'wait')
    expect(line.written[1]).toBe('\r\u001b[Ka [2J ::error::x')
  })

  it('is nothing where stderr is piped, but a line for each wait', () => {
    const line = watch(false)
    for (let at = 0; at < 10; at += 1) line.show(`step ${at}`)
    line.show('asked again in 2 s', 'wait')
    line.clear()
    expect([line.written, line.said]).toEqual([[], ['asked again in 2 s']])
  })
})
