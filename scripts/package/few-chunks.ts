/**
 * esbuild makes a chunk for each set of entries, lazy imports included, that reach a module; with entries as many as ours the
 * way to a verdict would lie in forty small files, each of which costs a start-up its share. So entries are made to reach all of what
 * some of them need, and all of that is one chunk.
 */
import { globSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { Plugin } from 'esbuild'
import { straightImports } from './straight-imports.ts'

/** What is one chunk, or one for each set of those that reach it, as files of the source. */
const groups: { readonly [name: string]: readonly string[] } = {
  /** What stands before every command. */
  line: ['cli/main.ts', 'cli/program.ts'],
  /** With which the gate asks git. */
  start: ['cli/commands/gate.ts'],
  /** What the gate needs when it runs, most of which `attest` and `sessions` need too. */
  gate: ['cli/commands/gate.ts', 'gate/decide.ts', 'render-gate.ts'],
  /** What the way to a verdict needs. */
  core: ['cli/commands/verify.ts'],
}

/** Those without the core. */
const lightGroups = ['line', 'start', 'gate'] as const

/** What else is loaded with nothing but a light group: what starts the program, and what the gate loads when it needs it. */
const lightOf: { readonly [file: string]: (typeof lightGroups)[number] | undefined } = { 'cli/run.ts': 'line' }

/** Whoever has one of these reads a repository, and has most of what the gate has. */
const reading = /^collect\/(?:git|sessions)\//

export function fewChunks(root: string, entries: Readonly<Record<string, string>>): Plugin {
  const source = resolve(root, 'src')
  return {
    name: 'few-chunks',
    setup(hooks) {
      const closures = new Map(Object.entries(groups).map(([name, files]) => [name, closureOf(files, source, root)]))
      const ofCore = closures.get('core') ?? new Set()
      const shared = [...(closures.get('gate') ?? [])].filter((it) => ofCore.has(it))
      const groupsFor = (name: string): readonly string[] => {
        // What a light group holds is loaded lazily, too, by others: it must not bring the rest with it.
        const own = lightGroups.find((it) => closures.get(it)?.has(name) === true) ?? lightOf[name]
        if (own !== undefined) return [own === 'gate' && ofCore.has(name) ? 'shared' : own]
        const line = name.startsWith('cli/') ? ['line'] : []
        const isReading = [...closureOf([name], source, root)].some((it) => reading.test(it))
        return [...line, ...(isReading ? ['gate'] : []), 'core']
      }
      const reaching = new Set([...Object.values(entries).map((path) => resolve(root, path)), ...lazyImports(root)])
      hooks.onResolve({ filter: /^countersign:/ }, ({ path }) => ({
        path: path.slice('countersign:'.length),
        namespace: 'group',
        sideEffects: true,
      }))
      hooks.onLoad({ filter: /.*/, namespace: 'group' }, ({ path }) => ({
        contents: (path === 'shared' ? shared : (groups[path] ?? [])).map((file) => `import './${file}'`).join('\n'),
        resolveDir: source,
      }))
      hooks.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        // On the first line, so that source maps stay right.
        const all = reaching.has(path) ? groupsFor(nameIn(source, path)) : []
        const first = all.map((it) => `import 'countersign:${it}';`).join('')
        return { contents: `${first}${textOf(path, source, root)}`, loader: 'ts' as const }
      })
    },
  }
}

/** Files of the source that these import at once, with themselves. */
function closureOf(files: readonly string[], source: string, root: string): ReadonlySet<string> {
  const seen = new Set<string>()
  const open = files.map((it) => resolve(source, it))
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const name = nameIn(source, path)
    if (seen.has(name) || !path.endsWith('.ts')) continue
    seen.add(name)
    for (const [, from = ''] of textOf(path, source, root).matchAll(imported)) open.push(resolve(dirname(path), from))
  }
  return seen
}

const imported = /(?:^|;)(?:import|export) (?!type )[^;']*?from '([./][^']+)'/gm

function nameIn(source: string, path: string): string {
  return relative(source, path).replaceAll('\\', '/')
}

function textOf(path: string, source: string, root: string): string {
  const text = readFileSync(path, 'utf8')
  return nameIn(source, path).startsWith('cli/') ? straightImports(path, text, root) : text
}

/** Absolute paths of the files that the source imports when it needs them. */
function lazyImports(root: string): readonly string[] {
  return globSync('src/**/*.ts', { cwd: root }).flatMap((file) => {
    const imports = textOf(resolve(root, file), resolve(root, 'src'), root).matchAll(/import\('([./][^']+)'\)/g)
    return [...imports].map(([, path = '']) => resolve(root, dirname(file), path))
  })
}
