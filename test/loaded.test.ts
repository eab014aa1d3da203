/** Who only verifies loads no git, no HTTP and no JOSE: what a process over the build has loaded when it ends. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Metafile } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localTrust } from '../src/embedded/project.ts'
import { useCheckouts } from './world/checkout.ts'
import type { Checkout } from './world/checkout.ts'
import { isEach, part } from './world/runs.ts'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const bin = fileURLToPath(new URL('../bin/countersign.js', import.meta.url))

const source = 'https://github.com/acme/widget'
const question = {
  signer: `${source}/.github/workflows/release.yml@refs/tags/v1.1.0`,
  issuer: 'https://oidc.countersign.localhost',
  source,
}
const questionFlags = Object.entries(question).flatMap(([name, value]) => [`--${name}`, value])

interface Loaded {
  /** Node's own modules. */
  readonly builtin: readonly string[]
  /** Files of the source, and of packages, whose code is in the chunks that were loaded. */
  readonly files: readonly string[]
}

/** Writes down what was loaded, when the process ends. */
const record = `
  const { registerHooks } = require('node:module')
  const { writeFileSync } = require('node:fs')
  const urls = []
  registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
  process.on('exit', () => {
    writeFileSync(process.env.LOADED, JSON.stringify({ urls, builtin: process.moduleLoadList }))
  })
`

const newCheckout = useCheckouts()
let folder: string
let checkout: Checkout
let root: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-loaded-'))
  writeFileSync(join(folder, 'record.cjs'), record)
  checkout = newCheckout()
  const env = checkout.env(await checkout.token())
  loadedBy([bin, 'attest', 'dist/app.tgz', '--sigstore', 'local'], env)
  root = join(folder, 'root.json')
  writeFileSync(root, JSON.stringify((await localTrust(checkout.state)).json))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function loadedBy(argv: readonly string[], env = checkout.env()): Loaded {
  const out = join(folder, 'loaded.json')
  const args = ['--require', join(folder, 'record.cjs'), ...argv]
  execFileSync(process.execPath, args, { cwd: checkout.folder, env: { ...env, LOADED: out }, stdio: 'pipe' })
  const { urls, builtin } = JSON.parse(readFileSync(out, 'utf8')) as { urls: string[]; builtin: string[] }
  const { outputs } = JSON.parse(readFileSync(join(dist, 'metafile.json'), 'utf8')) as Pick<Metafile, 'outputs'>
  const chunks = urls.filter((url) => url.startsWith('file:')).map((url) => relative(dirname(bin), fileURLToPath(url)))
  const files = chunks.flatMap((chunk) => {
    const { inputs = {} } = outputs[chunk.replace('../', '')] ?? {}
    // What was left out of a chunk is loaded by nobody.
    const inside = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    return inside.map(([path]) => path.replace(/^.*?(?=node_modules\/)/, ''))
  })
  return { builtin: builtin.map((it) => it.replace(/^NativeModule /, '')), files }
}

/** What verification has no use for, as names of Node's modules and paths of files. */
const foreign = {
  // Not net: standard output is a socket where it is a pipe.
  builtin: /^(child_process|https?|http2|tls|internal\/deps\/undici\/.*)$/,
  files:
    /^src\/(attest|collect|sigstore\/(sign|token)|embedded\/index|server)|^node_modules\/(jose|@noble|@tufjs|tuf-js)\//,
}

function strangersIn({ builtin, files }: Loaded): string[] {
  return [...builtin.filter((it) => foreign.builtin.test(it)), ...files.filter((it) => foreign.files.test(it))]
}

describe('verifying loads nothing of attesting', () => {
  it('on the command line', () => {
    const loaded = loadedBy([bin, 'verify', 'dist/app.tgz', '--trusted-root', root, ...questionFlags])
    expect(loaded.files).toContain('src/sigstore/verify/verify-bundle.ts')
    expect(loaded.builtin).toContain('fs')
    expect(strangersIn(loaded)).toEqual([])
  })

  it.each(part(['verify', 'index'], 2))('by the library, from its entry %s', (entry) => {
    const program = join(folder, 'program.mjs')
    writeFileSync(
      program,
      `import { readFileSync } from 'node:fs'
       import { openVerifier } from ${JSON.stringify(join(dist, `${entry}.js`))}
       const json = JSON.parse(readFileSync(${JSON.stringify(root)}, 'utf8'))
       const verifier = await openVerifier({ trust: { kind: 'json', json, origin: 'test' } })
       const bundle = readFileSync('dist/app.tgz.sigstore.json')
       await verifier.verify(bundle, { bytes: readFileSync('dist/app.tgz') }, ${JSON.stringify(question)})`,
    )
    const loaded = loadedBy([program])
    expect(loaded.files).toContain('src/sigstore/verify/verify-bundle.ts')
    expect(strangersIn(loaded)).toEqual([])
  })

  it.runIf(isEach)('which loads all of that', async () => {
    const argv = [bin, 'attest', 'dist/app.tgz', '--sigstore', 'local', '--overwrite']
    const { builtin, files } = loadedBy(argv, checkout.env(await checkout.token()))
    expect(builtin).toEqual(expect.arrayContaining(['child_process', 'http']))
    for (const part of ['src/collect/git/process.ts', 'src/sigstore/sign/fulcio.ts', 'node_modules/jose/']) {
      expect(files.filter((it) => it.startsWith(part))).not.toEqual([])
    }
  })
})
