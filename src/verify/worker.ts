/** A worker thread of `pool.ts`: one judge, asked batch after batch. */
import { parentPort, workerData } from 'node:worker_threads'
import { asFailure } from '../errors.ts'
import type { WorkerAnswer, WorkerStart, WorkerTask } from './pool.ts'
import { openJudge } from './verify.ts'

const { request, roots, cwd } = workerData as WorkerStart
const judge = openJudge(request, roots, cwd)

async function answer({ batch, artifacts }: WorkerTask): Promise<WorkerAnswer> {
  try {
    const verdicts = []
    for (const artifact of artifacts) verdicts.push((await judge(artifact)).verdict)
    return { batch, verdicts }
  } catch (thrown) {
    const { code, message } = asFailure(thrown, 'internal', 'a verdict could not be made')
    return { batch, failure: { code, message } }
  }
}

parentPort?.on('message', (task: WorkerTask) => {
  void answer(task).then((it) => parentPort?.postMessage(it))
})
