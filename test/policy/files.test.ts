/** Whatever somebody puts in the place of a policy or a bundle: nothing is waited for, and what was judged is what the verdict names. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type * as Files from '../../src/platform/files.ts'
import { worldOf } from '../../src/platform/world.ts'
import { gatherTrust } from '../../src/sigstore/trust/source.ts'
import { openApprovedPolicy } from '../../src/verify/approved-policy.ts'
import { lintPolicy } from '../../src/verify/lint-policy.ts'
import { openPolicy } from '../../src/verify/open-policy.ts'
import { testPolicy } from '../../src/verify/test-policy.ts'
import { judge } from '../../src/verify/verify.ts'
import { codeOfAsync } from '../world/failure.ts'
import { makePipe } from '../world/named-pipe.ts'
import { policyText, releaseJob } from '../world/policy-release.ts'
import { refusals, useRelease } from '../world/release.ts'

/** What becomes of a file as soon as somebody has read it. */
const afterReading = vi.hoisted(() => new Map<string, (path: string) => void>())

vi.mock('../../src/platform/files.ts', async (original) => {
  const real = await original<typeof Files>()
  const readRegularFile: typeof real.readRegularFile = async (path, ...given) => {
    const bytes = await real.readRegularFile(path, ...given)
    afterReading.get(path)?.(path)
    return bytes
  }
  return { ...real, readRegularFile }
})

const release = useRelease()
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const at = (name: string): string => join(release().folder, name)

/** Names of things that are no regular file, and what each is called. */
const strange = [
  ['pipe', 'path-not-regular'],
  ['folder', 'path-directory'],
  ['loop', 'input-unreadable'],
  ['dangling', 'path-missing'],
  ['to-pipe', 'path-not-regular'],
  ['to-device', 'path-not-regular'],
] as const

beforeAll(() => {
  makePipe(at('pipe'))
  mkdirSync(at('folder'))
  symlinkSync('loop', at('loop'))
  symlinkSync('nowhere', at('dangling'))
  symlinkSync('pipe', at('to-pipe'))
  symlinkSync('/dev/zero', at('to-device'))
})

beforeEach(() => afterReading.clear())

describe.each(strange)('a policy in whose place there is a %s', (name, code) => {
  test('is none', async () => {
    expect(await codeOfAsync(() => openPolicy({ file: name }, release().folder))).toBe(code)
    const { outcome, findings } = await lintPolicy(name, { cwd: release().folder })
    expect([outcome, findings.map((it) => it.code)]).toEqual(['fail', [code]])
  })

  test('is none that can be extended', async () => {
    writeFileSync(at('near.yaml'), policyText(release(), { extends: { file: name, sha256: '0'.repeat(64) } }))
    expect(await codeOfAsync(() => openPolicy({ file: 'near.yaml' }, release().folder))).toBe(code)
  })

  test('has no cases there', async () => {
    writeFileSync(at('cased.yaml'), policyText(release(), {}))
    rmSync(at('cased.tests'), { recursive: true, force: true })
    mkdirSync(at('cased.tests'))
    symlinkSync(join('..', name), at('cased.tests/one.yaml'))
    expect(await codeOfAsync(() => testPolicy('cased.yaml', { cwd: release().folder }))).toBe(code)
  })

  test('is not passed over where cases are looked for, though others are there', async () => {
    writeFileSync(at('over.yaml'), policyText(release(), {}))
    const rows = { 'ai/tools': 'evidence-missing' }
    const good = {
      apiVersion: 'countersign/policy-tests/v1',
      cases: [{ name: 'a', input: 'a.json', expect: { rows } }],
    }
    const tested = (): Promise<string> => codeOfAsync(() => testPolicy('over.yaml', { cwd: release().folder }))
    const clean = (): void => {
      for (const it of ['over.tests', 'over.tests.yaml']) rmSync(at(it), { recursive: true, force: true })
    }
    clean()
    mkdirSync(at('over.tests'))
    writeFileSync(at('over.tests/one.yaml'), JSON.stringify(good))
    symlinkSync(name, at('over.tests.yaml'))
    expect(await tested()).toBe(code)
    if (name === 'folder') return
    clean()
    writeFileSync(at('over.tests.yaml'), JSON.stringify(good))
    symlinkSync(name, at('over.tests'))
    expect(await tested()).toBe('input-unreadable')
  })
})

test.each([
  ['pipe', 'input-unreadable'],
  ['folder', 'input-unreadable'],
  ['loop', 'input-unreadable'],
  ['dangling', 'policy-unsigned'],
  ['to-device', 'input-unreadable'],
])('beside a policy that must be signed a %s is no bundle', async (name, code) => {
  writeFileSync(at('signed.yaml'), policyText(release(), {}))
  rmSync(at('signed.yaml.sigstore.json'), { force: true })
  symlinkSync(name, at('signed.yaml.sigstore.json'))
  const approved = { signer: 'https://acme.example/a', issuer: release().sigstore.issuer }
  const opened = openApprovedPolicy(
    { file: 'signed.yaml', approved },
    await gatherTrust(release().trust, worldOf()),
    release().folder,
  )
  expect(await codeOfAsync(() => opened)).toBe(code)
})

describe('a policy behind a link', () => {
  test('is what the link leads to, by the digest of that', async () => {
    const [one, other] = [policyText(release(), {}), policyText(release(), {}, { description: 'another' })]
    writeFileSync(at('one.yaml'), one)
    writeFileSync(at('other.yaml'), other)
    symlinkSync('one.yaml', at('link.yaml'))
    expect((await openPolicy({ file: 'link.yaml' }, release().folder)).sha256).toBe(digestOf(one))
    const near = policyText(release(), { extends: { file: 'link.yaml', sha256: digestOf(one) } })
    writeFileSync(at('extending.yaml'), near)
    const { sha256, extends: extended } = await openPolicy({ file: 'extending.yaml' }, release().folder)
    expect([sha256, extended]).toEqual([digestOf(near), [{ file: 'link.yaml', sha256: digestOf(one) }]])
    // Whoever turns the link changes what the digest was of.
    rmSync(at('link.yaml'))
    symlinkSync('other.yaml', at('link.yaml'))
    expect(await codeOfAsync(() => openPolicy({ file: 'extending.yaml' }, release().folder))).toBe(
      'policy-digest-mismatch',
    )
  })
})

describe('a policy that is another one as soon as it was read', () => {
  const weak = (): string => policyText(release(), {}, { description: 'another' })
  /** Once read it is another one; `file` holds the first again. */
  function changing(file: string, first: string, then: string): void {
    writeFileSync(at(file), first)
    afterReading.set(at(file), (path) => writeFileSync(path, then))
  }

  test('is judged as it was read, and named by the digest of that', async () => {
    const strict = policyText(release(), { provenance: { buildLevel: { atLeast: 3 } } })
    changing('swapped.yaml', strict, weak())
    const { outcome, policy } = await judge({
      ...{ artifact: release().artifact, bundle: Buffer.from(JSON.stringify(await release().genuine(releaseJob))) },
      ...{ trust: release().trust, policy: { file: at('swapped.yaml') }, world: { cwd: release().folder } },
    })
    expect([outcome, policy?.sha256]).toEqual(['fail', digestOf(strict)])
    expect(readFileSync(at('swapped.yaml'), 'utf8')).toBe(weak())
  })

  test('is linted as it was read: its digest is that of what the findings are about', async () => {
    const bad = policyText(release(), {}, { extends: { file: 'nowhere.yaml', sha256: '0'.repeat(64) } })
    changing('linted.yaml', bad, weak())
    const { sha256, findings } = await lintPolicy('linted.yaml', { cwd: release().folder })
    expect([sha256, findings.map(({ code }) => code)]).toEqual([digestOf(bad), ['path-missing', 'id-missing']])
  })

  test('is tested as it was read, with each of its profiles', async () => {
    const profiles = { strict: { ai: { models: { allow: ['x'] } } } }
    const readFirst = policyText(release(), {}, { profiles })
    changing('tested.yaml', readFirst, weak())
    const it = { artifact: 'app.tgz', bundle: 'tested.json', trustedRoot: 'tested-root.json' }
    const cases = [
      { name: 'plain', ...it, expect: { outcome: 'pass' } },
      { name: 'strict', profile: 'strict', ...it, expect: { rows: { 'ai/models': 'model-refused' } } },
    ]
    writeFileSync(at('tested.json'), JSON.stringify(await release().genuine(releaseJob)))
    writeFileSync(at('tested-root.json'), JSON.stringify(release().sigstore.trustedRoot))
    writeFileSync(at('tested.tests.yaml'), JSON.stringify({ apiVersion: 'countersign/policy-tests/v1', cases }))
    const { cases: results, sha256 } = await testPolicy('tested.yaml', { cwd: release().folder })
    expect(results.map(({ profile, differences }) => [profile, differences])).toEqual([
      [undefined, []],
      ['strict', []],
    ])
    expect(sha256).toBe(digestOf(readFirst))
  })
})

describe('a bundle in whose place there is', () => {
  test.each([
    ['a folder', 'folder', 'undecided path-directory'],
    ['a loop', 'loop', 'undecided input-unreadable'],
    ['a device that never ends', '/dev/zero', 'undecided input-too-large'],
    ['a device with nothing in it', '/dev/null', 'undecided json-malformed'],
    ['a link that leads nowhere', 'dangling', 'undecided path-missing'],
  ])('%s decides nothing', async (_, bundle, expected) => {
    writeFileSync(at('any.yaml'), policyText(release(), {}))
    for (const previous of [undefined, bundle]) {
      const verdict = await judge({
        ...{ artifact: release().artifact, trust: release().trust, policy: { file: 'any.yaml' } },
        ...(previous === undefined
          ? { bundle }
          : { bundle: Buffer.from(JSON.stringify(await release().genuine(releaseJob))), previous }),
        world: { cwd: release().folder },
      })
      expect(refusals(verdict)).toEqual([expected])
    }
  })
})
