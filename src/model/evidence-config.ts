/**
 * An organisation's own configuration of what evidence is read, as it stands in the commit that is attested. Published as
 * `schemas/countersign-config/v1`. Whoever can commit can write it, so that it only adds names; what it leaves out is told.
 */
import * as z from 'zod/mini'
import { limits } from './limits.ts'
import { roles } from './record.ts'

/** Its one place, from the root of the repository. */
export const configPath = '.countersign/config.yaml'

/** Lower-case words joined by `-`, as ids and names of tools are written. */
const words = () => z.string().check(z.maxLength(60), z.regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/))

const few = <T extends z.ZodMiniType>(item: T) => z.optional(z.array(item).check(z.maxLength(limits.ownToolNames)))

const ownTool = () =>
  z.strictObject({
    /** Of a tool that is known already: the row adds to it. */
    id: words(),
    names: few(words()),
    /** Whole ones, in lower case: no pattern. */
    addresses: few(
      z
        .string()
        .check(
          z.maxLength(254),
          z.regex(/^[a-z0-9._%+=~-]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/),
        ),
    ),
    /** On GitHub, by their numbers, which stay. */
    accounts: few(
      z.strictObject({
        id: z.int().check(z.minimum(1)),
        login: z.optional(z.string().check(z.regex(/^[a-z0-9-]{1,60}(?:\[bot\])?$/))),
      }),
    ),
    /** What its addresses and accounts do, where that is always the same. */
    role: z.optional(z.enum(roles)),
    /** Host, with the first steps of the path where the host is not its own. */
    sites: few(z.string().check(z.maxLength(200), z.regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[a-z0-9._~-]+)*$/))),
    /** How its branches begin, up to a slash. */
    branches: few(z.string().check(z.maxLength(100), z.regex(/^[a-z0-9][a-z0-9._-]+\/(?:[a-z0-9._-]+\/)*$/))),
    /** What it puts behind the name of the author: `(our-agent)`. */
    authorMark: z.optional(z.string().check(z.regex(/^\([a-z][a-z0-9 -]{0,38}\)$/))),
  })
export type OwnTool = z.infer<ReturnType<typeof ownTool>>

/** Systems that a configuration can name. */
export const trackerSystems = ['jira', 'linear', 'github', 'gitlab', 'bitbucket'] as const

const tracker = () =>
  z.strictObject({
    system: z.enum(trackerSystems),
    /** Where people see it in a browser, for links alone: nothing that a commit names is asked with a token. */
    url: z.optional(
      z
        .string()
        .check(
          z.maxLength(500),
          z.regex(
            /^https:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[1-9][0-9]{0,4})?(?:\/[A-Za-z0-9_~][A-Za-z0-9._~-]*)*\/?$/,
          ),
        ),
    ),
    /** How its keys begin: `PROJ` of `PROJ-12`. */
    prefixes: z.optional(
      z
        .array(z.string().check(z.regex(/^[A-Z][A-Z0-9_]{0,29}$/)))
        .check(z.minLength(1), z.maxLength(limits.trackerPrefixes)),
    ),
  })

export const evidenceConfigFile = () =>
  z.strictObject({
    version: z.literal(1),
    tools: z.optional(z.array(ownTool()).check(z.maxLength(limits.ownTools))),
    /** Only what is left out can be named: a list of what is read would leave out what a later version reads. */
    readers: z.optional(z.strictObject({ skip: z.array(words()).check(z.maxLength(64)) })),
    /** Remotes of the clone by their names, or https addresses, that are asked beside origin. */
    remotes: z.optional(
      z
        .array(
          z
            .string()
            .check(z.maxLength(500), z.regex(/^(?:https:\/\/[^\s?#@\\]+|(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,99})$/)),
        )
        .check(z.maxLength(limits.ownRemotes)),
    ),
    /** Where tickets are that changes name. */
    trackers: z.optional(z.array(tracker()).check(z.maxLength(limits.ownTrackers))),
    /** Where a job finds the key under which people are hashed: outside of the repository. */
    identityKey: z.optional(
      z.union([
        z.strictObject({ file: z.string().check(z.minLength(1), z.maxLength(1_000)) }),
        z.strictObject({ variable: z.string().check(z.regex(/^COUNTERSIGN_[A-Z0-9_]{1,80}$/)) }),
      ]),
    ),
    /** Where a job finds the list of those whose receipts count: a file outside of the repository. */
    receiptIssuers: z.optional(z.strictObject({ file: z.string().check(z.minLength(1), z.maxLength(1_000)) })),
  })
export type EvidenceConfigFile = z.infer<ReturnType<typeof evidenceConfigFile>>

/** A remote of the clone by its name, or an address: https, without user, query or fragment. */
export type EvidenceRemote =
  { readonly kind: 'name'; readonly name: string } | { readonly kind: 'address'; readonly url: string }

/** A tracker as a commit names it: names and links, never a place that a token goes to. */
export interface OwnTracker {
  readonly system: (typeof trackerSystems)[number]
  /** https, without a closing slash. */
  readonly url: string | undefined
  /** Empty for a tracker whose keys count behind a relation word only. */
  readonly prefixes: readonly string[]
}

/** A configuration that was read and is in force. */
export interface EvidenceConfig {
  /** Of its bytes, in lower-case hex. */
  readonly sha256: string
  readonly tools: readonly OwnTool[]
  /** Ids of readers that do not read, sorted. */
  readonly skip: readonly string[]
  /** To be asked beside origin; empty as a rule. It never makes anything be fetched by itself. */
  readonly remotes: readonly EvidenceRemote[]
  readonly trackers: readonly OwnTracker[]
  readonly identityKey: EvidenceConfigFile['identityKey']
  readonly receiptIssuers: EvidenceConfigFile['receiptIssuers']
}

/** What is signed of it, in the attribution of the range. */
export const configInForce = z.looseObject({
  path: z.string(),
  digest: z.object({ sha256: z.string() }),
  /** Ids of the tools that its rows name, sorted. */
  tools: z.optional(z.array(z.string())),
  /** Ids of the readers that it turned off, sorted. */
  skipped: z.optional(z.array(z.string())),
})
export type ConfigInForce = z.infer<typeof configInForce>

export function inForce({ sha256, tools, skip }: EvidenceConfig): ConfigInForce {
  return {
    path: configPath,
    digest: { sha256 },
    ...(tools.length === 0 ? {} : { tools: tools.map((it) => it.id).sort() }),
    ...(skip.length === 0 ? {} : { skipped: [...skip] }),
  }
}
