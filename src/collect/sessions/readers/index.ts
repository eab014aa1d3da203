// Made by scripts/tables.ts (npm run tables) from the files of this folder: a row is added by its file alone.
import { agentCommit } from './agent-commit.ts'
import { agentTraceFile } from './agent-trace-file.ts'
import { agentTraceNote } from './agent-trace-note.ts'
import { agentblameNote } from './agentblame-note.ts'
import { commitIdentity } from './commit-identity.ts'
import { entireCheckpoint } from './entire-checkpoint.ts'
import { gitAiNote } from './git-ai-note.ts'
import { sessionRecord } from './session-record.ts'
import { sourceNote } from './source-note.ts'
import { trailer } from './trailer.ts'
import { whogititNote } from './whogitit-note.ts'
import type { SessionReader } from './row.ts'

export const sessionReaders: readonly SessionReader[] = [
  agentCommit,
  agentTraceFile,
  agentTraceNote,
  agentblameNote,
  commitIdentity,
  entireCheckpoint,
  gitAiNote,
  sessionRecord,
  sourceNote,
  trailer,
  whogititNote,
]
