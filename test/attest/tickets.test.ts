/** Tickets of the changes of a release, from their messages to the signed statement, and what a tracker says of them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RangeReport } from '../../src/model/range-report.ts'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { loopback } from '../world/loopback-server.ts'

const checkout = useCheckouts()
const changes = 'dist/app.tgz.changes.sigstore.json'
const secret = 'tracker-token-PLANTED'

function withTickets(): Checkout {
  const at = checkout()
  at.git('commit', '--quiet', '--allow-empty', '--message', 'Parse PLANTEDTITLE\n\nRefs: PROJ-7, and fixes #41\n')
  writeFileSync(join(at.folder, '../token'), secret)
  return at
}

async function run(at: Checkout, ...argv: readonly string[]): Promise<Ran> {
  return countersign({ cwd: at.folder, env: at.env(await at.token({ ref: 'refs/heads/main' })) }, ...argv)
}

interface Told {
  readonly changes: readonly { readonly tickets?: readonly Record<string, unknown>[] }[]
  readonly readers: readonly { readonly reader: string; readonly outcome: string; readonly detail?: string }[]
}

function statementIn(at: Checkout): Told {
  const { dsseEnvelope } = JSON.parse(readFileSync(join(at.folder, changes), 'utf8')) as {
    dsseEnvelope: { payload: string }
  }
  return (JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')) as { predicate: Told }).predicate
}

const attest = ['attest', 'dist/app.tgz', '--sigstore', 'local', '--changes', changes]

describe('the tickets of a release', () => {
  it('are signed with who said them and the digest of the text, and without a word of it', async () => {
    const at = withTickets()
    expect(await run(at, ...attest)).toMatchObject({ exitCode: 0 })
    const { changes: told, readers } = statementIn(at)
    expect(told[0]?.tickets).toMatchObject([
      { said: 'commit', system: 'unknown', key: 'PROJ-7', relation: 'refs' },
      { said: 'commit', system: 'github', key: 'acme/widget#41', relation: 'fixes' },
    ])
    expect(readers).toContainEqual({ reader: 'tickets', outcome: 'found', claims: 2 })
    expect(readers.find((it) => it.reader === 'tracker')?.outcome).toBe('not-collected')
    expect(readers.filter((it) => it.reader === 'tickets')).toHaveLength(1)
    expect(JSON.stringify(told)).not.toContain('PLANTED')
  })

  it('have a parent where the API of their tracker answers, whose token goes nowhere else', async () => {
    const at = withTickets()
    const asked: (string | undefined)[] = []
    const url = await loopback((request, response) => {
      asked.push(request.headers.authorization)
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({
          key: 'PROJ-7',
          fields: { parent: { key: 'PROJ-1', fields: { issuetype: { name: 'Epic' } } } },
        }),
      )
    })
    const config = `version: 1\ntrackers:\n  - { system: jira, url: ${url.replace('http:', 'https:')}, prefixes: [PROJ] }\n`
    at.write('.countersign/config.yaml', config)
    at.git('add', '.countersign')
    at.git('commit', '--quiet', '--message', 'Name the tracker, PROJ-7, and https://other.acme.example/browse/PROJ-7')
    const flags = ['--tracker-system', 'jira', '--tracker-api', `${url}/rest/api/3`, '--tracker-token-file', '../token']
    const { exitCode, stderr } = await run(at, ...attest, ...flags)
    expect([exitCode, exitCode === 0 ? '' : stderr, stderr.includes(secret)]).toEqual([0, '', false])
    const { changes: told, readers } = statementIn(at)
    expect(readers.find((it) => it.reader === 'tracker')).toMatchObject({ outcome: 'found', claims: 1 })
    expect(told[0]?.tickets).toMatchObject([
      { system: 'jira', key: 'PROJ-7', rule: 'prefix', parent: { said: 'tracker-api', key: 'PROJ-1', kind: 'epic' } },
      { system: 'jira', key: 'PROJ-7', uri: 'https://other.acme.example/browse/PROJ-7' },
    ])
    // Of the other tracker this one knows nothing.
    expect(told[0]?.tickets?.[1]).not.toHaveProperty('parent')
    expect(asked.length).toBeGreaterThan(0)
  })

  it('are shown before anything is signed, and drawn', async () => {
    const at = withTickets()
    const { stdout } = await run(at, 'sessions', '--offline', '--format', 'json')
    const report = JSON.parse(stdout.split('\n')[0] ?? '') as RangeReport
    expect(report.changes[0]?.context?.tickets?.map(({ key }) => key)).toEqual(['PROJ-7', 'acme/widget#41'])
    const drawn = await run(at, 'graph', '--offline', '--format', 'json')
    expect(drawn.stdout).toContain('"asked-for"')
  })

  it.each([
    ['one of the three flags', ['--changes', changes, '--tracker-system', 'jira']],
    [
      'no changes to tell',
      [
        '--tracker-system',
        'jira',
        '--tracker-api',
        'https://jira.acme.example/rest/api/3',
        '--tracker-token-file',
        '../token',
      ],
    ],
    [
      'an address that is none',
      [
        '--changes',
        changes,
        '--tracker-system',
        'jira',
        '--tracker-api',
        'ftp://x',
        '--tracker-token-file',
        '../token',
      ],
    ],
  ])('are refused with %s', async (_, flags) => {
    const at = withTickets()
    const { exitCode, stdout, stderr } = await run(at, 'attest', 'dist/app.tgz', '--sigstore', 'local', ...flags)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain('(usage)')
  })
})
