/**
 * The table of a database's tables, page by page (sqlite.org/fileformat2.html §1.6). SQLite reads all of it before it answers anything, in a
 * call that nothing ends; pages that point at each other make that last for ever.
 */
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** A database that is none, or that is made so that SQLite must not read it. */
export class BrokenDatabase extends Error {}

const interior = 0x05
const leaf = 0x0d
/** Bytes of the file before the first page's own header. */
const fileHeader = 100

/** Each page of it is met once, and its rows have no more than `maxBytes` together. Error: `BrokenDatabase`. */
export async function checkSchemaPages(path: string, maxBytes: number): Promise<void> {
  const file = await open(path, 'r')
  try {
    const size = pageSize(await bytesAt(file, 0, fileHeader))
    const seen = new Set<number>()
    const waiting = [1]
    let bytes = 0
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (seen.has(number)) throw malformed('a page of its schema is there twice')
      seen.add(number)
      const { children, rowBytes } = pageIn(
        await bytesAt(file, (number - 1) * size, size),
        number === 1 ? fileHeader : 0,
      )
      waiting.push(...children)
      bytes += rowBytes
      if (bytes > maxBytes) throw malformed('its schema is too large')
    }
  } finally {
    await file.close()
  }
}

function malformed(detail: string): BrokenDatabase {
  return new BrokenDatabase(`the database is broken: ${detail}`)
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at)
  if (bytesRead < length) throw malformed('it ends within a page')
  return buffer
}

function pageSize(header: Buffer): number {
  const said = header.readUInt16BE(16)
  const size = said === 1 ? 65_536 : said
  if (size < 512 || (size & (size - 1)) !== 0) throw malformed('its pages have no size')
  return size
}

/** The pages below a page, and what its rows have. */
function pageIn(page: Buffer, start: number): { readonly children: readonly number[]; readonly rowBytes: number } {
  const type = page.readUInt8(start)
  if (type !== interior && type !== leaf) throw malformed('a page of its schema is none')
  const cells = page.readUInt16BE(start + 3)
  const pointers = start + (type === leaf ? 8 : 12)
  if (pointers + 2 * cells > page.length) throw malformed('a page of its schema is too full')
  const children: number[] = type === leaf ? [] : [page.readUInt32BE(start + 8)]
  let rowBytes = 0
  for (let cell = 0; cell < cells; cell += 1) {
    const at = page.readUInt16BE(pointers + 2 * cell)
    if (at + 4 > page.length) throw malformed('a row of its schema is outside of its page')
    if (type === leaf) rowBytes += rowOverhead + variableNumber(page, at)
    else children.push(page.readUInt32BE(at))
  }
  return { children, rowBytes }
}

/** What a row costs beside its bytes: many may share the same ones. */
const rowOverhead = 64

/** Seven bits a byte while the highest is set, at most nine bytes; more than 2^53 is too much anyway. */
function variableNumber(page: Buffer, at: number): number {
  let value = 0
  for (let byte = at; byte < Math.min(at + 9, page.length); byte += 1) {
    const bits = page.readUInt8(byte)
    value = value * 128 + (bits & 0x7f)
    if (bits < 0x80) break
  }
  return value
}
