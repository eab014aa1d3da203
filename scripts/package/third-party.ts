/** The licences of what is bundled, from what the bundler says it took: whoever gets the code gets the words that come with it. */
import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import type { Metafile } from 'esbuild'

interface Bundled {
  readonly name: string
  readonly version: string
  readonly licence: string
  readonly text: string
}

/** Text for `THIRD-PARTY.txt`. Throws where a package that is bundled has no licence text. */
export function thirdParty({ outputs }: Pick<Metafile, 'outputs'>, root: string): string {
  const inputs = Object.values(outputs).flatMap(({ inputs }) =>
    // What was left out of the bundle comes from nobody.
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  )
  const folders = new Set(inputs.filter((it) => it.includes('node_modules/')).map((it) => packageOf(resolve(root, it))))
  const bundled = [...folders].map((it) => read(it, root)).sort((left, right) => (left.name < right.name ? -1 : 1))
  const words = [...Map.groupBy(bundled, (it) => it.text)].map(([text, packages]) => {
    const names = packages.map(({ name, version, licence }) => `${name} ${version} (${licence})`)
    return [rule, ...names, '', text, ''].join('\n')
  })
  return ['Countersign contains these packages, in whole or in part.\n', ...words].join('\n')
}

const rule = '-'.repeat(78)

/** Where the text is of packages that come without: the Apache License in our own copy, the rest at the head of a file. */
const elsewhere: { readonly [name: string]: readonly ('apache' | { readonly headOf: string })[] } = {
  '@bufbuild/cel': ['apache'],
  '@bufbuild/cel-spec': ['apache'],
  '@bufbuild/protobuf': ['apache', { headOf: 'dist/esm/wire/varint.js' }],
}

/** Folder of the package that a file is from: some have a package.json of another kind in a folder below. */
function packageOf(file: string): string {
  const modules = `${sep}node_modules${sep}`
  const top = file.slice(0, file.lastIndexOf(modules) + modules.length)
  const [first = '', second = ''] = file.slice(top.length).split(sep)
  return join(top, first.startsWith('@') ? join(first, second) : first)
}

function read(folder: string, root: string): Bundled {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string
    readonly version: string
    readonly license?: string
  }
  const texts = readdirSync(folder)
    .filter((it) => /^(?:licen[cs]e|copying|notice|copyright)/i.test(it))
    .map((it) => readFileSync(join(folder, it), 'utf8'))
  if (texts.length === 0) {
    for (const it of elsewhere[name] ?? []) {
      texts.push(it === 'apache' ? readFileSync(join(root, 'LICENSE'), 'utf8') : headOf(join(folder, it.headOf)))
    }
  }
  const text = texts.map((it) => it.replaceAll('\r\n', '\n').replace(/^\n+|\s+$/g, '')).join('\n\n')
  if (license === undefined || text === '') throw new Error(`${name} is bundled, and has no licence text`)
  return { name, version, licence: license, text }
}

/** The first comment of a file; nothing where it begins with something else. */
function headOf(file: string): string {
  const [lines = ''] = /^(?:\/\/.*\n)*/.exec(readFileSync(file, 'utf8')) ?? []
  return lines.replace(/^\/\/ ?/gm, '')
}
