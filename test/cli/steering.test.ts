/** No text from outside steers the terminal, or the CI log, of whoever runs a command: every field of every input, every command. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../../src/cli/command-table.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { readCommands, readOutputs } from '../ci-output/runner.ts'
import { useCheckouts } from '../world/checkout.ts'
import { hostile, printable, steersIn } from '../world/hostile-text.ts'
import { issuerAnswers } from '../world/issuer-answers.ts'
import { withText } from '../world/json-variants.ts'
import { claimsOf, useRelease } from '../world/release.ts'
import { some } from '../world/runs.ts'
import { countersign } from './terminal.ts'
import type { Terminal } from './terminal.ts'

const release = useRelease()
const checkout = useCheckouts()
// Named by words: the text itself would steer the log of this very test.
const texts = [
  ['with controls', hostile],
  ['in plain characters', printable],
] as const

/** Runs a command and finds nothing in what it wrote; some of it must have been written. */
async function steersNothing(world: Terminal, ...argv: readonly string[]): Promise<void> {
  const { stdout, stderr } = await countersign(world, ...argv)
  expect(`${stdout}${stderr}`).not.toBe('')
  expect([argv, steersIn(stdout), steersIn(stderr)]).toEqual([argv, [], []])
}

/** Commits on top of main that change no file. */
function streamOf(messages: readonly string[]): string {
  const commits = messages.map((message, index) => {
    const from = index === 0 ? 'from refs/heads/main^0\n' : ''
    const committer = `committer x <x@y.example> ${1_800_000_000 + index} +0000\n`
    return `commit refs/heads/main\n${committer}data ${Buffer.byteLength(message)}\n${message}\n${from}`
  })
  return commits.join('')
}

const question = ['--repo', 'acme/widget', '--issuer']

async function shown(bundle: unknown): Promise<void> {
  const path = release().write(bundle as object)
  const root = release().write(release().sigstore.trustedRoot as object, 'root.json')
  const world = { cwd: release().folder }
  const asked = [...question, release().sigstore.issuer, '--trusted-root', root]
  for (const format of ['text', 'json']) {
    await steersNothing(world, 'verify', release().artifact, '--bundle', path, ...asked, '--format', format)
    await steersNothing(world, 'inspect', path, '--format', format)
  }
  const verify = ['verify', release().artifact, '--bundle', path, ...asked]
  for (const system of ['github', 'gitlab']) await tellsNothing(system, ...verify)
}

/** The same of what a CI job is told on request: of what steers, only our own annotations, and those are one command each. */
async function tellsNothing(system: string, ...argv: readonly string[]): Promise<void> {
  const cwd = release().folder
  const [output, summary] = ['step-output', 'step-summary'].map((name) => release().write('', name))
  const env = { GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary, CI_PROJECT_DIR: cwd }
  const { stdout, stderr } = await countersign({ cwd, env }, ...argv, '--ci-output', system)
  const own = stderr.split('\n').filter((it) => it.startsWith('::error title=countersign verify'))
  const rest = stderr.split('\n').filter((it) => !own.includes(it))
  const paths =
    system === 'github' ? [output!, summary!] : ['.env', '.xml'].map((it) => join(cwd, `countersign-verify${it}`))
  const files = paths.map((it) => readFileSync(it, 'utf8'))
  expect(files).not.toContain('')
  const behindMark = own.map((it) => it.slice('::'.length)).join('\n')
  expect([argv, ...[stdout, rest.join('\n'), behindMark, ...files].map(steersIn)]).toEqual([
    argv,
    ...[stdout, stderr, own, ...files].map(() => []),
  ])
  expect(readCommands(stderr)).toHaveLength(own.length)
  if (system === 'github')
    expect(Object.keys(readOutputs(files[0]!)).filter((it) => !outputNames.includes(it))).toEqual([])
}

const outputNames = ['outcome', 'code', 'total', 'passed', 'failed', 'undecided', 'codes']

describe.each(texts)('a text %s', (kind, text) => {
  /** At a desk each of what is dear meets one of the texts, in turns. */
  const turn = texts.findIndex(([it]) => it === kind)

  it('in a statement that somebody signed', async () => {
    for (const statement of some(withText(release().statement(), text), 30)) {
      await shown(await release().sign(JSON.stringify(statement)))
    }
  })

  it('in a certificate', async () => {
    const { repository, ref, workflow_ref: workflow, job_workflow_ref: signer, ...rest } = claimsOf()
    for (const claims of some(
      withText({ repository, ref, workflow, signer, event_name: rest['event_name'] }, text),
      30,
    )) {
      const bundle = await release()
        .attested({ claims: claims as never })
        .catch(() => undefined)
      if (bundle !== undefined) await shown(bundle)
    }
  })

  it('in what lies around the signature', async () => {
    for (const bundle of some(withText(await release().genuine(), text), 30)) await shown(bundle)
    for (const bundle of [text, JSON.stringify(text), `{"${printable}":`]) await shown(bundle)
  })

  it('in trust material', async () => {
    const world = { cwd: release().folder, env: { HOME: release().folder } }
    for (const root of some(withText(release().sigstore.trustedRoot, text), 30)) {
      const path = release().write(root as object)
      await steersNothing(world, 'trust', 'show', '--trusted-root', path)
      await steersNothing(world, 'trust', 'show', '--trusted-root', path, '--format', 'json')
    }
  })

  it('in every flag and argument', async () => {
    const at = checkout()
    const named = commands.filter((it) => it.name !== 'demo')
    for (const { name } of some(named, 2 * texts.length, turn)) {
      const { stdout: help } = await countersign({ cwd: '/' }, name, '--help')
      const flags = [...help.matchAll(/^ +(?:-[A-Za-z], )?(--[a-z-]+) </gm)].map((it) => it[1]!)
      for (const flag of some(flags, texts.length, turn)) {
        await steersNothing(
          { cwd: at.folder, env: at.env(), offline: true } as Terminal,
          name,
          'dist/app.tgz',
          flag,
          text,
        )
      }
      await steersNothing({ cwd: at.folder, env: at.env() }, name, text)
      await steersNothing({ cwd: at.folder, env: at.env() }, name, `--${text}`)
    }
    await steersNothing({ cwd: at.folder, env: at.env() }, text)
  })

  it('in the repository that is attested', async () => {
    const at = checkout()
    const commits = [
      'Claude-Session: ',
      'AI-Session-ID: ',
      'Co-Authored-By: ',
      'AI-Tool-Version: claude-code/1 ',
      'Cursor-Session: ',
    ].flatMap((line) => [`x\n\n${line}${printable}`, `${text}\n\n${line}${text.replaceAll('\n', ' ')}`])
    execFileSync('git', ['-C', at.folder, 'fast-import', '--quiet'], { input: streamOf(commits) })
    const agent = { tool: text, id: text, model: text }
    const note = {
      schema_version: 'authorship/3.0.0',
      base_commit_sha: at.commit,
      prompts: {},
      sessions: { s_1: { agent_id: agent } },
    }
    at.git('notes', '--ref=ai', 'add', '-f', '-m', `a\n  s_1 1\n---\n${JSON.stringify(note)}`, at.commit)
    at.git('tag', '-f', printable.replaceAll(/[:[]/g, ''))
    for (const format of some(['text', 'json', 'markdown', 'html'], texts.length, turn)) {
      await steersNothing({ cwd: at.folder, env: at.env() }, 'sessions', '--adopt', '--offline', '--format', format)
    }
    const named = join(at.folder, 'dist', text, 'b.tgz')
    mkdirSync(dirname(named), { recursive: true })
    writeFileSync(named, 'another artifact')
    writeFileSync(join(at.folder, 'SUMS'), `${'a'.repeat(64)}  ${text}\n`)
    const world = { cwd: at.folder, env: at.env(await at.token()) }
    const attested = [
      ['dist/**/*.tgz', '--dry-run'],
      ['dist/*/*/*.tgz'],
      ['dist/app.tgz', '--out', `${text}.jsonl`],
      ['dist/**/b.tgz'],
      ['--checksums', 'SUMS'],
      ['dist/app.tgz', '--since', text],
    ]
    for (const argv of some(attested, texts.length, turn)) {
      await steersNothing(world, 'attest', ...argv, '--sigstore', 'local', '--allow-dirty')
    }
  })

  describe('in what a service answers', () => {
    let sigstore: LocalSigstore
    beforeAll(async () => {
      sigstore = await startLocalSigstore()
    })
    afterAll(() => sigstore.close())

    it.each(Array.from(some([400, 503], texts.length, turn)))('%i once, or always', async (status) => {
      const at = checkout()
      const config = join(at.folder, '../config.json')
      writeFileSync(config, JSON.stringify(sigstore.trustConfig))
      const token = await sigstore.mintToken(providerClaims('github', { sha: at.commit }))
      const genuine = issuerAnswers(sigstore)
      for (const patience of [1, Infinity]) {
        const asked = new Map<string, number>()
        const fetch: typeof globalThis.fetch = (input, init) => {
          const url = input instanceof Request ? input.url : String(input)
          const times = (asked.get(url) ?? 0) + 1
          asked.set(url, times)
          if (times > patience || url.includes('.well-known') || url.includes('jwks')) return genuine(input, init)
          return Promise.resolve(Response.json({ code: 3, message: text, error: text }, { status, statusText: 'x' }))
        }
        const world = { cwd: at.folder, env: at.env(token), fetch, sleep: () => Promise.resolve() }
        const argv = ['attest', 'dist/app.tgz', '--sigstore', config, '--overwrite', '--retry-budget', '1s']
        await steersNothing(world, ...argv)
      }
    })
  })
})
