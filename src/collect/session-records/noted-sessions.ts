/**
 * The sessions that hooks of agents noted in a clone (`<git>/countersign/sessions/<tool>/<id>.json`): where the transcript of each is. They
 * are local, and of no weight: what is recorded is what the transcript says.
 */
import { readdir } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import * as z from 'zod/mini'
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { readRegularFile } from '../../platform/files.ts'
import { askGit } from '../git/process.ts'
import type { Repository } from '../git/repository.ts'
import { recordJson } from '../sessions/record-json.ts'
import { sessionId } from '../sessions/session-id.ts'

export interface NotedSession {
  readonly tool: string
  readonly session: string
  /** Absolute path. */
  readonly transcript: string
}

const noted = z.object({
  v: z.literal(1),
  tool: z.string().check(z.regex(/^[a-z0-9-]{1,60}$/)),
  session: z.string(),
  transcript: z.optional(z.string()),
})

/** Those with a transcript, in the order of their files; what cannot be read is passed over. Error: `git-failed`. */
export async function notedSessions({ git }: Repository): Promise<readonly NotedSession[]> {
  const common = await askGit(git, ['rev-parse', '--path-format=absolute', '--git-common-dir'])
  const folder = join(common, 'countersign/sessions')
  const sessions: NotedSession[] = []
  for (const tool of await namesIn(folder)) {
    for (const name of await namesIn(join(folder, tool))) {
      if (sessions.length === limits.notedSessions) return sessions
      const it = name.endsWith('.json') ? await readNoted(join(folder, tool, name)) : undefined
      if (it !== undefined) sessions.push(it)
    }
  }
  return sessions
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort()
}

async function readNoted(path: string): Promise<NotedSession | undefined> {
  const bytes = await readRegularFile(path, limits.notedSessionBytes, 'a noted session', 'refuse').catch(
    (thrown: unknown) => {
      if (thrown instanceof CountersignError || typeof (thrown as NodeJS.ErrnoException).code === 'string')
        return undefined
      throw thrown
    },
  )
  const read = bytes === undefined ? undefined : recordJson(bytes, bytes.length)
  const { data } = noted.safeParse(read !== undefined && 'json' in read ? read.json : undefined)
  if (data?.transcript === undefined || !isAbsolute(data.transcript)) return undefined
  const session = sessionId(data.session)
  return session === undefined ? undefined : { tool: data.tool, session, transcript: data.transcript }
}

/** The sessions that the newest commits of this clone name, as `tool:id`. Error: `git-failed`. */
export async function sessionsNamedHere({ git }: Repository): Promise<ReadonlySet<string>> {
  const args = ['rev-list', '--no-walk', '--max-count=1', '--branches', 'HEAD']
  if ((await askGit(git, args).catch(() => '')) === '') return new Set()
  const most = `--max-count=${String(limits.pendingCommits)}`
  const format = '--format=%(trailers:key=AI-Session-ID,valueonly=true)'
  const said = await askGit(git, ['log', most, '--branches', format, 'HEAD', '--'])
  return new Set(said.split('\n').filter((it) => it !== ''))
}
