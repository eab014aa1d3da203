/** Files of receipts that the caller names: one a line, or folders with such files. */
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { CountersignError, option } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { isFolder, namedFile, readRegularFile, systemCode } from '../../platform/files.ts'

/**
 * Each line that is not empty. Of a folder all files that lie in it, but for hidden ones; a link in it is none. Errors: `path-missing`,
 * `input-too-large`, and those of reading a file.
 */
export async function readReceiptFiles(paths: readonly string[]): Promise<readonly Uint8Array[]> {
  const receipts: Uint8Array[] = []
  let bytes = 0
  for (const path of paths) {
    for (const file of await filesAt(path)) {
      const content = await readRegularFile(
        file.path,
        limits.receiptFileBytes,
        namedFile('a file of receipts', basename(file.path)),
        file.links,
      )
      bytes += content.length
      if (bytes > limits.receiptFileBytes) throw tooMany(`more than ${limits.receiptFileBytes} bytes`)
      receipts.push(...receiptLines(content))
      if (receipts.length > limits.receipts) throw tooMany(`more than ${limits.receipts}`)
    }
  }
  return receipts
}

/** Bytes of the file, not copied. */
export function receiptLines(content: Buffer): Uint8Array[] {
  const lines: Uint8Array[] = []
  for (let start = 0; start < content.length && lines.length <= limits.receipts;) {
    const feed = content.indexOf(0x0a, start)
    const end = feed < 0 ? content.length : feed
    const line = content.subarray(start, end > start && content[end - 1] === 0x0d ? end - 1 : end)
    if (line.length > 0) lines.push(line)
    start = end + 1
  }
  return lines
}

async function filesAt(
  path: string,
): Promise<readonly { readonly path: string; readonly links: 'follow' | 'refuse' }[]> {
  if (!(await isFolder(path))) return [{ path, links: 'follow' }]
  let entries
  try {
    entries = await readdir(path, { withFileTypes: true })
  } catch (thrown) {
    throw new CountersignError('input-unreadable', `a folder of receipts cannot be read (${systemCode(thrown)})`)
  }
  const files = entries.filter((it) => it.isFile() && !it.name.startsWith('.')).map((it) => join(path, it.name))
  if (files.length > limits.receiptFiles) throw tooMany(`a folder has more than ${limits.receiptFiles} files`)
  return files.sort().map((it) => ({ path: it, links: 'refuse' as const }))
}

function tooMany(words: string): CountersignError {
  return new CountersignError('input-too-large', `too many receipts: ${words}`, {
    option: 'receipts',
    hint: `give those of this release alone (${option('receipts')})`,
  })
}
