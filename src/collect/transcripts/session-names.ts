/** What a session, its tool, its agent and what started it are called. Free words are no name: whoever wrote them would have them signed. */
import { limits } from '../../model/limits.ts'
import type { Role } from '../../model/record.ts'
import { isUnpublishable } from '../redact/unpublishable.ts'
import { agentRole } from '../sessions/agent-role.ts'
import { hasWordsOfId } from '../sessions/name-words.ts'
import { sessionId } from '../sessions/session-id.ts'
import { knownTools, unknownTool } from '../sessions/tools.ts'

/** Of each: a session with more different ones has no such thing. */
export const mostNames = limits.modelsPerSession

/** Stands for the id of an agent that has none. */
const unnamedAgent = 'unnamed'

export class SessionNames {
  readonly copied = new Set<string>()
  readonly parents = new Set<string>()
  hasNoParent = false
  readonly #agents = new Set<string>()
  readonly #tools = new Set<string>()
  readonly #roles = new Set<Role>()
  readonly #unclear = new Set<string>()

  /** Those that were said and are none. */
  get unclear(): number {
    return this.#unclear.size
  }

  /** Undefined for what is not of such words. */
  named(name: string | undefined, hasWordsOf: (name: string) => boolean): string | undefined {
    if (name === undefined || hasWordsOf(name)) return name
    if (this.#unclear.size < mostNames) this.#unclear.add(copyOf(name))
    return undefined
  }

  addTool(text: string): void {
    addName(this.#tools, toolNamed(text))
  }

  /** One that has no id that may be signed is an agent all the same, and its transcript not that of the session. */
  addAgent(text: string): void {
    addName(this.#agents, this.named(sessionId(text), hasWordsOfId) ?? unnamedAgent)
  }

  addParent(text: string): void {
    addName(this.parents, this.named(sessionId(text), hasWordsOfId))
  }

  addRole(words: string): void {
    const role = agentRole(words)
    if (role !== 'unknown') this.#roles.add(role)
  }

  /** Where several are said, none is. */
  toolOr(tool: string): string {
    const [named = tool, ...others] = this.#tools
    return others.length === 0 ? named : unknownTool
  }

  get agent(): string | undefined {
    const [agent, ...others] = this.#agents
    return others.length === 0 ? agent : unnamedAgent
  }

  get role(): Role {
    const [role = 'unknown', ...others] = this.#roles
    return others.length === 0 ? role : 'unknown'
  }
}

export function addName(names: Set<string>, name: string | undefined): void {
  if (name !== undefined && names.size < mostNames && !names.has(name)) names.add(copyOf(name))
}

/** A string of its own: a part of one keeps the whole row in memory. */
export function copyOf(text: string): string {
  return Buffer.from(text).toString()
}

function toolNamed(text: string): string | undefined {
  if (text.length > 64 || isUnpublishable(text)) return undefined
  const tool = knownTools.slug(text)
  return hasWordsOfId(tool) ? tool : unknownTool
}
