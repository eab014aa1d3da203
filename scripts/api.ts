/** docs/api.md: every public name with its doc comment, from the source. Without --write it compares and fails on drift. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import ts from 'typescript'
import { subpaths } from './package/subpaths.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = join(root, 'docs/api.md')
const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as { config: object }
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
const fileOf = (subpath: string): string => join(root, 'src', `${subpath}.ts`)
const program = ts.createProgram(subpaths.map(fileOf), options)
const checker = program.getTypeChecker()

interface Named {
  readonly name: string
  readonly symbol: ts.Symbol
}

function exportsOf(subpath: string): readonly Named[] {
  const file = program.getSourceFile(fileOf(subpath))
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file)
  if (module === undefined) throw new Error(`${subpath} exports nothing`)
  return checker.getExportsOfModule(module).map((it) => ({
    name: it.name,
    symbol: (it.flags & ts.SymbolFlags.Alias) === 0 ? it : checker.getAliasedSymbol(it),
  }))
}

/** A value has a text of its own; types are listed by their name, because their members are in the declarations. */
function valueText({ name, symbol }: Named): string {
  const example = symbol.getJsDocTags(checker).find((it) => it.name === 'example')
  return [
    `### \`${name}\``,
    '',
    ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    '',
    ...(example === undefined ? [] : [ts.displayPartsToString(example.text), '']),
  ].join('\n')
}

function typeLine({ name, symbol }: Named): string {
  const said = ts.displayPartsToString(symbol.getDocumentationComment(checker)).split('\n\n', 1)[0] ?? ''
  return `- \`${name}\`${said === '' ? '' : `: ${said.replaceAll('\n', ' ')}`}`
}

function sectionOf(subpath: string): string {
  const named = exportsOf(subpath)
  const isValue = ({ symbol }: Named): boolean => (symbol.flags & ts.SymbolFlags.Value) !== 0
  const types = named.filter((it) => !isValue(it))
  return [
    `## \`${subpath === 'index' ? 'countersign' : `countersign/${subpath}`}\``,
    '',
    ...named.filter(isValue).map(valueText),
    ...(types.length === 0 ? [] : ['Types:', '', ...types.map(typeLine), '']),
  ].join('\n')
}

const text = `# The library

The package is ESM, with types. Every function takes the world (clock, network, environment, folder) as an argument, \`world\`, and fills in what is not
given. A failure is a \`CountersignError\` with a code of [the table](errors.md). Each example runs in a test.

<!-- Made by \`npm run api\` from the doc comments of the source. -->

${subpaths
  .map(sectionOf)
  .join('\n')
  .replace(/\{@link (\w+)\}/g, '`$1`')}
`
const made = await format(text, { ...(await resolveConfig(page)), filepath: page })

if (process.argv.includes('--write')) writeFileSync(page, made)
else if (readFileSync(page, 'utf8') !== made) {
  process.stderr.write('docs/api.md is not what the doc comments say: npm run api\n')
  process.exitCode = 1
}
