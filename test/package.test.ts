/** The package as it would be published: packed, unpacked alone beside a program, and used under its public names. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { artifactBytes, useRelease } from './world/release.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Manifest {
  readonly exports: { readonly [subpath: string]: string | { readonly types: string; readonly default: string } }
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
  mkdirSync(installed, { recursive: true })
  // Without its scripts, which would build once more what this run is about.
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root })
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  execFileSync('tar', ['-xzf', join(folder, tarball), '--strip-components=1', '-C', installed])

  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/app.tgz'), artifactBytes)
  writeFileSync(join(folder, 'dist/app.tgz.sigstore.json'), JSON.stringify(await release().attested()))
  writeFileSync(join(folder, 'trusted_root.json'), JSON.stringify(release().sigstore.trustedRoot))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function node(...args: readonly string[]): string {
  return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { HOME: folder }, stdio: 'pipe' })
}

function program(text: string): string {
  writeFileSync(join(folder, 'program.ts'), text)
  return node('program.ts')
}

it('is alone', () => {
  expect(readdirSync(join(folder, 'node_modules'))).toEqual(['countersign'])
  expect(existsSync(join(installed, 'node_modules'))).toBe(false)
})

it('holds the program, what it is called by, and the words about it; neither source nor tests', () => {
  expect(readdirSync(installed).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'bin',
    'dist',
    'package.json',
    'policies',
    'schemas',
  ])
})

describe('a program beside it', () => {
  it('runs the example of the README', () => {
    const [, example = ''] = /^```ts\n([\s\S]*?)^```/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
    const { issuer } = release().sigstore
    expect(example).toContain("from 'countersign'")
    expect(program(example.replace(/(?<=issuer: ')[^']+/, issuer))).toBe('pass 2\n')
  })

  it('imports each of its names, which have types', () => {
    const subpaths = [
      'policy',
      'verify',
      'attest',
      'gate',
      'inspect',
      'trust',
      'report',
      'store',
      'graph',
      'vouch',
      'hooks',
      'embedded',
    ]
    expect(modules.map((it) => it.name)).toEqual(['countersign', ...subpaths.map((it) => `countersign/${it}`)])
    const text = `for (const { name } of ${JSON.stringify(modules)}) console.log(name, Object.keys(await import(name)).length > 0)`
    expect(program(text)).toBe(modules.map(({ name }) => `${name} true\n`).join(''))
    for (const path of modules.flatMap((it) => [it.types, it.default])) {
      expect(existsSync(join(installed, path)), path).toBe(true)
    }
  })

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

  it('has the command', () => {
    const { signer, issuer, source } = release().question()
    const flags = Object.entries({ signer, issuer, source }).flatMap(([name, value = '']) => [`--${name}`, value])
    const bin = join(installed, 'bin/countersign.js')
    expect(node(bin, 'verify', 'dist/app.tgz', '--trusted-root', 'trusted_root.json', ...flags)).toMatch(/^PASS /)
  })
})
