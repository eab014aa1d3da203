/** GitHub Copilot Chat in VS Code: the same document as rows that change it; a request that was taken out again is undone. */
import type { Json } from '../../../model/json.ts'
import { limits } from '../../../model/limits.ts'
import { isCopilotChat, tellCopilotChat } from '../copilot-chat.ts'
import { objectIn } from '../members.ts'
import { PatchedDocument } from '../patched-document.ts'
import { copilotVscode } from './copilot-vscode.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const copilotChatLog: TranscriptFormat = {
  id: 'copilot-chat-log',
  title: 'GitHub Copilot in VS Code, rows',
  tool: 'copilot',
  basis: 'seen',
  source: 'git-ai-project/git-ai, extension 0.37; microsoft/vscode for rows that cut or take away',
  ...(copilotVscode.folders === undefined ? {} : { folders: copilotVscode.folders }),
  body: { kind: 'rows', isOwn, open },
}

function isOwn(first: readonly Json[]): boolean {
  const row = objectIn(first[0])
  return row?.['kind'] === 0 && isCopilotChat(row['v'])
}

function open({ sink, name }: Telling): RowReader {
  const patched = new PatchedDocument('requests', limits.transcriptRowBytes)
  return {
    row: (row) => patched.apply(row),
    end() {
      if (patched.isTooLarge)
        sink.problem('transcript-too-large', 'what its rows set has more characters than are held')
      else tellCopilotChat(sink, patched.document, name, patched.removed)
    },
  }
}
