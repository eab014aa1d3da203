/** The context of the changes of a release: the tickets that they name, and what the forge says of them, where it may be asked. */
import { collectContext, noContext } from '../collect/context/collect-context.ts'
import type { CollectedContext, OpenRequest } from '../collect/context/collect-context.ts'
import type { Repository } from '../collect/git/repository.ts'
import type { CollectedChanges } from '../collect/sessions/index.ts'
import { knownTools } from '../collect/sessions/tools.ts'
import type { ToolTable } from '../collect/sessions/tools.ts'
import { collectTickets } from '../collect/tickets/collect-tickets.ts'
import type { MessageRoom } from '../collect/tickets/message-room.ts'
import type { Tracker } from '../collect/tickets/open-tracker.ts'
import type { TicketPlace } from '../collect/tickets/place.ts'
import type { Change } from '../model/change.ts'
import type { ReleaseContext, Ticket } from '../model/context.ts'
import type { World } from '../platform/world.ts'
import type { AskedForge } from './forge.ts'

export interface ContextOptions {
  readonly forge: AskedForge | undefined
  /** Default: the tools that this version knows. */
  readonly tools: ToolTable | undefined
  /** That the release was started for. */
  readonly ref: string | undefined
  /** Where a number is a ticket, and of which trackers the repository says that it has them. */
  readonly place: TicketPlace
  readonly tracker: Tracker | undefined
  /** What is known of the messages of the changes. */
  readonly messages: Pick<MessageRoom, 'of'>
  /** The open request whose commits the changes are. */
  readonly open?: OpenRequest | undefined
  /** The branch that a queue merges the changes into. */
  readonly queue?: string | undefined
}

/** The changes, each with what was said of it. Error: `git-failed`, where the run was stopped. */
export async function withContext(
  repository: Repository,
  { changes, heads, ai }: CollectedChanges,
  { forge, tools = knownTools, ref, place, tracker, messages, open, queue }: ContextOptions,
  world: World,
): Promise<{ readonly changes: readonly Change[]; readonly context: ReleaseContext }> {
  const { context, texts } = await fromForge()
  const told = changes.map((it) => {
    const own = context.changes.get(it.commit)
    // Of a merge it is known by the forge alone that what was merged is that request.
    return own === undefined ? it : { ...it, request: it.request ?? own.request?.name, context: own }
  })
  const { tickets, readers } = await collectTickets(repository, { changes: told, texts, place, messages, tracker })
  return {
    changes: told.map((it) => withTickets(it, tickets.get(it.commit))),
    context: { ...context, readers: [...context.readers, ...readers] },
  }

  async function fromForge(): Promise<CollectedContext> {
    if (forge === undefined) return { context: noContext('no token of the forge was given'), texts: new Map() }
    const branch = /^refs\/heads\/(.+)$/.exec(ref ?? '')?.[1]
    const progress = (text: string): void => world.progress(text, 'step')
    return forge.context(tools, (of) =>
      collectContext(repository, of, { changes, heads, open, queue, ai, branch, progress }),
    )
  }
}

/** Where nobody asked a forge, a change still has the tickets that its message names. */
function withTickets(change: Change, tickets: readonly Ticket[] | undefined): Change {
  if (tickets === undefined) return change
  const nothing = { request: undefined, reviews: undefined, checks: undefined, deployments: undefined }
  return { ...change, context: { ...(change.context ?? nothing), tickets } }
}
