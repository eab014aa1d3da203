/** `countersign trust`, and the flags of `verify` about trust, as a person meets them. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failedChecks } from '../../src/model/verdict.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { gitHubInstance, releaseSigner, releaseType } from '../world/github-instance.ts'
import { fromNow } from '../world/own-certificates.ts'
import { useRelease } from '../world/release.ts'
import { isEach, part } from '../world/runs.ts'
import { steppedClock } from '../world/stepped-clock.ts'
import { publication, roleKeys, serveMirror, signedRoot } from '../world/tuf-repository.ts'
import type { MirrorServer } from '../world/tuf-repository.ts'
import { countersign } from './terminal.ts'
import type { Ran } from './terminal.ts'

const release = useRelease()
const keys = roleKeys()
let folder: string
let mirror: MirrorServer
let flags: readonly string[]
let bundle: string | undefined

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-trust-'))
  mirror = await serveMirror(new Map([['1.root.json', signedRoot({ version: 1, keys })]]))
  const targets = { 'trusted_root.json': release().sigstore.trustedRoot }
  for (const [path, bytes] of publication({ targets, keys, version: 1 })) mirror.files.set(path, bytes)
  writeFileSync(join(folder, 'root.json'), mirror.files.get('1.root.json')!)
  writeFileSync(join(folder, 'trusted_root.json'), JSON.stringify(release().sigstore.trustedRoot))
  flags = ['--tuf-mirror', mirror.url, '--tuf-root', 'root.json']
})
afterEach(async () => {
  await mirror.close()
  rmSync(folder, { recursive: true })
})

function run(...argv: readonly string[]): Promise<Ran> {
  return runIn({}, ...argv)
}

function runIn(clock: Partial<Clock>, ...argv: readonly string[]): Promise<Ran> {
  return countersign({ ...clock, cwd: folder, env: { HOME: folder } }, ...argv)
}

/** `verify` of a genuine attestation, with its whole question. */
async function verify(...argv: readonly string[]): Promise<Ran> {
  return verifyIn({}, ...argv)
}

async function verifyIn(clock: Partial<Clock>, ...argv: readonly string[]): Promise<Ran> {
  bundle ??= release().write(await release().attested())
  const { signer, issuer, source } = release().question()
  const question = Object.entries({ signer, issuer, source, bundle }).flatMap(([name, value = '']) => [
    `--${name}`,
    value,
  ])
  return runIn(clock, 'verify', release().artifact, ...question, ...argv)
}

describe('help', () => {
  it.each([['trust'], ['trust', 'show'], ['trust', 'update'], ['trust', 'import'], ['trust', 'export']])(
    'of %s %s',
    async (...argv) => {
      const ran = await run(...argv.filter((it) => typeof it === 'string'), '--help')
      expect(ran).toMatchObject({ exitCode: 0, stderr: '' })
      expect(ran.stdout).toContain(`Usage: countersign ${argv.join(' ')}`)
    },
  )
})

describe('trust show', () => {
  it('writes a report, as text and as one line of JSON', async () => {
    const text = await run('trust', 'show', ...flags)
    expect(text).toMatchObject({ exitCode: 0, stderr: '' })
    expect(text.stdout).toMatch(/fetched now/)
    expect(text.stdout).toMatch(/root +v1, expires \d{4}-/)
    const json = await run('trust', 'show', ...flags, '--format', 'json')
    expect(json.stdout.split('\n')).toHaveLength(2)
    expect(JSON.parse(json.stdout)).toMatchObject({ type: 'https://w3id.org/countersign/trust-report/v1' })
  })

  it('warns where it is not fresh: once, on stderr', async () => {
    await run('trust', 'update', ...flags)
    mirror.files.clear()
    const { exitCode, stderr } = await run('trust', 'show', ...flags)
    expect(exitCode).toBe(0)
    expect(stderr.match(/^countersign: warning: /gm)).toHaveLength(1)
  })

  it('shows the root of a file', async () => {
    const { exitCode, stdout } = await run('trust', 'show', '--trusted-root', 'trusted_root.json')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('from a file')
  })
})

describe('trust update', () => {
  it('exits 0 and says what changed, or exits 3', async () => {
    expect((await run('trust', 'update', ...flags)).stdout).toContain('nothing was kept before')
    mirror.behave((response) => response.writeHead(503).end())
    const failed = await run('trust', 'update', ...flags)
    expect([failed.exitCode, failed.stdout]).toEqual([3, ''])
    expect(failed.stderr).toContain('(trust-unavailable)')
  })
})

describe('trust import', () => {
  it('keeps a root that verify then takes by name, and does not replace it', async () => {
    const imported = await run('trust', 'import', 'trusted_root.json', '--name', 'acme')
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' })
    expect(imported.stdout).toMatch(/digest +sha256:[0-9a-f]{64}/)
    expect(await verify('--trusted-root', 'name:acme')).toMatchObject({ exitCode: 0, stderr: '' })
    writeFileSync(join(folder, 'trusted_root.json'), JSON.stringify(release().sigstore.trustConfig))
    const again = await run('trust', 'import', 'trusted_root.json', '--name', 'acme')
    expect([again.exitCode, again.stdout]).toEqual([2, ''])
    expect(again.stderr).toContain('(output-exists)')
  })
})

describe('trust export', () => {
  const published = (): string => readFileSync(join(folder, 'published.json'), 'utf8')

  it('writes what TUF signed, byte for byte, and verify takes it without network', async () => {
    const [path = ''] = [...mirror.files.keys()].filter((it) => /^targets\/.*trusted_root\.json$/.test(it))
    writeFileSync(join(folder, 'published.json'), mirror.files.get(path)!)
    const { exitCode, stdout, stderr } = await run('trust', 'export', ...flags)
    expect([exitCode, stdout]).toEqual([0, published()])
    expect(stderr).toMatch(/^countersign: [^\n]*sha256:[0-9a-f]{64}\n$/)
    expect(await run('trust', 'export', ...flags, '--offline', '-o', 'own.json')).toMatchObject({
      exitCode: 0,
      stdout: '',
    })
    expect(readFileSync(join(folder, 'own.json'), 'utf8')).toBe(published())
    mirror.requests.length = 0
    expect(await verify('--trusted-root', 'own.json')).toMatchObject({ exitCode: 0, stderr: '' })
    expect(mirror.requests).toEqual([])
  })

  it('replaces a file only where that is said', async () => {
    const export_ = ['trust', 'export', '--trusted-root', 'trusted_root.json', '--out', 'own.json']
    writeFileSync(join(folder, 'own.json'), 'mine')
    const refused = await run(...export_)
    expect([refused.exitCode, refused.stdout]).toEqual([2, ''])
    expect(refused.stderr).toContain('(output-exists)')
    expect(readFileSync(join(folder, 'own.json'), 'utf8')).toBe('mine')
    expect((await run(...export_, '--overwrite')).exitCode).toBe(0)
    expect(readFileSync(join(folder, 'own.json'))).toEqual(readFileSync(join(folder, 'trusted_root.json')))
  })

  it('takes the root alone out of a ClientTrustConfig', async () => {
    writeFileSync(join(folder, 'config.json'), JSON.stringify(release().sigstore.trustConfig))
    const { exitCode, stdout } = await run('trust', 'export', '--sigstore', './config.json')
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, release().sigstore.trustedRoot])
  })

  it.runIf(isEach)('writes several, and those are read again', async () => {
    const two = ['--trusted-root', 'trusted_root.json', '--trusted-root', 'trusted_root.json']
    expect((await run('trust', 'export', ...two, '--out', 'two.jsonl')).exitCode).toBe(0)
    const { stdout } = await run('trust', 'show', '--trusted-root', 'two.jsonl', '--format', 'json')
    expect(stdout.trimEnd().split('\n')).toHaveLength(2)
  })

  it('writes nothing of what no verification would take', async () => {
    writeFileSync(
      join(folder, 'none.json'),
      '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}',
    )
    const lax = await run('trust', 'export', '--trusted-root', 'none.json', '--out', 'own.json')
    expect([lax.exitCode, lax.stdout]).toEqual([3, ''])
    expect(lax.stderr).toContain('(trusted-root-malformed)')
    await run('trust', 'update', ...flags)
    mirror.files.clear()
    const years = fromNow(20 * 365 * 86_400_000)
    const stale = await runIn({ now: () => years }, 'trust', 'export', ...flags, '--out', 'own.json')
    expect(stale.exitCode).toBe(3)
    expect(stale.stderr).toContain('(trust-stale)')
    expect(readdirSync(folder)).not.toContain('own.json')
  })

  it('is named where a file or the network is missing, and names neither as its own way out', async () => {
    const missing = await run('trust', 'show', '--trusted-root', 'nowhere.json')
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining('hint: ')])
    await run('trust', 'update', ...flags)
    mirror.behave((response) => response.writeHead(503).end())
    const failed = await run('trust', 'update', ...flags)
    for (const { stderr } of [missing, failed])
      expect(stderr).toMatch(/^countersign: hint: .*countersign trust export/m)
    expect(await run('trust', 'export', ...flags)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('{') as string,
    })
  })
})

describe('verify', () => {
  it('under a private TUF repository: a verdict, and without network one with a warning', async () => {
    expect(await verify(...flags)).toMatchObject({ exitCode: 0, stderr: '' })
    mirror.behave((response) => response.end('<html>'))
    const cached = await verify(...flags)
    expect(cached.exitCode).toBe(0)
    expect(cached.stderr).toMatch(/^countersign: warning: [^\n]*cache of[^\n]*\n$/)
    expect(cached.stdout).toMatch(/trust +.*cache of/)
  })

  it('with --offline asks nobody', async () => {
    await verify(...flags)
    mirror.requests.length = 0
    expect(await verify(...flags, '--offline')).toMatchObject({ exitCode: 0, stderr: '' })
    expect(mirror.requests).toEqual([])
  })

  it.runIf(isEach)('gives up a slow mirror after --refresh-timeout', async () => {
    await verify(...flags)
    // It answers nothing for as long as it is waited for.
    const clock = steppedClock()
    mirror.behave(() => clock.advanceToTimeout())
    const { exitCode, stderr } = await verifyIn(clock, ...flags, '--refresh-timeout', '0.3s')
    expect([exitCode, clock.timeouts]).toEqual([0, [300]])
    expect(stderr).toMatch(/^countersign: warning: [^\n]*none within 0\.3 s[^\n]*\n$/)
  })

  it('under a cache that somebody changed: exit 3, two lines, no verdict that passes', async () => {
    await verify(...flags)
    const cache = join(folder, '.cache', 'countersign', 'tuf')
    writeFileSync(join(cache, readdirSync(cache)[0]!), '{"type":1}')
    for (const how of [[], ['--offline']]) {
      const { exitCode, stdout, stderr } = await verify(...flags, ...how)
      expect(exitCode).toBe(3)
      expect(stdout).toMatch(/^UNDECIDED/)
      expect(stderr).toMatch(/^countersign: error: [^\n]*\(trust-cache-invalid\)\ncountersign: hint: [^\n]*\n$/)
    }
  })

  it('under two roots', async () => {
    mkdirSync(join(folder, 'b'))
    writeFileSync(join(folder, 'b', 'trusted_root.json'), JSON.stringify(release().sigstore.trustConfig))
    const { exitCode, stdout } = await verify(
      '--trusted-root',
      'b/trusted_root.json',
      '--trusted-root',
      'trusted_root.json',
    )
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^ {2}trust +b\/trusted_root\.json$/m)
  })

  it.runIf(isEach)('with a trusted root never asks anybody, whatever else is said', async () => {
    expect(await verify('--trusted-root', 'trusted_root.json', '--refresh-timeout', '1s')).toMatchObject({
      exitCode: 0,
      stderr: '',
    })
    expect(mirror.requests).toEqual([])
  })
})

describe('a command line about trust that is wrong', () => {
  it.each<[string, readonly string[], RegExp]>(
    part(
      [
        ['nothing asked of trust', ['trust'], /show, update, import or export/],
        ['something unknown', ['trust', 'revoke'], /./],
        ['a mirror without its root', ['trust', 'show', '--tuf-mirror', 'https://tuf.example'], /question-incomplete/],
        ['a root without its mirror', ['verify', 'x', '--tuf-root', 'root.json'], /question-incomplete/],
        [
          'a mirror without https',
          ['trust', 'update', '--tuf-mirror', 'http://tuf.example', '--tuf-root', 'root.json'],
          /https/,
        ],
        ['two trusts', ['trust', 'show', '--sigstore', 'public', '--trusted-root', 'a'], /question-conflict/],
        [
          'a mirror and a file',
          ['trust', 'show', '--tuf-mirror', 'https://a.example', '--tuf-root', 'a', '--trusted-root', 'b'],
          /question-conflict/,
        ],
        ['a time that is none', ['trust', 'show', '--refresh-timeout', '-1s'], /--refresh-timeout/],
        ['a time without its unit', ['verify', 'x', '--refresh-timeout', '5'], /--refresh-timeout.*usage/],
        ...['banana', '5', '5min'].flatMap((time): [string, readonly string[], RegExp][] => {
          const roots = [
            ['--trusted-root', 'trusted_root.json'],
            ['--sigstore', 'local'],
            ['--sigstore', 'trust-config.json'],
          ]
          return roots.map((root) => [
            `${time}, and trust that is not refreshed (${root.join(' ')})`,
            ['verify', 'x', ...root, '--refresh-timeout', time],
            /--refresh-timeout.*usage/,
          ])
        }),
        ...[
          'https://acme.ghe.com',
          'https://acme.ghe.com/',
          'github.com',
          'https://GitHub.com',
          'www.github.com',
          'acme.ghe.com/acme',
        ].map((address): [string, readonly string[], RegExp] => [
          `the Sigstore ${address}`,
          ['verify', 'x', '--sigstore', address],
          /no address.*usage/,
        ]),
        [
          'the Sigstore of another address',
          ['trust', 'show', '--sigstore', 'https://sigstore.acme.example'],
          /no address.*usage/,
        ],
        ['stale trust refused by name', ['verify', 'x', '--stale-trust', 'refuse'], /Allowed choices are allow/],
        ['an import without a name', ['trust', 'import', 'trusted_root.json'], /--name/],
        ['an export over nothing', ['trust', 'export', '--overwrite'], /--out/],
        ['an import under a path', ['trust', 'import', 'trusted_root.json', '--name', '../x'], /usage/],
        ['a name that nobody gave', ['trust', 'show', '--trusted-root', 'name:acme'], /path-missing/],
      ],
      4,
    ),
  )('%s: exit 2, one line and a hint', async (_what, argv, message) => {
    const { exitCode, stdout, stderr } = await run(...argv)
    expect([exitCode, stdout]).toEqual([2, ''])
    const lines = stderr.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^countersign: error: /)
    expect(lines[0]).toMatch(message)
    expect(lines.slice(1).every((line) => line.startsWith('countersign: hint: '))).toBe(true)
  })
})

it('the address of a tenant is told how it is written', async () => {
  const { stderr } = await run('verify', 'x', '--sigstore', 'https://Acme.ghe.com/')
  expect(stderr).toMatch(/hint: .*: here acme\.ghe\.com\n$/)
})

const failedCode = (verdict: Verdict): string | undefined =>
  failedChecks(verdict.attestations[0]?.checks ?? [])[0]?.code

describe('so many artifacts that they are spread over the cores', () => {
  let many: readonly string[] = []
  beforeEach(() => {
    many = Array.from({ length: 201 }, () => release().artifact)
  })

  const asked = async (): Promise<string[]> => {
    const { signer, issuer, source = '' } = release().question()
    const written = release().write(await release().genuine())
    return ['--signer', signer, '--issuer', issuer, '--source', source, '--bundle', written]
  }

  const trusts: readonly (readonly [string, () => readonly string[] | Promise<readonly string[]>])[] = [
    ['a TUF repository', () => flags],
    [
      'an imported root',
      async () => {
        expect((await run('trust', 'import', 'trusted_root.json', '--name', 'ours')).exitCode).toBe(0)
        return ['--trusted-root', 'name:ours']
      },
    ],
  ]

  it.runIf(isEach).each(trusts)('pass under %s', async (_, trusted) => {
    const trust = await trusted()
    const ran = await runIn({}, 'verify', ...many, ...(await asked()), '--format', 'json', ...trust)
    expect(ran.exitCode).toBe(0)
    expect(ran.stdout.split('\n').filter((line) => line.includes('"outcome":"pass"'))).toHaveLength(many.length)
  })

  it.runIf(isEach)('are each refused by the roots of the public instance, which did not sign', async () => {
    const ran = await runIn({}, 'verify', ...many, ...(await asked()), '--format', 'json', '--offline')
    expect(ran.exitCode).toBe(1)
    expect(ran.stdout).not.toContain('"internal"')
    const codes = ran.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => failedCode(JSON.parse(line) as Verdict))
    expect(new Set(codes).size).toBe(1)
    expect([codes.length, codes[0]]).toEqual([many.length, 'certificate-untrusted'])
  })
})

describe("GitHub's own Sigstore", () => {
  /** A network that answers nothing, and who was asked there. */
  const unreachable = (asked: string[]): typeof fetch => {
    return (input) => {
      asked.push(input as string)
      return Promise.reject(new TypeError('fetch failed'))
    }
  }

  it.each<[readonly string[], string]>(
    part(
      [
        [['github'], "GitHub's own Sigstore cannot"],
        [['acme.ghe.com'], "GitHub's own Sigstore for acme cannot"],
        [['ACME.ghe.com'], "GitHub's own Sigstore for acme cannot"],
        [['github:stamp-7'], "GitHub's own Sigstore for stamp-7 cannot"],
      ],
      2,
    ),
  )('is asked for as %s, through its TUF repository', async ([name], words) => {
    const asked: string[] = []
    const ran = await countersign(
      { cwd: folder, env: { HOME: folder }, fetch: unreachable(asked) },
      ...['trust', 'update', '--sigstore', name!],
    )
    expect(asked).toEqual(['https://tuf-repo.github.com/4.root.json'])
    expect([ran.exitCode, ran.stdout]).toEqual([3, ''])
    expect(ran.stderr).toContain(words)
  })

  it('is never reached without network, and nothing of it comes with the program', async () => {
    const asked: string[] = []
    const where = { cwd: folder, env: { HOME: folder }, fetch: unreachable(asked) }
    const ran = await countersign(where, 'trust', 'show', '--sigstore', 'github', '--offline')
    expect([ran.exitCode, asked]).toEqual([3, []])
    expect(ran.stderr).toContain('(trust-unavailable)')
  })

  it('stands beside others, and both are asked', async () => {
    const asked: string[] = []
    const where = { cwd: folder, env: { HOME: folder }, fetch: unreachable(asked) }
    await countersign(where, 'trust', 'show', '--sigstore', 'public', '--sigstore', 'github')
    expect(asked.map((it) => new URL(it).host)).toEqual(['tuf-repo-cdn.sigstore.dev', 'tuf-repo.github.com'])
  })

  it.each<[string, readonly string[], number, string]>(
    part(
      [
        ['no domain', ['trust', 'show', '--sigstore', 'github:'], 2, 'usage'],
        ['no name of a domain', ['trust', 'show', '--sigstore', 'github:../x'], 2, 'usage'],
        [
          'another way to name trust',
          ['trust', 'show', '--sigstore', 'github', '--trusted-root', 'x'],
          2,
          'question-conflict',
        ],
        ['a folder of the embedded one', ['trust', 'show', '--sigstore', 'github', '--local-state', 'x'], 2, 'usage'],
        ['a private mirror', ['trust', 'update', '--sigstore', 'github', '--tuf-mirror', 'x'], 2, 'question-conflict'],
        ['the embedded one, to update', ['trust', 'update', '--sigstore', 'local'], 2, 'usage'],
        ['a file, to update', ['trust', 'update', '--sigstore', './x.json'], 2, 'usage'],
        ['a word, for a file', ['trust', 'show', '--sigstore', 'gihtub'], 2, 'usage'],
        ['a signature', ['attest', 'x', '--sigstore', 'github'], 2, 'usage'],
        ['a signature for a tenant', ['attest', 'x', '--sigstore', 'acme.ghe.com'], 2, 'usage'],
      ],
      4,
    ),
  )('is not asked with %s', async (_, argv, exitCode, code) => {
    const asked: string[] = []
    const where = { cwd: folder, env: { HOME: folder }, fetch: unreachable(asked) }
    const ran = await countersign(where, ...argv)
    expect([ran.exitCode, asked]).toEqual([exitCode, []])
    expect(ran.stderr).toContain(`(${code})`)
  })

  it('is named, with its flag, where a bundle of it is judged by another root', async () => {
    const { signer, issuer, source } = release().question()
    const question = ['--signer', signer, '--issuer', issuer, '--source', source!]
    const path = release().write(await gitHubInstance(release()).attested())
    const ran = await run(
      ...['verify', release().artifact, '--bundle', path, '--trusted-root', 'trusted_root.json'],
      ...question,
    )
    expect(ran.exitCode).toBe(1)
    expect(ran.stdout).toContain("GitHub's own Sigstore (--sigstore github)")
    expect(ran.stdout).toContain('O=GitHub, Inc., CN=test-root')
  })
})

it('a release of GitHub is asked for by its waiver', async () => {
  const instance = gitHubInstance(release())
  const path = release().write(await instance.release())
  writeFileSync(join(folder, 'github.json'), JSON.stringify(instance.root))
  const ran = await run(
    ...['verify', release().artifact, '--bundle', path, '--trusted-root', 'github.json', '--any-source'],
    ...['--signer', releaseSigner, '--certificate-without-issuer', '--predicate-type', releaseType],
  )
  expect(ran).toMatchObject({ exitCode: 0, stderr: '' })
  expect(ran.stdout).toContain('waived by --certificate-without-issuer: the certificate names none: issuer')
})

it('what of a trusted root cannot be used is said on stderr, and in the verdict', async () => {
  const root = structuredClone(release().sigstore.trustedRoot) as unknown as { tlogs: object[] }
  root.tlogs.push({ baseUrl: 'https://pq.example' })
  writeFileSync(join(folder, 'odd.json'), JSON.stringify(root))
  const ran = await verify('--trusted-root', 'odd.json')
  expect(ran.exitCode).toBe(0)
  expect(ran.stderr).toMatch(/^countersign: warning: left out of odd\.json: the transparency log https:\/\/pq\.example/)
  expect(ran.stdout).toContain('odd.json (left out: the transparency log https://pq.example')
  const json = await verify('--trusted-root', 'odd.json', '--format', 'json')
  expect((JSON.parse(json.stdout) as Verdict).trust).toContain('pq.example')
})
