/** A small file beside a transcript that says what its rows do not. */
import { dirname, join } from 'node:path'
import { CountersignError } from '../../errors.ts'
import { readRegularFile } from '../../platform/files.ts'
import { recordJson } from '../sessions/record-json.ts'
import { objectIn } from './members.ts'
import type { Row } from './redacted-rows.ts'

/** Settings of a session: the largest seen has 500 bytes. */
const settingsBytes = 64 * 1024

/**
 * As a row of the record, `beside` with its name and `json` with what it holds, so that the digest is of it, too. Undefined where there is none
 * that can be read; a link is never followed, for nobody named that file.
 */
export async function rowBeside(
  transcript: string,
  name: string,
  mostBytes: number = settingsBytes,
): Promise<Row | undefined> {
  try {
    const content = await readRegularFile(join(dirname(transcript), name), mostBytes, JSON.stringify(name), 'refuse')
    const read = recordJson(content, mostBytes)
    if (!('json' in read) || objectIn(read.json) === undefined) return undefined
    const json = { beside: name, json: read.json }
    return { bytes: Buffer.from(JSON.stringify(json)), json }
  } catch (thrown) {
    const isSystem = typeof (thrown as NodeJS.ErrnoException).code === 'string'
    if (thrown instanceof CountersignError || isSystem) return undefined
    throw thrown
  }
}
