/**
 * Several services that can do the same: one is asked, asked again while that can help, and when it keeps failing the next
 * one stands in for it, until the budget is used up. What every service said goes into one error.
 */
import { CountersignError, option } from '../../errors.ts'
import { waitInWords } from '../../platform/retry-budget.ts'
import type { RetryBudget } from '../../platform/retry-budget.ts'
import { ServiceTrouble } from './service-request.ts'

/** Something that is at an address. */
interface Service {
  readonly url: string
}

/** A part of signing that one of these services has to do. */
export interface ServiceTask<S extends Service, T> {
  /** `Fulcio`, `the transparency log`… */
  readonly what: string
  /** In order of preference; a repetition of `ask` must be harmless. */
  readonly services: readonly S[]
  /** Throws ServiceTrouble for what another try or another service may mend. */
  readonly ask: (service: S) => Promise<T>
  /** Further services, drawn when all so far have failed; undefined when there are no more. */
  readonly more?: () => readonly S[] | undefined
}

interface Candidate<S> {
  readonly service: S
  attempts: number
  unusable: number
  readyAt: number
}

/** Failures in a row after which another service is asked, where there is one. */
const attemptsInARow = 3
/** Answers that made no sense after which a service is given up: an outage passes, a wrong address does not. */
const unusableAnswers = 3

/**
 * The first answer. Errors: `service-refused` if every service refused, `service-unavailable` where one was out of reach,
 * else `service-answer-malformed`; and whatever `ask` throws beside ServiceTrouble.
 */
export async function askServices<S extends Service, T>(task: ServiceTask<S, T>, budget: RetryBudget): Promise<T> {
  const queue = task.services.map(candidateOf)
  const draw = (): void => {
    if (queue.every((it) => it.attempts > 0)) queue.push(...(task.more?.() ?? []).map(candidateOf))
  }
  const troubles = new Map<S, ServiceTrouble>()
  let attempts = 0
  for (let candidate = queue.shift(); candidate !== undefined; candidate = queue.shift()) {
    // Dropped if the budget ends before it may be asked again; another one may be ready earlier.
    if (!(await budget.waitUntil(candidate.readyAt))) {
      draw()
      continue
    }
    const { service } = candidate
    try {
      attempts += 1
      const answer = await task.ask(service)
      noteOddities(task, candidate, troubles, budget)
      return answer
    } catch (thrown) {
      if (!(thrown instanceof ServiceTrouble)) throw thrown
      troubles.set(service, thrown)
      const turn = afterTrouble(candidate, thrown, budget)
      if (turn !== 'again') draw()
      const isAnotherNext = turn !== 'again' && queue.some((it) => budget.reaches(it.readyAt))
      sayNext(task, candidate, thrown, turn === 'never' ? 'never' : isAnotherNext ? 'another' : 'again', budget)
      if (turn === 'again') queue.unshift(candidate)
      if (turn === 'later') queue.push(candidate)
    }
  }
  throw failureOf(task.what, troubles, attempts, budget)
}

function candidateOf<S>(service: S): Candidate<S> {
  return { service, attempts: 0, unusable: 0, readyAt: 0 }
}

/** When the service is asked again: before the others, after them, or not at all. */
function afterTrouble<S>(
  candidate: Candidate<S>,
  { code, again, retryAfter, slow }: ServiceTrouble,
  budget: RetryBudget,
): 'again' | 'later' | 'never' {
  candidate.attempts += 1
  if (code === 'service-answer-malformed') candidate.unusable += 1
  if (!again || candidate.unusable >= unusableAnswers) return 'never'
  candidate.readyAt = budget.nextAttempt(candidate.attempts, retryAfter)
  return slow || retryAfter !== undefined || candidate.attempts % attemptsInARow === 0 ? 'later' : 'again'
}

/** A wait is no silence: a job that stands still looks like one that hangs. Nothing is announced that will not be. */
function sayNext<S extends Service>(
  { what }: ServiceTask<S, unknown>,
  { service, readyAt }: Candidate<S>,
  { message }: ServiceTrouble,
  next: 'again' | 'another' | 'never',
  budget: RetryBudget,
): void {
  if (next === 'never' || (next === 'again' && !budget.reaches(readyAt))) return
  const then = next === 'another' ? 'another one is asked' : `asked again ${waitInWords(readyAt - budget.elapsed())}`
  budget.world.progress(`${what} ${service.url}: ${message}; ${then}`, 'wait')
}

function noteOddities<S extends Service, T>(
  { what, services }: ServiceTask<S, T>,
  { service, attempts }: Candidate<S>,
  troubles: ReadonlyMap<S, ServiceTrouble>,
  { note }: RetryBudget,
): void {
  const [first] = services
  if (service !== first && first !== undefined) {
    const reason = troubles.get(first)?.message ?? 'it failed'
    note(`${what}: ${service.url} stood in for ${first.url} (${reason})`)
  } else if (attempts > 0) {
    note(
      `${what}: ${service.url} answered at attempt ${attempts + 1} (before: ${troubles.get(service)?.message ?? ''})`,
    )
  }
}

function failureOf<S extends Service>(
  what: string,
  troubles: ReadonlyMap<S, ServiceTrouble>,
  attempts: number,
  budget: RetryBudget,
): CountersignError {
  const all = [...troubles]
  const reasons = all.map(([{ url }, { message }]) => `${url}: ${message.slice(0, 500)}`).join('; ')
  if (all.length === 0) {
    const spent = `${Math.round(budget.elapsed() / 1_000)} s had gone before it could be asked`
    return new CountersignError('service-unavailable', `no time was left for ${what}: ${spent}`, { hint: longerBudget })
  }
  if (all.every(([, { code }]) => code === 'service-refused')) {
    return new CountersignError('service-refused', `${what} refused: ${reasons}`)
  }
  const seconds = Math.round(budget.elapsed() / 1_000)
  const effort = `after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'} in ${seconds} s`
  if (all.some(([, { code }]) => code === 'service-unavailable')) {
    return new CountersignError('service-unavailable', `${what} did not do its part ${effort}: ${reasons}`, {
      hint: longerBudget,
    })
  }
  return new CountersignError('service-answer-malformed', `${what} answered nothing usable ${effort}: ${reasons}`)
}

const longerBudget = `no bundle was written; run it again, wait longer (${option('retryBudget')}), or keep what was prepared (${option('onOutage')})`
