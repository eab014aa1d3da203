/** Transcripts: which are records of a session, what is kept of them, and what they may choose. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const told = 'collect/sessions/transcripts.test.ts'
const claude = 'collect/transcripts/claude-code.test.ts'

export const transcripts: readonly Edit[] = [
  ...inFile(
    'collect/sessions/transcript-reader.ts',
    [told],
    [
      {
        rule: 'A session of another tool with the same id',
        find: 'tools !== undefined && (tools.has(tool) || tools.has(unknownTool))',
        replace: 'tools !== undefined',
      },
      {
        rule: 'Transcripts of sessions that no commit names',
        find: "if (file.from !== 'own' || mayBeClaimed(file.name, claimed)) yield file",
        replace: 'yield file',
      },
      {
        rule: 'An agent whose transcript is taken for that of the session',
        find: 'filter(({ session: { agent } }) => agent === undefined)',
        replace: 'filter(() => true)',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/session-sink.ts',
    [claude],
    [
      {
        rule: 'Rows of another session that are taken for its own',
        find: 'own === undefined ? undefined : parts.get(own)].filter',
        replace: '...parts.values()].filter',
      },
    ],
  ),
  ...inFile(
    'attest/transcripts.ts',
    [told],
    [
      {
        rule: 'A link in the checkout that chooses what is read',
        find: 'await refuseLinksBelow(root, path)',
        replace: '',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/record-folder.ts',
    [told],
    [
      {
        rule: 'A record that anybody on the machine may read',
        find: "openSync(path, 'wx', 0o600)",
        replace: "openSync(path, 'wx', 0o644)",
      },
      {
        rule: 'Records of sessions that no commit names, kept',
        find: 'transcript === undefined || !counts(transcript)',
        replace: 'transcript === undefined',
      },
    ],
  ),
]
