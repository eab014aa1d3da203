/**
 * The command line imports public subpaths alone, and of each a name or two: in the build each name comes straight from the file that holds it,
 * for whoever imports a subpath loads all that is behind it.
 */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { subpaths } from './subpaths.ts'

const statement = /^import \{([^}]*)\} from '([^']+)'$/gm
const exported = /^export \{([^}]*)\} from '([^']+)'$/gm

const lazy = /^( *const \{ (\w+) \} = await import\(')([^']+)('\))$/gm

/** The text of a file of the source, with as many lines as before. */
export function straightImports(path: string, text: string, root: string): string {
  const places = new Map(subpaths.map((name) => [resolve(root, 'src', `${name}.ts`), name]))
  const atOnce = text.replace(statement, (whole, names: string, from: string) => {
    const subpath = resolve(dirname(path), from)
    if (!places.has(subpath)) return whole
    const homes = homesIn(subpath)
    const straight = namesIn(names).map((it) => `import { ${it} } from '${homes.get(localName(it)) ?? subpath}';`)
    return `${straight.join('')}${'\n'.repeat(whole.split('\n').length - 1)}`
  })
  return atOnce.replace(lazy, (whole, before: string, name: string, from: string, after: string) => {
    const subpath = resolve(dirname(path), from)
    const home = places.has(subpath) ? homesIn(subpath).get(name) : undefined
    return home === undefined ? whole : `${before}${home}${after}`
  })
}

const known = new Map<string, ReadonlyMap<string, string>>()

/** Name → the file that a subpath has it from. */
function homesIn(subpath: string): ReadonlyMap<string, string> {
  const found = known.get(subpath)
  if (found !== undefined) return found
  const homes = new Map<string, string>()
  for (const [, names = '', from = ''] of readFileSync(subpath, 'utf8').matchAll(exported)) {
    for (const name of namesIn(names)) homes.set(name, resolve(dirname(subpath), from))
  }
  known.set(subpath, homes)
  return homes
}

function namesIn(list: string): string[] {
  return list
    .split(',')
    .map((it) => it.trim())
    .filter((it) => it !== '')
}

/** What the subpath calls it. */
function localName(name: string): string {
  return name.split(' as ')[0] ?? name
}
