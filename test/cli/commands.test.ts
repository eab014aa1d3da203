/** The command line as a person meets it. The transcripts beside this file are what it says, word for word. */
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { commands } from '../../src/cli/command-table.ts'
import { localTrust, mintLocalJobToken, signWithLocal } from '../../src/embedded/project.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { useCheckouts, useWorkplaces } from '../world/checkout.ts'
import type { Checkout, Workplace } from '../world/checkout.ts'
import { closedOrigin } from '../world/loopback-server.ts'
import { seldomNotes } from '../world/reader-reports.ts'
import { steppedClock } from '../world/stepped-clock.ts'
import type { EditableBundle, Job } from '../world/release.ts'
import { countersign, withoutChance } from './terminal.ts'
import type { Ran } from './terminal.ts'
import { isEach, part } from '../world/runs.ts'

const checkout = useCheckouts()
// Where what is said is not about the history.
const workplace = useWorkplaces()

const issuer = 'https://oidc.countersign.localhost'
const source = 'https://github.com/acme/widget'
const signer = `${source}/.github/workflows/release.yml@refs/tags/v1.1.0`
const question = ['--signer', signer, '--issuer', issuer, '--source', source]
const bundle = 'dist/app.tgz.sigstore.json'

// Checkouts are copies of one, their Sigstores too, so what one of them attested could have been attested in any.
const attestedBefore = new Map<string, string>()

/** A checkout whose artifact was attested by its release job. */
async function released(job: Job = {}): Promise<Checkout> {
  const at = checkout()
  const which = JSON.stringify(job)
  const before = attestedBefore.get(which)
  if (before !== undefined) {
    at.write(bundle, before)
    return at
  }
  const { exitCode, stderr } = await run(at, await at.token(job), 'attest', 'dist/app.tgz', '--sigstore', 'local')
  expect(stderr).not.toContain('error')
  expect(exitCode).toBe(0)
  attestedBefore.set(which, readFileSync(join(at.folder, bundle), 'utf8'))
  return at
}

function run(at: Workplace, token: string | undefined, ...argv: readonly string[]): Promise<Ran> {
  return countersign({ cwd: at.folder, env: at.env(token) }, ...argv)
}

function verifyIn(at: Checkout, ...argv: readonly string[]): Promise<Ran> {
  return run(at, undefined, 'verify', 'dist/app.tgz', '--sigstore', 'local', ...argv)
}

async function transcript(name: string, at: Checkout, { exitCode, stdout, stderr }: Ran): Promise<void> {
  const text = `# exit ${exitCode}\n# stdout\n${stdout}# stderr\n${stderr}`
  await expect(withoutChance(text, at.folder)).toMatchFileSnapshot(`./${name}.txt`)
}

describe('help', () => {
  it.each(['', ...commands.map((it) => it.name)])('of countersign %s', async (command) => {
    const ran = await countersign({ cwd: '/' }, ...(command === '' ? [] : [command]), '--help')
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' })
    await expect(ran.stdout).toMatchFileSnapshot(`./help${command === '' ? '' : `-${command}`}.txt`)
  })

  it('stands on stderr where nothing was asked', async () => {
    const ran = await countersign({ cwd: '/' })
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' })
    expect(ran.stderr).toContain('Usage: countersign')
  })

  it('is not needed for the version', async () => {
    expect(await countersign({ cwd: '/' }, '--version')).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
      stderr: '',
    })
  })
})

it.each(['', '../token'])(
  'what is empty (%j) may be a variable that is not set, and the hint says where',
  async (named) => {
    const at = checkout()
    at.write('../token', '\n')
    const ran = await countersign({ cwd: at.folder, env: at.env() }, 'sessions', '--forge-token-file', named)
    expect([ran.exitCode, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toMatch(/ is empty \(usage\)\n.*hint: .*not set.* protected/)
  },
)

describe('a command line that is wrong', () => {
  it.each<[string, readonly string[], RegExp]>(
    part(
      [
        ['an unknown command', ['verfiy'], /unknown command 'verfiy'.*verify/],
        ['an unknown command of trust', ['trust', 'shwo'], /trust has no command "shwo" \(did you mean show\?\)/],
        ['one that is like none', ['trust', 'whatever'], /trust has no command "whatever" \(usage\)/],
        [
          'an unknown command of help',
          ['help', 'trust', 'imprt'],
          /trust has no command "imprt" \(did you mean import\?\)/,
        ],
        [
          'a slip in a command below one that takes a revision',
          ['sessions', 'non', '--reason', 'By hand'],
          /sessions has no command "non" \(did you mean none\?\)/,
        ],
        [
          'a slip in a command below another, with words behind it',
          ['policy', 'inti', 'dist/app.tgz'],
          /policy has no command "inti" \(did you mean init\?\) \(usage\)/,
        ],
        ['a word that is like none, too', ['policy', 'whatever', 'x'], /policy has no command "whatever" \(usage\)/],
        ['and with a short option', ['policy', 'inti', '-R', 'a/b'], /did you mean init\?/],
        ['of hooks', ['hooks', 'instal', 'a', 'b'], /hooks has no command "instal" \(did you mean install\?\)/],
        ['of receipt', ['receipt', 'isue', 'x'], /receipt has no command "isue" \(did you mean issue\?\)/],
        ['of trust, with an option that none has', ['trust', 'exprt', '--to', 'a'], /did you mean export\?/],
        ['of an argument with choices', ['completion', 'bsh'], /Allowed choices are .* \(did you mean bash\?\)/],
        ['of an option with choices', ['verify', 'x', '--format', 'jsn'], /\(did you mean json\?\)/],
        ['an option that nothing near it has', ['sessions', 'main', '--reason', 'x'], /unknown option '--reason'/],
        [
          'a variable that is not set',
          ['attest', 'x', '--forge-token-file', ''],
          /--forge-token-file is empty \(usage\)/,
        ],
        ['the version as a command', ['version'], /no command version; /],
        ['an unknown option', ['verify', 'x', '--singer', 'y'], /unknown option '--singer'.*--signer/],
        ['no artifact', ['verify'], /missing required argument/],
        ['no bundle', ['inspect'], /missing required argument/],
        ['an unknown format', ['inspect', 'a', '--format', 'xml'], /Allowed choices are text, json/],
        ['an option without its value', ['verify', 'x', '--signer'], /argument missing/],
        ['a runner that is not "allow"', ['verify', 'x', '--self-hosted-runner', 'yes'], /Allowed choices are allow/],
        ['a port that is none', ['local', '--port', '70000'], /--port takes a number/],
        ['a state folder without --sigstore local', ['attest', 'x', '--local-state', 'y'], /--local-state belongs to/],
        ['no question', ['verify', 'x', '--trusted-root', 'y'], /lacks --signer and --issuer/],
        [
          'a question without source',
          ['verify', 'x', '--signer', 'a', '--issuer', 'b', '--trusted-root', 'y'],
          /lacks --source/,
        ],
        [
          'a signer that says nothing',
          ['verify', 'x', '--signer', '**', ...question.slice(2), '--trusted-root', 'y'],
          /matches everything/,
        ],
        ['two trusts', ['verify', 'x', '--sigstore', 'public', '--trusted-root', 'y', ...question], /name the trust/],
        [
          'a page of a repository',
          ['verify', 'x', '--repo', `${source}/issues`, '--trusted-root', 'y'],
          /--repo is OWNER\/NAME/,
        ],
      ],
      4,
    ),
  )('%s: exit 2, one line and a hint', async (_, argv, message) => {
    const { exitCode, stdout, stderr } = await countersign({ cwd: '/' }, ...argv)
    expect([exitCode, stdout]).toEqual([2, ''])
    const lines = stderr.split('\n')
    expect(lines[0]).toMatch(/^countersign: error: /)
    expect(lines[0]).toMatch(message)
    expect(lines.slice(1).every((line) => line === '' || line.startsWith('countersign: hint: '))).toBe(true)
  })

  it('never repeats a token that stands in it', async () => {
    const token = await checkout().token()
    for (const argv of [
      [token],
      ['verify', 'x', `--${token}`],
      ['attest', token, '--sigstore', 'local'],
      ['inspect', token],
    ]) {
      const { exitCode, stdout, stderr } = await countersign({ cwd: checkout().folder, env: {} }, ...argv)
      expect(exitCode).not.toBe(0)
      for (const part of token.split('.')) expect(stdout + stderr).not.toContain(part)
    }
  })
})

describe('attest', () => {
  it('prints where the bundle is, and says how to verify it', async () => {
    const at = checkout()
    const ran = await run(at, await at.token(), 'attest', 'dist/app.tgz', '--sigstore', 'local')
    await transcript('attest', at, ran)
    const command = /^countersign: verify with: countersign (.*)$/m.exec(ran.stderr)?.[1] ?? ''
    expect(await run(at, undefined, ...command.split(' '))).toMatchObject({ exitCode: 0 })
  })

  it('prints the statement of a dry run, and nothing else but where the release begins', async () => {
    const at = checkout()
    const ran = await run(at, await at.token(), 'attest', 'dist/app.tgz', '--sigstore', 'local', '--dry-run')
    expect(ran.exitCode).toBe(0)
    expect(ran.stderr).toMatch(/^countersign: note: the release is 3 commits since v1\.0\.0 .*\n$/)
    expect(JSON.parse(ran.stdout)).toMatchObject({ _type: 'https://in-toto.io/Statement/v1' })
    expect(at.list('dist')).toEqual(['app.tgz'])
  })

  it('indents the statement of a dry run on a terminal, and says the same', async () => {
    const at = workplace()
    const argv = ['attest', 'dist/app.tgz', '--sigstore', 'local', '--dry-run']
    const token = await at.token()
    const piped = await run(at, token, ...argv)
    expect(piped.stdout.split('\n')).toHaveLength(2)
    const shown = await countersign({ cwd: at.folder, env: at.env(token), isTTY: true }, ...argv)
    expect(shown.stdout).toMatch(/^\{\n {2}"_type": "https:/)
    expect(`${JSON.stringify(JSON.parse(shown.stdout))}\n`).toBe(piped.stdout)
  })

  it.runIf(isEach)('refuses with exit 2 what it would overwrite, and overwrites when asked to', async () => {
    const at = await released()
    const token = await at.token({ runId: '4711' })
    const again = await run(at, token, 'attest', 'dist/app.tgz', '--sigstore', 'local')
    await transcript('attest-output-exists', at, again)
    const overwritten = await run(at, token, 'attest', 'dist/app.tgz', '--sigstore', 'local', '--overwrite')
    expect(overwritten.exitCode).toBe(0)
    const other = await at.token({ runId: '4712' })
    const appended = await run(at, other, 'attest', 'dist/app.tgz', '--sigstore', 'local', '--append')
    expect(appended.exitCode).toBe(0)
    expect(readFileSync(join(at.folder, bundle), 'utf8').split('\n')).toHaveLength(3)
    const both = await run(at, other, 'attest', 'dist/app.tgz', '--sigstore', 'local', '--append', '--overwrite')
    expect([both.exitCode, both.stderr]).toEqual([2, expect.stringContaining('(usage)')])
  })

  it.runIf(isEach)('says on stderr what it left out of a glob, and takes a file that is named', async () => {
    const at = await released()
    at.write('dist/SHA256SUMS', 'x')
    at.write('dist/app.tgz.intoto.jsonl', 'x')
    at.write('dist/app.tgz.sha512', 'x')
    const dry = async (...paths: string[]): Promise<[string[], string]> => {
      const { stdout, stderr } = await run(at, await at.token(), 'attest', ...paths, '--sigstore', 'local', '--dry-run')
      const talk = stderr.replace(/^countersign: note: the release is .*\n/m, '')
      return [(JSON.parse(stdout) as { subject: { name: string }[] }).subject.map((it) => it.name), talk]
    }
    expect(await dry('dist/*')).toEqual([
      ['app.tgz'],
      'countersign: note: left out of the glob: 2 bundle files, 2 checksum files\n',
    ])
    expect(await dry('dist/SHA256SUMS')).toEqual([['SHA256SUMS'], ''])
    const [names, talk] = await dry('dist/*', 'dist/app.tgz.sigstore.json')
    expect(names).toEqual(['app.tgz', 'app.tgz.sigstore.json'])
    expect(talk).toContain('left out of the glob: 1 bundle file, 2 checksum files\n')
    expect(talk).toContain('dist/app.tgz.sigstore.json is a bundle file, and a subject because it is named')
    at.write('dist/mine.json', 'x')
    const out = ['--out', 'dist/mine.json']
    expect((await dry('dist/*', ...out))[0]).toEqual(['app.tgz'])
    expect((await dry('dist/*'))[0]).toEqual(['app.tgz', 'mine.json'])
  })

  it('outside CI without a choice says that there is "local"', async () => {
    const at = checkout()
    await transcript('attest-identity-missing', at, await run(at, undefined, 'attest', 'dist/app.tgz'))
  })

  it('refuses with exit 1 a token for another commit', async () => {
    const at = checkout()
    const token = await at.token({ sha: 'a'.repeat(40) })
    const ran = await run(at, token, 'attest', 'dist/app.tgz', '--sigstore', 'local')
    expect([ran.exitCode, ran.stdout]).toEqual([1, ''])
    expect(ran.stderr).toContain('(commit-not-head)')
  })

  it.runIf(isEach)(
    'says of an untracked file, of notes that were not fetched and how to, and of tools without a session',
    async () => {
      const at = checkout()
      at.write('left.js', 'x')
      at.git('update-ref', '-d', 'refs/notes/ai')
      at.git('commit', '--quiet', '--allow-empty', '-m', 'More', '-m', 'Co-Authored-By: Codex <noreply@openai.com>')
      const { exitCode, stderr } = await run(at, await at.token(), 'attest', 'dist/app.tgz', '--sigstore', 'local')
      expect(exitCode).toBe(0)
      expect(stderr).toMatch(
        /note: the work tree is not clean, and the provenance says so: 1 untracked file: left\.js; .*committed \.gitignore/,
      )
      expect(stderr).toContain(
        'note: not looked at: git-ai-note (not fetched: refs/notes/ai is not in this clone); to fetch them: git fetch origin refs/notes/ai:refs/notes/ai, or for this run alone --fetch\n',
      )
      expect(stderr).toContain('1 AI session, and 1 tool without one in 2 of 4 commits')
      const verified = await verifyIn(at, ...question)
      const inspected = await run(at, undefined, 'inspect', bundle)
      for (const { stdout } of [verified, inspected]) {
        expect(stdout).toContain('1 AI session, and 1 tool without one\n')
        expect(stdout).toMatch(/work tree +1 untracked file: left\.js\n/)
        expect(stdout).toContain(
          `not looked at: ${[...seldomNotes, 'git-ai-note', 'session-record'].toSorted().join(', ')} (not fetched)\n`,
        )
      }
      const strict = await verifyIn(at, ...question, '--clean-tree')
      expect([strict.exitCode, strict.stdout]).toEqual([1, expect.stringContaining('clean-tree (tree-not-clean)')])
    },
  )

  it.runIf(isEach)(
    'tells of submodules that their history was not looked at, and which commits they are at',
    async () => {
      const at = checkout()
      const library = checkout()
      at.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.folder, 'lib')
      at.git('commit', '--quiet', '-m', 'With a library')
      const { exitCode, stderr } = await run(at, await at.token(), 'attest', 'dist/app.tgz', '--sigstore', 'local')
      expect(exitCode).toBe(0)
      const words = 'submodules (not collected: 1 submodule, whose own history was not looked at)'
      expect(stderr).toContain(`note: not looked at: ${words}\n`)
      expect((await verifyIn(at, ...question)).stdout).toContain(`, ${words}\n`)
      expect((await run(at, undefined, 'inspect', bundle)).stdout).toContain(`, ${words}\n`)
      const { stdout } = await verifyIn(at, ...question, '--format', 'json')
      const { attestations } = JSON.parse(stdout) as Verdict
      expect(attestations[0]?.summary?.attribution?.submodules).toEqual({
        count: 1,
        first: [{ path: 'lib', commit: library.commit }],
      })
    },
  )

  it('says what verifies a commit of the job, and that nobody looked where there is no checkout', async () => {
    const at = checkout()
    const token = await at.token()
    at.git('commit', '--quiet', '--allow-empty', '-m', 'Release 1.2.0')
    const built = await run(at, token, 'attest', 'dist/app.tgz', '--sigstore', 'local', '--built-commit')
    expect(built.exitCode).toBe(0)
    const command = /^countersign: verify with: countersign (.*)$/m.exec(built.stderr)?.[1] ?? ''
    expect(command).toContain('--allow-built-commit')
    const verified = await run(at, undefined, ...command.split(' '))
    expect([verified.exitCode, verified.stdout]).toEqual([
      0,
      expect.stringMatching(/built +[0-9a-f]{40}, a commit that/),
    ])
    const refused = await verifyIn(at, ...question)
    expect([refused.exitCode, refused.stdout]).toEqual([1, expect.stringContaining('(built-commit-differs)')])

    at.write('../elsewhere/.keep', '')
    const cwd = join(at.folder, '../elsewhere')
    const argv = ['--subject', `app.tgz=sha256:${'a'.repeat(64)}`, '--sigstore', 'local', '--local-state', at.state]
    const { exitCode, stderr } = await countersign({ cwd, env: at.env(token) }, 'attest', ...argv)
    expect(exitCode).toBe(0)
    expect(stderr).toContain('countersign: AI sessions were not looked for\n')
    expect(stderr).not.toMatch(/0 of 0/)
  })

  it.runIf(isEach)('attests each file by itself, and prints each bundle', async () => {
    const at = checkout()
    at.write('dist/app.zip', 'another artifact')
    const ran = await run(at, await at.token(), 'attest', 'dist/*', '--each', '--sigstore', 'local')
    expect([ran.exitCode, ran.stdout]).toEqual([0, 'dist/app.tgz.sigstore.json\ndist/app.zip.sigstore.json\n'])
    expect(ran.stderr.match(/note: the release is/g)).toHaveLength(1)
    expect(ran.stderr.match(/: signed 1 subject as /g)).toHaveLength(2)
    const again = await run(at, await at.token(), 'attest', 'dist/*', '--each', '--sigstore', 'local')
    expect([again.exitCode, again.stdout]).toEqual([0, ran.stdout])
    expect(again.stderr.match(/: 1 subject signed before, as |: signed /g)).toEqual(
      Array(2).fill(': 1 subject signed before, as '),
    )
    expect(again.stderr).toMatch(/about app\.tgz was signed before[^]*about app\.zip was signed before/)
    const both = await run(at, undefined, 'verify', 'dist/app.tgz', 'dist/app.zip', '--sigstore', 'local', ...question)
    expect(both.exitCode).toBe(0)
    const dry = await run(at, await at.token(), 'attest', 'dist/*', '--each', '--dry-run', '--sigstore', 'local')
    expect([dry.exitCode, dry.stdout]).toEqual([2, ''])
  })

  it('reads checksums from stdin, and names files by their paths', async () => {
    const at = workplace()
    at.write('a/app', '1')
    at.write('b/app', '2')
    const input = (): AsyncIterable<Uint8Array> =>
      Readable.from([Buffer.from(`${'c'.repeat(128)}  `), Buffer.from('x\n')])
    const argv = [
      'attest',
      'a/app',
      'b/app',
      '--subject-name',
      'path',
      '--checksums',
      '-',
      '--sigstore',
      'local',
      '--dry-run',
    ]
    const { exitCode, stdout } = await countersign({ cwd: at.folder, env: at.env(await at.token()), input }, ...argv)
    expect(exitCode).toBe(0)
    const { subject } = JSON.parse(stdout) as { subject: { name: string; digest: object }[] }
    expect(subject.map((it) => [it.name, Object.keys(it.digest)])).toEqual([
      ['a/app', ['sha256']],
      ['b/app', ['sha256']],
      ['x', ['sha512']],
    ])
    const clash = await run(at, await at.token(), 'attest', 'a/app', 'b/app', '--sigstore', 'local')
    expect(clash.stderr).toMatch(/\(subject-conflict\)\ncountersign: hint: .*--subject-name path/)
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) yield await Promise.resolve(Buffer.alloc(1024 * 1024, '#'))
    }
    const flood = await countersign({ cwd: at.folder, env: at.env(await at.token()), input: endless }, ...argv)
    expect([flood.exitCode, flood.stderr]).toEqual([3, expect.stringContaining('(input-too-large)')])
  })

  it('shows what it does on a terminal, on stderr alone, and wipes it before it says anything', async () => {
    const at = checkout()
    const world = { cwd: at.folder, env: at.env(await at.token()), isTTY: true } as const
    const { stdout, stderr } = await countersign(world, 'attest', 'dist/app.tgz', '--sigstore', 'local')
    expect(stdout).toBe(`${bundle}\n`)
    expect(stderr).toContain('\r\u001b[Kcomparing the work tree with its commit')
    for (const line of stderr.split('\n'))
      expect(line.replace(/^(\r\u001b\[K[^\r]*)*\r\u001b\[K/, '')).toMatch(/^(countersign: |$)/)
  })

  it('takes subjects from a checksum file and from its arguments, and a token from a file', async () => {
    const at = workplace()
    at.write('../SHA256SUMS', `${'a'.repeat(64)}  one.tgz\n${'b'.repeat(64)} *two.tgz\n`)
    at.write('../token', await at.token())
    const argv = ['--checksums', '../SHA256SUMS', '--subject', `three.tgz=sha256:${'c'.repeat(64)}`]
    const ran = await run(
      at,
      undefined,
      'attest',
      ...argv,
      '--sigstore',
      'local',
      '--identity-token-file',
      '../token',
      '--dry-run',
    )
    expect(ran.exitCode).toBe(0)
    const { subject } = JSON.parse(ran.stdout) as { subject: { name: string }[] }
    expect(subject.map((it) => it.name)).toEqual(['one.tgz', 'three.tgz', 'two.tgz'])
  })

  it('never shows the token', async () => {
    const at = workplace()
    const token = await at.token()
    const ran = await run(at, token, 'attest', 'dist/app.tgz', '--sigstore', 'local')
    const changed = `${token.slice(0, -8)}AAAAAAAA`
    const refused = await run(at, changed, 'attest', 'dist/app.tgz', '--sigstore', 'local', '--overwrite')
    expect([ran.exitCode, refused.exitCode]).toEqual([0, 3])
    const shown =
      [ran, refused].map((it) => it.stdout + it.stderr).join() + readFileSync(join(at.folder, bundle), 'utf8')
    for (const part of token.split('.')) expect(shown).not.toContain(part)
  })
})

describe('a file that another process writes', () => {
  it('is waited for, which is said, and in the end the command that joins what was kept is named', async () => {
    const at = workplace()
    const holder = JSON.stringify({ pid: 1, host: 'elsewhere.example', id: 'x' })
    at.write('dist/all.jsonl.lock', holder)
    // A token of this moment must not come from the future.
    const clock = steppedClock(new Date(new Date().getTime() + 60_000))
    const world = { cwd: at.folder, env: at.env(await at.token()), ...clock }
    const { exitCode, stderr } = await countersign(
      world,
      ...['attest', 'dist/app.tgz', '--sigstore', 'local', '--out', 'dist/all.jsonl'],
    )
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^countersign: waiting: another process writes .* kept in /m)
    expect(stderr).toMatch(/^countersign: hint: .*\(countersign merge\)$/m)
    const other = await countersign({ ...world, ...steppedClock() }, 'merge', bundle, '--out', 'dist/all.jsonl')
    expect(other.stderr).toMatch(/^countersign: waiting: another process writes /)
  })
})

describe('merge', () => {
  it.runIf(isEach)(
    'joins bundles, says how many, and its file is one that each artifact is verified with',
    async () => {
      const at = await released()
      at.write('dist/app.zip', 'another artifact')
      const zip = await run(at, await at.token(), 'attest', 'dist/app.zip', '--sigstore', 'local')
      expect(zip.exitCode).toBe(0)
      const files = [bundle, 'dist/app.zip.sigstore.json', bundle]
      const merged = await run(at, undefined, 'merge', ...files, '--out', 'dist/all.jsonl')
      expect(merged).toEqual({
        exitCode: 0,
        stdout: 'dist/all.jsonl\n',
        stderr: 'countersign: read 3 bundles in 3 files, 1 doubled, 2 written\n',
      })
      const verified = ['verify', 'dist/app.tgz', 'dist/app.zip', '--bundle', 'dist/all.jsonl', '--sigstore', 'local']
      expect((await run(at, undefined, ...verified, ...question)).exitCode).toBe(0)
      const again = await run(at, undefined, 'merge', 'dist/all.jsonl', ...files, '--out', 'dist/all.jsonl')
      expect([again.exitCode, again.stdout]).toEqual([2, ''])
      expect(again.stderr).toContain('(output-exists)')
      const over = await run(at, undefined, 'merge', 'dist/all.jsonl', bundle, '--out', 'dist/all.jsonl', '--overwrite')
      expect(over.stderr).toBe('countersign: read 3 bundles in 2 files, 1 doubled, 2 written\n')
    },
  )

  it('refuses what is no bundle with exit 3, what is not there and no output with 2', async () => {
    const at = await released()
    at.write('x.json', 'x')
    const codes = async (...argv: string[]): Promise<number> => (await run(at, undefined, 'merge', ...argv)).exitCode
    expect(await codes(bundle, 'x.json', '--out', 'all.jsonl')).toBe(3)
    expect(await codes(bundle, 'none.json', '--out', 'all.jsonl')).toBe(2)
    expect(await codes(bundle)).toBe(2)
    expect(await codes('--out', 'all.jsonl')).toBe(2)
    expect(at.list('.')).not.toContain('all.jsonl')
  })
})

describe('verify', () => {
  it('says what was verified, who signed, from what, when, and which AI sessions', async () => {
    const at = await released()
    await transcript('verify-pass', at, await verifyIn(at, ...question))
  })

  it('says what failed, and where the two differ', async () => {
    const at = await released({ workflow: 'helper.yml', repository: 'mallory/widget' })
    await transcript('verify-fail', at, await verifyIn(at, ...question))
  })

  it('says why it could not decide', async () => {
    const at = checkout()
    at.write(bundle, 'garbage')
    await transcript('verify-undecided', at, await verifyIn(at, ...question))
  })

  it('has no attestation: exit 1', async () => {
    const at = checkout()
    await transcript('verify-none', at, await verifyIn(at, ...question))
  })

  it.each([
    ['artifact', ['nowhere.tgz', '--sigstore', 'local']],
    ['bundle', ['dist/app.tgz', '--sigstore', 'local', '--bundle', 'none.json']],
    ['trusted root', ['dist/app.tgz', '--trusted-root', 'none.json']],
  ])('names a file that is not there as %s: exit 2', async (_, argv) => {
    const at = await released()
    const ran = await run(at, undefined, 'verify', ...argv, ...question)
    expect(ran.exitCode).toBe(2)
    expect(ran.stderr).toMatch(/^countersign: error: .*\(path-missing\)\n/)
    expect(ran.stdout).toMatch(/^UNDECIDED {2}(app|nowhere)\.tgz\n/)
  })

  it.each(['none.pem', 'app.tgz/none.pem'])('names a key that is not there, %s: exit 2', async (key) => {
    const argv = ['verify', 'app.tgz', '--trusted-root', 'root.json', '--any-source', '--key', key]
    const { exitCode, stdout, stderr } = await countersign({ cwd: join(checkout().folder, 'dist') }, ...argv)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^countersign: error: .*\(path-missing\)\n/)
  })

  it.each(
    part(
      [
        ['artifact', ['other.tgz', '--sigstore', 'local', '--bundle', 'dist/app.tgz.sigstore.json'], 1],
        ['bundle', ['dist/app.tgz', '--sigstore', 'local', '--bundle', 'other.tgz'], 3],
        ['trusted root', ['dist/app.tgz', '--trusted-root', 'other.tgz'], 3],
      ],
      3,
    ),
  )('finds something else as %s: exit code of what it finds', async (_, argv, exitCode) => {
    const at = await released()
    at.write('other.tgz', 'garbage')
    expect((await run(at, undefined, 'verify', ...argv, ...question)).exitCode).toBe(exitCode)
  })

  it('takes no word for a file, although one of that name was planted', async () => {
    const at = await released()
    at.write('pubilc', JSON.stringify((await localTrust(at.state)).json))
    const planted = await run(at, undefined, 'verify', 'dist/app.tgz', '--sigstore', 'pubilc', ...question)
    expect(planted).toMatchObject({ exitCode: 2, stdout: '' })
    expect((await run(at, undefined, 'verify', 'dist/app.tgz', '--sigstore', './pubilc', ...question)).exitCode).toBe(0)
    expect((await run(at, await at.token(), 'attest', 'dist/app.tgz', '--sigstore', 'pubilc')).exitCode).toBe(2)
  })

  it('takes no variable that was not set', async () => {
    const at = await released()
    const verify = ['verify', 'dist/app.tgz', ...question]
    const attest = ['attest', 'dist/app.tgz', '--sigstore', 'local', '--overwrite']
    for (const [argv, flags] of [
      [
        verify,
        [
          '--local-state',
          '--bundle',
          '--trusted-root',
          '--sigstore',
          '--tuf-mirror',
          '--tuf-root',
          '--ref',
          '--trigger',
        ],
      ],
      [
        attest,
        ['--local-state', '--out', '--since', '--checksums', '--subject', '--audience', '--trust-issuer', '--resume'],
      ],
    ] as const) {
      for (const flag of flags) {
        const whole = flag === '--local-state' ? [...argv, '--sigstore', 'local'] : argv
        expect([flag, (await run(at, await at.token(), ...whole, flag, '')).exitCode]).toEqual([flag, 2])
      }
    }
  })

  it('needs no network with a trusted root in a file', async () => {
    const at = await released()
    at.write('root.json', JSON.stringify((await localTrust(at.state)).json))
    const fetch = vi.fn(() => Promise.reject(new Error('no network')))
    vi.stubGlobal('fetch', fetch)
    onTestFinished(() => void vi.unstubAllGlobals())
    const argv = ['verify', 'dist/app.tgz', '--trusted-root', 'root.json', ...question]
    const ran = await countersign({ cwd: at.folder, env: at.env(), fetch }, ...argv)
    expect(ran.exitCode).toBe(0)
    expect(fetch).not.toHaveBeenCalled()
  })

  it('gives one verdict an artifact, and exit 1 if one of them fails', async () => {
    const at = await released()
    copyFileSync(join(at.folder, 'dist/app.tgz'), join(at.folder, 'dist/edited.tgz'))
    appendFileSync(join(at.folder, 'dist/edited.tgz'), '.')
    const artifacts = ['dist/app.tgz', 'dist/edited.tgz', 'dist/missing.tgz']
    const ran = await run(at, undefined, 'verify', ...artifacts, '--bundle', bundle, '--sigstore', 'local', ...question)
    expect(ran.exitCode).toBe(1)
    expect(ran.stdout.match(/^(PASS|FAIL|UNDECIDED) .*$/gm)).toEqual([
      expect.stringMatching(/^PASS {2}app\.tgz /),
      'FAIL  edited.tgz',
      'UNDECIDED  missing.tgz',
    ])
    const [first, , third] = artifacts
    const undecided = await run(
      at,
      undefined,
      'verify',
      first!,
      third!,
      '--bundle',
      bundle,
      '--sigstore',
      'local',
      ...question,
    )
    expect(undecided.exitCode).toBe(2)
    expect(undecided.stderr).toContain('(path-missing)')
  })

  it('writes --repo out', async () => {
    const at = await released()
    const ran = await verifyIn(at, '--repo', 'acme/widget', '--workflow', 'release.yml', '--issuer', issuer)
    expect(ran.exitCode).toBe(0)
    expect(ran.stdout).toContain(`asked for    signer ${source}/.github/workflows/release.yml@**`)
    expect(ran.stdout).toContain(`             source ${source}\n`)
    const strict = await verifyIn(at, '--repo', 'acme/widget')
    expect(strict.exitCode).toBe(1)
    expect(strict.stdout).toContain('failed  issuer (issuer-mismatch)')
    for (const argv of [
      ['--repo', 'acme/widget-evil'],
      ['--repo', 'acme/widget', '--workflow', 'other.yml'],
    ]) {
      expect((await verifyIn(at, ...argv, '--issuer', issuer)).exitCode).toBe(1)
    }
  })

  it('shows what was waived as skipped', async () => {
    const at = await released()
    const ran = await verifyIn(at, '--signer', signer, '--issuer', issuer, '--any-source')
    expect(ran.exitCode).toBe(0)
    expect(ran.stdout).toContain('source any (waived)')
    expect(ran.stdout).toContain('skipped, waived by --any-source: source')
  })

  it('speaks JSON Lines', async () => {
    const at = await released()
    const ran = await verifyIn(at, ...question, '--format', 'json')
    expect(ran.stdout.split('\n')).toHaveLength(2)
    expect(JSON.parse(ran.stdout)).toMatchObject({ outcome: 'pass', artifact: { name: 'app.tgz' } })
  })

  it('has colours on a terminal that wants them only, and never only colours', async () => {
    const at = await released()
    const argv = ['verify', 'dist/app.tgz', '--sigstore', 'local', ...question]
    const plain = await verifyIn(at, ...question)
    expect(plain.stdout).not.toContain('\u001b')
    const coloured = await countersign({ cwd: at.folder, env: at.env(), isTTY: true }, ...argv)
    expect(coloured.stdout).toContain('\u001b[32mPASS\u001b[39m')
    expect(coloured.stdout.replace(/\u001b\[\d+m/g, '')).toBe(plain.stdout)
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const ran = await countersign({ cwd: at.folder, env: { ...at.env(), ...env }, isTTY: true }, ...argv)
      expect(ran.stdout).toBe(plain.stdout)
    }
  })
})

describe('what a hostile bundle says', () => {
  const hostile = 'evil\u001b[2J\u001b]0;owned\u0007\r\nPASS  app.tgz\u202e\u2066 \u009b31m'

  async function hostileBundle(): Promise<Checkout> {
    const at = await released()
    const { dsseEnvelope } = JSON.parse(readFileSync(join(at.folder, bundle), 'utf8')) as EditableBundle
    const statement = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as {
      subject: { name: string }[]
      predicate: {
        buildDefinition: { buildType: string; externalParameters: object; resolvedDependencies: object[] }
        runDetails: { builder: { id: string }; metadata: { invocationId: string } }
      }
    }
    const { predicate } = statement
    statement.subject[0]!.name = hostile
    predicate.runDetails.builder.id = hostile
    predicate.runDetails.metadata.invocationId = hostile
    predicate.buildDefinition.buildType = hostile
    predicate.buildDefinition.externalParameters = { [hostile]: hostile }
    predicate.buildDefinition.resolvedDependencies[1] = {
      name: hostile,
      uri: `urn:ai-session:x:${encodeURIComponent(hostile)}`,
      annotations: {
        countersign: {
          level: 'claimed',
          tool: hostile,
          models: [hostile],
          commits: [hostile],
          linkage: 'direct',
          readers: [hostile],
        },
      },
    }
    const token = await mintLocalJobToken(at.state, 'github', { ref: 'refs/tags/v1.1.0', sha: at.commit })
    writeFileSync(join(at.folder, bundle), await signWithLocal(at.state, Buffer.from(JSON.stringify(statement)), token))
    return at
  }

  it('cannot steer the terminal, forge a line, or turn the text', async () => {
    const at = await hostileBundle()
    for (const ran of [
      await verifyIn(at, ...question),
      await run(at, undefined, 'inspect', bundle),
      await verifyIn(at, ...question, '--builder-id', 'https://builder.example'),
    ]) {
      expect(ran.stdout).toContain('evil')
      expect(ran.stdout + ran.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/)
      expect(ran.stdout.match(/^PASS/gm) ?? []).toHaveLength(ran.stdout.startsWith('PASS') ? 1 : 0)
    }
  })

  it('stands in JSON as it is, escaped', async () => {
    const at = await hostileBundle()
    const { stdout } = await run(at, undefined, 'inspect', bundle, '--format', 'json')
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/)
    expect(stdout).toContain('\\u001b[2J')
    expect(JSON.parse(stdout)).toMatchObject({ statement: { subjects: [{ name: hostile }] } })
  })
})

describe('inspect', () => {
  it('shows everything under the heading that it is not verified', async () => {
    const at = await released()
    await transcript('inspect', at, await run(at, undefined, 'inspect', bundle))
  })

  it('of a bare envelope', async () => {
    const at = await released()
    const { dsseEnvelope } = JSON.parse(readFileSync(join(at.folder, bundle), 'utf8')) as EditableBundle
    at.write('envelope.json', JSON.stringify(dsseEnvelope))
    const ran = await run(at, undefined, 'inspect', 'envelope.json')
    expect(ran.exitCode).toBe(0)
    expect(ran.stdout).toMatch(/^not verified {2}envelope\.json\n {2}format +bare DSSE envelope\n/)
  })

  it.each(
    part(
      [
        ['nothing', ''],
        ['text', 'garbage'],
        ['another document', '{"hello":"world"}'],
        ['deep nesting', '['.repeat(100_000)],
        ['binary', '\u0000\u0001\u00ff'],
      ],
      3,
    ),
  )('of %s is one line and exit 3', async (_, content) => {
    const at = checkout()
    at.write('x.json', content)
    const { exitCode, stdout, stderr } = await run(at, undefined, 'inspect', 'x.json')
    expect([exitCode, stdout]).toEqual([3, ''])
    expect(stderr.match(/^countersign: error: /gm)).toHaveLength(1)
    expect(stderr).toMatch(/^countersign: error: [^\n]*\n(countersign: hint: [^\n]*\n)?$/)
  })

  it('of a file that is not there: exit 2', async () => {
    const { exitCode, stdout, stderr } = await run(checkout(), undefined, 'inspect', 'nowhere.json')
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain('(path-missing)')
  })

  it('of an artifact shows the bundle beside it, and says whether that is about it', async () => {
    const at = await released()
    const beside = await run(at, undefined, 'inspect', 'dist/app.tgz')
    expect(beside).toMatchObject({ exitCode: 0, stderr: '' })
    expect(beside.stdout).toMatch(
      /^not verified {2}app\.tgz\.sigstore\.json\n {2}beside +app\.tgz sha256:[0-9a-f]{64} \(named as a subject\)\n/,
    )
    appendFileSync(join(at.folder, 'dist/app.tgz'), '.')
    expect((await run(at, undefined, 'inspect', 'dist/app.tgz')).stdout).toContain(
      '(NOT named as a subject: this is about another file)',
    )
    at.write('dist/other.tgz', 'x')
    const none = await run(at, undefined, 'inspect', 'dist/other.tgz')
    expect([none.exitCode, none.stdout]).toEqual([3, ''])
    expect(none.stderr).toContain('no bundle lies beside it')
  })

  it('of several shows each under its own path, and ends with the worst', async () => {
    const at = await released()
    at.write('dist/b/app.tgz.sigstore.json', readFileSync(join(at.folder, bundle), 'utf8'))
    at.write('dist/broken.json', 'x')
    const inspect = (...paths: string[]): Promise<Ran> => run(at, undefined, 'inspect', ...paths)
    const both = await inspect(bundle, 'dist/b/app.tgz.sigstore.json')
    expect(both).toMatchObject({ exitCode: 0, stderr: '' })
    expect(both.stdout.match(/^not verified .*$/gm)).toEqual([
      'not verified  dist/app.tgz.sigstore.json',
      'not verified  dist/b/app.tgz.sigstore.json',
    ])
    const broken = await inspect('dist/broken.json', bundle, 'dist/none.json')
    expect(broken.exitCode).toBe(3)
    expect(broken.stdout.match(/^not verified /gm)).toHaveLength(1)
    expect(broken.stderr).toMatch(/error: dist\/broken\.json: .*\(json-malformed\)/)
    expect(broken.stderr).toMatch(/error: dist\/none\.json: .*\(path-missing\)/)
    expect((await inspect(bundle, 'dist/none.json')).exitCode).toBe(2)
    const { stdout } = await inspect(bundle, 'dist/app.tgz', '--format', 'json')
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((it) => JSON.parse(it) as { bundle: string; artifact?: { named: boolean } })
    expect(lines.map((it) => [it.bundle, it.artifact?.named])).toEqual([
      ['dist/app.tgz.sigstore.json', undefined],
      ['dist/app.tgz.sigstore.json', true],
    ])
  })

  it('of a glob, a folder or standard input shows the bundles there', async () => {
    const at = await released()
    const text = readFileSync(join(at.folder, bundle), 'utf8')
    at.write('dist/x.jsonl', text)
    at.write('dist/SHA256SUMS', 'x')
    at.write('dist/notes.txt', 'x')
    const headings = async (...words: string[]): Promise<unknown> => {
      const { exitCode, stdout, stderr } = await run(at, undefined, 'inspect', ...words)
      return [exitCode, stdout.match(/^not verified .*$/gm)?.map((it) => it.split('  ')[1]), stderr]
    }
    const both = ['dist/app.tgz.sigstore.json', 'dist/x.jsonl']
    expect(await headings('dist/*.json*')).toEqual([0, both, ''])
    expect(await headings('dist/*.jsonl', bundle, 'dist/x*')).toEqual([0, both.toReversed(), ''])
    expect(await headings('dist')).toEqual([0, both, ''])
    expect(await headings('dist/*.sigstore.json')).toEqual([0, ['app.tgz.sigstore.json'], ''])
    expect(await headings('dist/none*')).toEqual([2, undefined, expect.stringContaining('(glob-empty)')])
    at.write('dist/*.json', text)
    expect(await headings('dist/*.json')).toEqual([0, ['dist/*.json', both[0]], ''])
    const piped = await countersign({ cwd: at.folder, input: text }, 'inspect', '-')
    expect(piped).toMatchObject({ exitCode: 0, stderr: '' })
    expect(piped.stdout).toMatch(/^not verified {2}bundle\n/)
  })

  it('gives the same value as JSON', async () => {
    const at = await released()
    const { exitCode, stdout } = await run(at, undefined, 'inspect', bundle, '--format', 'json')
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      verified: false,
      signer: { identity: signer },
      sessions: [{ tool: 'claude-code' }, { tool: 'cursor' }],
    })
  })
})

describe('local', () => {
  it('prints its trust configuration, and plainly that it proves nothing', async () => {
    const at = checkout()
    const { port } = new URL(await closedOrigin())
    const { exitCode, stdout, stderr } = await run(at, undefined, 'local', '--port', port)
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      mediaType: 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json',
    })
    expect(stderr).toContain('it proves nothing to others')
  })
})

describe('demo', () => {
  it.runIf(isEach)('attests, verifies and inspects, is refused by a policy, and refuses four forgeries', async () => {
    const at = checkout()
    const ran = await run(at, undefined, 'demo')
    expect(ran.exitCode).toBe(0)
    expect(ran.stdout).toContain('4 of 4 forgeries refused')
    expect(ran.stdout.match(/^(PASS|FAIL) /gm)).toEqual(['PASS ', 'FAIL ', 'FAIL ', 'FAIL ', 'FAIL ', 'FAIL '])
    expect(ran.stdout).not.toMatch(/eyJ[\w-]+\./)
    // One session that a gateway saw, one that nobody did; and the chain from a ticket to where it went.
    expect(ran.stdout).toMatch(/^ +vouched +claude-code /m)
    expect(ran.stdout).toMatch(/^ +claimed +cursor /m)
    expect(ran.stdout).toContain('fail (model-refused)')
    for (const words of ['ticket acme/widget#3', 'approved by person', 'accepted', 'deployment production: deployed']) {
      expect(ran.stdout).toContain(words)
    }
  })
})
