/** GitHub Copilot CLI: a folder for each session, with its stream of events. */
import { copilotClient, openCopilotEvents } from '../copilot-events.ts'
import type { TranscriptFormat } from './row.ts'

export const copilotCli: TranscriptFormat = {
  id: 'copilot-cli',
  title: 'GitHub Copilot CLI',
  tool: 'copilot',
  basis: 'seen',
  source:
    'git-ai-project/git-ai, CLI 1.0.45; specstoryai/getspecstory, CLI 1.0.95 and a description; rewinds: github/copilot-sdk',
  folders: {
    linux: ['$COPILOT_HOME/session-state', '~/.copilot/session-state'],
    darwin: ['$COPILOT_HOME/session-state', '~/.copilot/session-state'],
    win32: ['$COPILOT_HOME/session-state', '~/.copilot/session-state'],
  },
  body: {
    kind: 'rows',
    isOwn: (first, name) => copilotClient(first, name) === 'cli',
    open: ({ sink }) => openCopilotEvents(sink),
  },
}
