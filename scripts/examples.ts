/**
 * The examples of the public names, as they stand in the source. Each public value has one; a test runs them, and without a
 * test `node scripts/examples.ts` has the compiler look at them.
 */
import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { subpaths } from './package/subpaths.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface Example {
  readonly name: string
  /** TypeScript that imports from `countersign`; undefined where there is none. */
  readonly code: string | undefined
}

/** Every public value with its example. */
export async function publicExamples(): Promise<readonly Example[]> {
  const names = new Set<string>()
  for (const subpath of subpaths) {
    const module = (await import(join(root, 'src', `${subpath}.ts`))) as object
    for (const name of Object.keys(module)) names.add(name)
  }
  const sources = globSync('src/**/*.ts', { cwd: root }).map((path) => readFileSync(join(root, path), 'utf8'))
  return [...names].sort().map((name) => ({ name, code: exampleIn(sources, name) }))
}

function exampleIn(sources: readonly string[], name: string): string | undefined {
  const declared = new RegExp(
    String.raw`/\*\*((?:(?!\*/)[^])*)\*/\nexport (?:async )?(?:function\*?|class|const) ${name}\b`,
  )
  for (const source of sources) {
    const comment = declared.exec(source)?.[1]
    const block = comment === undefined ? undefined : /@example\n \* ```ts\n([^]*?) \* ```/.exec(comment)?.[1]
    if (block !== undefined) return block.replace(/^ \* ?/gm, '')
  }
  return undefined
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(root, 'dist/examples')
  mkdirSync(folder, { recursive: true })
  try {
    for (const { name, code } of await publicExamples()) {
      if (code === undefined) throw new Error(`${name} has no example`)
      writeFileSync(join(folder, `${name}.ts`), code)
    }
    const compilerOptions = {
      noEmit: true,
      allowUnusedLabels: true,
      paths: {
        countersign: [join(root, 'src/index.ts')],
        'countersign/*': [join(root, 'src/*.ts')],
      },
    }
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--project', folder], {
      stdio: 'inherit',
    })
  } catch (thrown) {
    process.exitCode = 1
    if (thrown instanceof Error && !('status' in thrown)) process.stderr.write(`${thrown.message}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
