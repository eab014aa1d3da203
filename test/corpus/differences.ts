/**
 * Where our verdict differs from that of @sigstore/verify, and why. The differential tests allow these differences and no
 * other, and each must still be there; `docs/verification-differences.md` is written from this table.
 */
import type { ErrorCode } from '../../src/errors.ts'

export interface Difference {
  readonly id: string
  readonly acceptedBy: 'countersign' | '@sigstore/verify'
  /** The bundle, root or certificate in question. */
  readonly what: string
  readonly why: string
  /** Codes of ours, where we refuse. */
  readonly codes?: readonly ErrorCode[]
  /** Mutants of genuine bundles that show it, by name. */
  readonly mutants?: RegExp
  /** Bundles of the corpus that show it. */
  readonly bundles?: RegExp
}

export const differences: readonly Difference[] = [
  {
    id: 'root-without-start',
    acceptedBy: '@sigstore/verify',
    what: 'A key or authority of the trusted root that has no start of its validity, where the bundle needs it',
    why: 'Read as "since 1970" it would be weaker than its owner thinks; the conformance suite asks for a refusal (trust-root-tlog-missing-validity-start). It is left out, and what else the root has still counts.',
    codes: ['trusted-root-lax'],
  },
  {
    id: 'code-signing',
    acceptedBy: '@sigstore/verify',
    what: 'A leaf certificate whose extended key usage is not code signing, whose key usage has no digital signature, or that is an authority itself',
    why: 'A TLS certificate of the same authority is no signing certificate (sigstore-go refuses it too), and an authority signs certificates and never an artifact (sigstore-python refuses it too).',
    codes: ['certificate-usage'],
  },
  {
    id: 'authority-purpose',
    acceptedBy: '@sigstore/verify',
    what: 'A leaf below an authority whose extended key usage names other purposes only',
    why: 'The purposes of an authority bind those below it in Go (so in sigstore-go), OpenSSL and browsers.',
    codes: ['certificate-untrusted'],
  },
  {
    id: 'critical-extension',
    acceptedBy: '@sigstore/verify',
    what: 'A certificate with a critical extension that nobody here understands',
    why: 'RFC 5280 §4.2: it must be refused.',
    codes: ['certificate-untrusted'],
  },
  {
    id: 'certificate-version',
    acceptedBy: '@sigstore/verify',
    what: 'A certificate that is not X.509 v3',
    why: 'Only v3 may have extensions (RFC 5280 §4.1.2.1), and all that Sigstore says of a signer is in extensions.',
    codes: ['bundle-malformed'],
  },
  {
    id: 'certificate-frame',
    acceptedBy: '@sigstore/verify',
    what: 'A certificate whose unsigned frame was changed: another algorithm outside than inside, or unused bits in its signature',
    why: 'RFC 5280 §4.1.1.2: both algorithms are the same. One certificate then has one encoding, and one fingerprint.',
    codes: ['bundle-malformed'],
    mutants: /^verificationMaterial\.(certificate|x509CertificateChain\.certificates\.0)\.rawBytes byte \d+$/,
  },
  {
    id: 'entry-of-another-certificate',
    acceptedBy: '@sigstore/verify',
    what: 'A log entry that was made for another certificate or key over the same signature',
    why: 'The owner of the other identity would look in vain for what was signed in the name of this one; sigstore-go compares it too.',
    codes: ['log-entry-foreign'],
  },
  {
    id: 'checkpoint-name',
    acceptedBy: '@sigstore/verify',
    what: 'A checkpoint signature under a name that is only a part of the URL of the log',
    why: 'The name of a note is that of the origin, which is signed, whole (C2SP signed-note); for Rekor v2 it is the host of the log.',
    codes: ['log-entry-invalid'],
  },
  {
    id: 'checkpoint-lines',
    acceptedBy: '@sigstore/verify',
    what: 'A checkpoint with lines after its text that are no signatures, or without its last line end',
    why: 'C2SP signed-note: each line is a signature and ends. Go, which wrote the notes, refuses it.',
    codes: ['log-entry-invalid'],
    mutants: /\.checkpoint\.envelope (has a line end|is longer|is cut|character \d+)$/,
  },
  {
    id: 'log-not-believed',
    acceptedBy: '@sigstore/verify',
    what: 'An inclusion proof under the key of a log that the root did not believe in at the time of the timestamp',
    why: 'A log that was retired because its key was lost could be written on for ever. With a promise both of us ask at its own time.',
    codes: ['log-entry-invalid'],
  },
  {
    id: 'timestamp-certificate',
    acceptedBy: '@sigstore/verify',
    what: 'A timestamp by a certificate that is not for timestamps alone, or does not say so critically',
    why: 'RFC 3161 §2.3. A code signing certificate of the same authority is no clock (GHSA-5qp5-ph6r-qj9f).',
    codes: ['trusted-time-invalid'],
  },
  {
    id: 'timestamp-frame',
    acceptedBy: '@sigstore/verify',
    what: 'A timestamp whose unsigned frame was changed: a status that is not "granted", another version, an algorithm that nobody knows',
    why: 'RFC 3161 §2.4.2, RFC 5652 §5: such a response holds no token, or one that says how it is to be read.',
    codes: ['bundle-malformed', 'trusted-time-invalid'],
    mutants: /\.signedTimestamp (byte \d+|is a byte longer)$/,
  },
  {
    id: 'media-type',
    acceptedBy: '@sigstore/verify',
    what: 'A bundle whose media type only begins like one of the known ones',
    why: 'What a version means is known for 0.1, 0.2 and 0.3.',
    codes: ['bundle-version-unsupported'],
    mutants: /^mediaType /,
  },
  {
    id: 'message-digest-algorithm',
    acceptedBy: '@sigstore/verify',
    what: 'A message signature with a digest of no stated algorithm',
    why: 'It would be compared with a guess.',
    codes: ['bundle-malformed'],
    mutants: /^messageSignature\.messageDigest\.algorithm is lost$/,
  },
  {
    id: 'checkpoint-host',
    acceptedBy: 'countersign',
    what: 'A checkpoint that Rekor v1 signed under another name than the host of its URL: that of a pod, or one with its port',
    why: 'Its key and the id of the log say which log it is; sigstore-go does not compare the name either (conformance: intoto-with-custom-trust-root). For Rekor v2 all of us do.',
  },
  {
    id: 'message-digest-absent',
    acceptedBy: 'countersign',
    what: 'A message signature that names no digest',
    why: 'The digest is a hint to find the artifact (sigstore_common.proto); the signature is verified over the artifact itself.',
    mutants: /^messageSignature\.messageDigest is lost$/,
  },
  {
    id: 'chain-beside-leaf',
    acceptedBy: 'countersign',
    what: 'A bundle v0.1 or v0.2 with an unreadable certificate beside its leaf',
    why: 'Only the leaf is read: authorities come from the trusted root, never from a bundle.',
    mutants: /\.x509CertificateChain\.certificates\.[1-9]\d*\.rawBytes is lost$/,
  },
  {
    id: 'proof-without-checkpoint',
    acceptedBy: 'countersign',
    what: 'A bundle v0.1 with a promise, and a proof that has no checkpoint',
    why: 'The proof proves nothing and is not counted; the promise holds, as the version asks for. The library ends in a TypeError.',
    mutants: /\.inclusionProof\.checkpoint is lost$/,
    bundles: /^conformance\/bundle-with-root-cert_fail\//, // it must fail, and does, because another one signed it
  },
  {
    id: 'hash-of-key-size',
    acceptedBy: 'countersign',
    what: 'A signature of a P-384 key with SHA-384, or a P-521 key with SHA-512, and the digest of that size in a log entry about it',
    why: 'These are the algorithms that Sigstore registers for them (protobuf-specs PKIX_ECDSA_P384_SHA_384, P521_SHA_512); the library takes SHA-256 for every key.',
  },
  {
    id: 'fraction-of-second',
    acceptedBy: 'countersign',
    what: 'A timestamp whose time has a fraction of one or two digits',
    why: 'The library accepts only three-digit fractions; RFC 3161 §2.4.2 wants trailing zeros left out.',
  },
]

/** The page. */
export function renderDifferences(): string {
  const section = (acceptedBy: Difference['acceptedBy']): string =>
    differences
      .filter((it) => it.acceptedBy === acceptedBy)
      .map(
        ({ what, why, codes }) =>
          `| ${[what, why, ...(codes === undefined ? [] : [codes.map(code).join(', ')])].join(' | ')} |`,
      )
      .join('\n')
  return `# Where our verdict differs from others

From @sigstore/verify first, which tests hold; at the end from sigstore-go.

Countersign verifies with its own core. It is held against \`@sigstore/verify\` 4.1.3, the library of sigstore-js, over every
bundle of the corpus, over thousands of mutants of them, and over examples made for the purpose. The verdicts differ in the
cases below and in no other: \`npm run test:corpus\` fails if a difference appears that is not here, or if one of these is gone.
This page is written by that run (\`npx vitest run --config vitest.corpus.config.ts -u\`).

Both were asked about the signature alone: who may sign, and which artifact a statement is about, is not in this comparison. The
library's thresholds were those of the trusted root: no log entry, or no certificate timestamp, is wanted where the root
names no such log.

## We refuse, the library accepts

| what | why | code |
| --- | --- | --- |
${section('@sigstore/verify')}

## We accept, the library refuses

| what | why |
| --- | --- |
${section('countersign')}

## Beside sigstore-go

Against sigstore-go 1.3.0 some thousand changes of bundles and certificates were tried by hand, not by a test of this repository. What
it refuses and we accept, none of which changes what is proved:

${table(laxerThanGo)}

What we refuse and it accepts:

${table(stricterThanGo)}

## Beside python-tuf

Our TUF client is held against the tests that python-tuf has for its own updater (\`npm run test:peers\`). Where it does something
else than they ask:

${table(besidePythonTuf)}
`
}

const besidePythonTuf: readonly (readonly [string, string])[] = [
  [
    'A cache in which one root was changed is thrown away whole; python-tuf fetches that root again',
    'One file is whole or is not. A verification refuses it; `countersign trust update` replaces it and says so.',
  ],
  [
    'More new roots at once than our bound (256) are an error; python-tuf goes on under the last one within its bound',
    'That root is not the newest, so a revoked key might still count. The next refresh goes on where this one ended.',
  ],
  [
    'A length or a digest of a file is taken from the targets role alone; python-tuf takes it from its caller',
    'What nobody signed says nothing about a file.',
  ],
  [
    'Files of a repository with consistent snapshots are asked for by their digest; python-tuf can be told not to',
    'TUF 5.7.3. No repository of Sigstore does without.',
  ],
  [
    'Delegations are not followed',
    'The repositories of Sigstore name their files at the top. A file that only a delegated role names is not there.',
  ],
]

const laxerThanGo: readonly (readonly [string, string])[] = [
  ['Unknown members in a bundle', 'A later version may have more; what is known is read as strictly.'],
  [
    'A `rootHash` or `treeSize` of a proof that is not that of the checkpoint',
    'Only the signed checkpoint counts; the others are not read.',
  ],
  ['A `logIndex` of a Rekor v2 entry that is not that of its proof', 'Only the index of the proof counts.'],
  ['Line ends within base64 of the verification material', 'They change no byte of what it stands for.'],
  [
    'A root with a key or an authority of a kind that nobody here knows, or a broken one, beside others',
    'It is left out, and said in the verdict; a list that becomes empty by it still asks for what it named.',
  ],
  [
    'A Rekor v2 log with an Ed25519 key of which the root names no URL',
    'Its id is the hash of its name and key (C2SP signed-note), so it says the name as well.',
  ],
]

const stricterThanGo: readonly (readonly [string, string])[] = [
  ['Key identifiers, policies and key usage that contradict each other along a chain', 'RFC 5280 §4.2.1, §6.1.'],
  [
    'A checkpoint of Rekor v1 whose signature has another name than its origin',
    'No Rekor makes one; C2SP signed-note.',
  ],
  ['An authority of the trusted root without a start of its validity', 'It is left out, as a key without one is.'],
  ['A certificate with two names', 'Nobody could say which of them signed.'],
  ['A leaf with the extended key usage "any"', 'A signing certificate is one for signing code.'],
  ['An authority with name constraints, even where they would hold', 'They are refused, not weighed.'],
  [
    'A text of JSON with a member twice, or with more than a million parts',
    'Two readers take different ones; memory is bounded.',
  ],
]

function table(rows: readonly (readonly [string, string])[]): string {
  return ['| what | why |', '| --- | --- |', ...rows.map(([what, why]) => `| ${what} | ${why} |`)].join('\n')
}

function code(text: string): string {
  return `\`${text}\``
}
