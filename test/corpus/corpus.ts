/** The corpus: real bundles with questions about them, and real AI records (`corpus/README.md` beside this repository). */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'

const folder = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))
if (!existsSync(folder)) throw new Error('the corpus is missing: expected ../shared/corpus beside this repository')

/** One question, and the answer that it must get. */
export interface Case {
  readonly id?: string
  readonly bundle: string
  readonly artifact: string
  readonly trustedRoot: string
  readonly key?: string
  readonly ask: {
    readonly signer?: string
    readonly issuer?: string
    readonly source?: string
    readonly ref?: string
    readonly commit?: string
    readonly versionedTag?: string
    readonly predicateType?: string
  }
  readonly verdict: 'pass' | 'fail'
  readonly why?: string
  /** The bundle may hold a bare message signature. */
  readonly layer?: 'sigstore'
}

export const cases = JSON.parse(readFileSync(`${folder}bundles/cases.json`, 'utf8')) as readonly Case[]

/** Absolute path of a file that a case names. */
export function bundlePath(name: string): string {
  return `${folder}bundles/${name}`
}

/** A short name for a test. Cases without an id ask for a tag. */
export function titleOf({ id, bundle, ask }: Case): string {
  return id ?? `${bundle.replace(/^slsa\//, '')} as ${ask.versionedTag ?? 'asked'}`
}

/** Every file that may hold a bundle: not the trusted roots, keys and artifacts. */
export const bundleFiles: readonly string[] = readdirSync(`${folder}bundles`, { recursive: true, encoding: 'utf8' })
  .filter(
    (name) => /\.(json|jsonl|sigstore|slsa)$/.test(name) && !/^(cases|trust\/.*|.*trusted_root)\.json$/.test(name),
  )
  .sort()

/** The lines of a `.jsonl` of AI records. */
export function aiRecords(name: string): readonly unknown[] {
  const lines = readFileSync(`${folder}ai/${name}`, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown)
}

/** All files in a folder of AI records; paths from that folder, with `/`. */
export function aiFiles(name: string): readonly { readonly path: string; readonly bytes: Buffer }[] {
  const root = `${folder}ai/${name}`
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((it) => it.isFile())
  return entries
    .map((it) => `${it.parentPath}/${it.name}`.slice(root.length + 1).replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, bytes: readFileSync(`${root}/${path}`) }))
}

/** Runs a command line as `bin/countersign.js` would, without a process of its own. */
export function run(argv: readonly string[]): Promise<Ran> {
  const fetch = (): Promise<never> => Promise.reject(new Error('the corpus is verified without network'))
  return countersign({ cwd: folder, fetch }, ...argv)
}
