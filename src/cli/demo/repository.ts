/** The repository of the demonstration: two changes with AI, one of them a squashed request whose session left a record. */
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { artifact, source } from './stage.ts'
import type { Stage } from './stage.ts'

/** Full ids. */
export interface DemoRepository {
  /** What is released. */
  readonly released: string
  /** Request 7: what it became, and its head. */
  readonly change: string
  readonly head: string
  /** What the agent wrote down of its session. */
  readonly record: string
}

/** The session that wrote request 7. */
export const session = '7d3f0c52-5a1e-4d5b-9c33-7f1f2f0a9e10'
const checkpoint = 'c0ffee000007'

/** Commits, a request, a note, a record, a tag and an artifact. */
export async function makeRepository({ folder, git, now }: Stage): Promise<DemoRepository> {
  const commit = async (file: string, text: string, ...message: readonly string[]): Promise<string> => {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
    await git('add', '--all')
    await git('commit', '--quiet', ...message.flatMap((paragraph) => ['-m', paragraph]))
    return git('rev-parse', 'HEAD')
  }
  await mkdir(folder)
  await git('init', '--quiet', '--initial-branch=main')
  await git('remote', 'add', 'origin', `${source}.git`)
  await writeFile(join(folder, '.gitignore'), 'dist/\n')
  await commit('README', 'widget\n', 'Begin')
  await git('tag', 'v1.0.0')

  // A request as a forge publishes it; its commit names the checkpoint that the agent's recorder has made.
  await git('checkout', '--quiet', '--detach')
  const parse = 'export const parse = (text) => JSON.parse(text)\n'
  const said = `Entire-Checkpoint: ${checkpoint}\nCo-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>`
  const head = await commit('parse.js', parse, 'Parse widgets', said)
  await git('update-ref', 'refs/pull/7/head', head)
  await git('checkout', '--quiet', 'main')
  await git('merge', '--quiet', '--squash', head)
  const change = await commit('parse.js', parse, 'Parse widgets (#7)', 'Fixes #3')

  const noted = await commit('limit.js', 'export const limit = 100\nexport const retries = 3\n', 'Limit widgets')
  await git('notes', '--ref=ai', 'add', '-m', gitAiNote(noted), noted)
  const released = await commit('README', 'widget 1.1.0\n', 'Release 1.1.0')
  await git('tag', 'v1.1.0')
  await mkdir(join(folder, 'dist'))
  await git('archive', '--format=tgz', `--output=${artifact}`, 'HEAD')

  // The branch where Entire keeps its checkpoints.
  const record = `${JSON.stringify({
    ...{ type: 'assistant', sessionId: session, uuid: 'aaaaaaaa-0000-4000-8000-000000000000', version: '2.1.240' },
    timestamp: now().toISOString(),
    message: { id: 'msg_1', model: 'claude-opus-4-6', role: 'assistant', content: [{ type: 'text', text: 'Done.' }] },
  })}\n`
  const place = `${checkpoint.slice(0, 2)}/${checkpoint.slice(2)}`
  const metadata = { checkpoint_id: checkpoint, strategy: 'manual-commit' }
  const told = { ...metadata, session_id: session, created_at: now().toISOString(), agent: 'Claude Code' }
  await git('checkout', '--quiet', '--orphan', 'entire/checkpoints/v1')
  await git('rm', '-r', '--quiet', '--force', '.')
  await mkdir(join(folder, place, '0'), { recursive: true })
  await writeFile(join(folder, place, 'metadata.json'), JSON.stringify({ ...metadata, sessions: [{}] }))
  await writeFile(join(folder, place, '0/metadata.json'), JSON.stringify(told))
  await writeFile(join(folder, place, '0/full.jsonl'), record)
  await git('add', place)
  await git('commit', '--quiet', '-m', `Checkpoint ${checkpoint}`)
  await git('checkout', '--quiet', 'main')
  return { released, change, head, record }
}

/** A note as git-ai writes it (authorship/3.0.0): one session, two lines of limit.js. */
function gitAiNote(commit: string): string {
  const id = '0b9fd4c2-6a1e-4d5b-9c33-7f1f2f0a9e11'
  const key = `s_${createHash('sha256').update(`cursor:${id}`).digest('hex').slice(0, 14)}`
  const metadata = {
    schema_version: 'authorship/3.0.0',
    base_commit_sha: commit,
    prompts: {},
    sessions: { [key]: { agent_id: { tool: 'cursor', id, model: 'gpt-5.2-codex' } } },
  }
  return `limit.js\n  ${key}::t_00000000000001 1-2\n---\n${JSON.stringify(metadata)}`
}
