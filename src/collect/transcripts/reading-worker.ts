/** A worker thread of `reading-pool.ts`: reads one file after another. */
import { parentPort } from 'node:worker_threads'
import { CountersignError } from '../../errors.ts'
import { readPlaced } from './read-placed.ts'
import type { FileToRead } from './read-placed.ts'
import type { ReadingAnswer } from './reading-pool.ts'

async function answer(asked: FileToRead): Promise<ReadingAnswer> {
  try {
    return { read: await readPlaced(asked) }
  } catch (thrown) {
    if (thrown instanceof CountersignError && thrown.code === 'output-failed') return { unwritten: thrown.message }
    // No message of it: there may be text of the transcript in that.
    return { fault: thrown instanceof Error ? thrown.name : 'unknown error' }
  }
}

parentPort?.on('message', (asked: FileToRead) => {
  void answer(asked).then((it) => parentPort?.postMessage(it))
})
