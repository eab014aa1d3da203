/** Which files beside an artifact may hold its bundle: the names of all makers, and nothing else. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { companionOf } from '../../src/model/companions.ts'
import { isSharedName, sidecarNames, sidecarOwners } from '../../src/model/sidecar-names.ts'
import { digestSidecars, digestsNamed, newFolderReader, ownSidecars, sharedSidecars } from '../../src/store/sidecars.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-test-'))
  writeFileSync(join(folder, 'app.tgz'), 'x')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string): string => join(folder, name)
const write = (...names: string[]): void => names.forEach((name) => writeFileSync(at(name), 'x'))

/** Name of the file for app.tgz, and who makes it. */
const makers = [
  ['app.tgz.sigstore.json', 'cosign, goreleaser, sigstore-python 3, Maven, this one'],
  ['app.tgz.sigstore', 'sigstore-python 2'],
  ['app.tgz.intoto.jsonl', 'slsa-github-generator'],
  ['app.tgz.jsonl', 'gh attestation download, renamed'],
  ['app.tgz.publish.attestation', 'pypi-attestations'],
  ['app.tgz.slsa.attestation', 'pypi-attestations'],
  ['app.tgz.attestation', 'PEP 740'],
  ['app.tgz.provenance', 'PyPI'],
  ['app.tgz.bundle', 'cosign sign-blob'],
  ['app.tgz.cosign.bundle', 'cosign sign-blob'],
  ['app.tgz.deployed-production.sigstore.json', 'this one, of a deployment'],
  ['app.tgz.removed-eu-1.sigstore.json', 'this one, of a removal'],
  ['app.tgz.attestation.json', 'attest-build-provenance, renamed'],
] as const

describe('a sidecar', () => {
  it.each(makers)('%s (%s) is found, and is known for one where the artifact is there', async (name) => {
    write(name)
    expect(await ownSidecars(at('app.tgz'), newFolderReader())).toEqual([at(name)])
    expect(sidecarOwners(name)).toContain('app.tgz')
  })

  it.each([
    'app.tgz.asc',
    'app.tgz.sha256',
    'app.sigstore.json',
    'xapp.tgz.sigstore.json',
    'app.tgz.sigstore.json.bak',
  ])('%s is none', async (name) => {
    write(name)
    expect(await ownSidecars(at('app.tgz'), newFolderReader())).toEqual([])
  })

  it('is no folder, such as an application of macOS', async () => {
    mkdirSync(at('app.tgz.bundle'))
    expect(await ownSidecars(at('app.tgz'), newFolderReader())).toEqual([])
  })

  it('is found beside a name that the folder does not list, as where letters make no difference', async () => {
    write('other.tgz.sigstore.json')
    expect(await ownSidecars(at('other.tgz'), newFolderReader())).toEqual([at('other.tgz.sigstore.json')])
  })

  it("of slsa-github-generator's delegated builders is found", async () => {
    write('widget-1.2.0.tgz.build.slsa')
    expect(await ownSidecars(at('widget-1.2.0.tgz'), newFolderReader())).toEqual([at('widget-1.2.0.tgz.build.slsa')])
    expect(sidecarOwners('widget-1.2.0.tgz.build.slsa')).toEqual(['widget-1.2.0.tgz'])
  })

  it('has a name of its own for each maker', () => {
    const names = sidecarNames('app.tgz')
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(sidecarOwners(name)).toContain('app.tgz')
    expect(sidecarOwners('.bundle')).toEqual([])
  })
})

describe('a file for a whole release', () => {
  it.each([
    'multiple.intoto.jsonl',
    'a.intoto.jsonl',
    'attestation.json',
    'attestation.jsonl',
    'attestations.json',
    'provenance.json',
    'provenance.jsonl',
    'multiple.provenance.jsonl',
    'provenance.sigstore.json',
  ])('%s is found', async (name) => {
    write(name, 'package.json', 'data.jsonl', 'other.sigstore.json')
    expect(await sharedSidecars(folder, newFolderReader())).toEqual([at(name)])
    expect(isSharedName(name)).toBe(true)
  })

  it('of actions/attest is no subject of a glob either', () => {
    for (const name of [
      'attestation.json',
      'attestation.jsonl',
      'dist/attestations.json',
      String.raw`dist\attestation.json`,
    ]) {
      expect(companionOf(name), name).toBe('bundle file')
    }
    expect(companionOf('my-attestation.json')).toBeUndefined()
  })
})

describe('a file that is named after a digest', () => {
  const digests = { sha256: 'a'.repeat(64), sha512: 'b'.repeat(128) }

  it('is found with a colon or a dash, of just that digest', async () => {
    const names = [`sha256:${digests.sha256}.jsonl`, `sha256-${digests.sha256}.jsonl`, `sha512:${digests.sha512}.jsonl`]
    write(...names, `sha256:${'c'.repeat(64)}.jsonl`)
    const read = newFolderReader()
    expect(await digestsNamed([folder], read)).toEqual(expect.arrayContaining(['sha256', 'sha512']))
    expect((await digestSidecars([folder, folder], digests, read)).toSorted()).toEqual(names.map(at).toSorted())
  })

  it('is not looked for where there is none, so that nothing is hashed for it', async () => {
    write('sha256.jsonl', 'sha1:abc.jsonl')
    expect(await digestsNamed([folder], newFolderReader())).toEqual([])
  })
})
