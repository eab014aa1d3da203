/** What a checkpoint can hold that does not count, or not wholly: code → meaning. */
export const checkpointFindings = {
  'checkpoint-id-invalid': 'a pointer to a checkpoint that can be the id of none',
  'checkpoint-missing': 'a checkpoint that a commit names, and that no store in this clone has',
  'checkpoint-differs': 'a checkpoint that two stores have with different contents; one of them was read',
  'checkpoint-malformed': 'a checkpoint, or a session in it, that could not be read',
  'checkpoint-too-large': 'a part of a checkpoint that was not read',
  'checkpoint-limit': 'pointers or sessions beyond the most that count',
  'checkpoint-transcript-missing': 'a session whose transcript is not here: it stays a claim',
  'checkpoint-session-mismatch': 'a transcript that does not name the session of its checkpoint alone: it is no record',
  'checkpoint-row-broken': 'rows of a transcript that were cut off or are no JSON',
  'checkpoint-hash-stale':
    'a transcript whose hash in the checkpoint is that of other bytes; it counts as it is stored',
  'checkpoint-parent-unclear':
    'a transcript that names several sessions which started its own, or itself: none of them counts',
  'checkpoint-origin-unknown':
    'transcripts of which git could not tell who brought them in: no signature of theirs counts',
  'transcript-edits-cut': 'a transcript with more questions, answers, edits or edited lines than are kept',
  'format-newer': 'a record in a later format, read as far as it fits',
  'session-id-invalid': 'an id that cannot be one',
} as const

export type CheckpointCode = keyof typeof checkpointFindings

/** Tells of a checkpoint, by its id; `detail` holds ids and numbers, nothing else. */
export type Problem = (code: CheckpointCode, checkpoint: string, detail: string) => void
