/**
 * Several services that can do the same: one is asked, asked again while that can help, and when it keeps failing the next
 * one stands in for it, until the budget is used up. What every service said goes into one error.
 */
import { CountersignError } from '../../errors.ts'
import type { Patience } from './retry-budget.ts'
import { ServiceTrouble } from './service-request.ts'

/** Something that is at an address. */
interface Service {
  readonly url: string
}

/** A part of signing that one of these services has to do. */
export interface Duty<S extends Service, T> {
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
  tries: number
  unusable: number
  readyAt: number
}

/** Failures in a row after which another service is asked, where there is one. */
const triesInARow = 3
/** Answers that made no sense after which a service is given up: an outage passes, a wrong address does not. */
const unusableAnswers = 3

/**
 * The first answer. Errors: `service-refused` if every service refused, `service-unavailable` where one was out of reach,
 * else `service-answer-malformed`; and whatever `ask` throws beside ServiceTrouble.
 */
export async function firstAnswer<S extends Service, T>(duty: Duty<S, T>, patience: Patience): Promise<T> {
  const queue = duty.services.map(candidateOf)
  const draw = (): void => {
    if (queue.every((it) => it.tries > 0)) queue.push(...(duty.more?.() ?? []).map(candidateOf))
  }
  const troubles = new Map<S, ServiceTrouble>()
  let tries = 0
  for (let candidate = queue.shift(); candidate !== undefined; candidate = queue.shift()) {
    // Dropped if the budget ends before it may be asked again; another one may be ready earlier.
    if (!(await patience.reach(candidate.readyAt))) {
      draw()
      continue
    }
    const { service } = candidate
    try {
      tries += 1
      const answer = await duty.ask(service)
      noteOddities(duty, candidate, troubles, patience)
      return answer
    } catch (thrown) {
      if (!(thrown instanceof ServiceTrouble)) throw thrown
      troubles.set(service, thrown)
      const turn = afterTrouble(candidate, thrown, patience)
      if (turn === 'again') {
        queue.unshift(candidate)
        continue
      }
      draw()
      if (turn === 'later') queue.push(candidate)
    }
  }
  throw failureOf(duty.what, troubles, tries, patience)
}

function candidateOf<S>(service: S): Candidate<S> {
  return { service, tries: 0, unusable: 0, readyAt: 0 }
}

/** When the service is asked again: before the others, after them, or not at all. */
function afterTrouble<S>(
  candidate: Candidate<S>,
  { code, again, retryAfter, slow }: ServiceTrouble,
  patience: Patience,
): 'again' | 'later' | 'never' {
  candidate.tries += 1
  if (code === 'service-answer-malformed') candidate.unusable += 1
  if (!again || candidate.unusable >= unusableAnswers) return 'never'
  candidate.readyAt = patience.nextTry(candidate.tries, retryAfter)
  return slow || retryAfter !== undefined || candidate.tries % triesInARow === 0 ? 'later' : 'again'
}

function noteOddities<S extends Service, T>(
  { what, services }: Duty<S, T>,
  { service, tries }: Candidate<S>,
  troubles: ReadonlyMap<S, ServiceTrouble>,
  { note }: Patience,
): void {
  const [first] = services
  if (service !== first && first !== undefined) {
    const reason = troubles.get(first)?.message ?? 'it failed'
    note(`${what}: ${service.url} stood in for ${first.url} (${reason})`)
  } else if (tries > 0) {
    note(`${what}: ${service.url} answered at attempt ${tries + 1} (before: ${troubles.get(service)?.message ?? ''})`)
  }
}

function failureOf<S extends Service>(
  what: string,
  troubles: ReadonlyMap<S, ServiceTrouble>,
  tries: number,
  patience: Patience,
): CountersignError {
  const all = [...troubles]
  const reasons = all.map(([{ url }, { message }]) => `${url}: ${message.slice(0, 500)}`).join('; ')
  if (all.length === 0) {
    return new CountersignError('service-unavailable', `no time was left for ${what}`, { hint: longerBudget })
  }
  if (all.every(([, { code }]) => code === 'service-refused')) {
    return new CountersignError('service-refused', `${what} refused: ${reasons}`)
  }
  const seconds = Math.round(patience.elapsed() / 1_000)
  const effort = `after ${tries} ${tries === 1 ? 'attempt' : 'attempts'} in ${seconds} s`
  if (all.some(([, { code }]) => code === 'service-unavailable')) {
    return new CountersignError('service-unavailable', `${what} did not do its part ${effort}: ${reasons}`, {
      hint: longerBudget,
    })
  }
  return new CountersignError('service-answer-malformed', `${what} answered nothing usable ${effort}: ${reasons}`)
}

const longerBudget =
  'nothing was written; run it again, wait longer by --retry-budget, or keep what was prepared by --on-outage defer'
