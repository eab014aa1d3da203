/** What can be wrong with a transcript. What is sound in it counts all the same, but for those of which nothing does (`model/uncounted.ts`). */
export const transcriptFindings = {
  'transcript-unknown': 'a file that was named and is no transcript of a known form',
  'transcript-unreadable': 'a transcript that could not be read',
  'transcript-malformed': 'a transcript whose form is known and which is broken',
  'transcript-too-large': 'a transcript that is larger than is read',
  'transcript-row-broken': 'rows of a transcript that are no good JSON, or not of its form',
  'transcript-cut': 'a transcript whose last row is half there',
  'transcript-session-missing': 'a transcript that names no session: it can be the record of none',
  'transcript-session-unclear': 'a transcript that names several sessions as its own: it is the record of none',
  'transcript-parent-unclear':
    'a transcript that names several sessions, or its own, as what started it: none of them counts',
  'transcript-name-unclear':
    'a transcript in which free words stand for a model, a version, an agent or a session: that name does not count',
  'transcript-edits-cut': 'a transcript with more questions, answers, edits or edited lines than are kept',
  'transcript-incomplete': 'a transcript that says there is more of it, which is not there',
  'transcript-limit': 'more transcripts than are read: the rest was not looked at',
  'format-newer': 'a record in a later format, read as far as it fits',
} as const
export type TranscriptCode = keyof typeof transcriptFindings
