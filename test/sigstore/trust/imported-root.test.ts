/** Trusted roots kept under a name. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isObject } from '../../../src/model/json.ts'
import { startLocalSigstore } from '../../../src/embedded/index.ts'
import type { LocalSigstore } from '../../../src/embedded/index.ts'
import { worldOf } from '../../../src/platform/world.ts'
import type { World } from '../../../src/platform/world.ts'
import { gatherTrust, loadTrust, readTrustFile } from '../../../src/sigstore/trust/source.ts'
import type { Trust } from '../../../src/sigstore/verify/trusted-root.ts'
import { importTrust, importedNames, importedTrust, trustFolder } from '../../../src/sigstore/trust/imported-root.ts'
import { CountersignError } from '../../../src/errors.ts'
import { codeOfAsync } from '../../world/failure.ts'

let sigstore: LocalSigstore
let other: LocalSigstore
beforeAll(async () => {
  ;[sigstore, other] = await Promise.all([startLocalSigstore(), startLocalSigstore()])
})
afterAll(() => Promise.all([sigstore.close(), other.close()]))

let folder: string
let whose: World
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trust-'))
  whose = worldOf({ env: { HOME: folder } })
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(content: unknown, name = 'root.json'): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** As a verification loads it that names it. */
function trustNamed(name: string): Promise<Trust> {
  return loadTrust({ kind: 'imported', name }, whose)
}

describe('a trusted root', () => {
  it('is kept as it was given, and trusted under its name', async () => {
    const path = write(sigstore.trustedRoot)
    const kept = await importTrust(path, 'acme-prod', whose)
    expect(kept.path).toBe(join(folder, '.local/share/countersign/trust/acme-prod.json'))
    expect(readFileSync(kept.path)).toEqual(readFileSync(path))
    expect(kept.digest).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'))
    expect(statSync(kept.path).mode & 0o077).toBe(0)
    const trust = await trustNamed('acme-prod')
    expect(await importedTrust('acme-prod', whose)).toMatchObject({ digest: kept.digest })
    expect(trust.origin).toBe(`acme-prod, imported, sha256:${kept.digest.slice(0, 16)}`)
    expect(trust.certificateAuthorities).toHaveLength(1)
  })

  it('may begin with a byte order mark, alone, among others and in a configuration, like any other file', async () => {
    const marked = (content: unknown): string => `\ufeff${JSON.stringify(content, undefined, 2)}\n`
    for (const content of [sigstore.trustedRoot, sigstore.trustConfig]) {
      const path = write(marked(content))
      expect((await loadTrust({ kind: 'file', path }, whose)).transparencyLogs.length).toBeGreaterThan(0)
      expect(await readTrustFile(path)).toEqual(content)
    }
    await importTrust(write(marked(sigstore.trustedRoot)), 'marked', whose)
    expect((await trustNamed('marked')).certificateAuthorities).toHaveLength(1)
    const path = write(marked(sigstore.trustedRoot) + JSON.stringify(other.trustedRoot), 'roots.jsonl')
    expect(await gatherTrust({ kind: 'file', path }, whose)).toHaveLength(2)
    const twice = write(`\ufeff${marked(sigstore.trustedRoot)}`)
    expect(await codeOfAsync(() => readTrustFile(twice))).toBe('json-malformed')
  })

  it('may stand in a ClientTrustConfig', async () => {
    await importTrust(write(sigstore.trustConfig), 'acme', whose)
    expect((await trustNamed('acme')).transparencyLogs.length).toBeGreaterThan(0)
  })

  it('goes to XDG_DATA_HOME, if that is absolute', () => {
    expect(trustFolder({ env: { HOME: '/home/a', XDG_DATA_HOME: '/data' }, platform: 'linux' })).toBe(
      '/data/countersign/trust',
    )
    expect(trustFolder({ env: { HOME: '/home/a', XDG_DATA_HOME: 'data' }, platform: 'darwin' })).toBe(
      '/home/a/.local/share/countersign/trust',
    )
  })

  it('is the same again without complaint, and never replaced by another', async () => {
    const { path } = await importTrust(write(sigstore.trustedRoot), 'acme', whose)
    await importTrust(write(sigstore.trustedRoot), 'acme', whose)
    const before = readFileSync(path)
    expect(await codeOfAsync(() => importTrust(write(other.trustedRoot), 'acme', whose))).toBe('output-exists')
    expect(readFileSync(path)).toEqual(before)
    expect(readdirSync(trustFolder(whose))).toEqual(['acme.json'])
  })

  it('of two that come at one moment, one stays and the other is refused', async () => {
    const paths = [write(sigstore.trustedRoot, 'a'), write(other.trustedRoot, 'b')]
    const results = await Promise.allSettled(paths.map((path) => importTrust(path, 'acme', whose)))
    expect(results.map((it) => it.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results.find((it) => it.status === 'rejected')?.reason).toMatchObject({ code: 'output-exists' })
  })

  it('of many that come at one moment and are the same, all are kept', async () => {
    const paths = Array.from({ length: 5 }, (_, index) => write(sigstore.trustedRoot, `${index}`))
    await Promise.all(paths.map((path) => importTrust(path, 'acme', whose)))
    expect(readdirSync(trustFolder(whose))).toEqual(['acme.json'])
  })

  it.each<[string, (root: { readonly [member: string]: unknown }) => unknown, string]>([
    ['garbage', () => 'garbage', 'json-malformed'],
    ['something else', () => ({}), 'trusted-root-malformed'],
    ['no clock', (root) => ({ ...root, tlogs: [], timestampAuthorities: [] }), 'trusted-root-malformed'],
    [
      'a key without a start',
      (root) => JSON.stringify(root).replaceAll(/"start":"[^"]*"/g, '"end":"2040-01-01T00:00:00Z"'),
      'trusted-root-lax',
    ],
  ])('that is %s is refused and not kept', async (_what, edit, code) => {
    const { trustedRoot } = sigstore
    if (!isObject(trustedRoot)) throw new Error('the root is an object')
    expect(await codeOfAsync(() => importTrust(write(edit(trustedRoot)), 'acme', whose))).toBe(code)
    expect(await importedNames(whose)).toEqual([])
  })

  it('that was changed where it is kept is read as strictly again', async () => {
    const { path } = await importTrust(write(sigstore.trustedRoot), 'acme', whose)
    writeFileSync(path, '{}')
    expect(await codeOfAsync(() => importedTrust('acme', whose))).toBe('trusted-root-malformed')
    expect(await codeOfAsync(() => trustNamed('acme'))).toBe('trusted-root-malformed')
    rmSync(path)
    mkdirSync(path)
    expect(await codeOfAsync(() => importedTrust('acme', whose))).toBe('path-directory')
  })
})

describe('a name', () => {
  it('that nobody gave is an error that tells the others', async () => {
    await importTrust(write(sigstore.trustedRoot), 'acme', whose)
    const failure = await importedTrust('acne', whose).catch((thrown: unknown) => thrown)
    expect(failure).toMatchObject({ code: 'path-missing', option: 'trust', hint: 'there are: acme' })
    expect(await codeOfAsync(() => trustNamed('acne'))).toBe('path-missing')
  })

  it.each(['', '.', '..', '../x', 'a/b', 'a\\b', 'A', '-a', 'a.', '.a', 'a b', 'a\0', 'ä', 'a'.repeat(65)])(
    '%j is refused',
    async (name) => {
      const path = write(sigstore.trustedRoot)
      expect(await codeOfAsync(() => importTrust(path, name, whose))).toBe('usage')
      expect(await codeOfAsync(() => importedTrust(name, whose))).toBe('usage')
    },
  )

  it('never leads out of the folder', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('a', '.', '/', '\\', '-', '\0', 'Z') }), async (name) => {
        const result = await importTrust(join(folder, 'none'), name, whose).catch((thrown: unknown) => thrown)
        // A good name gets as far as the file, which is not there.
        const code = result instanceof CountersignError ? result.code : 'none'
        expect(code).toBe(/^a([a.-]*a)?$/.test(name) && name.length <= 64 ? 'path-missing' : 'usage')
      }),
    )
  })
})
