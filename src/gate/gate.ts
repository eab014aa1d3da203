/**
 * The gate: range → changes and claims → the rules about AI → a report. Here is what git can be asked at once; by what is decided is loaded
 * while git lists the commits.
 */
import type { RangeRequest } from '../attest/asked-range.ts'
import { whileReading } from '../collect/git/lent-gits.ts'
import { beginLines } from '../collect/git/lines-ahead.ts'
import { openRepository } from '../collect/git/repository.ts'
import type { GateReport } from '../model/gate-report.ts'
import { worldOf } from '../platform/world.ts'
import { openChange } from './change.ts'
import type { GatePolicyRequest } from './gate-policy.ts'

/** What is under review, and by which rules. */
export interface GateRequest
  extends
    GatePolicyRequest,
    Omit<
      RangeRequest,
      'since' | 'until' | 'folders' | 'commit' | 'adopt' | 'tagPattern' | 'history' | 'aiConfiguration'
    > {
  /** The revision that the change goes to; default: what the CI job says, or else the default branch of `origin`. */
  readonly base?: string
  /** With `base`: the last commit of the change; default HEAD. */
  readonly head?: string
  /** A file with the organisation's key, under which the policy may name persons. */
  readonly identityKeyFile?: string
}

/**
 * Asks the rules about AI of a policy about a change that is not merged yet. Policy and configuration are those of the base, never of the
 * change. No token is needed; what could not be seen for want of one is said, and is no pass. Errors: those of `collectRange` and
 * `openPolicy`; `usage` (nobody says what is under review, it has no commits, a policy in the checkout is named as one from outside);
 * `policy-empty` (no rule that can be asked before a build); `history-shallow`.
 *
 * @example
 * ```ts
 * import { gate } from 'countersign/gate'
 *
 * const { outcome, policy } = await gate({ base: 'HEAD~1', policy: 'countersign.yaml', network: 'none' })
 * console.log(outcome, policy.checks.map((it) => it.rule).join())
 * ```
 */
export async function gate(request: GateRequest): Promise<GateReport> {
  const world = worldOf(request.world)
  const repository = await openRepository(world.cwd, world)
  return whileReading(repository, async (all) => {
    const change = await openChange(all, request, world)
    beginLines(all, { since: change.base, until: change.head, paths: [] })
    const { decide } = await import('./decide.ts')
    return decide(all, change, request, world)
  })
}
