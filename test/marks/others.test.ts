/** Marks at GitLab and Bitbucket, and where nobody takes any. */
import { expect, it } from 'vitest'
import { markedForge } from '../world/marked-forge.ts'
import { failing, head, markIn, reportOf } from './fixture.ts'

const project = '/projects/group%2Fsub%2Fwidget'
const request = {
  ...{ iid: 12, sha: head, references: { full: 'group/sub/widget!12' } },
  labels: ['origin-unknown', 'bug'],
}

it('GitLab: labels of a merge request, and the status of a commit, each once', async () => {
  const status = { id: 1, name: 'countersign gate', sha: head, status: 'failed', description: 'fails' }
  const forge = await markedForge({
    base: '/api/v4',
    answers: {
      [`${project}/merge_requests/12`]: request,
      [`${project}/repository/commits/${head}/statuses`]: [status],
    },
  })
  const origin = 'https://git.example/group/sub/widget.git'
  const at = { forgeApi: forge.api, origin }
  const report = reportOf({ request: '!12' })
  const { marks } = await markIn(report, { ...at, marks: ['labels', 'check-run'] })
  expect(marks).toMatchObject([{ outcome: 'set' }, { outcome: 'set' }])
  const title = 'passes; 2 of 3 changes name AI; ai-assisted; ai-unverified'
  expect(forge.written).toMatchObject([
    {
      ...{ method: 'PUT', path: `${project}/merge_requests/12` },
      body: { add_labels: 'ai-assisted,ai-unverified', remove_labels: 'origin-unknown' },
    },
    {
      ...{ method: 'POST', path: `${project}/statuses/${head}` },
      body: { state: 'success', name: 'countersign gate', description: title },
    },
  ])
  const same = await markedForge({
    base: '/api/v4',
    answers: {
      [`${project}/repository/commits/${head}/statuses`]: [
        { ...status, id: 2, status: 'success', description: title },
        status,
      ],
    },
  })
  expect((await markIn(report, { ...at, forgeApi: same.api, marks: ['check-run'] })).marks).toMatchObject([
    { outcome: 'unchanged' },
  ])
  expect(same.written).toEqual([])
})

it('Bitbucket: a report with its annotations in place of the one before, and no labels', async () => {
  const forge = await markedForge({ base: '/2.0', answers: {} })
  const report = reportOf({}, [failing('CLAUDE.md')])
  const asked = {
    marks: ['labels', 'check-run'],
    forgeApi: forge.api,
    origin: 'https://git.example/acme/widget',
  } as const
  const { marks } = await markIn(report, asked)
  expect(marks).toMatchObject([
    { mark: 'labels', outcome: 'not-set', code: 'not-at-this-forge' },
    { mark: 'check-run', outcome: 'set' },
  ])
  const path = `/repositories/acme/widget/commit/${head}/reports/countersign-gate`
  expect(forge.written).toMatchObject([
    { method: 'DELETE', path },
    { method: 'PUT', path, body: { title: 'countersign gate', report_type: 'SECURITY', result: 'FAILED' } },
    { method: 'POST', path: `${path}/annotations`, body: [{ external_id: 'countersign-gate-0', path: 'CLAUDE.md' }] },
  ])
})

it('plain git, or a forge that nobody knows: not here, with a code', async () => {
  const asked = { marks: ['labels', 'check-run'], origin: 'https://git.example/acme/widget' } as const
  const { marks } = await markIn(reportOf(), { ...asked, forgeApi: 'https://git.example/cgit' })
  expect(marks).toMatchObject([{ code: 'not-at-this-forge' }, { code: 'not-at-this-forge' }])
})
