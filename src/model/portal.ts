/**
 * What a portal says of a session that it saw: a gateway, a vendor's log, a company's own list of sessions. The contract of a portal of
 * one's own is published as `schemas/portal/v1.yaml`; {@link portalAnswer} reads its answers.
 */
import * as z from 'zod/mini'
import { limits } from './limits.ts'

/** In what an answer agrees with the commits that name the session. */
export const portalLinks = ['user', 'repository', 'time', 'commits'] as const
export type PortalLink = (typeof portalLinks)[number]

// The schemas are functions: to make them would be a part of every start-up.

const word = (most: number) => z.string().check(z.minLength(1), z.maxLength(most))
const time = () => z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/))
const sha256 = () => z.string().check(z.regex(/^[0-9a-f]{64}$/))
const commitId = () => z.string().check(z.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/))

/** Members that are not known are for others; a member that is known is what it should be, or the answer is none. */
export const portalAnswer = () =>
  z.looseObject({
    session: z.looseObject({
      /** Id of the tool, as it was asked for. */
      tool: word(60),
      /** As it was asked for. */
      id: word(limits.sessionIdCharacters),
      /** Who was signed in: by an address that the portal has checked, or by a name that it alone understands. */
      user: z.looseObject({ email: z.optional(word(320)), subject: z.optional(word(1_024)) }),
      /** `https://<host>/<path>` of each repository that it was in, as the portal knows and no client told it. */
      repositories: z.array(word(2_048)).check(z.maxLength(limits.portalRepositories)),
      startedAt: time(),
      /** Null: it goes on. */
      endedAt: z.nullable(time()),
      models: z.array(word(200)).check(z.maxLength(limits.modelsPerSession)),
      /** Where it names some, no others came of the session. */
      commits: z.optional(z.array(commitId()).check(z.minLength(1), z.maxLength(limits.portalCommits))),
      /** What it was about. `text` has no secrets and names nobody; `sha256` is that of its UTF-8. */
      summary: z.optional(
        z.looseObject({
          sha256: sha256(),
          text: z.optional(z.string().check(z.maxLength(limits.portalSummaryCharacters))),
        }),
      ),
    }),
  })

/** Why an answer does not count, or what it leaves open. */
export type PortalRefusal =
  | 'portal-unknown'
  | 'portal-malformed'
  | 'portal-other-session'
  | 'portal-untimely'
  | 'portal-other-user'
  | 'portal-other-repository'
  | 'portal-other-time'
  | 'portal-other-commits'
  | 'portal-silent'
  | 'portal-summary-refused'

export interface RefusedAnswer {
  readonly code: PortalRefusal
  /** The commit that it is about, where it is about one. */
  readonly commit?: string
  /** One line: the session as commits name it, and numbers; nothing of the answer. */
  readonly detail: string
}

/** What an answer that is about the session says of it. Undefined: it does not say, or cannot. */
export interface PortalFacts {
  readonly user:
    | { readonly kind: 'address'; readonly address: string }
    /** An account of a forge, which gives its people an address each: `<number>+<login>@<domain>`. */
    | { readonly kind: 'account'; readonly login: string; readonly domain: string }
    /** A name that nobody here understands. */
    | { readonly kind: 'opaque' }
    /** Several people. */
    | { readonly kind: 'several' }
    | undefined
  readonly repositories: readonly string[] | undefined
  /** Milliseconds since 1970. */
  readonly startedAt: number | undefined
  readonly endedAt: number | undefined
  readonly commits: readonly string[] | undefined
  readonly summary: { readonly sha256: string; readonly text: string | undefined } | undefined
}

/** Whether each link agrees: undefined where the portal does not say, or nobody here understands it. */
export type PortalAgreement = { readonly [link in PortalLink]: boolean | undefined }
