// Made by scripts/tables.ts (npm run tables) from the files of this folder: a row is added by its file alone.
import { commitIdentity } from './commit-identity.ts'
import { entireCheckpoint } from './entire-checkpoint.ts'
import { gitAiNote } from './git-ai-note.ts'
import { sourceNote } from './source-note.ts'
import { trailer } from './trailer.ts'
import type { SessionReader } from './row.ts'

export const sessionReaders: readonly SessionReader[] = [
  commitIdentity,
  entireCheckpoint,
  gitAiNote,
  sourceNote,
  trailer,
]
