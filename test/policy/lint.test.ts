/** What lint says beyond the schema, and which member asks for which rule. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { policyFile } from '../../src/model/policy.ts'
import { askedRules } from '../../src/policy/asked-member.ts'
import { policyRules } from '../../src/policy/families/index.ts'
import { lintPolicy } from '../../src/verify/lint-policy.ts'
import { openPolicy } from '../../src/verify/open-policy.ts'
import { useRelease } from '../world/release.ts'

const release = useRelease()
const signer = { repo: 'acme/widget', workflow: 'release.yml', sourceId: '1' }
const whole = { identity: { signers: [signer] } }
let files = 0

function write(content: object | string): string {
  const file = `lint-${(files += 1)}.yaml`
  const head = { apiVersion: 'countersign/policy/v1', name: 'test' }
  const text = typeof content === 'string' ? content : JSON.stringify({ ...head, ...content })
  writeFileSync(join(release().folder, file), text)
  return file
}

async function lint(content: object | string): Promise<string[]> {
  const world = { cwd: release().folder, now: () => new Date('2026-11-27T00:00:00Z') }
  const { findings, outcome } = await lintPolicy(write(content), world)
  expect(outcome).toBe(findings.some(({ severity }) => severity === 'error') ? 'fail' : 'pass')
  return findings.map(({ code }) => code)
}

describe('lint', () => {
  test.each<[string, object, string[]]>([
    ['nothing', whole, []],
    ['an expired policy', { ...whole, expires: '2026-11-27T00:00:00Z' }, ['expired']],
    ['one that expires soon', { ...whole, expires: '2026-12-26T23:59:59Z' }, ['expires-soon']],
    ['one that expires in 30 days', { ...whole, expires: '2026-12-27T00:00:00Z' }, []],
    ['a name without a number', { identity: { signers: [{ repo: 'acme/widget' }] } }, ['id-missing']],
    ['an owner with its number', { identity: { signers: [{ owner: 'acme', ownerId: '1' }] } }, []],
    ['a waived part', { identity: { signers: [{ ...signer, selfHostedRunner: 'allow' }] } }, ['part-waived']],
    ['an unknown model that may write', { ...whole, ai: { models: { unknown: 'allow' } } }, ['part-waived']],
    [
      'unknown lines of persons',
      { ...whole, ai: { share: [{ of: 'range', atMost: 0.5, unknownAs: 'human' }] } },
      ['part-waived'],
    ],
    [
      'a range without the release before',
      { ...whole, provenance: { range: { reasons: ['adopted'], withoutPrevious: 'allow' } } },
      ['part-waived'],
    ],
    [
      'a range whose job did not have the tags',
      { ...whole, provenance: { range: { reasons: ['adopted', 'tags-unknown', 'unknown'] } } },
      ['start-unknown', 'start-unknown'],
    ],
    [
      'levels that nobody looks at',
      { ...whole, levels: [{ signer: 'https://x.example/a', level: 2 }] },
      ['levels-unused'],
    ],
    [
      'levels that a profile looks at',
      {
        ...whole,
        levels: [{ signer: 'https://x.example/a', level: 2 }],
        profiles: { strict: { provenance: { buildLevel: { atLeast: 2 } } } },
      },
      [],
    ],
    [
      'warnings alone',
      {
        ai: { tools: { allow: ['cursor'] } },
        rules: [{ id: 'a', expr: 'true', message: 'm', severity: 'info' }],
        severities: { 'ai/tools': 'warn' },
      },
      ['never-fails'],
    ],
    [
      'one error among warnings',
      { ai: { tools: { allow: ['cursor'] }, iterations: { atMost: 3 } }, severities: { 'ai/tools': 'warn' } },
      [],
    ],
    ['a severity of what is not asked', { ...whole, severities: { 'ai/tools': 'warn' } }, ['rule-not-asked']],
    [
      'a waiver of what a companion would need',
      {
        ...whole,
        provenance: {
          companions: [{ name: 'sbom', predicateType: 'https://x.example/sbom', signers: [{ repo: 'acme/sbom' }] }],
        },
      },
      ['id-missing'],
    ],
  ])('says of %s what it is', async (_, content, codes) => {
    expect(await lint(content)).toEqual(codes)
  })

  test('reads every profile, and every rule of a policy', async () => {
    expect(await lint({ ...whole, profiles: { b: { ai: { tools: { allow: ['a**b'] } } } } })).toEqual([
      'policy-malformed',
    ])
    expect(await lint({ ...whole, rules: [{ id: 'a', expr: '(', message: 'm' }] })).toEqual(['policy-malformed'])
    expect(await lint({ ...whole, extends: { file: 'none.yaml', sha256: '0'.repeat(64) } })).toEqual(['path-missing'])
    expect(await lint('a: &b 1')).toEqual(['policy-malformed'])
    expect(await lint({})).toEqual(['policy-empty'])
  })
})

describe('the member that asks for a rule', () => {
  /** Every member of every section, each with something in it. */
  const everything = {
    ...whole,
    expires: '2027-01-01T00:00:00Z',
    revoked: [
      { kind: 'digest', value: `sha256:${'0'.repeat(64)}`, reason: 'r' },
      { kind: 'commit', value: '0'.repeat(40), reason: 'r' },
      { kind: 'run', value: 'https://x.example/1', reason: 'r' },
      { kind: 'signer', value: 'https://x.example/a', reason: 'r' },
      { kind: 'session', value: 'cursor/1', reason: 'r' },
      { kind: 'model', value: 'gpt-1', reason: 'r' },
    ],
    provenance: {
      ...{ predicateTypes: ['https://slsa.dev/provenance/v1'], buildTypes: ['https://x.example/t'] },
      ...{ parameters: { allow: ['a'] }, inputs: { allow: ['a'] }, buildLevel: { atLeast: 1 }, maxAgeDays: 1 },
      ...{ logEntries: { atLeast: 1 }, timestamps: { atLeast: 1 } },
      witnesses: { atLeast: 1, keys: ['witness.example+0e3c5b28+BKr+MTQom/iL50ekF8ez4e8EapXy+tjXS1cyJw07qTzQ'] },
      companions: [{ name: 'sbom', predicateType: 'https://x.example/sbom', signers: [signer] }],
      sourceChain: { signers: [{ signer: 'https://x.example/a', issuer: 'https://x.example' }] },
      rebuilders: { atLeast: 1, signers: [signer] },
      range: { reasons: ['adopted'] },
    },
    ai: {
      ...{
        tools: { allow: ['a'] },
        models: { allow: ['a'] },
        mcpServers: { allow: ['a'] },
        configurations: ['0'.repeat(64)],
      },
      ...{
        levels: [{ atLeast: 'claimed' }],
        receiptIssuers: ['https://x.example'],
        share: [{ of: 'range', atMost: 1 }],
      },
      ...{ humanReview: [{}], iterations: { atMost: 1 }, subagents: { atMost: 1 }, claims: { refuse: ['dangling'] } },
      ...{ readers: { mustLook: 'all' }, disclosure: { aboveLines: 1 } },
    },
    rules: [{ id: 'own', expr: 'true', message: 'm' }],
  }

  test('is known for every rule there is', async () => {
    expect(policyFile().safeParse({ apiVersion: 'countersign/policy/v1', name: 'test', ...everything }).success).toBe(
      true,
    )
    const policy = await openPolicy({ file: write(everything) }, release().folder)
    const asked = askedRules(policy)
    const unasked = policyRules.filter(({ id }) => !asked.some(({ rule }) => rule === id))
    expect(unasked.map(({ id }) => `ask for ${id} in everything, above`)).toEqual([])
    expect(asked.map(({ rule }) => rule)).toEqual(['policy/expiry', ...policyRules.map(({ id }) => id), 'rules/own'])
    expect(asked.find(({ rule }) => rule === 'provenance/age')).toMatchObject({
      member: 'provenance.maxAgeDays',
      value: 1,
    })
    expect(asked.find(({ rule }) => rule === 'ai/mcp-servers')).toMatchObject({ member: 'ai.mcpServers' })
  })
})
