/**
 * Every way to fail: one class, one closed table of codes. A code is stable: tests, JSON output and scripts rely on it.
 *
 * Messages and hints name options of the library in backticks (`option`), never flags: the command line, a dashboard and an
 * editor each have their own word for the same option.
 */

import { oneLine } from './one-line.ts'

/** The options of the library that a message may name; each belongs to a request or a question. */
export const optionNames = [
  // The question
  'signer',
  'issuer',
  'certificateWithoutIssuer',
  'source',
  'anySource',
  'repo',
  'owner',
  'signerWorkflow',
  'workflow',
  'anyCaller',
  'key',
  'ref',
  'commit',
  'sourceId',
  'ownerId',
  'signerDigest',
  'sourceTag',
  'builderId',
  'predicateType',
  'trigger',
  'selfHostedRunner',
  'requireInput',
  'cleanTree',
  'allowBuiltCommit',
  'environment',
  'allowRemoved',
  'strict',
  'previous',
  'policy',
  'policyProfile',
  'policySigner',
  'policyIssuer',
  'policyBundle',
  // Of a waiver
  'rule',
  'reason',
  'expires',
  'place',
  'policyFile',
  // Of a verification summary
  'vsa',
  'verifierId',
  'resourceUri',
  'policyDigest',
  'level',
  // Where bundle and trust come from
  'artifact',
  'bundle',
  'previous',
  'trust',
  'mirror',
  'root',
  'network',
  'staleTrust',
  'refreshTimeout',
  'name',
  // What is attested, by whom, and what becomes of it
  'paths',
  'checksums',
  'named',
  'fileNames',
  'since',
  'until',
  'adopt',
  'inputs',
  'tagPattern',
  'folders',
  'worktree',
  'builtCommit',
  'history',
  'sigstore',
  'state',
  'identityTokenFile',
  'audience',
  'issuers',
  'publishPrivate',
  'retryBudget',
  'onOutage',
  'prepared',
  'attempt',
  'each',
  'out',
  'whenPresent',
  'changes',
  'allowedSigners',
  'forgeSigners',
  'keyring',
  'allowedIdentities',
  'recordAttestations',
  'transcripts',
  'localTranscripts',
  'keepRecords',
  'sign',
  'signingKey',
  'publishIdentity',
  'pending',
  'push',
  'record',
  'words',
  'rows',
  'removeOld',
  'reasoningLog',
  'identityKeyFile',
  'receipts',
  'receiptIssuers',
  'payload',
  'keyFile',
  'publicKey',
  'signerCommand',
  'serviceConfig',
  'listen',
  'repository',
  'fetch',
  'forgeTokenFile',
  'forgeApi',
  'tracker',
  'portal',
  'portalAdapter',
  'portalTokenFile',
  'aiConfiguration',
  'target',
  'provenance',
  'rebuilt',
  'rebuiltSource',
  'recordSigning',
  'dryRun',
  'port',
  'ciOutput',
  'notify',
  'notifyFormat',
  'notifySecret',
] as const
export type OptionName = (typeof optionNames)[number]

/** An option as messages name it. */
export function option(name: OptionName): string {
  return `\`${name}\``
}

/**
 * What a failure means: the answer is `no`; the `usage` or configuration is wrong, and nothing was tried; or it could not be
 * decided (network, trust material, input that cannot be read).
 */
export type FailureKind = 'no' | 'usage' | 'undecided'

interface Failure {
  readonly kind: FailureKind
  /** What a person can do about it; a thrower with better knowledge gives its own. */
  readonly hint?: string
}

const failureTable = {
  // Usage and configuration
  usage: { kind: 'usage' },
  'question-incomplete': { kind: 'usage' },
  'question-conflict': { kind: 'usage', hint: 'ask for one of them' },
  'pattern-invalid': {
    kind: 'usage',
    hint: 'an identity is exact text, * for one path segment or a closing ** for the rest',
  },
  'path-missing': {
    kind: 'usage',
    hint: 'look at how it is written; a relative path starts in the folder that the command runs in',
  },
  'path-directory': { kind: 'usage', hint: 'name a file; many artifacts are named by a quoted glob such as "dist/**"' },
  'path-not-regular': { kind: 'usage', hint: 'name a regular file; what comes from a pipe is written to one first' },
  'symlink-escapes-root': { kind: 'usage', hint: 'a subject must lie below the working folder; copy the file there' },
  'symlink-in-checkout': {
    kind: 'usage',
    hint: 'anyone who can commit could make it lead to any file; name a path without links',
  },
  'glob-empty': { kind: 'usage', hint: 'nothing matched; was the build step run?' },
  'subject-none': {
    kind: 'usage',
    hint: `name at least one file (${option('paths')}), or digests that were made elsewhere (${option('checksums')}, ${option('named')})`,
  },
  'subject-invalid': {
    kind: 'usage',
    hint: 'a subject is written name=sha256:<64 hex digits>, or name=sha512:<128 of them>',
  },
  'subject-conflict': { kind: 'usage', hint: 'two different files cannot have one name in a statement' },
  'subject-limit': { kind: 'usage', hint: 'sign in several runs: every Sigstore client stops at this many subjects' },
  'checksums-malformed': { kind: 'usage', hint: 'expected lines as sha256sum or sha512sum writes them: <hex>  <name>' },
  'output-exists': {
    kind: 'usage',
    hint: `choose another place (${option('out')}), or remove the file if it is no longer needed`,
  },
  'worktree-dirty': { kind: 'usage', hint: `commit or undo the changes, or record them (${option('worktree')})` },
  'git-no-repository': {
    kind: 'usage',
    hint: 'run inside the checkout that was built, or in a job whose token names the commit',
  },
  'git-no-commit': { kind: 'usage', hint: 'the repository has no commit yet' },
  'history-shallow': {
    kind: 'usage',
    hint: `fetch the whole history (actions/checkout: fetch-depth: 0; GitLab: GIT_DEPTH: 0), or record the gap (${option('history')})`,
  },
  'revision-unknown': { kind: 'usage', hint: 'name a commit, tag or branch that is in this repository' },
  'run-input-missing': { kind: 'usage' },
  'tag-pattern-invalid': {
    kind: 'usage',
    hint: 'a pattern is the name of a tag with * for the version, as in "cli-v*"',
  },
  'release-start-unknown': {
    kind: 'usage',
    hint: `fetch the tags of the repository, say where the release begins (${option('since')}), or take the whole history (${option('adopt')})`,
  },
  'private-to-public-log': {
    kind: 'usage',
    hint: `the public log would show the repository name for ever; accept that (${option('publishPrivate')}), or use a private Sigstore (${option('sigstore')})`,
  },
  'session-limit': {
    kind: 'usage',
    hint: `a release with this many sessions needs a nearer start (${option('since')})`,
  },
  'statement-too-large': {
    kind: 'usage',
    hint: `attest fewer files at a time, or a nearer start (${option('since')})`,
  },
  'node-too-old': { kind: 'usage' },

  // The OIDC token and the CI job
  'identity-missing': {
    kind: 'undecided',
    hint: `outside CI use the embedded Sigstore (${option('sigstore')}), or give a token (${option('identityTokenFile')})`,
  },
  'identity-request-failed': { kind: 'undecided' },
  'token-malformed': { kind: 'undecided', hint: 'expected a compact JWT from the CI provider' },
  'token-unsigned': { kind: 'undecided' },
  'token-signature-invalid': { kind: 'undecided' },
  'token-expired': { kind: 'undecided', hint: 'request the token in the step that attests' },
  'token-not-yet-valid': { kind: 'undecided', hint: 'check the clock of this machine' },
  'token-audience-mismatch': { kind: 'undecided', hint: 'request the token for the audience that Sigstore expects' },
  'token-issuer-unknown': {
    kind: 'undecided',
    hint: 'only issuers that the chosen Sigstore trusts may vouch for a build',
  },
  'token-claims-incomplete': { kind: 'undecided' },
  'token-name-refused': {
    kind: 'undecided',
    hint: 'a branch or a workflow with a % that begins no escape (%20) in its name gets no certificate: give it another name',
  },
  'issuer-keys-unavailable': { kind: 'undecided' },
  'prepared-identity-mismatch': {
    kind: 'no',
    hint: `a prepared statement can be signed only within the run that prepared it, and by another attempt of it only where that is said (${option('attempt')}); attest anew`,
  },
  'prepared-changes-mismatch': {
    kind: 'no',
    hint: 'sign the statement of changes and the provenance that were kept together; attest anew where one of them is lost',
  },
  'commit-not-head': {
    kind: 'no',
    hint: `attest in the checkout of the commit that the job was started for, or say that the job has committed to it before it built (${option('builtCommit')})`,
  },

  // Reading input
  'input-unreadable': { kind: 'undecided' },
  'input-too-large': { kind: 'undecided' },
  'pdf-package-missing': {
    kind: 'usage',
    hint: 'npm install @myriaddreamin/typst-ts-node-compiler, or choose Markdown or HTML',
  },
  'pdf-failed': { kind: 'undecided', hint: 'choose Markdown or HTML' },
  'text-binary': { kind: 'undecided', hint: 'only text is looked at: JSON, JSON Lines, or any other in UTF-8' },
  'json-malformed': { kind: 'undecided' },
  'json-too-deep': { kind: 'undecided' },
  'json-duplicate-key': { kind: 'undecided' },
  'json-forbidden-key': { kind: 'undecided' },
  'bundle-malformed': { kind: 'undecided' },
  'bundle-version-unsupported': { kind: 'undecided' },
  'bundle-elsewhere': {
    kind: 'undecided',
    hint: 'no address that stands in a document is fetched; download the bundle (gh attestation download) and name its file',
  },
  'bundle-legacy': {
    kind: 'undecided',
    hint: 'sign anew with cosign 3, or with the new bundle format of cosign 2: both give a Sigstore bundle',
  },
  'message-signature-only': {
    kind: 'undecided',
    hint: 'it shows who signed the file and says nothing of its build: ask for an attestation, or verify it as a file (cosign verify-blob)',
  },
  'signature-alone': {
    kind: 'undecided',
    hint: 'it tells neither who signed nor when, and nothing of the build; ask for the Sigstore bundle, often named .sigstore.json',
  },
  'certificate-alone': {
    kind: 'undecided',
    hint: `it signs nothing; ask for the Sigstore bundle, which holds signature and certificate, and give a public key as such (${option('key')})`,
  },
  'statement-unsigned': {
    kind: 'undecided',
    hint: 'anybody can write one; have the job that builds sign it (attest), and give the bundle that comes of it',
  },
  'predicate-unsigned': {
    kind: 'undecided',
    hint: 'anybody can write one; have the job that builds sign a statement about the artifact, and give the bundle that comes of it',
  },
  'sbom-unsigned': {
    kind: 'undecided',
    hint: 'it lists what is in an artifact and is not signed; give the bundle that was made when it was attested',
  },
  'secret-given': {
    kind: 'undecided',
    hint: 'it is no attestation and may be a secret: nothing of it was kept; if it lies where others can read it, replace it',
  },
  'record-none': {
    kind: 'usage',
    hint: 'name the file that the tool keeps of the session, or a folder with some; docs/transcripts.md lists the formats',
  },
  'record-malformed': { kind: 'undecided' },
  'record-ref-taken': {
    kind: 'undecided',
    hint: 'no record is ever moved or written over: look at what the ref is at, and remove it if it is nothing of yours',
  },
  'record-key-missing': {
    kind: 'usage',
    hint: `name the SSH key that signs your records (${option('signingKey')}, or git config countersign.signingKey ~/.ssh/id_ed25519), make one with ssh-keygen, or make records that nobody signs (${option('sign')})`,
  },
  'record-sign-failed': { kind: 'undecided' },
  'record-identity-public': {
    kind: 'usage',
    hint: `say that the address may be published for ever (${option('publishIdentity')}), or sign with a key (${option('recordSigning')})`,
  },
  'record-missing': {
    kind: 'undecided',
    hint: `fetch the records (git fetch origin 'refs/countersign/sessions/*:refs/countersign/sessions/*'), and name one by its digest (${option('record')})`,
  },
  'redaction-empty': {
    kind: 'usage',
    hint: `name what has to go: words in a file (${option('words')}), or rows (${option('rows')})`,
  },
  'redaction-breaks-record': {
    kind: 'usage',
    hint: 'take less out of it; where that cannot be, remove the record without another one: releases still verify, and say that it is missing',
  },
  'redaction-unverified': {
    kind: 'undecided',
    hint: `nothing was removed; sign with a key or an identity that counts, and name it (${option('allowedSigners')}, ${option('allowedIdentities')}); where somebody else took the name of the new record, remove their ref (docs/records.md)`,
  },
  'record-remove-failed': {
    kind: 'undecided',
    hint: 'the new record is there, and the old one is still in this clone; run it again, or remove it there by hand',
  },
  'record-push-failed': {
    kind: 'undecided',
    hint: 'the records are in this clone; push them later, or have somebody who may',
  },
  'identity-key-unusable': {
    kind: 'usage',
    hint: `make one of 32 random bytes or more, once for the organisation, and keep it secret (${option('identityKeyFile')})`,
  },
  'allowed-signers-malformed': {
    kind: 'usage',
    hint: 'expected lines as ssh-keygen(1) describes them: ann@example.org ssh-ed25519 AAAA…, with options between the two',
  },
  'allowed-identity-malformed': {
    kind: 'usage',
    hint: 'expected ISSUER=NAME, both as the certificate has them: https://accounts.google.com=ann@example.org',
  },
  'receipt-issuers-malformed': {
    kind: 'usage',
    hint: 'its members are described in schemas/receipt-issuers/v1.md',
  },
  'receipt-issuers-unusable': {
    kind: 'usage',
    hint: `those who commit must not choose who vouches for them: name the list when you attest (${option('receiptIssuers')})`,
  },
  'receipt-payload-malformed': { kind: 'usage', hint: 'its members are described in schemas/ai-session-receipt/v1.md' },
  'receipt-key-unusable': {
    kind: 'usage',
    hint: 'expected a private key of P-256 or Ed25519, PEM (PKCS #8) or JWK, in a file that its owner alone can read',
  },
  'receipt-signer-failed': {
    kind: 'undecided',
    hint: 'the program gets the bytes to be signed on its standard input, and writes the bare signature: 64 bytes, for P-256 r and s one after the other',
  },
  'receipt-service-malformed': {
    kind: 'usage',
    hint: 'its members are described in schemas/receipt-service/v1.md',
  },
  'policy-malformed': { kind: 'usage', hint: 'its members are described in schemas/policy/v1.md' },
  'policy-key-unknown': {
    kind: 'usage',
    hint: 'a member that nobody knows asks for nothing; they are described in schemas/policy/v1.md',
  },
  'policy-list-empty': { kind: 'usage', hint: 'leave the member out, or say what is in the list' },
  'policy-empty': { kind: 'usage', hint: 'a policy without a rule would pass everything' },
  'policy-profile-unknown': { kind: 'usage' },
  'policy-tests-malformed': { kind: 'usage', hint: 'docs/policy/README.md says what a case is made of' },
  'policy-tests-none': { kind: 'no', hint: 'a policy that nothing was tried on is not tested; write a case' },
  'policy-digest-mismatch': {
    kind: 'no',
    hint: 'look at what changed in the policy that is extended, and write its new digest',
  },
  'keyring-malformed': { kind: 'usage', hint: 'expected public keys as gpg exports them' },
  'config-malformed': {
    kind: 'usage',
    hint: 'mend the file and commit it: only what is committed counts; its members are described in schemas/countersign-config/v1.md',
  },
  'config-refused': {
    kind: 'usage',
    hint: 'anyone who commits can write this file, so it only adds: what it may say is described in docs/config.md',
  },
  'key-malformed': { kind: 'usage', hint: 'expected a PEM public key' },
  'trusted-root-malformed': { kind: 'undecided' },
  'trusted-root-lax': { kind: 'undecided', hint: 'every key of a trusted root needs a start of its validity' },
  'trust-config-malformed': { kind: 'undecided', hint: 'expected a Sigstore ClientTrustConfig' },
  'trust-unavailable': {
    kind: 'undecided',
    hint: `run it again, or give a trusted root (${option('trust')}) that countersign trust export wrote where there is network`,
  },
  'trust-stale': {
    kind: 'undecided',
    hint: `update trust with network, give a trusted root (${option('trust')}), or accept it as it is (${option('staleTrust')})`,
  },
  'trust-cache-invalid': {
    kind: 'undecided',
    hint: 'nothing of that cache was used; an update of trust replaces it, or remove the file',
  },
  'trust-repository-invalid': {
    kind: 'undecided',
    hint: 'what the mirror serves does not follow from the TUF root that is trusted: check both, nothing was kept',
  },
  'local-state-malformed': { kind: 'undecided', hint: 'remove the state folder to start a new embedded Sigstore' },
  'local-state-missing': {
    kind: 'undecided',
    hint: `sign once with the embedded Sigstore (${option('sigstore')}), or name its folder (${option('state')})`,
  },
  'local-state-busy': { kind: 'undecided', hint: 'another process holds this embedded Sigstore' },
  'prepared-malformed': {
    kind: 'undecided',
    hint: `expected a file that was kept during an outage (${option('onOutage')})`,
  },
  'hooks-missing': { kind: 'usage', hint: 'run countersign hooks install in this clone' },
  'hooks-state-malformed': {
    kind: 'undecided',
    hint: 'countersign/installed.json in the folder of git says what was installed; docs/capture.md says how to take it out by hand',
  },
  'object-altered': { kind: 'undecided', hint: 'it was changed on this machine; clone the repository anew' },
  'git-failed': { kind: 'undecided' },

  // Services and output
  'service-refused': { kind: 'undecided' },
  'service-unavailable': { kind: 'undecided' },
  'service-answer-malformed': { kind: 'undecided' },
  'signing-service-missing': { kind: 'undecided' },
  'bundle-not-verifiable': {
    kind: 'undecided',
    hint: 'what the services returned does not verify against the trusted root; no bundle was written',
  },
  'summary-not-signed': {
    kind: 'undecided',
    hint: 'the verdict stands, and nothing was written; verify again where it can be signed',
  },
  'output-failed': { kind: 'undecided' },
  'alert-not-sent': { kind: 'undecided', hint: 'the verdict stands; docs/alerts.md says what can be done' },
  'document-too-large': {
    kind: 'undecided',
    hint: 'verify fewer artifacts at once, or take them as JSON Lines, which have no end',
  },
  'output-busy': { kind: 'undecided', hint: 'another process writes this file; nothing in it was changed' },
  'output-not-bundles': { kind: 'usage', hint: 'a bundle is added only to a file of bundles; name another one' },
  internal: { kind: 'undecided', hint: 'this is a defect of countersign, please report it' },

  // Verification: the cryptographic layer
  'attestation-none': { kind: 'no', hint: `name the bundle (${option('bundle')})` },
  'trusted-time-missing': { kind: 'no', hint: 'no log entry and no timestamp says when this was signed' },
  'trusted-time-invalid': { kind: 'no', hint: 'do not use the bundle; ask its maker' },
  'certificate-missing': { kind: 'no', hint: 'ask for a bundle that was signed keylessly, or verify with its key' },
  'certificate-untrusted': { kind: 'no', hint: 'check that the trusted root is the one of its Sigstore' },
  'certificate-timestamp-invalid': { kind: 'no', hint: 'do not use the bundle; ask its maker' },
  'certificate-usage': { kind: 'no', hint: 'do not use the bundle; ask its maker' },
  'log-entry-missing': { kind: 'no', hint: 'sign it where the log is used' },
  'log-entry-invalid': { kind: 'no', hint: 'do not use the bundle; ask its maker' },
  'log-entry-foreign': { kind: 'no', hint: 'do not use the bundle: somebody put it together' },
  'signature-invalid': {
    kind: 'no',
    hint: 'do not use the artifact: the statement was changed, or the bundle was put together',
  },
  'key-mismatch': { kind: 'no', hint: 'check the key' },

  // Verification: what was signed
  'payload-type-mismatch': { kind: 'no', hint: 'ask for an attestation' },
  'statement-malformed': { kind: 'no', hint: 'ask its maker' },
  'subject-mismatch': {
    kind: 'no',
    hint: 'take the artifact and the bundle of one release; else somebody swapped one',
  },
  'predicate-type-mismatch': { kind: 'no', hint: 'ask for the kind that you need, or find its bundle' },
  'predicate-malformed': { kind: 'no', hint: 'ask its maker' },

  // Verification: the question
  'signer-mismatch': { kind: 'no', hint: 'find out who should; do not copy the found value into the question' },
  'issuer-mismatch': { kind: 'no', hint: 'check which CI should have signed' },
  'source-mismatch': { kind: 'no', hint: 'check where the artifact comes from' },
  'ref-mismatch': { kind: 'no', hint: 'check which release you have' },
  'commit-mismatch': { kind: 'no', hint: 'check which release you have' },
  'source-id-mismatch': { kind: 'no', hint: 'check who owns the repository now' },
  'owner-id-mismatch': { kind: 'no', hint: 'check who owns the account now' },
  'signer-digest-mismatch': { kind: 'no', hint: 'check which version of it should sign' },
  'caller-mismatch': { kind: 'no', hint: 'check which workflow releases' },
  'source-tag-mismatch': { kind: 'no', hint: 'check which release you have' },
  'input-mismatch': { kind: 'no', hint: 'check how the release was started' },
  'builder-mismatch': { kind: 'no', hint: 'check which builder is allowed' },
  'trigger-refused': { kind: 'no', hint: 'release from a push, a tag or a dispatch' },
  'verification-failed': { kind: 'no', hint: 'read the checks' },
  'evidence-missing': {
    kind: 'no',
    hint: 'a rule with nothing to look at passes nothing: collect the evidence, or do not ask for it',
  },
  'rule-refused': { kind: 'no' },
  'rule-failed': { kind: 'no', hint: 'what is not there is asked for with has(); anything but true fails' },
  'rule-too-costly': { kind: 'no', hint: 'walk over one list at a time' },
  'waiver-policy-mismatch': {
    kind: 'no',
    hint: 'a waiver holds for the very file that has the rule: look at the policy as it is now, and sign another one',
  },
  'waiver-rule-refused': { kind: 'no', hint: 'the policy says which of its rules can be waived' },
  'waiver-signer-mismatch': { kind: 'no', hint: 'the policy says who may waive' },
  'waiver-not-independent': {
    kind: 'no',
    hint: 'the signer of the provenance cannot waive its rules: somebody else must',
  },
  'waiver-not-yet-signed': {
    kind: 'no',
    hint: 'it was signed after the time that is asked about, or the clock of this machine is behind',
  },
  'waiver-too-long': {
    kind: 'no',
    hint: 'sign one that ends within 90 days; what is needed for longer belongs into the policy',
  },
  'waiver-expired': { kind: 'no', hint: 'mend what the rule found, or have somebody sign another one' },
  'waiver-place-mismatch': { kind: 'no', hint: 'what fails lies elsewhere than the waiver says' },
  'policy-unsigned': {
    kind: 'no',
    hint: `have a person who approves policies sign this very file, and name the bundle (${option('policyBundle')})`,
  },
  'policy-approval-mismatch': {
    kind: 'no',
    hint: 'the file was changed after it was signed, or it is another one: look at what changed, and have it signed again',
  },
  'policy-signer-mismatch': { kind: 'no', hint: 'somebody signed it, and not who was asked for' },
  'policy-not-drafted': {
    kind: 'no',
    hint: 'a starter policy can be made stricter by hand; explaining it shows what it sees',
  },
  'tool-refused': { kind: 'no', hint: 'have a tool that the policy takes, or a person, write these changes anew' },
  'model-refused': { kind: 'no', hint: 'have another model, or a person, write these changes anew' },
  'model-unknown': {
    kind: 'no',
    hint: 'give the transcripts or records that name the model, or let the policy say that unknown ones may write',
  },
  'mcp-server-refused': { kind: 'no', hint: 'remove the server from the AI configuration, or let the policy name it' },
  'configuration-refused': {
    kind: 'no',
    hint: 'look at what changed in the AI configuration, and write its new digest into the policy',
  },
  'level-too-low': {
    kind: 'no',
    hint: "give more than a claim: the transcript or record of the session (recorded), a record that a person or the agent's platform signed (signed), a receipt of an issuer that counts (vouched)",
  },
  'receipt-issuer-refused': {
    kind: 'no',
    hint: 'have an issuer whom the policy names vouch for the session, or let the policy name this one',
  },
  'share-exceeded': {
    kind: 'no',
    hint: 'have less of it written by AI; or have a tool record who wrote which lines (git-ai), because lines that nobody attributes, and generated ones, count as AI unless the policy says otherwise',
  },
  'review-missing': {
    kind: 'no',
    hint: 'ask a person to approve it who did not write it and did not ask the AI for it, at or after the last change by AI',
  },
  'iterations-exceeded': { kind: 'no', hint: 'ask for less in one session: split the change over several' },
  'subagents-exceeded': { kind: 'no', hint: 'let one session start fewer agents' },
  'claims-refused': { kind: 'no', hint: 'docs/policy/ai.md says which findings these are, and what mends each' },
  'reader-not-looked': {
    kind: 'no',
    hint: 'have the job fetch what the reader reads: the notes that are said not to be in the clone, or with a token of the forge or tracker',
  },
  'disclosure-missing': {
    kind: 'no',
    hint: 'its author says which session wrote it, in the last lines of the commit message (AI-Session-ID: TOOL:ID), or why none did (AI-Provenance-Override: REASON, in a commit that somebody of the policy signs or approves), amends and force-pushes',
  },
  'override-unproved': {
    kind: 'no',
    hint: 'somebody whom the policy names must sign the commit that says it, or approve that very commit at the forge; or say which session wrote it (AI-Session-ID: TOOL:ID)',
  },
  // Verification: rules of a policy
  revoked: { kind: 'no', hint: 'the policy says why it counts no more; no severity and no waiver changes that' },
  'build-type-refused': { kind: 'no' },
  'parameter-refused': { kind: 'no' },
  'parameter-mismatch': { kind: 'no' },
  'build-level-too-low': { kind: 'no' },
  'attestation-too-old': { kind: 'no' },
  'signed-in-future': {
    kind: 'no',
    hint: 'the clock of this machine is behind, or somebody vouches for a time to come',
  },
  'log-entries-too-few': { kind: 'no' },
  'timestamps-too-few': { kind: 'no' },
  'witnesses-too-few': { kind: 'no' },
  'companion-missing': { kind: 'no' },
  'source-unproved': { kind: 'no' },
  'rebuilders-too-few': { kind: 'no' },
  'range-reason-refused': { kind: 'no' },
  'range-cut': { kind: 'no' },
  'range-gap': { kind: 'no' },
  'policy-expired': { kind: 'no', hint: 'look at the policy again, and give it another date' },
  'policy-refused': { kind: 'no', hint: 'each row of the policy that fails says what would let it pass' },
  'verifier-mismatch': { kind: 'no', hint: 'ask for the summary of a verifier that you trust' },
  'resource-mismatch': { kind: 'no', hint: 'ask for the summary of this one' },
  'summary-policy-mismatch': {
    kind: 'no',
    hint: 'another policy was asked than the one of this digest, or another version of it: ask its verifier for a summary by this one',
  },
  'level-missing': { kind: 'no', hint: 'have the artifact verified at that level' },
  'levels-malformed': { kind: 'no', hint: 'ask its maker' },
  'attestations-contradict': { kind: 'no', hint: 'find out which attestation is genuine, and remove the other' },
  'runner-refused': { kind: 'no', hint: 'build on the runners of the provider' },
  'tree-not-clean': {
    kind: 'no',
    hint: 'build from a clean checkout; commit what belongs to the source, such as a policy file that nobody added yet',
  },
  'built-commit-differs': { kind: 'no', hint: 'find out what the job committed before it built, and why' },
  'environment-mismatch': { kind: 'no', hint: 'check where it runs' },
  'deployment-removed': {
    kind: 'no',
    hint: 'it says that the artifact was taken out of the environment, and not that it runs there',
  },
  'deployment-time-mismatch': {
    kind: 'no',
    hint: 'a deployment is attested by the job that deploys, when it does: the clock of that job is wrong, or somebody says another time',
  },
  'rebuild-differs': {
    kind: 'no',
    hint: 'somebody built the source again, and got another artifact than this one',
  },
  'rebuild-contradicts-digest': {
    kind: 'no',
    hint: 'it says of the rebuilt artifact what its own digests refute',
  },
  'rebuild-original-unknown': {
    kind: 'no',
    hint: 'without provenance that passes nobody can tell who built first, and so who built again',
  },
  'rebuild-not-independent': {
    kind: 'no',
    hint: 'the builder of an artifact, or anyone who may write to the repository that built it, is not a second party',
  },
  'rebuild-time-mismatch': {
    kind: 'no',
    hint: 'a comparison is attested by the job that rebuilds, when it does: the clock of that job is wrong, or somebody says another time',
  },
  'extension-conflict': { kind: 'no', hint: "do not use it; ask the certificate's authority" },
  'predicate-certificate-mismatch': { kind: 'no', hint: 'do not use it: its signer may have written what they liked' },
  'not-answerable': {
    kind: 'no',
    hint: 'what signed this bundle does not say; do not ask for it, or ask for another signer',
  },
  'build-type-foreign': { kind: 'no', hint: 'only the platform whose build type it is can vouch for its fields' },
  'build-type-unknown': {
    kind: 'no',
    hint: `the fields of an unknown build type are skipped unless asked for (${option('strict')})`,
  },
} as const satisfies Record<string, Failure>

/** The closed union of everything that can go wrong. */
export type ErrorCode = keyof typeof failureTable

/**
 * All codes, for schemas and documentation.
 *
 * @example
 * ```ts
 * import { errorCodes } from 'countersign'
 *
 * console.log(errorCodes.includes('signature-invalid')) // true
 * ```
 */
export const errorCodes = Object.keys(failureTable) as [ErrorCode, ...ErrorCode[]]

const failures: Record<ErrorCode, Failure> = failureTable

/**
 * What a code means (`FailureKind`).
 *
 * @example
 * ```ts
 * import { kindOf } from 'countersign/verify'
 *
 * console.log(kindOf('signature-invalid'), kindOf('trust-unavailable')) // no undecided
 * ```
 */
export function kindOf(code: ErrorCode): FailureKind {
  return failures[code].kind
}

/** The hint that stands in the table for a code. */
export function hintOf(code: ErrorCode): string | undefined {
  return failures[code].hint
}

interface Detail {
  readonly hint?: string
  /** The option that is wrong or missing. */
  readonly option?: OptionName
  /** What was asked for, and what was there instead. */
  readonly expected?: string
  readonly found?: string
  readonly cause?: unknown
}

/**
 * The only error that crosses a room. `message` is one line, begins lower-case and ends without a full stop, and never
 * holds a token; `code` is what programs and tests look at.
 *
 * @example
 * ```ts
 * import { CountersignError, parseBundle } from 'countersign'
 *
 * try {
 *   parseBundle(Buffer.from('{}'))
 * } catch (error) {
 *   if (!(error instanceof CountersignError)) throw error
 *   console.log(error.code, error.kind, error.hint) // bundle-malformed undecided undefined
 * }
 * ```
 */
export class CountersignError extends Error {
  override readonly name = 'CountersignError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly option: OptionName | undefined
  readonly expected: string | undefined
  readonly found: string | undefined

  constructor(code: ErrorCode, message: string, detail: Detail = {}) {
    super(oneLine(message), detail.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    this.hint = lineOf(detail.hint ?? failures[code].hint)
    this.option = detail.option
    this.expected = lineOf(detail.expected)
    this.found = lineOf(detail.found)
  }

  get kind(): FailureKind {
    return failures[this.code].kind
  }
}

function lineOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : oneLine(text)
}

/** What a call gives, or our own error that it throws; any other error is a defect and goes through. */
export function attempt<T>(run: () => T): T | CountersignError {
  try {
    return run()
  } catch (thrown) {
    if (thrown instanceof CountersignError) return thrown
    throw thrown
  }
}

/** The same for a call that takes time. */
export async function attemptAsync<T>(run: () => Promise<T>): Promise<T | CountersignError> {
  try {
    return await run()
  } catch (thrown) {
    if (thrown instanceof CountersignError) return thrown
    throw thrown
  }
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
