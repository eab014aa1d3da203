/** GitHub Copilot Chat in VS Code: the session is one document, as VS Code kept it until it wrote rows. */
import type { Json } from '../../../model/json.ts'
import { isCopilotChat, tellCopilotChat } from '../copilot-chat.ts'
import { objectIn } from '../members.ts'
import { copilotVscode } from './copilot-vscode.ts'
import type { Telling, TranscriptFormat } from './row.ts'

export const copilotChat: TranscriptFormat = {
  id: 'copilot-chat',
  title: 'GitHub Copilot in VS Code, one document',
  tool: 'copilot',
  basis: 'seen',
  source: 'git-ai-project/git-ai, extension 0.31; microsoft/vscode for who let a call run',
  ...(copilotVscode.folders === undefined ? {} : { folders: copilotVscode.folders }),
  body: { kind: 'document', isOwn: (json) => isCopilotChat(json), read },
}

function read(json: Json, { sink, name }: Telling): void {
  tellCopilotChat(sink, objectIn(json) ?? {}, name, [])
}
