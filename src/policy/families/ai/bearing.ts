/**
 * Which readers of evidence bear on which rule, so that a row says what nobody looked at and may change it, and a report what no rule asks for.
 * A reader that no group knows may hold anything: it counts as one that names sessions.
 */
import type { ErrorCode } from '../../../errors.ts'
import { contextReaders } from '../../../model/context.ts'
import type { AiEvidence } from '../../../model/policy-evidence.ts'
import type { UnseenReader } from '../../../model/policy-report.ts'
import { hasLooked } from './looked.ts'

type Group = 'sessions' | 'records' | 'configuration' | 'reviews'

/** Of a rule: what it looks at, and with what a row that fails with a code might pass. */
interface Bearing {
  readonly reads: readonly Group[]
  readonly turns: { readonly [code in ErrorCode]?: readonly Group[] }
}

/** Who says more of sessions that somebody named. */
const records = ['session-record', 'commit-signature', 'record-attestation', 'receipt', 'portal']
/** Who says of none which change it was in. */
const apart = [...records, 'ai-configuration', 'submodules', ...contextReaders]

const isIn: { readonly [group in Group]: (reader: string) => boolean } = {
  sessions: (reader) => !apart.includes(reader),
  records: (reader) => records.includes(reader) || reader === 'entire-checkpoint',
  configuration: (reader) => reader === 'ai-configuration',
  reviews: (reader) => reader === 'request' || reader === 'reviews',
}

const named: Bearing = { reads: ['sessions'], turns: { 'evidence-missing': ['sessions'] } }
const counted: Bearing = { reads: ['sessions', 'records'], turns: { 'evidence-missing': ['records'] } }
const steered: Bearing = { reads: ['configuration'], turns: { 'evidence-missing': ['configuration'] } }

const rows: ReadonlyMap<string, Bearing> = new Map<string, Bearing>([
  ['ai/tools', named],
  [
    'ai/models',
    { reads: ['sessions', 'records'], turns: { ...named.turns, 'model-unknown': ['sessions', 'records'] } },
  ],
  ['ai/mcp-servers', steered],
  ['ai/configurations', steered],
  ['ai/levels', { reads: ['sessions', 'records'], turns: { ...named.turns, 'level-too-low': ['records'] } }],
  ['ai/receipt-issuers', { reads: ['sessions', 'records'], turns: named.turns }],
  ['ai/share', { reads: ['sessions'], turns: { ...named.turns, 'share-exceeded': ['sessions'] } }],
  ['ai/human-review', { reads: ['sessions'], turns: { 'evidence-missing': ['reviews'] } }],
  ['ai/iterations', counted],
  ['ai/subagents', counted],
  [
    'ai/claims',
    { reads: ['sessions', 'records'], turns: { ...named.turns, 'claims-refused': ['sessions', 'records'] } },
  ],
  ['ai/readers', { reads: [], turns: {} }],
  [
    'ai/disclosure',
    {
      reads: ['sessions'],
      turns: { ...named.turns, 'disclosure-missing': ['sessions'], 'override-unproved': ['sessions', 'reviews'] },
    },
  ],
])

/** Whether what a reader finds may change a row of the rule. Of a rule that is not known here it may. */
export function bearsOn(reader: string, rule: string): boolean {
  const row = rows.get(rule)
  return row === undefined || row.reads.some((group) => isIn[group](reader))
}

/** With which a row that fails might pass, and that did not look; each once. */
export function unseenFor(rule: string, code: ErrorCode, { readers = [] }: AiEvidence): UnseenReader[] {
  const groups = rows.get(rule)?.turns[code] ?? []
  const bearing = readers.filter(({ reader, outcome }) => !hasLooked(outcome) && groups.some((it) => isIn[it](reader)))
  return [...new Map(bearing.map(({ reader, outcome }) => [reader, { reader, outcome }])).values()]
}
