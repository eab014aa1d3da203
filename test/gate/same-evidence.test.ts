/** What the gate sees of a change, against what the provenance of a release says of the very same commits. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { attest } from '../../src/attest/attest.ts'
import { collectAsked } from '../../src/attest/asked-range.ts'
import { identityKeyOf } from '../../src/attest/change-statement.ts'
import { embeddedSigstore } from '../../src/embedded/project.ts'
import { evidenceOf } from '../../src/gate/decide.ts'
import { worldOf } from '../../src/platform/world.ts'
import { aiEvidenceOf } from '../../src/policy/ai-evidence.ts'
import { readChangeProvenance } from '../../src/predicates/change-provenance.ts'
import { readProvenanceV1 } from '../../src/predicates/provenance.ts'
import { useCheckouts } from '../world/checkout.ts'

const checkout = useCheckouts()

function predicateIn(statement: string): unknown {
  return (JSON.parse(statement) as { predicate: unknown }).predicate
}

it('is the same, to the last member', async () => {
  const at = checkout()
  // Which repository it is, a release knows of its token, and the gate of the remote.
  at.git('remote', 'remove', 'origin')
  // Nobody checks them out here: what a commit pins, its tree says. Order of bytes: `lib-b` before `lib/a`, though `lib` is a folder.
  for (const [path, digit] of [
    ['lib-b', '3'],
    ['lib/a', '4'],
  ] as const) {
    mkdirSync(join(at.folder, path), { recursive: true })
    at.git('update-index', '--add', '--cacheinfo', `160000,${digit.repeat(40)},${path}`)
  }
  at.git('-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', 'commit', '--quiet', '-m', 'Lend two')
  at.git('tag', '-f', 'v1.1.0')
  const head = at.git('rev-parse', 'HEAD').trim()
  writeFileSync(join(at.folder, '../key'), 'k'.repeat(32))
  const since = at.git('rev-list', '--max-parents=0', 'HEAD').trim()
  const made = await attest({
    ...{ subjects: { paths: ['dist/app.tgz'] }, sigstore: embeddedSigstore(), since, identityKeyFile: '../key' },
    world: { cwd: at.folder, env: at.env(await at.token({ sha: head })) },
    out: { whenPresent: 'replace' },
    changes: { path: 'dist/changes.json', whenPresent: 'replace' },
  })
  const { dsseEnvelope } = JSON.parse(made.changes?.bundle ?? '') as { dsseEnvelope: { payload: string } }
  const told = Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')
  const released = aiEvidenceOf(readProvenanceV1(predicateIn(made.statement)), readChangeProvenance(predicateIn(told)))

  const world = worldOf({ cwd: at.folder, env: at.env() })
  const key = (): ReturnType<typeof identityKeyOf> => identityKeyOf('../key', undefined, at.folder, world)
  const looked = await collectAsked(
    { since, until: head, network: 'none', world },
    { identityKey: key, configAt: since, ref: 'refs/tags/v1.1.0' },
  )
  const seen = await evidenceOf(looked, looked.collected.identityKey)
  expect(seen.changes?.length).toBeGreaterThan(1)
  expect(seen.sessions?.length).toBeGreaterThan(0)
  expect(seen).toStrictEqual(released)
})
