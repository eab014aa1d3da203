/**
 * A folder in which the records are kept whose digests are signed: `<sha256>.jsonl`, the redacted form, and beside it `<sha256>.json` with
 * what it takes to find again what was said of it. Whoever has both needs nobody's word for it.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { ReadTranscript } from '../../model/transcript.ts'
import { ruleSet } from '../redact/rule-set.ts'
import { redactionRules } from '../redact/secrets.ts'
import { written } from './staged-records.ts'

export interface RecordFolder {
  /** A folder within for the records of one file, while that is read (`stageRecords`). It is there from the first byte on. */
  readonly stage: () => string
  /** Of what was written there, those have their names from now on; the rest is gone. Error: `output-failed`. */
  keep(staged: string, transcripts: readonly ReadTranscript[]): void
  /** What is still staged goes: nothing writes there any more. */
  close(): void
}

/** Of two records that are the same the later one stays. */
export function recordFolder(folder: string): RecordFolder {
  const open = new Set<string>()

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

  function remove(staged: string): void {
    rmSync(staged, { recursive: true, force: true })
    open.delete(staged)
  }

  return {
    stage() {
      const staged = join(folder, `.countersign-${randomBytes(8).toString('hex')}.tmp`)
      open.add(staged)
      return staged
    },
    keep(staged, transcripts) {
      written(folder, () => {
        try {
          for (const [digest, it] of new Map(transcripts.map((it) => [it.digest, it]))) {
            renameSync(join(staged, digest), join(folder, `${digest}.jsonl`))
            write(join(folder, `${digest}.json`), `${JSON.stringify(cardOf(it))}\n`)
          }
        } finally {
          remove(staged)
        }
      })
    },
    close() {
      for (const it of open) remove(it)
    },
  }
}

/** The salt is what makes the hash of the prompts one that nobody can guess who has not got this. */
export function cardOf({ format, digest, bytes, redactions, paths, session }: ReadTranscript): object {
  const { tool, session: id, agent, prompts, turns } = session
  return {
    ...{ format, digest: { sha256: digest }, bytes, tool, session: id, agent, turns, prompts },
    redaction: { rules: redactionRules, ruleSet: { sha256: ruleSet }, count: redactions, paths },
  }
}
