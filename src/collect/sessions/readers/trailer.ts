/** Reader `trailer`: claims in the messages of the commits. */
import { isUtf8 } from 'node:buffer'
import { CountersignError } from '../../../errors.ts'
import { limits } from '../../../model/limits.ts'
import { readMessageClaims } from '../messages/commit-message.ts'
import { mayHoldClaim } from '../messages/trailer-forms.ts'
import type { Look, SessionReader } from './row.ts'

const findings = {
  'message-truncated': 'a commit message that was read in part',
  'message-not-utf8': 'a commit message that was read with replaced bytes',
  'session-id-invalid': 'an id that cannot be one',
} as const
type Code = keyof typeof findings

export const trailer: SessionReader<Code> = {
  id: 'trailer',
  title: 'trailers of commit messages',
  findings,
  open: (look) =>
    Promise.resolve({
      commit: (commit, message, whole) => readMessage(look, commit, message, whole),
      finish: () => Promise.resolve(),
    }),
}

function readMessage(look: Look<Code>, commit: string, message: Buffer, whole: boolean): void {
  if (!whole) {
    look.finding(
      'message-truncated',
      commit,
      `only both ends of the message, ${limits.commitMessageBytes} bytes, were read`,
    )
  }
  // Most messages name nothing: this is one native search in their bytes, before anything is decoded.
  if (!mayHoldClaim.test(message.toString('latin1'))) return
  if (!isUtf8(message)) {
    look.finding(
      'message-not-utf8',
      commit,
      'the message is neither UTF-8 nor in the encoding that the commit declares',
    )
  }
  const { mentions, invalidIds } = readMessageClaims(message.toString('utf8'))
  if (invalidIds > 0) look.finding('session-id-invalid', commit, `${invalidIds} in the message can be no session id`)
  if (mentions.length > limits.sessions) {
    throw new CountersignError('session-limit', `commit ${commit} names more than ${limits.sessions} sessions`)
  }
  for (const mention of mentions) {
    look.record({ ...mention, place: { kind: 'message' }, change: { commit, linkage: 'direct', edits: undefined } })
  }
}
