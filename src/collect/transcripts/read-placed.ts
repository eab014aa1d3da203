/** A file, or a folder that is one session, where it was found → what came of it. */
import { CountersignError } from '../../errors.ts'
import type { FileRead } from './file-read.ts'
import { readTranscriptFolder } from './read-files.ts'
import { readTranscriptFile } from './read-transcript.ts'
import type { PlacedFile } from './find-transcripts.ts'
import { stageRecords } from './staged-records.ts'

/** What is to be read, by whichever thread. */
export interface FileToRead {
  readonly file: PlacedFile
  /** Where its records are written (`stageRecords`); undefined: they are not kept. */
  readonly staged: string | undefined
}

/**
 * Undefined for what is no transcript. What cannot be read is told like what is broken; only a fault of ours is thrown. Error:
 * `output-failed`.
 */
export async function readPlaced({ file, staged }: FileToRead): Promise<FileRead | undefined> {
  const { path, name, from, files } = file
  const keep = staged === undefined ? undefined : stageRecords(staged)
  try {
    if (files !== undefined) return (await readTranscriptFolder(path, files, { keep }))[0]?.read
    return await readTranscriptFile(path, name, { links: from === 'file' ? 'follow' : 'refuse', keep })
  } catch (thrown) {
    // Records that cannot be kept were asked for, so that nothing is lost without a word.
    if (!(thrown instanceof CountersignError) || thrown.code === 'output-failed') throw thrown
    return { problem: { code: 'transcript-unreadable', detail: thrown.code } }
  } finally {
    // What was begun of one that broke, or is too large, would lie there, whosever session it is.
    keep?.end(undefined)
  }
}
