/**
 * The parts of a question, one row each. From this table come the parser (`policy/question`), the rules that compare one value
 * (`policy/rules`), the lines of a report, the flags of the command line and the published schema of a verdict.
 */
import type { ErrorCode, OptionName } from '../errors.ts'
import { signerName } from './certified-name.ts'
import type { VerifiedStatement } from './evidence.ts'
import { isCommitId, isRefPattern, isTagName } from './git-names.ts'
import type { CertificateIdentity, CertifiedBuild } from './identity.ts'
import { limits } from './limits.ts'

/** What a part is compared with: one verified statement, and what its certificate says of the build. */
export interface Subject {
  readonly statement: VerifiedStatement
  /** Undefined for a bundle that was signed with the key that the question names. */
  readonly certificate: CertificateIdentity | undefined
  readonly build: CertifiedBuild
}

/** What can be asked for, in words that follow "is", and as a test: nothing else stands in any attestation. */
export interface Shape {
  readonly text: string
  readonly fits: (asked: string) => boolean
  readonly hint?: string
}

/** How a part is asked, and what of a value it is compared with. */
type Comparison =
  /** Whole, by a pattern (`model/identity`). */
  | { readonly kind: 'pattern'; readonly found: (subject: Subject) => string | undefined; readonly shape?: Shape }
  /** As it is. */
  | { readonly kind: 'exact'; readonly found: (subject: Subject) => string | undefined; readonly shape: Shape }
  /** A release tag, whole or a dotted prefix of it, compared with a full ref. */
  | { readonly kind: 'version'; readonly found: (subject: Subject) => string | undefined; readonly shape: Shape }
  /** Each of several pairs `name=value` must be there. */
  | { readonly kind: 'pairs' }
  /** One of several accepted values; without any, the default of `policy/question`. */
  | { readonly kind: 'one-of'; readonly shape: Shape }
  /** Lets something pass that would be refused; shown in every report. */
  | { readonly kind: 'waiver'; readonly answer: true | 'allow' }
  /** Makes the rest stricter. */
  | { readonly kind: 'switch' }
  /** Written out into other parts. */
  | { readonly kind: 'shorthand' }
  /** A key in PEM. */
  | { readonly kind: 'key' }

/** Written out, since what is published would have the whole table for it. */
export type PartName =
  | 'signer'
  | 'issuer'
  | 'certificateWithoutIssuer'
  | 'source'
  | 'anySource'
  | 'repo'
  | 'owner'
  | 'signerWorkflow'
  | 'workflow'
  | 'anyCaller'
  | 'key'
  | 'ref'
  | 'commit'
  | 'sourceId'
  | 'ownerId'
  | 'signerDigest'
  | 'sourceTag'
  | 'builderId'
  | 'predicateType'
  | 'trigger'
  | 'selfHostedRunner'
  | 'requireInput'
  | 'cleanTree'
  | 'allowBuiltCommit'
  | 'environment'
  | 'allowRemoved'
  | 'strict'

export type QuestionPart = {
  readonly name: PartName & OptionName
  /** Whether it says who signed what, which every question must, or what must hold besides. */
  readonly group: 'signer' | 'condition'
  /** For a help text: what the value is, and what is asked by it; another option is named in backticks. */
  readonly value?: string
  readonly summary: string
  /** Of a part with a rule of its own: its name, and the code where it fails. */
  readonly rule?: { readonly name: string; readonly code: ErrorCode }
} & Comparison

const withAuthority = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:]/i

const signerShape: Shape = {
  text: 'the identity in a certificate',
  // Whatever stands behind the workflow is compared with a certificate: half a ref is that of none, and the answer "no".
  fits: (asked) => (asked.includes('://') ? withAuthority.test(asked) : /.[:@!]./.test(asked)),
  hint: 'as in https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.0, or an e-mail address',
}

const issuerShape: Shape = {
  text: 'the URL of an issuer',
  fits: (asked) => /^https?:\/\/[^\s/:]/i.test(asked) && !/\s/.test(asked),
  hint: 'as in https://token.actions.githubusercontent.com',
}

/** CircleCI names a repository without a scheme. */
const sourceShape: Shape = {
  text: 'the URL of a repository',
  fits: (asked) => /^(?:[a-z][a-z0-9+.-]*:\/\/[^\s/]+|[^\s/:@]+\.[^\s/:@]+)\/[^\s/]/i.test(asked) && !/\s/.test(asked),
  hint: 'as the certificate has it: https://github.com/acme/widget',
}

const environmentShape: Shape = {
  text: 'the name of an environment',
  fits: (asked) => asked.length <= limits.environmentCharacters,
}

const refShape: Shape = {
  text: 'a whole git ref',
  fits: isRefPattern,
  hint: 'as in refs/tags/v1.2.0 or refs/heads/main',
}

const commitShape: Shape = {
  text: 'a full commit id: 40 or 64 lower-case hex digits, as git rev-parse prints them',
  fits: isCommitId,
}

const numericShape: Shape = {
  text: 'a number, as the forge gives it',
  fits: (asked) => /^(?:0|[1-9][0-9]{0,19})$/.test(asked),
}

const tagShape: Shape = {
  text: 'the name of a tag',
  fits: isTagName,
  hint: 'as in v1.2.0, without refs/tags/',
}

/** The path of a file may hold a blank, its host may not. */
const uriShape: Shape = {
  text: 'a URI',
  fits: (asked) =>
    (asked.includes('://') ? /^[a-z][a-z0-9+.-]*:\/\/[^\s/:][^\s/]*(?:\/|$)/i : /^[a-z][a-z0-9+.-]*:[^\s/]\S*$/i).test(
      asked,
    ),
  hint: 'as in https://github.com/actions/runner/github-hosted',
}

/** Those of cosign have no scheme; its short names, and wildcards, are in no statement. */
const predicateTypeShape: Shape = {
  text: 'the URI of a predicate type',
  fits: (asked) => /^[^\s*]*[/:][^\s*/:][^\s*]*$/.test(asked),
  hint: 'as in https://slsa.dev/provenance/v1, written whole',
}

const triggerShape: Shape = {
  text: 'the name of an event',
  fits: (asked) => /^[A-Za-z][A-Za-z0-9_-]*$/.test(asked),
  hint: 'as in push or release; for several say it several times',
}

/**
 * In the order in which they are shown.
 *
 * @example
 * ```ts
 * import { questionParts } from 'countersign/verify'
 *
 * for (const { name, summary } of questionParts) console.log(name, summary)
 * ```
 */
export const questionParts: readonly QuestionPart[] = [
  {
    name: 'signer',
    kind: 'pattern',
    group: 'signer',
    value: 'IDENTITY',
    summary: 'identity in the certificate: a workflow URI or an e-mail address',
    rule: { name: 'signer', code: 'signer-mismatch' },
    found: ({ certificate }) => (certificate === undefined ? undefined : signerName(certificate)),
    shape: signerShape,
  },
  {
    name: 'issuer',
    kind: 'pattern',
    group: 'signer',
    value: 'URL',
    summary: 'OIDC issuer that vouched for it',
    rule: { name: 'issuer', code: 'issuer-mismatch' },
    found: ({ build }) => build.issuer,
    shape: issuerShape,
  },
  {
    name: 'certificateWithoutIssuer',
    kind: 'waiver',
    answer: true,
    group: 'signer',
    summary: 'instead of `issuer`: the certificate must name none, its authority alone vouches (releases of GitHub)',
  },
  {
    name: 'source',
    kind: 'pattern',
    group: 'signer',
    value: 'URL',
    summary: 'repository that was built',
    rule: { name: 'source', code: 'source-mismatch' },
    found: ({ build }) => build.source,
    shape: sourceShape,
  },
  {
    name: 'anySource',
    kind: 'waiver',
    answer: true,
    group: 'signer',
    summary: 'waive the question of the source',
  },
  {
    name: 'repo',
    kind: 'shorthand',
    group: 'signer',
    value: 'OWNER/NAME',
    summary:
      'shorthand for the three: a repository on GitHub, or a whole address, as https://gitlab.com/acme/widget; of a GitLab of your own with its `issuer`',
  },
  {
    name: 'owner',
    kind: 'shorthand',
    group: 'signer',
    value: 'NAME',
    summary: 'the same for any repository of an owner on GitHub',
  },
  {
    name: 'signerWorkflow',
    kind: 'shorthand',
    group: 'signer',
    value: 'WORKFLOW',
    summary: 'reusable workflow on GitHub that must have signed: OWNER/NAME/PATH, or that with @REF',
  },
  {
    name: 'workflow',
    kind: 'pattern',
    group: 'signer',
    value: 'FILE',
    summary: 'with `repo` or `owner`: the workflow that must have signed, or called the signer that is named',
    rule: { name: 'caller', code: 'caller-mismatch' },
    found: ({ certificate }) => certificate?.extensions.buildConfigUri,
  },
  {
    name: 'anyCaller',
    kind: 'waiver',
    answer: true,
    group: 'signer',
    summary: 'waive the question of the workflow that called the signer',
  },
  {
    name: 'key',
    kind: 'key',
    group: 'signer',
    value: 'PEM',
    summary: 'the bundle must be signed with this public key',
  },
  {
    name: 'ref',
    kind: 'pattern',
    group: 'condition',
    value: 'REF',
    summary: 'git ref that was built, such as refs/tags/v1.2.0',
    rule: { name: 'ref', code: 'ref-mismatch' },
    found: ({ build }) => build.ref,
    shape: refShape,
  },
  {
    name: 'commit',
    kind: 'exact',
    group: 'condition',
    value: 'ID',
    summary: 'commit that was built',
    rule: { name: 'commit', code: 'commit-mismatch' },
    found: ({ build }) => build.commit,
    shape: commitShape,
  },
  {
    name: 'sourceId',
    kind: 'exact',
    group: 'condition',
    value: 'ID',
    summary: 'numeric id of the repository, which no rename can take over',
    rule: { name: 'source-id', code: 'source-id-mismatch' },
    found: ({ certificate }) => certificate?.extensions.sourceRepositoryIdentifier,
    shape: numericShape,
  },
  {
    name: 'ownerId',
    kind: 'exact',
    group: 'condition',
    value: 'ID',
    summary: 'numeric id of its owner',
    rule: { name: 'owner-id', code: 'owner-id-mismatch' },
    found: ({ certificate }) => certificate?.extensions.sourceRepositoryOwnerIdentifier,
    shape: numericShape,
  },
  {
    name: 'signerDigest',
    kind: 'exact',
    group: 'condition',
    value: 'ID',
    summary: 'commit of the signing workflow',
    rule: { name: 'signer-digest', code: 'signer-digest-mismatch' },
    found: ({ certificate }) => certificate?.extensions.buildSignerDigest,
    shape: commitShape,
  },
  {
    name: 'sourceTag',
    kind: 'version',
    group: 'condition',
    value: 'TAG',
    summary: 'release tag, whole or a dotted prefix (v1 for v1.2.0)',
    rule: { name: 'source-tag', code: 'source-tag-mismatch' },
    found: ({ build }) => build.ref,
    shape: tagShape,
  },
  {
    name: 'builderId',
    kind: 'pattern',
    group: 'condition',
    value: 'URI',
    summary: 'builder in the provenance',
    rule: { name: 'builder-id', code: 'builder-mismatch' },
    found: ({ statement: { predicate } }) => (predicate.kind === 'build-provenance' ? predicate.builderId : undefined),
    shape: uriShape,
  },
  {
    name: 'predicateType',
    kind: 'one-of',
    group: 'condition',
    value: 'URI',
    summary: 'accepted predicate type, repeatable',
    rule: { name: 'predicate-type', code: 'predicate-type-mismatch' },
    shape: predicateTypeShape,
  },
  {
    name: 'trigger',
    kind: 'one-of',
    group: 'condition',
    value: 'EVENT',
    summary: 'accepted build trigger, repeatable',
    rule: { name: 'trigger', code: 'trigger-refused' },
    shape: triggerShape,
  },
  {
    name: 'selfHostedRunner',
    kind: 'waiver',
    answer: 'allow',
    group: 'condition',
    value: 'answer',
    summary: 'accept builds on self-hosted runners',
    rule: { name: 'runner', code: 'runner-refused' },
  },
  {
    name: 'requireInput',
    kind: 'pairs',
    group: 'condition',
    value: 'NAME=VALUE',
    summary: 'input that the run was started with, repeatable',
    rule: { name: 'input', code: 'input-mismatch' },
  },
  {
    name: 'cleanTree',
    kind: 'switch',
    group: 'condition',
    summary: 'the work tree must have been whole and clean: no file changed, left out or untracked',
    rule: { name: 'clean-tree', code: 'tree-not-clean' },
  },
  {
    name: 'allowBuiltCommit',
    kind: 'waiver',
    answer: true,
    group: 'condition',
    summary: 'accept a build of a commit that the job itself made',
    rule: { name: 'built-commit', code: 'built-commit-differs' },
  },
  {
    name: 'environment',
    kind: 'exact',
    group: 'condition',
    value: 'NAME',
    summary: 'of a deployment: the environment that it names',
    rule: { name: 'environment', code: 'environment-mismatch' },
    found: ({ statement: { predicate } }) => (predicate.kind === 'deployment' ? predicate.environment : undefined),
    shape: environmentShape,
  },
  {
    name: 'allowRemoved',
    kind: 'waiver',
    answer: true,
    group: 'condition',
    summary: 'of a deployment: accept a statement that the artifact was taken out of its environment',
    rule: { name: 'deployment-state', code: 'deployment-removed' },
  },
  {
    name: 'strict',
    kind: 'switch',
    group: 'condition',
    summary:
      'refuse provenance of a build type that is not known, of a work tree that was not clean, or of commits that nobody looked at',
  },
]

/** The row of a part. */
export function partOf(name: PartName): QuestionPart {
  const part = questionParts.find((it) => it.name === name)
  if (part === undefined) throw new TypeError(`there is no part ${name}`)
  return part
}
