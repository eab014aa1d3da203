/** `countersign policy` and `verify --policy` as a person meets them. The transcripts beside this file are what they say, word for word. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { localTrust } from '../../src/embedded/project.ts'
import type { PolicyInput } from '../../src/model/policy-input.ts'
import type { PolicyLint } from '../../src/model/policy-lint.ts'
import type { PolicyTestReport } from '../../src/model/policy-tests.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { countersign, withoutChance } from './terminal.ts'
import type { Ran } from './terminal.ts'
import { part } from '../world/runs.ts'

const checkout = useCheckouts()
const artifact = 'dist/app.tgz'
const bundles = 'dist/all.jsonl'

let at: Checkout

beforeAll(async () => {
  at = checkout()
  const token = await at.token()
  const argv = ['attest', artifact, '--sigstore', 'local', '--changes', 'dist/changes.sigstore.json']
  expect(await countersign({ cwd: at.folder, env: at.env(token) }, ...argv)).toMatchObject({ exitCode: 0 })
  const files = ['dist/app.tgz.sigstore.json', 'dist/changes.sigstore.json']
  expect(await run('merge', ...files, '-o', bundles)).toMatchObject({ exitCode: 0 })
})

function run(...argv: readonly string[]): Promise<Ran> {
  return countersign({ cwd: at.folder, env: at.env() }, ...argv)
}

function asked(...argv: readonly string[]): Promise<Ran> {
  return run(...argv, '-b', bundles, '--sigstore', 'local')
}

async function transcript(name: string, { exitCode, stdout, stderr }: Ran): Promise<void> {
  const text = `# exit ${exitCode}\n# stdout\n${stdout}# stderr\n${stderr}`
  const same = withoutChance(text, at.folder)
    .replace(/expires: "?\d{4}-\d\d-\d\dT00:00:00(\.000)?Z"?/g, 'expires: <time>')
    .replace(/in commit [0-9a-f]{12}\b/g, 'in commit <commit>')
  await expect(same).toMatchFileSnapshot(`./${name}.txt`)
}

/** The policy of this release, with one part of its text in place of another. */
async function drafted(name: string, from = '', to = ''): Promise<string> {
  const { stdout, exitCode } = await asked('policy', 'init', artifact)
  expect(exitCode).toBe(0)
  expect(stdout).toContain(from)
  at.write(name, stdout.replace(from, to))
  return name
}

const refusing = (): Promise<string> => drafted('refusing.yaml', '"claude-opus-4-6",', '')

describe('countersign policy init', () => {
  it('prints a policy that the release passes, and says what nobody asked', async () => {
    const ran = await asked('policy', 'init', artifact)
    await transcript('policy-init', ran)
    expect(ran.stdout).toContain('TAKEN FROM THE BUNDLE')
    expect(await asked('verify', artifact, '--policy', await drafted('good.yaml'))).toMatchObject({ exitCode: 0 })
  })

  it('writes a new file, and none where there is no policy or a file is there', async () => {
    const made = await asked('policy', 'init', artifact, '--out', 'made.yaml')
    expect([made.exitCode, made.stdout]).toEqual([0, 'made.yaml\n'])
    expect(readFileSync(join(at.folder, 'made.yaml'), 'utf8')).toContain('apiVersion')
    at.write('edited.yaml', 'mine')
    expect(await asked('policy', 'init', artifact, '--out', 'edited.yaml')).toMatchObject({ exitCode: 2 })
    expect(readFileSync(join(at.folder, 'edited.yaml'), 'utf8')).toBe('mine')
    // Nobody said which Sigstore signed it.
    const refused = await run('policy', 'init', artifact, '--offline', '--out', 'none.yaml')
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' })
    expect(refused.stderr).toContain('--sigstore local')
    expect(existsSync(join(at.folder, 'none.yaml'))).toBe(false)
  })

  it('says nothing of the bundle where a person said who must have signed', async () => {
    const who = ['-R', 'acme/widget', '--workflow', 'release.yml', '--issuer', 'https://oidc.countersign.localhost']
    const { stdout, exitCode } = await asked('policy', 'init', artifact, ...who)
    expect(exitCode).toBe(0)
    expect(stdout).not.toContain('TAKEN')
  })

  it('makes nothing of a release that is not good', async () => {
    at.write('dist/other.tgz', 'another artifact')
    const other = await asked('policy', 'init', 'dist/other.tgz')
    expect([other.exitCode, other.stdout]).toEqual([1, ''])
    const wrong = await asked('policy', 'init', artifact, '-R', 'acme/other', '--workflow', 'release.yml')
    expect([wrong.exitCode, wrong.stdout]).toEqual([1, ''])
    const forged = readFileSync(join(at.folder, 'dist/app.tgz.sigstore.json'), 'utf8')
    const whole = JSON.parse(forged) as { dsseEnvelope: { payload: string } }
    const payload = Buffer.from(whole.dsseEnvelope.payload, 'base64').toString('utf8')
    whole.dsseEnvelope.payload = Buffer.from(payload.replace('gpt-5.2-codex', 'gpt-9.9-codex')).toString('base64')
    at.write('dist/forged.json', JSON.stringify(whole))
    const unsigned = await run('policy', 'init', artifact, '-b', 'dist/forged.json', '--sigstore', 'local')
    expect([unsigned.exitCode, unsigned.stdout]).toEqual([1, ''])
  })

  it.each(part(['open-source', 'soc2', 'regulated'], 3))(
    'prints the starter policy %s for a repository',
    async (name) => {
      const { stdout, exitCode } = await run('policy', 'init', '--from', name, '-R', 'acme/gadget')
      expect(exitCode).toBe(0)
      expect(stdout).not.toContain('acme/widget')
      at.write(`${name}.yaml`, stdout)
      const linted = await run('policy', 'lint', `${name}.yaml`, '--format', 'json')
      expect(linted.exitCode).toBe(0)
      const codes = (JSON.parse(linted.stdout) as PolicyLint).findings.map(({ code }) => code)
      expect(codes.filter((it) => it !== 'id-missing' && it !== 'part-waived')).toEqual([])
    },
  )

  it.each(
    part(
      [
        [['policy', 'init']],
        [['policy', 'init', artifact, '--from', 'soc2', '-R', 'acme/widget']],
        [['policy', 'init', '--from', 'soc2']],
        [['policy', 'init', '--from', 'soc2', '-R', 'acme']],
        [['policy', 'lnit']],
        [['policy']],
      ],
      3,
    ),
  )('refuses %j', async (argv) => {
    expect(await run(...argv)).toMatchObject({ exitCode: 2, stdout: '' })
  })
})

describe('countersign policy lint', () => {
  it('names every fault with its place', async () => {
    at.write(
      'faults.yaml',
      'apiVersion: countersign/policy/v1\nname: A\nfoo: 1\nai: {tools: {allow: []}, modls: [s3cret]}\n',
    )
    const ran = await run('policy', 'lint', 'faults.yaml', 'missing.yaml')
    await transcript('policy-lint', ran)
    expect(ran.exitCode).toBe(2)
    expect(ran.stdout).not.toContain('s3cret')
  })

  it('ends with 3 where nobody can tell', async () => {
    at.write('large.yaml', '#'.repeat(600_000))
    expect((await run('policy', 'lint', 'large.yaml')).exitCode).toBe(3)
  })
})

describe('countersign policy explain', () => {
  it('shows what each rule asked and saw, also where it passed', async () => {
    const ran = await asked('policy', 'explain', await refusing(), artifact)
    await transcript('policy-explain', ran)
    expect(ran.exitCode).toBe(1)
  })

  it('gives the verdict as JSON, and shows which part of an identity differs', async () => {
    const policy = await drafted(
      'other.yaml',
      'widget/.github/workflows/release.yml',
      'widget/.github/workflows/other.yml',
    )
    const json = await asked('policy', 'explain', policy, artifact, '--format', 'json')
    expect(json.exitCode).toBe(1)
    expect((JSON.parse(json.stdout) as Verdict).policy?.checks.at(-1)).toMatchObject({ rule: 'identity/signers' })
    const { stdout } = await asked('policy', 'explain', policy, artifact)
    expect(stdout).toContain('signer-mismatch')
    expect(stdout).toContain('not looked at')
    expect(stdout).not.toMatch(/found +none/)
  })

  it('shows each part of the signer, and the work tree, by its place in the file, and by a flag what was typed', async () => {
    const commit = '0'.repeat(40)
    const { stdout } = await asked('policy', 'explain', await drafted('good.yaml'), artifact, '--commit', commit)
    const lines = stdout.split('\n').map((it) => it.trim())
    for (const it of ['identity.signers.refs', 'identity.signers.triggers', 'provenance.cleanTree', '--commit']) {
      expect(lines).toContain(it)
    }
    // Of the signers as they stand in the file, and of what was found.
    expect(stdout).toMatch(
      /identity\.signers\.refs\n +pass\n +expected +refs\/tags\/v\*\n +found +refs\/tags\/v1\.1\.0/,
    )
    expect(stdout).toMatch(/--commit\n +fail \(commit-mismatch\)/)
    expect(stdout.match(/--[a-z-]+/g)?.filter((it) => it !== '--commit')).toEqual([])
  })
})

describe('--format policy-input', () => {
  it('prints the evidence where somebody signed who may, whatever the rules say of it', async () => {
    const policy = await refusing()
    const ran = await asked('verify', artifact, '--policy', policy, '--format', 'policy-input')
    expect(ran.exitCode).toBe(1)
    expect(ran.stderr).toContain('policy-refused')
    const input = JSON.parse(ran.stdout) as PolicyInput
    expect(input.provenance.builderId).toContain('release.yml')
    expect(input.ai.changes).toHaveLength(3)
    const explained = await asked('policy', 'explain', policy, artifact, '--format', 'policy-input')
    expect((JSON.parse(explained.stdout) as PolicyInput).ai).toEqual(input.ai)
  })

  it('prints it without a policy, of an answer to the question', async () => {
    const who = ['-R', 'acme/widget', '--workflow', 'release.yml', '--issuer', 'https://oidc.countersign.localhost']
    const ran = await asked('verify', artifact, ...who, '--format', 'policy-input')
    expect([ran.exitCode, ran.stderr]).toEqual([0, ''])
    expect((JSON.parse(ran.stdout) as PolicyInput).companions).toEqual({})
  })

  it('prints nothing where nobody did, and says why', async () => {
    const policy = await drafted('good.yaml')
    const argv = ['verify', artifact, '--policy', policy, '--ref', 'refs/heads/other', '--format', 'policy-input']
    const ran = await asked(...argv)
    expect([ran.exitCode, ran.stdout]).toEqual([1, ''])
    expect(ran.stderr).toContain('ref-mismatch')
    expect(await asked(...argv, '--quiet')).toMatchObject({ exitCode: 2 })
  })
})

describe('verify --policy', () => {
  it('passes by the one flag, and refuses by a row', async () => {
    await transcript('verify-policy-pass', await asked('verify', artifact, '--policy', await drafted('good.yaml')))
    await transcript('verify-policy-refused', await asked('verify', artifact, '--policy', await refusing()))
  })

  it('names what it asks by its place in the file, and by a flag what was typed', async () => {
    const policy = await drafted('good.yaml')
    const { stdout } = await asked('verify', artifact, '--policy', policy, '--commit', '0'.repeat(40))
    const lines = stdout.split('\n').map((it) => it.trim())
    expect(lines).toContain('provenance.cleanTree yes')
    expect(lines).toContain('provenance.strict yes')
    expect(lines.some((it) => it.startsWith('identity.signers.builders '))).toBe(true)
    expect(lines).toContain(`--commit ${'0'.repeat(40)}`)
    expect(stdout).toMatch(/differs .*--commit/)
    expect(stdout.match(/--[a-z-]+/g)?.filter((it) => it !== '--commit')).toEqual([])
  })

  it('names it so to a CI job and in an alert, too', async () => {
    const policy = await drafted('foreign.yaml', 'release.yml', 'other.yml')
    const sent: string[] = []
    const fetch = (_: unknown, init?: RequestInit): Promise<Response> => {
      sent.push(init?.body as string)
      return Promise.resolve(new Response())
    }
    for (const name of ['output', 'summary']) at.write(name, '')
    const env = {
      ...at.env(),
      GITHUB_OUTPUT: join(at.folder, 'output'),
      GITHUB_STEP_SUMMARY: join(at.folder, 'summary'),
    }
    const ran = await countersign(
      { cwd: at.folder, env, fetch },
      ...['verify', artifact, '--policy', policy, '-b', bundles, '--sigstore', 'local', '--ci-output', 'github'],
      ...['--notify', 'https://alerts.acme.example/'],
    )
    expect(ran.exitCode).toBe(1)
    const summary = readFileSync(join(at.folder, 'summary'), 'utf8')
    expect(summary).toContain('identity.signers.signer')
    expect(sent.join('')).toContain('signer-mismatch')
    for (const told of [summary, sent.join('')]) expect(told).not.toContain('--signer')
  })

  it('tells once that an artifact is not there, or whom the policy did not find', async () => {
    const policy = await drafted('good.yaml')
    const missing = await run('verify', 'dist/nothing.tgz', '--policy', policy, '--sigstore', 'local')
    expect(missing.exitCode).toBe(2)
    expect(missing.stdout.match(/path-missing|evidence-missing/g)).toEqual(['path-missing'])
    expect(missing.stdout).not.toMatch(/found +none/)
    const other = await asked('verify', artifact, '--policy', policy, '--commit', '0'.repeat(40))
    expect(other.stdout).toContain('commit-mismatch')
    expect(other.stdout).not.toContain('evidence-missing')
    const json = await asked('verify', artifact, '--policy', policy, '--commit', '0'.repeat(40), '--format', 'json')
    expect((JSON.parse(json.stdout) as Verdict).policy?.checks.at(-1)).toMatchObject({ rule: 'identity/signers' })
  })

  it('takes the release before for the range, and only with a policy', async () => {
    const policy = await drafted('ranged.yaml', ',"withoutPrevious":"allow"', '')
    expect((await asked('verify', artifact, '--policy', policy)).exitCode).toBe(1)
    const json = await asked('verify', artifact, '--policy', policy, '--previous', bundles, '--format', 'json')
    // It is no release before, so its end is not where this one begins.
    const codes = (JSON.parse(json.stdout) as Verdict).policy?.checks.flatMap((it) =>
      it.outcome === 'fail' ? [it.code] : [],
    )
    expect(codes).toEqual(['range-gap'])
    expect(await asked('verify', artifact, '-R', 'acme/widget', '--previous', bundles)).toMatchObject({ exitCode: 2 })
  })
})

describe('countersign policy test', () => {
  async function cases(name: string, list: readonly object[]): Promise<Ran> {
    await drafted(`${name}.yaml`, '"claude-opus-4-6",', '')
    const root = JSON.stringify((await localTrust(at.state)).json)
    at.write(`${name}.tests/root.json`, root)
    for (const file of [artifact, bundles]) {
      at.write(`${name}.tests/${file.replace('dist/', '')}`, readFileSync(join(at.folder, file), 'utf8'))
    }
    const input = await asked('policy', 'explain', `${name}.yaml`, artifact, '--format', 'policy-input')
    at.write(`${name}.tests/input.json`, input.stdout)
    at.write(`${name}.tests/a.yaml`, JSON.stringify({ apiVersion: 'countersign/policy-tests/v1', cases: list }))
    return run('policy', 'test', `${name}.yaml`)
  }
  const signed = { artifact: 'app.tgz', bundle: 'all.jsonl', trustedRoot: 'root.json' }
  const refused = { outcome: 'fail', rows: { 'ai/models': 'model-refused', 'ai/tools': 'pass' } }

  it('runs signed evidence and documents', async () => {
    const ran = await cases('tried', [
      { name: 'a model that is not allowed', ...signed, expect: refused },
      { name: 'the same without signatures', input: 'input.json', expect: { rows: refused.rows } },
    ])
    await transcript('policy-test', ran)
    expect(ran.exitCode).toBe(0)
    const json = await run('policy', 'test', 'tried.yaml', '--format', 'json')
    expect(json.exitCode).toBe(0)
    const report = JSON.parse(json.stdout) as PolicyTestReport
    expect(report).toMatchObject({ file: 'tried.yaml', outcome: 'pass' })
    expect(report.cases.map((it) => [it.file, it.evidence, it.differences])).toEqual([
      ['a.yaml', 'bundle', []],
      ['a.yaml', 'document', []],
    ])
    expect(schemaErrors('policy-test-report', report)).toEqual([])
  })

  it('says what is not as expected, and ends with 1', async () => {
    const ran = await cases('differing', [
      { name: 'it passes', ...signed, expect: { outcome: 'pass' } },
      { name: 'every model', input: 'input.json', expect: { rows: { 'ai/models': 'pass' } } },
      { name: 'another code', input: 'input.json', expect: { rows: { 'ai/models': 'model-unknown' } } },
    ])
    await transcript('policy-test-differs', ran)
    expect(ran.exitCode).toBe(1)
    const json = await run('policy', 'test', 'differing.yaml', '--format', 'json')
    expect([json.exitCode, (JSON.parse(json.stdout) as PolicyTestReport).outcome]).toEqual([1, 'fail'])
  })

  it('fails where there is no case', async () => {
    await drafted('alone.yaml')
    expect(await run('policy', 'test', 'alone.yaml')).toMatchObject({ exitCode: 1, stdout: '' })
  })

  it.each<[string, string, string, number]>([
    ['that is malformed', 'ai: {}\n', 'policy-malformed', 2],
    ['without a rule', 'name: acme\n', 'policy-empty', 2],
    [
      'whose rules are those of profiles',
      'name: acme\nprofiles: {strict: {ai: {tools: {allow: [x]}}}}\n',
      'policy-tests-none',
      1,
    ],
  ])('says of a policy %s what it is before it looks for cases', async (_, text, code, exitCode) => {
    at.write('first.yaml', `apiVersion: countersign/policy/v1\n${text}`)
    const ran = await run('policy', 'test', 'first.yaml')
    expect([ran.exitCode, ran.stdout]).toEqual([exitCode, ''])
    expect(ran.stderr).toContain(code)
  })

  it.each<[string, object]>(
    part(
      [
        ['expects nothing', { ...signed, expect: {} }],
        ['expects no row', { ...signed, expect: { rows: {} } }],
        ['expects a refusal by whatever rule', { ...signed, expect: { outcome: 'fail' } }],
        ['expects an outcome of a document', { input: 'input.json', expect: { outcome: 'pass' } }],
        [
          'expects a row about signatures of a document',
          { input: 'input.json', expect: { rows: { 'identity/signers': 'pass' } } },
        ],
        ['names a rule that is none', { ...signed, expect: { rows: { 'ai/modles': 'pass' } } }],
        ['names a code that is none', { ...signed, expect: { rows: { 'ai/models': 'modle-refused' } } }],
        ['names a file that is not there', { ...signed, bundle: 'none.jsonl', expect: { outcome: 'pass' } }],
        ['names a document that is not there', { input: 'none.json', expect: { rows: { 'ai/models': 'pass' } } }],
        ['has evidence of both kinds', { ...signed, input: 'input.json', expect: { rows: { 'ai/models': 'pass' } } }],
        ['has no evidence', { expect: { rows: { 'ai/models': 'pass' } } }],
        ['has no trusted root', { artifact: 'app.tgz', expect: { outcome: 'pass' } }],
        ['has a member that nobody knows', { ...signed, expects: {}, expect: { outcome: 'pass' } }],
        ['names a document that is something else', { input: 'root.json', expect: { rows: { 'ai/models': 'pass' } } }],
      ],
      4,
    ),
  )('refuses a case that %s', async (_, it) => {
    const ran = await cases('malformed', [{ name: 'one', ...it }])
    expect([ran.exitCode, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toContain('policy-tests-malformed')
  })

  it.each<[string, string]>([
    [
      '__proto__ among its rows',
      '{"name":"one","input":"input.json","expect":{"rows":{"__proto__":"pass","ai/models":"pass"}}}',
    ],
    [
      '__proto__ in its question',
      '{"name":"one","artifact":"app.tgz","question":{"__proto__":"x"},"expect":{"outcome":"pass"}}',
    ],
    [
      'an escape for what cannot be seen',
      '{"name":"o\\u200bne","input":"input.json","expect":{"rows":{"ai/models":"pass"}}}',
    ],
  ])('refuses a case with %s, and says where', async (_, it) => {
    await drafted('written.yaml')
    at.write('written.tests.yaml', `apiVersion: countersign/policy-tests/v1\ncases:\n  - ${it}\n`)
    const ran = await run('policy', 'test', 'written.yaml')
    expect([ran.exitCode, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toMatch(/written\.tests\.yaml:3:\d+: .*\(policy-tests-malformed\)/)
  })

  it('refuses a name that is there twice', async () => {
    const one = { name: 'one', ...signed, expect: refused }
    expect(await cases('twice', [one, one])).toMatchObject({ exitCode: 2 })
  })
})
