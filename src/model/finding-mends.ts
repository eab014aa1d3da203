/** What a person can do about a finding, by its code. What each means, the reader says that has it. */

export const findingMends: { readonly [code: string]: string } = {
  'message-truncated': 'name the session near the beginning or the end of the message',
  'message-not-utf8': 'write messages in UTF-8, or let git declare their encoding (i18n.commitEncoding)',
  'message-limit': 'merge instead of squashing, or in smaller parts: no commit is the work of so many sessions',
  'session-id-invalid': 'see what wrote it: an id is one word of plain characters',
  'note-malformed': 'have the tool write the note anew, or remove one of the two',
  'note-too-large': 'have the tool write the note anew, without messages in it',
  'note-base-mismatch':
    'rewrite commits where the tool is installed, if it writes a note for the new commit, as git-ai does',
  'note-line-outside-diff': 'hold the note against the commit: it was edited, or made for another one',
  'note-repeats-merged': 'nothing: the lines count for the commits that were merged',
  'note-session-unknown': 'have git-ai write the note anew: what the key stands for is missing in it',
  'note-simulated': 'nothing: no session of that name took place',
  'note-limit': 'merge instead of squashing, or in smaller parts: no commit is the work of so many sessions',
  'checkpoint-id-invalid': 'see what wrote it: the id of a checkpoint is twelve hex digits',
  'checkpoint-missing': 'fetch the checkpoints; if it is nowhere, its sessions stay unknown',
  'checkpoint-differs': 'find out which of the two was altered, and remove it',
  'checkpoint-malformed': 'look at the checkpoint: it was cut off, or written by something else',
  'checkpoint-too-large': 'keep a shorter transcript: more is not read',
  'checkpoint-limit': 'name a nearer start of the range, or merge in smaller parts',
  'checkpoint-transcript-missing': 'push the transcript with its checkpoint',
  'checkpoint-session-mismatch': 'see which session the transcript is of, and store it under that one',
  'checkpoint-parent-unclear':
    'store the transcript anew as the tool wrote it; the session counts without what started it',
  'checkpoint-row-broken': 'store the transcript anew, if the tool still has it',
  'checkpoint-hash-stale': 'store the checkpoint anew, so that its hash is that of what is stored',
  'checkpoint-origin-unknown': 'fetch the whole history of the checkpoints, not a shallow one',
  'transcript-unknown':
    'name the file that the tool keeps of the session; if it is one, its form is not known to this version',
  'transcript-unreadable': 'make it readable for the user who runs this, and check that it is whole',
  'transcript-malformed': 'take it anew from where the tool keeps it: it was altered, or cut off',
  'transcript-too-large': 'cut the session into several, or leave the transcript out: more is not read',
  'transcript-row-broken': 'take it anew from where the tool keeps it, if the rows are whole there',
  'transcript-cut': 'take it after the session has ended: it was copied while a row was being written',
  'transcript-session-missing': 'give the file under the name that the tool gave it, with what lies beside it',
  'transcript-session-unclear': 'give each session by its own file, under the name that the tool gave it',
  'transcript-parent-unclear': 'take it anew from where the tool keeps it; the session counts without what started it',
  'transcript-name-unclear': 'look at what the tool names so; the session counts without that name',
  'transcript-edits-cut': 'nothing: what the session wrote is known in part',
  'transcript-incomplete': 'give the files that lie beside it, too',
  'transcript-limit': 'name the transcripts of this release alone',
  'session-record-malformed': 'look at what the ref is at, and who pushed it: it is none of ours',
  'session-record-other-digest':
    'find out who moved the ref, or altered the record, and remove it: it has not the bytes of its name',
  'session-record-mismatch': 'find out who made it: its transcript is of another session, of several or of none',
  'session-record-untold': 'give the transcript itself, if its edits and counts are wanted',
  'session-record-outranked': 'find out who pushed it; whoever had the session can sign it anew',
  'session-record-replaced': 'remove the old record: something was taken out of it, and the new one counts',
  'session-record-redaction-unsigned':
    'find out who pushed it; if the old record had to go, have somebody who counts sign it',
  'session-record-redaction-mismatch': 'find out who pushed it: what it says is of another record, or cannot be read',
  'session-record-redaction-loop': 'remove the redactions that name each other, and redact the record once more',
  'session-record-too-large': 'keep a shorter transcript: more is not read',
  'session-record-limit': 'remove the refs of records that no release needs any more',
  'source-malformed': 'see what writes into the note: a line is one signed statement',
  'source-too-large': 'keep a note to what was signed about its commit',
  'source-limit': 'name a nearer start of the range',
  'source-type-unknown': 'use a later version of countersign, if the statement is about the source',
  'source-other-commit': 'remove it: nobody signed it about this commit',
  'source-other-repository': 'remove it, or say under which name the repository was attested',
  'source-unverified': 'have the guard of the source sign it anew; if nobody can say who signed it, remove it',
  'source-contradicts-certificate': 'find out who signed it: it says something else than the certificate',
  'attestation-unverified': 'have the platform of the agent sign it with Sigstore, under a root that is trusted here',
  'trace-malformed': 'see what writes into the file: a line is one record',
  'trace-too-large': 'begin a new file with each release, or write the records as notes of their commits',
  'trace-commit-unknown':
    'write the records as notes of their commits: then nobody has to find out which one they are of',
  'signature-malformed': 'sign the commit anew',
  'signature-wrong': 'find out who changed the commit or the signature, and sign it anew',
  'signature-not-verified': 'sign with a key of SSH or OpenPGP, or with gitsign, which are verified here',
  'signature-unlogged':
    'sign with the entry of the log in the signature (git config gitsign.rekorMode offline): nothing is looked up',
  'signature-untrusted': 'find out who signed it; if it was you, see by which Sigstore, and verify by its root',
  'signature-weak': 'sign with a stronger key',
  'signature-unbound': 'add the key under the address of its committer to the allowed signers, if it is theirs',
  'allowed-signers-empty':
    'put a line for each person into it: a principal and a key; a variable of the job that is not set leaves it empty',
  'allowed-signer-unused': 'correct the line: a principal, a key, and a time that is not over',
  'record-attestation-malformed': 'see what wrote it: a line is one Sigstore bundle with an in-toto statement',
  'record-attestation-other-session':
    'have whoever signed it sign it anew, with the tool, the session and the format in the predicate; if nobody can say why, find out who wrote the record',
  'record-attestation-other-type': 'have the record signed with the predicate type of session records',
  'record-attestation-unnamed': 'find out who signed it, and whether that is somebody who may',
  'record-attestation-unverified': 'have the record signed anew; if nobody can say who signed it, remove it',
  'receipt-malformed': 'see what wrote it: a line is one receipt, whole',
  'receipt-header-refused':
    'have its issuer sign with ES256 or Ed25519, and put alg, kid and typ alone into the header',
  'receipt-issuer-unknown': 'find out who issued it, and whether that is somebody who may vouch',
  'receipt-key-unknown': 'ask its issuer for the key set that has the key, once and under its own name',
  'receipt-key-revoked': 'ask its issuer for a receipt under a key that counts',
  'receipt-signature-invalid': 'find out who altered it, or signed it in its issuer’s name',
  'receipt-untimely': 'issue it after the session has ended; see that the clocks of issuer and job are right',
  'receipt-replayed': 'find out which of them its issuer means, and have it issued anew under a name of its own',
  'receipt-unclaimed': 'nothing, if it is of another release; else name the session in its commit',
  'receipt-other-tool': 'have its issuer call the tool by the id that sessions have it under',
  'receipt-other-repository': 'have it issued for this repository: one receipt is for the repositories that it names',
  'receipt-other-user':
    'find out whose session it was; if the address of the commit is another one of theirs, say so in the file of users of the list',
  'receipt-other-time': 'find out whether the commit came of that session: name the one that it did come of',
  'receipt-other-commits': 'have it issued with these commits, if they came of the session',
  'receipt-other-models':
    'hold the records against what the issuer saw: what tools say of their models is their own word',
  'portal-unknown':
    'find out whether that session ever was; if the portal forgets sessions after some time, attest before it does',
  'portal-malformed': 'see that the address and the adapter are those of this portal; else it has changed',
  'portal-other-session': 'ask who runs the portal: it must answer about the one session that it is asked about',
  'portal-untimely': 'see that the clocks of portal and job are right',
  'portal-other-user':
    'find out whose session it was; if the address of the commit is another one of theirs, have the portal know it',
  'portal-other-repository': 'find out which repository the session was for, and who named it here',
  'portal-other-time': 'find out whether the commit came of that session: name the one that it did come of',
  'portal-other-commits': 'find out which commits came of that session, and name it in those alone',
  'portal-silent':
    'nothing, if the portal cannot know more; else run one that keeps the contract (schemas/portal/v1.md)',
  'portal-summary-refused': 'have the portal redact its summaries before it gives the digest',
  'ai-configuration-broken': 'mend the file: the tool that it is for cannot read it either',
  'ai-configuration-other-form': 'nothing: its digest counts; servers are read of JSON, TOML and plain YAML',
  'ai-configuration-withheld': 'give them plain names, and keep what is secret out of names',
  'format-newer': 'use a later version of countersign',
  'record-unclaimed': 'nothing, if it is of another release; else name the session in its commit',
  'parent-loop': 'find out which session started the other, and correct the other record: until then neither counts',
  'records-disagree': 'find out which record is right, and correct the other: until then neither counts',
  'squash-unproved': 'fetch the head of the request as it was merged; what was pushed to it later proves nothing',
  'squash-too-large': 'name a nearer start of the range',
}

/** Of a code that is not known here, such as one of a later reader: where to look. */
export function mendOf(code: string): string {
  return (
    (Object.hasOwn(findingMends, code) ? findingMends[code] : undefined) ??
    'look at the records of the commits that are named'
  )
}
