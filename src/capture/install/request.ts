/** What is asked of an installation of hooks. What is not asked of settings stays as the clone's configuration says. */
import type { World } from '../../platform/world.ts'
import type { AgentScope } from './agents.ts'

export interface HooksRequest {
  /** Ids of agents; default those that are used here: a folder of theirs is in the checkout or the home folder. */
  readonly agents?: readonly string[]
  /** Whose settings of agents: this clone's where the agent has such (default), the checkout's, or the person's. */
  readonly agentScope?: AgentScope
  /** `files` (default), or `config`: hooks that the configuration names, from git 2.54 on. */
  readonly gitHooks?: 'files' | 'config'
  /** How records of sessions are signed; default as the clone says, else `ssh`. */
  readonly sign?: RecordSigning
  /** Of `ssh`: the file of the key, or `key::` and the key; default as the clone says, else what git signs commits with (`user.signingkey`). */
  readonly signingKey?: string
  /** With `sigstore`: that the address of who signs becomes public is accepted. */
  readonly publishIdentity?: true
  /** Where records are pushed; default where the push goes. */
  readonly recordRemote?: string
  /** Records are pushed with each push. */
  readonly pushRecords?: true
  /** A person on a terminal is asked where no session is known. */
  readonly ask?: true
  /** Files of the installed program; default those of this one. */
  readonly program?: { readonly node: string; readonly capture: string; readonly program: string }
  readonly world?: Partial<World>
}

/**
 * @example
 * ```ts
 * import { recordSignings } from 'countersign/hooks'
 *
 * console.log(recordSignings.includes('ssh')) // true
 * ```
 */
export const recordSignings = ['ssh', 'sigstore', 'none'] as const
export type RecordSigning = (typeof recordSignings)[number]
