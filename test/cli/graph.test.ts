/** `countersign graph`: of a range, of what bundles claim, and of an artifact that passes a question. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Lineage } from '../../src/graph.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { countersign } from './terminal.ts'
import type { Ran } from './terminal.ts'

const checkout = useCheckouts()
const [bundle, changes] = ['dist/app.tgz.sigstore.json', 'dist/app.tgz.changes.sigstore.json']
const asked = ['-R', 'acme/widget', '--workflow', 'release.yml', '--issuer', 'https://oidc.countersign.localhost']

async function attested(): Promise<Checkout> {
  const at = checkout()
  await ran(at, 'attest', 'dist/app.tgz', '--sigstore', 'local', '--changes', changes)
  return at
}

async function ran(at: Checkout, ...argv: readonly string[]): Promise<Ran> {
  const env = at.env(await at.token({ ref: 'refs/heads/main' }))
  return countersign({ cwd: at.folder, env }, ...argv)
}

async function drawn(at: Checkout, ...argv: readonly string[]): Promise<Lineage> {
  const { stdout, exitCode, stderr } = await ran(at, 'graph', ...argv, '--format', 'json')
  expect([exitCode, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as Lineage
}

describe('countersign graph', () => {
  it('draws the same changes and sessions of a range, of its bundles, and of the artifact once it is verified', async () => {
    const at = await attested()
    const [range, claimed, verified] = [
      await drawn(at, '--offline'),
      await drawn(at, bundle, changes),
      await drawn(at, 'dist/app.tgz', '-b', await joined(at), ...asked, '--sigstore', 'local'),
    ]
    expect([range.basis, claimed.basis, verified.basis]).toEqual(['unsigned', 'claimed', 'verified'])
    expect(verified.edges).toEqual(claimed.edges)
    const told = ({ edges }: Lineage): unknown =>
      edges.filter(({ relation }) => ['wrote', 'took-part', 'released-in'].includes(relation))
    expect(told(range)).toEqual(told(claimed))
    expect(told(range)).not.toEqual([])
    expect(claimed.edges.map(({ relation }) => relation)).toEqual(expect.arrayContaining(['built-in', 'made']))
  })
  it('draws nothing of an artifact that fails its question, and says why', async () => {
    const at = await attested()
    const argv = ['graph', 'dist/app.tgz', '--sigstore', 'local', '-R', 'acme/other', '--workflow', 'release.yml']
    const { stdout, exitCode, stderr } = await ran(at, ...argv, '--issuer', 'https://oidc.countersign.localhost')
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toContain('mismatch')
  })
  it.each(['graph', 'reasoning-log'])('%s of a file that is not there speaks of files', async (command) => {
    const { exitCode, stdout, stderr } = await ran(checkout(), command, 'dist/app.tgz.sigstor.json')
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/there is no file .*sigstor\.json.*revision-unknown/)
  })
  it('draws what a bundle claims by no trust, and says where a question goes', async () => {
    const { exitCode, stdout, stderr } = await ran(await attested(), 'graph', bundle, '--sigstore', 'local')
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/without --sigstore; .*--repo/)
  })
  it('says what of a bundle it could not read, and draws the others', async () => {
    const at = await attested()
    const bare = JSON.parse(readFileSync(join(at.folder, bundle), 'utf8')) as Record<string, unknown>
    const { dsseEnvelope: _envelope, ...rest } = bare
    const messageSignature = { messageDigest: { algorithm: 'SHA2_256', digest: 'AAAA' }, signature: 'AAAA' }
    at.write('dist/bare.sigstore.json', JSON.stringify({ ...rest, messageSignature }))
    const { stdout, stderr, exitCode } = await ran(at, 'graph', 'dist/bare.sigstore.json', changes, '--format', 'json')
    expect([exitCode, stderr.match(/^countersign: note: not drawn: bare\.sigstore\.json: /gm)]).toEqual([
      0,
      [expect.anything()],
    ])
    expect((JSON.parse(stdout) as Lineage).edges).not.toEqual([])
  })
  it('says that a bundle is not verified, and takes none without a question', async () => {
    const at = await attested()
    expect((await ran(at, 'graph', bundle)).stdout).toContain('not verified')
    expect((await ran(at, 'graph', 'dist/app.tgz', '-b', bundle)).exitCode).toBe(2)
    expect((await ran(at, 'graph', bundle, '--sigstore', 'local')).exitCode).toBe(2)
    expect((await ran(at, 'graph', 'no-such-thing')).exitCode).toBe(2)
  })
})

/** One file with both, as they are published together. */
async function joined(at: Checkout): Promise<string> {
  const path = 'dist/all.jsonl'
  expect((await ran(at, 'merge', bundle, changes, '-o', path)).exitCode).toBe(0)
  return path
}
