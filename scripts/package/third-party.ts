/** The licences of what is bundled, from what the bundler says it took: whoever gets the code gets the words that come with it. */
import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import type { Metafile } from 'esbuild'

interface Bundled {
  readonly title: string
  readonly texts: readonly string[]
}

/**
 * Text for `THIRD-PARTY.txt`: what stands above the words of a licence (a title, a copyright) is given for each package, and the words
 * once for all packages that have the same. Throws where a package that is bundled has no licence text.
 */
export function thirdParty({ outputs }: Pick<Metafile, 'outputs'>, root: string): string {
  const inputs = Object.values(outputs).flatMap(({ inputs }) =>
    // What was left out of the bundle comes from nobody.
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  )
  const folders = new Set(inputs.filter((it) => it.includes('node_modules/')).map((it) => packageOf(resolve(root, it))))
  const bundled = [...folders].map((it) => read(it, root)).sort((left, right) => (left.title < right.title ? -1 : 1))
  const ours = wordsIn(readFileSync(join(root, 'LICENSE'), 'utf8'))
  const parts = bundled.flatMap(({ title, texts }) => texts.map((text) => ({ title, ...split(text) })))
  const sections = [...Map.groupBy(parts, (it) => wordsIn(it.words))].map(([same, packages]) => {
    const heads = packages.map(({ title, head }) => (head === '' ? title : `${title}\n${indented(head)}`))
    const words = same === ours ? 'The text of the licence is in the file LICENSE of this package.' : packages[0]?.words
    return [rule, ...heads, '', words, ''].join('\n')
  })
  return [
    'Countersign contains these packages, in whole or in part. The words under the names of several are the licence of each.\n',
    ...sections,
  ].join('\n')
}

/** Where the words begin that packages have in common: those that grant something. */
const granting = /^(?:Permission (?:is hereby granted|to use)|Redistribution and use)/m

function split(text: string): { readonly head: string; readonly words: string } {
  const at = granting.exec(text)?.index ?? 0
  return { head: text.slice(0, at).trim(), words: text.slice(at) }
}

/** The same where nothing but white space differs. */
function wordsIn(text: string): string {
  return text.split(/\s+/).filter(Boolean).join(' ')
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
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
  if (license === undefined || texts.every((it) => it.trim() === '')) {
    throw new Error(`${name} is bundled, and has no licence text`)
  }
  const whole = texts.map((it) => it.replaceAll('\r\n', '\n').replace(/^\n+|\s+$/g, ''))
  return { title: `${name} ${version} (${license})`, texts: whole }
}

/** The first comment of a file; nothing where it begins with something else. */
function headOf(file: string): string {
  const [lines = ''] = /^(?:\/\/.*\n)*/.exec(readFileSync(file, 'utf8')) ?? []
  return lines.replace(/^\/\/ ?/gm, '')
}
