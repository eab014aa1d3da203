/** Artifacts over worker threads: the same judge in each, verdicts in the order of the artifacts, memory flat. */
import { Worker } from 'node:worker_threads'
import { CountersignError } from './errors.ts'
import type { ErrorCode } from './errors.ts'
import type { Verdict } from './model/verdict.ts'
import type { TrustMaterial } from './sigstore/trust-source.ts'
import type { VerifyRequest } from './verify.ts'

/** What a worker is started with; trusted roots travel as JSON and are opened there. */
export interface WorkerStart {
  readonly request: Omit<VerifyRequest, 'artifact'>
  readonly roots: readonly TrustMaterial[]
}

/** One piece of work and its answer; `batch` numbers the pieces. */
export interface WorkerTask {
  readonly batch: number
  readonly artifacts: readonly string[]
}
export type WorkerAnswer =
  | { readonly batch: number; readonly verdicts: readonly Verdict[] }
  | { readonly batch: number; readonly failure: { readonly code: ErrorCode; readonly message: string } }

/** Artifacts in one piece of work: few enough that the cores end together, enough that messages cost nothing. */
const batchSize = 16

/** Batches that may be under way or waiting for an earlier one, for each worker: what bounds the memory. */
const batchesAhead = 4

export async function* judgeInWorkers(
  artifacts: readonly string[],
  request: WorkerStart['request'],
  roots: readonly TrustMaterial[],
  count: number,
): AsyncGenerator<Verdict> {
  const start: WorkerStart = { request, roots }
  const batches = Math.ceil(artifacts.length / batchSize)
  const workers = Array.from({ length: Math.min(count, batches) }, () => openWorker(start))
  const answers = new Map<number, Promise<readonly Verdict[]>>()
  try {
    let next = 0
    for (let batch = 0; batch < batches; batch += 1) {
      for (; next < batches && next < batch + workers.length * batchesAhead; next += 1) {
        const task = { batch: next, artifacts: artifacts.slice(next * batchSize, (next + 1) * batchSize) }
        // The least busy one: artifacts differ by far in how many bundles are about them.
        const [idle] = workers.toSorted((a, b) => a.waiting() - b.waiting())
        const answer = idle?.judge(task) ?? Promise.reject(new Error('no worker'))
        answer.catch(() => undefined) // it is awaited in its turn, which may be after another has failed
        answers.set(next, answer)
      }
      yield* (await answers.get(batch)) ?? []
      answers.delete(batch)
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
  const script = new URL(import.meta.url.endsWith('.ts') ? './verify-worker.ts' : './verify-worker.js', import.meta.url)
  const worker = new Worker(script, { workerData: start })
  const waiting = new Map<number, Waiting>()
  const failAll = (error: Error): void => {
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
        waiting.set(task.batch, { resolve, reject })
        worker.postMessage(task)
      }),
    close: () => worker.terminate(),
  }
}
