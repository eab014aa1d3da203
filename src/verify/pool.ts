/** Artifacts over worker threads: the same judge in each, verdicts in the order of the artifacts, memory flat. */
import { Worker } from 'node:worker_threads'
import { CountersignError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import type { Verdict } from '../model/verdict.ts'
import type { ArtifactInput } from '../model/artifact.ts'
import type { TrustMaterial } from '../sigstore/trust/source.ts'
import type { JudgeRequest } from './asking.ts'

/** What a worker is started with: plain data. Trusted roots travel as JSON and are opened there. */
export interface WorkerStart {
  readonly request: JudgeRequest
  readonly roots: readonly TrustMaterial[]
  readonly cwd: string
}

/** One piece of work and its answer; `batch` numbers the pieces. */
export interface WorkerTask {
  readonly batch: number
  readonly artifacts: readonly (string | ArtifactInput)[]
}
export type WorkerAnswer =
  | { readonly batch: number; readonly verdicts: readonly Verdict[] }
  | { readonly batch: number; readonly failure: { readonly code: ErrorCode; readonly message: string } }

/** Artifacts in one piece of work: few enough that the cores end together, enough that messages cost nothing. */
const batchSize = 16

/** Batches that a worker holds at once: one under way, and one so that it need not wait for the next. */
const batchesHeld = 2

/** Batches that may be under way or wait for an earlier one, for each worker: what bounds the memory. */
const batchesAhead = 16

export async function* judgeInWorkers(
  artifacts: readonly (string | ArtifactInput)[],
  start: WorkerStart,
  count: number,
): AsyncGenerator<Verdict> {
  const batches = Math.ceil(artifacts.length / batchSize)
  const workers = Array.from({ length: Math.min(count, batches) }, () => openWorker(start))
  const answers = new Map<number, Promise<readonly Verdict[]>>()
  let next = 0
  let delivered = 0
  /** Each worker fetches its work, because artifacts differ by far in how many bundles are about them. */
  const feed = (): void => {
    for (const worker of workers) {
      while (worker.waiting() < batchesHeld && next < batches && next < delivered + workers.length * batchesAhead) {
        const task = { batch: next, artifacts: artifacts.slice(next * batchSize, (next + 1) * batchSize) }
        const answer = worker.judge(task)
        answer.then(feed, () => undefined) // a failure is thrown when its turn comes
        answers.set(next, answer)
        next += 1
      }
    }
  }
  try {
    for (; delivered < batches; delivered += 1) {
      feed()
      yield* (await answers.get(delivered)) ?? []
      answers.delete(delivered)
    }
  } finally {
    await Promise.all(workers.map((it) => it.close()))
  }
}

interface PoolWorker {
  /** Batches that it has been given and not answered. */
  readonly waiting: () => number
  readonly judge: (task: WorkerTask) => Promise<readonly Verdict[]>
  readonly close: () => Promise<unknown>
}

interface Waiting {
  readonly resolve: (verdicts: readonly Verdict[]) => void
  readonly reject: (error: Error) => void
}

function openWorker(start: WorkerStart): PoolWorker {
  const script = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './verify-worker.js', import.meta.url)
  const worker = new Worker(script, { workerData: start })
  const waiting = new Map<number, Waiting>()
  let ended: Error | undefined
  const failAll = (error: Error): void => {
    ended ??= error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('message', (answer: WorkerAnswer) => {
    const asked = waiting.get(answer.batch)
    waiting.delete(answer.batch)
    if ('verdicts' in answer) asked?.resolve(answer.verdicts)
    else asked?.reject(new CountersignError(answer.failure.code, answer.failure.message))
  })
  worker.on('error', failAll)
  worker.on('exit', () => failAll(new CountersignError('internal', 'a worker ended early')))
  return {
    waiting: () => waiting.size,
    judge: (task) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) {
          reject(ended)
          return
        }
        waiting.set(task.batch, { resolve, reject })
        worker.postMessage(task)
      }),
    close: () => worker.terminate(),
  }
}
