/**
 * An index over a file of bundles, by the digests that their statements name: the file is read once, and then each artifact
 * costs only its own bundles. Memory holds positions and digests, never the bundles. What the statements claim is not
 * believed here; it only says which bundles are worth verifying.
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { CountersignError, attempt } from '../errors.ts'
import { bundleFromJson } from '../model/bundle.ts'
import type { Bundle } from '../model/bundle.ts'
import { digestAlgorithms, isDigest } from '../model/digest.ts'
import type { DigestAlgorithm } from '../model/digest.ts'
import { JsonBudget, isObject, memberAt, parseJson } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import { openRegular, systemCode } from '../platform/files.ts'

/** A bundle in its file. */
export interface IndexedBundle {
  /** `file`, or `file:line` where the file holds several. */
  readonly label: string
  /** Error: `input-unreadable` (the file has changed since). */
  readonly read: () => Promise<Bundle>
}

/** A bundle that cannot be read; it does not hide the others. */
interface UnreadableBundle {
  readonly label: string
  readonly error: CountersignError
}

export interface BundleIndex {
  /** Readable bundles. */
  readonly count: number
  readonly unreadable: readonly UnreadableBundle[]
  /** Algorithms of the digests that the statements name. */
  readonly algorithms: ReadonlySet<DigestAlgorithm>
  /** Bundles whose statement names one of these digests (`algorithm:hex`). */
  readonly about: (digests: readonly string[]) => readonly IndexedBundle[]
  /** Bundles whose statement cannot be read: they prove nothing of any artifact, and are not to be passed over either. */
  readonly unclear: readonly IndexedBundle[]
  /** Any of them, to say what is wrong where none is about an artifact. */
  readonly first: () => IndexedBundle | undefined
}

/** Who chose a file: its user `named` it, or it was `found` beside an artifact, where whoever could put it there could put anything there. */
export type Origin = 'named' | 'found'

/**
 * Errors: `path-missing`, `input-unreadable`, `input-too-large`. A file that is one broken document, or has no readable line,
 * gives an index with its errors and no bundle. What was found must be a regular file, so that nothing is waited for; what was
 * named may be a pipe.
 */
export async function indexBundleFile(path: string, origin: Origin = 'named'): Promise<BundleIndex> {
  return withSource(path, origin, (source) => indexSource(basename(path), source))
}

/** The same for bytes at hand, under a name of their own. Error: `input-too-large`. */
export function indexBundleBytes(name: string, bytes: Uint8Array): Promise<BundleIndex> {
  return indexSource(name, memorySource(bytes))
}

/** The same for a bundle that is parsed already. */
export function indexBundle(name: string, bundle: Bundle): BundleIndex {
  const builder = newIndex()
  builder.add({ label: name, read: () => Promise.resolve(bundle) }, bundle, new JsonBudget(limits.bundleBytes))
  return builder.index()
}

async function indexSource(name: string, source: Source): Promise<BundleIndex> {
  const builder = newIndex()
  const broken = await eachBundle(name, source, builder)
  if (builder.index().count > 0 || broken === undefined) return builder.index()
  const document = newIndex()
  document.refuse({ label: name, error: broken })
  return document.index()
}

/** What is done with each bundle of a file, under its name. */
export type BundleVisit = (label: string, bundle: Bundle) => void

/**
 * Visits the bundles of a file one at a time, in its order; those that cannot be read are passed over. The answer is why there
 * was none, if there was none. Errors: as of an index.
 */
export async function visitBundleFile(path: string, visit: BundleVisit): Promise<CountersignError | undefined> {
  return withSource(path, 'named', (source) => visitSource(basename(path), source, visit))
}

/** The same for bytes at hand, under a name of their own. */
export function visitBundleBytes(
  name: string,
  bytes: Uint8Array,
  visit: BundleVisit,
): Promise<CountersignError | undefined> {
  return visitSource(name, memorySource(bytes), visit)
}

async function visitSource(name: string, source: Source, visit: BundleVisit): Promise<CountersignError | undefined> {
  let count = 0
  let first: CountersignError | undefined
  const broken = await eachBundle(name, source, {
    add({ label }, bundle) {
      count += 1
      visit(label, bundle)
    },
    refuse: ({ error }) => (first ??= error),
  })
  if (count > 0) return undefined
  return broken ?? first ?? new CountersignError('bundle-malformed', 'the file holds no bundle')
}

/** Who takes the bundles of a file as they come. The budget is that of the file. */
interface Reader {
  readonly add: (entry: IndexedBundle, bundle: Bundle, budget: JsonBudget) => void
  readonly refuse: (bundle: UnreadableBundle) => void
}

/** Gives each bundle of a source to the reader. The answer is what is wrong with the source as a single document. */
async function eachBundle(name: string, source: Source, reader: Reader): Promise<CountersignError | undefined> {
  const { size } = source
  if (size > limits.bundleFileBytes) throw tooLarge(name)
  const whole = size <= limits.bundleBytes ? await readWhole(source, reader, name) : undefined
  if (whole === 'read') return undefined
  const budget = new JsonBudget(size)
  let count = 0
  await eachLine(source, (line, number, offset) => {
    count += 1
    if (count > limits.bundlesPerFile) {
      throw new CountersignError('input-too-large', `the file holds more than ${limits.bundlesPerFile} bundles`)
    }
    const label = `${name}:${number}`
    const bundle = attempt(() => parseLine(line, budget))
    if (bundle instanceof CountersignError) reader.refuse({ label, error: bundle })
    else reader.add(placed(source, label, offset, line.length), bundle, budget)
    if (budget.isSpent) throw new CountersignError('input-too-large', `${name} holds more than is accepted`)
  })
  // A document that is broken, or printed over many lines, none of which is JSON: its own error says more.
  return whole
}

async function readWhole(source: Source, reader: Reader, name: string): Promise<'read' | CountersignError> {
  const bytes = await source.read(0, source.size)
  const budget = new JsonBudget(source.size)
  const whole = attempt(() => parseLine(bytes, budget))
  if (whole instanceof CountersignError) {
    // Of a single line nothing else would come out a second time.
    if (bytes.length === 0 || bytes.includes(0x0a)) return whole
    reader.refuse({ label: name, error: whole })
    return 'read'
  }
  reader.add({ label: name, read: () => Promise.resolve(whole) }, whole, budget)
  return 'read'
}

/** A function of its own: a closure beside the line would keep the line, and so the whole file. */
function placed(source: Source, label: string, offset: number, length: number): IndexedBundle {
  return { label, read: () => source.readAgain(offset, length) }
}

interface IndexBuilder extends Reader {
  readonly index: () => BundleIndex
}

function newIndex(): IndexBuilder {
  const entries: IndexedBundle[] = []
  const unreadable: UnreadableBundle[] = []
  const byDigest = new Map<string, IndexedBundle[]>()
  const unclear: IndexedBundle[] = []
  const algorithms = new Set<DigestAlgorithm>(['sha256'])
  return {
    add(entry, bundle, budget) {
      entries.push(entry)
      const digests = digestsOf(bundle, budget)
      if (digests === undefined) unclear.push(entry)
      for (const [algorithm, value] of digests ?? []) {
        algorithms.add(algorithm)
        const key = `${algorithm}:${value}`
        const known = byDigest.get(key)
        if (known === undefined) byDigest.set(key, [entry])
        else if (known.at(-1) !== entry) known.push(entry)
      }
    },
    refuse: (bundle) => unreadable.push(bundle),
    index: () => ({
      count: entries.length,
      unreadable,
      algorithms,
      about: (digests) => [...new Set(digests.flatMap((it) => byDigest.get(it) ?? []))],
      unclear,
      first: () => entries[0],
    }),
  }
}

const algorithms = Object.keys(digestAlgorithms) as DigestAlgorithm[]

/**
 * The whole SHA-2 digests that a statement names; undefined if its subjects cannot be read. Nothing else of it is looked at: it
 * is read by all its rules when it is verified, and those would cost far more for each of very many subjects.
 */
function digestsOf({ envelope }: Bundle, budget: JsonBudget): [DigestAlgorithm, string][] | undefined {
  if (envelope === undefined) return undefined
  const statement = attempt(() => parseJson(envelope.payload, 'the statement', limits.statementBytes, budget))
  if (statement instanceof CountersignError) return undefined
  const subjects = memberAt(statement, 'subject')
  if (!Array.isArray(subjects) || subjects.length === 0 || subjects.length > limits.subjects) return undefined
  const digests = subjects.map((it) => memberAt(it, 'digest'))
  if (!digests.every(isObject)) return undefined
  return digests.flatMap((digest) =>
    algorithms.flatMap((algorithm): [DigestAlgorithm, string][] => {
      const value = memberAt(digest, algorithm)
      return typeof value === 'string' && isDigest(algorithm, value) ? [[algorithm, value]] : []
    }),
  )
}

function parseLine(line: Uint8Array, budget?: JsonBudget): Bundle {
  return bundleFromJson(parseJson(line, 'the bundle', limits.bundleBytes, budget))
}

/** Calls `visit` for each line that is not blank; a line beyond the limit of a bundle arrives as its first bytes. */
async function eachLine(source: Source, visit: (line: Buffer, number: number, offset: number) => void): Promise<void> {
  let held: Buffer[] = [] // of a line that has not ended; put together once, or a long line would be copied over and over
  let heldBytes = 0
  let number = 1
  for (let position = 0; ;) {
    const chunk = await source.read(position, chunkBytes)
    position += chunk.length
    // Files of /proc tell no size, and one that grows need not end either.
    if (position > limits.bundleFileBytes) throw tooLarge('the file')
    const last = chunk.length === 0
    held.push(chunk)
    heldBytes += chunk.length
    if (last || chunk.includes(0x0a)) {
      const buffer = Buffer.concat(held)
      const rest = visitLines(buffer, last, number, (line, at, start) =>
        visit(line, at, position - buffer.length + start),
      )
      if (last) return
      number = rest.number
      held = [Buffer.from(buffer.subarray(rest.start))]
      heldBytes = buffer.length - rest.start
    }
    if (heldBytes > limits.bundleBytes) {
      throw new CountersignError('input-too-large', `line ${number} is longer than a bundle can be`)
    }
  }
}

/** Calls `visit` for the lines that end in the buffer, and with `last` also for the rest; the answer is where the rest starts. */
function visitLines(
  buffer: Buffer,
  last: boolean,
  first: number,
  visit: (line: Buffer, number: number, start: number) => void,
): { readonly start: number; readonly number: number } {
  let number = first
  for (let start = 0; ;) {
    const text = skipBlankLines(buffer, start)
    number += text.lines
    start = text.start
    if (text.isBlank) return { start, number }
    const end = buffer.indexOf(0x0a, start)
    if (end < 0 && !last) return { start, number }
    visit(buffer.subarray(start, end < 0 ? buffer.length : end), number, start)
    if (end < 0) return { start: buffer.length, number }
    number += 1
    start = end + 1
  }
}

/**
 * The first line from `start` on with something else in it than blanks and control characters, and how many lines were passed
 * over; `isBlank` where the rest has nothing else. A call for each blank line would cost a second for a few megabytes.
 */
function skipBlankLines(buffer: Buffer, start: number): { start: number; lines: number; isBlank: boolean } {
  let line = start
  let lines = 0
  for (let at = start; at < buffer.length; at += 1) {
    const byte = buffer[at] ?? 0
    if (byte > 0x20) return { start: line, lines, isBlank: false }
    if (byte !== 0x0a) continue
    line = at + 1
    lines += 1
  }
  return { start: line, lines, isBlank: true }
}

const chunkBytes = 4 * 1024 * 1024

/** Bytes at a position of a regular file, or of what a pipe has given. */
interface Source {
  readonly size: number
  readonly read: (position: number, length: number) => Promise<Buffer>
  /** A line that was read before, when the source is closed already. Error: `input-unreadable` (changed since). */
  readonly readAgain: (position: number, length: number) => Promise<Bundle>
  readonly close: () => Promise<void>
}

async function withSource<T>(path: string, origin: Origin, use: (source: Source) => Promise<T>): Promise<T> {
  const source = await openSource(path, origin)
  try {
    return await use(source)
  } finally {
    await source.close()
  }
}

async function openSource(path: string, origin: Origin): Promise<Source> {
  try {
    if (origin === 'named' && !(await stat(path)).isFile()) return memorySource(await readToLimit(path))
    const handle = await openRegular(path, path)
    const { size } = await handle.stat()
    return {
      size,
      read: (position, length) => bytesAt(handle, position, length),
      readAgain: (position, length) => readLineAgain(path, position, length),
      close: () => handle.close(),
    }
  } catch (cause) {
    if (cause instanceof CountersignError) {
      if (cause.code === 'path-missing') throw new CountersignError('path-missing', `${path} does not exist`)
      if (cause.code === 'input-too-large') throw cause
      throw new CountersignError('input-unreadable', cause.message, { cause })
    }
    if (systemCode(cause) === 'ENOENT') throw new CountersignError('path-missing', `${path} does not exist`)
    throw new CountersignError('input-unreadable', `cannot read ${path} (${systemCode(cause)})`, { cause })
  }
}

/** What was a bundle before and is none now was changed, whatever is wrong with it. */
async function readLineAgain(path: string, position: number, length: number): Promise<Bundle> {
  try {
    return await withSource(path, 'found', async (again) => parseLine(await again.read(position, length)))
  } catch (cause) {
    throw new CountersignError('input-unreadable', `${basename(path)} has changed while it was read`, { cause })
  }
}

function memorySource(given: Uint8Array): Source {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const read = (position: number, length: number): Buffer => bytes.subarray(position, position + length)
  return {
    size: bytes.length,
    read: (...range) => Promise.resolve(read(...range)),
    readAgain: (...range) => Promise.resolve(parseLine(read(...range))),
    close: () => Promise.resolve(),
  }
}

/** A pipe or a device tells no size, and need not end. */
async function readToLimit(path: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let total = 0
  for await (const chunk of createReadStream(path)) {
    total += chunks[chunks.push(chunk as Buffer) - 1]?.length ?? 0
    if (total > limits.bundleFileBytes) throw tooLarge(basename(path))
  }
  return Buffer.concat(chunks)
}

function tooLarge(what: string): CountersignError {
  return new CountersignError('input-too-large', `${what} has more than ${limits.bundleFileBytes} bytes`)
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}
