/** Sessions of which each started the next and the last the first: somebody is wrong, and nobody can tell who. */
import type { JoinedSession } from './session-draft.ts'

/**
 * The sessions in their order, those on a loop without a parent, and the loops, each with its sessions in the order of `sessions`.
 * A session that leads into a loop keeps its parent, and so does one whose parent is none of these. Linear.
 */
export function withoutLoops(sessions: readonly JoinedSession[]): {
  readonly sessions: JoinedSession[]
  readonly loops: readonly (readonly JoinedSession[])[]
} {
  const byName = new Map(sessions.flatMap((it) => (it.id === undefined ? [] : [[nameOf(it.tool, it.id), it] as const])))
  const parentOf = ({ tool, parent }: JoinedSession): JoinedSession | undefined =>
    typeof parent === 'string' ? byName.get(nameOf(tool, parent)) : undefined
  const seenFrom = new Map<JoinedSession, JoinedSession>()
  const onLoop = new Map<JoinedSession, JoinedSession>()
  for (const start of sessions) {
    let at: JoinedSession | undefined = start
    while (at !== undefined && !seenFrom.has(at)) {
      seenFrom.set(at, start)
      at = parentOf(at)
    }
    // Met again on the same way: from there it goes in a circle.
    if (at === undefined || seenFrom.get(at) !== start) continue
    for (let one: JoinedSession | undefined = at; one !== undefined && !onLoop.has(one); one = parentOf(one)) {
      onLoop.set(one, at)
    }
  }
  if (onLoop.size === 0) return { sessions: [...sessions], loops: [] }
  const inLoops = sessions.filter((it) => onLoop.has(it))
  return {
    sessions: sessions.map((it) => {
      if (!onLoop.has(it)) return it
      const { parent: _, ...rest } = it
      return rest
    }),
    loops: [...Map.groupBy(inLoops, (it) => onLoop.get(it)).values()],
  }
}

/** No id has a line end. */
function nameOf(tool: string, id: string): string {
  return `${tool}\n${id}`
}
