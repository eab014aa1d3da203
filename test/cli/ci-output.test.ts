/** `--ci-output`: what a job of GitHub or GitLab is told, and that telling it never makes a better answer. */
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import { limits } from '../../src/model/limits.ts'
import { readCommands, readOutputs } from '../ci-output/runner.ts'
import { useCheckouts, useWorkplaces } from '../world/checkout.ts'
import type { Workplace } from '../world/checkout.ts'
import { hostile, printable, steersIn } from '../world/hostile-text.ts'
import { issuerAnswers } from '../world/issuer-answers.ts'
import { seldomNotes } from '../world/reader-reports.ts'
import { countersign } from './terminal.ts'
import type { Ran } from './terminal.ts'

const checkout = useCheckouts()
const workplace = useWorkplaces()

const source = 'https://github.com/acme/widget'
const signer = `${source}/.github/workflows/release.yml@refs/tags/v1.1.0`
const question = ['--signer', signer, '--issuer', 'https://oidc.countersign.localhost', '--source', source]

interface Job {
  readonly at: Workplace
  /** The runner's own folder. */
  readonly runner: string
  readonly run: (...argv: readonly string[]) => Promise<Ran>
  readonly read: (name: string) => string
}

/** A job whose runner made the files of its step; what is written to them is `read`. What it builds has no history, unless it is given a checkout. */
async function job(at: Workplace = workplace()): Promise<Job> {
  const runner = join(at.folder, '../runner')
  mkdirSync(runner)
  for (const name of ['output', 'summary']) writeFileSync(join(runner, name), '')
  const env = {
    ...at.env(await at.token()),
    GITHUB_OUTPUT: join(runner, 'output'),
    GITHUB_STEP_SUMMARY: join(runner, 'summary'),
    CI_PROJECT_DIR: at.folder,
  }
  return {
    at,
    runner,
    run: (...argv) => countersign({ cwd: at.folder, env }, ...argv),
    read: (name) => readFileSync(join(runner, name), 'utf8'),
  }
}

function attest(system: string, ...more: readonly string[]): readonly string[] {
  return ['attest', 'dist/app.tgz', '--sigstore', 'local', '--ci-output', system, ...more]
}

function verify(system: string, ...more: readonly string[]): readonly string[] {
  return ['verify', 'dist/app.tgz', '--sigstore', 'local', ...question, '--ci-output', system, ...more]
}

describe('a job on GitHub', () => {
  it('gets outputs and a summary of what was attested', async () => {
    const { at, run, read } = await job(checkout())
    const { exitCode, stdout, stderr } = await run(...attest('github'))
    expect([exitCode, stdout, readCommands(stderr)]).toEqual([0, 'dist/app.tgz.sigstore.json\n', []])
    expect(readOutputs(read('output'))).toEqual({
      outcome: 'signed',
      'bundle-path': join(at.folder, 'dist/app.tgz.sigstore.json'),
      'log-index': expect.stringMatching(/^\d+$/) as string,
      subjects: '1',
      // Nobody was asked for these.
      'looked-at': 'part',
      'not-looked-at': [...seldomNotes, 'session-record'].toSorted().join('\n'),
      commits: '3',
      'commits-claimed': '2',
      sessions: '2',
      'tools-without-session': '0',
    })
    expect(read('summary')).toMatch(
      /^\n### Countersign attest: signed\n\n[^]*<td><code>app\.tgz<\/code><\/td>[^]*\n\n$/,
    )
  })

  it('gets outputs, a summary and annotations of what was verified', async () => {
    const { at, run, read } = await job()
    await run(...attest('github'))
    at.write('dist/unsigned.tgz', 'x')
    const passed = await run(...verify('github'))
    expect([passed.exitCode, readCommands(passed.stderr)]).toEqual([0, []])
    const failed = await run(...verify('github', 'dist/unsigned.tgz', 'dist/none.tgz'))
    expect(failed.exitCode).toBe(1)
    expect(readCommands(failed.stderr)).toEqual([
      expect.objectContaining({ command: 'error', title: 'countersign verify unsigned.tgz' }),
      expect.objectContaining({ command: 'error', title: 'countersign verify none.tgz' }),
    ])
    // A step that calls twice: the last counts, as the runner reads it.
    expect(readOutputs(read('output'))).toMatchObject({
      outcome: 'fail',
      total: '3',
      passed: '1',
      failed: '1',
      undecided: '1',
      codes: 'attestation-none\npath-missing',
    })
    expect(read('summary').match(/^### .*$/gm)).toEqual([
      '### Countersign attest: signed',
      '### Countersign verify: 1 passed, 0 failed, 0 undecided',
      '### Countersign verify: 1 passed, 1 failed, 1 undecided',
    ])
  })

  it('is told of an error too', async () => {
    const { run, read } = await job()
    const incomplete = await run('verify', 'dist/app.tgz', '--sigstore', 'local', '--ci-output', 'github')
    expect(incomplete.exitCode).toBe(2)
    expect(readOutputs(read('output'))).toMatchObject({ outcome: 'error', code: 'question-incomplete', total: '0' })
    expect(readCommands(incomplete.stderr)).toMatchObject([{ command: 'error', title: 'countersign verify' }])
    const missing = await run(...attest('github', 'dist/none.tgz'))
    expect(missing.exitCode).toBe(2)
    expect(readOutputs(read('output'))).toMatchObject({ outcome: 'error', code: 'path-missing' })
  })

  it('is told of a dry run', async () => {
    const { run, read } = await job()
    expect((await run(...attest('github', '--dry-run'))).exitCode).toBe(0)
    expect(readOutputs(read('output'))).toEqual({ outcome: 'dry-run' })
  })

  it('is told where a statement was kept, with a warning if that does not fail the step', async () => {
    const sigstore = await startLocalSigstore()
    onTestFinished(() => sigstore.close())
    for (const [more, exitCode, kind] of [
      [[], 3, 'error'],
      [['--defer-exit', '0'], 0, 'warning'],
    ] as const) {
      const { at, runner, read } = await job()
      writeFileSync(join(runner, 'config.json'), JSON.stringify(sigstore.trustConfig))
      const issuer = issuerAnswers(sigstore)
      const fetch: typeof globalThis.fetch = (input, init) =>
        String(input instanceof Request ? input.url : input).includes('.well-known')
          ? issuer(input, init)
          : Promise.resolve(new Response('out', { status: 503 }))
      const env = {
        ...at.env(await sigstore.mintToken(providerClaims('github', { sha: at.commit }))),
        GITHUB_OUTPUT: join(runner, 'output'),
        GITHUB_STEP_SUMMARY: join(runner, 'summary'),
      }
      const argv = ['attest', 'dist/app.tgz', '--sigstore', join(runner, 'config.json'), '--retry-budget', '1s']
      const asked = ['--on-outage', 'defer', ...more, '--ci-output', 'github']
      const world = { cwd: at.folder, env, fetch, sleep: () => Promise.resolve() }
      const ran = await countersign(world, ...argv, ...asked)
      expect(ran.exitCode).toBe(exitCode)
      expect(readOutputs(read('output'))).toEqual({
        outcome: 'deferred',
        code: 'service-unavailable',
        'prepared-path': join(at.folder, 'dist/app.tgz.sigstore.json.unsigned.json'),
      })
      expect(readCommands(ran.stderr)).toMatchObject([{ command: kind, title: 'countersign attest' }])
    }
  })

  it('keeps what others wrote, also where it has no end', async () => {
    const { run, read, runner } = await job()
    writeFileSync(join(runner, 'output'), 'mine=1')
    writeFileSync(join(runner, 'summary'), 'mine')
    await run(...attest('github'))
    expect(readOutputs(read('output'))).toMatchObject({ mine: '1', outcome: 'signed' })
    expect(read('summary')).toMatch(/^mine\n\n### /)
  })
})

describe('a job on GitLab', () => {
  it('gets variables and a report of tests', async () => {
    const { at, run } = await job()
    expect((await run(...attest('gitlab'))).exitCode).toBe(0)
    const attested = readFileSync(join(at.folder, 'countersign-attest.env'), 'utf8')
    expect(attested).toMatch(
      /^COUNTERSIGN_ATTEST_OUTCOME=signed\nCOUNTERSIGN_ATTEST_BUNDLE_PATH=dist\/app\.tgz\.sigstore\.json\n/,
    )
    expect((await run(...verify('gitlab'))).exitCode).toBe(0)
    at.write('dist/unsigned.tgz', 'x')
    expect((await run(...verify('gitlab', 'dist/unsigned.tgz'))).exitCode).toBe(1)
    expect(readFileSync(join(at.folder, 'countersign-verify.env'), 'utf8')).toMatch(
      /^COUNTERSIGN_VERIFY_OUTCOME=fail\n/,
    )
    const xml = readFileSync(join(at.folder, 'countersign-verify.xml'), 'utf8')
    expect(xml).toMatch(/<testsuites tests="[1-9]\d*" failures="1" errors="0">/)
    expect(xml).toContain('type="attestation-none"')
  })

  it('hears of a value that its variables cannot carry', async () => {
    const { run } = await job()
    const { exitCode, stderr } = await run(...attest('gitlab', '-o', 'a b.json'))
    expect(exitCode).toBe(0)
    expect(stderr).toContain('warning: COUNTERSIGN_ATTEST_BUNDLE_PATH is left out')
  })
})

describe('nothing is written', () => {
  it('without the flag, whatever the job is', async () => {
    const { at, run, read } = await job()
    expect((await run('attest', 'dist/app.tgz', '--sigstore', 'local')).exitCode).toBe(0)
    expect((await run('verify', 'dist/none.tgz', '--sigstore', 'local', ...question)).stderr).not.toContain('::')
    expect([read('output'), read('summary')]).toEqual(['', ''])
    expect(at.list('.').filter((it) => it.startsWith('countersign-'))).toEqual([])
  })

  it.each([
    ['github', 'GITHUB_OUTPUT'],
    ['github', 'GITHUB_STEP_SUMMARY'],
    ['gitlab', 'CI_PROJECT_DIR'],
  ])('where the job is none of %s: exit 2 before anything is done', async (system, name) => {
    const { at, runner } = await job()
    const whole: Record<string, string> = {
      GITHUB_OUTPUT: join(runner, 'output'),
      GITHUB_STEP_SUMMARY: join(runner, 'summary'),
      CI_PROJECT_DIR: at.folder,
    }
    const { [name]: _, ...without } = whole
    for (const change of [
      without,
      { ...whole, [name]: '' },
      { ...whole, [name]: 'dist' },
      { ...whole, [name]: '/nowhere/x' },
    ]) {
      const env = { ...at.env(await at.token()), ...change }
      const ran = await countersign({ cwd: at.folder, env }, ...attest(system))
      expect([ran.exitCode, ran.stdout]).toEqual([2, ''])
      expect(ran.stderr).toMatch(
        new RegExp(
          `^countersign: error: ${name} names no \\w+ \\(usage\\)\\ncountersign: hint: --ci-output ${system} `,
        ),
      )
      expect(at.list('dist')).toEqual(['app.tgz'])
    }
  })

  it('through a link, be it of the checkout or in the last place', async () => {
    const { at, run, runner } = await job(checkout())
    writeFileSync(join(runner, 'victim'), 'kept\n')
    symlinkSync(join(runner, 'victim'), join(at.folder, 'countersign-attest.env'))
    const gitlab = await run(...attest('gitlab'))
    expect([gitlab.exitCode, gitlab.stderr]).toEqual([2, expect.stringContaining('(symlink-in-checkout)')])
    // In a checkout that is clean but for that, or something else would refuse.
    rmSync(join(at.folder, 'countersign-attest.env'))
    symlinkSync(runner, join(at.folder, 'dist/link'))
    symlinkSync(join(runner, 'victim'), join(runner, 'link'))
    for (const [path, code] of [
      [join(at.folder, 'dist/link/output'), 'symlink-in-checkout'],
      [join(runner, 'link'), 'usage'],
    ] as const) {
      const env = { ...at.env(await at.token()), GITHUB_OUTPUT: path, GITHUB_STEP_SUMMARY: join(runner, 'summary') }
      const ran = await countersign({ cwd: at.folder, env }, ...attest('github'))
      expect([ran.exitCode, ran.stderr]).toEqual([2, expect.stringContaining(`(${code})`)])
    }
    expect(readFileSync(join(runner, 'victim'), 'utf8')).toBe('kept\n')
  })
})

describe('where it cannot be written', () => {
  /** A summary that is full after the command has begun to write: the outputs have room, this has none. */
  async function full(): Promise<Job> {
    const made = await job()
    writeFileSync(join(made.runner, 'summary'), 'x'.repeat(limits.stepSummaryBytes))
    return made
  }

  it('a yes ends with 3 and a reason, and what was signed is there', async () => {
    const { at, run, read } = await full()
    const attested = await run(...attest('github'))
    expect([attested.exitCode, attested.stdout]).toEqual([3, 'dist/app.tgz.sigstore.json\n'])
    expect(attested.stderr).toContain('(output-failed)')
    expect(at.list('dist')).toContain('app.tgz.sigstore.json')
    const verified = await run(...verify('github'))
    expect([verified.exitCode, verified.stdout.startsWith('PASS')]).toEqual([3, true])
    expect(read('summary')).toHaveLength(limits.stepSummaryBytes)
  })

  it('a no stays a no, and a wrong question stays one', async () => {
    const { at, run } = await full()
    at.write('dist/unsigned.tgz', 'x')
    const no = await run('verify', 'dist/unsigned.tgz', '--sigstore', 'local', ...question, '--ci-output', 'github')
    expect([no.exitCode, no.stderr.includes('(output-failed)')]).toEqual([1, true])
    expect((await run('verify', 'dist/app.tgz', '--sigstore', 'local', '--ci-output', 'github')).exitCode).toBe(2)
  })

  it.skipIf(process.getuid?.() === 0)('as where nothing may be written', async () => {
    const { run, runner } = await job()
    chmodSync(join(runner, 'output'), 0o400)
    expect((await run(...attest('github'))).exitCode).toBe(3)
  })
})

describe.each([
  ['with controls', hostile],
  ['in plain characters', printable],
])('a hostile name %s', (_, text) => {
  it('steers no job, by what is told of it', async () => {
    const { at, run, read } = await job()
    const names = [
      text.replaceAll('/', ''),
      `${text.replaceAll('/', '')}\noutcome=pass\n::error::x`,
      '<script>|x',
      'a,file=b::c',
    ]
    for (const name of names) at.write(`dist/${name}`, 'x')
    const artifacts = names.map((name) => `dist/${name}`)
    for (const system of ['github', 'gitlab']) {
      const argv = ['verify', ...artifacts, '--sigstore', 'local', ...question, '--ci-output', system]
      const { exitCode, stderr } = await run(...argv)
      expect(exitCode).toBe(1)
      const own = stderr.split('\n').filter((it) => it.startsWith('::error title='))
      expect(own).toHaveLength(system === 'github' ? names.length : 0)
      expect(readCommands(stderr)).toHaveLength(own.length)
      expect(steersIn(stderr).filter((it) => !own.includes(it))).toEqual([])
      expect(steersIn(own.map((it) => it.replace('::', '')).join('\n'))).toEqual([])
    }
    expect(Object.keys(readOutputs(read('output')))).toEqual([
      'outcome',
      'total',
      'passed',
      'failed',
      'undecided',
      'codes',
    ])
    const files = [
      read('summary'),
      ...['.env', '.xml'].map((it) => readFileSync(join(at.folder, `countersign-verify${it}`), 'utf8')),
    ]
    expect(files.flatMap(steersIn)).toEqual([])
    expect(files.join('')).not.toContain('<script>')
  })

  it('of a bundle is an output and nothing more', async () => {
    const { run, read } = await job()
    const out = `dist/${text.replaceAll(/[/\r]/g, '')}\noutcome=evil.json`
    const { exitCode } = await run(...attest('github', '-o', out))
    expect(exitCode).toBe(0)
    const outputs = readOutputs(read('output'))
    expect(outputs['outcome']).toBe('signed')
    expect(outputs['bundle-path']?.endsWith(out)).toBe(true)
  })
})

describe('the page about it', () => {
  const page = readFileSync(new URL('../../docs/ci-output.md', import.meta.url), 'utf8')
  const lines = [...page.matchAll(/^ +- (?:.*\n +run: )?(countersign .*)$/gm)].map(([, line = '']) => line.split(' '))

  it('has commands that work, and names files that they write', async () => {
    expect(lines).toHaveLength(4)
    const { at, run } = await job(checkout())
    for (const [, ...named] of lines) {
      // The job here is one of GitHub.
      const argv = named.map((it) => it.replace('https://gitlab.com/acme/widget', 'acme/widget'))
      // The embedded Sigstore in place of the public one, and its issuer in place of GitHub's.
      const extra = ['--sigstore', 'local', ...(argv[0] === 'verify' ? question.slice(2, 4) : ['--overwrite'])]
      expect([argv, (await run(...argv, ...extra)).exitCode]).toEqual([argv, 0])
    }
    const files = new Set(page.match(/countersign-[a-z]+\.[a-z]+/g))
    expect([...files].sort()).toEqual(at.list('.').filter((it) => it.startsWith('countersign-')))
  })

  it('names the outputs that there are, in their order', async () => {
    const { run, read } = await job(checkout())
    const named = [...page.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name = '']) => name)
    const ofAttest = named.slice(0, named.lastIndexOf('outcome'))
    await run(...attest('github'))
    const attested = Object.keys(readOutputs(read('output')))
    expect(ofAttest.filter((it) => attested.includes(it))).toEqual(attested)
    expect(ofAttest.filter((it) => !attested.includes(it))).toEqual(['code', 'prepared-path'])
    await run(...verify('github', 'dist/none.tgz'))
    const verified = Object.keys(readOutputs(read('output'))).filter((it) => !attested.includes(it) || it === 'outcome')
    expect(named.slice(ofAttest.length).filter((it) => it !== 'code')).toEqual(verified)
  })
})
