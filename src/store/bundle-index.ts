/**
 * An index over a file of bundles, by the digests that their statements name: the file is read once, and then each artifact
 * costs only its own bundles. Memory holds positions and digests, never the bundles. What the statements claim is not
 * believed here; it only says which bundles are worth verifying.
 */
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { CountersignError, attempt } from '../errors.ts'
import { bundleFromJson, parseBundle } from '../model/bundle.ts'
import type { Bundle } from '../model/bundle.ts'
import { isDigest } from '../model/digest.ts'
import type { DigestAlgorithm } from '../model/digest.ts'
import { parseJson } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import { parseStatement } from '../model/statement.ts'
import { systemCode } from '../platform/files.ts'

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
  /** Bundles whose statement names one of these digests (`algorithm:hex`), and those whose statement cannot be read. */
  readonly about: (digests: readonly string[]) => readonly IndexedBundle[]
  /** Any of them, to say what is wrong where none is about an artifact. */
  readonly first: () => IndexedBundle | undefined
  /** All, in the order of the file. */
  readonly all: readonly (IndexedBundle | UnreadableBundle)[]
}

/**
 * Errors: `path-missing`, `input-unreadable`, `input-too-large`. A file that is one broken document, or has no readable line, gives an index
 * with its errors and no bundle.
 */
export async function indexBundleFile(path: string): Promise<BundleIndex> {
  const source = await openSource(path)
  try {
    return await indexSource(basename(path), source)
  } finally {
    await source.close()
  }
}

/** The same for bytes at hand, under a name of their own. Error: `input-too-large`. */
export function indexBundleBytes(name: string, bytes: Uint8Array): Promise<BundleIndex> {
  return indexSource(name, memorySource(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)))
}

/** The same for a bundle that is parsed already. */
export function indexBundle(name: string, bundle: Bundle): BundleIndex {
  const builder = newIndex()
  builder.add({ label: name, read: () => Promise.resolve(bundle) }, bundle)
  return builder.index()
}

async function indexSource(name: string, source: Source): Promise<BundleIndex> {
  const { size } = source
  if (size > limits.bundleFileBytes) {
    throw new CountersignError('input-too-large', `${name} has more than ${limits.bundleFileBytes} bytes`)
  }
  const builder = newIndex()
  const whole = size <= limits.bundleBytes ? await readWhole(source) : undefined
  if (whole !== undefined && !(whole instanceof CountersignError)) {
    builder.add({ label: name, read: () => Promise.resolve(whole) }, whole)
    return builder.index()
  }
  await eachLine(source, (line, number, offset) => {
    const label = `${name}:${number}`
    const bundle = attempt(() => parseLine(line))
    if (bundle instanceof CountersignError) builder.refuse({ label, error: bundle })
    else builder.add({ label, read: () => source.readAgain(offset, line.length) }, bundle)
  })
  // A document that is broken, or printed over many lines, none of which is JSON: its own error says more.
  if (builder.index().count === 0 && whole !== undefined) return brokenDocument(name, whole)
  return builder.index()
}

async function readWhole(source: Source): Promise<Bundle | CountersignError> {
  const bytes = await source.read(0, source.size)
  return attempt(() => parseBundle(bytes))
}

/** One bundle of a file, or why it cannot be read. */
export interface StoredBundle {
  readonly label: string
  readonly content: Bundle | CountersignError
}

/** All bundles of an index, in its order. Errors: `input-unreadable` (the file has changed since). */
export async function storedBundles(index: BundleIndex): Promise<readonly StoredBundle[]> {
  const stored: StoredBundle[] = []
  for (const entry of index.all) {
    stored.push({ label: entry.label, content: 'error' in entry ? entry.error : await entry.read() })
  }
  return stored
}

function brokenDocument(label: string, error: CountersignError): BundleIndex {
  const builder = newIndex()
  builder.refuse({ label, error })
  return builder.index()
}

interface IndexBuilder {
  readonly add: (entry: IndexedBundle, bundle: Bundle) => void
  readonly refuse: (bundle: UnreadableBundle) => void
  readonly index: () => BundleIndex
}

function newIndex(): IndexBuilder {
  const all: (IndexedBundle | UnreadableBundle)[] = []
  const entries: IndexedBundle[] = []
  const unreadable: UnreadableBundle[] = []
  const byDigest = new Map<string, IndexedBundle[]>()
  const unclear: IndexedBundle[] = []
  const algorithms = new Set<DigestAlgorithm>(['sha256'])
  const enter = (entry: IndexedBundle | UnreadableBundle): void => {
    if (all.push(entry) > limits.bundlesPerFile) {
      throw new CountersignError('input-too-large', `the file holds more than ${limits.bundlesPerFile} bundles`)
    }
  }
  return {
    add(entry, bundle) {
      entries.push(entry)
      enter(entry)
      const digests = digestsOf(bundle)
      if (digests === undefined) unclear.push(entry)
      for (const [algorithm, value] of digests ?? []) {
        algorithms.add(algorithm)
        const key = `${algorithm}:${value}`
        const known = byDigest.get(key)
        if (known === undefined) byDigest.set(key, [entry])
        else if (known.at(-1) !== entry) known.push(entry)
      }
    },
    refuse(bundle) {
      unreadable.push(bundle)
      enter(bundle)
    },
    index: () => ({
      count: entries.length,
      unreadable,
      algorithms,
      about: (digests) => [...new Set([...digests.flatMap((it) => byDigest.get(it) ?? []), ...unclear])],
      first: () => entries[0],
      all,
    }),
  }
}

/** The whole SHA-2 digests that a statement names; undefined if it cannot be read. */
function digestsOf({ envelope }: Bundle): [DigestAlgorithm, string][] | undefined {
  if (envelope === undefined) return undefined
  const statement = attempt(() => parseStatement(envelope.payload))
  if (statement instanceof CountersignError) return undefined
  return statement.subject.flatMap(({ digest }) =>
    Object.entries(digest).flatMap(([algorithm, value]): [DigestAlgorithm, string][] =>
      isDigest(algorithm, value) ? [[algorithm, value]] : [],
    ),
  )
}

function parseLine(line: Uint8Array): Bundle {
  return bundleFromJson(parseJson(line, 'the line', limits.bundleBytes))
}

/** Calls `visit` for each line that is not blank; a line beyond the limit of a bundle arrives as its first bytes. */
async function eachLine(source: Source, visit: (line: Buffer, number: number, offset: number) => void): Promise<void> {
  let held: Buffer = Buffer.alloc(0)
  let heldAt = 0
  let number = 1
  for (let position = 0; ;) {
    const chunk = await source.read(position, chunkBytes)
    position += chunk.length
    let buffer = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    const last = chunk.length === 0
    for (;;) {
      const end = buffer.indexOf(0x0a)
      if (end < 0 && !last) break
      const line = buffer.subarray(0, end < 0 ? buffer.length : end)
      if (line.some((byte) => byte > 0x20)) visit(line, number, heldAt)
      number += 1
      if (end < 0) return
      heldAt += end + 1
      buffer = buffer.subarray(end + 1)
    }
    if (buffer.length > limits.bundleBytes) {
      throw new CountersignError('input-too-large', `line ${number} is longer than a bundle can be`)
    }
    held = Buffer.from(buffer)
  }
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

async function openSource(path: string): Promise<Source> {
  try {
    if (!(await stat(path)).isFile()) return memorySource(await readToLimit(path))
    const handle = await open(path, 'r')
    const { size } = await handle.stat()
    return {
      size,
      read: (position, length) => bytesAt(handle, position, length),
      readAgain: (position, length) => readLineAgain(path, position, length),
      close: () => handle.close(),
    }
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') throw new CountersignError('path-missing', `${path} does not exist`)
    throw new CountersignError('input-unreadable', `cannot read ${path} (${systemCode(cause)})`, { cause })
  }
}

/** What was a bundle before and is none now was changed, whatever is wrong with it. */
async function readLineAgain(path: string, position: number, length: number): Promise<Bundle> {
  try {
    const again = await openSource(path)
    try {
      return parseLine(await again.read(position, length))
    } finally {
      await again.close()
    }
  } catch (cause) {
    throw new CountersignError('input-unreadable', `${basename(path)} has changed while it was read`, { cause })
  }
}

function memorySource(bytes: Buffer): Source {
  const read = (position: number, length: number): Buffer => bytes.subarray(position, position + length)
  return {
    size: bytes.length,
    read: (...range) => Promise.resolve(read(...range)),
    readAgain: (...range) => Promise.resolve(parseLine(read(...range))),
    close: () => Promise.resolve(),
  }
}

/** One byte more than is accepted: a pipe or a device tells no size, and need not end. */
async function readToLimit(path: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream(path, { end: limits.bundleFileBytes })) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
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
