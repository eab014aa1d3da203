/** What needs no verdict of its own: by its name and by its content; nothing is passed over for its name alone. */
import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { keepUnsigned } from '../../src/store/prepared-file.ts'
import { findArtifacts } from '../../src/verify/find-artifacts.ts'
import { useRelease } from '../world/release.ts'
import { some } from '../world/runs.ts'

const release = useRelease()
let bundle: string
beforeAll(async () => {
  bundle = JSON.stringify(await release().genuine())
})

const script = '#!/bin/sh\necho evil\n'
const hex = (text: string, algorithm = 'sha256'): string => createHash(algorithm).update(text).digest('hex')

let folders = 0

/** A folder with these files in `dist`. */
function folderWith(files: { readonly [path: string]: string }): string {
  const cwd = join(release().folder, `aside-${(folders += 1)}`)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, 'dist', path)), { recursive: true })
    writeFileSync(join(cwd, 'dist', path), content)
  }
  return cwd
}

/** Names of those that get a verdict. */
async function judged(files: { readonly [path: string]: string }, ...words: readonly string[]): Promise<string[]> {
  const { artifacts } = await findArtifacts(words, { cwd: folderWith(files) })
  return artifacts.flatMap((it) => ('path' in it ? it.path.replace('dist/', '') : []))
}

const named = (files: { readonly [path: string]: string }): Promise<string[]> =>
  judged(files, ...Object.keys(files).map((it) => `dist/${it}`))

/** Names that bundles have, each beside its artifact `run`. */
const bundleNames = [
  'run.sigstore.json',
  'run.sigstore',
  'run.intoto.jsonl',
  'run.jsonl',
  'run.bundle',
  'run.att',
  'run.provenance',
  'run.publish.attestation',
  'multiple.intoto.jsonl',
  'attestation.json',
  'provenance.json',
  `sha256-${'a'.repeat(64)}.jsonl`,
]

/** What a bundle is not, however much of one is in it. */
const notBundles = (): { readonly [what: string]: string } => ({
  script,
  nothing: '',
  blanks: '\n\n',
  'a bundle with a script behind it': `${bundle}\n${script}`,
  'a bundle with a script on its line': `${bundle} ; evil`,
  'a script with a bundle behind it': `${script}${bundle}\n`,
  'bundles with a script between': `${bundle}\n${script}${bundle}\n`,
  'an empty list': '[]',
  'a list with something else in it': `[${bundle},{"a":1}]`,
  'other JSON': '{"scripts":{"install":"evil"}}',
  'a list of parts': '{"bomFormat":"CycloneDX"}',
  'a bundle that is cut': bundle.slice(0, -20),
})

describe('in a folder and in a glob', () => {
  it.each(bundleNames)('a bundle under the name %s is set aside, and nothing else under it', async (name) => {
    expect(await judged({ run: 'x', [name]: bundle }, 'dist')).toEqual(['run'])
    expect(await judged({ run: 'x', [name]: `\ufeff${bundle}\n${bundle}\n` }, 'dist/*')).toEqual(['run'])
    for (const [index, [what, content]] of Object.entries(notBundles()).entries()) {
      for (const word of some(['dist', 'dist/*', 'dist/**'], 3, index + bundleNames.indexOf(name))) {
        const names = await judged({ run: 'x', [name]: content }, word)
        expect(names.toSorted(), `${what} by ${word}`).toEqual(['run', name].toSorted())
      }
    }
  })

  it('attestations that were joined under a name of their own are set aside, and nothing else under it', async () => {
    for (const name of ['all.jsonl', 'release.json']) {
      expect(await judged({ run: 'x', [name]: `${bundle}\n${bundle}\n` }, 'dist')).toEqual(['run'])
      for (const [what, content] of Object.entries(notBundles())) {
        expect((await judged({ run: 'x', [name]: content }, 'dist/*')).toSorted(), what).toEqual(
          [name, 'run'].toSorted(),
        )
      }
    }
    expect((await judged({ run: 'x', 'all.txt': bundle }, 'dist')).toSorted()).toEqual(['all.txt', 'run'])
  })

  it('a file in a folder that a glob matches gets a verdict, as where a shell writes the glob out', async () => {
    const files = { run: 'run', 'sub/evil': script, 'sub/below/worse': script }
    const all = ['run', 'sub/below/worse', 'sub/evil']
    expect(await judged(files, 'dist/*')).toEqual(all)
    expect(await judged(files, 'dist/**')).toEqual(all)
    expect(await judged(files, 'dist/s*')).toEqual(all.slice(1))
    expect(await judged(files, 'dist/run', 'dist/sub')).toEqual(all)
  })

  it('a form of older tools is set aside, and a statement that nobody signed', async () => {
    const old = JSON.stringify({ base64Signature: 'AA==', cert: 'x' })
    expect(await judged({ run: 'x', 'run.bundle': old }, 'dist')).toEqual(['run'])
    const statement = JSON.stringify(release().statement(), undefined, 2)
    expect(await judged({ run: 'x', 'run.provenance': statement }, 'dist')).toEqual(['run'])
  })

  it('a kept statement is set aside only if it is one', async () => {
    const run = { signer: 's', issuer: 'i', source: null, ref: null, commit: null, trigger: null, run: null }
    const cwd = folderWith({ run: 'x' })
    const statement = Buffer.from(JSON.stringify(release().statement()))
    const kept = { statement, identity: run, preparedAt: new Date(), version: '1' }
    await keepUnsigned({ ...kept, out: join(cwd, 'dist/run.sigstore.json') })
    expect((await findArtifacts(['dist'], { cwd })).artifacts).toEqual([{ path: 'dist/run', name: 'run' }])
    for (const content of [script, '{}', bundle, '{"type":"https://w3id.org/countersign/prepared/v1"}']) {
      expect(await judged({ run: 'x', 'run.unsigned.json': content }, 'dist')).toEqual(['run', 'run.unsigned.json'])
    }
  })

  it.each([
    ['SHA256SUMS', `${hex('x')}  run\n${hex('y')} *sub/deep\n`],
    ['SHA256SUMS', `\ufeff${hex('x')}  ./run\r\n\r\n`],
    ['sha512sum.txt', `${hex('x', 'sha512')}  dist/run\n`],
    ['checksums.txt', `SHA256 (run) = ${hex('x')}\nSHA2-256(sub/deep)= ${hex('y')}\n`],
    ['run.md5', `${hex('x', 'md5')}\n`],
    ['run.sha1', hex('x', 'sha1')],
  ])('checksums in %s of files that are there are set aside: %j', async (name, content) => {
    expect(await judged({ run: 'x', 'sub/deep': 'y', [name]: content }, 'dist')).toEqual(['run', 'sub/deep'])
  })

  it.each([
    ['SHA256SUMS', script],
    ['SHA256SUMS', ''],
    ['SHA256SUMS', `${hex('x')}  run\n${script}`],
    ['SHA256SUMS', `#!/bin/sh\n${hex('x')}  run\n`],
    ['SHA256SUMS', `${hex('x')}  gone\n`],
    ['SHA256SUMS', `${hex('x')}  ../../outside\n`],
    ['SHA256SUMS', `${hex('x')}  /etc/hosts\n`],
    ['SHA256SUMS', `${hex('x').slice(1)}  run\n`],
    ['SHA256SUMS', `${hex('x')}\n${hex('x')}\n`],
    ['SHA256SUMS', `${hex('x')}  run\n${hex('x')}\n`],
    ['run.md5', script],
    ['run.exe.md5', `${hex('x', 'md5')} ; evil`],
  ])('%s gets a verdict where a line is anything else: %j', async (name, content) => {
    expect((await judged({ run: 'x', [name]: content }, 'dist')).toSorted()).toEqual(['run', name].toSorted())
  })

  it('what is half written gets a verdict, and so does what leads out by a link', async () => {
    const names = await judged({ run: 'x', 'run.sigstore.json.lock': script }, 'dist')
    expect(names).toEqual(['run', 'run.sigstore.json.lock'])
    const cwd = folderWith({ run: 'x' })
    writeFileSync(join(cwd, 'evil'), bundle)
    symlinkSync('../evil', join(cwd, 'dist/run.sigstore.json'))
    const { artifacts } = await findArtifacts(['dist'], { cwd })
    expect(artifacts).toEqual([
      { path: 'dist/run', name: 'run' },
      { path: 'dist/run.sigstore.json', within: join(cwd, 'dist'), name: 'run.sigstore.json' },
    ])
  })
})

describe('of files that are named', () => {
  it.each(bundleNames)('a bundle called %s is set aside beside its artifact, and nothing else', async (name) => {
    expect(await named({ run: 'x', [name]: bundle })).toEqual(['run'])
    for (const [what, content] of Object.entries(notBundles())) {
      expect(await named({ run: 'x', [name]: content }), what).toEqual(['run', name])
    }
  })

  it('a bundle that belongs to none of them gets a verdict', async () => {
    expect(await named({ run: 'x', 'evil.sigstore.json': bundle })).toEqual(['run', 'evil.sigstore.json'])
    expect(await named({ run: 'x', 'a/attestation.json': bundle })).toEqual(['run', 'a/attestation.json'])
    expect(await named({ 'run.sigstore.json': bundle })).toEqual(['run.sigstore.json'])
    expect(await named({ 'attestation.json': bundle, 'provenance.json': bundle })).toHaveLength(2)
  })

  it('what is set aside has nothing beside it, and every note names it', async () => {
    const files = { run: 'x', 'run.sigstore.json': bundle, 'run.sigstore.json.sigstore.json': bundle }
    expect(await named(files)).toEqual(['run', 'run.sigstore.json.sigstore.json'])
    const cwd = folderWith(files)
    const { notes } = await findArtifacts(['dist/run', 'dist/run.sigstore.json'], { cwd })
    expect(notes).toEqual(['not verified, because it lies beside artifacts: dist/run.sigstore.json'])
  })

  it('a checksum file and a kept statement get a verdict', async () => {
    expect(await named({ run: 'x', SHA256SUMS: `${hex('x')}  run\n` })).toEqual(['run', 'SHA256SUMS'])
    expect(await named({ run: 'x', 'run.unsigned.json': '{}' })).toEqual(['run', 'run.unsigned.json'])
  })
})
