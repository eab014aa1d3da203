/** The whole way: a note that the guard of the source signed → the statement of changes that the release signs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { attest } from '../../src/attest/attest.ts'
import type { Attestation } from '../../src/attest/request.ts'
import { embeddedSigstore, localTrust, signWithLocal } from '../../src/embedded/project.ts'
import type { RangeReport } from '../../src/model/range-report.ts'
import { countersign } from '../cli/terminal.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import type { EditableBundle } from '../world/release.ts'
import { sourceNote, sourceSummary } from '../world/source-statement.ts'

const checkout = useCheckouts()

async function attested(it: Checkout): Promise<Attestation> {
  return attest({
    subjects: { paths: ['dist/app.tgz'] },
    sigstore: embeddedSigstore(),
    world: { cwd: it.folder, env: it.env(await it.token()) },
    out: { path: 'dist/app.json' },
    changes: { path: 'dist/changes.json' },
  })
}

function payloadOf(bundle: string): string {
  return Buffer.from((JSON.parse(bundle) as EditableBundle).dsseEnvelope.payload, 'base64').toString('utf8')
}

interface Told {
  readonly predicate: {
    readonly changes: readonly { readonly commit: string; readonly source?: readonly object[] }[]
    readonly readers: readonly object[]
  }
}

describe('a release whose source is guarded', () => {
  it('tells of each change who signed what about it, and names nobody', async () => {
    const it = checkout()
    const token = await it.token({ ref: 'refs/heads/main', event: 'push' })
    const notes = [sourceNote(it.released), sourceSummary(it.released), sourceNote('2'.repeat(40))]
    const lines: string[] = []
    for (const note of notes) lines.push(await signWithLocal(it.state, Buffer.from(JSON.stringify(note)), token))
    it.git('notes', 'add', '-m', lines.join('\n'), it.released)

    const { bundle, changes, notes: said } = await attested(it)
    expect(readFileSync(join(it.folder, 'dist/changes.json'), 'utf8')).toBe(`${changes!.bundle}\n`)
    const statement = payloadOf(changes!.bundle)
    const { predicate } = JSON.parse(statement) as Told
    expect(predicate.changes.map(({ commit, source }) => [commit, source?.length])).toEqual([
      [it.released, 2],
      [it.noted, undefined],
      [it.trailed, undefined],
    ])
    expect(predicate.changes[0]!.source).toMatchObject([
      {
        signer: { uri: expect.stringContaining('acme/widget') as string, root: 'own' },
        activity: 'pr_merge',
        actor: expect.stringMatching(/^hmac-sha256:/) as string,
        controls: [{ name: 'CONTINUITY_ENFORCED' }, { name: 'PROVENANCE_AVAILABLE' }],
      },
      { result: 'PASSED', levels: ['SLSA_SOURCE_LEVEL_3', 'TAG_HYGIENE'] },
    ])
    expect(predicate.readers).toContainEqual({ reader: 'source-note', outcome: 'found', claims: 1 })
    expect(said).toContainEqual(expect.stringMatching(/^not counted: .*source-other-commit/))
    expect(payloadOf(bundle)).toContain('"source-other-commit":1')
    expect(`${statement}${payloadOf(bundle)}`).not.toContain('ann-of-acme')
  })

  it('is told of before anything is signed, by the trust that is named', async () => {
    const it = checkout()
    const lines: string[] = []
    for (const repository of ['acme/widget', 'mallory/widget']) {
      const token = await it.token({ repository, ref: 'refs/heads/main', event: 'push' })
      const note = sourceNote(it.released, { repoUri: `https://github.com/${repository}` })
      lines.push(await signWithLocal(it.state, Buffer.from(JSON.stringify(note)), token))
    }
    it.git('notes', 'add', '-m', lines.join('\n'), it.released)
    it.write('../root.json', JSON.stringify((await localTrust(it.state)).json))
    const looked = async (...more: readonly string[]): Promise<unknown> => {
      const argv = ['sessions', '--offline', '--format', 'json', ...more]
      const { stdout } = await countersign({ cwd: it.folder, env: it.env() }, ...argv)
      const { readers, findings } = JSON.parse(stdout) as RangeReport
      const { outcome } = readers.find(({ reader }) => reader === 'source-note') ?? {}
      return [outcome, findings.map(({ code }) => code).filter((code) => code.startsWith('source-'))]
    }
    expect(await looked('--trusted-root', '../root.json')).toEqual(['found', ['source-other-repository']])
    expect(await looked()).toEqual(['nothing', ['source-unverified']])
    // A root that is named and is none is a slip, whether or not there is anything to verify.
    it.write('../slip.json', '{}')
    const argv = ['sessions', '--offline', '--trusted-root', '../slip.json', 'v1.0.0..v1.0.0']
    const { exitCode, stderr } = await countersign({ cwd: it.folder, env: it.env() }, ...argv)
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('(trusted-root-malformed)') as string])
  })
})
