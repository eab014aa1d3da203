/** What a rebuild signs, what it refuses before it signs, and what its exit code says. */
import { existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { attestRebuild } from '../../src/attest/rebuild.ts'
import type { RebuildAttestation, RebuildRequest } from '../../src/attest/rebuild.ts'
import { embeddedSigstore, localTrust } from '../../src/embedded/project.ts'
import { limits } from '../../src/model/limits.ts'
import type { RebuildReport } from '../../src/model/rebuild-report.ts'
import type { RebuildComparisonPredicate } from '../../src/predicates/rebuild-comparison.ts'
import { judge } from '../../src/verify/verify.ts'
import { countersign } from '../cli/terminal.ts'
import { tarOf, zipOf } from '../world/archives.ts'
import { useWorkplaces } from '../world/checkout.ts'
import { codeOfAsync, failureOf } from '../world/failure.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { refusals } from '../world/release.ts'

const workplace = useWorkplaces()
type Workplace = ReturnType<typeof workplace>

const members = [{ name: 'a', content: 'one' }]
const later = [{ name: 'a', content: 'one', mtime: 9 }]

function put(at: Workplace, name: string, content: Buffer | string): string {
  const path = join(at.folder, name)
  writeFileSync(path, content)
  return path
}

async function rebuild(at: Workplace, asked: Partial<RebuildRequest> = {}): Promise<RebuildAttestation> {
  return attestRebuild({
    ...{ released: 'a.tar', rebuilt: 'b.tar', sigstore: embeddedSigstore(), out: {} },
    ...{ world: { cwd: at.folder, env: at.env(await at.token()) }, ...asked },
  })
}

const predicateOf = ({ statement }: { readonly statement: string }): RebuildComparisonPredicate =>
  (JSON.parse(statement) as { predicate: RebuildComparisonPredicate }).predicate

describe('a signed rebuild', () => {
  it('lies beside the artifact, is about it, and is found there', async () => {
    const at = workplace()
    put(at, 'a.tar', tarOf(members))
    put(at, 'b.tar', tarOf(members))
    const made = await rebuild(at)
    expect(made.written).toBe(join(at.folder, 'a.tar.rebuild.sigstore.json'))
    expect(predicateOf(made)).toMatchObject({
      ...{ outcome: 'same', rebuilt: { name: 'b.tar' } },
      source: { uri: 'https://github.com/acme/widget', commit: at.commit },
    })
    const trust = await localTrust(at.state)
    const verdict = await judge({ artifact: join(at.folder, 'a.tar'), trust, question: made.question })
    expect(refusals(verdict)).toEqual([])
  })

  it('that differs is signed, and passes nothing', async () => {
    const at = workplace()
    put(at, 'a.tar', tarOf(members))
    put(at, 'b.tar', tarOf(later))
    const made = await rebuild(at)
    expect(predicateOf(made)).toMatchObject({
      ...{ outcome: 'differs', members: 'equal', differences: { metadata: 1 } },
      differing: { members: [{ kind: 'metadata', name: 'a', fields: ['mtime'] }], more: 0 },
    })
    expect(schemaErrors('rebuild-comparison', predicateOf(made))).toEqual([])
    const trust = await localTrust(at.state)
    const verdict = await judge({ artifact: join(at.folder, 'a.tar'), trust, question: made.question })
    expect(refusals(verdict)).toEqual(['rebuild-outcome rebuild-differs'])
  })

  it('names the first of many differing members, and counts the others', async () => {
    const at = workplace()
    const many = (content: string): Buffer =>
      tarOf(Array.from({ length: limits.signedDifferences + 5 }, (_, index) => ({ name: `f${index}`, content })))
    put(at, 'a.tar', many('x'))
    put(at, 'b.tar', many('y'))
    const { differing, differences } = predicateOf(await rebuild(at))
    expect(differing?.members).toHaveLength(limits.signedDifferences)
    expect([differing?.more, differences?.content]).toEqual([5, limits.signedDifferences + 5])
  })

  it('is of a file and not of a link of the checkout, nor of a folder', async () => {
    const at = workplace()
    put(at, 'b.tar', tarOf(members))
    symlinkSync('/etc/hostname', join(at.folder, 'a.tar'))
    expect(await codeOfAsync(() => rebuild(at))).toBe('symlink-in-checkout')
    expect(await failureOf(() => rebuild(at, { released: 'dist', rebuilt: 'dist' }))).toMatchObject({
      ...{ code: 'usage', option: 'rebuilt' },
    })
    expect(existsSync(join(at.folder, 'a.tar.rebuild.sigstore.json'))).toBe(false)
  })

  it.each([
    ['https://ann:secret@github.com/acme/widget', 'a'.repeat(40)],
    ['https://github.com/acme/widget?token=secret', 'a'.repeat(40)],
    ['file:///home/secret', 'a'.repeat(40)],
    ['secret', 'a'.repeat(40)],
    ['https://github.com/acme/widget', 'main'],
  ])('is of no source such as %s at %s', async (uri, commit) => {
    const at = workplace()
    const failure = await failureOf(() => rebuild(at, { rebuiltSource: { uri, commit } }))
    expect(failure).toMatchObject({ code: 'usage', option: 'rebuiltSource' })
    expect(failure.message).not.toContain('secret')
  })
})

describe('countersign rebuild-compare', () => {
  async function run(at: Workplace, ...argv: readonly string[]): ReturnType<typeof countersign> {
    return countersign({ cwd: at.folder, env: at.env(await at.token()) }, 'rebuild-compare', ...argv)
  }

  it('ends with 0 for the same bytes alone, and with 1 where members are equal', async () => {
    const at = workplace()
    put(at, 'a.tar', tarOf(members))
    put(at, 'b.tar', tarOf(members))
    put(at, 'c.tar', tarOf(later))
    expect(await run(at, 'a.tar', 'b.tar')).toMatchObject({ exitCode: 0, stderr: '' })
    const differs = await run(at, 'a.tar', 'c.tar')
    expect(differs.exitCode).toBe(1)
    expect(differs.stdout).toMatch(/^differs {2}"a.tar"/)
    const json = await run(at, 'a.tar', 'c.tar', '--format', 'json')
    const report = JSON.parse(json.stdout) as RebuildReport
    expect(schemaErrors('rebuild-report', report)).toEqual([])
    expect(report).toMatchObject({ outcome: 'differs', artifacts: [{ members: 'equal' }] })
  })

  it('ends with 2 for what is not there, or a file and a folder', async () => {
    const at = workplace()
    put(at, 'a.tar', tarOf(members))
    expect((await run(at, 'a.tar', 'nowhere')).exitCode).toBe(2)
    expect((await run(at, 'a.tar', 'dist')).exitCode).toBe(2)
    expect((await run(at, 'a.tar', 'a.tar', '--sigstore', 'local')).exitCode).toBe(2)
    expect((await run(at, 'a.tar', 'a.tar', '-o', '.', '--source', 'https://github.com/a/b')).exitCode).toBe(2)
  })

  it('pairs the files of folders by their paths, without what lies beside artifacts', async () => {
    const at = workplace()
    at.write('x/sub/a.zip', zipOf(members).toString('latin1'))
    for (const [path, content] of [
      ['x/one', '1'],
      ['x/only', ''],
      ['x/one.sigstore.json', '{}'],
      ['y/one', '1'],
      ['y/sub/a.zip', 'other'],
    ] as const) {
      at.write(path, content)
    }
    const { exitCode, stdout } = await run(at, 'x', 'y', '--format', 'json')
    const { artifacts, leftOut } = JSON.parse(stdout) as RebuildReport
    expect(artifacts.map((it) => [it.name, it.outcome, it.differences[0]?.kind])).toEqual([
      ['one', 'same', undefined],
      ['only', 'differs', 'only-in-a'],
      ['sub/a.zip', 'differs', 'content'],
    ])
    expect([exitCode, leftOut]).toEqual([1, 1])
  })

  it('shows hostile names without what they would do to a terminal', async () => {
    const at = workplace()
    const name = '\u001b]0;owned\u0007\n::stop-commands::x'
    put(at, 'a.tar', tarOf([{ name, content: '1' }]))
    put(at, 'b.tar', tarOf([{ name, content: '2' }]))
    const { stdout } = await run(at, 'a.tar', 'b.tar')
    expect(stdout).not.toContain('\u001b')
    expect(stdout).not.toMatch(/^::/m)
    expect(stdout).toContain('\\u001b]0;owned')
  })

  it('signs also what differs, and ends with 1', async () => {
    const at = workplace()
    put(at, 'a.tar', tarOf(members))
    put(at, 'b.tar', tarOf(later))
    const { exitCode, stderr } = await run(at, 'a.tar', 'b.tar', '-o', '.', '--sigstore', 'local')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('signed that the rebuild differs')
    expect(existsSync(join(at.folder, 'a.tar.rebuild.sigstore.json'))).toBe(true)
  })
})
