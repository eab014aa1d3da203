/** How many agents one session may have started: those with a session of their own, and those that its transcript tells of. */
import type { AiRule } from '../row.ts'
import { counting } from './counted-sessions.ts'

export const subagents: AiRule = counting({
  id: 'ai/subagents',
  hint: 'let one session start fewer agents',
  code: 'subagents-exceeded',
  what: 'agents that one session started',
  limitOf: (asked) => asked.subagents?.atMost,
  countOf: ({ said }, all) => {
    const { id, transcript } = said ?? {}
    const children = id === undefined ? [] : all.filter((it) => it.said?.parent === id)
    return { least: children.length + (transcript?.agents?.length ?? 0), isKnown: transcript !== undefined }
  },
})
