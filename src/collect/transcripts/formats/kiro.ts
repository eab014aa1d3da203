/** Kiro CLI: a conversation as one document, as it is saved to a file. */
import { objectIn } from '../members.ts'
import { isKiroConversation, tellKiroConversation } from '../kiro-conversation.ts'
import type { TranscriptFormat } from './row.ts'

export const kiro: TranscriptFormat = {
  id: 'kiro',
  title: 'Kiro CLI, one document',
  tool: 'kiro',
  basis: 'seen',
  source: 'a payload of two turns; edits and what came of them: aws/amazon-q-developer-cli crates/chat-cli',
  body: {
    kind: 'document',
    isOwn: isKiroConversation,
    read: (json, { sink }) => tellKiroConversation(sink, objectIn(json) ?? {}),
  },
}
