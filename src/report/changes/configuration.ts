/** The AI configuration of the last commit, file by file, and how anybody can make its digest anew. */
import type { RangeReport } from '../../model/range-report.ts'
import { cell } from '../table.ts'
import { columnsOf, draft } from './draft.ts'
import type { Draft } from './draft.ts'

const page = 'schemas/ai-configuration/v1.md'

/** None where the files were not asked for. */
export function configurationSections({ aiConfiguration }: RangeReport): Draft[] {
  if (aiConfiguration?.listing === undefined) return []
  const { mcpServers, listing, digest, recompute } = aiConfiguration
  const servers = mcpServers.map(({ name, transport, env = [], headers = [] }) => [
    ...[name, transport, env.join(' '), headers.join(' ')],
  ])
  const files = listing.map(({ path, kind, tool, entry, sha256 }) => [...[path ?? withheld, kind, tool, entry, sha256]])
  const notes = [
    `sha256 of all: ${digest.sha256}`,
    'it is that of the lines which sha256sum prints of these files, in the order of the bytes of their paths; a link is hashed as what it says, and has @ for a blank',
    `the same from the tree, without countersign (submodules, and names with odd characters: ${page}):`,
  ]
  return [
    draft('MCP servers', columnsOf('*name', 'transport', '*variables', '*headers'), servers, { noun: 'servers' }),
    draft('AI configuration', columnsOf('*file', 'kind', '*tool', 'entry', '*sha256'), files, {
      noun: 'files',
      notes,
      commands: recompute === undefined ? [] : [cell(recompute)],
    }),
  ]
}

const withheld = 'withheld: it holds an address or a secret'
