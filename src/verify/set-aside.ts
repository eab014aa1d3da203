/**
 * Files that lie beside artifacts and need no verdict of their own. A name alone never makes one: whoever can put a file into a
 * release can call it what they like. What is called so must hold attestations, an unsigned statement or checksums, and nothing
 * else; anything else is an artifact, and its verdict says what is missing.
 */
import { lstat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, normalize, sep } from 'node:path'
import { CountersignError, attemptAsync } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { withoutMark } from '../model/bundle.ts'
import { companionOf } from '../model/companions.ts'
import { limits } from '../model/limits.ts'
import { digestNameAlgorithm, isSharedName, sidecarOwners } from '../model/sidecar-names.ts'
import { readRegularFile } from '../platform/files.ts'
import { indexBundleFile } from '../store/bundle-index.ts'
import { readUnsigned } from '../store/prepared-file.ts'

/** Whether a file is a bundle by its name; some names are those of bundles only where there is a file that they belong to. */
export function isNamedBundle(path: string, all: ReadonlySet<string>): boolean {
  return companionOf(path) === 'bundle file' || isSharedName(basename(path)) || ownersOf(path).some((it) => all.has(it))
}

function ownersOf(path: string): readonly string[] {
  return sidecarOwners(basename(path)).map((it) => join(dirname(path), it))
}

/** Of a folder or a glob, which have found `all`: whether a file is no artifact by its name and by what is in it. */
export async function isCompanion(path: string, all: ReadonlySet<string>): Promise<boolean> {
  if (isNamedBundle(path, all)) return holdsAttestations(path)
  switch (companionOf(path)) {
    case 'unsigned statement':
      return !((await attemptAsync(() => readUnsigned(path))) instanceof CountersignError)
    case 'checksum file':
      return holdsChecksums(path)
    // Attestations may be joined under any name; what a writer left half written holds nothing that is known.
    default:
      return /\.jsonl?$/i.test(path) && holdsAttestations(path)
  }
}

/**
 * Of files that were named one by one, by a person or by a shell that writes out `dist/*`: those that hold attestations, and
 * belong by their name to another one which is not among them.
 */
export async function companionsAmong(
  named: readonly string[],
  all: ReadonlySet<string>,
  cwd: string,
): Promise<ReadonlySet<string>> {
  const folders = new Set([...all].filter((it) => !isNamedBundle(it, all)).map((it) => dirname(it)))
  const companions = new Set<string>()
  const belongs = (path: string): boolean => {
    const name = basename(path)
    if (ownersOf(path).some((it) => all.has(it) && !companions.has(it))) return true
    if (isSharedName(name)) return folders.has(dirname(path))
    // Files that are named after a digest may lie in the working folder too, wherever the artifact does.
    const isByDigest = digestNameAlgorithm(name) !== undefined
    return isByDigest && (folders.has(dirname(path)) || (dirname(path) === cwd && folders.size > 0))
  }
  // What belongs to another has the longer name.
  for (const path of named.toSorted((a, b) => a.length - b.length)) {
    if (belongs(path) && (await holdsAttestations(path))) companions.add(path)
  }
  return companions
}

/** What stands in place of a bundle and is known whole, so that nothing else hides behind it. */
const knownForms: readonly ErrorCode[] = ['bundle-legacy', 'statement-unsigned']

/** Whether a file holds attestations and nothing else, behind them or before; what cannot be read is none. */
export async function holdsAttestations(path: string): Promise<boolean> {
  const index = await attemptAsync(() => indexBundleFile(path, 'found'))
  if (index instanceof CountersignError) return false
  return index.count + index.unreadable.length > 0 && index.unreadable.every(({ error }) => isKnown(error))
}

function isKnown({ code }: CountersignError): boolean {
  return knownForms.includes(code)
}

/** Hex digits of md5, sha1, sha224, sha256, sha384 and sha512. */
const digest = '(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})'
const gnuLine = new RegExp(`^${digest} [ *](.+)$`)
const bsdLine = new RegExp(String.raw`^[A-Za-z][A-Za-z0-9/-]* ?\((.+)\) ?= ${digest}$`)
const bareDigest = new RegExp(`^${digest}$`)

/** Whether every line is a checksum of a file that is there; or the whole is one digest, as Maven writes it. */
async function holdsChecksums(path: string): Promise<boolean> {
  const bytes = await attemptAsync(() => readRegularFile(path, limits.checksumsBytes, path))
  if (bytes instanceof CountersignError) return false
  const text = Buffer.from(withoutMark(bytes)).toString('utf8')
  const lines = text.split(/\r?\n/).filter((it) => it.trim() !== '')
  const [first, ...more] = lines
  if (first === undefined) return false
  if (more.length === 0 && bareDigest.test(first)) return true
  for (const line of lines) {
    const name = (gnuLine.exec(line) ?? bsdLine.exec(line))?.[1]
    if (name === undefined || !(await isBeside(dirname(path), name))) return false
  }
  return true
}

/** In that folder or below it; a list may also have been made from another folder, and name its files by way of this one. */
async function isBeside(folder: string, name: string): Promise<boolean> {
  const way = normalize(name)
  if (isAbsolute(way) || way.split(sep).includes('..')) return false
  return (await isThere(join(folder, way))) || (await isThere(join(folder, basename(way))))
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
