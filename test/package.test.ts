/** The package as it would be published: packed, installed alone beside a program, and used under its public names. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compactSchema } from '../scripts/package/schemas.ts'
import { subpaths } from '../scripts/package/subpaths.ts'
import { thirdParty } from '../scripts/package/third-party.ts'
import { artifactBytes, useRelease } from './world/release.ts'
import { isEach, part } from './world/runs.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Manifest {
  readonly exports: { readonly [subpath: string]: string | { readonly types: string; readonly default: string } }
  readonly [name: string]: unknown
}
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
const modules = Object.entries(exports).flatMap(([subpath, target]) =>
  typeof target === 'string' ? [] : [{ name: join('countersign', subpath), ...target }],
)

const release = useRelease()
let folder: string
let installed: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-package-'))
  installed = join(folder, 'node_modules/countersign')
  // Only the types: the rest is what this run is about, and is built already.
  if (isEach) execFileSync(process.execPath, [join(root, 'scripts/types.ts')])
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root })
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'beside', private: true, type: 'module' }))
  if (isEach) {
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--silent', `./${tarball}`], {
      cwd: folder,
    })
  } else {
    // What npm does with it where nothing else is installed, without the start of npm.
    mkdirSync(installed, { recursive: true })
    execFileSync('tar', ['-xzf', join(folder, tarball), '--strip-components=1', '-C', installed])
  }

  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/app.tgz'), artifactBytes)
  writeFileSync(join(folder, 'dist/app.tgz.sigstore.json'), JSON.stringify(await release().attested()))
  writeFileSync(join(folder, 'trusted_root.json'), JSON.stringify(release().sigstore.trustedRoot))
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function node(...args: readonly string[]): string {
  return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { HOME: folder }, stdio: 'pipe' })
}

function program(text: string): string {
  writeFileSync(join(folder, 'program.ts'), text)
  return node('program.ts')
}

function bytesIn(place: string): number {
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .map((it) => statSync(join(place, it)))
    .reduce((sum, it) => sum + (it.isFile() ? it.size : 0), 0)
}

describe('what npm installs', () => {
  it('is one package: what is bundled is no dependency of it', () => {
    const names = readdirSync(join(folder, 'node_modules')).filter((it) => !it.startsWith('.'))
    expect(names).toEqual(['countersign'])
    expect(existsSync(join(installed, 'node_modules'))).toBe(false)
  })

  it('has at most 2.5 MB, and no maps', () => {
    expect(bytesIn(installed)).toBeLessThan(2_500_000)
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
    expect(files.filter((it) => it.endsWith('.map') || it.endsWith('metafile.json'))).toEqual([])
  })

  it('holds the program, and what it is called by; neither source nor tests', () => {
    expect(readdirSync(installed).sort()).toEqual([
      ...['LICENSE', 'README.md'],
      ...['bin', 'dist', 'package.json', 'policies'],
    ])
  })

  it.skipIf(process.platform === 'win32')('has a program that runs as it lies there, as by a link on the PATH', () => {
    // npm makes it so where it links it by itself; an archive, or a clone, has only what git and the tarball say.
    const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
    const listed = execFileSync('tar', ['-tvzf', join(folder, tarball), 'package/bin/countersign.js'], {
      encoding: 'utf8',
    })
    expect(listed).toMatch(/^-rwxr-xr-x/)
    expect(statSync(join(root, 'bin/countersign.js')).mode & 0o111).toBe(0o111)
  })

  it('has a manifest that says where it comes from, and runs nothing', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest
    for (const name of ['repository', 'homepage', 'bugs', 'keywords', 'author', 'license', 'description', 'engines']) {
      expect(manifest[name], name).toBeTruthy()
    }
    expect(manifest['dependencies']).toBeUndefined()
    const lifecycle = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare']
    expect(Object.keys(manifest['scripts'] as object).filter((it) => lifecycle.includes(it))).toEqual([])
    // A bundler that leaves out what nobody imports keeps these.
    expect(manifest['sideEffects']).toEqual(expect.arrayContaining(['./dist/run.js', './dist/*-worker.js']))
  })

  it('has the licence of each package that is in it', () => {
    const text = readFileSync(join(installed, 'dist/THIRD-PARTY.txt'), 'utf8')
    const metafile = JSON.parse(readFileSync(join(root, 'dist/metafile.json'), 'utf8')) as Parameters<
      typeof thirdParty
    >[0]
    expect(text).toBe(thirdParty(metafile, root))
    for (const name of ['zod', 'yaml', 'jose', '@bufbuild/protobuf', '@tufjs/models']) {
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'))
    }
    expect(text).toContain('Copyright 2008 Google Inc.')
  })

  it('is not built where the licence of one is missing', () => {
    const stranger = join(folder, 'stranger')
    mkdirSync(join(stranger, 'node_modules/bare'), { recursive: true })
    writeFileSync(join(stranger, 'node_modules/bare/package.json'), '{"name":"bare","version":"1.0.0","license":"MIT"}')
    const input = { 'node_modules/bare/index.js': { bytesInOutput: 1 } }
    const outputs = { 'dist/a.js': { bytes: 1, inputs: input, imports: [], exports: [] } }
    expect(() => thirdParty({ outputs }, stranger)).toThrow('bare is bundled, and has no licence text')
  })
})

describe('the schemas in it', () => {
  const schemas = readdirSync(join(root, 'schemas'), { recursive: true, encoding: 'utf8' }).filter((it) =>
    it.endsWith('.json'),
  )

  it.each(schemas)('%s says the same as the one in the repository', (path) => {
    const read = (place: string): Schema => JSON.parse(readFileSync(join(place, path), 'utf8')) as Schema
    const { $defs, ...compact } = read(join(installed, 'dist/schemas'))
    const spelled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(spelled)
      if (typeof value !== 'object' || value === null) return value
      const name = /^#\/\$defs\/(\d+)$/.exec(String((value as Schema)['$ref']))?.[1]
      if (name !== undefined) return spelled($defs?.[name])
      return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, spelled(it)]))
    }
    expect(spelled(compact)).toEqual(telling(read(join(root, 'schemas'))))
  })

  it('lack only what refuses nothing', () => {
    const words = { type: 'string', enum: ['a', 'b'] }
    const said = { type: 'object', propertyNames: { type: 'string' }, additionalProperties: {}, properties: { words } }
    expect(compactSchema(said)).toEqual({ type: 'object', properties: { words: { enum: ['a', 'b'] } } })
    const kept = [
      { propertyNames: { type: 'string', maxLength: 3 }, additionalProperties: { type: 'string' } },
      { type: 'string', enum: ['a', 1] },
      { type: 'object', additionalProperties: false, properties: { type: { type: 'string' }, enum: { type: 'null' } } },
      { type: 'integer', const: 1 },
      { type: ['string', 'null'], enum: ['a', null] },
    ]
    for (const it of kept) expect(compactSchema(it)).toEqual(it)
  })

  it('refuse and accept alike, also where a value looks like a schema', () => {
    const long = { type: 'string', enum: ['a'.repeat(120)] }
    const schema = { type: 'object', properties: { x: long, y: long, z: { const: long } }, examples: [long, long] }
    const compact = compactSchema(schema)
    expect(compact).toMatchObject({
      properties: { x: { $ref: '#/$defs/1' }, z: { const: long } },
      examples: [long, long],
    })
    const validate = new Ajv2020({ strict: false }).compile(compact)
    expect([validate({ x: 'a'.repeat(120), z: long }), validate({ x: 'b' }), validate({ z: 1 })]).toEqual([
      true,
      false,
      false,
    ])
  })
})

/** A schema of the repository, as text, without what says nothing. */
function telling(schema: Schema): unknown {
  const text = JSON.stringify(schema)
    .replaceAll('"propertyNames":{"type":"string"},', '')
    .replaceAll(/,"additionalProperties":\{\}/g, '')
    .replaceAll(/"type":"string",(?="const":"|"enum":\["[^\]]*\])/g, '')
    .replaceAll(/"type":"boolean",(?="const":(?:true|false))/g, '')
    .replaceAll(/"type":"number",(?="const":[0-9])/g, '')
  return JSON.parse(text)
}

interface Schema {
  readonly $defs?: { readonly [name: string]: Schema }
  readonly [keyword: string]: unknown
}

describe('a program beside it', () => {
  it('runs the example of the README', () => {
    const [, example = ''] = /^```ts\n([\s\S]*?)^```/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
    const { issuer } = release().sigstore
    expect(example).toContain("from 'countersign'")
    expect(program(example.replace(/(?<=issuer: ')[^']+/, issuer))).toBe('pass 2\n')
  })

  it('imports each of its names, which have types', () => {
    const names = subpaths.map((it) => (it === 'index' ? 'countersign' : `countersign/${it}`))
    expect(modules.map((it) => it.name).sort()).toEqual(names.toSorted())
    const text = `for (const { name } of ${JSON.stringify(modules)}) console.log(name, Object.keys(await import(name)).length > 0)`
    expect(program(text)).toBe(modules.map(({ name }) => `${name} true\n`).join(''))
    for (const path of modules.flatMap((it) => (isEach ? [it.types, it.default] : [it.default]))) {
      expect(existsSync(join(installed, path)), path).toBe(true)
    }
  })

  it.runIf(isEach).each(['node16', 'bundler'])(
    'is checked against their types, resolved as by %s, with nothing else installed',
    (resolution) => {
      const imports = modules.map(({ name }, index) => `import * as m${index} from '${name}'`)
      const uses = modules.map((_, index) => `export type T${index} = IsAny<typeof m${index}>`)
      const text = `${imports.join('\n')}
      import type { Verdict } from 'countersign'
      type IsAny<T> = 0 extends 1 & T ? true : false
      ${uses.join('\n')}
      export const isTyped: IsAny<Verdict['attestations'][number]> = false
      export const outcome: Verdict['outcome'] = 'pass'
      // @ts-expect-error there is no such outcome
      export const wrong: Verdict['outcome'] = 'perhaps'
    `
      writeFileSync(join(folder, 'typed.ts'), text)
      const module = resolution === 'bundler' ? 'esnext' : 'node16'
      const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2024', '--lib', 'es2024']
      const types = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node']
      const tsc = join(root, 'node_modules/typescript/bin/tsc')
      const out = (() => {
        try {
          return node(tsc, ...options, ...types, '--module', module, '--moduleResolution', resolution, 'typed.ts')
        } catch (thrown) {
          return (thrown as { readonly stdout: string }).stdout
        }
      })()
      expect(out).toBe('')
    },
  )

  it('cannot reach behind them', () => {
    const paths = ['dist/verify.js', 'src/index.ts', 'dist/run.js', 'verify.js']
    const text = `for (const path of ${JSON.stringify(paths)}) {
      await import(\`countersign/\${path}\`).catch(({ code }) => console.log(path, code))
    }`
    expect(program(text)).toBe(paths.map((it) => `${it} ERR_PACKAGE_PATH_NOT_EXPORTED\n`).join(''))
  })

  it('reads its schemas', () => {
    const text = `import verdict from 'countersign/schemas/verdict/v1.json' with { type: 'json' }\nconsole.log(verdict.$id)`
    expect(program(text)).toMatch(/verdict\/v1/)
  })

  it.each(part(['open-source', 'soc2', 'regulated'], 3))(
    'is told by the starter policy %s where the schema lies',
    (name) => {
      const bin = join(installed, 'bin/countersign.js')
      const text = node(bin, 'policy', 'init', '--from', name, '--repo', 'acme/gadget')
      const [, path = ''] = /^# yaml-language-server: \$schema=(.*)\n/.exec(text) ?? []
      expect(JSON.parse(readFileSync(join(folder, path), 'utf8'))).toMatchObject({
        $id: 'https://w3id.org/countersign/schemas/policy/v1',
      })
    },
  )

  it('has the command', () => {
    const { signer, issuer, source } = release().question()
    const flags = Object.entries({ signer, issuer, source }).flatMap(([name, value = '']) => [`--${name}`, value])
    const bin = join(installed, 'bin/countersign.js')
    expect(node(bin, 'verify', 'dist/app.tgz', '--trusted-root', 'trusted_root.json', ...flags)).toMatch(/^PASS /)
  })
})

describe('many artifacts are judged by worker threads', () => {
  const judged = (library: string): string => {
    const { signer, issuer, source } = release().question()
    return program(`
      import { judgeAll } from ${JSON.stringify(library)}
      let threads = 0
      process.on('worker', () => (threads += 1))
      const request = { trust: { kind: 'file', path: 'trusted_root.json' }, question: ${JSON.stringify({ signer, issuer, source })} } as const
      let passed = 0
      for await (const verdict of judgeAll(Array(201).fill('dist/app.tgz'), request, 2)) passed += verdict.outcome === 'pass' ? 1 : 0
      console.log(passed, threads)
    `)
  }

  const libraries = [
    ['the source', join(root, 'src/verify.ts')],
    ['the build', join(root, 'dist/verify.js')],
    ['the package', 'countersign/verify'],
  ] as const
  it.each(part(libraries, 3, 2))('of %s', (_, library) => {
    expect(judged(library)).toBe('201 2\n')
  })

  it('and transcripts are read by those that lie in it', () => {
    const path = join(installed, 'dist/transcripts-worker.js')
    const text = `import { Worker } from 'node:worker_threads'
      const worker = new Worker(${JSON.stringify(path)})
      worker.on('online', () => worker.terminate().then(() => console.log('online')))`
    expect(program(text)).toBe('online\n')
    const chunks = readdirSync(join(installed, 'dist')).filter((it) => it.endsWith('.js'))
    const openers = chunks.filter((it) =>
      readFileSync(join(installed, 'dist', it), 'utf8').includes('./transcripts-worker.js'),
    )
    expect(openers).toHaveLength(1)
  })
})
