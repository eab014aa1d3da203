/**
 * The records of one file while it is read, by whichever thread reads it: each in a folder of that file under its digest. Whoever keeps the
 * order of the files gives them their names (`record-folder.ts`).
 */
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CountersignError } from '../../errors.ts'
import { systemCode } from '../../platform/files.ts'
import { makeFolders } from '../../platform/folders.ts'
import type { KeepRecord } from './record-book.ts'

/** `staged`: a folder in that of the records, made when there is something to write. Error: `output-failed`. */
export function stageRecords(staged: string): KeepRecord {
  let open: { readonly path: string; readonly file: number } | undefined

  function begin(): { readonly path: string; readonly file: number } {
    makeFolders(staged)
    const path = join(staged, `${randomBytes(8).toString('hex')}.tmp`)
    // Transcripts are private: nobody else may read them, whatever the folder allows.
    return { path, file: openSync(path, 'wx', 0o600) }
  }

  return {
    piece: (bytes) =>
      written(dirname(staged), () => {
        open ??= begin()
        for (let at = 0; at < bytes.length;) at += writeSync(open.file, bytes, at)
      }),
    end: (transcript) =>
      written(dirname(staged), () => {
        if (open === undefined) return
        const { path, file } = open
        open = undefined
        closeSync(file)
        if (transcript === undefined) rmSync(path)
        else renameSync(path, join(staged, transcript.digest))
      }),
  }
}

/** What the system says about a step in the folder of the records. Error: `output-failed`. */
export function written(folder: string, step: () => void): void {
  try {
    step()
  } catch (thrown) {
    throw new CountersignError('output-failed', `${folder} cannot be written (${systemCode(thrown)})`)
  }
}
