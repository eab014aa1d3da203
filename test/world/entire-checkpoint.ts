/** Checkpoints as Entire stores them, for tests. */
import type { Scratch } from './scratch-repository.ts'

/** Path in the folder of a checkpoint → contents. */
export interface CheckpointFiles {
  readonly [path: string]: string | Buffer
}

export const branch = 'refs/heads/entire/checkpoints/v1'

const uuid = '11111111-2222-4333-8444-555555555555'

/** A row of Claude Code; `text` is what somebody typed. */
export function claudeRow(session: string = uuid, more: object = {}): string {
  return `${JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    cwd: '/home/ann/work',
    sessionId: session,
    version: '2.1.29',
    type: 'assistant',
    message: { id: 'msg_1', model: 'claude-opus-4-6', role: 'assistant', content: [{ type: 'text', text: 'done' }] },
    uuid: 'aaaaaaaa-0000-4000-8000-000000000000',
    timestamp: '2026-02-01T10:00:00.000Z',
    ...more,
  })}\n`
}

/** Rows of Codex. */
export function codexRows(session: string, more: object = {}): string {
  const payload = { id: session, cli_version: '0.130.0', ...more }
  const rows = [
    { timestamp: '2026-02-01T10:00:00.000Z', type: 'session_meta', payload },
    { timestamp: '2026-02-01T10:01:00.000Z', type: 'turn_context', payload: { model: 'gpt-5.4' } },
  ]
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

/** What Codex says of a thread that another one started. */
export function spawnedBy(parent: unknown, role?: string): object {
  return { source: { subagent: { thread_spawn: { parent_thread_id: parent, depth: 1, agent_role: role ?? null } } } }
}

/** The metadata of a session. */
export function sessionMetadata(id: string, session: string = uuid, more: object = {}): string {
  return JSON.stringify({
    checkpoint_id: id,
    session_id: session,
    strategy: 'manual-commit',
    created_at: '2026-02-01T11:00:00.123456+01:00',
    agent: 'Claude Code',
    files_touched: ['a.txt'],
    ...more,
  })
}

/** The metadata of a checkpoint with so many sessions. */
export function checkpointMetadata(id: string, sessions = 1, more: object = {}): string {
  return JSON.stringify({ checkpoint_id: id, strategy: 'manual-commit', sessions: Array(sessions).fill({}), ...more })
}

/** A whole checkpoint: each session is its metadata and its transcript. */
export function checkpoint(
  id: string,
  ...sessions: readonly (readonly [metadata: string, transcript: string])[]
): CheckpointFiles {
  const folders = sessions.flatMap(([metadata, transcript], at) => [
    [`${at}/metadata.json`, metadata],
    [`${at}/full.jsonl`, transcript],
  ])
  return {
    'metadata.json': checkpointMetadata(id, sessions.length),
    ...(Object.fromEntries(folders) as CheckpointFiles),
  }
}

/** Puts a checkpoint on the branch, beside those that are there. */
export function storeOnBranch(scratch: Scratch, id: string, files: CheckpointFiles, ref: string = branch): void {
  store(scratch, ref, `${id.slice(0, 2)}/${id.slice(2)}/`, files)
}

/** Gives a checkpoint a ref of its own; `folder` is the path in its tree. */
export function storeInRef(scratch: Scratch, id: string, files: CheckpointFiles, folder = '', before = 'refs/'): void {
  store(scratch, `${before}entire/checkpoints/${id.slice(-2)}/${id}`, folder, files)
}

/** By one git: a commit on top of what the ref names. */
function store(scratch: Scratch, ref: string, folder: string, files: CheckpointFiles): void {
  const data = (contents: string | Buffer): Buffer =>
    Buffer.concat([
      Buffer.from(`data ${Buffer.byteLength(contents)}\n`),
      Buffer.from(contents as string),
      Buffer.from('\n'),
    ])
  const isThere = known(scratch).has(ref)
  known(scratch).add(ref)
  scratch.git(
    ['fast-import', '--quiet'],
    Buffer.concat([
      Buffer.from(`commit ${ref}\ncommitter Ann <ann@example.org> 1700000000 +0000\n`),
      data('Checkpoint'),
      Buffer.from(isThere ? `from ${ref}^0\n` : ''),
      ...Object.entries(files).map(([path, contents]) =>
        Buffer.concat([Buffer.from(`M 100644 inline ${folder}${path}\n`), data(contents)]),
      ),
    ]),
  )
}

const refsOf = new WeakMap<Scratch, Set<string>>()

function known(scratch: Scratch): Set<string> {
  const refs = refsOf.get(scratch) ?? new Set<string>()
  refsOf.set(scratch, refs)
  return refs
}
