/** Transcripts: which are records of a session, what is kept of them, and what they may choose. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const told = 'collect/sessions/transcripts.test.ts'
const claude = 'collect/transcripts/claude-code.test.ts'
const packed = 'collect/transcripts/packed.test.ts'
const names = 'collect/transcripts/hostile-names.test.ts'
const beside = 'collect/transcripts/beside.test.ts'

export const transcripts: readonly Edit[] = [
  ...inFile(
    'collect/transcripts/plain-rows.ts',
    ['collect/transcripts/plain-rows.test.ts'],
    [
      {
        rule: 'A record has the paths of the machine of whoever made it',
        find: 'if (!paths.mayHold(bytes) || !isUtf8(bytes)) return undefined',
        replace: 'if (bytes.length >= 0) return undefined',
      },
      {
        rule: 'What is no text becomes one as its paths are taken out',
        find: ' || !isUtf8(bytes)',
        replace: '',
      },
      {
        rule: 'Two members of one name are one',
        find: 'distinctNames(members.map(([name]) => plain(name)))',
        replace: 'members.map(([name]) => plain(name))',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/redacted-rows.ts',
    ['collect/transcripts/plain-rows.test.ts'],
    [
      {
        rule: 'Two secrets that are names of members become one member',
        find: 'distinctNames(names).map',
        replace: 'names.map',
      },
    ],
  ),
  ...inFile(
    'collect/redact/working-folder.ts',
    ['collect/redact/local-paths.test.ts'],
    [
      {
        rule: 'A call says which folder the session has',
        find: '} else if (!others.has(name)) {',
        replace: '} else {',
      },
    ],
  ),
  ...inFile(
    'attest/reasoning-log.ts',
    ['cli/reasoning-log.test.ts'],
    [
      {
        rule: 'A record that is shown, and is another one than was signed',
        find: 'digest === undefined ? furthest : pinned',
        replace: 'furthest ?? pinned',
      },
      {
        rule: 'A record that says less than another of its session',
        find: 'byProgress(a.progress, b.progress)',
        replace: 'a.entries.length - b.entries.length',
      },
      {
        rule: 'Agents of a session, left out without a word',
        find: 'Math.max(agents.size, transcript?.agents?.length ?? 0)',
        replace: 'agents.size',
      },
    ],
  ),
  ...inFile(
    'reasoning/write-reasoning-log.ts',
    ['cli/reasoning-log.test.ts'],
    [
      {
        rule: 'A log that is said to be the signed one, and is another',
        find: 'digestOf(before) === log.signed?.sha256',
        replace: 'digestOf(before).length === log.signed?.sha256.length',
      },
    ],
  ),
  ...inFile(
    'attest/repository-records.ts',
    ['cli/reasoning-log.test.ts'],
    [
      {
        rule: 'A record in a ref that was altered, and nobody is told',
        find: "refused: [{ name, code: 'record-altered' }]",
        replace: 'refused: []',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/read-records.ts',
    ['cli/reasoning-log.test.ts'],
    [
      {
        rule: 'A record that was altered',
        find: 'hashed.digest.sha256 !== digest',
        replace: 'hashed.size < 0',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/redact-source.ts',
    ['cli/redact.test.ts'],
    [
      {
        rule: 'Bytes in which nobody looks for a secret, passed on as redacted',
        find: 'if (!bytes.includes(0)) return',
        replace: 'return',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/progress.ts',
    [told, 'cli/reasoning-log.test.ts'],
    [
      {
        rule: 'A transcript that is pinned, and has fewer answers than another',
        find: 'a.iterations - b.iterations || ',
        replace: '',
      },
    ],
  ),
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
        rule: 'A file that was named and tells nothing, passed over',
        find: "read.transcripts.length === 0 && file.from === 'file'",
        replace: 'read.transcripts.length < 0',
      },
      {
        rule: 'An agent whose transcript is taken for that of the session',
        find: 'filter(({ session: { agent } }) => agent === undefined)',
        replace: 'filter(() => true)',
      },
    ],
  ),
  ...inFile(
    'collect/sessions/transcript-reader.ts',
    ['collect/sessions/transcript-reader.test.ts'],
    [
      {
        rule: 'Ever more questions, answers and edits of all transcripts, held in memory',
        find: ' || parts > most.transcriptPartsInAll',
        replace: '',
      },
      {
        rule: 'Lines of sessions that no commit names, held in memory',
        find: ' || (!isClaimed && told.commits.length === 0)',
        replace: '',
      },
      {
        rule: 'Transcripts that together take for ever',
        find: ' || bytes > most.transcriptBytesInAll',
        replace: '',
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
    'collect/transcripts/session-sink.ts',
    ['collect/transcripts/hostile.test.ts'],
    [
      {
        rule: 'An edit that is told again, counted twice',
        find: "known !== undefined && known.verdict !== 'undone'",
        replace: "known !== undefined && known.verdict === 'undone'",
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/session-names.ts',
    [names],
    [
      {
        rule: 'Free words that are signed as a model, a version or an agent',
        find: 'name === undefined || hasWordsOf(name)',
        replace: 'name === undefined || hasWordsOf(name) || true',
      },
      {
        rule: 'An agent without an id that may be signed, taken for the session that started it',
        find: 'this.named(sessionId(text), hasWordsOfId) ?? unnamedAgent',
        replace: 'this.named(sessionId(text), hasWordsOfId)',
      },
      {
        rule: 'A transcript of two agents, taken for that of the session',
        find: 'others.length === 0 ? agent : unnamedAgent',
        replace: 'others.length === 0 ? agent : undefined',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/find-transcripts.ts',
    ['collect/transcripts/hostile.test.ts'],
    [
      {
        rule: 'One file that is read as often as it is named',
        find: 'files === undefined ? path : join(path, name)',
        replace: 'join(path, name)',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/session-room.ts',
    ['collect/transcripts/hostile.test.ts'],
    [
      {
        rule: 'Ever more questions, answers and edits of one transcript, held in memory',
        find: '    this.#parts -= 1\n',
        replace: '',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/record-folder.ts',
    ['collect/transcripts/hostile.test.ts'],
    [
      {
        rule: 'A record without its name, which nobody finds to remove',
        find: '        } finally {\n          remove(staged)\n        }',
        replace: '        } finally {\n        }',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/record-book.ts',
    [names],
    [
      {
        rule: 'A salt that anybody knows, under which short prompts can be tried',
        find: 'open.salt.update(bytes)',
        replace: '',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/formats/claude-code.ts',
    [names],
    [
      {
        rule: 'The transcript of a session that holds rows of an agent, taken for that of the agent',
        find: 'if (!isMain) for (const it of agents)',
        replace: 'for (const it of agents)',
      },
    ],
  ),
  ...inFile(
    'collect/sessions/name-words.ts',
    [names],
    [
      {
        rule: 'A sentence put together to one word',
        find: 'sum + Math.ceil(it.length / longest)',
        replace: 'sum + 1',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/read-transcript.ts',
    [names],
    [
      {
        rule: 'What stands behind the first frame of a compressed transcript, passed over',
        find: 'plain.bytesWritten < (await handle.stat()).size',
        replace: 'plain.bytesWritten < 0',
      },
    ],
  ),
  ...inFile(
    'collect/sessions/attribution.ts',
    ['collect/sessions/attribution.test.ts'],
    [
      {
        rule: 'A secret in the path of a file, which would be signed with the change',
        find: '!isUnpublishablePath(path.utf8)',
        replace: 'true',
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
    ['collect/transcripts/reading-pool.test.ts'],
    [
      {
        rule: 'What was half written of a transcript, left in the folder of records',
        find: 'for (const it of open) remove(it)',
        replace: '',
      },
    ],
  ),
  ...inFile(
    'attest/transcripts.ts',
    [told],
    [
      {
        rule: 'Records of sessions that no commit names, kept',
        find: 'read.transcripts.filter(counts)',
        replace: '[...read.transcripts].filter(() => counts !== undefined)',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/staged-records.ts',
    [told],
    [
      {
        rule: 'A record that anybody on the machine may read',
        find: "openSync(path, 'wx', 0o600)",
        replace: "openSync(path, 'wx', 0o644)",
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/packed-text.ts',
    [packed],
    [
      {
        rule: 'A few packed bytes of a database that become any number',
        find: 'Math.min(maxBytes, mostUnpacked(blob.length))',
        replace: 'maxBytes',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/read-database.ts',
    [packed],
    [
      {
        rule: 'Many packed rows that together become more than a database may have',
        find: 'left.bytes -= text?.length ?? 0',
        replace: '',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/formats/cursor-database.ts',
    [packed],
    [
      {
        rule: 'Keys to what Cursor keeps elsewhere that stay in a record',
        find: '!/EncryptionKey$/i.test(name)',
        replace: 'true || name',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/formats/copilot-otel.ts',
    [packed, 'collect/transcripts/formats.test.ts'],
    [
      {
        rule: 'Traces without an index that are gone through again for each span',
        find: '(span TEXT PRIMARY KEY, session TEXT NOT NULL) WITHOUT ROWID',
        replace: '(span TEXT, session TEXT NOT NULL)',
      },
      {
        rule: 'What one agent asks of another that counts as what a person asked',
        find: "row['name'] === 'user_message' && !isWithin(id)",
        replace: "row['name'] === 'user_message'",
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/cursor-contents.ts',
    ['collect/transcripts/cursor-contents.test.ts'],
    [
      {
        rule: 'Contents of edited files without an index of them, each of which is looked for in the whole table',
        find: "columns.length === 1 && columns[0] === 'key'",
        replace: 'columns.length < 3',
      },
      {
        rule: 'The same large contents, named again and again',
        find: '    left -= text?.length ?? 0\n',
        replace: '',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/formats/kiro-rows.ts',
    [beside],
    [
      {
        rule: 'What lies beside a record that was kept, which becomes a part of it',
        find: '(uuidInName(file) === undefined ? file : ',
        replace: '(',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/formats/kiro-messages.ts',
    ['collect/transcripts/formats.test.ts'],
    [
      {
        rule: 'An edit that a person refused, counted as made because its call came to an end',
        find: " || decided.get(call) === 'refused'",
        replace: '',
      },
      {
        rule: 'What a hook said, counted as what a person asked',
        find: "payload['source'] !== 'hook' && ",
        replace: '',
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/beside.ts',
    [beside],
    [
      {
        rule: 'A link beside a transcript that chooses what stands in its record',
        find: "JSON.stringify(name), 'refuse')",
        replace: "JSON.stringify(name), 'follow')",
      },
    ],
  ),
  ...inFile(
    'collect/transcripts/read-transcript.ts',
    ['collect/transcripts/lines.test.ts'],
    [
      {
        rule: 'Lines that are no rows, of which each is looked at for as long as it takes',
        find: 'if (broken > mostBroken)',
        replace: 'if (broken > Infinity)',
      },
    ],
  ),
]
