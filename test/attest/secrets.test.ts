/** Nothing that nobody meant to publish is signed or shown: a secret, an address, a path of a machine, what an agent was asked. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sessionReaders } from '../../src/collect/sessions/readers/index.ts'
import type { RangeReport } from '../../src/model/range-report.ts'
import { countersign } from '../cli/terminal.ts'
import { openRepository } from '../../src/collect/git/repository.ts'
import { readAlone } from '../contracts/reader-alone.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { plant, wordsIn } from '../world/planted-repository.ts'

const checkout = useCheckouts()

/** Everything that is signed, and all that any command prints of it, by what it is. */
async function outputsOf(at: Checkout): Promise<Map<string, string>> {
  const outputs = new Map<string, string>()
  const world = { cwd: at.folder, env: at.env(await at.token({ ref: 'refs/tags/v1.2.0' })) }
  async function run(...argv: readonly string[]): Promise<void> {
    const { exitCode, stdout, stderr } = await countersign(world, ...argv)
    expect([argv, exitCode]).toEqual([argv, 0])
    outputs.set(argv.join(' '), `${stdout}${stderr}`)
  }
  const [bundle, changes] = ['dist/app.tgz.sigstore.json', 'dist/app.tgz.changes.sigstore.json']
  await run('attest', 'dist/app.tgz', '--sigstore', 'local', '--changes', changes)
  for (const path of [bundle, changes]) outputs.set(path, payloadIn(readFileSync(join(at.folder, path), 'utf8')))
  for (const format of ['text', 'json', 'markdown', 'html']) await run('sessions', '--offline', '--format', format)
  const asked = [
    '--repo',
    'acme/widget',
    '--workflow',
    'release.yml',
    '--sigstore',
    'local',
    '--issuer',
    'https://oidc.countersign.localhost',
  ]
  for (const format of ['text', 'json']) {
    await run('verify', 'dist/app.tgz', ...asked, '--format', format)
    await run('inspect', bundle, '--format', format)
    await run('inspect', changes, '--format', format)
  }
  return outputs
}

/** The bundle as it stands, and what it signs. */
function payloadIn(bundle: string): string {
  const { dsseEnvelope } = JSON.parse(bundle) as { dsseEnvelope: { payload: string } }
  return `${bundle}\n${Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')}`
}

/** Signed, or under a digest of its own; what a record in a ref holds, its own test plants (`session-record.test.ts`). */
const unplanted: readonly string[] = ['source-note', 'session-record']

it('no text of any record that is a secret, an address, a path or a question reaches any output', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(4_095), async (seed) => {
      const at = checkout()
      const { places } = plant(at.folder, seed)
      at.git('tag', 'v1.2.0')
      const outputs = await outputsOf(at)
      // Behind it stand the warnings.
      const [json = ''] = (outputs.get('sessions --offline --format json') ?? '').split('\n')
      const report = JSON.parse(json) as RangeReport
      // They were read: beside each planted text stands what counts.
      const found = report.readers.filter(({ outcome }) => outcome === 'found').map(({ reader }) => reader)
      expect(found).toEqual(sessionReaders.map((it) => it.id).filter((it) => !unplanted.includes(it)))
      const leaks = [...outputs].flatMap(([output, text]) =>
        wordsIn(text).map((word) => `${places.get(word) ?? word}: ${output}`),
      )
      expect(leaks).toEqual([])
    }),
    { numRuns: 1, endOnFailure: true },
  )
  // In CI it is every field with every kind of text.
}, 240_000)

it('no reader gives such a text, whatever the gate behind all readers would leave out', async () => {
  const at = checkout()
  const { places } = plant(at.folder, 0)
  const repository = await openRepository(at.folder)
  const unverified = { outcome: 'undecided', detail: 'no trust' } as const
  for (const reader of sessionReaders.filter(({ id }) => !unplanted.includes(id))) {
    const { records, details, lines } = await readAlone(repository, reader, () => Promise.resolve(unverified))
    expect([reader.id, records.length > 0]).toEqual([reader.id, true])
    const sessions = lines.flatMap(([, files]) => files.flatMap((it) => it.sessions))
    const given = wordsIn(JSON.stringify([records, details, sessions])).map((word) => places.get(word) ?? word)
    expect(given, `what ${reader.id} gives`).toEqual([])
  }
}, 240_000)
