/** Reader `trailer`: claims in the messages of the commits. */
import { isUtf8 } from 'node:buffer'
import { limits } from '../../../model/limits.ts'
import { latin1Of } from '../../change/message-text.ts'
import { partIn } from '../../change/visited.ts'
import type { Visited } from '../../change/visited.ts'
import { readMessageClaims } from '../messages/commit-message.ts'
import { mayHoldClaim } from '../messages/trailer-forms.ts'
import { requesterIn } from '../requester.ts'
import { knownTools } from '../tools.ts'
import type { Look, SessionReader } from './row.ts'

const findings = {
  'message-truncated': 'a commit message that was read in part',
  'message-not-utf8': 'a commit message that was read with replaced bytes',
  'message-limit': 'sessions of a commit message beyond the most that it may name',
  'session-id-invalid': 'an id that cannot be one',
} as const
type Code = keyof typeof findings

export const trailer: SessionReader<Code> = {
  id: 'trailer',
  title: 'trailers of commit messages',
  findings,
  open: (look) =>
    Promise.resolve({
      commit: (visited) => readMessage(look, visited),
      finish: () => Promise.resolve(undefined),
    }),
}

function readMessage(look: Look<Code>, visited: Visited): void {
  const { commit, parents, message, whole } = visited
  if (!whole) {
    look.finding(
      'message-truncated',
      commit,
      `only both ends of the message, ${limits.commitMessageBytes} bytes, were read`,
    )
  }
  // Most messages name nothing: this is one native search in their bytes, before anything is decoded.
  const isMerge = parents.length > 1 && /^Merged? /.test(message.toString('latin1', 0, 8))
  if (!isMerge && !mayHoldClaim(latin1Of(message))) return
  if (!isUtf8(message)) {
    look.finding(
      'message-not-utf8',
      commit,
      'the message is neither UTF-8 nor in the encoding that the commit declares',
    )
  }
  const { mentions, invalidIds } = readMessageClaims(message.toString('utf8'), {
    tools: look.tools ?? knownTools,
    isMerge,
  })
  if (invalidIds > 0) look.finding('session-id-invalid', commit, `${invalidIds} in the message can be no session id`)
  const beyond = mentions.length - limits.sessionsPerCommit
  if (beyond > 0) {
    look.finding(
      'message-limit',
      commit,
      `${beyond} sessions beyond the first ${limits.sessionsPerCommit} do not count`,
    )
  }
  for (const mention of mentions.slice(0, limits.sessionsPerCommit)) {
    const requester = requesterIn(visited, mention.tool, look)
    look.record({ ...mention, place: { kind: 'message' }, requester, change: partIn(visited) })
  }
}
