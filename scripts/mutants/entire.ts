/** Checkpoints of Entire: what points to a session, and which transcript is a record of it. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const judged = 'collect/sessions/entire/stored-session.test.ts'
const whole = 'collect/sessions/entire/entire-checkpoint.test.ts'

export const entire: readonly Edit[] = [
  ...inFile(
    'collect/git/blob-parts.ts',
    [whole],
    [
      {
        rule: 'A transcript that was put in the place of another, under its id',
        find: "hash.digest('hex') !== id",
        replace: 'false',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/entire/transcript.ts',
    ['collect/sessions/entire/transcript.test.ts'],
    [
      {
        rule: 'Two sessions that are each a copy of the other, taken for one',
        find: 'return own.size === 0 ? ids : own',
        replace: 'return own.size === 0 ? new Set([...ids].slice(0, 1)) : own',
      },
      {
        rule: 'A session whose transcript holds a copy of another, which counts for neither',
        find: 'const own = new Set([...ids].filter((it) => !copied.has(it)))',
        replace: 'const own = new Set(copied.size < 0 ? [] : ids)',
      },
      {
        rule: 'A session that is told to have been started by what it was copied from',
        find: "copied: new Set(all('payload.forked_from_id')),",
        replace:
          "copied: new Set(all('payload.forked_from_id')), ...{ parents: new Set(all('payload.forked_from_id')) },",
      },
    ],
  ),

  ...inFile(
    'collect/sessions/parent-loops.ts',
    ['collect/sessions/join.test.ts'],
    [
      {
        rule: 'Sessions that started each other, in what is signed',
        find: 'if (!onLoop.has(it)) return it',
        replace: 'if (sessions.length > 0) return it',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/entire/stored-session.ts',
    [judged],
    [
      {
        rule: 'One of two sessions that are both said to have started a third',
        find: 'if (others.length > 0 || said === session) {',
        replace: 'if (said === session) {',
      },
      {
        rule: 'An address or a path in the place of what started a session',
        find: 'const parent = sessionId(said)',
        replace: 'const parent = said.length > 0 ? said : sessionId(said)',
      },
      {
        rule: 'The transcript of another session, taken for a record',
        find: 'return facts.ids.size === 1 && facts.ids.has(session)',
        replace: 'return true',
      },
      {
        rule: 'A transcript of several sessions, taken for the record of one',
        find: 'return facts.ids.size === 1 && facts.ids.has(session)',
        replace: 'return facts.ids.has(session)',
      },
      {
        rule: 'What the transcript of another session says, taken for this one',
        find: 'const facts = isRecord ? transcript?.facts : undefined',
        replace: 'const facts = transcript?.facts',
      },
      {
        rule: 'Any text of a checkpoint as the name of a tool',
        find: 'return named ?? shape ?? unknownTool',
        replace: 'return named ?? agent ?? shape ?? unknownTool',
      },
      {
        rule: 'Any text of a transcript as a version',
        find: 'version === undefined ? undefined : toolVersion(version)',
        replace: 'version',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/entire/checkpoints.ts',
    [whole],
    [
      {
        rule: 'A session that was copied from another checkpoint',
        find: 'else if (metadata.checkpoint !== id)',
        replace: 'else if (false)',
      },
      {
        rule: 'A checkpoint that was copied from another one',
        find: 'isOther = metadata.checkpoint !== id',
        replace: 'isOther = false',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/entire/transcripts.ts',
    ['collect/sessions/entire/transcripts.test.ts'],
    [
      {
        rule: 'Transcripts without a bound on all of them',
        find: 'Math.min(transcriptBytes, left)',
        replace: 'transcriptBytes',
      },
      {
        rule: 'A transcript without one of its parts',
        find: "open.failure = 'missing'",
        replace: '',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/entire/json-members.ts',
    ['collect/sessions/entire/json-members.test.ts'],
    [
      {
        rule: 'What somebody typed behind a row, taken for a row',
        find: 'if (isSpoiled || isArray) untracked = 1',
        replace: 'if (isArray) untracked = 1',
      },
      {
        rule: 'A string that goes on over the end of its line',
        find: 'if (byte === quote || byte === lineFeed) return at',
        replace: 'if (byte === quote) return at',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/entire/stores.ts',
    [whole],
    [
      {
        rule: 'One checkpoint in two stores, with different files',
        find: '&& !isSame(known.files, files)',
        replace: '&& false',
      },
      {
        rule: 'Sessions of a checkpoint without a bound',
        find: 'if (Number(path) < limits.sessionsPerCommit) return true',
        replace: 'return true',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/readers/entire-checkpoint.ts',
    [whole],
    [
      {
        rule: 'A store that was not fetched, told as nothing',
        find: 'if (!hasStore) return absence',
        replace: 'if (!hasStore) return undefined',
      },
      {
        rule: 'A pointer to nothing that nobody tells of',
        find: 'if (!checkpoints.has(id)) look.finding(',
        replace: 'if (false) look.finding(',
      },
    ],
  ),
]
