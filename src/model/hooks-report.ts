/** What is told of the hooks of a clone. */
import type { SigningKeyState } from './signing-key.ts'

/**
 * - `installed`: ours, or ours in front of the one that was there; `joined`: a part of a file of somebody else
 * - `lost`: it was installed, and something has replaced it
 * - `absent`: not installed; `skipped`: it cannot be, for the reason in `why`
 */
export type HookState = 'installed' | 'joined' | 'lost' | 'absent' | 'skipped'

export interface HookRow {
  readonly name: string
  readonly state: HookState
  readonly path?: string
  readonly why?: string
}

export interface HooksReport {
  /** Where records are signed with an SSH key: whether it can be used. */
  readonly key?: SigningKeyState

  readonly git: readonly HookRow[]
  readonly agents: readonly HookRow[]
  /** Settings `countersign.*` of the clone. */
  readonly settings: { readonly [name: string]: string }
  /** After an installation: names of `settings` that nobody asked for, and that the clone had. */
  readonly kept?: readonly string[]
  /** What a person should know. */
  readonly notes: readonly string[]
}
