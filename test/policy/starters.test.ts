/** The policies that we hand out: each whole, held against a release that a job attested, with nothing taken out of it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import type { PolicyLint } from '../../src/model/policy-lint.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { starterPolicies } from '../../src/verify/draft-policy.ts'
import { explain } from '../../src/verify/explain-policy.ts'
import { judge } from '../../src/verify/verify.ts'
import { countersign } from '../cli/terminal.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { answerAs } from '../world/forge-server.ts'
import type { Answers } from '../world/forge-server.ts'
import { gitServer } from '../world/git-server.ts'
import { refusalsIn } from '../world/policy-release.ts'
import { trustIn } from '../world/release.ts'
import type { EditableBundle } from '../world/release.ts'
import { scratchIn } from '../world/scratch-repository.ts'
import { makeStarterRelease } from '../world/starter-release.ts'
import type { StarterRelease } from '../world/starter-release.ts'
import { daysFromNow } from '../world/waiver.ts'

const checkout = useCheckouts()
const github = 'https://token.actions.githubusercontent.com'
let answers: Answers = {}
const server = createServer((request, response) => {
  const { url = '' } = request
  if (url.startsWith('/api/v3/')) {
    answerAs('/api/v3', answers, request, response)
    return
  }
  request.url = url.replace('/acme/', '/')
  gitServer(scratchIn(at.folder))(request, response)
})

let at: Checkout
let sigstore: LocalSigstore
let release: StarterRelease

beforeAll(async () => {
  at = checkout()
  sigstore = await startLocalSigstore({ issuer: github })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  release = await makeStarterRelease({ at, sigstore, forge: { origin, answer: (it) => (answers = it) } })
  at.write('all.jsonl', release.bundles.join('\n'))
  at.write('changes.json', release.bundles[1])
  at.write('before.json', release.previous)
  at.write('root.json', JSON.stringify(sigstore.trustedRoot))
  for (const name of starterPolicies) {
    const text = readFileSync(new URL(`../../policies/${name}.yaml`, import.meta.url), 'utf8')
    // The day on which it ends alone is another one, so that this test has none.
    writeFileSync(join(at.folder, `${name}.yaml`), text.replace(/^expires: .*$/m, `expires: ${daysFromNow(60)}`))
  }
}, 60_000)

afterAll(async () => {
  await sigstore.close()
  server.close()
})

function judged(name: string, bundles: readonly string[], previous: string | undefined): Promise<Verdict> {
  return judge({
    ...{ artifact: join(at.folder, 'dist/app.tgz'), bundle: Buffer.from(bundles.join('\n')) },
    ...{ trust: trustIn(sigstore.trustedRoot), policy: { file: `${name}.yaml` }, world: { cwd: at.folder } },
    ...(previous === undefined ? {} : { previous: Buffer.from(previous) }),
  })
}

const untold = ['ai/human-review fail evidence-missing', 'ai/disclosure fail evidence-missing'] as const

/** What is left out of a release that has all of it, and what each policy says then. */
const removals = {
  'its provenance': {
    'open-source': ['identity/signers fail evidence-missing'],
    soc2: ['identity/signers fail evidence-missing'],
    regulated: ['identity/signers fail evidence-missing'],
  },
  'its statement of changes': {
    'open-source': [],
    soc2: [untold[0], 'ai/readers fail reader-not-looked', 'ai/readers fail reader-not-looked', untold[1]],
    regulated: ['ai/levels fail evidence-missing', 'ai/share fail evidence-missing', ...[untold[0], ...untold]],
  },
  'the release before': {
    'open-source': ['provenance/range skipped'],
    soc2: ['provenance/range fail evidence-missing'],
    regulated: ['provenance/range fail evidence-missing'],
  },
  'its timestamps': {
    'open-source': [],
    soc2: ['provenance/timestamps fail evidence-missing'],
    regulated: ['provenance/timestamps fail evidence-missing'],
  },
} as const

function without(what: keyof typeof removals): [bundles: readonly string[], previous: string | undefined] {
  const [provenance, changes] = release.bundles
  switch (what) {
    case 'its provenance':
      return [[changes], release.previous]
    case 'its statement of changes':
      return [[provenance], release.previous]
    case 'the release before':
      return [[provenance, changes], undefined]
    case 'its timestamps':
      return [[provenance, changes].map(withoutTimestamps), release.previous]
  }
}

function withoutTimestamps(line: string): string {
  const bundle = JSON.parse(line) as EditableBundle
  bundle.verificationMaterial.timestampVerificationData = { rfc3161Timestamps: [] }
  return JSON.stringify(bundle)
}

describe.each(starterPolicies)('%s', (name) => {
  test('passes a release that has all of it, by every rule', async () => {
    const verdict = await judged(name, release.bundles, release.previous)
    expect(refusalsIn(verdict)).toEqual([])
    expect(verdict.outcome).toBe('pass')
    // Only disclosure is of changes without a session; everything else had something to look at.
    const idle = (verdict.policy?.checks ?? []).filter(({ found }) => found === 'no change matches')
    expect(idle.map(({ rule }) => rule)).toEqual(name === 'open-source' ? [] : ['ai/disclosure'])
  })

  test.each(Object.keys(removals) as (keyof typeof removals)[])('knows a release without %s', async (what) => {
    const verdict = await judged(name, ...without(what))
    const rows = removals[what][name]
    expect(refusalsIn(verdict)).toEqual(rows)
    expect(verdict.outcome).toBe(rows.some((it) => it.includes(' fail ')) ? 'fail' : 'pass')
  })

  test('is linted as it is shipped: what is weak says so, and nothing is wrong', async () => {
    const file = fileURLToPath(new URL(`../../policies/${name}.yaml`, import.meta.url))
    const terminal = { cwd: at.folder, now: () => new Date('2026-11-27T00:00:00Z') }
    const { exitCode, stdout } = await countersign(terminal, 'policy', 'lint', file, '--format', 'json')
    const { findings } = JSON.parse(stdout) as PolicyLint
    const waived = name === 'open-source' ? ['part-waived'] : []
    expect([exitCode, findings.map(({ code }) => code).toSorted()]).toEqual([0, ['id-missing', ...waived]])
  })

  test('is explained row by row, each of them a rule that it asks for', async () => {
    const given = ['dist/app.tgz', '--bundle', 'all.jsonl', '--previous', 'before.json', '--trusted-root', 'root.json']
    const explained = await countersign({ cwd: at.folder }, 'policy', 'explain', `${name}.yaml`, ...given)
    expect([explained.exitCode, explained.stderr]).toEqual([0, ''])
    const { asked, checks } = await explainedRows(name)
    for (const rule of asked) expect(explained.stdout).toContain(rule)
    expect([...new Set(checks)].toSorted()).toEqual(asked.toSorted())
  })

  test('is tested by cases beside it', async () => {
    const given = { artifact: 'dist/app.tgz', bundle: 'all.jsonl', trustedRoot: 'root.json' }
    const cases = [
      { name: 'all of it', ...given, previous: 'before.json', expect: { outcome: 'pass' } },
      {
        name: 'no provenance',
        ...given,
        bundle: 'changes.json',
        expect: { outcome: 'fail', rows: { 'identity/signers': 'evidence-missing' } },
      },
    ]
    at.write(`${name}.tests.yaml`, JSON.stringify({ apiVersion: 'countersign/policy-tests/v1', cases }))
    const tested = await countersign({ cwd: at.folder }, 'policy', 'test', `${name}.yaml`)
    expect([tested.exitCode, tested.stderr]).toEqual([0, ''])
  })
})

/** Rules that a policy asks for, and those of its rows. */
async function explainedRows(name: string): Promise<{ readonly asked: string[]; readonly checks: string[] }> {
  const [provenance, changes] = release.bundles
  const request = {
    ...{ bundle: Buffer.from(`${provenance}\n${changes}`), previous: Buffer.from(release.previous) },
    ...{ trust: trustIn(sigstore.trustedRoot), policy: { file: `${name}.yaml` }, world: { cwd: at.folder } },
  }
  for await (const { asked, verdict } of explain([join(at.folder, 'dist/app.tgz')], request)) {
    return { asked: asked.map(({ rule }) => rule), checks: (verdict.policy?.checks ?? []).map(({ rule }) => rule) }
  }
  throw new Error('nothing was explained')
}
