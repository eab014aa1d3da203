/** src → dist: bundled ES modules in shared chunks, so that a command loads what it needs and no more, and declarations. */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'

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

rmSync(`${root}dist`, { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: { index: 'src/index.ts', run: 'src/cli/run.ts', 'verify-worker': 'src/verify/worker.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  sourcemap: 'linked',
  legalComments: 'linked',
  logLevel: 'warning',
  plugins: [lightCommander],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
})
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '--project', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
