/** What a verifier asks for: artifact apart, everything that must hold. Made by `policy/question`, safe by default. */
import type { Pattern } from './identity.ts'

/** Options as a person or a program gives them; names are those of the command line's flags. */
export interface QuestionOptions {
  /** The identity in the certificate: a workflow URI or an e-mail address. Exact, or a glob (`model/identity`). */
  readonly signer?: string
  /** The OIDC issuer that vouched for it. Exact, or a glob. */
  readonly issuer?: string
  /** The repository that was built, as the certificate names it (`https://github.com/acme/widget`). Exact, or a glob. */
  readonly source?: string
  /** Waives the question of the source, and shows that in the report. */
  readonly anySource?: true
  /** GitHub shorthand `OWNER/NAME`: gives issuer, source and signer unless they are given. */
  readonly repo?: string
  /** With `repo`: the workflow file that must have signed, `release.yml` or a path. */
  readonly workflow?: string
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
  /** Refuse a build type that is not known, whose fields cannot be held against the certificate. */
  readonly strict?: true
  /** A PEM public key; then the bundle must be signed with it, and there is no certificate to ask about. */
  readonly key?: string
}

/** The question with every shorthand written out. */
export interface Question {
  readonly signatory:
    { readonly kind: 'certificate'; readonly signer: Pattern; readonly issuer: Pattern } | { readonly kind: 'key' }
  readonly source: Pattern | 'any'
  readonly ref: Pattern | undefined
  readonly commit: string | undefined
  readonly sourceId: string | undefined
  readonly ownerId: string | undefined
  readonly signerDigest: string | undefined
  readonly sourceTag: string | undefined
  readonly builderId: Pattern | undefined
  readonly predicateTypes: readonly string[]
  readonly triggers: { readonly accept: readonly string[] } | { readonly refuse: readonly string[] }
  readonly selfHostedRunner: 'allow' | 'refuse'
  readonly strictness: 'strict' | 'lenient'
  /** The same in words, for the verdict. */
  readonly written: { readonly [part: string]: string }
}
