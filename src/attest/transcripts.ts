/** Which transcripts are read for a release, from what the caller named. */
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { CountersignError, option } from '../errors.ts'
import type { GivenTranscripts } from '../collect/sessions/transcript-reader.ts'
import type { FileRead } from '../collect/transcripts/file-read.ts'
import type { Surroundings } from '../collect/transcripts/find-transcripts.ts'
import type { ReadTranscript } from '../model/transcript.ts'
import { isFile, isFolder } from '../platform/files.ts'
import { refuseLinksBelow } from '../platform/links.ts'
import type { World } from '../platform/world.ts'
import type { StatementRequest } from './request.ts'

/** The part of a request that says it. */
export type TranscriptsRequest = Pick<StatementRequest, 'transcripts' | 'localTranscripts' | 'keepRecords' | 'portal'>

/**
 * Undefined where nobody asked for any. `root`: of the checkout, wherever in it this runs. Errors, before anything else is done: `path-missing`, `symlink-in-checkout` (whoever commits must not
 * choose what is read or where is written), `usage`.
 */
export async function askedTranscripts(
  { transcripts = [], localTranscripts, keepRecords, portal }: TranscriptsRequest,
  root: string,
  world: World,
): Promise<GivenTranscripts | undefined> {
  const { cwd, env } = world
  if (transcripts.length === 0 && localTranscripts === undefined) {
    // A portal's summaries are kept there, too.
    if (keepRecords === undefined || portal !== undefined) return undefined
    throw new CountersignError('usage', `${option('keepRecords')} needs transcripts (${option('transcripts')})`, {
      option: 'transcripts',
    })
  }
  for (const it of transcripts) {
    const path = resolve(cwd, it)
    await refuseLinksBelow(root, path)
    if (!(await isFile(path)) && !(await isFolder(path))) {
      throw new CountersignError('path-missing', `${JSON.stringify(it)} is no file and no folder`, {
        option: 'transcripts',
      })
    }
  }
  const folder = keepRecords === undefined ? undefined : resolve(cwd, keepRecords)
  if (folder !== undefined) await refuseLinksBelow(root, folder)
  const around: Surroundings = { cwd, env, platform: world.platform, home: env['HOME'] ?? homedir() }
  let count = 0
  return {
    async *files() {
      const { placedFiles } = await import('./transcript-parts.ts')
      yield* placedFiles({ named: transcripts, areOwn: localTranscripts === true }, around)
    },
    async *readEach(files, counts) {
      const { readEach, recordFolder } = await import('./transcript-parts.ts')
      const records = folder === undefined ? undefined : recordFolder(folder)
      try {
        for await (const it of readEach(files, { stage: records?.stage })) {
          count += 1
          world.progress(`reading transcripts: ${count}`, 'step')
          const { read, staged } = it
          if (staged !== undefined) records?.keep(staged, counting(read, counts))
          yield it
        }
      } finally {
        records?.close()
      }
    },
  }
}

/** Those of a file whose records are kept. */
function counting(read: FileRead | undefined, counts: (transcript: ReadTranscript) => boolean): ReadTranscript[] {
  return read === undefined || 'problem' in read ? [] : read.transcripts.filter(counts)
}
