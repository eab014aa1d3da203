/**
 * src → dist: bundled ES modules in shared chunks, so that a command loads what it needs and no more; the licences of what is in them;
 * the schemas as they are published. Declarations are made apart (`types.ts`), because they take five times as long.
 */
import { globSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { OutputFile, Plugin } from 'esbuild'
import { manPage } from './man-page.ts'
import { fewChunks } from './package/few-chunks.ts'
import { leftOut } from './package/left-out.ts'
import { packedJson } from './package/packed-json.ts'
import { compactSchema } from './package/schemas.ts'
import { smaller } from './package/smaller.ts'
import type { Chunk } from './package/smaller.ts'
import { subpaths } from './package/subpaths.ts'
import { thirdParty } from './package/third-party.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Loading a built-in module publicly reads all its exports, and with them everything that Node keeps behind getters: for
 * node:util 42 internal modules, for node:child_process 37, together half of a start-up. commander takes one function of the
 * first, for help texts, and the second for subcommands that are programs, which ours are not.
 */
const lightCommander: Plugin = {
  name: 'light-commander',
  setup(hooks) {
    hooks.onResolve({ filter: /^node:(util|child_process|process)$/ }, ({ path, importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path, namespace: 'light' } : undefined,
    )
    hooks.onLoad({ filter: /util$/, namespace: 'light' }, () => ({
      contents: `export const stripVTControlCharacters = (text) => require('node:util').stripVTControlCharacters(text)`,
    }))
    hooks.onLoad({ filter: /child_process$/, namespace: 'light' }, () => ({ contents: 'export default {}' }))
    hooks.onLoad({ filter: /:process$/, namespace: 'light' }, () => ({ contents: 'export default globalThis.process' }))
  },
}

const entries = {
  ...Object.fromEntries(subpaths.map((name) => [name, `src/${name}.ts`])),
  run: 'src/cli/run.ts',
  'verify-worker': 'src/verify/worker.ts',
  'transcripts-worker': 'src/collect/transcripts/reading-worker.ts',
}

/** The version is a part of the program, so that nothing beside it is read for it. */
const ownVersion: Plugin = {
  name: 'own-version',
  setup(hooks) {
    hooks.onLoad({ filter: /[\\/]src[\\/]version\.ts$/ }, () => {
      const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }
      return { contents: `export const version = ${JSON.stringify(version)}` }
    })
  },
}

/** What esbuild puts in the place of `require`, in one of the chunks, looks for that of Node, which modules have not. */
const needsRequire = /\btypeof require\b/
const require = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);"

function chunksOf(files: readonly OutputFile[]): readonly Chunk[] {
  return files
    .filter((it) => it.path.endsWith('.js'))
    .map(({ path, text }) => {
      const map = files.find((it) => it.path === `${path}.map`)
      return { name: basename(path), text, map: JSON.parse(map?.text ?? '') as Chunk['map'] }
    })
}

mkdirSync(`${root}dist`, { recursive: true })
for (const name of readdirSync(`${root}dist`)) {
  if (name !== 'types') rmSync(`${root}dist/${name}`, { recursive: true, force: true })
}
const { metafile, outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: entries,
  outdir: 'dist',
  // Half a kilobyte in each command that starts, for names that nobody reads.
  chunkNames: '[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Half of the size. No stack is ever shown to a user; the maps lie beside, and are not published.
  minify: true,
  charset: 'utf8',
  sourcemap: 'external',
  metafile: true,
  // They are in THIRD-PARTY.txt.
  legalComments: 'none',
  // Its modules for Node are CommonJS, of which nothing can be left out.
  alias: { yaml: `${root}node_modules/yaml/browser/index.js` },
  logLevel: 'warning',
  plugins: [ownVersion, lightCommander, leftOut, packedJson, fewChunks(root, entries)],
  write: false,
})
for (const { name, text, map } of smaller(chunksOf(outputFiles))) {
  const isShim = needsRequire.test(text)
  writeFileSync(`${root}dist/${name}`, isShim ? `${require}\n${text}` : text)
  writeFileSync(`${root}dist/${name}.map`, JSON.stringify(isShim ? { ...map, mappings: `;${map.mappings}` } : map))
}

// What git hooks start: one file alone, since each file that is loaded costs every commit its share.
await build({
  absWorkingDir: root,
  entryPoints: { capture: 'src/capture/entry.ts' },
  outdir: 'dist',
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  sourcemap: 'external',
  logLevel: 'warning',
})
writeFileSync(`${root}dist/metafile.json`, JSON.stringify(metafile))
writeFileSync(`${root}dist/THIRD-PARTY.txt`, thirdParty(metafile, root))
writeFileSync(`${root}dist/countersign.1.gz`, gzipSync(await manPage(), { level: 9 }))
for (const path of globSync('schemas/**/*.json', { cwd: root })) {
  mkdirSync(dirname(`${root}dist/${path}`), { recursive: true })
  const schema = JSON.parse(readFileSync(`${root}${path}`, 'utf8')) as Parameters<typeof compactSchema>[0]
  writeFileSync(`${root}dist/${path}`, JSON.stringify(compactSchema(schema)))
}
