import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { isCi, obtainToken } from '../../../src/collect/ci/index.ts'
import { limits } from '../../../src/model/limits.ts'
import type { Environment } from '../../../src/platform/environment.ts'
import { worldOf } from '../../../src/platform/world.ts'
import { loopback } from '../../world/loopback-server.ts'

function obtain(env: Environment, tokenFile?: string, cwd: string = process.cwd()): Promise<string> {
  return obtainToken({ audience: 'sigstore', tokenFile }, worldOf({ env, cwd }))
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'countersign-token-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

function tokenFile(content: string): string {
  const path = join(folder(), 'token')
  writeFileSync(path, content)
  return path
}

test('what is explicit beats what is around: file, then SIGSTORE_ID_TOKEN, then the provider', async () => {
  const origin = await loopback((_, response) => response.end('{"value":"of-the-provider"}'))
  const job = { GITHUB_ACTIONS: 'true', ACTIONS_ID_TOKEN_REQUEST_URL: origin, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'b' }
  const env = { ...job, SIGSTORE_ID_TOKEN: 'of-the-variable\n' }
  expect(await obtain(env, tokenFile('of-the-file\n'))).toBe('of-the-file')
  expect(await obtain(env)).toBe('of-the-variable')
  expect(await obtain({ ...job, SIGSTORE_ID_TOKEN: ' \n' })).toBe('of-the-provider')
  expect(await obtain(job)).toBe('of-the-provider')
})

test('the path of a token file starts where the job works', async () => {
  const path = tokenFile('of-the-file')
  expect(await obtain({}, basename(path), dirname(path))).toBe('of-the-file')
})

test('a broken source is an error, not a reason to try the next one', async () => {
  const env = { SIGSTORE_ID_TOKEN: 'of-the-variable' }
  const from = (path: string): Promise<string> => obtain(env, path)
  await expect(from(tokenFile(' \n'))).rejects.toMatchObject({ code: 'identity-missing' })
  await expect(from(join(folder(), 'none'))).rejects.toMatchObject({ code: 'path-missing' })
  await expect(from(folder())).rejects.toMatchObject({ code: 'path-directory' })
  await expect(from(tokenFile('x'.repeat(limits.tokenBytes + 1)))).rejects.toMatchObject({ code: 'input-too-large' })
})

test('a pipe in place of the token file does not make it wait', async () => {
  const path = join(folder(), 'pipe')
  execFileSync('mkfifo', [path])
  await expect(obtain({}, path)).rejects.toMatchObject({ code: 'path-not-regular' })
})

test('a token given in place of the path to it does not get into the error', async () => {
  for (const token of ['secretsecretsecret', `secretsecretsecret.${'x'.repeat(5_000)}`, 'secretsecretsecret\0']) {
    const error: unknown = await obtain({}, token).catch((it: unknown) => it)
    expect(error).toMatchObject({ code: expect.stringMatching(/^(path-missing|input-unreadable)$/) as string })
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('secretsecret')
  }
})

test('without a token, the hint fits where it runs', async () => {
  const missing = async (env: Record<string, string>): Promise<string> => {
    const error: unknown = await obtain(env).catch((it: unknown) => it)
    expect(error).toMatchObject({ code: 'identity-missing' })
    return (error as { hint: string }).hint
  }
  expect(await missing({})).toContain('`sigstore`')
  expect(await missing({})).toContain('`identityTokenFile`')
  expect(await missing({ CI: 'true' })).toContain('SIGSTORE_ID_TOKEN')
  expect(await missing({ GITHUB_ACTIONS: 'true' })).toContain('id-token: write')
  expect(await missing({ GITLAB_CI: 'true' })).toContain('id_tokens: { SIGSTORE_ID_TOKEN: { aud: "sigstore" } }')
})

test('knows a CI job of a provider that is not in the table, and a workstation', () => {
  expect(isCi({ CI: 'true' })).toBe(true)
  expect(isCi({ CI: '1' })).toBe(true)
  for (const CI of ['yes', 'TRUE', 'woodpecker']) expect(isCi({ CI })).toBe(true)
  for (const CI of ['', '0', 'False', 'no', ' ']) expect(isCi({ CI })).toBe(false)
  expect(isCi({ TF_BUILD: 'True' })).toBe(true)
  expect(isCi({ JENKINS_URL: 'https://ci.example/' })).toBe(true)
  expect(isCi({ TEAMCITY_VERSION: '2026.1' })).toBe(true)
  expect(isCi({ CI: 'false' })).toBe(false)
  expect(isCi({})).toBe(false)
})
