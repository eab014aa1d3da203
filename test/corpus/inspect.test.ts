/** `inspect` reads whatever there is, or says in one line why it cannot. */
import { describe, expect, it } from 'vitest'
import type { Inspection } from '../../src/model/inspection.ts'
import { bundleFiles, bundlePath, run } from './corpus.ts'

it('the corpus has the files that it had before', () => {
  expect(bundleFiles.length).toBeGreaterThan(180)
})

describe.each(['text', 'json'])('inspect --format %s', (format) => {
  it.each(bundleFiles)('%s', async (name) => {
    const { exitCode, stdout, stderr } = await run(['inspect', bundlePath(name), '--format', format])
    if (exitCode === 0) {
      expect(stdout).not.toBe('')
      expect(stderr).toBe('')
      if (format === 'json') for (const it of inspectionsOf(stdout)) expect(it.verified).toBe(false)
      return
    }
    expect(exitCode).toBe(3)
    expect(stdout).toBe('')
    expect(stderr.match(/^countersign: error: /gm)).toHaveLength(1)
    expect(stderr).not.toContain('(internal)')
  })
})

function inspectionsOf(stdout: string): Inspection[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Inspection)
}
