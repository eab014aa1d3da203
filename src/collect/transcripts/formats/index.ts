// Made by scripts/tables.ts (npm run tables) from the files of this folder: a row is added by its file alone.
import { claudeCode } from './claude-code.ts'
import { codex } from './codex.ts'
import { geminiDocument } from './gemini-document.ts'
import { gemini } from './gemini.ts'
import type { TranscriptFormat } from './row.ts'

export const transcriptFormats: readonly TranscriptFormat[] = [claudeCode, codex, geminiDocument, gemini]
