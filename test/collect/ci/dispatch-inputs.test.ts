/** Inputs of a dispatched run: declared by the job's own file, so read strictly or not at all. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { dispatchInputs } from '../../../src/collect/ci/dispatch-inputs.ts'
import type { DispatchInputs } from '../../../src/collect/ci/dispatch-inputs.ts'
import { limits } from '../../../src/model/limits.ts'
import type { Environment } from '../../../src/platform/environment.ts'
import { worldOf } from '../../../src/platform/world.ts'
import { codeOfAsync } from '../../world/failure.ts'

const job = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'workflow_dispatch', GITHUB_EVENT_PATH: 'event.json' }

/** What a job finds whose event file holds this; the file's path is relative to the job's folder. */
async function inputsOf(event: string, names: readonly string[], env: Environment = {}): Promise<DispatchInputs> {
  const cwd = await mkdtemp(join(tmpdir(), 'countersign-event-'))
  onTestFinished(() => rm(cwd, { recursive: true }))
  await writeFile(join(cwd, 'event.json'), event)
  return dispatchInputs(names, worldOf({ cwd, env: { ...job, ...env } }))
}

const inputs = { version: '1.2.3', dry: false, count: 3, none: null, '': 'x', constructor: 'y', other: 'unasked' }

test('takes those that are named, as text, and no other', async () => {
  const names = ['version', 'dry', 'count', '', 'constructor', 'version']
  expect(await inputsOf(JSON.stringify({ inputs }), names)).toEqual({
    values: { version: '1.2.3', dry: 'false', count: '3', '': 'x', constructor: 'y' },
    redacted: 0,
  })
})

test.each([
  ['12345678901234567890', '12345678901234567890'],
  ['1e400', '1e400'],
  ['-0', '-0'],
  ['1.0', '1.0'],
  ['0.1000', '0.1000'],
  ['true', 'true'],
  ['[9007199254740993, {"a": 1e400}]', '[9007199254740993,{"a":1e400}]'],
  ['"1e400"', '1e400'],
])('takes %s as it is written', async (written, text) => {
  expect((await inputsOf(`{"inputs":{"a":${written}}}`, ['a'])).values).toEqual({ a: text })
})

test('takes secrets out of them', async () => {
  const secret = ['ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('')
  const event = JSON.stringify({ inputs: { channel: `beta ${secret}!`, list: [secret, 'a'] } })
  expect(await inputsOf(event, ['channel', 'list'])).toEqual({
    values: { channel: 'beta [redacted]!', list: '["[redacted]","a"]' },
    redacted: 2,
  })
})

test.each<[string, string, Environment]>([
  ['that the run has not', '{"inputs":{"a":"b"}}', {}],
  ['that was left empty', '{"inputs":{"x":null}}', {}],
  ['of a workflow without inputs', '{"inputs":null}', {}],
  ['of an event without inputs', '{}', {}],
  ['that every object has', '{"inputs":{}}', {}],
  ['of a run that nobody dispatched', '{"inputs":{"x":"b"}}', { GITHUB_EVENT_NAME: 'push' }],
  ['outside of a job', '{"inputs":{"x":"b"}}', { GITHUB_ACTIONS: undefined }],
  [
    'in a job of a provider that has no such runs',
    '{"inputs":{"x":"b"}}',
    { GITHUB_ACTIONS: undefined, GITLAB_CI: 'true' },
  ],
])('refuses one %s', async (what, event, env) => {
  const name = what === 'that every object has' ? 'toString' : 'x'
  await expect(inputsOf(event, [name], env)).rejects.toMatchObject({ code: 'run-input-missing' })
})

test('does not pass over the inputs when their file is broken', async () => {
  const codeOf = (event: string, env: Environment = {}): Promise<string> =>
    codeOfAsync(() => inputsOf(event, ['a'], env))
  expect(await codeOf('{"inputs":{"a":"b","a":"c"}}')).toBe('json-duplicate-key')
  expect(await codeOf('{"inputs":{"__proto__":"b"}}')).toBe('json-forbidden-key')
  expect(await codeOf('<html>')).toBe('json-malformed')
  expect(await codeOf('{}', { GITHUB_EVENT_PATH: '' })).toBe('input-unreadable')
  expect(await codeOf('{}', { GITHUB_EVENT_PATH: undefined })).toBe('input-unreadable')
  expect(await codeOf('{}', { GITHUB_EVENT_PATH: '/nowhere' })).toBe('path-missing')
  expect(await codeOf(' '.repeat(limits.eventBytes + 1))).toBe('input-too-large')
  expect(await codeOf(JSON.stringify({ inputs: { a: 'x'.repeat(limits.inputCharacters + 1) } }))).toBe(
    'input-too-large',
  )
})
