/** The flags that say which transcripts are read, for every command that looks at the commits of a release. */
import type { Command } from 'commander'
import type { StatementRequest } from '../../attest.ts'
import { repeated } from '../flags.ts'

type TranscriptsRequest = Pick<StatementRequest, 'transcripts' | 'localTranscripts' | 'keepRecords'>

/** The flags as commander gives them. */
export interface TranscriptFlags {
  readonly transcript?: string[]
  readonly localTranscripts?: true
  readonly keepRecords?: string
}

/** Adds them. */
export function withTranscriptOptions(command: Command): Command {
  return command
    .option('--transcript <PATH>', "a tool's transcript of a session, or a folder with some, repeatable", repeated)
    .option('--local-transcripts', 'look for transcripts where agents keep theirs, of sessions that the commits name')
    .option('--keep-records <FOLDER>', 'keep each transcript that counts there, without the secrets in it')
}

/** Flags → the part of a request. */
export function transcriptsRequest({ transcript, localTranscripts, keepRecords }: TranscriptFlags): TranscriptsRequest {
  return {
    ...(transcript === undefined ? {} : { transcripts: transcript }),
    ...(localTranscripts === undefined ? {} : { localTranscripts }),
    ...(keepRecords === undefined ? {} : { keepRecords }),
  }
}
