/** Attackers want marks to go elsewhere, or to be of their choosing: a token goes to one API, and marks are ours, at the request of the job. */
import { expect, it } from 'vitest'
import type { GateReport } from '../../src/model/gate-report.ts'
import { githubCheckRunMade, githubLabelsAdded } from '../../src/marks/writes.ts'
import type { OwnLabel } from '../../src/marks/writes.ts'
import { codeOf } from '../world/failure.ts'
import { forgeToken } from '../world/forge-server.ts'
import { closedOrigin, loopback } from '../world/loopback-server.ts'
import { markedForge } from '../world/marked-forge.ts'
import type { MarkedForge, MarkedForgeOptions } from '../world/marked-forge.ts'
import { steppedClock } from '../world/stepped-clock.ts'
import { head, markIn, reportOf } from './fixture.ts'
import type { Marking } from './fixture.ts'

const repo = '/repos/acme/widget'
const pull = { number: 12, head: { sha: head }, base: { repo: { full_name: 'acme/widget' } }, labels: [] }
const origin = 'https://git.example/acme/widget'

function forgeOf(answer: object = pull, refuse?: MarkedForgeOptions['refuse']): Promise<MarkedForge> {
  const answers = { [`${repo}/pulls/12`]: answer }
  return markedForge({ base: '/api/v3', answers, ...(refuse === undefined ? {} : { refuse }) })
}

async function labelled(
  forge: Pick<MarkedForge, 'api'>,
  report: GateReport = reportOf(),
  more: Partial<Marking> = {},
): Promise<NonNullable<GateReport['marks']>> {
  const clock = { ...steppedClock(new Date('2026-01-01T00:00:00Z')), random: () => 0 }
  const asked = { marks: ['labels'], forgeApi: forge.api, origin, world: clock, ...more } as const
  return (await markIn(report, asked)).marks ?? []
}

it('a request of another repository, with another number or another head, is not touched', async () => {
  for (const other of [
    { ...pull, base: { repo: { full_name: 'acme/other' } } },
    { ...pull, number: 13 },
    { ...pull, head: { sha: 'f'.repeat(40) } },
  ]) {
    const forge = await forgeOf(other)
    expect(await labelled(forge)).toMatchObject([{ outcome: 'not-set', code: 'request-differs' }])
    expect(forge.written).toEqual([])
  }
})

it('nor anything of a repository that is not the one of the job', async () => {
  for (const name of ['GITHUB_REPOSITORY', 'CI_PROJECT_PATH', 'CI_MERGE_REQUEST_PROJECT_PATH']) {
    const forge = await forgeOf()
    const env = { [name]: 'acme/victim' }
    expect(await labelled(forge, reportOf(), { env })).toMatchObject([{ code: 'request-differs' }])
    expect(await labelled(forge, reportOf(), { env, marks: ['check-run'] })).toMatchObject([
      { code: 'request-differs' },
    ])
    expect(forge.heard).toEqual([])
  }
})

it('a number that is none goes nowhere', async () => {
  for (const request of ['#12/../../../evil/repo/pulls/1', '#0', '#', '!12', undefined]) {
    const forge = await forgeOf()
    const report = reportOf()
    const { request: _, ...none } = report
    expect(await labelled(forge, request === undefined ? none : { ...report, request })).toMatchObject([
      { code: 'request-unknown' },
    ])
    expect(forge.heard).toEqual([])
  }
})

it('no label but ours can be written, and no commit but by its full id', () => {
  expect(codeOf(() => githubLabelsAdded(['a', 'b'], '12', ['approved' as OwnLabel]))).toBe('internal')
  expect(codeOf(() => githubLabelsAdded(['a', 'b'], '12/../13', ['ai-assisted']))).toBe('internal')
  const check = { passes: true, title: '', summary: '', externalId: '', annotations: [] }
  expect(codeOf(() => githubCheckRunMade(['a', 'b'], { ...check, head: 'main' }))).toBe('internal')
})

it('the token follows no redirect, of a question or of what is written', async () => {
  const seen: (string | undefined)[] = []
  const elsewhere = await loopback((request, response) => {
    seen.push(request.headers.authorization)
    response.end(JSON.stringify(pull))
  })
  const away = await loopback((_, response) => void response.writeHead(307, { location: elsewhere }).end())
  expect(await labelled({ api: `${away}/api/v3` })).toMatchObject([{ code: 'forge-unreachable' }])
  const forge = await forgeOf(pull, (_, response) => {
    response.writeHead(308, { location: elsewhere }).end()
    return true
  })
  expect(await labelled(forge)).toMatchObject([{ outcome: 'not-set', code: 'forge-unreachable' }])
  expect(seen).toEqual([])
})

it('the remote of the clone names no host to which it goes', async () => {
  const heard: string[] = []
  const own = await loopback((request, response) => {
    heard.push(request.url ?? '')
    response.end('{}')
  })
  const { origin: _, ...asked } = { marks: ['labels'] as const, origin: '' }
  const { marks } = await markIn(reportOf(), { ...asked, origin: `${own}/acme/widget` } as unknown as Marking)
  expect(marks).toMatchObject([{ code: 'not-at-this-forge' }])
  expect(heard).toEqual([])
})

it('without a token nothing is asked, and with one that is none neither', async () => {
  for (const token of ['', 'two\nlines', 'ä']) {
    const forge = await forgeOf()
    const marks = await labelled(forge, reportOf(), { env: { COUNTERSIGN_FORGE_TOKEN: token } })
    expect(marks).toMatchObject([{ outcome: 'not-set', code: 'token-missing' }])
    expect(forge.heard).toEqual([])
  }
})

it('what a forge refuses, or does not answer, changes the marks alone, and repeats nothing of it', async () => {
  const refusing = await forgeOf(pull, (_, response) => {
    response.writeHead(403).end(JSON.stringify({ message: forgeToken }))
    return true
  })
  const report = reportOf()
  const asked = { marks: ['labels', 'check-run'], forgeApi: refusing.api, origin } as const
  const { marks = [], ...rest } = await markIn(report, asked)
  expect(marks).toMatchObject([{ code: 'mark-refused' }, { code: 'mark-refused' }])
  expect(rest).toEqual(report)
  const nobody = await labelled({ api: `${await closedOrigin()}/api/v3` })
  expect(nobody).toMatchObject([{ code: 'forge-unreachable' }])
  expect(JSON.stringify([marks, nobody])).not.toMatch(/invented-token|127\.0\.0\.1/)
})
