/** Inputs of a dispatched run: declared by the job's own file, so read strictly or not at all. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { dispatchInputs } from '../../../src/collect/ci/dispatch-inputs.ts'
import { limits } from '../../../src/model/limits.ts'
import type { Environment } from '../../../src/platform/environment.ts'
import { worldOf } from '../../../src/platform/world.ts'

const job = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'workflow_dispatch', GITHUB_EVENT_PATH: 'event.json' }

/** What a job finds whose event file holds this; the file's path is relative to the job's folder. */
async function inputsOf(event: string, env: Environment = {}): Promise<unknown> {
  const cwd = await mkdtemp(join(tmpdir(), 'countersign-event-'))
  onTestFinished(() => rm(cwd, { recursive: true }))
  await writeFile(join(cwd, 'event.json'), event)
  return dispatchInputs(worldOf({ cwd, env: { ...job, ...env } }))
}

test('reads the inputs of a dispatched run as text', async () => {
  const inputs = { version: '1.2.3', dry: false, count: 3, none: null, '': 'x', constructor: 'y' }
  expect(await inputsOf(JSON.stringify({ inputs }))).toEqual({
    version: '1.2.3',
    dry: 'false',
    count: '3',
    '': 'x',
    constructor: 'y',
  })
})

test('tells a dispatched run without inputs from a run that was not dispatched', async () => {
  expect(await inputsOf('{"inputs":null}')).toEqual({})
  expect(await inputsOf('{}')).toEqual({})
  expect(await inputsOf('{"inputs":{"a":"b"}}', { GITHUB_EVENT_NAME: 'push' })).toBeUndefined()
})

test.each<[string, Environment]>([
  ['outside of a job', { GITHUB_ACTIONS: undefined }],
  ['in a job of a provider that has no such runs', { GITHUB_ACTIONS: undefined, GITLAB_CI: 'true' }],
])('knows none %s, whatever else the environment says', async (_, env) => {
  expect(await inputsOf('{"inputs":{"a":"b"}}', env)).toBeUndefined()
})

test('does not pass over the inputs when their file is broken', async () => {
  await expect(inputsOf('{"inputs":{"a":"b","a":"c"}}')).rejects.toMatchObject({ code: 'json-duplicate-key' })
  await expect(inputsOf('{"inputs":{"__proto__":"b"}}')).rejects.toMatchObject({ code: 'json-forbidden-key' })
  await expect(inputsOf('<html>')).rejects.toMatchObject({ code: 'json-malformed' })
  await expect(inputsOf('{}', { GITHUB_EVENT_PATH: '' })).rejects.toMatchObject({ code: 'input-unreadable' })
  await expect(inputsOf('{}', { GITHUB_EVENT_PATH: undefined })).rejects.toMatchObject({ code: 'input-unreadable' })
  await expect(inputsOf('{}', { GITHUB_EVENT_PATH: '/nowhere' })).rejects.toMatchObject({ code: 'path-missing' })
  await expect(inputsOf(' '.repeat(limits.eventBytes + 1))).rejects.toMatchObject({ code: 'input-too-large' })
})
