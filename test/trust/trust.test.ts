/** The flows of trust material, and verification under several roots. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isObject } from '../../src/model/json.ts'
import type { Json } from '../../src/model/json.ts'
import { trustReport } from '../../src/model/trust-report.ts'
import type { TrustSource } from '../../src/model/trust-source.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import type { World } from '../../src/platform/world.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import { importTrust, showTrust, updateTrust } from '../../src/trust/trust.ts'
import { judge } from '../../src/verify/verify.ts'
import { codeOfAsync } from '../world/failure.ts'
import { fromNow } from '../world/own-certificates.ts'
import { refusals, trustIn, useRelease } from '../world/release.ts'
import { publication, roleKeys, serveMirror, signedRoot } from '../world/tuf-repository.ts'
import type { MirrorServer } from '../world/tuf-repository.ts'

const release = useRelease()
const keys = roleKeys()
let folder: string
let mirror: MirrorServer
let foreign: Json

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trust-'))
  const other = await startLocalSigstore()
  foreign = other.trustedRoot
  await other.close()
  mirror = await serveMirror(new Map([['1.root.json', signedRoot({ version: 1, keys })]]))
  writeFileSync(join(folder, 'root.json'), mirror.files.get('1.root.json')!)
  publish(1, release().sigstore.trustedRoot)
})
afterEach(async () => {
  await mirror.close()
  rmSync(folder, { recursive: true })
})

function publish(version: number, root: Json): void {
  const targets = { 'trusted_root.json': root }
  for (const [path, bytes] of publication({ targets, keys, version })) mirror.files.set(path, bytes)
}

function tuf(change: Partial<Extract<TrustSource, { kind: 'tuf' }>> = {}): TrustSource {
  return { kind: 'tuf', mirror: mirror.url, root: join(folder, 'root.json'), ...change }
}

/** A person of their own, whose folders are those of the test. */
function home(more: Partial<World> = {}): Partial<World> {
  return { env: { HOME: folder }, cwd: folder, ...more }
}

function later(days: number): Partial<World> {
  const now = fromNow(days * 86_400_000)
  return home({ now: () => now })
}

/** The verdict on the artifact of the release, with its whole question. */
function judgeUnder(trust: TrustSource, bundle: object, world: Partial<World> = home()): Promise<Verdict> {
  const at = release()
  return judge({ artifact: at.artifact, bundle: at.write(bundle), trust, question: at.question(), world })
}

describe('showing trust', () => {
  it('tells where it came from, how fresh it is, and whose signatures count', async () => {
    const [report, ...others] = await showTrust(tuf(), home())
    expect(others).toEqual([])
    expect(trustReport().parse(report)).toEqual(report)
    expect(report).toMatchObject({ obtained: 'fetched', warnings: [], tuf: { rootVersion: 1, freshness: 'fresh' } })
    expect(report!.tuf!.roles.map((it) => `${it.role} ${it.version}`)).toEqual([
      'root 1',
      'timestamp 1',
      'snapshot 1',
      'targets 1',
    ])
    expect(new Set(report!.services.map((it) => it.role))).toEqual(
      new Set(['certificate-authority', 'certificate-log', 'transparency-log', 'timestamp-authority']),
    )
    for (const { keyId } of report!.services) expect(keyId).toMatch(/^[0-9a-f]{16}$/)
  })

  it('of a cache says so, and shows what is stale instead of refusing it', async () => {
    await showTrust(tuf(), home())
    const [cached] = await showTrust(tuf({ network: 'none' }), home())
    expect(cached).toMatchObject({ obtained: 'cache', tuf: { freshness: 'fresh' }, warnings: [] })
    const [stale] = await showTrust(tuf({ network: 'none' }), later(30))
    expect(stale).toMatchObject({ obtained: 'cache', tuf: { freshness: 'stale' } })
    expect(stale!.tuf!.roles.filter((it) => it.expired).map((it) => it.role)).toEqual(['timestamp'])
    expect(stale!.warnings).toHaveLength(1)
  })

  it('of public-good Sigstore without network is that of the seed', async () => {
    const now = (): Date => new Date('2026-11-20T00:00:00Z')
    const [report] = await showTrust({ kind: 'public', network: 'none' }, home({ now }))
    expect(report).toMatchObject({ obtained: 'seed', tuf: { freshness: 'aging' } })
    expect(report!.services.map((it) => it.host)).toContain('fulcio.sigstore.dev')
    expect(report!.warnings).toHaveLength(1)
  })

  it('of several roots is a report each, and one of a .jsonl too', async () => {
    const [first, second] = [release().sigstore.trustedRoot, foreign].map((it) => JSON.stringify(it))
    writeFileSync(join(folder, 'a.json'), first!)
    writeFileSync(join(folder, 'b.json'), second!)
    writeFileSync(join(folder, 'both.jsonl'), `${first}\n\n${second}\n`)
    const file = (name: string): TrustSource => ({ kind: 'file', path: join(folder, name) })
    const two = await showTrust({ kind: 'any', sources: [file('a.json'), file('b.json')] })
    const lines = await showTrust(file('both.jsonl'))
    expect(two.map((it) => it.digest)).toEqual(lines.map((it) => it.digest))
    expect(lines.map((it) => it.origin)).toEqual([`${join(folder, 'both.jsonl')}:1`, `${join(folder, 'both.jsonl')}:3`])
  })

  it('of more roots than anybody needs is refused', async () => {
    const line = JSON.stringify(release().sigstore.trustedRoot)
    writeFileSync(join(folder, 'many.jsonl'), `${line}\n`.repeat(33))
    expect(await codeOfAsync(() => showTrust({ kind: 'file', path: join(folder, 'many.jsonl') }))).toBe(
      'input-too-large',
    )
  })

  it('fits the published schema', async () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../schemas/trust-report/v1.json', import.meta.url), 'utf8'),
    ) as object
    const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema)
    writeFileSync(join(folder, 'a.json'), JSON.stringify(foreign))
    const reports = [
      ...(await showTrust(tuf(), home())),
      ...(await showTrust({ kind: 'file', path: join(folder, 'a.json') })),
      await updateTrust(tuf(), home()),
      await importTrust({ path: 'a.json', name: 'a', world: home() }),
    ]
    for (const report of reports) {
      validate(JSON.parse(JSON.stringify(report)))
      expect(validate.errors ?? []).toEqual([])
    }
    expect(validate({ ...reports[0], obtained: 'somehow' })).toBe(false)
  })

  it('of an empty .jsonl is an error', async () => {
    writeFileSync(join(folder, 'none.jsonl'), '\n')
    expect(await codeOfAsync(() => showTrust({ kind: 'file', path: join(folder, 'none.jsonl') }))).toBe(
      'trusted-root-malformed',
    )
  })
})

describe('updating trust', () => {
  it('says what changed', async () => {
    expect((await updateTrust(tuf(), home())).changes).toEqual(['nothing was kept before'])
    expect((await updateTrust(tuf(), home())).changes).toEqual([])
    publish(2, foreign)
    const { changes = [], obtained } = await updateTrust(tuf(), home())
    expect(obtained).toBe('fetched')
    expect(changes).toEqual(expect.arrayContaining(['timestamp v1 to v2', 'snapshot v1 to v2', 'targets v1 to v2']))
    expect(changes.filter((it) => it.startsWith('gone: ')).length).toBeGreaterThan(0)
    expect(changes.filter((it) => it.startsWith('new: ')).length).toBeGreaterThan(0)
  })

  it('fails without network, where a verification would take the cache', async () => {
    await updateTrust(tuf(), home())
    mirror.files.clear()
    expect(await codeOfAsync(() => updateTrust(tuf(), home()))).toBe('trust-unavailable')
    expect(await showTrust(tuf(), home())).toHaveLength(1)
  })

  it('fails where what is fetched could not be kept', async () => {
    writeFileSync(join(folder, '.cache'), '')
    expect(await codeOfAsync(() => updateTrust(tuf(), home()))).toBe('input-unreadable')
  })

  it('is for TUF, with network', async () => {
    expect(await codeOfAsync(() => updateTrust(release().trust))).toBe('usage')
    expect(await codeOfAsync(() => updateTrust(tuf({ network: 'none' }), home()))).toBe('question-conflict')
  })
})

describe('importing trust', () => {
  it('shows what is trusted from then on under that name', async () => {
    writeFileSync(join(folder, 'trusted_root.json'), JSON.stringify(release().sigstore.trustedRoot))
    const report = await importTrust({ path: 'trusted_root.json', name: 'acme', world: home() })
    expect(trustReport().parse(report)).toEqual(report)
    expect(report.imported).toMatchObject({ name: 'acme' })
    const verdict = await judgeUnder({ kind: 'imported', name: 'acme' }, await release().attested())
    expect(refusals(verdict)).toEqual([])
    expect(verdict.trust).toBe(`acme, imported, sha256:${report.digest.slice(0, 16)}`)
  })
})

describe('verification', () => {
  const signedBy = (json: Json, origin: string): TrustSource => ({ kind: 'json', json, origin })
  const both = (...sources: TrustSource[]): TrustSource => ({ kind: 'any', sources })

  it('under a private TUF repository says so, and goes on without it', async () => {
    const bundle = await release().attested()
    const online = await judgeUnder(tuf(), bundle)
    expect(refusals(online)).toEqual([])
    expect(online.trust).toContain('root v1, fetched now')
    mirror.files.clear()
    const cached = await judgeUnder(tuf(), bundle)
    expect(refusals(cached)).toEqual([])
    expect(cached.trust).toContain('cache of')
  })

  it('under stale trust is undecided', async () => {
    const bundle = await release().attested()
    await judgeUnder(tuf(), bundle)
    const verdict = await judgeUnder(tuf({ network: 'none' }), bundle, later(8))
    expect(refusals(verdict)).toEqual(['undecided trust-stale'])
    const accepted = await judgeUnder(tuf({ network: 'none', staleTrust: 'allow' }), bundle, later(8))
    expect(refusals(accepted)).toEqual([])
    expect(accepted.trust).toContain('STALE')
  })

  it('under a forged repository is undecided', async () => {
    publish(2, foreign)
    const forger = roleKeys()
    for (const [path, bytes] of publication({ targets: {}, keys: forger, version: 3 })) mirror.files.set(path, bytes)
    const verdict = await judgeUnder(tuf(), await release().attested())
    expect(refusals(verdict)).toEqual(['undecided trust-repository-invalid'])
  })

  it('under two roots passes if one of them holds, and says which', async () => {
    const bundle = await release().attested()
    const own = signedBy(release().sigstore.trustedRoot, 'own')
    for (const trust of [both(own, signedBy(foreign, 'foreign')), both(signedBy(foreign, 'foreign'), own)]) {
      const verdict = await judgeUnder(trust, bundle)
      expect(refusals(verdict)).toEqual([])
      expect(verdict.trust).toBe('own')
    }
  })

  it('under two roots never mixes them: authorities of one and logs of the other are no root', async () => {
    const { trustedRoot: own } = release().sigstore
    if (!isObject(own) || !isObject(foreign)) throw new Error('roots are objects')
    const bundle = await release().attested()
    const halves = [
      { ...own, tlogs: foreign['tlogs']!, timestampAuthorities: foreign['timestampAuthorities']! },
      { ...foreign, tlogs: own['tlogs']!, timestampAuthorities: own['timestampAuthorities']! },
    ]
    for (const half of halves) expect((await judgeUnder(trustIn(half), bundle)).outcome).toBe('fail')
    const [first, second] = halves.map((it, index) => signedBy(it, `half ${index}`))
    const verdict = await judgeUnder(both(first!, second!), bundle)
    expect(verdict.outcome).toBe('fail')
    expect(verdict.trust).toMatch(/^none of half 0, or half 1; nearest half [01]$/)
  })

  it('under two roots of which one cannot be read is undecided', async () => {
    const nowhere: TrustSource = { kind: 'file', path: join(folder, 'nowhere') }
    const verdict = await judgeUnder(both(release().trust, nowhere), await release().attested())
    expect(refusals(verdict)).toEqual(['undecided path-missing'])
  })

  it('under no root at all is undecided', async () => {
    const verdict = await judgeUnder(both(), await release().attested())
    expect(refusals(verdict)).toEqual(['undecided trusted-root-malformed'])
  })
})

describe('a trusted root in a file', () => {
  const sourceFile = (path: string): string =>
    JSON.stringify(fileURLToPath(new URL(`../../src/${path}`, import.meta.url)))
  const loaded = (source: TrustSource): string[] => {
    const script = `
      import Module from 'node:module'
      import { gatherTrust, openTrusts } from ${sourceFile('sigstore/trust/source.ts')}
      import { worldOf } from ${sourceFile('platform/world.ts')}
      const now = new Date('2026-11-20T00:00:00Z')
      openTrusts(await gatherTrust(${JSON.stringify(source)}, worldOf({ env: { HOME: ${JSON.stringify(folder)} }, now: () => now })))
      const names = Object.keys(Module._cache).filter((it) => /@sigstore.tuf|tuf-js|@tufjs/.test(it))
      console.log(JSON.stringify(names))`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
    })
    if (stdout === '') throw new Error(stderr)
    return JSON.parse(stdout) as string[]
  }

  it('is read without loading any TUF software, which the public root needs', () => {
    const path = join(folder, 'trusted_root.json')
    writeFileSync(path, JSON.stringify(release().sigstore.trustedRoot))
    expect(loaded({ kind: 'file', path })).toEqual([])
    expect(loaded({ kind: 'public', network: 'none' })).not.toEqual([])
  })
})
