/**
 * Every way to fail: one class, one closed table of codes. A code is stable: tests, JSON output and scripts rely on it.
 *
 * `exit` follows DESIGN rule 11: 1 the answer is no, 2 usage or configuration, 3 could not decide.
 */

type Exit = 1 | 2 | 3

interface Failure {
  readonly exit: Exit
  /** What a person can do about it; a thrower with better knowledge gives its own. */
  readonly hint?: string
}

const failureTable = {
  // Usage and configuration
  usage: { exit: 2, hint: 'run countersign --help' },
  'question-incomplete': { exit: 2 },
  'question-conflict': { exit: 2 },
  'pattern-invalid': {
    exit: 2,
    hint: 'an identity is exact text, * for one path segment or a closing ** for the rest',
  },
  'path-missing': { exit: 2 },
  'path-directory': { exit: 2, hint: 'name the files, or quote a glob such as "dist/**"' },
  'path-not-regular': { exit: 2, hint: 'only regular files can be subjects' },
  'symlink-escapes-root': { exit: 2, hint: 'a subject must lie below the working folder; copy the file there' },
  'glob-empty': { exit: 2, hint: 'nothing matched; was the build step run?' },
  'subject-none': { exit: 2, hint: 'name at least one file, --checksums FILE or --subject name=sha256:<hex>' },
  'subject-invalid': { exit: 2, hint: 'write --subject name=sha256:<64 lower-case hex digits>' },
  'subject-conflict': { exit: 2, hint: 'two different files cannot have one name in a statement' },
  'subject-limit': { exit: 2, hint: 'sign in several runs: every Sigstore client stops at this many subjects' },
  'checksums-malformed': { exit: 2, hint: 'expected lines as sha256sum writes them: <64 hex>  <name>' },
  'output-exists': { exit: 2, hint: 'choose another --out, or remove the file if it is no longer needed' },
  'worktree-dirty': { exit: 2, hint: 'commit or remove the changes, or record them by --allow-dirty' },
  'git-no-repository': { exit: 2, hint: 'run inside the checkout that was built' },
  'git-no-commit': { exit: 2, hint: 'the repository has no commit yet' },
  'history-shallow': {
    exit: 2,
    hint: 'fetch the whole history (actions/checkout: fetch-depth: 0; GitLab: GIT_DEPTH: 0), or record the gap by --allow-shallow',
  },
  'revision-unknown': { exit: 2, hint: 'name a commit, tag or branch that is in this repository' },
  'private-to-public-log': {
    exit: 2,
    hint: 'the public log would show the repository name for ever; say --publish-private to accept that, or use a private Sigstore',
  },
  'session-limit': { exit: 2, hint: 'a release with this many sessions needs a nearer --since' },
  'node-too-old': { exit: 2 },

  // The OIDC token and the CI job
  'identity-missing': { exit: 3, hint: 'outside CI use --sigstore local, or give a token by --identity-token-file' },
  'identity-request-failed': { exit: 3 },
  'token-malformed': { exit: 3, hint: 'expected a compact JWT from the CI provider' },
  'token-unsigned': { exit: 3 },
  'token-signature-invalid': { exit: 3 },
  'token-expired': { exit: 3, hint: 'request the token in the step that attests' },
  'token-not-yet-valid': { exit: 3, hint: 'check the clock of this machine' },
  'token-audience-mismatch': { exit: 3, hint: 'request the token for the audience that Sigstore expects' },
  'token-issuer-unknown': { exit: 3, hint: 'only issuers that the chosen Sigstore trusts may vouch for a build' },
  'token-claims-incomplete': { exit: 3 },
  'issuer-keys-unavailable': { exit: 3 },
  'prepared-identity-mismatch': {
    exit: 1,
    hint: 'a prepared statement can be signed only within the run, and the attempt, that prepared it; attest anew',
  },
  'commit-not-head': { exit: 1, hint: 'attest in the checkout of the commit that the job was started for' },

  // Reading input
  'input-unreadable': { exit: 3 },
  'input-too-large': { exit: 3 },
  'json-malformed': { exit: 3 },
  'json-too-deep': { exit: 3 },
  'json-duplicate-key': { exit: 3 },
  'json-forbidden-key': { exit: 3 },
  'bundle-malformed': { exit: 3 },
  'bundle-version-unsupported': { exit: 3 },
  'key-malformed': { exit: 3, hint: 'expected a PEM public key' },
  'trusted-root-malformed': { exit: 3 },
  'trusted-root-lax': { exit: 3, hint: 'every key of a trusted root needs a start of its validity' },
  'trust-config-malformed': { exit: 3, hint: 'expected a Sigstore ClientTrustConfig' },
  'trust-unavailable': { exit: 3, hint: 'give a trusted root by --trusted-root FILE to verify without network' },
  'trust-stale': {
    exit: 3,
    hint: 'run countersign trust update with network, give a root by --trusted-root FILE, or accept it by --stale-trust allow',
  },
  'trust-cache-invalid': {
    exit: 3,
    hint: 'nothing of that cache was used; countersign trust update replaces it, or remove the file',
  },
  'trust-repository-invalid': {
    exit: 3,
    hint: 'what the mirror serves does not follow from the TUF root that is trusted: check both, nothing was kept',
  },
  'local-state-malformed': { exit: 3, hint: 'remove the state folder to start a new embedded Sigstore' },
  'local-state-missing': { exit: 3, hint: 'sign once with --sigstore local, or name its folder by --local-state' },
  'local-state-busy': { exit: 3, hint: 'another process holds this embedded Sigstore' },
  'prepared-malformed': { exit: 3, hint: 'expected a file that attest --on-outage defer has written' },
  'git-failed': { exit: 3 },

  // Services and output
  'service-refused': { exit: 3 },
  'service-unavailable': { exit: 3 },
  'service-answer-malformed': { exit: 3 },
  'signing-service-missing': { exit: 3 },
  'bundle-not-verifiable': {
    exit: 3,
    hint: 'what the services returned does not verify against the trusted root; nothing was written',
  },
  'output-failed': { exit: 3 },
  internal: { exit: 3, hint: 'this is a defect of countersign, please report it' },

  // Verification: the cryptographic layer
  'attestation-none': { exit: 1, hint: 'name the bundle by --bundle FILE' },
  'trusted-time-missing': { exit: 1, hint: 'no log entry and no timestamp says when this was signed' },
  'trusted-time-invalid': { exit: 1 },
  'certificate-missing': { exit: 1 },
  'certificate-untrusted': { exit: 1 },
  'certificate-timestamp-invalid': { exit: 1 },
  'certificate-usage': { exit: 1 },
  'log-entry-missing': { exit: 1 },
  'log-entry-invalid': { exit: 1 },
  'log-entry-foreign': { exit: 1 },
  'signature-invalid': { exit: 1 },
  'key-mismatch': { exit: 1 },

  // Verification: what was signed
  'payload-type-mismatch': { exit: 1 },
  'statement-malformed': { exit: 1 },
  'subject-mismatch': { exit: 1 },
  'predicate-type-mismatch': { exit: 1 },
  'predicate-malformed': { exit: 1 },

  // Verification: the question
  'signer-mismatch': { exit: 1 },
  'issuer-mismatch': { exit: 1 },
  'source-mismatch': { exit: 1 },
  'ref-mismatch': { exit: 1 },
  'commit-mismatch': { exit: 1 },
  'source-id-mismatch': { exit: 1 },
  'owner-id-mismatch': { exit: 1 },
  'signer-digest-mismatch': { exit: 1 },
  'source-tag-mismatch': { exit: 1 },
  'builder-mismatch': { exit: 1 },
  'trigger-refused': { exit: 1 },
  'runner-refused': { exit: 1 },
  'extension-conflict': { exit: 1 },
  'predicate-certificate-mismatch': { exit: 1 },
  'build-type-unknown': { exit: 1, hint: 'without --strict the fields of an unknown build type are skipped' },
} as const satisfies Record<string, Failure>

/** The closed union of everything that can go wrong. */
export type ErrorCode = keyof typeof failureTable

/** All codes, for schemas and documentation. */
export const errorCodes = Object.keys(failureTable) as [ErrorCode, ...ErrorCode[]]

const failures: Record<ErrorCode, Failure> = failureTable

/** The exit code that belongs to a failure (DESIGN rule 11). */
export function exitCodeOf(code: ErrorCode): Exit {
  return failures[code].exit
}

/** The hint that stands in the table for a code. */
export function hintOf(code: ErrorCode): string | undefined {
  return failures[code].hint
}

interface Detail {
  readonly hint?: string
  readonly cause?: unknown
}

/**
 * The only error that crosses a room. `message` is one line, begins lower-case and ends without a full stop, and never
 * holds a token; `code` is what programs and tests look at.
 */
export class CountersignError extends Error {
  override readonly name = 'CountersignError'
  readonly code: ErrorCode
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, detail: Detail = {}) {
    super(oneLine(message), detail.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    const hint = detail.hint ?? failures[code].hint
    this.hint = hint === undefined ? undefined : oneLine(hint)
  }

  get exitCode(): Exit {
    return failures[this.code].exit
  }
}

// A JWT's header is JSON, so its base64url begins with eyJ.
const jwtShape = /eyJ[A-Za-z0-9_-]{5,}(\.[A-Za-z0-9_-]*){1,4}/g
// C0, DEL, C1 and the Unicode line, paragraph and direction controls: none may steer a terminal or a log viewer.
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g

/**
 * Text from outside made fit for one line of output: no control characters, nothing that has the shape of a JWT
 * (@sigstore/sign puts the whole OIDC token into an error message), at most 2,000 characters.
 */
export function oneLine(text: string): string {
  const line = text.slice(0, 20_000).replace(jwtShape, '[token removed]').replace(controls, ' ').trim()
  return line.length > 2_000 ? `${line.slice(0, 2_000)}…` : line
}

/** Any thrown value as a CountersignError: ours as it is, others under `code` with their message in it. */
export function asFailure(thrown: unknown, code: ErrorCode, what: string): CountersignError {
  if (thrown instanceof CountersignError) return thrown
  return new CountersignError(code, `${what}: ${reasonOf(thrown)}`, { cause: thrown })
}

/** The message of whatever was thrown, with the causes below it that say more. */
export function reasonOf(thrown: unknown): string {
  const parts: string[] = []
  let current: unknown = thrown
  for (let depth = 0; depth < 4 && current !== undefined && current !== null; depth += 1) {
    const text = current instanceof Error ? current.message : typeof current === 'string' ? current : 'unknown error'
    if (text !== '' && !parts.includes(text)) parts.push(text)
    current = current instanceof Error ? current.cause : undefined
  }
  return parts.length === 0 ? 'unknown error' : parts.join(': ')
}
