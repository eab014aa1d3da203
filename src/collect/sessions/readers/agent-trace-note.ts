/** Reader `agent-trace-note`: records of Agent Trace in a note of the commit of which they tell. */
import { readTraces } from '../agent-trace/trace-format.ts'
import { joinClaims } from '../line-claims.ts'
import { lineNoteReader } from '../line-notes.ts'

export const agentTraceNote = lineNoteReader({
  id: 'agent-trace-note',
  title: 'records of Agent Trace in refs/notes/agent-trace',
  ref: 'refs/notes/agent-trace',
  read(contents, tools, { commit, parents }) {
    const { records, malformed, beyond } = readTraces(contents, tools)
    if (malformed + beyond > 0) return { malformed: `${malformed + beyond} records of it could not be read` }
    if (records.length === 0) return undefined
    // Who writes as the reference implementation does names the commit before.
    const own = records.filter(({ revision }) => revision === undefined || [commit, ...parents].includes(revision))
    return own.length < records.length ? { isOfOther: true } : joinClaims(own.toReversed().map(({ claims }) => claims))
  },
})
