import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { findFiles } from '../../../src/collect/subjects/paths.ts'
import { collectSubjects } from '../../../src/collect/subjects/subjects.ts'
import type { SubjectRequest } from '../../../src/collect/subjects/subjects.ts'
import type { Subject } from '../../../src/model/digest.ts'
import { inspectionType } from '../../../src/model/inspection.ts'
import { limits } from '../../../src/model/limits.ts'
import { verdictType } from '../../../src/model/verdict.ts'
import { envelope } from '../../store/made-bundle.ts'

const hex = (text: string, algorithm = 'sha256'): string => createHash(algorithm).update(text).digest('hex')

/** `root/work` is the working folder, `root/outside` is what an attacker would like to have in the statement. */
let root: string
let cwd: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'countersign-artifacts-'))
  cwd = join(root, 'work')
  mkdirSync(cwd)
  mkdirSync(join(root, 'outside'))
  writeFileSync(join(root, 'outside', 'secret'), 'secret')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Writes files whose content is given; the path is below the working folder. */
function files(contents: { readonly [path: string]: string }): void {
  for (const [path, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true })
    writeFileSync(join(cwd, path), content)
  }
}

async function collect(
  paths: readonly string[],
  more: Omit<SubjectRequest, 'paths'> = {},
  folder = cwd,
): Promise<readonly Subject[]> {
  return (await collectSubjects({ paths, ...more }, { cwd: folder, root: folder })).subjects
}

async function names(paths: readonly string[], folder?: string): Promise<string[]> {
  return (await collect(paths, {}, folder)).map((it) => it.name)
}

describe('files and globs', () => {
  test('become subjects by base name, sorted by bytes, with the digests asked for', async () => {
    files({ 'dist/b.tgz': 'b', 'dist/a.tgz': 'a', 'dist/Z.tgz': '', 'dist/ä.tgz': 'ä', 'dist/sub/c.tgz': 'c' })
    expect(await collect(['dist/b.tgz', 'dist/a.tgz'], { algorithms: ['sha512'] })).toEqual([
      { name: 'a.tgz', digest: { sha256: hex('a'), sha512: hex('a', 'sha512') } },
      { name: 'b.tgz', digest: { sha256: hex('b'), sha512: hex('b', 'sha512') } },
    ])
    expect(await names(['dist/*.tgz'])).toEqual(['Z.tgz', 'a.tgz', 'b.tgz', 'ä.tgz'])
    expect(await names(['dist/**'])).toEqual(['Z.tgz', 'a.tgz', 'b.tgz', 'c.tgz', 'ä.tgz'])
    expect(await collect(['dist/Z.tgz'])).toEqual([{ name: 'Z.tgz', digest: { sha256: hex('') } }])
  })

  test('are told with where they really lie: they are found once, for all that asks about them', async () => {
    files({ 'dist/app-1.0': 'app', 'dist/b': 'b' })
    symlinkSync('app-1.0', join(cwd, 'dist/app'))
    const { subjects, files: found } = await collectSubjects(
      { paths: ['dist/app', 'dist/b'], named: [`c=sha256:${hex('c')}`] },
      { cwd, root: cwd },
    )
    expect(subjects.map((it) => it.name)).toEqual(['app', 'b', 'c'])
    const at = (path: string): string => join(realpathSync(cwd), path)
    expect(found).toEqual([
      { name: 'app', given: 'dist/app', place: at('dist/app'), real: at('dist/app-1.0') },
      { name: 'b', given: 'dist/b', place: at('dist/b'), real: at('dist/b') },
    ])
  })

  test('sort by UTF-8 bytes, not by UTF-16 units', async () => {
    files({ '\u{1f600}': '', '\uff5e': '' })
    expect(await names(['\u{1f600}', '\uff5e'])).toEqual(['\uff5e', '\u{1f600}'])
  })

  test('name each file once, however often it is meant', async () => {
    files({ 'dist/a': 'a' })
    expect(await names(['dist/a', './dist/../dist/a', 'dist/*', join(cwd, 'dist/a')])).toEqual(['a'])
  })

  test('a word with wildcards that names a file as well means both, and that is told', async () => {
    files({ '[ab].txt': 'brackets', 'a.txt': 'a', 'what?': 'q', 'dist/*': 'star', 'dist/app.tgz': 'app' })
    const of = async (...paths: string[]): Promise<unknown> => {
      const { subjects, notes } = await collectSubjects({ paths }, { cwd, root: cwd })
      return [subjects.map((it) => it.name), notes]
    }
    const both = (word: string): string => `there is a file called ${word}, and it was read as a glob as well`
    expect(await of('[ab].txt')).toEqual([['[ab].txt', 'a.txt'], [both('[ab].txt')]])
    expect(await of('dist/*')).toEqual([['*', 'app.tgz'], [both('dist/*')]])
    expect(await of('dist/app.tgz', 'dist/*')).toEqual([['*', 'app.tgz'], [both('dist/*')]])
    expect(await of('what?')).toEqual([['what?'], []])
    expect(await of('[a].txt')).toEqual([['a.txt'], []])
  })

  test('a folder whose name has wildcards does not hide what the glob matches', async () => {
    files({ 'dist/*/deep': 'd', 'dist/app.tgz': 'app' })
    expect(await names(['dist/*'])).toEqual(['app.tgz'])
  })

  test('may lie outside of the working folder where that is written out', async () => {
    expect(await names(['../outside/secret'])).toEqual(['secret'])
    expect(await names([join(root, 'outside', 'secret')])).toEqual(['secret'])
  })

  test('one base name with one content is one subject, with two contents is refused', async () => {
    files({ 'a/x': 'same', 'b/x': 'same', 'c/x': 'other' })
    expect(await collect(['a/x', 'b/x'])).toHaveLength(1)
    await expect(collect(['*/x'])).rejects.toMatchObject({
      code: 'subject-conflict',
      message: expect.stringMatching(/"[ab]\/x".*"c\/x"|"c\/x".*"[ab]\/x"/) as string,
    })
  })

  test('nothing is refused with a code', async () => {
    files({ 'dist/sub/a': 'a' })
    await expect(collect([])).rejects.toMatchObject({ code: 'subject-none' })
    await expect(collect(['none'])).rejects.toMatchObject({ code: 'path-missing' })
    await expect(collect(['dist/none-*'])).rejects.toMatchObject({ code: 'glob-empty' })
    await expect(collect(['dist/*'])).rejects.toMatchObject({ code: 'glob-empty' }) // only a directory
    await expect(collect(['dist'])).rejects.toMatchObject({ code: 'path-directory' })
    await expect(collect([''])).rejects.toMatchObject({ code: 'path-directory' })
    await expect(collect(['a\0b'])).rejects.toMatchObject({ code: 'input-unreadable' })
    await expect(collect(['x'.repeat(5_000)])).rejects.toMatchObject({ code: 'path-missing' })
    await expect(collect(['dist/sub/a'], {}, join(root, 'none'))).rejects.toMatchObject({ code: 'path-missing' })
  })

  test('what is no regular file is refused, and is not waited for', async () => {
    mkdirSync(join(cwd, 'dist'))
    execFileSync('mkfifo', [join(cwd, 'dist/pipe')])
    const server = createServer().listen(join(cwd, 'socket'))
    onTestFinished(() => void server.close())
    await expect(collect(['dist/pipe'])).rejects.toMatchObject({ code: 'path-not-regular' })
    await expect(collect(['dist/*'])).rejects.toMatchObject({ code: 'path-not-regular' })
    await expect(collect(['socket'])).rejects.toMatchObject({ code: 'path-not-regular' })
    await expect(collect(['/dev/zero'])).rejects.toMatchObject({ code: 'path-not-regular' })
  })

  test('a file that may not be read is refused', async () => {
    symlinkSync('circle', join(cwd, 'circle'))
    await expect(collect(['circle'])).rejects.toMatchObject({ code: 'input-unreadable' })
  })

  test.each(['line\nfeed', 'escape\u001b[2J', 'bell\u0085', 'gpj\u202eexe'])('the name %j is refused', async (name) => {
    files({ [name]: 'x' })
    await expect(collect([name])).rejects.toMatchObject({ code: 'subject-invalid' })
  })
})

describe('names by path', () => {
  test('tell files of one base name apart, as every system writes them', async () => {
    files({ 'linux/app': 'l', 'mac/app': 'm', 'mac/deep/./x': 'x' })
    const fileNames = 'path'
    expect(await collect(['*/app', './mac/../mac/deep/x'], { fileNames })).toEqual([
      { name: 'linux/app', digest: { sha256: hex('l') } },
      { name: 'mac/app', digest: { sha256: hex('m') } },
      { name: 'mac/deep/x', digest: { sha256: hex('x') } },
    ])
    await expect(collect(['*/app'])).rejects.toMatchObject({ code: 'subject-conflict', option: 'fileNames' })
    await expect(collect(['*/app'], { fileNames: 'base' })).rejects.toMatchObject({ code: 'subject-conflict' })
  })

  test('of checksums are cut where base names are asked for, and one name stands for one file', async () => {
    const lines = (...named: [string, string][]): Buffer =>
      Buffer.from(named.map(([content, name]) => `${hex(content)}  ${name}\n`).join(''))
    const checksums = lines(['l', './dist/linux/app'], ['x', 'x'])
    const digestOf = (content: string): object => ({ sha256: hex(content) })
    expect(await collect([], { checksums })).toEqual([
      { name: './dist/linux/app', digest: digestOf('l') },
      { name: 'x', digest: digestOf('x') },
    ])
    expect(await collect([], { checksums, fileNames: 'base' })).toEqual([
      { name: 'app', digest: digestOf('l') },
      { name: 'x', digest: digestOf('x') },
    ])
    const clash = { checksums: lines(['l', 'linux/app'], ['m', 'mac/app']), fileNames: 'base' } as const
    await expect(collect([], clash)).rejects.toMatchObject({
      code: 'subject-conflict',
      option: 'fileNames',
      message: expect.stringMatching(/linux\/app.*mac\/app/) as string,
    })
    expect(await collect([], { ...clash, fileNames: 'path' })).toHaveLength(2)
    const named = [`app=sha256:${hex('m')}`]
    await expect(collect([], { checksums, named, fileNames: 'base' })).rejects.toMatchObject({
      code: 'subject-conflict',
    })
  })

  test('are none of a list whose name says BLAKE2, which is as long as sha512', async () => {
    const list = `${hex('x', 'sha512')}  app.tgz\n`
    files({ B2SUMS: list, SHA512SUMS: list })
    await expect(collect([], { checksums: 'B2SUMS' })).rejects.toMatchObject({ code: 'checksums-malformed' })
    expect(await collect([], { checksums: 'SHA512SUMS' })).toHaveLength(1)
  })

  test('are the same however a file is named, and there are none outside of the working folder', async () => {
    files({ 'dist/a': 'a' })
    symlinkSync('work', join(root, 'link'))
    const linked = join(root, 'link')
    for (const path of ['dist/a', join(cwd, 'dist/a'), join(linked, 'dist/a')]) {
      expect(await collect([path], { fileNames: 'path' }, linked)).toEqual([
        { name: 'dist/a', digest: { sha256: hex('a') } },
      ])
    }
    for (const path of ['../outside/secret', join(root, 'outside/secret')]) {
      await expect(collect([path], { fileNames: 'path' })).rejects.toMatchObject({
        code: 'subject-invalid',
        option: 'fileNames',
      })
    }
  })
})

describe('what lies beside artifacts', () => {
  const companions = {
    'bundle file': [
      'app.tgz.sigstore.json',
      'app.tgz.sigstore',
      'app.tgz.SIGSTORE.JSON',
      'widget.intoto.jsonl',
      'app.whl.publish.attestation',
      `sha256:${'a'.repeat(64)}.jsonl`,
      `sha256-${'a'.repeat(64)}.jsonl`,
    ],
    'unsigned statement': ['app.tgz.sigstore.json.unsigned.json', 'x.jsonl.0123456789ab.unsigned.json'],
    'lock or temporary file': [
      'widget.intoto.jsonl.lock',
      'widget.intoto.jsonl.lock.takeover',
      'app.tgz.sigstore.json.0123456789ab.tmp',
      'x.unsigned.json.0123456789ab.tmp',
    ],
    'checksum file': [
      'SHA256SUMS',
      'SHA512SUMS.txt',
      'SHASUMS256.txt',
      'sha256sum.txt',
      'MD5SUMS',
      'checksums.txt',
      'widget_1.2.0_checksums.txt',
      'CHECKSUMS',
      'app.tgz.sha256',
      'app.tgz.sha512',
      'checksums.sha384',
      'app.sha256sum',
      'app.tgz.sha256.txt',
      'app.jar.sha1',
      'checksums-sha512',
      'app_checksums_md5.txt',
      'SHASUMS256.txt.asc',
    ],
  }
  const artifacts = [
    'app.tgz',
    'yarn.lock',
    'app.lock',
    'SHA256SUMS.lock',
    'app.0123456789ab.tmp',
    'app.json',
    'app.jsonl',
    'sigstore.js',
    'sigstore.json',
    'attestation.txt',
    'sha256',
    'sha256-simd.wasm',
    'md5.js',
    'sums.csv',
    'checksum-tool.exe',
    'unsigned.json',
  ]
  const all = Object.values(companions).flat()

  test('is no subject of a glob, and is counted by what it is', async () => {
    files(Object.fromEntries([...all, ...artifacts].map((name) => [`dist/${name}`, name])))
    const { subjects, leftOut, notes } = await collectSubjects({ paths: ['dist/*'] }, { cwd, root: cwd })
    expect(subjects.map((it) => it.name).sort()).toEqual(artifacts.toSorted())
    expect(leftOut.toSorted()).toEqual(all.map((name) => join(realpathSync(cwd), 'dist', name)).toSorted())
    expect(notes).toEqual([
      'left out of the glob: 7 bundle files, 2 unsigned statements, 4 lock or temporary files, 17 checksum files',
    ])
  })

  test.each(all)('is a subject where it is named: %s', async (name) => {
    files({ [name]: name })
    const { subjects, leftOut, notes } = await collectSubjects({ paths: [name] }, { cwd, root: cwd })
    expect([subjects.map((it) => it.name), leftOut, notes]).toEqual([[name], [], []])
    await expect(collect(['*'])).rejects.toMatchObject({
      code: 'glob-empty',
      message: expect.stringMatching(/but what is no artifact: 1 /) as string,
    })
  })

  test('is what this run writes or reads as well, whatever it is called', async () => {
    const contents = { 'mine.json': '', 'mine.json.lock': '', list: `${hex('b')}  b\n`, 'list.lock': '', a: 'a' }
    files(contents)
    const request = { except: ['mine.json'], checksums: 'list' }
    expect((await collect(['*'], request)).map((it) => it.name)).toEqual(['a', 'b', 'list.lock'])
    expect(await names(['*'])).toEqual(Object.keys(contents).sort())
    expect((await collect(['mine.json'], request)).map((it) => it.name)).toEqual(['b', 'mine.json'])
  })

  test('is told where it is a subject beside others because it was named, as a shell does', async () => {
    files({ 'app.tgz': 'a', 'app.tgz.sigstore.json': 'b', SHA256SUMS: 'c' })
    const of = async (...paths: string[]): Promise<readonly string[]> =>
      (await collectSubjects({ paths }, { cwd, root: cwd })).notes
    expect(await of('app.tgz', 'app.tgz.sigstore.json', 'SHA256SUMS')).toEqual([
      'app.tgz.sigstore.json is a bundle file, and a subject because it is named; a quoted glob leaves such files out',
    ])
    expect(await of('app.tgz', 'SHA256SUMS')).toEqual([])
    expect(await of('*', 'SHA256SUMS')).toEqual(['left out of the glob: 1 bundle file'])
  })

  test('is what this run writes also where it is named by way of a link', async () => {
    files({ 'dist/mine.json': '', 'dist/a': 'a' })
    symlinkSync('work', join(root, 'link'))
    const except = [join(root, 'link/dist/mine.json')]
    expect((await collect(['dist/*'], { except })).map((it) => it.name)).toEqual(['a'])
  })

  test('is not told twice where it is named twice', async () => {
    files({ 'app.tgz': 'a', 'app.tgz.sigstore.json': 'b' })
    const paths = ['app.tgz', 'app.tgz.sigstore.json', './app.tgz.sigstore.json']
    expect((await collectSubjects({ paths }, { cwd, root: cwd })).notes).toHaveLength(1)
  })

  test('is not followed where it is a link, and no folder of such a name is counted', async () => {
    files({ 'app.tgz': 'a', 'x.sigstore/file': 'f' })
    symlinkSync('../outside/secret', join(cwd, 'app.tgz.sigstore.json'))
    const { notes } = await collectSubjects({ paths: ['*'] }, { cwd, root: cwd })
    expect(notes).toEqual(['left out of the glob: 1 bundle file'])
    await expect(collect(['app.tgz.sigstore.json'])).rejects.toMatchObject({ code: 'symlink-escapes-root' })
  })
})

describe('what lies beside artifacts under a name of its own', () => {
  const statement = { _type: 'https://in-toto.io/Statement/v1', subject: [] }
  const bundle = envelope(statement)
  const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'
  const prepared = JSON.stringify({ type: 'https://w3id.org/countersign/prepared/v1' })
  const list = (name: string): string => `# made by a script\r\n\r\n${hex(name)}  ${name}\r\n`
  const cleartext = (text: string): string =>
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${text}-----BEGIN PGP SIGNATURE-----\n\niQIz\n-----END PGP SIGNATURE-----\n`
  const verdictWords = 'FAIL  app.tgz\n  failed  signer (signer-mismatch)\n  asked for    signer x\n  trust        y\n'
  const junit = (suite: string): string =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites tests="1">\n<testsuite name="${suite}" tests="1">\n`
  const npm = JSON.stringify({ attestations: [{ predicateType: 'x', bundle: JSON.parse(bundle) as unknown }] })
  const addresses = JSON.stringify({ attestations: [{ bundle: null, bundle_url: 'https://a.example' }] })

  test.each([
    ['a bundle', 'provenance.json', bundle, 'bundle file'],
    ['a bundle without an ending', 'evidence', `\uFEFF\n ${bundle}`, 'bundle file'],
    [
      'a bundle printed over many lines',
      'release-bundle.json',
      JSON.stringify(JSON.parse(bundle), null, 2),
      'bundle file',
    ],
    ['bundles, a line each', 'all.jsonl', `${bundle}\n${bundle}\n`, 'bundle file'],
    [
      'a bundle of a later version',
      'x.json',
      '{"mediaType":"application/vnd.dev.sigstore.bundle.v9+json"}',
      'bundle file',
    ],
    ['what npm hands out', 'npm.json', npm, 'bundle file'],
    ['a list of addresses', 'list.json', addresses, 'bundle file'],
    ['an old bundle of cosign', 'app.tgz.bundle', '{"base64Signature":"AA==","cert":"AA=="}', 'bundle file'],
    ['a statement', 'statement.json', JSON.stringify(statement), 'unsigned statement'],
    ['a statement that was kept', 'kept', prepared, 'unsigned statement'],
    ['a signature', 'app.tgz.sig', 'AA==', 'signature file'],
    ['a signature of PGP', 'app.tgz.asc', 'x', 'signature file'],
    ['a signature of minisign', 'app.tgz.minisig', 'x', 'signature file'],
    ['an attestation in another form', 'app.tgz.att', 'x', 'signature file'],
    ['a signature that names its key', 'app.tgz.72D7468F.sig', 'x', 'signature file'],
    ['a certificate', 'app.tgz.pem', pem, 'signature file'],
    [
      'a certificate in base64, as cosign writes it',
      'app.tgz.crt',
      Buffer.from(pem).toString('base64'),
      'signature file',
    ],
    ['a signature in binary', 'app.tgz.gpg', '\u0088', 'signature file'],
    ['what is encrypted', 'app.tgz.gpg', '\u0005', 'artifact'],
    ['checksums', 'MANIFEST', list('app.tgz'), 'checksum file'],
    ['checksums as BSD has them', 'sums.bsd', `SHA512 (dist/app.tgz) = ${hex('', 'sha512')}\n`, 'checksum file'],
    ['checksums of md5 -r', 'sums', `${hex('', 'md5')} ./app.tgz\n`, 'checksum file'],
    ['checksums of what is not here', 'MANIFEST', list('other.tgz'), 'artifact'],
    ['a checksum of itself', 'MANIFEST', list('MANIFEST'), 'artifact'],
    ['a text with a checksum in it', 'NOTES', `${list('app.tgz')}and more\n`, 'artifact'],
    ['the signature of a file that is not here', 'other.tgz.sig', 'AA==', 'artifact'],
    ['the signature of a folder', 'folder.sig', 'AA==', 'artifact'],
    ['a private key', 'app.tgz.pem', pem.replaceAll('CERTIFICATE', 'PRIVATE KEY'), 'artifact'],
    ['a text that begins as JSON', 'x.js', '[1].map((it) => it)', 'artifact'],
    ['JSON that is no attestation', 'package.json', '{"name":"app","bundle":true}', 'artifact'],
    ['JSON with an address', 'site.json', '{"bundle_url":"https://a.example"}', 'artifact'],
    ['an SBOM', 'app.spdx.json', '{"spdxVersion":"SPDX-2.3"}', 'artifact'],
    ['nothing', 'empty', '', 'artifact'],
    ['a signed list', 'app.tgz.DIGESTS.asc', cleartext(list('app.tgz')), 'checksum file'],
    ['a signed list of what is not here', 'manifest.txt.asc', cleartext(list('other.tgz')), 'artifact'],
    ['a list of two files, one of them not here', 'sums', `${list('app.tgz')}${list('other.tgz')}`, 'checksum file'],
    ['short checksums', 'xxh.txt', 'ef46db3751d8e999  app.tgz\n', 'checksum file'],
    ['short checksums of what is not here', 'xxh.txt', 'ef46db3751d8e999  app.tgz\nef46db3751d8e999  x\n', 'artifact'],
    ['a checksum with the size', 'app.tgz.crc', '2418082923 3 app.tgz\n', 'checksum file'],
    ['a number with another size', 'counts.txt', '2418082923 12 app.tgz\n', 'artifact'],
    ['one digest', 'app.tgz.digest', hex('app'), 'checksum file'],
    ['one digest under the name of its algorithm', 'app.tgz.sha3-256.txt', hex('app'), 'checksum file'],
    [
      'one digest in base64',
      'app.tgz.sri',
      `sha256-${Buffer.from(hex('app'), 'hex').toString('base64')}`,
      'checksum file',
    ],
    ['one digest of what is not here', 'other.tgz.digest', hex('app'), 'artifact'],
    ['the id of a commit', 'app.tgz.commit', hex('', 'sha1'), 'artifact'],
    ['the id of a commit, alone', 'REVISION', hex('', 'sha1'), 'artifact'],
    ['a text that is called a digest', 'app.tgz.digest', 'a digest of the news', 'artifact'],
    [
      'checksums in JSON',
      'checksums.json',
      JSON.stringify({ algorithm: 'sha256', 'app.tgz': hex('') }),
      'checksum file',
    ],
    ['a manifest', 'latest.json', JSON.stringify({ version: '1.2.0', 'app.tgz': hex('') }), 'artifact'],
    ['a verdict', 'verdict.json', JSON.stringify({ type: verdictType, outcome: 'pass' }), 'own report'],
    ['an inspection', 'i.json', `{"type":"${inspectionType}"}\n{"type":"${inspectionType}"}\n`, 'own report'],
    ['another document of ours', 'x.json', '{"type":"https://w3id.org/countersign/session-record/v1"}', 'artifact'],
    ['what is called a verdict', 'verdict.json', '{"type":"verdict"}', 'artifact'],
    ['an inspection in words', 'inspect.txt', 'not verified  app.json\n  format      x\n', 'own report'],
    ['a verdict in words', 'verify.txt', verdictWords, 'own report'],
    ['a verdict in words and more', 'verify.txt', `${verdictWords}\nRelease notes\n\n`, 'artifact'],
    ['words that begin so', 'NOTES', 'PASS  all tests\n  and more\n', 'artifact'],
    ['variables of our own', 'countersign-attest.env', 'COUNTERSIGN_ATTEST_OUTCOME=pass\n', 'own report'],
    ['variables beside others', 'countersign-attest.env', 'COUNTERSIGN_ATTEST_OUTCOME=pass\nA=b\n', 'artifact'],
    ['a report for a job', 'countersign-verify.xml', junit('countersign verify'), 'own report'],
    ['a report of tests', 'countersign-verify.xml', junit('vitest'), 'artifact'],
  ])('is known by what is in it: %s', async (_, name, content, kind) => {
    files({ 'dist/app.tgz': 'app', [`dist/${name}`]: content, 'dist/folder/x': '' })
    const { subjects, notes } = await collectSubjects({ paths: ['dist/*'] }, { cwd, root: cwd })
    expect([subjects.map((it) => it.name).filter((it) => it === name), notes]).toEqual(
      kind === 'artifact' ? [[name], []] : [[], [`left out of the glob: 1 ${kind}`]],
    )
    expect(await names([`dist/${name}`])).toEqual([name])
  })

  test('is told where it is a subject because a shell named it', async () => {
    files({ 'app.tgz': 'app', evidence: bundle, 'app.tgz.sig': 'AA==' })
    const { notes } = await collectSubjects({ paths: ['app.tgz', 'app.tgz.sig', 'evidence'] }, { cwd, root: cwd })
    expect(notes).toEqual([
      'evidence is a bundle file, and a subject because it is named; a quoted glob leaves such files out',
    ])
  })

  test('is all that a glob matches where there is no artifact', async () => {
    files({ 'dist/evidence': bundle, 'dist/app.tgz': 'app', 'dist/app.tgz.sig': 'AA==' })
    await expect(collect(['dist/e*'])).rejects.toMatchObject({ code: 'glob-empty' })
    await expect(collect(['dist/app.tgz', 'dist/*.sig'])).rejects.toMatchObject({ code: 'glob-empty' })
  })

  test('is no reason to read a file behind a link that leads elsewhere', async () => {
    writeFileSync(join(root, 'outside/bundle'), bundle)
    files({ 'dist/app.tgz': 'app' })
    symlinkSync('../../outside/bundle', join(cwd, 'dist/evidence'))
    await expect(collect(['dist/*'])).rejects.toMatchObject({ code: 'symlink-escapes-root' })
  })
})

describe('a symbolic link', () => {
  test('to a file below the working folder is that file under its own name', async () => {
    files({ 'dist/app-1.0': 'app' })
    symlinkSync('app-1.0', join(cwd, 'dist/app'))
    expect(await collect(['dist/*'])).toEqual([
      { name: 'app', digest: { sha256: hex('app') } },
      { name: 'app-1.0', digest: { sha256: hex('app') } },
    ])
  })

  test.each([
    ['the file', 'dist/app', '../../outside/secret', 'dist/app'],
    ['the file, absolute', 'dist/app', '/etc/hostname', 'dist/app'],
    ['its folder', 'dist/sub', '../../outside', 'dist/sub/secret'],
    ['the file, by a glob', 'dist/app', '../../outside/secret', 'dist/*'],
    ['its folder, by a glob', 'dist/sub', '../../outside', 'dist/sub/*'],
    ['a folder that a glob meets', 'dist/sub', '../../outside', 'dist/**'],
    ['the root', 'dist/sub', '/', 'dist/sub/etc/hostname'],
  ])('that leads out of the working folder is refused: %s', async (_, link, target, path) => {
    files({ 'dist/real': 'x' })
    symlinkSync(target, join(cwd, link))
    await expect(collect([path])).rejects.toMatchObject({ code: 'symlink-escapes-root' })
  })

  test('that leads out by way of a folder with the same beginning is refused', async () => {
    mkdirSync(`${cwd}-evil`)
    writeFileSync(join(`${cwd}-evil`, 'secret'), 'x')
    symlinkSync(`${cwd}-evil/secret`, join(cwd, 'app'))
    await expect(collect(['app'])).rejects.toMatchObject({ code: 'symlink-escapes-root' })
  })

  test('to a folder is not passed through by a wildcard', async () => {
    files({ 'real/app': 'x' })
    symlinkSync('../outside', join(cwd, 'link'))
    expect(await names(['*/*'])).toEqual(['app'])
    await expect(collect(['*/secret'])).rejects.toMatchObject({ code: 'glob-empty' })
  })

  test('to nothing is refused', async () => {
    symlinkSync('none', join(cwd, 'app'))
    await expect(collect(['app'])).rejects.toMatchObject({ code: 'path-missing' })
  })

  test('on the way to the working folder itself is no escape', async () => {
    files({ 'dist/a': 'a' })
    symlinkSync('work', join(root, 'link'))
    const linked = join(root, 'link')
    expect(await names(['dist/a'], linked)).toEqual(['a'])
    expect(await names([join(linked, 'dist/a')], linked)).toEqual(['a'])
  })
})

const numbersTo = (count: number): string[] => Array.from({ length: count }, (_, index) => `file-${index}`)

describe('the limit', () => {
  test('is as many subjects as every client takes', async () => {
    files(Object.fromEntries(numbersTo(limits.subjects).map((name) => [name, name])))
    expect(await collect(['file-*'])).toHaveLength(limits.subjects)
  })

  test('is refused one above, of files and of declared subjects together', async () => {
    files(Object.fromEntries(numbersTo(limits.subjects).map((name) => [name, name])))
    await expect(collect(['file-*'], { named: [`more=sha256:${hex('x')}`] })).rejects.toMatchObject({
      code: 'subject-limit',
    })
  })
})

test('a glob ends at its limit, before each of its matches is looked at', async () => {
  files(Object.fromEntries(numbersTo(4).map((name) => [name, ''])))
  await expect(findFiles(['file-*'], cwd, new Map(), 3)).rejects.toMatchObject({ code: 'subject-limit' })
  expect((await findFiles(['file-*'], cwd, new Map(), 4)).files).toHaveLength(4)
})

describe('declared subjects', () => {
  test('come from a checksum file as written there, and from the command line', async () => {
    files({ 'dist/a': 'a', SHA256SUMS: `${hex('b')}  dist/b\n${hex('c')} *c\n` })
    const named = [`d=e=sha256:${hex('d')}`, `a=sha256:${hex('a')}`]
    expect(await collect(['dist/a'], { checksums: 'SHA256SUMS', named, algorithms: ['sha512'] })).toEqual([
      { name: 'a', digest: { sha256: hex('a'), sha512: hex('a', 'sha512') } },
      { name: 'c', digest: { sha256: hex('c') } },
      { name: 'd=e', digest: { sha256: hex('d') } },
      { name: 'dist/b', digest: { sha256: hex('b') } },
    ])
  })

  test('are held against a file of their name by whichever digest they have', async () => {
    files({ a: 'a', sums: `${hex('a', 'sha512')}  a\n`, other: `${hex('b', 'sha512')}  a\n` })
    expect(await collect(['a'], { checksums: 'sums' })).toEqual([
      { name: 'a', digest: { sha256: hex('a'), sha512: hex('a', 'sha512') } },
    ])
    await expect(collect(['a'], { checksums: 'other' })).rejects.toMatchObject({ code: 'subject-conflict' })
    expect(await collect([], { checksums: 'sums', named: [`a=sha256:${hex('a')}`] })).toEqual([
      { name: 'a', digest: { sha256: hex('a'), sha512: hex('a', 'sha512') } },
    ])
  })

  test('may stand in bytes that are at hand, up to as many as in a file', async () => {
    const checksums = Buffer.from(`${hex('b')}  b\n`)
    expect(await collect([], { checksums })).toEqual([{ name: 'b', digest: { sha256: hex('b') } }])
    await expect(collect([], { checksums: Buffer.alloc(limits.checksumsBytes + 1, ' ') })).rejects.toMatchObject({
      code: 'input-too-large',
    })
    await expect(collect([], { checksums: new Uint8Array() })).rejects.toMatchObject({ code: 'checksums-malformed' })
  })

  test('that contradict a file or each other are refused', async () => {
    files({ a: 'a', sums: `${hex('a')}  x\n${hex('b')}  x\n`, other: `${hex('b')}  a\n` })
    await expect(collect([], { checksums: 'sums' })).rejects.toMatchObject({ code: 'subject-conflict' })
    await expect(collect(['a'], { checksums: 'other' })).rejects.toMatchObject({ code: 'subject-conflict' })
  })

  test('with a name that must not be shown are refused', async () => {
    files({ sums: `\\${hex('a')}  line\\nfeed\n` })
    await expect(collect([], { checksums: 'sums' })).rejects.toMatchObject({ code: 'subject-invalid' })
    const subject = (name: string): string[] => [`${name}=sha256:${hex('a')}`]
    await expect(collect([], { named: subject('a\u0007') })).rejects.toMatchObject({ code: 'subject-invalid' })
    await expect(collect([], { named: subject('\ud800') })).rejects.toMatchObject({ code: 'subject-invalid' })
    await expect(collect([], { named: subject('x'.repeat(1_025)) })).rejects.toMatchObject({
      code: 'subject-invalid',
    })
    expect(await collect([], { named: subject('x'.repeat(1_024)) })).toHaveLength(1)
  })

  test('from a file that cannot be one are refused', async () => {
    files({ empty: '', binary: '', large: ' '.repeat(limits.checksumsBytes + 1) })
    writeFileSync(join(cwd, 'binary'), Buffer.from([0xff, 0xfe, 0x00]))
    execFileSync('mkfifo', [join(cwd, 'pipe')])
    const from = (checksums: string): Promise<unknown> => collect([], { checksums })
    await expect(from('empty')).rejects.toMatchObject({ code: 'checksums-malformed' })
    await expect(from('binary')).rejects.toMatchObject({ code: 'checksums-malformed' })
    await expect(from('large')).rejects.toMatchObject({ code: 'input-too-large' })
    await expect(from('pipe')).rejects.toMatchObject({ code: 'path-not-regular' })
    await expect(from('.')).rejects.toMatchObject({ code: 'path-directory' })
    await expect(from('-')).rejects.toMatchObject({ code: 'path-missing' })
  })
})
