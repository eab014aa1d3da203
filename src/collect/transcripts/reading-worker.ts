/** A worker thread of `reading-pool.ts`: reads one file after another. */
import { parentPort } from 'node:worker_threads'
import type { PlacedFile } from './find-transcripts.ts'
import { readPlaced } from './read-placed.ts'
import type { ReadingAnswer } from './reading-pool.ts'

async function answer(file: PlacedFile): Promise<ReadingAnswer> {
  try {
    return { read: await readPlaced(file) }
  } catch (thrown) {
    // No message of it: there may be text of the transcript in that.
    return { fault: thrown instanceof Error ? thrown.name : 'unknown error' }
  }
}

parentPort?.on('message', (file: PlacedFile) => {
  void answer(file).then((it) => parentPort?.postMessage(it))
})
