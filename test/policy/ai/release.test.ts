/** The rules about AI over a release that was attested: what stands in its two statements is what they see. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { attest } from '../../../src/attest/attest.ts'
import { embeddedSigstore, localTrust } from '../../../src/embedded/project.ts'
import { personHash } from '../../../src/model/person.ts'
import type { AiSection } from '../../../src/model/policy.ts'
import { judge } from '../../../src/verify/verify.ts'
import { useCheckouts } from '../../world/checkout.ts'
import type { Checkout } from '../../world/checkout.ts'
import { ed25519Key, signedBy } from '../../world/commit-signature.ts'
import { refusalsIn } from '../../world/policy-release.ts'

const checkout = useCheckouts()
const ann = ed25519Key()
const key = 'k'.repeat(32)
const annHash = personHash('ann@example.org', { kind: 'organisation', bytes: Buffer.from(key) })
const changesFile = 'dist/app.tgz.changes.sigstore.json'

let at: Checkout
let imported: string

beforeAll(async () => {
  at = checkout()
  // A change that says why it names no session, and a signature of Ann's beside one that nobody signed.
  at.write('pay/import.js', Array.from({ length: 20 }, (_, n) => `export const n${n} = ${n}\n`).join(''))
  at.git('add', '--all')
  const message = 'Import\n\nAI-Provenance-Override: taken over from the old repository\n'
  const tree = at.git('write-tree')
  const time = Number(at.git('log', '-1', '--format=%ct')) + 1
  at.write('../object', signedBy(ann, { tree, parents: [at.commit], message, time }))
  imported = at.git('hash-object', '-w', '-t', 'commit', '../object')
  at.git('reset', '--quiet', '--hard', imported)
  at.git('tag', '-f', 'v1.1.0')
  at.write('../key', key)
  at.write('../people', `ann@example.org namespaces="git" ${ann.text}\n`)
  await attest({
    subjects: { paths: ['dist/app.tgz'] },
    sigstore: embeddedSigstore(),
    world: { cwd: at.folder, env: at.env(await at.token()) },
    out: { whenPresent: 'replace' },
    changes: { path: changesFile, whenPresent: 'replace' },
    identityKeyFile: '../key',
    allowedSigners: '../people',
  })
}, 60_000)

async function refused(ai: AiSection): Promise<string[]> {
  const signers = [{ repo: 'acme/widget', workflow: 'release.yml', issuer: 'https://oidc.countersign.localhost' }]
  const policy = { apiVersion: 'countersign/policy/v1', name: 'test', identity: { signers }, ai }
  at.write('policy.yaml', JSON.stringify(policy))
  const verdict = await judge({
    artifact: join(at.folder, 'dist/app.tgz'),
    trust: await localTrust(at.state),
    policy: { file: 'policy.yaml' },
    world: { cwd: at.folder },
  })
  const rows = refusalsIn(verdict)
  expect(verdict.outcome).toBe(rows.length === 0 ? 'pass' : 'fail')
  return rows
}

const overrides = (signer: string, issuer?: string): AiSection => ({
  disclosure: { aboveLines: 10, overrides: { allowed: [{ signer, ...(issuer === undefined ? {} : { issuer }) }] } },
})

describe('a release with two sessions and a change that says why it has none', () => {
  test.each<[string, AiSection, string[]]>([
    ['its tools', { tools: { allow: ['claude-code', 'cursor'] } }, []],
    ['one of its tools', { tools: { allow: ['cursor'] } }, ['ai/tools fail tool-refused']],
    ['its models', { models: { allow: ['claude-*', 'gpt-5*'] } }, []],
    ['a model', { models: { deny: ['gpt-5*'] } }, ['ai/models fail model-refused']],
    ['no server', { mcpServers: { allow: ['docs'] } }, []],
    ['levels', { levels: [{ atLeast: 'claimed' }] }, []],
    ['levels under a path', { levels: [{ atLeast: 'signed', paths: ['limit.js'] }] }, ['ai/levels fail level-too-low']],
    ['levels under a path without AI', { levels: [{ atLeast: 'signed', paths: ['pay/**'] }] }, []],
    ['its share', { share: [{ of: 'file', atMost: 1 }] }, []],
    [
      'the share of a file',
      { share: [{ of: 'file', atMost: 0.5, paths: ['limit.js'] }] },
      ['ai/share fail share-exceeded'],
    ],
    ['reviews', { humanReview: [{ paths: ['limit.js'] }] }, ['ai/human-review fail evidence-missing']],
    [
      'what nobody counted',
      { iterations: { atMost: 1 } },
      ['ai/iterations fail evidence-missing', 'ai/iterations fail evidence-missing'],
    ],
    ['its claims', { claims: { refuse: ['dangling', 'orphaned', 'conflicting', 'contradicting'] } }, []],
    ['readers', { readers: { mustLook: ['trailer', 'git-ai-note'] } }, []],
    ['all readers', { readers: { mustLook: ['reviews'] } }, ['ai/readers fail reader-not-looked']],
    ['disclosure', { disclosure: { aboveLines: 10 } }, ['ai/disclosure fail disclosure-missing']],
    ['a reason that Ann signed', overrides(annHash), []],
    [
      'a reason that another may sign',
      overrides('https://ci.example/**', 'https://ci.example'),
      ['ai/disclosure fail override-unproved'],
    ],
  ])('%s', async (_, ai, rows) => expect(await refused(ai)).toEqual(rows))

  test('whose statement of changes is not given: what it told is not known', async () => {
    rmSync(join(at.folder, changesFile))
    expect(await refused({ humanReview: [{}] })).toEqual(['ai/human-review fail evidence-missing'])
    expect(await refused({ tools: { allow: ['claude-code', 'cursor'] } })).toEqual([])
  })
})
