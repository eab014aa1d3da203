/** The published schemas against what the code really writes. */
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { startLocalSigstore } from '../src/embedded/index.ts'
import { inspectFile } from '../src/inspect/inspect.ts'
import { bundleFromJson } from '../src/model/bundle.ts'
import type { Bundle } from '../src/model/bundle.ts'
import type { Inspection } from '../src/model/inspection.ts'
import type { Json } from '../src/model/json.ts'
import { limits } from '../src/model/limits.ts'
import { differingParts, verdictFindingCodes } from '../src/model/verdict.ts'
import type { Verdict } from '../src/model/verdict.ts'
import { ruleRows } from '../src/policy/rules/index.ts'
import { openVerifier } from '../src/verify/verifier.ts'
import { judge } from '../src/verify/verify.ts'
import { wholeChangeProvenance } from './predicates/whole-change-provenance.ts'
import { ecKeys, keySigner, publicKeyPem, signWith } from './world/own-authority.ts'
import { publishedSchema, schemaErrors } from './world/published-schema.ts'
import { checksOf, edited, refusals, trustIn, useRelease } from './world/release.ts'
import type { Ask, EditableBundle, EditableStatement } from './world/release.ts'

const release = useRelease()
const root = fileURLToPath(new URL('../schemas/', import.meta.url))
const providers = ['github', 'gitlab', 'buildkite', 'circleci', 'local', 'generic']

const accepts = (name: string, value: unknown): void => expect(schemaErrors(name, value)).toEqual([])
const refuses = (name: string, value: unknown): void => expect(schemaErrors(name, value)).not.toEqual([])

let statement: EditableStatement
let bundlePath: string
let all: Record<string, Verdict>
beforeAll(async () => {
  statement = release().statement()
  bundlePath = release().write(await release().genuine())
  all = await verdicts()
})

describe('schemas/', () => {
  // That of portals is an OpenAPI document, held against what reads their answers by a test of its own.
  it.each(readdirSync(root).filter((it) => it !== 'portal'))(
    '%s has the schema of its name, and a page that links it',
    (name) => {
      expect(publishedSchema(name)).toMatchObject({ $id: `https://w3id.org/countersign/schemas/${name}/v1` })
      expect(readFileSync(join(root, name, 'v1.md'), 'utf8')).toContain('[v1.json](v1.json)')
    },
  )
})

describe('schemas/statement', () => {
  it('accepts the statement of every provider', () => {
    for (const provider of providers) accepts('statement', release().statement({ provider }))
  })
  it.each<[string, (it: EditableStatement) => unknown]>([
    ['another _type', (it) => (it._type = 'https://in-toto.io/Statement/v2')],
    ['no subject', (it) => (it.subject = [])],
    ['a subject without a digest', (it) => Reflect.deleteProperty(it.subject[0]!, 'digest')],
    ['an empty predicate type', (it) => (it.predicateType = '')],
    ['1,025 subjects', (it) => (it.subject = Array.from({ length: 1_025 }, () => it.subject[0]!))],
  ])('refuses %s', (_, edit) => refuses('statement', edited(statement, edit)))
})

describe('schemas/provenance', () => {
  it('accepts the predicate of every provider', () => {
    for (const provider of providers) accepts('provenance', release().statement({ provider }).predicate)
  })
  it.each([
    'buildDefinition',
    'buildDefinition.buildType',
    'runDetails',
    'runDetails.builder',
    'runDetails.builder.id',
  ])('refuses a predicate without %s', (path) => refuses('provenance', without(statement.predicate, path)))
})

describe('schemas/change-provenance', () => {
  it('accepts everything that it can say, and the least', () => {
    accepts('change-provenance', wholeChangeProvenance)
    accepts('change-provenance', { range: { since: null, until: 'a'.repeat(40) }, changes: [], readers: [] })
  })
  it.each(['range', 'range.since', 'range.until', 'changes', 'changes.0.commit', 'changes.0.lines.unknown', 'readers'])(
    'refuses a predicate without %s',
    (path) => refuses('change-provenance', without(wholeChangeProvenance, path)),
  )
  it.each<[string, (it: typeof wholeChangeProvenance) => unknown]>([
    ['a short commit', (it) => (it.range.until = 'abc1234')],
    ['a person by name', (it) => (it.changes[0]!.author = 'Jo Doe')],
    ['a review of no known verdict', (it) => (it.changes[0]!.reviews[0]!.verdict = 'LGTM')],
    ['a reader of no known outcome', (it) => (it.readers[0]!.outcome = 'fine')],
  ])('refuses %s', (_, edit) => refuses('change-provenance', edited(wholeChangeProvenance, edit)))
})

describe('schemas/ai-session', () => {
  const annotations = (): Record<string, unknown>[] =>
    statement.predicate.buildDefinition
      .resolvedDependencies!.slice(1)
      .map((it) => it.annotations!['countersign'] as Record<string, unknown>)
  it('accepts the annotations of the sessions in a statement', () => {
    expect(annotations()).toHaveLength(2)
    for (const annotation of annotations()) accepts('ai-session', annotation)
  })
  it.each(['level', 'tool', 'models', 'commits', 'linkage', 'readers'])('refuses one without %s', (member) => {
    refuses('ai-session', without(annotations()[0]!, member))
  })
  it('refuses a level that does not exist', () => refuses('ai-session', { ...annotations()[0], level: 'certain' }))
})

describe('schemas/ai-configuration', () => {
  const annotation = {
    files: 1,
    kinds: { instructions: 1 },
    tools: { any: 1 },
    mcpServers: [{ name: 'x', transport: 'stdio' }],
  }
  it('accepts the least, and what a later version says more', () => {
    accepts('ai-configuration', annotation)
    accepts('ai-configuration', { ...annotation, more: true, mcpServers: [{ ...annotation.mcpServers[0], more: 1 }] })
  })
  it.each(['files', 'kinds', 'tools', 'mcpServers', 'mcpServers.0.name', 'mcpServers.0.transport'])(
    'refuses one without %s',
    (path) => refuses('ai-configuration', without(annotation, path)),
  )
})

describe('schemas/attribution', () => {
  const summary = (): object => statement.predicate.runDetails.byproducts![0]!.annotations!['countersign'] as object
  it('accepts the summary in a statement', () => accepts('attribution', summary()))
  it.each(['range', 'commits', 'commits.unknown', 'readers', 'findings'])('refuses one without %s', (path) => {
    refuses('attribution', without(summary(), path))
  })
})

/** One verdict of each kind that there is, by what it is about. */
async function verdicts(): Promise<Record<string, Verdict>> {
  const genuine = await release().genuine()
  const otherCommit = await release().attested({ sha: 'b'.repeat(40) })
  const other = await startLocalSigstore()
  await other.close()
  const keys = ecKeys()
  const key = publicKeyPem(keys.publicKey)
  const strict = { ...release().question(), strict: true } as const
  const lines = (...bundles: object[]): string => bundles.map((it) => JSON.stringify(it)).join('\n')
  const signed = (predicateType: string, predicate: object): Promise<EditableBundle> =>
    release().sign({ ...statement, predicateType, predicate })
  const asked = (predicateType: string): Partial<Ask> => ({
    question: { ...release().question(), predicateType: [predicateType] },
  })
  const changes = 'https://w3id.org/countersign/change-provenance/v1'
  const summaries = 'https://slsa.dev/verification_summary/v1'
  const summary = { verifier: { id: 'v' }, resourceUri: 'r', verificationResult: 'FAILED', verifiedLevels: ['FAILED'] }
  const parsed = bundleFromJson(genuine as unknown as Json)
  const crowd: Bundle[] = Array.from({ length: limits.candidates + 1 }, () => parsed)
  const verifier = await openVerifier({ trust: release().trust })
  return {
    'a pass': await release().judge(genuine),
    'a pass under another log': await release().judge(await release().attested({}, { rekor: 2 })),
    'a pass with a key': await release().judge(await signWith(release().sigstore, statement, keySigner(keys)), {
      question: { key, anySource: true },
    }),
    'a pass of several': await release().judge(lines(genuine, await release().attested({ runId: '7' }))),
    'a pass that contradicts another': await release().judge(lines(genuine, otherCommit)),
    'a pass beside what is none': await release().judge(
      `junk\n${lines(genuine, await release().attested({ workflow: 'evil.yml' }))}`,
    ),
    'a pass of change provenance': await release().judge(await signed(changes, wholeChangeProvenance), asked(changes)),
    'a crowd': await verifier.judge(crowd, { path: release().artifact }, release().question()),
    'a contradiction': await release().judge(lines(genuine, otherCommit), { question: strict }),
    'a failed verification summary': await release().judge(await signed(summaries, summary), asked(summaries)),
    'another signer': await release().judge(await release().attested({ provider: 'generic' })),
    'several reasons': await release().judge(await release().attested({ workflow: 'evil.yml', event: 'pull_request' })),
    'another Sigstore': await release().judge(genuine, { trust: trustIn(other.trustedRoot) }),
    'another artifact': await release().judge(genuine, { artifact: { digest: `sha256:${'d'.repeat(64)}` } }),
    'no attestation': await judge({
      artifact: { digest: `sha256:${'d'.repeat(64)}` },
      trust: release().trust,
      question: release().question(),
    }),
    garbage: await release().judge('garbage'),
    'no artifact': await release().judge(genuine, { artifact: join(release().folder, 'nowhere') }),
    'no trust': await release().judge(genuine, { trust: { kind: 'file', path: '/nowhere' } }),
  }
}

describe('schemas/verdict', () => {
  it('accepts verdicts of every outcome and shape', () => {
    for (const [name, verdict] of Object.entries(all)) expect(schemaErrors('verdict', verdict), name).toEqual([])
    const outcomes = Object.values(all).map(({ outcome, findings }) => [outcome, ...findings.map((it) => it.code)])
    expect(new Set(outcomes.map((it) => it.join(' ')))).toEqual(
      new Set([
        'pass',
        'pass commits-contradict',
        'pass bundles-not-examined',
        'fail',
        'fail commits-contradict',
        'undecided',
      ]),
    )
    expect(Object.values(all).filter((it) => it.outcome === 'pass' || refusals(it).length > 0)).toHaveLength(18)
  })

  it.each<[string, (it: Verdict) => unknown]>([
    ['another outcome', (it) => ({ ...it, outcome: 'maybe' })],
    ['another type', (it) => ({ ...it, type: 'https://example.com' })],
    ['no outcome', (it) => without(it, 'outcome')],
    ['no question', (it) => without(it, 'question')],
    ['no attestations', (it) => without(it, 'attestations')],
    ['no findings', (it) => without(it, 'findings')],
    ['no word on what is unreadable', (it) => without(it, 'unreadable')],
    ['no digest', (it) => without(it, 'artifact.digest')],
    ['a pass that says nothing', (it) => without(it, 'attestations.0.summary')],
    ['a check without its outcome', (it) => without(it, 'attestations.0.checks.0.outcome')],
    ['checks at the top alone', (it) => ({ ...without(it, 'attestations'), checks: checksOf(it) })],
    ['an undecided one without a reason', (it) => ({ ...it, outcome: 'undecided', attestations: [] })],
    [
      'an undecided one with an attestation',
      (it) => ({ ...it, outcome: 'undecided', failure: { code: 'internal', message: 'x' } }),
    ],
    ['a finding of no known code', (it) => ({ ...it, findings: [{ code: 'x', message: 'x', bundles: [] }] })],
    ...[
      { outcome: 'fail' },
      { outcome: 'fail', code: 'no-such-code' },
      { outcome: 'skipped' },
      { outcome: 'fail', code: 'signer-mismatch', differs: { option: 'signer', part: 'host' } },
      { outcome: 'fail', code: 'signer-mismatch', differs: { option: 'no-option', part: 'owner' } },
    ].map((check): [string, (it: Verdict) => unknown] => [
      `a check ${JSON.stringify(check)}`,
      (it) =>
        edited(it, ({ attestations: [first] }) => Object.assign(first!.checks[0]!, { code: undefined, ...check })),
    ]),
    ['a plain yes', () => true],
  ])('refuses %s', (_, wrong) => {
    const verdict = all['a pass']!
    accepts('verdict', verdict)
    refuses('verdict', wrong(verdict))
  })

  it('has a page that names every rule, finding and part', () => {
    const page = readFileSync(join(root, 'verdict/v1.md'), 'utf8')
    const rules = Object.values(all).flatMap((it) =>
      it.attestations.flatMap(({ checks }) => checks.map(({ rule }) => rule)),
    )
    const names = [...rules, ...ruleRows.map(({ rule }) => rule)].map((it) => it.split(' ', 1)[0]!)
    for (const name of new Set([...names, ...verdictFindingCodes, ...differingParts])) {
      expect(page, name).toMatch(new RegExp(`\`${name}[\` ]`))
    }
  })
})

describe('schemas/inspection', () => {
  const first = async (path: string): Promise<Inspection> => (await inspectFile(path))[0]!
  it('accepts inspections of bundles, envelopes and what is broken', async () => {
    accepts('inspection', await first(bundlePath))
    const bundle = await release().attested({ provider: 'generic' }, { rekor: 2 })
    const broken = edited(bundle, (it) => {
      it.verificationMaterial.certificate!.rawBytes = 'AAAA'
      it.dsseEnvelope.payload = 'AAAA'
    })
    for (const it of [bundle, bundle.dsseEnvelope, broken]) accepts('inspection', await first(release().write(it)))
  })
  it('refuses what claims to be verified', async () => {
    const inspection = await first(bundlePath)
    refuses('inspection', { ...inspection, verified: true })
    refuses('inspection', without(inspection, 'verified'))
    refuses('inspection', without(inspection, 'signer.kind'))
  })
})

it('the schemas are those that the code generates', () => {
  const script = fileURLToPath(new URL('../scripts/schemas.ts', import.meta.url))
  expect(spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: 20_000 })).toMatchObject({
    status: 0,
    stderr: '',
  })
})

/** A copy without the member at a path. */
function without(value: object, path: string): object {
  return edited(value, (copy) => {
    const names = path.split('.')
    let current = copy as Record<string, unknown>
    for (const name of names.slice(0, -1)) current = current[name] as Record<string, unknown>
    expect(current).toHaveProperty([names.at(-1)!])
    Reflect.deleteProperty(current, names.at(-1)!)
  })
}
