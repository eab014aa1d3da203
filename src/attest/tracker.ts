/** The tracker of tickets, where a token for its API is given: it knows what a ticket is part of. */
import { resolve } from 'node:path'
import type { Tracker } from '../collect/tickets/open-tracker.ts'
import { CountersignError, option } from '../errors.ts'
import type { World } from '../platform/world.ts'
import type { StatementRequest } from './request.ts'
import { tokenIn } from './token-file.ts'

/** The part of a request that says it. */
export type TrackerOptions = Pick<StatementRequest, 'tracker'>

/** Undefined where nobody asks for it; what it says is written only where changes are told. Errors: `usage`, `input-too-large`, and those of reading a file. */
export async function askedTracker(
  { tracker }: TrackerOptions,
  tellsChanges: boolean,
  world: World,
): Promise<Tracker | undefined> {
  if (tracker === undefined) return undefined
  if (!tellsChanges) {
    throw new CountersignError('usage', `${option('tracker')} needs ${option('changes')}`, { option: 'changes' })
  }
  const { system, api, tokenFile } = tracker
  const token = await tokenIn(resolve(world.cwd, tokenFile), 'the tracker’s token', 'tracker')
  const { openTracker } = await import('../collect/tickets/open-tracker.ts')
  return openTracker(system, api, token, world)
}
