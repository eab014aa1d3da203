/**
 * Who signed: the identity in a Fulcio certificate (docs/oid-info.md of sigstore/fulcio) and how a question matches it.
 */
import { CountersignError, attempt } from '../errors.ts'
import { limits } from './limits.ts'

/** The arc that Fulcio's extensions hang on. */
export const fulcioArc = '1.3.6.1.4.1.57264.1'

/**
 * Fulcio's certificate extensions by number on `fulcioArc`. 1–6 are deprecated and hold raw text, the others hold a DER
 * UTF8String. 7 is the SAN's OtherName and no extension.
 */
export const extensionTable = {
  issuerV1: { number: 1, title: 'Issuer (deprecated)' },
  githubTrigger: { number: 2, title: 'GitHub Workflow Trigger (deprecated)' },
  githubSha: { number: 3, title: 'GitHub Workflow SHA (deprecated)' },
  githubName: { number: 4, title: 'GitHub Workflow Name (deprecated)' },
  githubRepository: { number: 5, title: 'GitHub Workflow Repository (deprecated)' },
  githubRef: { number: 6, title: 'GitHub Workflow Ref (deprecated)' },
  issuer: { number: 8, title: 'Issuer' },
  buildSignerUri: { number: 9, title: 'Build Signer URI' },
  buildSignerDigest: { number: 10, title: 'Build Signer Digest' },
  runnerEnvironment: { number: 11, title: 'Runner Environment' },
  sourceRepositoryUri: { number: 12, title: 'Source Repository URI' },
  sourceRepositoryDigest: { number: 13, title: 'Source Repository Digest' },
  sourceRepositoryRef: { number: 14, title: 'Source Repository Ref' },
  sourceRepositoryIdentifier: { number: 15, title: 'Source Repository Identifier' },
  sourceRepositoryOwnerUri: { number: 16, title: 'Source Repository Owner URI' },
  sourceRepositoryOwnerIdentifier: { number: 17, title: 'Source Repository Owner Identifier' },
  buildConfigUri: { number: 18, title: 'Build Config URI' },
  buildConfigDigest: { number: 19, title: 'Build Config Digest' },
  buildTrigger: { number: 20, title: 'Build Trigger' },
  runInvocationUri: { number: 21, title: 'Run Invocation URI' },
  sourceRepositoryVisibility: { number: 22, title: 'Source Repository Visibility At Signing' },
  deploymentEnvironment: { number: 23, title: 'Deployment Environment' },
  tokenSubject: { number: 24, title: 'Token Subject' },
} as const

export type ExtensionName = keyof typeof extensionTable

/** The extensions that a certificate carries, decoded. */
export type Extensions = { readonly [name in ExtensionName]?: string }

/** The identity in a signing certificate. Times are RFC 3339, UTC. */
export interface CertificateIdentity {
  readonly subjectAlternativeName: { readonly kind: 'uri' | 'email' | 'other'; readonly value: string } | undefined
  readonly extensions: Extensions
  /** DER of the certificate, hashed: SHA-256, hex. */
  readonly fingerprint: string
  readonly serialNumber: string
  readonly notBefore: string
  readonly notAfter: string
}

/** What the certificate says of the build, deprecated extensions used only where the new ones are absent. */
export interface CertifiedBuild {
  readonly issuer: string | undefined
  readonly source: string | undefined
  readonly ref: string | undefined
  readonly commit: string | undefined
  readonly trigger: string | undefined
  readonly runner: string | undefined
}

/** What Fulcio's template for CircleCI writes where there is nothing to say: two quotes. */
export const notSaid = '""'

/** The OIDC issuer of GitHub Actions on github.com. */
export const gitHubIssuer = 'https://token.actions.githubusercontent.com'

/**
 * Fills the gaps of certificates from before Fulcio 1.0 (2022-12), which have only extensions 1–6; a repository without a scheme
 * gets one, a runner that says nothing is left out.
 */
export function certifiedBuild(extensions: Extensions): CertifiedBuild {
  const issuer = extensions.issuer ?? extensions.issuerV1
  const { sourceRepositoryUri: source, githubRepository: repository } = extensions
  return {
    issuer,
    source:
      source !== undefined
        ? withScheme(source)
        : repository !== undefined && issuer === gitHubIssuer
          ? `https://github.com/${repository}`
          : undefined,
    ref: extensions.sourceRepositoryRef ?? extensions.githubRef,
    commit: extensions.sourceRepositoryDigest ?? extensions.githubSha,
    trigger: extensions.buildTrigger ?? extensions.githubTrigger,
    runner: extensions.runnerEnvironment === notSaid ? undefined : extensions.runnerEnvironment,
  }
}

/** Who runs the build, as a URI: where there is no Build Signer URI, whom the certificate names (Buildkite, CircleCI, a person). */
export function builderUri({
  extensions,
  subjectAlternativeName: name,
}: Pick<CertificateIdentity, 'extensions' | 'subjectAlternativeName'>): string | undefined {
  if (extensions.buildSignerUri !== undefined) return extensions.buildSignerUri
  return name?.kind === 'email' ? mailto(name.value) : name?.value
}

/** RFC 6068 §2: what would end the address, or begin something else, is escaped. */
function mailto(address: string): string {
  return `mailto:${encodeURI(address).replace(/[#?&;=/]/g, encodeURIComponent)}`
}

/** `host/path`, as CircleCI names its repositories, as a URI; what is one already stays as it is. */
export function withScheme(repository: string): string {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\/[^:]+$/i.test(repository) ? `https://${repository}` : repository
}

/** A deprecated extension and the new one that must say the same (sigstore-go does likewise). */
export interface ExtensionConflict {
  readonly name: ExtensionName
  readonly expected: string
  readonly found: string
}

/** Pairs of extensions that contradict each other; empty for every certificate that Fulcio ever issued. */
export function extensionConflicts(extensions: Extensions): ExtensionConflict[] {
  const source = extensions.sourceRepositoryUri
  const pairs: readonly (readonly [ExtensionName, string | undefined])[] = [
    ['issuerV1', extensions.issuer],
    ['githubTrigger', extensions.buildTrigger],
    ['githubSha', extensions.sourceRepositoryDigest],
    ['githubRef', extensions.sourceRepositoryRef],
    ['githubRepository', source?.replace(/^https:\/\/[^/]+\//, '')],
  ]
  return pairs.flatMap(([name, expected]) => {
    const found = extensions[name]
    return expected === undefined || found === undefined || expected === found ? [] : [{ name, expected, found }]
  })
}

/** `file@ref` in two; `ref` is undefined where there is none. */
export interface IdentityParts {
  readonly file: string
  readonly ref: string | undefined
}

/**
 * An identity of a CI job (`…/release.yml@refs/heads/main`, `…/release.yml@<commit>`) → file and ref. The name of a file may
 * hold an `@`, that of a branch too: the ref begins behind the first `@refs/`, or it is the id of a commit at the end.
 */
export function splitIdentity(identity: string): IdentityParts {
  return splitAt(identity, refPlace(identity))
}

function splitAt(text: string, at: number): IdentityParts {
  return at < 0 ? { file: text, ref: undefined } : { file: text.slice(0, at), ref: text.slice(at + 1) }
}

function refPlace(text: string): number {
  const named = text.indexOf('@refs/')
  return named >= 0 ? named : text.search(/@(?:[0-9a-f]{64}|[0-9a-f]{40})$/)
}

/** The same for a pattern, whose ref may also be a wildcard (`@*`, `@**`). */
export function splitPattern(pattern: string): IdentityParts {
  const fixed = refPlace(pattern)
  return splitAt(pattern, fixed >= 0 ? fixed : pattern.search(/@\*[^@]*$/))
}

/**
 * A whole-value match. Exact text, or a glob: `*` stands for any run without `/` and `@`, a `**` at the very end for
 * anything. A pattern with a ref holds file and ref each against its own part of an identity, so that neither the file
 * `release.yml@x.yml` looks like `release.yml`, nor the branch `x@refs/heads/main` like main.
 */
export interface Pattern {
  readonly text: string
  matches(value: string): boolean
}

/** Whether it can be compiled. */
export function isPattern(text: string): boolean {
  return !(attempt(() => compilePattern(text, 'a pattern')) instanceof CountersignError)
}

/** Compiles a pattern. Error: `pattern-invalid` (empty, too long, `**` elsewhere than at the end). */
export function compilePattern(text: string, what: string): Pattern {
  if (text === '') throw new CountersignError('pattern-invalid', `${what} is empty`)
  if (text.length > limits.identityCharacters) {
    throw new CountersignError('pattern-invalid', `${what} is longer than ${limits.identityCharacters} characters`)
  }
  if (text.replace(/\*\*$/, '').includes('**')) {
    throw new CountersignError('pattern-invalid', `${what} has ** before its end`)
  }
  if (text.replaceAll('*', '') === '') {
    throw new CountersignError('pattern-invalid', `${what} matches everything`, {
      hint: 'write at least the host that you trust',
    })
  }
  const { file, ref } = splitPattern(text)
  if (ref === undefined) return { text, matches: globOf(file) }
  const [matchesFile, matchesRef] = [globOf(file), globOf(ref)]
  return {
    text,
    matches(value) {
      const parts = splitIdentity(value)
      return parts.ref !== undefined && matchesFile(parts.file) && matchesRef(parts.ref)
    },
  }
}

function globOf(text: string): Pattern['matches'] {
  const open = text.endsWith('**')
  const segments = (open ? text.slice(0, -2) : text).split('*')
  return (value) => matchesWhole(segments, open, value)
}

/** Matches without a regular expression and in time proportional to pattern × value, whatever the pattern. */
function matchesWhole(segments: readonly string[], open: boolean, value: string): boolean {
  if (value.length > limits.identityCharacters) return false
  let ends = new Set<number>()
  const first = segments[0] ?? ''
  if (value.startsWith(first)) ends.add(first.length)
  for (const segment of segments.slice(1)) {
    const next = new Set<number>()
    let reach = -1 // an earlier run came this far, to the boundary that also ends every run begun before it
    for (const end of [...ends].sort((a, b) => a - b)) {
      if (end <= reach) continue
      for (let at = end; at <= value.length; at += 1) {
        if (value.startsWith(segment, at)) next.add(at + segment.length)
        reach = at
        const character = value[at]
        if (character === undefined || character === '/' || character === '@') break
      }
    }
    ends = next
  }
  return open ? ends.size > 0 : ends.has(value.length)
}
