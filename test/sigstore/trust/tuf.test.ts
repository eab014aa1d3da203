/** Trust through TUF: fetched, kept, used without network, and what an attacker on the way or on the disk gets. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CountersignError } from '../../../src/errors.ts'
import { startLocalSigstore } from '../../../src/embedded/index.ts'
import type { LocalSigstore } from '../../../src/embedded/index.ts'
import { sha256Hex } from '../../../src/model/digest.ts'
import { limits } from '../../../src/model/limits.ts'
import type { TrustSource } from '../../../src/model/trust-source.ts'
import { worldOf } from '../../../src/platform/world.ts'
import type { World } from '../../../src/platform/world.ts'
import { loadTrust } from '../../../src/sigstore/trust/source.ts'
import type { Trust } from '../../../src/sigstore/verify/trusted-root.ts'
import { cachePath, writeCache } from '../../../src/sigstore/trust/tuf-cache.ts'
import { fetchPublicSigningConfig, obtainTarget, updateTarget } from '../../../src/sigstore/trust/tuf.ts'
import { readFirstRoot } from '../../../src/sigstore/trust/tuf-metadata.ts'
import { nothingAhead } from '../../../src/sigstore/trust/tuf-refresh.ts'
import { gitHubRepository, openRepository, publicRepository } from '../../../src/sigstore/trust/tuf-repository.ts'
import type { TufRepository } from '../../../src/sigstore/trust/tuf-repository.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { closedOrigin, endless } from '../../world/loopback-server.ts'
import { part, runs } from '../../world/runs.ts'
import { steppedClock } from '../../world/stepped-clock.ts'
import type { SteppedClock } from '../../world/stepped-clock.ts'
import { inDays, publication, roleKeys, serveMirror, signedRoot } from '../../world/tuf-repository.ts'
import type { MirrorServer, Publication } from '../../world/tuf-repository.ts'

let sigstore: LocalSigstore
let other: LocalSigstore
beforeAll(async () => {
  ;[sigstore, other] = await Promise.all([startLocalSigstore(), startLocalSigstore()])
})
afterAll(() => Promise.all([sigstore.close(), other.close()]))

const keys = roleKeys()
let folder: string
let mirror: MirrorServer
let warnings: string[]
let clock: SteppedClock

beforeEach(async () => {
  clock = steppedClock()
  folder = mkdtempSync(join(tmpdir(), 'tuf-'))
  warnings = []
  mirror = await serveMirror(new Map([['1.root.json', signedRoot({ version: 1, keys })]]))
  publish()
  writeFileSync(join(folder, 'root.json'), mirror.files.get('1.root.json')!)
})
afterEach(async () => {
  await mirror.close()
  rmSync(folder, { recursive: true })
})

function publish(change: Partial<Publication> = {}): void {
  const targets = { 'trusted_root.json': sigstore.trustedRoot }
  for (const [path, bytes] of publication({ targets, keys, version: 1, ...change })) mirror.files.set(path, bytes)
}

type Tuf = Extract<TrustSource, { kind: 'tuf' }>

function source(change: Partial<Tuf> = {}): Tuf {
  return { kind: 'tuf', mirror: mirror.url, root: join(folder, 'root.json'), ...change }
}

function world(change: Partial<World> = {}): World {
  return worldOf({ ...clock, env: { HOME: folder }, warn: (message) => warnings.push(message), ...change })
}

function load(change: Partial<Tuf> = {}, where: Partial<World> = {}): Promise<Trust> {
  return loadTrust(source(change), world(where))
}

const offline = { network: 'none' } as const
const later = (days: number): Partial<World> => ({ now: () => inDays(days) })

function cacheFile(): string {
  const cache = join(folder, '.cache', 'countersign', 'tuf')
  const [name, ...others] = readdirSync(cache)
  expect(others).toEqual([])
  return join(cache, name!)
}

interface Cached {
  refreshedAt: string
  roots: string[]
  roles: { timestamp: string; snapshot: string; targets: string }
  ahead: { timestamp?: string; snapshot?: string; targets?: string }
  files: Record<string, string>
}

function cached(): Cached {
  return JSON.parse(readFileSync(cacheFile(), 'utf8')) as Cached
}

function editCache(edit: (cache: Cached) => void): void {
  const cache = cached()
  edit(cache)
  writeFileSync(cacheFile(), JSON.stringify(cache))
}

describe('with network', () => {
  it('the trusted root is fetched, and the verdict says so', async () => {
    const trust = await load()
    expect(trust.certificateAuthorities).toHaveLength(1)
    expect(trust.origin).toContain('root v1, fetched now')
    expect(warnings).toEqual([])
    expect(mirror.requests).toEqual([
      '2.root.json',
      'timestamp.json',
      '1.snapshot.json',
      '1.targets.json',
      [...mirror.files.keys()].find((it) => it.startsWith('targets/')),
    ])
  })

  it('what has not changed is not fetched again', async () => {
    await load()
    mirror.requests.length = 0
    await load()
    expect(mirror.requests).toEqual(['2.root.json', 'timestamp.json'])
  })

  it('what has changed is', async () => {
    await load()
    publish({ version: 2, targets: { 'trusted_root.json': other.trustedRoot } })
    const [before, after] = [await load(offline), await load()]
    expect(after.transparencyLogs[0]!.id).not.toEqual(before.transparencyLogs[0]!.id)
    expect((await load(offline)).transparencyLogs[0]!.id).toEqual(after.transparencyLogs[0]!.id)
  })

  it('the repository of the embedded Sigstore is read', async () => {
    const root = await fetch(`${sigstore.url}/tuf/1.root.json`)
    writeFileSync(join(folder, 'local.json'), await root.text())
    const trust = await load({ mirror: `${sigstore.url}/tuf/`, root: join(folder, 'local.json') })
    expect(trust.transparencyLogs.length).toBeGreaterThan(0)
  })

  it('a root that the former one signed is followed, and kept', async () => {
    const next = roleKeys()
    mirror.files.set('2.root.json', signedRoot({ version: 2, keys: next, signers: [keys.root, next.root] }))
    publish({ version: 2, keys: next })
    expect((await load()).origin).toContain('root v2')
    expect((await load(offline)).origin).toContain('root v2')
  })

  it.each([
    ['by itself alone', (next: typeof keys) => signedRoot({ version: 2, keys: next })],
    ['by the former one alone', (next: typeof keys) => signedRoot({ version: 2, keys: next, signers: [keys.root] })],
    [
      'but leaves a version out',
      (next: typeof keys) => signedRoot({ version: 3, keys: next, signers: [keys.root, next.root] }),
    ],
  ])('a root that is signed %s is refused, also where there is a cache', async (_how, forge) => {
    await load()
    const next = roleKeys()
    mirror.files.set('2.root.json', forge(next))
    publish({ version: 2, keys: next, targets: { 'trusted_root.json': other.trustedRoot } })
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
    expect((await load(offline)).origin).toContain('root v1')
  })

  it('a first root that does not sign itself, or is something else, is refused', async () => {
    writeFileSync(join(folder, 'other.json'), signedRoot({ version: 1, keys, signers: [roleKeys().root] }))
    writeFileSync(join(folder, 'sigstore.json'), JSON.stringify(sigstore.trustedRoot))
    for (const name of ['other.json', 'sigstore.json']) {
      expect(await codeOfAsync(() => load({ root: join(folder, name) }))).toBe('trusted-root-malformed')
    }
    expect(await codeOfAsync(() => load({ root: join(folder, 'none.json') }))).toBe('path-missing')
  })

  it.each(['ftp://a.example', 'http://tuf.example', 'https://user@tuf.example', 'https://tuf.example/?a=b', 'tuf'])(
    'a mirror at %s is a usage error',
    async (address) => {
      expect(await codeOfAsync(() => load({ mirror: address }))).toBe('usage')
    },
  )

  it('a repository without a trusted root gives none', async () => {
    publish({ targets: { 'other.json': {} } })
    expect(await codeOfAsync(() => load())).toBe('trust-unavailable')
  })

  it('a trusted root that is one by signature only is still read strictly', async () => {
    publish({ targets: { 'trusted_root.json': { mediaType: 'something else' } } })
    expect(await codeOfAsync(() => load())).toBe('trusted-root-malformed')
  })
})

/** Fetches while another process does something right before the answer for a path comes; by default the last one. */
async function overtaken(meanwhile: () => Promise<unknown>, path = 'targets/'): Promise<Trust> {
  let isOver = false
  return load(
    {},
    {
      fetch: async (...args) => {
        const answer = await fetch(...args)
        const [url] = args
        if (!isOver && String(url instanceof Request ? url.url : url).includes(path)) {
          isOver = true
          await meanwhile()
        }
        return answer
      },
    },
  )
}

describe('a process that is overtaken by another one', () => {
  it('does not put what is older in the place of what the other has seen', async () => {
    const older = await overtaken(() => {
      publish({ version: 2, targets: { 'trusted_root.json': other.trustedRoot } })
      return load()
    })
    const kept = await load(offline)
    expect(kept.transparencyLogs[0]!.id).not.toEqual(older.transparencyLogs[0]!.id)
    expect(kept.transparencyLogs[0]!.id).toEqual((await load()).transparencyLogs[0]!.id)
    expect(warnings).toEqual([])
  })

  it('keeps the files that the other has fetched of the same targets', async () => {
    publish({ targets: { 'trusted_root.json': sigstore.trustedRoot, 'other.json': { a: 1 } } })
    await overtaken(async () => updateTarget(await openRepository(source(), world()), 'other.json', source(), world()))
    const { files } = cached()
    expect(Object.keys(files).sort()).toEqual(['other.json', 'trusted_root.json'])
    expect((await load(offline)).certificateAuthorities).toHaveLength(1)
  })

  it('keeps no file that its own targets do not name: the cache would not verify again', async () => {
    await overtaken(async () => {
      publish({ targets: { 'trusted_root.json': sigstore.trustedRoot, 'other.json': { a: 1 } } })
      await updateTarget(await openRepository(source(), world()), 'other.json', source(), world())
    })
    const { files } = cached()
    expect(Object.keys(files)).toEqual(['trusted_root.json'])
    expect((await load(offline)).certificateAuthorities).toHaveLength(1)
  })

  it('and cannot have the cache says so, and verifies with what it fetched', async () => {
    await load()
    writeFileSync(`${cacheFile()}.lock`, JSON.stringify({ pid: 1, host: 'elsewhere.example', id: 'x' }))
    const before = clock.elapsed()
    expect((await load()).origin).toContain('fetched now')
    expect(clock.elapsed() - before).toBe(limits.trustRefreshTimeout)
    expect(warnings).toEqual([expect.stringContaining('cannot be kept') as string])
  })
})

describe('a mirror that forges is refused, and nothing older is taken instead:', () => {
  const forger = roleKeys()
  it.each([
    ['timestamp', { ...keys, timestamp: forger.timestamp }],
    ['snapshot', { ...keys, snapshot: forger.snapshot }],
    ['targets', { ...keys, targets: forger.targets }],
  ])('%s signed by another key', async (_role, forged) => {
    await load()
    publish({ version: 2, keys: forged, targets: { 'trusted_root.json': other.trustedRoot } })
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
    expect((await load(offline)).origin).toContain('cache')
  })

  it('a target of the same length with other content', async () => {
    const [path, bytes] = [...mirror.files].find(([it]) => it.startsWith('targets/'))!
    mirror.files.set(path, Buffer.from(bytes.toString().replace('rekor', 'wrong')))
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
  })

  it('a timestamp that goes back', async () => {
    publish({ version: 5, versions: { snapshot: 1, targets: 1 } })
    await load()
    publish({ version: 4, versions: { snapshot: 1, targets: 1 } })
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
  })

  it('a new timestamp that names an older snapshot', async () => {
    publish({ version: 5 })
    await load()
    publish({ version: 4, versions: { timestamp: 6, targets: 5 } })
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
  })

  it('a new snapshot that names older targets', async () => {
    publish({ version: 5 })
    await load()
    publish({ version: 6, versions: { targets: 4 } })
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
  })

  it('targets of another version than the snapshot names', async () => {
    publish({ version: 2 })
    const old = mirror.files.get('1.targets.json')!
    mirror.files.set('2.targets.json', old)
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
  })
})

describe('a mirror that gives nothing is like no network:', () => {
  const silences: readonly (readonly [string, () => void])[] = [
    ['an HTML page', () => mirror.behave((response) => response.end('<html>log in</html>'))],
    ['status 500', () => mirror.behave((response) => response.writeHead(500).end('{}'))],
    ['an answer that never comes', () => mirror.behave(() => clock.advanceToTimeout())],
    ['nothing but 404', () => mirror.files.clear()],
    ['an expired timestamp', () => publish({ version: 2, expires: { timestamp: inDays(-1) } })],
    ['an expired snapshot', () => publish({ version: 2, expires: { snapshot: inDays(-1) } })],
    ['expired targets', () => publish({ version: 2, expires: { targets: inDays(-1) } })],
    ['an expired root', () => mirror.files.set('2.root.json', signedRoot({ version: 2, keys, expires: inDays(-1) }))],
  ]

  it.each(silences)('%s, and the cache is used with a warning', async (_what, silence) => {
    await load()
    silence()
    const trust = await load()
    expect(trust.origin).toMatch(/root v[12], cache of .* \(not refreshed: /)
    expect(warnings).toHaveLength(1)
  })

  it.each(part(silences, 2))('%s, and without a cache nothing is trusted', async (_what, silence) => {
    silence()
    expect(await codeOfAsync(() => load())).toBe('trust-unavailable')
  })

  it('a redirect to a place without https, though what lies there is genuine', async () => {
    const elsewhere = await serveMirror(mirror.files)
    try {
      mirror.behave((response, path) => response.writeHead(302, { location: `${elsewhere.url}/${path}` }).end())
      expect(await codeOfAsync(() => load())).toBe('trust-unavailable')
    } finally {
      await elsewhere.close()
    }
  })

  // Time stands still, so nothing but the bound can end it.
  it('an answer without end, which is cut', async () => {
    mirror.behave((response) => endless(response))
    expect(await codeOfAsync(() => load())).toBe('trust-unavailable')
    expect(clock.elapsed()).toBe(0)
  })

  it.each([undefined, 300])(
    'an answer that never comes, which is waited for as long as was asked (%s)',
    async (asked) => {
      mirror.behave(() => clock.advanceToTimeout())
      const options = asked === undefined ? {} : { refreshTimeout: asked }
      expect(await codeOfAsync(() => load(options))).toBe('trust-unavailable')
      expect(clock.elapsed()).toBe(asked ?? limits.trustRefreshTimeout)
    },
  )

  it('answers that each take a while: they share the time', async () => {
    const { files } = mirror
    mirror.behave((response, path) => {
      clock.advance(limits.trustRefreshTimeout / 3)
      response.writeHead(files.has(path) ? 200 : 404).end(files.get(path))
    })
    expect(await codeOfAsync(() => load())).toBe('trust-unavailable')
    expect(mirror.requests).toHaveLength(3)
  })

  it('a port where nobody listens', async () => {
    await load()
    const origin = await closedOrigin()
    expect(await codeOfAsync(() => load({ mirror: origin }))).toBe('trust-unavailable')
  })

  it('but keys that it revoked before it fell silent stay revoked', async () => {
    await load()
    const next = { ...roleKeys(), root: keys.root }
    mirror.files.set('2.root.json', signedRoot({ version: 2, keys: next }))
    mirror.files.delete('timestamp.json')
    expect(await codeOfAsync(() => load())).toBe('trust-unavailable')
    expect(await codeOfAsync(() => load(offline))).toBe('trust-unavailable')
  })
})

describe('without network, as asked,', () => {
  it('no request is made, and a fresh cache needs no warning', async () => {
    await load()
    mirror.requests.length = 0
    const trust = await load(offline, { fetch: () => Promise.reject(new Error('asked for')) })
    expect(trust.origin).toContain('without network, as asked')
    expect(mirror.requests).toEqual([])
    expect(warnings).toEqual([])
  })

  it('a private repository without a cache gives nothing', async () => {
    expect(await codeOfAsync(() => load(offline))).toBe('trust-unavailable')
  })

  it('a cache is warned about after a day and refused after a week, unless that is accepted by name', async () => {
    publish({ expires: { timestamp: inDays(365) } })
    await load()
    await load(offline, later(2))
    expect(warnings).toHaveLength(1)
    expect(await codeOfAsync(() => load(offline, later(7.1)))).toBe('trust-stale')
    const accepted = await load({ ...offline, staleTrust: 'allow' }, later(7.1))
    expect(accepted.origin).toContain('STALE')
    expect(warnings).toHaveLength(2)
  })

  it('stale trust is refused too where the mirror fell silent', async () => {
    await load()
    mirror.files.clear()
    expect(await codeOfAsync(() => load({}, later(8)))).toBe('trust-stale')
  })

  it('a cache is refused whose signed roles expired a week ago, whatever date it gives itself', async () => {
    await load()
    const now = inDays(14.1)
    editCache((cache) => (cache.refreshedAt = now.toISOString()))
    expect(await codeOfAsync(() => load(offline, { now: () => now }))).toBe('trust-stale')
  })

  it('a cache from the future is refused', async () => {
    await load()
    editCache((cache) => (cache.refreshedAt = inDays(3).toISOString()))
    expect(await codeOfAsync(() => load(offline))).toBe('trust-stale')
  })
})

describe('a cache that was changed is refused, with and without network:', () => {
  const forger = roleKeys()
  const tampered: readonly (readonly [string, () => void])[] = [
    [
      'the trusted root',
      () => editCache((cache) => (cache.files['trusted_root.json'] = JSON.stringify(other.trustedRoot))),
    ],
    ['a file that no role names', () => editCache((cache) => (cache.files['more.json'] = '{}'))],
    [
      'targets',
      () => editCache((cache) => (cache.roles.targets = cache.roles.targets.replace('"length":', '"length":1'))),
    ],
    [
      'a timestamp that goes back',
      () =>
        editCache(
          (cache) =>
            (cache.roles.timestamp = publication({ targets: {}, keys, version: 4 }).get('timestamp.json')!.toString()),
        ),
    ],
    [
      'a chain of roots that the attacker made',
      () =>
        editCache((cache) => {
          const files = publication({ targets: { 'trusted_root.json': other.trustedRoot }, keys: forger, version: 9 })
          const text = (path: string): string => files.get(path)!.toString()
          cache.roots = [signedRoot({ version: 2, keys: forger }).toString()]
          cache.roles = {
            timestamp: text('timestamp.json'),
            snapshot: text('9.snapshot.json'),
            targets: text('9.targets.json'),
          }
          cache.files = { 'trusted_root.json': JSON.stringify(other.trustedRoot) }
        }),
    ],
    ['half of it', () => writeFileSync(cacheFile(), readFileSync(cacheFile()).subarray(0, 1_000))],
    ['no JSON', () => writeFileSync(cacheFile(), '<html>')],
    ['another shape', () => writeFileSync(cacheFile(), '[]')],
    [
      'a member twice',
      () => writeFileSync(cacheFile(), readFileSync(cacheFile(), 'utf8').replace('{', '{"mirror":"",')),
    ],
    [
      'a folder in its place',
      () => {
        const path = cacheFile()
        rmSync(path)
        mkdirSync(path)
      },
    ],
  ]

  it.each(part(tampered, 2))('%s', async (_what, tamper) => {
    publish({ version: 5 })
    await load()
    tamper()
    expect(await codeOfAsync(() => load(offline))).toBe('trust-cache-invalid')
    expect(await codeOfAsync(() => load())).toBe('trust-cache-invalid')
    expect(await codeOfAsync(() => load({ staleTrust: 'allow' }))).toBe('trust-cache-invalid')
  })

  it.each(part(tampered.slice(0, -1), 4))('%s, until an update replaces it and says so', async (_what, tamper) => {
    publish({ version: 5 })
    await load()
    tamper()
    const repository = await openRepository(source(), world())
    const { before, after } = await updateTarget(repository, 'trusted_root.json', source(), world())
    expect(before).toBeUndefined()
    expect(after.status.obtained).toBe('fetched')
    expect(warnings).toHaveLength(1)
    expect((await load(offline)).origin).toContain('cache')
  })

  it('a file where its folder should be: refused without network, a warning with it', async () => {
    writeFileSync(join(folder, '.cache'), '')
    expect(await codeOfAsync(() => load(offline))).toBe('input-unreadable')
    expect((await load()).origin).toContain('fetched now')
    expect(warnings).toHaveLength(1)
    mirror.files.clear()
    expect(await codeOfAsync(() => load())).toBe('input-unreadable')
  })

  it.skipIf(process.getuid?.() === 0)('a folder that cannot be written: a warning', async () => {
    mkdirSync(join(folder, '.cache'))
    chmodSync(join(folder, '.cache'), 0o500)
    expect((await load()).origin).toContain('fetched now')
    expect(warnings).toHaveLength(1)
  })
})

/** What is trusted, without where it came from, and without what is proved from it later. */
function materialOf(trust: Trust): unknown {
  const authorities = [...trust.certificateAuthorities, ...trust.timestampAuthorities]
  const logs = [trust.transparencyLogs, trust.certificateLogs]
  return { authorities: authorities.map(({ validFor, chain }) => ({ validFor, chain })), logs }
}

describe('the cache', () => {
  it('changed at random is refused, or says what was fetched, and is never something else', async () => {
    const fetched = await load()
    const genuine = readFileSync(cacheFile())
    const change = fc.tuple(fc.nat(genuine.length - 1), fc.integer({ min: 1, max: 255 }))
    const outcomes = await fc.check(
      fc.asyncProperty(change, async ([at, difference]) => {
        const changed = Buffer.from(genuine)
        changed[at] = changed[at]! ^ difference
        writeFileSync(cacheFile(), changed)
        const result = await load({ ...offline, staleTrust: 'allow' }).catch((thrown: unknown) => thrown)
        if (result instanceof CountersignError) expect(result.code).toBe('trust-cache-invalid')
        else expect(materialOf(result as Trust)).toEqual(materialOf(fetched))
      }),
      { numRuns: runs(200), examples: [[[62, 1]]] }, // the name of the mirror, which is written for readers alone
    )
    expect(outcomes.failed, outcomes.counterexample?.join()).toBe(false)
  })

  it('lies in XDG_CACHE_HOME, if that is absolute', async () => {
    await load({}, { env: { HOME: folder, XDG_CACHE_HOME: join(folder, 'own') } })
    await load({}, { env: { HOME: folder, XDG_CACHE_HOME: 'relative' } })
    expect(readdirSync(join(folder, 'own', 'countersign', 'tuf'))).toHaveLength(1)
    expect(readdirSync(join(folder, '.cache', 'countersign', 'tuf'))).toHaveLength(1)
  })

  it('of one first root is nothing to another, though the mirror is the same', async () => {
    await load()
    writeFileSync(join(folder, 'other.json'), signedRoot({ version: 1, keys: { ...roleKeys(), root: keys.root } }))
    expect(await codeOfAsync(() => load({ ...offline, root: join(folder, 'other.json') }))).toBe('trust-unavailable')
  })

  it('is not written where it would be more than is read again', async () => {
    await load()
    const before = readFileSync(cacheFile(), 'utf8')
    const { firstRoot } = await openRepository(source(), world())
    const files = new Map([['trusted_root.json', Buffer.alloc(limits.tufCacheBytes, ' ')]])
    const state = { roots: [firstRoot], roles: undefined, ahead: nothingAhead, files } as const
    const path = join(folder, 'large.json')
    const write = (): Promise<void> => writeCache(path, mirror.url, { state, refreshedAt: clock.now() }, world())
    expect(await codeOfAsync(write)).toBe('output-failed')
    expect(existsSync(path)).toBe(false)
    expect(readFileSync(cacheFile(), 'utf8')).toBe(before)
  })

  it('keeps what can be used where a refresh fails in the middle', async () => {
    await load()
    const { roots, roles, files } = cached()
    publish({ version: 2, targets: { 'trusted_root.json': other.trustedRoot } })
    mirror.files.delete('2.targets.json')
    await load()
    expect(cached()).toMatchObject({ roots, roles, files })
  })
})

describe('what a mirror has shown counts, however the refresh ended:', () => {
  const next = { ...roleKeys(), root: keys.root }

  /** Only what the names say is missing. */
  function withhold(...paths: readonly string[]): void {
    for (const path of paths) mirror.files.delete(path)
  }

  it('a root that came before the mirror fell silent, though nothing had been kept', async () => {
    mirror.files.set('2.root.json', signedRoot({ version: 2, keys: next }))
    withhold('timestamp.json')
    expect(await codeOfAsync(() => load())).toBe('trust-unavailable')
    withhold('2.root.json')
    publish()
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
  })

  it('a root that came before a forged one', async () => {
    mirror.files.set('2.root.json', signedRoot({ version: 2, keys: next }))
    mirror.files.set('3.root.json', signedRoot({ version: 3, keys: roleKeys() }))
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
    withhold('2.root.json', '3.root.json')
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
  })

  it.each([
    ['is missing', () => withhold('5.snapshot.json'), 'trust-unavailable'],
    [
      'is forged',
      () => publish({ version: 5, keys: { ...keys, snapshot: next.snapshot } }),
      'trust-repository-invalid',
    ],
  ])('a timestamp whose snapshot %s', async (_how, damage, code) => {
    publish({ version: 5 })
    damage()
    expect(await codeOfAsync(() => load())).toBe(code)
    publish({ version: 4 })
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
    publish({ version: 5 })
    expect((await load()).origin).toContain('fetched now')
  })

  it('a snapshot whose targets are missing', async () => {
    await load()
    publish({ version: 5 })
    withhold('5.targets.json')
    expect((await load()).origin).toContain('cache')
    publish({ version: 6, versions: { targets: 4 } })
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
  })

  it('targets whose file is missing, and the older file is used meanwhile', async () => {
    const before = await load()
    publish({ version: 2, targets: { 'trusted_root.json': other.trustedRoot } })
    const file = [...mirror.files].filter(([path]) => path.startsWith('targets/')).at(-1)!
    withhold(file[0])
    expect(materialOf(await load())).toEqual(materialOf(before))
    mirror.requests.length = 0
    mirror.files.set(...file)
    expect(materialOf(await load())).not.toEqual(materialOf(before))
    expect(mirror.requests).toEqual(['2.root.json', 'timestamp.json', file[0]])
  })

  it('a timestamp that the next root still vouches for, though not for the targets', async () => {
    publish({ version: 5 })
    await load()
    const rotated = { ...keys, targets: next.targets }
    mirror.files.set('2.root.json', signedRoot({ version: 2, keys: rotated }))
    publish({ version: 5, versions: { timestamp: 4 }, keys: rotated })
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
    publish({ version: 6, keys: rotated })
    expect((await load()).origin).toContain('root v2, fetched now')
  })

  it('what an update saw that failed', async () => {
    publish({ version: 5 })
    withhold('5.snapshot.json')
    const repository = await openRepository(source(), world())
    const update = (): Promise<unknown> => updateTarget(repository, 'trusted_root.json', source(), world())
    expect(await codeOfAsync(update)).toBe('trust-unavailable')
    publish({ version: 4 })
    expect(await codeOfAsync(update)).toBe('trust-repository-invalid')
  })

  it('what another process saw meanwhile', async () => {
    await overtaken(async () => {
      publish({ version: 5 })
      withhold('5.snapshot.json')
      expect(await codeOfAsync(() => load())).toBe('trust-unavailable')
    })
    publish({ version: 4 })
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
    expect((await load(offline)).origin).toContain('cache')
  })

  it('what this process saw, where another has come to its end with less', async () => {
    await load()
    publish({ version: 5 })
    withhold('5.snapshot.json')
    await overtaken(async () => {
      publish({ version: 3 })
      await load()
    }, '5.snapshot.json')
    publish({ version: 4 })
    expect(await codeOfAsync(() => load())).toBe('trust-repository-invalid')
  })

  it('but the seed is used until a refresh came to its end', async () => {
    const repository: TufRepository = {
      ...(await openRepository(source(), world())),
      seed: new Map([['trusted_root.json', Buffer.from('{}')]]),
    }
    withhold('timestamp.json')
    for (const options of [{}, offline]) {
      const { status } = await obtainTarget(repository, 'trusted_root.json', options, world())
      expect(status.obtained).toBe('seed')
    }
    publish()
    await obtainTarget(repository, 'trusted_root.json', {}, world())
    expect((await obtainTarget(repository, 'trusted_root.json', offline, world())).status.obtained).toBe('cache')
  })

  it('and a cache that is changed in that is refused', async () => {
    publish({ version: 5 })
    withhold('5.snapshot.json')
    expect(await codeOfAsync(() => load())).toBe('trust-unavailable')
    editCache((cache) => {
      const forged = publication({ targets: {}, keys: next, version: 1 }).get('timestamp.json')!
      cache.ahead = { timestamp: forged.toString() }
    })
    publish({ version: 4 })
    expect(await codeOfAsync(() => load())).toBe('trust-cache-invalid')
  })
})

it('a file in a folder has its digest before the last part of its name', async () => {
  publish({ targets: { 'a/b/c.json': {} } })
  const [path, bytes] = [...mirror.files].find(([it]) => it.startsWith('targets/') && it.includes('/b/'))!
  const [, digest] = /targets\/([0-9a-f]{64})\./.exec(path)!
  mirror.files.delete(path)
  mirror.files.set(`targets/a/b/${digest}.c.json`, bytes)
  const repository = await openRepository(source(), world())
  expect((await updateTarget(repository, 'a/b/c.json', source(), world())).after.bytes).toEqual(bytes)
})

it.each([
  ['linux', '/home/ann/.cache/countersign/tuf/'],
  ['darwin', '/home/ann/.cache/countersign/tuf/'],
  ['win32', 'C:\\Users\\ann\\AppData\\Local\\countersign\\cache\\tuf\\'],
] as const)('the cache lies in the folder of the person, as %s', (platform, folder) => {
  const env = { HOME: '/home/ann', USERPROFILE: 'C:\\Users\\ann' }
  const path = cachePath('https://tuf.example.org/x', Buffer.from('root'), worldOf({ env, platform }))
  expect(path.startsWith(folder)).toBe(true)
  expect(path.slice(folder.length)).toMatch(/^tuf\.example\.org-[0-9a-f]{16}\.json$/)
})

it('the seed of public-good Sigstore is that of its own client, byte for byte', async () => {
  const path = fileURLToPath(new URL('../../../node_modules/@sigstore/tuf/seeds.json', import.meta.url))
  const seeds = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly [mirror: string]: { readonly 'root.json': string; readonly targets: { readonly [name: string]: string } }
  }
  const { mirror: address, firstRoot, seed } = await publicRepository()
  const theirs = seeds[address]!
  expect(Buffer.from(firstRoot.bytes).toString('base64')).toBe(theirs['root.json'])
  const files = [...seed].map(([name, bytes]) => [encodeURIComponent(name), Buffer.from(bytes).toString('base64')])
  expect(Object.fromEntries(files)).toEqual(theirs.targets)
})

describe("the repository of GitHub's own Sigstore", () => {
  it('begins with the root that its client carries, whole and signed by itself', async () => {
    const { firstRoot, mirror: address, seed, trustTarget } = await gitHubRepository()
    expect([address, trustTarget, seed.size]).toEqual(['https://tuf-repo.github.com', 'trusted_root.json', 0])
    expect(sha256Hex(firstRoot.bytes)).toBe('98cba97be9075bc98b2322de3de85fbd1b70ec7392991dfd2f53d215bede1a8d')
    const { version, roles } = firstRoot.metadata.signed
    expect([version, roles['root']!.threshold, roles['targets']!.threshold]).toEqual([3, 3, 3])
    const { firstRoot: other } = await gitHubRepository('acme')
    expect(other.bytes).toEqual(firstRoot.bytes)
  })

  it('has a trusted root of its own for each trust domain', async () => {
    publish({ targets: { 'trusted_root.json': sigstore.trustedRoot, 'acme.trusted_root.json': other.trustedRoot } })
    const at = async (trustDomain?: string): Promise<TufRepository> => ({
      ...(await gitHubRepository(trustDomain)),
      mirror: mirror.url,
      firstRoot: readFirstRoot(mirror.files.get('1.root.json')!),
    })
    const trusted = async (trustDomain?: string): Promise<unknown> => {
      const repository = await at(trustDomain)
      const { bytes } = await obtainTarget(repository, repository.trustTarget, {}, world())
      return JSON.parse(Buffer.from(bytes).toString('utf8'))
    }
    expect(await trusted()).toEqual(sigstore.trustedRoot)
    expect(await trusted('acme')).toEqual(other.trustedRoot)
    expect(await codeOfAsync(() => trusted('none'))).toBe('trust-unavailable')
    // All of them lie in one cache, and are there without network.
    const [plain, acme] = [await at(), await at('acme')]
    for (const [repository, whole] of [
      [plain, sigstore],
      [acme, other],
    ] as const) {
      const { bytes } = await obtainTarget(repository, repository.trustTarget, offline, world())
      expect(JSON.parse(Buffer.from(bytes).toString('utf8'))).toEqual(whole.trustedRoot)
    }
  })

  it.each(part(['', '.', '..', 'a/b', 'a.b', 'A', '-a', 'a-', 'a b', 'a'.repeat(64)], 4))(
    'has no domain %j',
    async (name) => {
      expect(await codeOfAsync(() => gitHubRepository(name))).toBe('usage')
      expect(await codeOfAsync(() => loadTrust({ kind: 'github', trustDomain: name }, world()))).toBe('usage')
    },
  )
})

describe('public-good Sigstore without network', () => {
  const release = new Date('2026-11-20T00:00:00Z')
  const silent: typeof fetch = () => Promise.reject(new TypeError('fetch failed'))
  /** Asked for without network, or in a world that has none. */
  const ways: readonly (readonly [string, Partial<TrustSource & { kind: 'public' }>, Partial<World>])[] = [
    ['as asked', offline, {}],
    ['as it is', {}, { fetch: silent }],
  ]

  it.each(ways)('is trusted by the seed, with a warning (%s)', async (_how, options, where) => {
    const trust = await loadTrust({ kind: 'public', ...options }, world({ now: () => release, ...where }))
    expect(trust.origin).toMatch(/built-in seed of root v\d+/)
    expect(trust.transparencyLogs.map((it) => it.host)).toContain('rekor.sigstore.dev')
    expect(warnings).toHaveLength(1)
  })

  it('no longer once the root of the seed has expired, unless that is accepted by name', async () => {
    const old = world({ now: () => new Date('2037-01-01T00:00:00Z') })
    expect(await codeOfAsync(() => loadTrust({ kind: 'public', ...offline }, old))).toBe('trust-stale')
    const trust = await loadTrust({ kind: 'public', ...offline, staleTrust: 'allow' }, old)
    expect(trust.origin).toContain('STALE')
  })

  it.each(part(ways, 2))(
    'a cache that does not verify is refused, and the seed not taken instead (%s)',
    async (_how, options, where) => {
      const { mirror: address, firstRoot } = await publicRepository()
      const path = cachePath(address, firstRoot.bytes, worldOf({ env: { HOME: folder } }))
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, '{}')
      const then = world({ now: () => release, ...where })
      expect(await codeOfAsync(() => loadTrust({ kind: 'public', ...options }, then))).toBe('trust-cache-invalid')
    },
  )

  it('names no signing services', async () => {
    const then = world({ now: () => release })
    expect(await codeOfAsync(() => fetchPublicSigningConfig(offline, then))).toBe('trust-unavailable')
  })
})
