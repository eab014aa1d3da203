/**
 * The door through which marks go to a forge: questions, and the writes of `writes.ts`, all within one short time. The token goes to this API
 * and nowhere else: no redirect is followed, and no address of an answer is gone to. Nothing that came stands in a reason.
 */
import { attempt, CountersignError } from '../errors.ts'
import { parseJson } from '../model/json.ts'
import type { Json } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import { askBoundedly } from '../platform/ask-boundedly.ts'
import type { Trouble } from '../platform/ask-boundedly.ts'
import type { RetryBudget } from '../platform/retry-budget.ts'
import type { ForgeWrite } from './writes.ts'

export interface ForgeDoor {
  /** Undefined where there is none of it. Errors: {@link MarkTrouble}. */
  read(path: string): Promise<Json | undefined>
  /** Errors: {@link MarkTrouble}, unless what is to be removed is not there. */
  send(write: ForgeWrite): Promise<void>
}

/** Why a mark was not set: caught where it was to be, and never the end of the gate. */
export class MarkTrouble extends Error {
  readonly code: 'mark-refused' | 'forge-unreachable' | 'request-differs'

  constructor(code: MarkTrouble['code'], message: string) {
    super(message)
    this.code = code
  }
}

export interface DoorPlace {
  /** Without a closing slash. */
  readonly api: string
  readonly headers: { readonly [name: string]: string }
  /** One line of visible characters. */
  readonly token: string
}

export function openForgeDoor({ api, headers: own, token }: DoorPlace, budget: RetryBudget): ForgeDoor {
  const headers = { ...own, authorization: `Bearer ${token}`, 'user-agent': 'countersign' }
  const service = { name: 'the forge', bytes: limits.forgeAnswerBytes, budget: limits.markBudget }
  return {
    async read(path) {
      const answer = await askBoundedly({ url: `${api}${path}`, headers, service }, budget)
      if ('trouble' in answer) {
        if (answer.status === 404) return undefined
        throw troubleOf(answer)
      }
      const json = attempt(() => parseJson(answer.body, 'the answer', limits.forgeAnswerBytes))
      if (json instanceof CountersignError) throw new MarkTrouble('forge-unreachable', 'its answer is no JSON')
      return json
    },
    async send({ method, path, body }) {
      const typed = body === undefined ? headers : { ...headers, 'content-type': 'application/json' }
      const answer = await askBoundedly({ url: `${api}${path}`, headers: typed, method, body, service }, budget)
      if (!('trouble' in answer) || (method === 'DELETE' && answer.status === 404)) return
      throw troubleOf(answer)
    },
  }
}

function troubleOf({ trouble, status }: Trouble): MarkTrouble {
  const isRefused = status !== undefined && status >= 400 && status < 500 && status !== 429 && status !== 408
  return new MarkTrouble(isRefused ? 'mark-refused' : 'forge-unreachable', trouble)
}
