/** Gemini CLI before it wrote rows: the whole session is one document with `messages`, written anew after each. */
import type { Json } from '../../../model/json.ts'
import { geminiHeader, GeminiMessages } from '../gemini-messages.ts'
import { listIn, objectIn, textIn } from '../members.ts'
import { gemini } from './gemini.ts'
import type { Telling, TranscriptFormat } from './row.ts'

export const geminiDocument: TranscriptFormat = {
  id: 'gemini-document',
  title: 'Gemini CLI, one document',
  tool: 'gemini',
  basis: 'seen',
  source: 'entireio/cli, checkpoints of January and February 2026',
  ...(gemini.folders === undefined ? {} : { folders: gemini.folders }),
  body: { kind: 'document', isOwn, read },
}

function isOwn(json: Json): boolean {
  const document = objectIn(json)
  return (
    textIn(document?.['sessionId']) !== undefined &&
    textIn(document?.['projectHash']) !== undefined &&
    Array.isArray(document?.['messages'])
  )
}

function read(json: Json, { sink, name }: Telling): void {
  const document = objectIn(json)
  if (document === undefined) return
  geminiHeader(sink, document, name)
  const messages = new GeminiMessages(sink)
  for (const it of listIn(document['messages'])) {
    const message = objectIn(it)
    if (message !== undefined) messages.tell(message)
  }
}
