// Made by scripts/tables.ts (npm run tables) from the files of this folder: a row is added by its file alone.
import { claudeCode } from './claude-code.ts'
import { codex } from './codex.ts'
import { copilotChatLog } from './copilot-chat-log.ts'
import { copilotChat } from './copilot-chat.ts'
import { copilotCli } from './copilot-cli.ts'
import { copilotVscode } from './copilot-vscode.ts'
import { geminiDocument } from './gemini-document.ts'
import { gemini } from './gemini.ts'
import type { TranscriptFormat } from './row.ts'

export const transcriptFormats: readonly TranscriptFormat[] = [
  claudeCode,
  codex,
  copilotChatLog,
  copilotChat,
  copilotCli,
  copilotVscode,
  geminiDocument,
  gemini,
]
