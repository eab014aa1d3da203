/** A report of the gate about a request, and a checkout from where marks are set. */
import { gateReportType } from '../../src/model/gate-report.ts'
import type { GateReport } from '../../src/model/gate-report.ts'
import { setMarks } from '../../src/marks/marks.ts'
import type { MarksRequest } from '../../src/marks/marks.ts'
import type { World } from '../../src/platform/world.ts'
import { forgeToken } from '../world/forge-server.ts'
import { scratchRepository } from '../world/scratch-repository.ts'

export const [base, head] = ['1', '2'].map((it) => it.repeat(40)) as [string, string]

type PolicyCheck = GateReport['policy']['checks'][number]

/** A row that refuses, beside a file where one is named. */
export function failing(path?: string, rule = 'ai/steering'): PolicyCheck {
  return {
    ...{ outcome: 'fail', rule, severity: 'error', code: 'disclosure-missing', expected: 'a session', found: 'none' },
    ...(path === undefined ? {} : { at: { path } }),
  }
}

export function reportOf(more: Partial<GateReport> = {}, checks: readonly PolicyCheck[] = []): GateReport {
  return {
    type: gateReportType,
    outcome: checks.length === 0 ? 'pass' : 'fail',
    base: { commit: base, said: 'pull_request of GitHub' },
    ...{ head, request: '#12', commits: { total: 3, claimed: 2, unknown: 1 }, lines: undefined, sessions: 1 },
    labels: ['ai-assisted', 'ai-unverified'],
    policy: { name: 'acme', sha256: 'a'.repeat(64), checks: [...checks] },
    ...{ policyFrom: 'base', notes: [], unseen: [] },
    ...more,
  }
}

export type Marking = Pick<MarksRequest, 'marks'> & {
  readonly forgeApi: string
  /** Where `origin` leads. */
  readonly origin: string
  readonly env?: World['env']
  readonly world?: Partial<World>
}

export function markIn(report: GateReport, { origin, env, world, ...request }: Marking): Promise<GateReport> {
  const { folder, ...scratch } = scratchRepository()
  scratch.git(['remote', 'add', 'origin', origin])
  const own = { PATH: process.env['PATH'], HOME: '/nowhere', COUNTERSIGN_FORGE_TOKEN: forgeToken, ...env }
  return setMarks(report, { ...request, world: { cwd: folder, ...world, env: own } })
}
