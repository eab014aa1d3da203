/**
 * What a CI provider is, all of it in one row: how a job is known, how its OIDC token is come by, what Fulcio makes of the
 * token's claims (sigstore/fulcio config/identity/config.yaml, `ci-issuer-metadata`), and which of its values mean that
 * somebody else's change or machine was at work.
 */
import type { Extensions } from '../model/identity.ts'
import type { Claims } from '../model/provider.ts'
import type { SampleJob } from './sample.ts'

export interface ProviderRow {
  readonly id: string
  readonly title: string
  /** Issuers that may mint such a token on public-good Sigstore, as globs without a scheme change. */
  readonly issuers: readonly string[]
  /**
   * Whether Fulcio gives such a name to a job of this provider, at any host: so a certificate is known whose issuer nobody listed, as of
   * a private instance. It must fit no name of another row.
   */
  certifies(name: string): boolean
  /** The name of a claim that only this provider's tokens have: by it, and not by its issuer, the provider of a token is known. */
  readonly mark: string
  readonly required: readonly string[]
  /** What Fulcio certifies, the name as its template has it. Absent claims are `''`; a gap in the extensions is left out. */
  identity(claim: (name: string) => string): {
    readonly san: string
    readonly extensions: { readonly [name in keyof Extensions]: string | undefined }
  }
  /** How a job of the provider knows itself; undefined for what is not a CI provider. */
  readonly job?: Job
  /** Values of the Build Trigger that run, or may run, on changes of people who cannot write to the repository. */
  readonly foreignTriggers: readonly string[]
  /** Values of the Runner Environment that are the provider's own machines. */
  readonly hostedRunners: readonly string[]
  /** A token's claims for a job, as the provider's issuer would write them; all but iss, aud and times. */
  sampleClaims(job: SampleJob): Claims
}

/** A job of a provider, as its environment shows it. */
export interface Job {
  /** A variable that only jobs of this provider have, and its value there. */
  readonly variable: string
  readonly value: string
  readonly token: TokenWay
  /** Where the inputs stand that a person gave when dispatching the run. */
  readonly inputs?: DispatchInputs
}

/** How the OIDC token for an audience is come by. */
export type TokenWay =
  /** The job file asks for the token, the runner puts it into a variable; the audience stands in the job file. */
  | { readonly kind: 'variable'; readonly variable: string; readonly hint: (audience: string) => string }
  /** The provider's own program prints it. */
  | { readonly kind: 'program'; readonly program: string; readonly args: (audience: string) => readonly string[] }
  /**
   * `GET $url&audience=…` with `Authorization: Bearer $bearer` answers `{ "value": "<JWT>" }`; both are variables, and absent
   * where the job may not have a token.
   */
  | { readonly kind: 'request'; readonly url: string; readonly bearer: string; readonly hint: string }

/** A file of JSON with the inputs under a member, in a run that `variable` says was dispatched. */
export interface DispatchInputs {
  readonly variable: string
  readonly value: string
  /** Variable that holds the path of the file. */
  readonly file: string
  readonly member: string
}
