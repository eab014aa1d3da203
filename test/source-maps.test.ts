/** The maps beside the build lead from a chunk to its source, through both minifiers. */
import { readFileSync, readdirSync } from 'node:fs'
import { SourceMap } from 'node:module'
import type { SourceMapPayload } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))

it.each(['trust-cache-invalid', 'trust-repository-invalid'])('%s stands in the line of the source', (code) => {
  const lines = readdirSync(dist)
    .filter((it) => it.endsWith('.js'))
    .flatMap((name) => {
      const text = readFileSync(join(dist, name), 'utf8')
      const at = text.indexOf(code)
      if (at < 0) return []
      const before = text.slice(0, at).split('\n')
      const map = new SourceMap(JSON.parse(readFileSync(join(dist, `${name}.map`), 'utf8')) as SourceMapPayload)
      const entry = map.findEntry(before.length - 1, before.at(-1)?.length ?? 0)
      const { originalSource, originalLine } = entry as {
        readonly originalSource: string
        readonly originalLine: number
      }
      return [readFileSync(join(dist, originalSource), 'utf8').split('\n')[originalLine]]
    })
  expect(lines.length).toBeGreaterThan(1)
  for (const line of lines) expect(line).toContain(code)
})
