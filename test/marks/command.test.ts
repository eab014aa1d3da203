/** `countersign gate` with marks: what it answers and how it ends is the same, whatever becomes of them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { GateReport } from '../../src/model/gate-report.ts'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'
import { changeUnderReview, disclosed, lines } from '../gate/fixture.ts'
import { forgeToken } from '../world/forge-server.ts'
import { markedForge } from '../world/marked-forge.ts'
import type { MarkedForge, Written } from '../world/marked-forge.ts'
import { schemaErrors } from '../world/published-schema.ts'

interface Run extends Ran {
  readonly forge: MarkedForge
}

async function gateWith(
  message: string,
  flags: readonly string[],
  { token = forgeToken, refuse }: { readonly token?: string; readonly refuse?: (one: Written) => number } = {},
): Promise<Run> {
  const change = changeUnderReview()
  const head = change.commit(message, { 'b.txt': lines(40) })
  const forge = await markedForge({
    base: '/api/v3',
    answers: {
      '/repos/acme/widget/pulls/12': {
        ...{ number: 12, head: { sha: head }, base: { repo: { full_name: 'acme/widget' } } },
        labels: [{ name: 'origin-unknown' }, { name: 'ai-assisted' }],
      },
    },
    ...(refuse === undefined
      ? {}
      : {
          refuse: (one, response) => {
            response.writeHead(refuse(one)).end('{}')
            return true
          },
        }),
  })
  change.git(['remote', 'add', 'origin', 'https://git.example/acme/widget'])
  const event = { pull_request: { number: 12, base: { sha: change.base, ref: 'main' }, head: { sha: head } } }
  writeFileSync(join(change.folder, '.git/event.json'), JSON.stringify(event))
  const env = {
    ...{ PATH: process.env['PATH'], HOME: '/nowhere', COUNTERSIGN_FORGE_TOKEN: token },
    ...{ GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: '.git/event.json' },
  }
  const argv = ['gate', '--policy', 'countersign.yaml', '--forge-api', forge.api, ...flags]
  return { ...(await countersign({ cwd: change.folder, env }, ...argv)), forge }
}

const both = ['--set-labels', '--check-run']

it('sets both, and says so in its report', async () => {
  const { exitCode, stdout, stderr, forge } = await gateWith(disclosed, [...both, '--format', 'json'])
  const report = JSON.parse(stdout) as GateReport
  expect([exitCode, report.request, report.marks, stderr]).toEqual([
    0,
    '#12',
    [
      { mark: 'labels', outcome: 'set' },
      { mark: 'check-run', outcome: 'set' },
    ],
    '',
  ])
  expect(schemaErrors('gate', report)).toEqual([])
  expect(forge.written.map(({ method }) => method)).toEqual(['POST', 'DELETE', 'POST'])
})

it.each([
  ['passes', disclosed, 0],
  ['fails', 'Much', 1],
] as const)(
  'a change that %s ends the same where the forge refuses, and where there is no token',
  async (_, text, code) => {
    const refused = await gateWith(text, both, { refuse: () => 403 })
    expect([refused.exitCode, refused.stderr.match(/\(mark-refused\)/g)?.length]).toEqual([code, 1])
    const without = await gateWith(text, [...both, '--format', 'json'], { token: '' })
    expect(without.exitCode).toBe(code)
    expect((JSON.parse(without.stdout) as GateReport).marks).toMatchObject([
      { code: 'token-missing' },
      { code: 'token-missing' },
    ])
    expect(without.forge.heard).toEqual([])
    expect(refused.stdout + refused.stderr).not.toContain(forgeToken)
  },
)

it('writes nothing where nobody asked by name, though there is a token', async () => {
  const { stdout, stderr, forge, exitCode } = await gateWith(disclosed, ['--check-run', '--offline'])
  expect([exitCode, stdout, forge.heard]).toEqual([2, '', []])
  expect(stderr).toMatch(/--check-run and --offline/)
})

it('names the labels of no commit message', async () => {
  const { forge } = await gateWith(`Labels: approved, lgtm\n\n${disclosed}`, ['--set-labels'])
  const bodies = JSON.stringify(forge.written.map(({ body, path }) => [body, path]))
  expect(bodies).not.toMatch(/approved|lgtm/)
})
