/** Marks at GitHub: the shape of each request, one check run for a commit, and labels of ours alone. */
import { expect, it } from 'vitest'
import type { GateReport } from '../../src/model/gate-report.ts'
import { limits } from '../../src/model/limits.ts'
import { forgeToken } from '../world/forge-server.ts'
import { markedForge } from '../world/marked-forge.ts'
import type { MarkedForge } from '../world/marked-forge.ts'
import { failing, head, markIn, reportOf } from './fixture.ts'

const repo = '/repos/acme/widget'

function pull(labels: readonly string[], sha = head, name = 'acme/widget'): object {
  return { number: 12, head: { sha }, base: { repo: { full_name: name } }, labels: labels.map((it) => ({ name: it })) }
}

function forgeWith(labels: readonly string[]): Promise<MarkedForge> {
  return markedForge({ base: '/api/v3', answers: { [`${repo}/pulls/12`]: pull(labels) } })
}

const origin = 'https://git.example/acme/widget'

function mark(report: GateReport, forge: MarkedForge, ...marks: ('labels' | 'check-run')[]): Promise<GateReport> {
  return markIn(report, { marks, forgeApi: forge.api, origin })
}

it('adds the labels of the report, takes ours away that it does not name, and touches no others', async () => {
  const forge = await forgeWith(['bug', 'Origin-Unknown', 'ai-assisted', 'ai-something'])
  const { marks } = await mark(reportOf(), forge, 'labels')
  expect(marks).toEqual([{ mark: 'labels', outcome: 'set' }])
  const authorization = `Bearer ${forgeToken}`
  expect(forge.written).toEqual([
    { method: 'POST', path: `${repo}/issues/12/labels`, authorization, body: { labels: ['ai-unverified'] } },
    { method: 'DELETE', path: `${repo}/issues/12/labels/origin-unknown`, authorization, body: undefined },
  ])
})

it('writes nothing where all labels are as they should be', async () => {
  const forge = await forgeWith(['ai-unverified', 'bug', 'ai-assisted'])
  const { marks } = await mark(reportOf(), forge, 'labels')
  expect([marks, forge.written]).toEqual([[{ mark: 'labels', outcome: 'unchanged' }], []])
})

it('makes one check run, finds it again, and changes it where it says something else', async () => {
  const forge = await forgeWith([])
  const failed = reportOf({}, [failing('CLAUDE.md')])
  expect((await mark(failed, forge, 'check-run')).marks).toEqual([{ mark: 'check-run', outcome: 'set' }])
  expect(forge.written).toMatchObject([
    {
      method: 'POST',
      path: `${repo}/check-runs`,
      body: {
        ...{ name: 'countersign gate', head_sha: head, status: 'completed', conclusion: 'failure' },
        output: {
          title: 'ai/steering fails; 2 of 3 changes name AI; ai-assisted; ai-unverified',
          annotations: [{ path: 'CLAUDE.md', start_line: 1, end_line: 1, annotation_level: 'failure' }],
        },
      },
    },
  ])
  expect((await mark(failed, forge, 'check-run')).marks).toMatchObject([{ outcome: 'unchanged' }])
  expect(forge.written).toHaveLength(1)
  // Annotations are added to those that a run has: the same ones are not sent again.
  await mark({ ...failed, labels: [] }, forge, 'check-run')
  expect(forge.written[1]).toMatchObject({ method: 'PATCH', path: `${repo}/check-runs/100` })
  expect(forge.written[1]!.body).toMatchObject({ output: { annotations: [] } })
  // And those that do not hold any more cannot be taken back.
  await mark(reportOf(), forge, 'check-run')
  expect(forge.written[2]).toMatchObject({ method: 'POST', body: { conclusion: 'success' } })
})

it('sends at most fifty annotations in a call, two hundred in all, and says how many more there are', async () => {
  const forge = await forgeWith([])
  await mark(
    reportOf(
      {},
      Array.from({ length: 230 }, (_, at) => failing(`docs/${at}.md`)),
    ),
    forge,
    'check-run',
  )
  const outputs = forge.written.map(
    ({ body }) => (body as { output: { annotations: { path: string }[]; summary: string } }).output,
  )
  expect(outputs.map(({ annotations }) => annotations.length)).toEqual([50, 50, 50, 50])
  expect(new Set(outputs.flatMap(({ annotations }) => annotations.map((it) => it.path))).size).toBe(200)
  expect(outputs[0]!.summary).toMatch(/and \d+ more beside files/)
  const ids = forge.written.map(({ body }) => (body as { external_id: string }).external_id)
  // What broke off in between is not taken for whole.
  expect(new Set(ids.slice(0, 3))).toEqual(new Set(['countersign-gate/1/unfinished']))
  expect(ids[3]).toMatch(/^countersign-gate\/1\/[0-9a-f]{16}\/[0-9a-f]{16}$/)
})

it('keeps the summary below what GitHub takes, and says what is left out', async () => {
  const forge = await forgeWith([])
  const long = Array.from({ length: 900 }, () => ({ ...failing(), found: 'ä@b '.repeat(80) }))
  await mark(reportOf({}, long), forge, 'check-run')
  const { summary } = (forge.written[0]!.body as { output: { summary: string } }).output
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(limits.checkRunSummaryBytes)
  expect(summary).toMatch(/and \d+ more/)
})

it('lets no text of the change be Markdown, HTML or a path that spoils the call', async () => {
  const forge = await forgeWith([])
  const nasty = '<img src=x onerror=1> [a](http://evil.example) @everyone `x` ::error::y\n# H'
  const checks = [
    { ...failing('a\u202eb.md'), found: nasty },
    ...['/etc/passwd', '../up.md', 'a\nb.md'].map((it) => failing(it)),
    failing('docs/good.md'),
  ]
  await mark(reportOf({}, checks), forge, 'check-run')
  const { output } = forge.written[0]!.body as { output: { summary: string; annotations: { path: string }[] } }
  expect(output.annotations.map((it) => it.path)).toEqual(['docs/good.md'])
  expect(output.summary).not.toMatch(/<img|\]\(|@everyone|`x|^# H|::error/m)
})
