/**
 * Declarations as they are published: one file for each public name and what they share, with no word of a package that is
 * bundled. What `z.infer` says is written out as the type that it stands for, so that nobody needs Zod to read or check it.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { dts } from 'rolldown-plugin-dts'
import ts from 'typescript'

const root = fileURLToPath(new URL('../../', import.meta.url))
const raw = `${root}.cache/declarations/`

/** Writes `<name>.d.ts` for each name, and what they share, into a folder. Throws where one of them needs a package. */
export async function writeDeclarations(names: readonly string[], folder: string): Promise<void> {
  await emit()
  spellOut(names)
  const bundle = await rolldown({
    input: Object.fromEntries(names.map((name) => [name, `${raw}${name}.d.ts`])),
    // What is left of them in the end is refused below; that of others is written into ours.
    external: [/^node:/, /^zod\b/, /^@/],
    plugins: [dts({ dtsInput: true, tsconfig: false })],
    logLevel: 'warn',
  })
  const { output } = await bundle.write({
    dir: folder,
    // Names within are shorter than what renames them.
    minifyInternalExports: false,
    // All that two of them share in one file: each would say of each other what it has from it.
    codeSplitting: { groups: [{ name: 'shared.d', minShareCount: 2 }] },
  })
  for (const { fileName, ...it } of output) {
    const text = 'code' in it ? it.code : ''
    const needed = /(?:from|import\()\s*['"](?!\.|node:)([^'"]+)['"]/.exec(text.replaceAll(/\/\*[\s\S]*?\*\//g, ''))
    if (needed !== null) throw new Error(`the types in ${fileName} need ${needed[1] ?? ''}, which is not installed`)
    writeFileSync(join(folder, fileName), shortened(text))
  }
}

/** Without the paths of the files that it was made of and without examples, which stand in docs/api.md, and with tabs. */
function shortened(text: string): string {
  return text
    .replace(/^\/\/ \.cache\/.*\n/gm, '')
    .replace(/(?:\n[ \t]*\*)?\n[ \t]*\* @example\n[ \t]*\* ```ts\n[\s\S]*?\n[ \t]*\* ```(?=\n)/g, '')
    .replace(/^(?: {2})+/gm, (it) => '\t'.repeat(it.length / 2))
}

/** Types are checked by `npm run check`; here they are only written out, which takes half as long. */
async function emit(): Promise<void> {
  rmSync(raw, { recursive: true, force: true })
  const tsc = `${root}node_modules/typescript/bin/tsc`
  const child = spawn(process.execPath, [tsc, '--project', 'tsconfig.build.json', '--noCheck'], {
    cwd: root,
    stdio: 'inherit',
  })
  const [status] = (await once(child, 'close')) as [number | null]
  if (status !== 0) throw new Error('the declarations could not be written')
}

/**
 * Replaces, in the declarations that the names reach, the types that are taken from values (`z.infer<…>`, `keyof typeof table`): the
 * values are ours alone. Where one of them is a part of another it is called by its name, or a verdict would say eleven times what
 * a session is.
 */
function spellOut(names: readonly string[]): void {
  const program = ts.createProgram({
    rootNames: names.map((name) => `${raw}${name}.d.ts`),
    options: { ...buildOptions(), noEmit: true, skipLibCheck: true },
  })
  const checker = program.getTypeChecker()
  const printer = ts.createPrinter({ removeComments: true })
  const flags = (ts.NodeBuilderFlags.NoTruncation | ts.NodeBuilderFlags.InTypeAlias) as ts.NodeBuilderFlags
  const taken = program
    .getSourceFiles()
    .filter((it) => it.fileName.startsWith(raw))
    .flatMap((file) => takenFromValues(file).map((node) => ({ file, node, text: written(node, file) })))
  function written(node: ts.TypeNode, file: ts.SourceFile): string {
    const type = checker.typeToTypeNode(checker.getTypeFromTypeNode(node), node, flags)
    if (type === undefined) throw new Error(`${node.getText(file)} cannot be written out`)
    return printer.printNode(ts.EmitHint.Unspecified, ts.setEmitFlags(type, ts.EmitFlags.SingleLine), file)
  }
  const named = taken
    .flatMap(({ file, node: { parent }, text }) =>
      ts.isTypeAliasDeclaration(parent) && isWhole(text) && text.length > 120
        ? [{ file, text, name: parent.name.text }]
        : [],
    )
    .sort((left, right) => right.text.length - left.text.length)

  for (const [file, parts] of Map.groupBy(taken, (it) => it.file)) {
    let all = file.text
    // From the end, so that the places before stay where they are.
    for (const { node, text } of parts.toReversed()) {
      const shorter = named
        .filter((it) => it.text.length < text.length)
        .reduce((rest, it) => rest.replaceAll(it.text, it.file === file ? it.name : placed(it)), text)
      all = all.slice(0, node.getStart(file)) + shorter + all.slice(node.end)
    }
    writeFileSync(file.fileName, all)
  }
}

/** What may stand in the place of a part of a text: an object, or one of some words. */
function isWhole(text: string): boolean {
  return /^\{.*\}$/.test(text) || /^"[^"]*"(?: \| "[^"]*")*$/.test(text)
}

function placed({ file, name }: { readonly file: ts.SourceFile; readonly name: string }): string {
  return `import('${file.fileName}').${name}`
}

/** The outermost of them. */
function takenFromValues(file: ts.SourceFile): readonly ts.TypeNode[] {
  const found: ts.TypeNode[] = []
  const visit = (node: ts.Node): void => {
    const isAliased = ts.isTypeNode(node) && ts.isTypeAliasDeclaration(node.parent)
    if (isAliased && /\bz\.(?:infer|output|input)<|\btypeof (?!globalThis)/.test(node.getText(file))) found.push(node)
    else if (ts.isTypeReferenceNode(node) && /^z\.(?:infer|output|input)</.test(node.getText(file))) found.push(node)
    else ts.forEachChild(node, visit)
  }
  ts.forEachChild(file, visit)
  return found
}

function buildOptions(): ts.CompilerOptions {
  const path = `${root}tsconfig.build.json`
  const { config } = ts.readConfigFile(path, (name) => readFileSync(name, 'utf8')) as { config: unknown }
  return ts.parseJsonConfigFileContent(config, ts.sys, root, undefined, path).options
}
