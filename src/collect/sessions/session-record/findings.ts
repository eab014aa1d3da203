/** What can be wrong with session records in a repository: code → meaning. */
export const sessionRecordFindings = {
  'session-record-malformed': 'a ref of a session record that names something else, or more than a record',
  'session-record-other-digest': 'a session record whose ref is named by the digest of other bytes',
  'session-record-mismatch': 'a session record whose transcript, card and commit are not of one session',
  'session-record-untold': 'a session record of a form that cannot be told from its bytes: what its card says counts',
  'session-record-outranked':
    'a session record that nobody who counts signed, of a session that has one which somebody did',
  'session-record-replaced':
    'a session record that another one replaces, whose redaction is signed by somebody who counts',
  'session-record-redaction-unsigned':
    'a redaction of a session record that nobody who counts signed: it replaces nothing',
  'session-record-redaction-mismatch':
    'a session record whose redaction cannot be read, or is of another record: nothing of either counts',
  'session-record-redaction-loop': 'redactions of session records that lead to no newest one: they replace nothing',
  'session-record-too-large': 'a session record that was not read',
  'session-record-limit': 'session records beyond the most that are looked at',
  'transcript-edits-cut': 'a transcript with more questions, answers, edits or edited lines than are kept',
} as const
export type SessionRecordCode = keyof typeof sessionRecordFindings
