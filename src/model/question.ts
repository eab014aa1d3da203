/**
 * What a verifier asks for: artifact apart, everything that must hold. The options are a union in which a question that makes
 * no sense does not compile; `policy/question` reads them, safe by default. Each option is a row of `question-parts`.
 */
import type { PartName } from './question-parts.ts'

/** The repository that was built, or the waiver of that question, which the report shows. */
type AskedSource =
  | {
      /** As the certificate names it (`https://github.com/acme/widget`). Exact, or a glob. */
      readonly source: string
      readonly anySource?: never
    }
  | { readonly anySource: true; readonly source?: never }

/** The identity in the certificate, and the issuer that vouched for it. */
type AskedIdentity = {
  readonly repo?: never
  readonly owner?: never
  readonly workflow?: never
  readonly anyCaller?: never
  readonly key?: never
} & (
  | {
      /** A workflow URI or an e-mail address. Exact, or a glob (`model/identity`). */
      readonly signer: string
      /** The OIDC issuer. Exact, or a glob. */
      readonly issuer: string
      readonly certificateWithoutIssuer?: never
      readonly signerWorkflow?: never
    }
  | {
      readonly signer: string
      /** The certificate names no issuer: its authority itself vouches for the signer, as GitHub's does for releases. */
      readonly certificateWithoutIssuer: true
      readonly issuer?: never
      readonly signerWorkflow?: never
    }
  | {
      /** A workflow on github.com, `OWNER/NAME/PATH` or that with `@REF`; gives the issuer too. */
      readonly signerWorkflow: string
      readonly issuer?: string
      readonly certificateWithoutIssuer?: never
      readonly signer?: never
    }
) &
  AskedSource

/** Shorthand of a forge: gives issuer and source, and the signer unless it is given. */
type AskedRepository = AskedPlace & {
  readonly issuer?: string
  readonly certificateWithoutIssuer?: never
  readonly source?: never
  readonly anySource?: never
  readonly key?: never
} & (
    | {
        /** The workflow file that must have signed, `release.yml` or a path; default: any of the repository. */
        readonly workflow?: string
        readonly signer?: never
        readonly signerWorkflow?: never
        readonly anyCaller?: never
      }
    | (AskedSigner & AskedCaller)
  )

type AskedPlace =
  | {
      /** `OWNER/NAME` on GitHub, or the address of a repository on GitHub or GitLab in any form. */
      readonly repo: string
      readonly owner?: never
    }
  | {
      /** An owner on GitHub: any of its repositories. */
      readonly owner: string
      readonly repo?: never
    }

/** A signer of its own, such as a reusable workflow: which need not be one of the repository. */
type AskedSigner =
  | { readonly signer: string; readonly signerWorkflow?: never }
  | { readonly signerWorkflow: string; readonly signer?: never }

/** The workflow of the repository that called it. One of the two must be said where the signer lies outside of it. */
type AskedCaller =
  { readonly workflow?: string; readonly anyCaller?: never } | { readonly anyCaller: true; readonly workflow?: never }

/** A PEM public key: the bundle must be signed with it, and there is no certificate that could name a source. */
interface AskedKey {
  readonly key: string
  readonly anySource?: true
  readonly signer?: never
  readonly issuer?: never
  readonly certificateWithoutIssuer?: never
  readonly source?: never
  readonly repo?: never
  readonly owner?: never
  readonly signerWorkflow?: never
  readonly workflow?: never
  readonly anyCaller?: never
}

/** Whatever must hold besides. */
interface Conditions {
  readonly ref?: string
  /** Full commit id. */
  readonly commit?: string
  /** Numeric id of the repository, and of its owner: a name can be given up and registered by somebody else, these cannot. */
  readonly sourceId?: string
  readonly ownerId?: string
  /** Commit of the signing workflow's own repository: the only pin of a signer that nobody can move. */
  readonly signerDigest?: string
  /** A release tag that equals the tag built, or is a dotted prefix of it: `v14` and `v14.2` for a build of `v14.2`. */
  readonly sourceTag?: string
  readonly builderId?: string
  /** Default: SLSA provenance v1 and v0.2. */
  readonly predicateType?: readonly string[]
  /** Build triggers that are accepted; default: all but those that run on other people's changes. */
  readonly trigger?: readonly string[]
  readonly selfHostedRunner?: 'allow'
  /** `name=value` of inputs of the run, as the provenance must declare them. */
  readonly requireInput?: readonly string[]
  /** The provenance must say that the work tree was the commit's, without changed or untracked files. */
  readonly cleanTree?: true
  /** Accept provenance of a commit that the job made of the certificate's; only the job vouches for that one. */
  readonly allowBuiltCommit?: true
  /** Of a deployment: the environment that it names. */
  readonly environment?: string
  /** Of a deployment: accept a statement that the artifact was taken out of its environment. */
  readonly allowRemoved?: true
  /** Refuse a work tree that was not clean, and a build type that is not known, whose fields cannot be held against the certificate. */
  readonly strict?: true
}

/** A question as a person or a program asks it. */
export type QuestionOptions = (AskedIdentity | AskedRepository | AskedKey) & Conditions

/** Options of which nobody knows yet whether they make sense: from a command line, or a JSON document. */
export type LooseQuestion = { readonly [part in PartName]?: string | readonly string[] | true }

/** One part of a question: what was asked, and whether a value is that. */
export interface Asked {
  readonly text: string
  /** Where a person gave a shorthand in its place. */
  readonly from?: Shorthand
  /** `as` reads both without what the platform that certified the value tells no difference in. */
  matches(found: string, as?: (text: string) => string): boolean
}

/** The part that a person gave in place of another: what was met and what was not is told in its name. */
export interface Shorthand {
  readonly option: PartName
  /** The part that gave the file, where that was another one. */
  readonly file?: PartName
}

/** The question with every shorthand written out. */
export interface Question {
  readonly signatory: 'certificate' | 'key'
  /** PEM of the key that must have signed; only with the signatory `key`. */
  readonly key: string | undefined
  /** The parts that are compared with one value each; a part that is not there was not asked. */
  readonly asked: { readonly [part in PartName]?: Asked }
  /** `none`: the certificate must name no issuer, which waives the question of it. */
  readonly issuer: 'asked' | 'none'
  /** `not-asked` of a key, which names none. */
  readonly source: 'asked' | 'any' | 'not-asked'
  /** The workflow that called the signer: `any` is the waiver of that question. */
  readonly caller: 'asked' | 'any' | 'not-asked'
  readonly predicateTypes: readonly string[]
  readonly triggers: { readonly accept: readonly string[] } | { readonly refuse: readonly string[] }
  readonly selfHostedRunner: 'allow' | 'refuse'
  readonly inputs: readonly { readonly name: string; readonly value: string }[]
  readonly tree: 'clean' | 'any'
  readonly builtCommit: 'allow' | 'refuse'
  readonly removed: 'allow' | 'refuse'
  readonly strictness: 'strict' | 'lenient'
  /** Further questions that must be answered as well, of which none has any of its own. */
  readonly narrowedBy?: readonly Question[]
  /** The same in words, for the verdict. */
  readonly written: { readonly [part in PartName]?: string }
}
