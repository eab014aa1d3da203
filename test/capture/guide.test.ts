/** What docs/guides/capture.md shows is done, line by line as it stands there: on a developer's machine, and in a clone of CI. */
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { mintLocalJobToken } from '../../src/embedded/project.ts'
import { secret, sessionId, startAgent } from '../capture-story/agent.ts'
import { useForge } from '../capture-story/forge.ts'
import { newClone } from './clone.ts'
import { isEach } from '../world/runs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
const guide = readFileSync(join(root, 'docs/guides/capture.md'), 'utf8')
const blocksOf = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block)

const folder = mkdtempSync(join(tmpdir(), 'countersign-guide-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const forge = useForge(join(folder, 'forge'))
const state = join(folder, 'state')

/** Its Sigstore is the embedded one, which stands for the public one. What `npm` is to install is there without it. */
function programFolder(): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const run = `exec '${process.execPath}' '${join(root, 'bin/countersign.js')}' "$@"`
  const local = `[ "$1" != attest ] || set -- "$@" --sigstore local --local-state '${state}'`
  writeFileSync(join(bin, 'countersign'), `#!/bin/sh\n${local}\n${run}\n`)
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\n[ "$*" = 'install --global ./countersign-${version}.tgz' ]\n`)
  for (const it of ['countersign', 'npm']) chmodSync(join(bin, it), 0o755)
  return bin
}

it.runIf(isEach)('works from its first line to its last', { timeout: 180_000 }, async () => {
  const [setUp = '', none = '', keys = ''] = blocksOf('sh')
  expect(blocksOf('sh')).toHaveLength(3)
  const [makeLine = '', showLevel = ''] = keys.split('\n')
  const steps = parse(blocksOf('yaml')[0] ?? '') as readonly { readonly run: string }[]
  const [use = ''] = /`(countersign sessions use [^`]+)`/.exec(guide)?.slice(1) ?? []
  const path = `${programFolder()}:${process.env['PATH'] ?? ''}`
  const clone = newClone()
  /** A line of a shell; what it wrote. */
  const sh = async (line: string, cwd = clone.root, env: { readonly [name: string]: string } = {}): Promise<string> => {
    const options = { cwd, env: { ...clone.env, PATH: path, ...env }, timeout: 120_000 }
    const { stdout, stderr } = await promisify(execFile)('sh', ['-ec', line], options)
    return stdout + stderr
  }
  forge.found('widget')
  clone.git(['tag', 'v1.0.0'])
  clone.git(['remote', 'add', 'origin', forge.url('widget')])
  await sh('git push -q origin main v1.0.0')
  for (const it of ['.ssh', '.claude']) mkdirSync(join(clone.home, it), { mode: 0o700 })
  // Whoever signs commits with OpenPGP goes on doing so: what is installed here signs none.
  const told = await sh(setUp)
  for (const it of ['installed', 'claude-code', 'absent']) expect(told).toContain(it)
  expect(await sh('countersign hooks status')).toContain('installed')
  expect(clone.tryGit(['config', 'user.signingkey']).status).toBe(1)
  const agent = startAgent(clone)
  agent.writes(`Parse widgets with ${secret}`, 'I chose JSON.parse.', 'parse.js', 'export const parse = JSON.parse\n')
  clone.git(['add', 'parse.js'])
  clone.git(['commit', '-q', '-m', 'Parse'])
  expect(clone.trailers()[0]).toBe(`AI-Session-ID: claude-code:${sessionId}`)
  for (const [at, line] of [use, none].entries()) {
    await sh(line)
    clone.commit('By hand', 'a', String(at))
  }
  expect(clone.trailers('HEAD~1')).toEqual(['AI-Session-ID: zed:T-1'])
  expect(clone.trailers()).toEqual(['AI-Provenance-Override: Renamed the module by hand, one name at a time'])
  await sh(makeLine)

  expect(await sh('git push origin HEAD')).toContain('pushed: 1')
  expect(await sh(showLevel)).toMatch(/signed +claude-code/)
  const job = join(clone.root, '../job')
  await sh(`git clone -q '${forge.url('widget')}' '${job}'`)
  mkdirSync(join(job, 'dist'))
  writeFileSync(join(job, 'dist/app.tgz'), 'app')
  const sha = clone.git(['rev-parse', 'HEAD']).trim()
  const token = await mintLocalJobToken(state, 'github', { ref: 'refs/heads/main', sha })
  const signers = readFileSync(join(clone.root, '../allowed_signers'), 'utf8')
  rmSync(join(job, '../allowed_signers'))
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') }
  for (const it of Object.values(files)) writeFileSync(it, '')
  for (const { run } of steps) {
    await sh(run, job, { CI: 'true', SIGSTORE_ID_TOKEN: token, SIGNERS: signers, ...files })
  }
  const inspected = await sh('countersign inspect dist/app.tgz.sigstore.json --format json', job)
  const { sessions } = JSON.parse(inspected) as {
    readonly sessions: readonly { readonly tool: string; readonly level: string }[]
  }
  expect(sessions.map(({ tool, level }) => `${tool} ${level}`).sort()).toEqual(['claude-code signed', 'zed claimed'])
  await sh("git fetch -q origin 'refs/countersign/sessions/*:refs/countersign/sessions/*'", job)
  const logged = await sh('countersign reasoning-log dist/app.tgz.sigstore.json', job)
  for (const it of ['Parse widgets with [redacted]', 'I chose JSON.parse.']) expect(logged).toContain(it)
})
