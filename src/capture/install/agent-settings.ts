/** Putting our entries into the settings of an agent, and taking them out: every other byte stays as it is. */
import type { AgentRow } from './agents.ts'
import { memberOf, readJsonText, withMember, withoutMember } from './json-text.ts'
import type { JsonNode } from './json-text.ts'

/** What shows that an entry is ours: it is in each of our commands. */
const mark = /countersign\/hook"; \[ ! -x "\$h" \] \|\| "\$h" agent /

/** The settings with our entries; undefined where the text is none that this can be put into. */
export function joined({ entries, start, text: own }: AgentRow, text: string | undefined): string | undefined {
  if (own !== undefined) return text === undefined || text === own ? own : undefined
  if (text === undefined || text.trim() === '') {
    const hooks = Object.fromEntries(Object.entries(entries ?? {}).map(([event, entry]) => [event, [entry]]))
    return `${JSON.stringify({ ...start, hooks }, null, 2)}\n`
  }
  let now = text
  for (const [event, entry] of Object.entries(entries ?? {})) {
    const root = readJsonText(now)
    const hooks = memberOf(root, 'hooks')
    const list = memberOf(hooks, event)
    if (root?.kind !== 'object') return undefined
    if (hooks === undefined) now = withMember(now, root, `"hooks": ${JSON.stringify({ [event]: [entry] })}`)
    else if (hooks.kind !== 'object') return undefined
    else if (list === undefined) now = withMember(now, hooks, `${JSON.stringify(event)}: ${JSON.stringify([entry])}`)
    else if (list.kind !== 'array') return undefined
    else if (!list.members.some(({ value }) => isOurs(value))) now = withMember(now, list, JSON.stringify(entry))
  }
  return readJsonText(now) === undefined ? undefined : now
}

/** The settings without our entries, and without the lists that held nothing else. */
export function parted({ entries }: AgentRow, text: string): string {
  let now = text
  for (const event of Object.keys(entries ?? {})) {
    for (;;) {
      const hooks = memberOf(readJsonText(now), 'hooks')
      const list = memberOf(hooks, event)
      const ours = list?.members.find(({ value }) => isOurs(value))
      if (hooks === undefined || list === undefined || ours === undefined) break
      // Somebody may have put a hook of their own beside ours in one group.
      const inner = memberOf(ours.value, 'hooks')
      const part = inner?.members.find(({ value }) => isOurs(value))
      if (inner !== undefined && part !== undefined && inner.members.length > 1) {
        now = withoutMember(now, inner, part)
        continue
      }
      const holder = hooks.members.find(({ value }) => value === list)
      now =
        list.members.length === 1 && holder !== undefined
          ? withoutMember(now, hooks, holder)
          : withoutMember(now, list, ours)
    }
  }
  const root = readJsonText(now)
  const hooks = root?.members.find(({ key }) => key === 'hooks')
  return root !== undefined && hooks?.value.members.length === 0 && now !== text ? withoutMember(now, root, hooks) : now
}

/** Whether `now` is `before` with our entries, of this version or another, and nothing else. */
export function isOfBoth(row: AgentRow, before: string | undefined, now: string): boolean {
  if (joined(row, before) === now) return true
  if (row.text !== undefined) return before === undefined && now.startsWith(row.text.slice(0, row.text.indexOf('\n')))
  const bare = (text: string): string => parted(row, text).replaceAll(/[\s,]/g, '')
  return bare(now) === bare(before ?? JSON.stringify(row.start ?? {}))
}

export function holdsEntries(row: AgentRow, text: string): boolean {
  if (row.text !== undefined) return row.text === text
  const hooks = memberOf(readJsonText(text), 'hooks')
  return Object.keys(row.entries ?? {}).every(
    (event) => memberOf(hooks, event)?.members.some(({ value }) => isOurs(value)) === true,
  )
}

function isOurs(node: JsonNode): boolean {
  return (node.text !== undefined && mark.test(node.text)) || node.members.some(({ value }) => isOurs(value))
}
