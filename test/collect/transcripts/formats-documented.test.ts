/** The table of formats in the documents is that of the source. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { transcriptFormats } from '../../../src/collect/transcripts/formats/index.ts'
import { knownTools, unknownTool } from '../../../src/collect/sessions/tools.ts'

const page = readFileSync(new URL('../../../docs/transcripts.md', import.meta.url), 'utf8')

it('every format stands in the documents, with what is known of it', () => {
  const [, table = ''] = page.split('<!-- formats -->')
  const [, , ...rows] = table
    .trim()
    .split('\n')
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim().replace(/\\(.)/g, '$1')),
    )
  expect(rows).toEqual(transcriptFormats.map(({ title, tool, basis, source }) => [title, tool, basis, source]))
})

it('every format is of a known tool, or says in each transcript of which', () => {
  for (const { tool } of transcriptFormats) expect([tool, knownTools.id(tool) ?? unknownTool]).toEqual([tool, tool])
})
