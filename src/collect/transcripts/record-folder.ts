/**
 * A folder in which the records are kept whose digests are signed: `<sha256>.jsonl`, the redacted form, and beside it `<sha256>.json` with
 * what it takes to find again what was said of it. Whoever has both needs nobody's word for it.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { CountersignError } from '../../errors.ts'
import type { ReadTranscript } from '../../model/transcript.ts'
import { systemCode } from '../../platform/files.ts'
import { makeFolders } from '../../platform/folders.ts'
import { redactionRules } from '../redact/secrets.ts'
import type { KeepRecord } from './record-book.ts'

/** Written and renamed; one that `counts` refuses is not kept. Error: `output-failed`. */
export function recordFolder(folder: string, counts: (transcript: ReadTranscript) => boolean): KeepRecord {
  let open: { readonly path: string; readonly file: number } | undefined

  function begin(): { readonly path: string; readonly file: number } {
    makeFolders(folder)
    const path = join(folder, `.countersign-${randomBytes(8).toString('hex')}.tmp`)
    // Transcripts are private: nobody else may read them, whatever the folder allows.
    return { path, file: openSync(path, 'wx', 0o600) }
  }

  function write(path: string, text: string): void {
    const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
    const file = openSync(temporary, 'wx', 0o600)
    try {
      writeSync(file, text)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  }

  function nameRecord(path: string, name: string): void {
    try {
      renameSync(path, name)
    } catch (thrown) {
      rmSync(path)
      throw thrown
    }
  }

  return {
    piece: (bytes) =>
      guarded(folder, () => {
        open ??= begin()
        for (let at = 0; at < bytes.length;) at += writeSync(open.file, bytes, at)
      }),
    end: (transcript) =>
      guarded(folder, () => {
        if (open === undefined) return
        const { path, file } = open
        open = undefined
        closeSync(file)
        if (transcript === undefined || !counts(transcript)) rmSync(path)
        else {
          nameRecord(path, join(folder, `${transcript.digest}.jsonl`))
          write(join(folder, `${transcript.digest}.json`), `${JSON.stringify(cardOf(transcript))}\n`)
        }
      }),
  }
}

function guarded(folder: string, step: () => void): void {
  try {
    step()
  } catch (thrown) {
    throw new CountersignError('output-failed', `${folder} cannot be written (${systemCode(thrown)})`)
  }
}

/** The salt is what makes the hash of the prompts one that nobody can guess who has not got this. */
function cardOf({ format, digest, bytes, redactions, session }: ReadTranscript): object {
  const { tool, session: id, agent, prompts, turns } = session
  return {
    ...{ format, digest: { sha256: digest }, bytes, tool, session: id, agent, turns, prompts },
    redaction: { rules: redactionRules, count: redactions },
  }
}
