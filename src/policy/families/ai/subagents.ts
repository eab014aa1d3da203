/** How many agents one session may have started: those with a session of their own, and those that its transcript tells of. */
import type { AiRule } from '../row.ts'
import { counting } from './counted-sessions.ts'

export const subagents: AiRule = counting({
  id: 'ai/subagents',
  hint: 'let one session start fewer agents',
  code: 'subagents-exceeded',
  what: 'agents that one session started',
  limitOf: (asked) => asked.subagents?.atMost,
  countOf: ({ uri, said }, all) => {
    const { id, transcript } = said ?? {}
    // A parent is written by its id, or with its tool.
    const children = id === undefined ? [] : all.filter((it) => [id, uri].some((own) => it.said?.parent === own))
    return { least: children.length + (transcript?.agents?.length ?? 0), isKnown: transcript !== undefined }
  },
})
