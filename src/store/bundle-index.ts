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
import { withoutMark } from '../model/bundle.ts'
import type { Bundle } from '../model/bundle.ts'
import { digestAlgorithms, isDigest } from '../model/digest.ts'
import type { DigestAlgorithm } from '../model/digest.ts'
import { bundleIn, entriesIn, knownText, knownTextCharacters } from '../model/handed-out.ts'
import { newDocumentCutter } from '../model/json-documents.ts'
import { JsonBudget, isObject, memberAt, parseJson } from '../model/json.ts'
import type { Json } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import { baseName } from '../model/subject-match.ts'
import { openRegular, systemCode } from '../platform/files.ts'

/** A bundle in its file. */
export interface IndexedBundle {
  /** `file`, or `file:line` where it holds several documents; `#2` behind it for the second bundle of a document or line. */
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
  /** One that names a file so, if there is any: another digest under the same name says what is wrong. */
  readonly naming: (name: string) => IndexedBundle | undefined
  /** Any of them, to say what is wrong where none is about an artifact. */
  readonly first: () => IndexedBundle | undefined
}

/** Names of subjects that an index remembers: they only help to explain, and are as many as the signer likes. */
const rememberedNames = 10_000
const nameCharacters = 256

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

/** The same for a file that holds bundles and nothing else. Errors: also that of the first thing in it that is no bundle. */
export async function visitBundlesAlone(path: string, visit: BundleVisit): Promise<void> {
  const name = basename(path)
  let first: UnreadableBundle | undefined
  let count = 0
  const broken = await withSource(path, 'named', (source) =>
    eachBundle(name, source, {
      add({ label }, bundle) {
        count += 1
        visit(label, bundle)
      },
      refuse: (it) => (first ??= it),
    }),
  )
  if (count > 0 && first === undefined) return
  // Where no line is a bundle, it was meant as one document, and what is wrong with that says more.
  const whole = count > 0 || broken === undefined ? first : { label: name, error: broken }
  const { label, error } = whole ?? {
    label: name,
    error: new CountersignError('bundle-malformed', 'it holds no bundle'),
  }
  throw new CountersignError(error.code, `${label}: ${error.message}`, { cause: error })
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

/**
 * Gives each bundle of a source to the reader: of one document, or of many that follow each other. The answer is what is wrong
 * with the source as a single document.
 */
async function eachBundle(name: string, source: Source, reader: Reader): Promise<CountersignError | undefined> {
  const { size } = source
  if (size > limits.bundleFileBytes) throw tooLarge(name)
  const whole = size <= limits.bundleBytes ? await readWhole(source, reader, name) : undefined
  if (whole === 'read') return undefined
  const budget = new JsonBudget(size)
  const take = newTaker(source, reader, budget, name)
  let lastLine = 0
  let onLine = 0
  await eachDocument(source, (bytes, line, position) => {
    if (line !== lastLine) onLine = 0
    lastLine = line
    const json = attempt(() => parseDocument(bytes, budget))
    onLine += take({ label: `${name}:${line}`, before: onLine, position, length: bytes.length, isWhole: false }, json)
  })
  // A document that is broken: its own error says more than one for each of its lines.
  return whole
}

async function readWhole(source: Source, reader: Reader, name: string): Promise<'read' | CountersignError> {
  const bytes = await source.read(0, source.size)
  const text = withoutMark(bytes)
  const budget = new JsonBudget(source.size)
  const whole = attempt(() => parseDocument(text, budget))
  if (whole instanceof CountersignError) {
    const known = whole.code === 'json-malformed' ? knownText(headOf(text)) : undefined
    // Of a single line nothing else would come out a second time, unless it is several documents.
    if (known === undefined && (whole.code === 'json-malformed' || bytes.includes(0x0a))) return whole
    reader.refuse({ label: name, error: known ?? whole })
    return 'read'
  }
  const place = { label: name, before: 0, position: bytes.length - text.length, length: text.length, isWhole: true }
  newTaker(source, reader, budget, name)(place, whole)
  return 'read'
}

function headOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, knownTextCharacters)).toString('latin1')
}

/** Where a document stands, and how many bundles there were before it on its line. */
interface DocumentPlace {
  readonly label: string
  readonly before: number
  readonly position: number
  readonly length: number
  /** The only one of its file: what is parsed stays, unless it is a list, of which most may be about other artifacts. */
  readonly isWhole: boolean
}

/** The answer is how many bundles, sound or not, a document holds. Error: `input-too-large` (more than a file may hold). */
type Taker = (place: DocumentPlace, json: Json | CountersignError) => number

/** Takes documents apart for a reader. One entry that is broken does not hide the others. */
function newTaker(source: Source, reader: Reader, budget: JsonBudget, name: string): Taker {
  let count = 0
  return ({ label, before, position, length, isWhole }, json) => {
    const found = json instanceof CountersignError ? json : attempt(() => entriesIn(json))
    const { isList, entries } = found instanceof CountersignError ? { isList: false, entries: [found] } : found
    count += entries.length
    if (count > limits.bundlesPerFile) {
      throw new CountersignError('input-too-large', `${name} holds more than ${limits.bundlesPerFile} bundles`)
    }
    for (const [at, entry] of entries.entries()) {
      const place = isList || before > 0 ? `${label}#${before + at + 1}` : label
      const bundle = entry instanceof CountersignError ? entry : attempt(() => bundleIn(entry))
      if (bundle instanceof CountersignError) reader.refuse({ label: place, error: bundle })
      else if (isWhole && !isList) reader.add(kept(place, bundle), bundle, budget)
      else reader.add(placed(source, place, { position, length, at }), bundle, budget)
      if (budget.isSpent && (isList || !isWhole)) {
        throw new CountersignError('input-too-large', `${name} holds more than is accepted`)
      }
    }
    return entries.length
  }
}

function kept(label: string, bundle: Bundle): IndexedBundle {
  return { label, read: () => Promise.resolve(bundle) }
}

/** A function of its own: a closure beside the document would keep it, and so the whole file. */
function placed(source: Source, label: string, place: BundlePlace): IndexedBundle {
  return { label, read: () => source.readAgain(place) }
}

interface IndexBuilder extends Reader {
  readonly index: () => BundleIndex
}

function newIndex(): IndexBuilder {
  const entries: IndexedBundle[] = []
  const unreadable: UnreadableBundle[] = []
  const byDigest = new Map<string, IndexedBundle[]>()
  const byName = new Map<string, IndexedBundle>()
  const unclear: IndexedBundle[] = []
  const algorithms = new Set<DigestAlgorithm>(['sha256'])
  return {
    add(entry, bundle, budget) {
      entries.push(entry)
      const digests = digestsOf(bundle, budget, (name) => {
        if (byName.size < rememberedNames && !byName.has(name)) byName.set(name, entry)
      })
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
      naming: (name) => byName.get(name),
      first: () => entries[0],
    }),
  }
}

const algorithms = Object.keys(digestAlgorithms) as DigestAlgorithm[]

/**
 * The whole SHA-2 digests that a statement names; undefined if its subjects cannot be read. Nothing else of it is looked at: it
 * is read by all its rules when it is verified, and those would cost far more for each of very many subjects.
 */
function digestsOf(
  { envelope }: Bundle,
  budget: JsonBudget,
  takeName: (name: string) => void,
): [DigestAlgorithm, string][] | undefined {
  if (envelope === undefined) return undefined
  const statement = attempt(() => parseJson(envelope.payload, 'the statement', limits.statementBytes, budget))
  if (statement instanceof CountersignError) return undefined
  const subjects = memberAt(statement, 'subject')
  if (!Array.isArray(subjects) || subjects.length === 0 || subjects.length > limits.subjects) return undefined
  const digests = subjects.map((it) => memberAt(it, 'digest'))
  if (!digests.every(isObject)) return undefined
  for (const it of subjects) {
    const name = memberAt(it, 'name')
    if (typeof name === 'string' && name.length <= nameCharacters) takeName(baseName(name))
  }
  return digests.flatMap((digest) =>
    algorithms.flatMap((algorithm): [DigestAlgorithm, string][] => {
      const value = memberAt(digest, algorithm)
      return typeof value === 'string' && isDigest(algorithm, value) ? [[algorithm, value]] : []
    }),
  )
}

function parseDocument(bytes: Uint8Array, budget?: JsonBudget): Json {
  return parseJson(bytes, 'the bundle', limits.bundleBytes, budget)
}

/** Calls `visit` for each document: its bytes, the line in which it begins, and its position. */
async function eachDocument(
  source: Source,
  visit: (bytes: Buffer, line: number, position: number) => void,
): Promise<void> {
  let held: Buffer[] = [] // of a document that has not ended; put together once, or a long one would be copied over and over
  let from = 0
  const cutter = newDocumentCutter((start, end, line) => {
    const bytes = held[1] === undefined ? (held[0] ?? Buffer.alloc(0)) : Buffer.concat(held)
    held = [bytes]
    visit(bytes.subarray(start - from, end - from), line, start)
  })
  for (let position = 0; ;) {
    const chunk = await source.read(position, chunkBytes)
    // Files of /proc tell no size, and one that grows need not end either.
    if (position + chunk.length > limits.bundleFileBytes) throw tooLarge('the file')
    if (chunk.length === 0) {
      cutter.end()
      return
    }
    if (held.length === 0) from = position
    held.push(chunk)
    cutter.push(chunk)
    const open = cutter.open()
    if (open === undefined) held = []
    else if (open.start > from) {
      held = [Buffer.from(chunk.subarray(open.start - position))]
      from = open.start
    }
    position += chunk.length
    if (open !== undefined && position - open.start > limits.bundleBytes) {
      throw new CountersignError('input-too-large', `what begins in line ${open.line} is longer than a bundle can be`)
    }
  }
}

const chunkBytes = 4 * 1024 * 1024

/** A bundle: its document, and which of those it holds. */
interface BundlePlace {
  readonly position: number
  readonly length: number
  readonly at: number
}

/** Bytes at a position of a regular file, or of what a pipe has given. */
interface Source {
  readonly size: number
  readonly read: (position: number, length: number) => Promise<Buffer>
  /** A bundle that was read before, when the source is closed already. Error: `input-unreadable` (changed since). */
  readonly readAgain: (place: BundlePlace) => Promise<Bundle>
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
    if (origin === 'named') {
      const status = await stat(path)
      if (status.isDirectory()) {
        throw new CountersignError('path-directory', `${path} is a directory`, { hint: 'name a file of bundles' })
      }
      if (!status.isFile()) return memorySource(await readToLimit(path))
    }
    const handle = await openRegular(path, path)
    const { size } = await handle.stat()
    return {
      size,
      read: (position, length) => bytesAt(handle, position, length),
      readAgain: unchanged(
        path,
        newRereader((...range) => withSource(path, 'found', (again) => again.read(...range))),
      ),
      close: () => handle.close(),
    }
  } catch (cause) {
    if (cause instanceof CountersignError) {
      if (cause.code === 'path-missing') throw new CountersignError('path-missing', `${path} does not exist`)
      if (cause.code === 'input-too-large') throw cause
      if (cause.code === 'path-directory' && origin === 'named') throw cause
      throw new CountersignError('input-unreadable', cause.message, { cause })
    }
    if (systemCode(cause) === 'ENOENT') throw new CountersignError('path-missing', `${path} does not exist`)
    throw new CountersignError('input-unreadable', `cannot read ${path} (${systemCode(cause)})`, { cause })
  }
}

/** What was a bundle before and is none now was changed, whatever is wrong with it. */
function unchanged(path: string, read: Source['readAgain']): Source['readAgain'] {
  return async (place) => {
    try {
      return await read(place)
    } catch (cause) {
      throw new CountersignError('input-unreadable', `${basename(path)} has changed while it was read`, { cause })
    }
  }
}

/** Remembers the last list: it would be parsed as a whole for each of its bundles, and those are read one after the other. */
function newRereader(read: Source['read']): Source['readAgain'] {
  let last: { readonly position: number; readonly entries: readonly Json[] } | undefined
  return async ({ position, length, at }) => {
    if (last?.position === position) return bundleAt(last.entries, at)
    const { isList, entries } = entriesIn(parseDocument(await read(position, length)))
    last = isList ? { position, entries } : undefined
    return bundleAt(entries, at)
  }
}

function bundleAt(entries: readonly Json[], at: number): Bundle {
  const entry = entries[at]
  if (entry === undefined) throw new CountersignError('bundle-malformed', 'there is no bundle in this place')
  return bundleIn(entry)
}

function memorySource(given: Uint8Array): Source {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const read: Source['read'] = (position, length) => Promise.resolve(bytes.subarray(position, position + length))
  return {
    size: bytes.length,
    read,
    readAgain: newRereader(read),
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
