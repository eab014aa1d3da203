/** What can be wrong with a transcript. What is sound in it counts all the same, unless the row says otherwise. */
export const transcriptFindings = {
  'transcript-unknown': 'a file that was named and is no transcript of a known form: nothing of it counts',
  'transcript-unreadable': 'a transcript that cannot be read: nothing of it counts',
  'transcript-malformed': 'a transcript whose form is known and which is broken: nothing of it counts',
  'transcript-too-large': 'a transcript that is larger than is read: nothing of it counts',
  'transcript-row-broken': 'rows of a transcript that are no good JSON, or not of its form, do not count',
  'transcript-cut': 'the last row of a transcript is half there: it was cut, or is still being written',
  'transcript-session-missing': 'a transcript that names no session, so that it can be the record of none',
  'transcript-session-unclear':
    'a transcript that names several sessions as its own, so that it can be the record of none',
  'transcript-parent-unclear': 'a transcript that names several sessions, or its own, as what started it: none counts',
  'transcript-edits-cut': 'a transcript with more edited lines than are kept: what it wrote is known in part',
  'transcript-incomplete': 'a transcript that says there is more of it, which is not there',
  'transcript-limit': 'more transcripts than are read: the rest was not looked at',
  'format-newer': 'a newer form of a transcript than this version knows, read as far as it fits',
} as const
export type TranscriptCode = keyof typeof transcriptFindings
