/**
 * What a release must satisfy, as a person writes it down once (`countersign.yaml`). Published as `schemas/policy/v1`. Every list has
 * something in it and every member is known, so that nothing asks less than it seems to.
 */
import * as z from 'zod/mini'
import { isPattern } from './identity.ts'
import { limits } from './limits.ts'
import { isPathPattern } from './path-pattern.ts'
import { severities } from './policy-report.ts'
import { parseWitnessKey } from './witness-key.ts'
import { levels, rangeReasons } from './session.ts'

export const policyVersion = 'countersign/policy/v1'

const text = (characters = 2_048) => z.string().check(z.minLength(1), z.maxLength(characters))
const list = <T extends z.ZodMiniType>(item: T) => z.array(item).check(z.minLength(1), z.maxLength(limits.policyItems))
/** RFC 3339. */
const time = () =>
  z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/), z.refine(isDayOfMonth))
/** A day that its month has not is read as one of the next: something would expire later than it says. */
function isDayOfMonth(text: string): boolean {
  const day = Number(text.slice(8, 10))
  return day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate()
}
const sha256 = () => z.string().check(z.regex(/^[0-9a-f]{64}$/))
const count = (least = 0) => z.int().check(z.minimum(least), z.maximum(1_000_000))
/** Name of a part of a policy. */
const name = () => z.string().check(z.regex(/^[a-z][a-z0-9-]{0,63}$/))
/** Exact, or a glob: `*` within a part between slashes, `**` at the end for the rest (`model/identity`). */
const witnessKey = () => text().check(z.refine((it) => parseWitnessKey(it) !== undefined))
const glob = () => text().check(z.refine(isPattern))
/** Paths from the root of the repository: `*` within a part, `**` for any number of them. */
const paths = () => list(text(1_024).check(z.refine(isPathPattern)))
const allowed = () => ({ allow: z.optional(list(glob())), deny: z.optional(list(glob())) })
/** With one member at least: an object that says nothing would ask for nothing. */
const saying = <T extends z.core.$ZodShape>(shape: T) =>
  z.strictObject(shape).check(z.refine((it) => Object.values(it).some((value) => value !== undefined)))

/** Who may sign: any of them is enough, and all that one says must hold. Its members are the parts of a question. */
export const policySigner = () =>
  z.strictObject({
    name: z.optional(name()),
    signer: z.optional(glob()),
    issuer: z.optional(glob()),
    certificateWithoutIssuer: z.optional(z.literal(true)),
    source: z.optional(glob()),
    anySource: z.optional(z.literal(true)),
    repo: z.optional(text()),
    owner: z.optional(text()),
    signerWorkflow: z.optional(text()),
    /** The workflow of the repository that called the signer. */
    workflow: z.optional(text()),
    anyCaller: z.optional(z.literal(true)),
    /** A public key in PEM. */
    key: z.optional(text(16_384)),
    /** Numeric ids: a name can be registered by somebody else. */
    sourceId: z.optional(text()),
    ownerId: z.optional(text()),
    /** Commit of the signing workflow. */
    signerDigest: z.optional(text()),
    /** Whole refs, any of them. */
    refs: z.optional(list(glob())),
    /** Names of tags, any of them. */
    tags: z.optional(list(glob())),
    /** Builders that this signer may name, any of them. */
    builders: z.optional(list(glob())),
    /** Default: all but those that run a stranger's change. */
    triggers: z.optional(list(text())),
    selfHostedRunner: z.optional(z.literal('allow')),
    allowBuiltCommit: z.optional(z.literal(true)),
  })
export type PolicySigner = z.infer<ReturnType<typeof policySigner>>

/** Something that counts no more, whatever else is asked. Times say when it was bad: without them, always. */
const revoked = () =>
  z.strictObject({
    /** `digest`: of an artifact or an input, `sha256:HEX`; `run`: an invocation; `signer`, `session` (`TOOL/ID`, or an `ID` of whatever tool), `model`: globs. */
    kind: z.enum(['digest', 'commit', 'run', 'signer', 'session', 'model']),
    value: text(),
    from: z.optional(time()),
    until: z.optional(time()),
    reason: text(),
    /** Of a commit: only what was built is looked at, and not the changes of the range. */
    onlySource: z.optional(z.literal(true)),
  })
export type Revocation = z.infer<ReturnType<typeof revoked>>

/** By name: those that may be there and no others, and values that must be. */
const named = () =>
  z
    .strictObject({ allow: z.optional(list(text())), require: z.optional(z.record(text(), glob())) })
    .check(z.refine(({ allow, require }) => allow !== undefined || Object.keys(require ?? {}).length > 0))
export type NamedValues = z.infer<ReturnType<typeof named>>

const provenance = () =>
  z.strictObject({
    predicateTypes: z.optional(list(text())),
    buildTypes: z.optional(list(glob())),
    /** External parameters by name; a part of one, as in `workflow.path`, can be required. */
    parameters: z.optional(named()),
    /** Inputs of the run by name. */
    inputs: z.optional(named()),
    /** By the map in `levels`; whoever is not in it has level 0. */
    buildLevel: z.optional(z.strictObject({ atLeast: z.int().check(z.minimum(1), z.maximum(3)) })),
    /** From signing until now. */
    maxAgeDays: z.optional(count(1)),
    logEntries: z.optional(z.strictObject({ atLeast: count(1) })),
    timestamps: z.optional(z.strictObject({ atLeast: count(1) })),
    /** Witnesses of logs who signed the checkpoint, by the keys that they publish (`name+hash+base64`, C2SP). */
    witnesses: z.optional(z.strictObject({ atLeast: count(1), keys: list(witnessKey()) })),
    /** Further statements about the artifact, each with a signer of its own. */
    companions: z.optional(
      list(z.strictObject({ name: name(), predicateType: text(), signers: list(policySigner()) })),
    ),
    /** Somebody who guards the source signed the very commit that was built. */
    sourceChain: z.optional(
      z.strictObject({
        signers: list(z.strictObject({ signer: glob(), issuer: glob() })),
        controls: z.optional(list(text())),
        levels: z.optional(list(text())),
      }),
    ),
    /** Others who built the same source and got the same bytes. */
    rebuilders: z.optional(z.strictObject({ atLeast: count(1), signers: list(policySigner()) })),
    /** Why the released range may begin where it does; nothing of it may be missing, and it begins where the release before ended. */
    range: z.optional(
      z.strictObject({
        reasons: list(z.enum(rangeReasons)),
        /** The release before need not be given. */
        withoutPrevious: z.optional(z.literal('allow')),
      }),
    ),
    cleanTree: z.optional(z.literal(true)),
    strict: z.optional(z.literal(true)),
  })

/**
 * With an issuer: who signs by a certificate, by the URI in it, or the keyed hash of a person's address. Without: a person by the keyed hash of
 * the address that allowed signers have for a key of SSH, or of an account, `acct:login@host`, where the host is the forge's.
 */
/** `name` is how people call them, for who reads a row; nothing is compared with it. */
const overrideSigner = () =>
  z.strictObject({ signer: glob(), issuer: z.optional(text()), name: z.optional(text(limits.shownLogin)) })

const ai = () =>
  z.strictObject({
    tools: z.optional(saying(allowed())),
    /** By their normal forms. Of a session that names none: `unknown`, which is denied unless it is said. */
    models: z.optional(saying({ ...allowed(), unknown: z.optional(z.enum(['allow', 'deny'])) })),
    mcpServers: z.optional(saying(allowed())),
    /** What may have steered the agents: digests of the AI configuration. */
    configurations: z.optional(list(sha256())),
    /** How far claims must be checked: all of them, or those of some paths, tools or branches. */
    levels: z.optional(
      list(
        z.strictObject({
          atLeast: z.enum(levels),
          paths: z.optional(paths()),
          tools: z.optional(list(glob())),
          branches: z.optional(list(glob())),
        }),
      ),
    ),
    receiptIssuers: z.optional(list(glob())),
    /** Part of the added lines, 0 to 1. What nobody attributes counts as `unknownAs`, by default as written by AI. */
    share: z.optional(
      list(
        z.strictObject({
          of: z.enum(['range', 'change', 'file']),
          atMost: z.number().check(z.minimum(0), z.maximum(1)),
          paths: z.optional(paths()),
          /** Generated files whose lines are left out; those of all others count as AI's, or as nobody knows whose. */
          generatedPaths: z.optional(paths()),
          unknownAs: z.optional(z.enum(['ai', 'human'])),
        }),
      ),
    ),
    /** Changes in which AI took part, under these paths (default: all): approved by persons other than author, requester and operator. */
    humanReview: z.optional(list(z.strictObject({ paths: z.optional(paths()), approvals: z.optional(count(1)) }))),
    /** Answers of a model in one session, and agents that one session started. */
    iterations: z.optional(z.strictObject({ atMost: count() })),
    subagents: z.optional(z.strictObject({ atMost: count() })),
    /** Findings of these kinds about claims are refused. */
    claims: z.optional(
      z.strictObject({ refuse: list(z.enum(['dangling', 'orphaned', 'conflicting', 'contradicting'])) }),
    ),
    /** Readers of evidence that must have looked: `all`, or these. */
    readers: z.optional(z.strictObject({ mustLook: z.union([z.literal('all'), list(text())]) })),
    /** A change with more added lines names a session, or says why it has none. */
    disclosure: z.optional(
      z.strictObject({
        aboveLines: count(),
        paths: z.optional(paths()),
        /** Generated files whose lines are left out. */
        generatedPaths: z.optional(paths()),
        /** Who may say `AI-Provenance-Override:`. */
        overrides: z.optional(z.strictObject({ allowed: list(overrideSigner()) })),
      }),
    ),
  })

export type AiSection = z.infer<ReturnType<typeof ai>>

/** A rule in CEL over the verified evidence: anything but `true` fails. */
const ownRule = () =>
  z.strictObject({
    id: name(),
    expr: text(4_096),
    message: text(500),
    hint: z.optional(text(500)),
    severity: z.optional(z.enum(severities)),
  })
export type OwnRule = z.infer<ReturnType<typeof ownRule>>

/** What rules are made of; a profile adds to it, and what it adds to holds all the same. */
const sections = () => ({
  revoked: z.optional(list(revoked())),
  identity: z.optional(z.strictObject({ signers: list(policySigner()) })),
  provenance: z.optional(provenance()),
  /** Which build level a signer gives, with the builder that it names. */
  levels: z.optional(
    list(
      z.strictObject({
        signer: glob(),
        /** Default: the signer itself. */
        builder: z.optional(glob()),
        level: z.int().check(z.minimum(1), z.maximum(3)),
      }),
    ),
  ),
  ai: z.optional(ai()),
  rules: z.optional(list(ownRule())),
  /** Of rules by their ids; default `error`. */
  severities: z.optional(z.record(text(), z.enum(severities))),
  /** Who may sign that a rule need not hold for an artifact, and of which rules. */
  waivers: z.optional(z.strictObject({ signers: list(policySigner()), rules: list(text()) })),
})

export const policyFile = () =>
  z.strictObject({
    apiVersion: z.literal(policyVersion),
    name: name(),
    description: z.optional(text(2_000)),
    /** From then on it passes nothing. */
    expires: z.optional(time()),
    /** Another policy, whose rules hold as well; from the folder of this one. */
    extends: z.optional(z.strictObject({ file: text(1_000), sha256: sha256() })),
    ...sections(),
    profiles: z.optional(z.record(name(), z.strictObject(sections()))),
  })
export type PolicyFile = z.infer<ReturnType<typeof policyFile>>
export type PolicySections = Omit<
  PolicyFile,
  'apiVersion' | 'name' | 'description' | 'expires' | 'extends' | 'profiles'
>

/** Rules from one place. All layers hold; none takes anything from another. */
export interface PolicyLayer {
  /** Name of the policy, and behind a `:` of its profile. */
  readonly name: string
  /** Of the bytes of its file, lower-case hex. */
  readonly sha256: string
  readonly sections: PolicySections
}

/** A policy as it is asked: plain data. */
export interface Policy {
  readonly name: string
  /** Of the bytes of its file, lower-case hex. */
  readonly sha256: string
  /** What it extends, the nearest first. */
  readonly extends: readonly { readonly file: string; readonly sha256: string }[]
  readonly profile: string | undefined
  /** Who signed it, where that was asked for, as the certificate has it. */
  readonly signer?: string
  /** The earliest of its own and of those that it extends, as `Date.toISOString` writes it. */
  readonly expires: string | undefined
  /** The farthest first. */
  readonly layers: readonly [PolicyLayer, ...PolicyLayer[]]
}
