/**
 * Chunks as esbuild makes them, once more through another minifier, and without the imports that only say in which order chunks run
 * that are imported anyway: a thirtieth of the bytes. Their source maps lead to the source all the same.
 */
import { minifySync } from 'rolldown/utils'
import { composed, moved, widened } from './source-maps.ts'
import type { SourceMap } from './source-maps.ts'

export interface Chunk {
  /** Name of the file, beside those of the others. */
  readonly name: string
  readonly text: string
  readonly map: SourceMap
}

/** In the same order. */
export function smaller(chunks: readonly Chunk[]): readonly Chunk[] {
  return withoutNeedless(chunks).map(minified)
}

function minified({ name, text, map }: Chunk): Chunk {
  const {
    code,
    map: second,
    errors,
  } = minifySync(name, text, {
    module: true,
    compress: { target: 'node22' },
    mangle: { toplevel: true },
    sourcemap: true,
  })
  if (errors[0] !== undefined) throw new Error(`${name}: ${errors[0].message}`)
  if (second === undefined) throw new Error(`${name} has no source map`)
  return inAscii({ name, text: code, map: composed(second, map) })
}

/** A code unit that is none of ASCII, and its escape. */
const wide = /[^\0-\x7f]/g
const escapeBytes = 6

/** Where an escape would be read otherwise: behind the sign of another one, and in a template that keeps its signs. */
const unescapable = /(?<!\\)(?:\\\\)*\\[^\0-\x7f]|String\.raw`[^`]*[^\0-\x7f]/

/**
 * Of a text with one character beyond Latin-1 V8 keeps two bytes for each of its characters, and takes longer to read it. All of these stand in
 * strings, templates and patterns, where an escape is the same.
 */
function inAscii({ name, text, map }: Chunk): Chunk {
  if (unescapable.test(text)) throw new Error(`${name} has a character that cannot be escaped where it stands`)
  const ascii = text.replace(wide, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return ascii === text ? { name, text, map } : { name, text: ascii, map: widened(map, text, wide, escapeBytes) }
}

/** Imports and exports of other chunks: esbuild writes them first. */
const statement = /(?:import|export)\s*(\{[^}]*\}\s*from|\*\s*as\s+[\w$]+\s*from|)\s*"\.\/([^"]+)";?/g

/** An import of nothing goes where another import leads to the same chunk: a chunk runs before every chunk that imports it. */
function withoutNeedless(chunks: readonly Chunk[]): readonly Chunk[] {
  const names = new Set(chunks.map((it) => it.name))
  const statements = new Map(
    chunks.map(({ name, text }) => [
      name,
      [...text.matchAll(statement)]
        .map(([text, bound = '', to = '']) => ({ text, isBare: bound === '', to }))
        .filter((it) => names.has(it.to)),
    ]),
  )
  const edges = new Map([...statements].map(([name, all]) => [name, all.map((it) => it.to)]))
  return chunks.map(({ name, text: whole, map }) => {
    let text = whole
    for (const { text: needless, to } of (statements.get(name) ?? []).filter((it) => it.isBare)) {
      const rest = edges.get(name)?.toSpliced(edges.get(name)?.indexOf(to) ?? 0, 1) ?? []
      const at = text.indexOf(needless)
      if (!reaches(edges, rest, to) || text.lastIndexOf('\n', at) >= 0) continue
      edges.set(name, rest)
      text = text.slice(0, at) + text.slice(at + needless.length)
    }
    return text === whole ? { name, text, map } : { name, text, map: moved(map, whole.length - text.length) }
  })
}

function reaches(edges: ReadonlyMap<string, readonly string[]>, from: readonly string[], to: string): boolean {
  const seen = new Set<string>()
  const open = [...from]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) return true
    if (seen.has(name)) continue
    seen.add(name)
    open.push(...(edges.get(name) ?? []))
  }
  return false
}
