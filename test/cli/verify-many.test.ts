/** `verify` as a release manager runs it: many artifacts, whatever they are named by, and what is told of them. */
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { artifactBytes, artifactDigest, edited, useRelease } from '../world/release.ts'
import { makePipe } from '../world/named-pipe.ts'
import { countersign, withoutChance } from './terminal.ts'
import type { Ran, Terminal } from './terminal.ts'
import { part } from '../world/runs.ts'

const release = useRelease()
let root: string
let question: string[]
/** One statement about app.tgz and app.zip, and one about lib.jar alone. */
let both: string
let jar: string
beforeAll(async () => {
  root = release().write(release().sigstore.trustedRoot as object, 'root.json')
  const { signer, issuer, source = '' } = release().question()
  question = ['--signer', signer, '--issuer', issuer, '--source', source, '--trusted-root', root]
  const digestOf = (text: string): { sha256: string } => ({ sha256: hex(text) })
  const pair = edited(release().statement(), (it) => it.subject.push({ name: 'app.zip', digest: digestOf('zip') }))
  both = JSON.stringify(await release().sign(pair))
  const alone = edited(release().statement(), (it) => {
    it.subject = [{ name: 'lib.jar', digest: digestOf('jar') }]
    it.predicate.buildDefinition.resolvedDependencies!.splice(1)
  })
  jar = JSON.stringify(await release().sign(alone))
})

const hex = (text: string): string => createHash('sha256').update(text).digest('hex')

let folders = 0

/** A folder of its own with these files. */
function folderWith(files: { readonly [path: string]: string }): string {
  const folder = join(release().folder, `many-${(folders += 1)}`)
  mkdirSync(join(folder, 'dist'), { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

function verifyIn(world: Terminal, ...argv: readonly string[]): Promise<Ran> {
  return countersign(world, 'verify', ...argv, ...question)
}

const outcomes = ({ stdout }: Ran): string[] =>
  (stdout.match(/^(?:PASS|FAIL|UNDECIDED) {2}\S+/gm) ?? []).map((it) => it.replace('  ', ' '))

const released = (): { [path: string]: string } => ({
  'dist/app.tgz': artifactBytes,
  'dist/app.zip': 'zip',
  'dist/lib.jar': 'jar',
  'dist/release.intoto.jsonl': `${both}\n${jar}\n`,
})

describe('many artifacts', () => {
  it('are a line each, then their sessions once, then what does not pass in full, then a count', async () => {
    const cwd = folderWith({ ...released(), 'dist/extra.tgz': 'x' })
    const ran = await verifyIn({ cwd }, 'dist/*', 'gone.tgz')
    expect(ran.exitCode).toBe(1)
    await expect(withoutChance(ran.stdout, release().folder)).toMatchFileSnapshot('./verify-many.txt')
    expect(ran.stdout.trimEnd().split('\n').at(-1)).toBe('3 pass, 1 FAIL, 1 undecided')
    expect(ran.stdout.match(/level +tool/g)).toHaveLength(1)
  })

  it('that all pass are a count of passes, and exit 0', async () => {
    const ran = await verifyIn({ cwd: folderWith(released()) }, 'dist')
    expect(ran.exitCode).toBe(0)
    expect(outcomes(ran)).toEqual(['PASS app.tgz', 'PASS app.zip', 'PASS lib.jar'])
    expect(ran.stdout).toMatch(/\n3 pass, 0 FAIL, 0 undecided\n$/)
  })

  it('say nothing with --quiet where all pass, and only what does not where one does not', async () => {
    const cwd = folderWith({ ...released(), 'dist/extra.tgz': 'x' })
    const passing = await verifyIn({ cwd }, 'dist/app*', '--quiet')
    expect(passing).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    const alone = await verifyIn({ cwd }, 'dist/app.tgz', '--quiet')
    expect(alone).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    const failing = await verifyIn({ cwd }, 'dist', '--quiet')
    expect([failing.exitCode, outcomes(failing)]).toEqual([1, ['FAIL extra.tgz']])
    // What has no verdict is told whatever else is not.
    expect(failing.stderr).toBe(
      'countersign: note: not verified, because it lies beside artifacts: dist/release.intoto.jsonl\n',
    )
    expect(failing.stdout).toMatch(/^FAIL {2}extra\.tgz\n {2}failed {2}subject \(subject-mismatch\)\n/)
    const json = await verifyIn({ cwd }, 'dist', '--quiet', '--format', 'json')
    expect(json.stdout.trim().split('\n')).toHaveLength(1)
  })

  it('are each in full with --verbose, and their sessions once', async () => {
    const ran = await verifyIn({ cwd: folderWith(released()) }, 'dist', '--verbose')
    expect(ran.stdout.match(/^ {2}signed by /gm)).toHaveLength(3)
    expect(ran.stdout.match(/level +tool/g)).toHaveLength(1)
    expect(ran.stdout).toContain('  AI sessions  the same as shown with app.tgz\n')
    expect(ran.stdout).toMatch(/\n3 pass, 0 FAIL, 0 undecided\n$/)
    const both = await verifyIn({ cwd: release().folder }, 'app.tgz', '--verbose', '--quiet')
    expect([both.exitCode, both.stdout]).toEqual([2, ''])
  })

  it('are JSON Lines in the order given, whatever else is asked', async () => {
    const cwd = folderWith({ ...released(), 'dist/extra.tgz': 'x' })
    for (const flags of [[], ['--verbose']]) {
      const { stdout } = await verifyIn({ cwd }, 'dist/extra.tgz', 'dist/app.tgz', '--format', 'json', ...flags)
      const verdicts = stdout
        .trim()
        .split('\n')
        .map((it) => JSON.parse(it) as { artifact: { name: string } })
      expect(verdicts.map((it) => it.artifact.name)).toEqual(['extra.tgz', 'app.tgz'])
    }
  })

  it('that cannot be decided for one reason say it once', async () => {
    const cwd = folderWith(released())
    const ran = await verifyIn({ cwd }, 'dist/app*', '--bundle', 'none.json')
    expect([ran.exitCode, outcomes(ran)]).toEqual([2, ['UNDECIDED app.tgz', 'UNDECIDED app.zip']])
    expect(ran.stdout.match(/does not exist/g)).toHaveLength(1)
    expect(ran.stderr.match(/error:/g)).toHaveLength(1)
  })

  it('say the reason on stderr too, but to a person who reads both in one place', async () => {
    const cwd = folderWith(released())
    const argv = ['dist/app.tgz', '--bundle', 'none.json'] as const
    for (const [world, count] of [
      [{}, 1],
      [{ isTTY: true }, 0],
    ] as const) {
      const { exitCode, stdout, stderr } = await verifyIn({ cwd, ...world }, ...argv)
      expect(exitCode).toBe(2)
      expect(stdout).toContain('(path-missing)')
      expect(stderr.match(/error:.*\(path-missing\)/g) ?? []).toHaveLength(count)
    }
    const json = await verifyIn({ cwd, isTTY: true }, ...argv, '--format', 'json')
    expect(json.stderr).toContain('(path-missing)')
  })

  it.each(part([60, 80, 200], 3))('are folded to %i columns, and nothing that is copied is', async (columns) => {
    const cwd = folderWith({ ...released(), 'dist/extra.tgz': 'x' })
    const argv = ['dist', '--verbose'] as const
    const piped = await verifyIn({ cwd }, ...argv)
    for (const world of [
      { isTTY: true, columns, env: { NO_COLOR: '1' } },
      { env: { COLUMNS: String(columns) } },
    ] as const) {
      const { stdout } = await verifyIn({ cwd, ...world }, ...argv)
      const long = stdout.split('\n').filter((it) => it.length > columns)
      // Whatever sticks out has no place to be parted at that would help.
      for (const line of long)
        expect(
          line
            .trim()
            .split(/ +/)
            .some((it) => it.length > columns - 40),
          line,
        ).toBe(true)
      expect(stdout.replace(/\s+/g, ' ')).toBe(piped.stdout.replace(/\s+/g, ' '))
    }
  })

  it('are not folded where nobody looks, nor to what is no width', async () => {
    const cwd = folderWith(released())
    const piped = await verifyIn({ cwd, columns: 60 }, 'dist')
    for (const world of [
      { isTTY: true },
      { isTTY: true, columns: 0 },
      { env: { COLUMNS: 'wide' } },
      { env: { COLUMNS: '-1' } },
    ] as const) {
      const { stdout } = await verifyIn({ cwd, ...world }, 'dist')
      expect(stdout.replace(/\u001b\[\d+m/g, '')).toBe(piped.stdout)
    }
    const narrow = await verifyIn({ cwd, env: { COLUMNS: '5' } }, 'dist')
    expect(narrow).toEqual(await verifyIn({ cwd, env: { COLUMNS: '60' } }, 'dist'))
  })
})

describe('artifacts are named', () => {
  it('by a glob that no shell has written out, a folder, a file with a wildcard in its name, or a shell', async () => {
    const sums = `${hex('zip')}  app.zip\n`
    const cwd = folderWith({ ...released(), 'dist/app*.tgz': artifactBytes, 'dist/SHA256SUMS': sums, 'sub/x': '' })
    const named = async (...argv: string[]): Promise<string[]> => outcomes(await verifyIn({ cwd }, ...argv))
    expect(await named('dist/*.zip', 'dist/*.jar')).toEqual(['PASS app.zip', 'PASS lib.jar'])
    expect(await named('dist/app*.tgz')).toEqual(['PASS app*.tgz', 'PASS app.tgz'])
    const both = 'note: there is a file called dist/app*.tgz, and it was read as a glob as well\n'
    expect((await verifyIn({ cwd }, 'dist/app*.tgz')).stderr).toContain(both)
    expect(await named('dist', '--quiet')).toEqual([])
    const byShell = ['dist/SHA256SUMS', 'dist/app.tgz', 'dist/app.zip', 'dist/release.intoto.jsonl']
    const ran = await verifyIn({ cwd }, ...byShell)
    expect(outcomes(ran)).toEqual(['PASS app.tgz', 'PASS app.zip', 'FAIL SHA256SUMS'])
    expect(ran.stderr).toContain('note: not verified, because it lies beside artifacts: dist/release.intoto.jsonl\n')
  })

  it('by standard input, with the bundle in a file, or the other way round', async () => {
    const cwd = folderWith(released())
    const bundle = 'dist/release.intoto.jsonl'
    const piped = await verifyIn({ cwd, input: 'zip' }, '-', '--bundle', bundle)
    expect([piped.exitCode, piped.stdout.split('\n')[0]]).toEqual([0, 'PASS  standard input'])
    const other = await verifyIn({ cwd, input: 'zip.' }, '-', '--bundle', bundle)
    expect([other.exitCode, other.stdout.split('\n')[0]]).toEqual([1, 'FAIL  standard input'])
    const bundled = await verifyIn({ cwd, input: `${both}\n` }, 'dist/app.tgz', 'dist/app.zip', '--bundle', '-')
    expect([bundled.exitCode, outcomes(bundled)]).toEqual([0, ['PASS app.tgz', 'PASS app.zip']])
    const junk = await verifyIn({ cwd, input: 'junk' }, 'dist/app.tgz', '--bundle', '-')
    expect(junk.exitCode).toBe(3)
    for (const argv of [['-'], ['-', '--bundle', '-'], ['-', '-', '--bundle', bundle]]) {
      const ran = await verifyIn({ cwd, input: 'zip' }, ...argv)
      expect([argv, ran.exitCode, ran.stdout]).toEqual([argv, 2, ''])
    }
    const broken = await verifyIn({ cwd }, '-', '--bundle', bundle)
    expect([broken.exitCode, broken.stderr]).toEqual([3, expect.stringContaining('(input-unreadable)')])
  })

  it.each(
    part(
      [
        ['oci://ghcr.io/acme/app:1', /pull it first.*sha256:HEX/],
        ['docker:acme/app', /pull it first/],
        [`ghcr.io/acme/app@sha256:${'a'.repeat(64)}`, /pull it first.*sha256:a{64}/],
        ['https://user:hunter2@acme.example/app.tgz?token=hunter2', /download it first/],
        ['ftp://acme.example/app.tgz', /download it first/],
        ['pkg:npm/app@1.0.0', /download it first/],
        ['s3://acme/app.tgz', /download it first/],
        ['file:///etc/hosts', /write its path/],
        ['sha256:abc', /whole digest/],
        [`sha512:${'a'.repeat(64)}`, /whole digest/],
        [`md5:${'a'.repeat(32)}`, /whole digest/],
        ['a'.repeat(64), /write sha256: before it/],
        ['A'.repeat(128), /write sha512: before it/],
        ['dist/*.rpm', /there is no artifact in "dist\/\*\.rpm"/],
        ['empty', /there is no artifact in "empty"/],
        ['', /name of an artifact is empty/],
      ],
      2,
    ),
  )('by %j, which is a usage error that says what to do', async (word, message) => {
    const cwd = folderWith({ 'dist/app.tgz': 'x' })
    mkdirSync(join(cwd, 'empty'))
    const { exitCode, stdout, stderr } = await verifyIn({ cwd }, word)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr.replaceAll('\n', ' ')).toMatch(message)
    expect(stderr).not.toContain('hunter2')
    expect(stderr.trimEnd().split('\n')).toHaveLength(2)
  })

  it('by a file that only looks like an address or a digest', async () => {
    const cwd = folderWith({ 'sha256:abc': artifactBytes, 'oci:app': artifactBytes, 'release.intoto.jsonl': both })
    expect(outcomes(await verifyIn({ cwd }, 'sha256:abc', 'oci:app'))).toEqual(['PASS sha256:abc', 'PASS oci:app'])
  })

  it('by a digest in capitals', async () => {
    const cwd = folderWith(released())
    const word = `SHA256:${artifactDigest.toUpperCase()}`
    const ran = await verifyIn({ cwd }, word, '--bundle', 'dist/release.intoto.jsonl')
    expect([ran.exitCode, ran.stdout.split('\n')[0]]).toEqual([0, `PASS  sha256:${artifactDigest}`])
  })

  it.each(part(['oci://ghcr.io/acme/app', 'https://acme.example/app.json', 'none.json', 'dist'], 4))(
    'with the bundle %s, which is a usage error',
    async (bundle) => {
      const { exitCode, stderr } = await verifyIn({ cwd: folderWith(released()) }, 'dist/app.tgz', '--bundle', bundle)
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/error: .*\n.*hint: /)])
    },
  )
})

describe('a bundle is found beside an artifact', () => {
  it('under the name that gh attestation download gives it, in that folder or where it was run', async () => {
    for (const name of [`sha256:${artifactDigest}.jsonl`, `dist/sha256-${artifactDigest}.jsonl`]) {
      const cwd = folderWith({ 'dist/app.tgz': artifactBytes, [name]: both })
      expect((await verifyIn({ cwd }, 'dist/app.tgz')).exitCode, name).toBe(0)
    }
    const cwd = folderWith({ [`sha256:${artifactDigest}.jsonl`]: both })
    expect((await verifyIn({ cwd }, `sha256:${artifactDigest}`)).exitCode).toBe(0)
  })

  it('although what lies there too is no attestation', async () => {
    const old = JSON.stringify({ base64Signature: 'AA==', cert: 'x' })
    const cwd = folderWith({ ...released(), 'dist/app.tgz.bundle': old })
    expect((await verifyIn({ cwd }, 'dist/app.tgz')).exitCode).toBe(0)
    const alone = folderWith({ 'dist/app.tgz': artifactBytes, 'dist/app.tgz.bundle': old })
    const ran = await verifyIn({ cwd: alone }, 'dist/app.tgz')
    expect([ran.exitCode, ran.stdout]).toEqual([3, expect.stringContaining('(bundle-legacy)')])
    expect(ran.stdout).toContain('sign anew with cosign 3')
  })

  it('and says of each that cannot be read what it is and what to do, also where another one decides', async () => {
    const newer = JSON.stringify({ version: 2, verification_material: {}, envelope: {} })
    const cwd = folderWith({ 'dist/app.tgz': artifactBytes, 'dist/app.tgz.attestation': newer })
    const alone = await verifyIn({ cwd }, 'dist/app.tgz')
    expect([alone.exitCode, alone.stdout]).toEqual([3, expect.stringContaining('supported is version 1 of PEP 740')])
    writeFileSync(join(cwd, 'dist/app.tgz.sigstore.json'), jar)
    const beside = await verifyIn({ cwd }, 'dist/app.tgz')
    expect([beside.exitCode, beside.stdout]).toEqual([1, expect.stringContaining('supported is version 1 of PEP 740')])
    writeFileSync(join(cwd, 'dist/app.tgz.sigstore.json'), both)
    expect((await verifyIn({ cwd }, 'dist/app.tgz')).stdout).toMatch(/^PASS/)
  })

  it('or else the error lists what was looked for', async () => {
    const ran = await verifyIn({ cwd: folderWith({ 'dist/app.tgz': artifactBytes }) }, 'dist/app.tgz')
    expect(ran.exitCode).toBe(1)
    for (const name of [
      'app.tgz',
      '.sigstore.json',
      '.publish.attestation',
      '.provenance',
      'sha256:HEX.jsonl',
      'attestation.json',
    ]) {
      expect(ran.stdout).toContain(name)
    }
  })
})

describe('what an artifact is refused for', () => {
  it('is told where it is a bundle itself', async () => {
    const ran = await verifyIn({ cwd: folderWith({ 'app.tgz.sigstore.json': both }) }, 'app.tgz.sigstore.json')
    expect([ran.exitCode, ran.stdout]).toEqual([1, expect.stringContaining('app.tgz.sigstore.json is a bundle')])
    const other = await verifyIn({ cwd: folderWith({ 'app.json': '{}' }) }, 'app.json')
    expect(other.stdout).not.toContain('is a bundle')
  })

  it('is told with the subject of the same name', async () => {
    const cwd = folderWith({ ...released(), 'dist/lib.jar': 'changed' })
    const { stdout } = await verifyIn({ cwd }, 'dist/lib.jar')
    const note = `the attestation names lib.jar with sha256:${hex('jar')}, this file is sha256:${hex('changed')}`
    expect(stdout).toContain(note)
  })

  it('is never told with the flag that waives it', async () => {
    const bundle = release().write(await release().attested({ runner: 'self-hosted' }))
    const { exitCode, stdout } = await verifyIn({ cwd: release().folder }, 'app.tgz', '--bundle', bundle)
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('failed  runner (runner-refused)')])
    expect(stdout).not.toContain('self-hosted-runner')
  })

  it('is usage where the key is none, whatever was signed', async () => {
    const cwd = folderWith({ ...released(), 'key.pem': 'hello' })
    for (const argv of [['dist/app.tgz'], ['dist/app.tgz', '--any-source']]) {
      const ran = await countersign({ cwd }, 'verify', ...argv, '--key', 'key.pem', '--trusted-root', root)
      expect([ran.exitCode, ran.stderr]).toEqual([2, expect.stringContaining('(key-malformed)')])
    }
  })
})

describe('what lies in a folder', () => {
  it('is not followed where a link leads out of it, nor waited for where it is a pipe', async () => {
    const cwd = folderWith({ ...released(), 'outside/secret': 'x', 'dist/sub/app.tgz': artifactBytes })
    copyFileSync(join(cwd, 'dist/release.intoto.jsonl'), join(cwd, 'dist/sub/release.intoto.jsonl'))
    symlinkSync('../outside/secret', join(cwd, 'dist/leak'))
    symlinkSync('../outside', join(cwd, 'dist/leaks'))
    symlinkSync('app.tgz', join(cwd, 'dist/latest.tgz'))
    for (const word of ['dist', 'dist/**', './dist/', join(cwd, 'dist')]) {
      const ran = await verifyIn({ cwd }, word)
      expect([word, ran.exitCode, outcomes(ran).length]).toEqual([word, 2, 7])
      expect(outcomes(ran).slice(-2)).toEqual(['UNDECIDED leak', 'UNDECIDED leaks'])
      expect(ran.stderr.match(/\(symlink-escapes-root\)/g)).toHaveLength(2)
      expect(ran.stdout + ran.stderr).not.toContain('secret')
    }
    // A link out, whose target is attested and would pass, is none of the files of the folder either.
    symlinkSync('../outside/app.tgz', join(cwd, 'dist/app.lnk'))
    writeFileSync(join(cwd, 'outside/app.tgz'), artifactBytes)
    for (const flags of [[], ['--quiet']]) {
      const { exitCode, stdout } = await verifyIn({ cwd }, 'dist/*.lnk', '--format', 'json', ...flags)
      const verdict = JSON.parse(stdout) as { outcome: string; failure: { code: string }; artifact: object }
      expect([exitCode, verdict.outcome, verdict.failure.code]).toEqual([2, 'undecided', 'symlink-escapes-root'])
      expect(verdict.artifact).toEqual({ name: 'app.lnk', digest: {} })
    }
    makePipe(join(cwd, 'dist/pipe'))
    const ran = await verifyIn({ cwd }, 'dist')
    expect([ran.exitCode, outcomes(ran).at(-1)]).toEqual([2, 'UNDECIDED pipe'])
    expect(ran.stderr).toContain('(path-not-regular)')
  })

  it('is not followed where a link leads to a folder in it, whose files have their own verdicts', async () => {
    const cwd = folderWith({ ...released(), 'dist/a/x.tgz': artifactBytes, 'dist/a/x.tgz.sigstore.json': both })
    symlinkSync('a', join(cwd, 'dist/current'))
    const ran = await verifyIn({ cwd }, 'dist', '--quiet')
    expect([ran.exitCode, ran.stdout, ran.stderr]).toEqual([0, '', expect.stringContaining('dist/current')])
    // A glob need not match what lies there.
    expect((await verifyIn({ cwd }, 'dist/curr*')).exitCode).toBe(2)
  })

  it('is told by its path from the folder that was named', async () => {
    const cwd = folderWith({ ...released(), 'dist/a/b/x.tgz': 'x' })
    expect(outcomes(await verifyIn({ cwd }, 'dist')).at(-1)).toBe('FAIL a/b/x.tgz')
    expect(outcomes(await verifyIn({ cwd }, 'dist/*/**/*.tgz'))).toEqual(['FAIL a/b/x.tgz'])
    expect(outcomes(await verifyIn({ cwd }, 'dist/a/b/x.tgz'))).toEqual(['FAIL x.tgz'])
  })

  it('is told apart by its path where two files have one name', async () => {
    const cwd = folderWith({ ...released(), 'dist/a/app.tgz': 'other', 'dist/a/app.tgz.sigstore.json': both })
    expect(outcomes(await verifyIn({ cwd }, 'dist/**/app.tgz'))).toEqual(['PASS dist/app.tgz', 'FAIL dist/a/app.tgz'])
  })
})
