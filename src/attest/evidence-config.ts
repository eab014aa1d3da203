/** What an organisation's configuration changes of what is read: it adds names, and what it leaves out is told as not collected. */
import { toolRows } from '../collect/config/own-tools.ts'
import type { SessionReader } from '../collect/sessions/readers/row.ts'
import { toolTable } from '../collect/sessions/tools.ts'
import type { ToolTable } from '../collect/sessions/tools.ts'
import { configPath, inForce } from '../model/evidence-config.ts'
import type { ConfigInForce, EvidenceConfig } from '../model/evidence-config.ts'

/** How the commits of a range are read. */
export interface Reading {
  readonly readers: readonly SessionReader[]
  readonly tools: ToolTable
  /** What is signed of the configuration. */
  readonly config: ConfigInForce
}

/** Every reader keeps its place in the report, also one that was turned off. */
export function readingUnder(config: EvidenceConfig, readers: readonly SessionReader[]): Reading {
  return {
    readers: readers.map((it) => (config.skip.includes(it.id) ? turnedOff(it) : it)),
    tools: toolTable(toolRows(config.tools)),
    config: inForce(config),
  }
}

function turnedOff(reader: SessionReader): SessionReader {
  return {
    ...reader,
    open: () => Promise.resolve({ outcome: 'not-collected', detail: `turned off by ${configPath}` }),
  }
}
