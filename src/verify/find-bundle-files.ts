/** What a person calls bundles → files: bundle files and artifacts, globs, folders. */
import { realpath } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import { companionOf } from '../model/companions.ts'
import { sidecarNames } from '../model/sidecar-names.ts'
import { filesIn, fixedPart, kindOf, matchesOf, shown, statusOf, wildcard } from './find-artifacts.ts'
import { isNamedBundle } from './set-aside.ts'

/**
 * Words → files, each once, in their order. What is there is a file, and where its name reads as a glob that as well. A glob
 * means the files that it matches, a folder the bundle files in it; both without artifacts whose bundle is among them, without
 * checksum files and the like, and without links that lead elsewhere. A file that is not there stays one, and reading it says so.
 *
 * Errors: `glob-empty`, `input-too-large`, `input-unreadable`.
 *
 * @example
 * ```ts
 * import { findBundleFiles, inspectFile } from 'countersign/inspect'
 *
 * for (const path of await findBundleFiles(['dist/*.sigstore.json'], { cwd: process.cwd() })) {
 *   for (const { bundle, signer } of await inspectFile(path)) console.log(bundle, signer.identity)
 * }
 * ```
 */
export async function findBundleFiles(
  words: readonly string[],
  { cwd }: { readonly cwd: string },
): Promise<readonly string[]> {
  const found = new Map<string, string>()
  for (const word of words) {
    for (const path of await meantBy(word, cwd)) {
      if (!found.has(resolve(cwd, path))) found.set(resolve(cwd, path), path)
    }
  }
  return [...found.values()]
}

async function meantBy(word: string, cwd: string): Promise<readonly string[]> {
  const place = resolve(cwd, word)
  const status = await statusOf(place)
  const isFolder = status === 'folder'
  if (!isFolder && !wildcard.test(word)) return [word]
  const root = isFolder ? place : resolve(cwd, fixedPart(word))
  const paths = await onlyFiles(isFolder ? await filesIn(place, word) : await matchesOf(word, cwd), cwd, root)
  const all = new Set(paths.map((it) => resolve(cwd, it)))
  const chosen = paths.filter((path) => {
    const own = resolve(cwd, path)
    if (isNamedBundle(own, all)) return true
    const isOther = companionOf(own) !== undefined || sidecarNames(own).some((it) => all.has(it))
    // A folder holds what nobody has chosen; of a file of bundles the name may say no more than this.
    return !isOther && (!isFolder || basename(own).endsWith('.jsonl'))
  })
  const literal = status === 'file' ? [word] : []
  if (chosen.length + literal.length > 0) return [...literal, ...chosen]
  throw new CountersignError('glob-empty', `there is no bundle in ${shown(word)}`, { hint: 'name a file of bundles' })
}

async function onlyFiles(paths: readonly string[], cwd: string, root: string): Promise<readonly string[]> {
  const realRoot = await realpath(root).catch(() => root)
  const files: string[] = []
  for (const path of paths) if ((await kindOf(resolve(cwd, path), realRoot)) === 'file') files.push(path)
  return files
}
