/** Records that are in refs of the clone, read as a folder of kept ones is: the same bytes under the same names. */
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { CountersignError, attemptAsync } from '../errors.ts'
import { openRepository } from '../collect/git/repository.ts'
import type { Repository } from '../collect/git/repository.ts'
import { readRecord, readSessionRecord } from '../collect/session-records/read-record.ts'
import { readRecordFolder } from '../collect/transcripts/read-records.ts'
import type { ReadRecords } from '../collect/transcripts/read-records.ts'
import type { NotLooked } from '../model/reasoning-log.ts'
import { withTemporaryFolder } from '../platform/temporary-folder.ts'
import type { World } from '../platform/world.ts'

type RecordsFound = Pick<ReadRecords, 'records' | 'refused'> & { readonly notLooked?: NotLooked | undefined }

/** Those of these digests (SHA-256, hex); none where nobody can look into a clone, with the reason. Error: `git-failed`. */
export async function recordsInRepository(
  digests: readonly string[],
  { cwd, env, platform }: World,
): Promise<RecordsFound> {
  const none = { records: [], refused: [] }
  if (digests.length === 0) return none
  const repository = await attemptAsync(() => openRepository(cwd, { env, platform }))
  if (repository instanceof CountersignError) {
    // A bundle is also read by who has neither clone nor git.
    if (repository.code === 'git-no-repository') return { ...none, notLooked: 'no-repository' }
    if (repository.code !== 'git-failed') throw repository
    return { ...none, notLooked: repository.message.includes('another user owns it') ? 'not-trusted' : 'git-failed' }
  }
  const read: RecordsFound[] = []
  for (const digest of new Set(digests)) read.push(await readOne(repository, digest))
  return { records: read.flatMap((it) => it.records), refused: read.flatMap((it) => it.refused) }
}

/** One at a time: a record may be large, and is read from a file. */
async function readOne(repository: Repository, digest: string): Promise<RecordsFound> {
  const name = `${digest}.jsonl`
  return withTemporaryFolder('log', async (folder) => {
    const written = await attemptAsync(async () => {
      const pieces = await readSessionRecord(repository, digest)
      if (pieces === undefined) return
      const { card } = (await readRecord(repository, digest)) ?? {}
      await writeFile(join(folder, `${digest}.json`), JSON.stringify(card), { mode: 0o600 })
      await pipeline(pieces, createWriteStream(join(folder, name), { mode: 0o600 }))
    })
    if (written instanceof CountersignError) {
      if (written.code === 'git-failed') throw written
      return { records: [], refused: [{ name, code: 'record-altered' }] }
    }
    return readRecordFolder(folder)
  })
}
