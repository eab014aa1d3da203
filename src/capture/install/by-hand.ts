/** `sessions use` and `sessions none`: what a person says of the next commit in this working tree. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CountersignError, option } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { overrideLetters, saysTooLittle } from '../../model/override-reason.ts'
import { worldOf } from '../../platform/world.ts'
import type { World } from '../../platform/world.ts'
import { noneTrailer, sessionOfText } from '../session-name.ts'
import { writeByHand } from '../state.ts'
import { cloneAt } from './ask-git.ts'
import type { Clone } from './ask-git.ts'

/**
 * The sessions of the next commit, each `tool:id`. Errors: `usage`, `git-no-repository`, `hooks-missing`.
 *
 * @example
 * ```ts
 * import { installHooks, removeHooks, useSessions } from 'countersign/hooks'
 *
 * await installHooks({ agents: [] })
 * console.log(useSessions(['amp:T-1'])) // [ 'amp:T-1' ]: the next commit in this working tree names it
 * await removeHooks()
 * ```
 */
export function useSessions(texts: readonly string[], given: Partial<World> = {}): readonly string[] {
  const sessions = texts.map((text) => {
    const session = sessionOfText(text)
    if (session !== undefined) return session
    throw new CountersignError('usage', 'a session is named as TOOL:ID, of letters, digits and ._:+- alone', {
      hint: 'as claude-code:0b9e6c52-7a3f-4d18-9c0e-5f2a71d3b846; an address of a page is not a session',
    })
  })
  const clone = cloneWithHooks(given)
  writeByHand(clone, { sessions })
  return sessions.map(({ tool, id }) => `${tool}:${id}`)
}

/**
 * That no session took part in the next commit, and why. A reason that says too little for any policy is noted, and `warn` is told. Errors: `usage`, `git-no-repository`, `hooks-missing`.
 *
 * @example
 * ```ts
 * import { installHooks, removeHooks, useNone } from 'countersign/hooks'
 *
 * await installHooks({ agents: [] })
 * useNone('Typed by hand from the paper of the committee')
 * await removeHooks()
 * ```
 */
export function useNone(reason: string, given: Partial<World> = {}): void {
  if (noneTrailer(reason) === undefined) {
    throw new CountersignError(
      'usage',
      `a reason (${option('reason')}) is a sentence on one line, of at most 200 characters`,
    )
  }
  const world = worldOf(given)
  writeByHand(cloneWithHooks(world), { none: reason.trim() })
  if (saysTooLittle(overrideLetters(reason))) {
    world.warn(
      `a policy that takes reasons (ai.disclosure.overrides) wants ${limits.overrideReasonLetters} letters or more, without those of tickets and addresses: this reason will be refused there; say it again with more words`,
    )
  }
}

function cloneWithHooks(given: Partial<World>): Clone {
  const world = worldOf(given)
  const clone = cloneAt(world)
  if (existsSync(join(clone.commonDir, 'countersign', 'hook'))) return clone
  throw new CountersignError('hooks-missing', 'no hook would put that into a commit')
}
