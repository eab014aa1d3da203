/** src → dist: bundled ES modules in shared chunks, so that a command loads what it needs and no more, and declarations. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'
import { manPage } from './man-page.ts'

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

/** What `exports` in package.json names, beside the package itself. */
const subpaths = [
  'verify',
  'policy',
  'attest',
  'gate',
  'inspect',
  'trust',
  'report',
  'store',
  'graph',
  'vouch',
  'hooks',
  'embedded',
]
const entries = {
  ...Object.fromEntries(['index', ...subpaths].map((name) => [name, `src/${name}.ts`])),
  run: 'src/cli/run.ts',
  'verify-worker': 'src/verify/worker.ts',
  'transcripts-worker': 'src/collect/transcripts/reading-worker.ts',
}

/**
 * esbuild makes a chunk for each set of entries, lazy imports included, that reach a module; with entries as many as these the
 * way to a verdict would lie in forty small files, each of which costs a start-up its share. So every entry is made to reach all
 * that verifying, inspecting and their reports need, and all of that is one chunk.
 */
const oneCore: Plugin = {
  name: 'one-core',
  setup(hooks) {
    const reaching = new Set([...Object.values(entries).map((path) => resolve(root, path)), ...lazyImports()])
    hooks.onResolve({ filter: /^countersign:core$/ }, () => ({ path: 'core', namespace: 'core', sideEffects: true }))
    hooks.onLoad({ filter: /.*/, namespace: 'core' }, () => ({
      contents: ['index', 'verify', 'inspect', 'trust', 'report'].map((name) => `import './${name}.ts'`).join('\n'),
      resolveDir: `${root}src`,
    }))
    hooks.onLoad({ filter: /\.ts$/ }, ({ path }) =>
      // On the first line, so that source maps stay right.
      reaching.has(path)
        ? { contents: `import 'countersign:core';${readFileSync(path, 'utf8')}`, loader: 'ts' as const }
        : undefined,
    )
  },
}

/** Absolute paths of the files that the source imports when it needs them. */
function lazyImports(): readonly string[] {
  return globSync('src/**/*.ts', { cwd: root }).flatMap((file) => {
    const imports = readFileSync(resolve(root, file), 'utf8').matchAll(/import\('(\.[^']+)'\)/g)
    return [...imports].map(([, path = '']) => resolve(root, dirname(file), path))
  })
}

rmSync(`${root}dist`, { recursive: true, force: true })
const declared = declarations()
await build({
  absWorkingDir: root,
  entryPoints: entries,
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  sourcemap: 'linked',
  legalComments: 'linked',
  logLevel: 'warning',
  plugins: [lightCommander, oneCore],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
})
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
  sourcemap: 'linked',
  logLevel: 'warning',
})
writeFileSync(`${root}dist/countersign.1`, await manPage())
await declared

/** Types are checked by `npm run check`; here they are only written out, which takes half as long. */
async function declarations(): Promise<void> {
  const tsc = `${root}node_modules/typescript/bin/tsc`
  const child = spawn(process.execPath, [tsc, '--project', 'tsconfig.build.json', '--noCheck'], {
    cwd: root,
    stdio: 'inherit',
  })
  const [status] = (await once(child, 'close')) as [number | null]
  if (status !== 0) throw new Error('the declarations could not be written')
}
