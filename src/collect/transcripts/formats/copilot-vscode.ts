/**
 * GitHub Copilot Chat in VS Code, as its hooks get it: the stream of the CLI, often without a model. Beside it (`debug-logs/<id>/models.json`)
 * stands which models there were to choose from, and not which one was: that is in the chat itself (`copilot-chat`), and in traces.
 */
import { copilotClient, openCopilotEvents } from '../copilot-events.ts'
import type { TranscriptFormat } from './row.ts'

export const copilotVscode: TranscriptFormat = {
  id: 'copilot-vscode',
  title: 'GitHub Copilot in VS Code, events',
  tool: 'copilot',
  basis: 'seen',
  source: 'git-ai-project/git-ai, VS Code 1.109 and 1.119',
  folders: {
    linux: ['~/.config/Code/User/workspaceStorage'],
    darwin: ['~/Library/Application Support/Code/User/workspaceStorage'],
    win32: ['$APPDATA/Code/User/workspaceStorage'],
  },
  body: {
    kind: 'rows',
    isOwn: (first, name) => copilotClient(first, name) === 'vscode',
    open: ({ sink }) => openCopilotEvents(sink),
  },
}
