// Made by scripts/tables.ts (npm run tables) from the files of this folder: a row is added by its file alone.
import { aider } from './aider.ts'
import { amp } from './amp.ts'
import { antigravity } from './antigravity.ts'
import { claudeCode } from './claude-code.ts'
import { codex } from './codex.ts'
import { continueDev } from './continue-dev.ts'
import { copilotChatLog } from './copilot-chat-log.ts'
import { copilotChat } from './copilot-chat.ts'
import { copilotCli } from './copilot-cli.ts'
import { copilotOtel } from './copilot-otel.ts'
import { copilotVscode } from './copilot-vscode.ts'
import { crush } from './crush.ts'
import { cursorDatabase } from './cursor-database.ts'
import { cursor } from './cursor.ts'
import { droid } from './droid.ts'
import { geminiDocument } from './gemini-document.ts'
import { gemini } from './gemini.ts'
import { kiroConversations } from './kiro-conversations.ts'
import { kiroDatabase } from './kiro-database.ts'
import { kiroMessages } from './kiro-messages.ts'
import { kiroRows } from './kiro-rows.ts'
import { kiro } from './kiro.ts'
import { mux } from './mux.ts'
import { opencodeFiles } from './opencode-files.ts'
import { opencode } from './opencode.ts'
import { pi } from './pi.ts'
import { qwenCode } from './qwen-code.ts'
import { specstory } from './specstory.ts'
import { windsurf } from './windsurf.ts'
import { zed } from './zed.ts'
import type { TranscriptFormat } from './row.ts'

export const transcriptFormats: readonly TranscriptFormat[] = [
  aider,
  amp,
  antigravity,
  claudeCode,
  codex,
  continueDev,
  copilotChatLog,
  copilotChat,
  copilotCli,
  copilotOtel,
  copilotVscode,
  crush,
  cursorDatabase,
  cursor,
  droid,
  geminiDocument,
  gemini,
  kiroConversations,
  kiroDatabase,
  kiroMessages,
  kiroRows,
  kiro,
  mux,
  opencodeFiles,
  opencode,
  pi,
  qwenCode,
  specstory,
  windsurf,
  zed,
]
