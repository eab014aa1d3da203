/** What is known of the AI configuration of the tree that was built. */
import type { AiConfiguration } from '../../../model/ai-configuration.ts'
import type { AiEvidence } from '../../../model/policy-evidence.ts'
import { hasLooked } from './looked.ts'
import { counted } from '../../../model/counted.ts'

/** Among the readers of a release. */
const reader = 'ai-configuration'

export type Steering = { readonly configuration: AiConfiguration | undefined } | { readonly missing: string }

/** `configuration` is undefined where somebody looked and there is none. */
export function steeringOf({ configuration, readers = [] }: AiEvidence): Steering {
  const own = readers.filter((it) => it.reader === reader)
  const [failed] = own.filter(({ outcome }) => !hasLooked(outcome))
  if (failed !== undefined) return { missing: `${reader}: ${failed.outcome}` }
  if (configuration !== undefined) return { configuration }
  if (own.length === 0) return { missing: 'nobody says whether there is any' }
  // It was found, and what stands there cannot be read.
  const [found] = own.filter(({ outcome }) => outcome !== 'nothing')
  return found === undefined ? { configuration: undefined } : { missing: `${reader}: ${found.outcome}, and not told` }
}

/** Kinds of files in which no MCP server is named. */
const harmless: ReadonlySet<string> = new Set(['instructions', 'commands', 'skills'])

/** Why not all servers are known that it names; undefined where they are. */
export function serversMissing(
  { unread = 0, links = 0, submodules = 0, kinds }: AiConfiguration,
  findings: { readonly [code: string]: number } | undefined,
): string | undefined {
  if (unread > 0) return `${counted(unread, 'file')} that may name servers could not be read`
  if ((findings?.['ai-configuration-withheld'] ?? 0) > 0) return 'names of servers are withheld'
  const mayName = Object.entries(kinds).some(([kind, count]) => count > 0 && !harmless.has(kind))
  if (links + submodules > 0 && mayName) return `${links + submodules} links and submodules were not followed`
  return undefined
}
