/** A file, or a folder that is one session, where it was found → what came of it. */
import { CountersignError } from '../../errors.ts'
import type { FileRead } from './file-read.ts'
import type { PlacedFile } from './find-transcripts.ts'
import { readTranscriptFolder } from './read-files.ts'
import { readTranscriptFile } from './read-transcript.ts'
import type { KeepRecord } from './record-book.ts'

/**
 * Undefined for what is no transcript. What cannot be read is told like what is broken; only a fault of ours is thrown. Error:
 * `output-failed`.
 */
export async function readPlaced(
  { path, name, from, files }: PlacedFile,
  keep?: KeepRecord,
): Promise<FileRead | undefined> {
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
