/** The shape of a CI provider in the table `ciRows`, and what of the world it may use. */
import type { ProviderId } from '../../model/provider.ts'
import type { Run } from './run.ts'

/** Environment variables. They are the job's word: they lead to a token, they are never facts themselves (DESIGN rule 5). */
export type Environment = { readonly [name: string]: string | undefined }

/** The world of a provider. What is absent has its default where it is used: a real file, a real program, `limits`. */
export interface CiContext {
  readonly env: Environment
  readonly fetch: typeof globalThis.fetch
  /** Audience of the token (`aud`). */
  readonly audience: string
  /** Bytes of a file, refused above `maxBytes`; `what` names it in errors. */
  readonly readFile?: ((path: string, maxBytes: number, what: string) => Promise<Uint8Array>) | undefined
  readonly run?: Run | undefined
  /** Milliseconds for the token. */
  readonly timeout?: number | undefined
}

/** One CI provider. */
export interface CiRow {
  readonly id: ProviderId
  readonly title: string
  /** True if the job runs there, as far as the environment says. */
  detect(env: Environment): boolean
  /**
   * A fresh OIDC token for the audience, not verified. No error holds any of the token or of the secret that it is asked
   * with. Errors: `identity-missing` (the job may not have a token), `identity-request-failed`.
   */
  requestToken(context: CiContext): Promise<string>
  /**
   * Inputs that a person gave when dispatching the run; undefined if the run was started otherwise. Declared, not proved:
   * the file they come from can be written by the job. Errors: `input-unreadable`, `input-too-large`, `json-*`.
   */
  inputs?(context: CiContext): Promise<{ readonly [name: string]: string } | undefined>
}
