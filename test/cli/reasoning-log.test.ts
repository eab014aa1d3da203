/** `countersign reasoning-log`: of a range and of a bundle, with records that are right, altered, others and none. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { scratchIn } from '../world/scratch-repository.ts'
import { claudeTranscript, digestOf, putRecord, sessionOfRecord } from '../world/session-record.ts'
import { countersign } from './terminal.ts'
import type { Ran } from './terminal.ts'
import { isEach, part } from '../world/runs.ts'

const checkout = useCheckouts()
const bundle = 'dist/app.tgz.sigstore.json'
const id = 'session_01TestParseWidgets'
// In two parts, so that no scanner takes this file for one with secrets in it.
const github = ['ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('')

async function ran(at: Checkout, ...argv: readonly string[]): Promise<Ran> {
  return countersign({ cwd: at.folder, env: at.env(await at.token({ ref: 'refs/heads/main' })) }, ...argv)
}

function transcript(at: Checkout, question: string): string {
  const rows = [
    { type: 'user', uuid: 'u1', message: { role: 'user', content: `${question} with ${github}` } },
    {
      type: 'assistant',
      uuid: 'u2',
      message: {
        ...{ id: 'm1', role: 'assistant', model: 'claude-opus-4-6' },
        content: [
          { type: 'text', text: 'I chose JSON.parse.' },
          {
            type: 'tool_use',
            id: 'toolu_1',
            name: 'Write',
            input: { file_path: 'parse.js', content: 'export const parse = JSON.parse\n' },
          },
        ],
      },
    },
    {
      type: 'user',
      uuid: 'u3',
      message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok' }] },
    },
  ]
  const timestamp = '2026-03-01T10:00:00.000Z'
  const text = rows.map((it) => `${JSON.stringify({ ...it, sessionId: id, timestamp })}\n`).join('')
  const path = join(at.folder, '../transcripts')
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, `${id}.jsonl`), text)
  return `../transcripts/${id}.jsonl`
}

async function attested(): Promise<Checkout> {
  const at = checkout()
  const path = transcript(at, 'Parse the widgets')
  const flags = ['--sigstore', 'local', '--transcript', path, '--keep-records', '../records']
  expect(await ran(at, 'attest', 'dist/app.tgz', ...flags)).toMatchObject({ exitCode: 0 })
  return at
}

it('shows of a bundle the session whose record has the signed digest, and says that nobody verified it', async () => {
  const at = await attested()
  const { exitCode, stdout } = await ran(at, 'reasoning-log', 'dist/app.tgz.sigstore.json', '--records', '../records')
  expect(exitCode).toBe(0)
  for (const words of ['NOT VERIFIED', 'Parse the widgets', 'I chose JSON.parse.', 'parse.js: applied', '[redacted]'])
    expect(stdout).toContain(words)
  expect(stdout).not.toContain(github.slice(-8))
  const again = await ran(at, 'reasoning-log', 'dist/app.tgz.sigstore.json', '--records', '../records')
  expect(again.stdout).toBe(stdout)
})

it('says of an artifact that it was verified, and refuses to begin where the answer is no', async () => {
  const at = await attested()
  const asked = ['--issuer', 'https://oidc.countersign.localhost', '--sigstore', 'local', '--workflow', 'release.yml']
  const good = await ran(at, 'reasoning-log', 'dist/app.tgz', '-R', 'acme/widget', ...asked, '--records', '../records')
  expect([good.exitCode, good.stdout.includes('which was verified')]).toEqual([0, true])
  const bad = await ran(at, 'reasoning-log', 'dist/app.tgz', '-R', 'acme/other', ...asked, '--records', '../records')
  expect([bad.exitCode, bad.stdout]).toEqual([1, ''])
})

it('shows nothing of a record that was altered, or is another one than was signed', async () => {
  const at = await attested()
  const folder = join(at.folder, '../records')
  const [name = ''] = readdirSync(folder).filter((it) => it.endsWith('.jsonl'))
  writeFileSync(join(folder, name), readFileSync(join(folder, name), 'utf8').replace('Parse the', 'Delete all'))
  const altered = await ran(at, 'reasoning-log', 'dist/app.tgz.sigstore.json', '--records', '../records')
  expect(altered.exitCode).toBe(1)
  expect(altered.stdout).toContain('REFUSED')
  expect(altered.stdout).not.toContain('Delete all')
  renameSync(folder, join(at.folder, '../old'))
  const other = transcript(at, 'Something else')
  const differs = await ran(at, 'reasoning-log', 'dist/app.tgz.sigstore.json', '--transcript', other)
  expect(differs.exitCode).toBe(1)
  expect(differs.stdout).not.toContain('Something else')
})

/** Rows of a session in the form of Claude Code: an answer of that id for each question. */
function written(at: Checkout, name: string, said: readonly (readonly [question: string, answer: string])[]): string {
  const rows = said.flatMap(([question, answer], turn) => [
    { type: 'user', uuid: `${name}-q${turn}`, message: { role: 'user', content: question } },
    {
      ...{ type: 'assistant', uuid: `${name}-a${turn}` },
      message: { id: answer, role: 'assistant', model: 'claude-opus-4-6', content: [{ type: 'text', text: answer }] },
    },
  ])
  const agent = name.startsWith('agent-') ? { isSidechain: true, agentId: name.slice('agent-'.length) } : {}
  const common = { sessionId: id, timestamp: '2026-03-01T10:00:00.000Z', ...agent }
  const folder = join(at.folder, '../transcripts')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.jsonl`), rows.map((it) => `${JSON.stringify({ ...it, ...common })}\n`).join(''))
  return `../transcripts/${name}.jsonl`
}

it('shows of several records without a signed digest that with the most answers, of a range and of a bundle', async () => {
  const at = checkout()
  const long = written(
    at,
    'long',
    ['a', 'b', 'c', 'd', 'e', 'f'].map((it) => [`long question ${it}`, 'one answer']),
  )
  const far = written(at, 'far', [
    ['far question', 'first answer'],
    ['again', 'second answer'],
  ])
  expect(await ran(at, 'attest', 'dist/app.tgz', '--sigstore', 'local')).toMatchObject({ exitCode: 0 })
  for (const what of [[], [bundle]]) {
    for (const [one, other] of [
      [long, far],
      [far, long],
    ] as const) {
      const { stdout } = await ran(at, 'reasoning-log', ...what, '--transcript', one, '--transcript', other)
      expect([stdout.includes('far question'), stdout.includes('long question')]).toEqual([true, false])
    }
  }
})

it('counts the agents of a session, and shows nothing of what they were told', async () => {
  const at = checkout()
  const own = written(at, id, [['the question', 'the answer']])
  const agents = ['agent-a1', 'agent-b2'].map((it) => written(at, it, [[`told ${it}`, `done ${it}`]]))
  const flags = [own, ...agents].flatMap((it) => ['--transcript', it])
  const range = await ran(at, 'reasoning-log', ...flags)
  expect(range.stdout).toContain('the question')
  expect(range.stdout).toMatch(/LEFT OUT\S+ 2 agents/)
  expect(range.stdout).not.toContain('told agent')
  await ran(at, 'attest', 'dist/app.tgz', '--sigstore', 'local', ...flags)
  // What is signed says so, also where nobody gives them.
  const { stdout } = await ran(at, 'reasoning-log', bundle, '--transcript', own)
  expect(stdout).toMatch(/LEFT OUT\S+ 2 agents/)
})

it('says of a range what is missing, and keeps a page without texts', async () => {
  const at = checkout()
  const none = await ran(at, 'reasoning-log')
  expect([none.exitCode, none.stdout.includes('MISSING')]).toEqual([0, true])
  const path = transcript(at, 'Parse the widgets')
  const given = await ran(
    at,
    'reasoning-log',
    '--transcript',
    path,
    '--format',
    'html',
    '--summaries',
    'docs/provenance',
  )
  expect(given.stdout).toContain('Parse the widgets')
  const [page = ''] = readdirSync(join(at.folder, 'docs/provenance'))
  const summary = readFileSync(join(at.folder, 'docs/provenance', page), 'utf8')
  expect(summary).toContain('01TestParseWidgets')
  expect(summary).not.toContain('Parse the widgets')
})

async function withLog(format = 'markdown', end = 'md'): Promise<{ at: Checkout; log: string }> {
  const at = checkout()
  const path = transcript(at, 'Parse the widgets')
  const log = join(at.folder, `../reasoning.${end}`)
  const made = await ran(at, 'reasoning-log', '--transcript', path, '--format', format, '--out', log)
  expect(made).toMatchObject({ exitCode: 0 })
  const flags = ['--sigstore', 'local', '--transcript', path, '--keep-records', '../records', '--reasoning-log', log]
  expect(await ran(at, 'attest', 'dist/app.tgz', ...flags)).toMatchObject({ exitCode: 0 })
  return { at, log: readFileSync(log, 'utf8') }
}

it.each(
  part(
    [
      ['markdown', 'md', 'text/markdown'],
      ['html', 'html', 'text/html'],
    ],
    2,
  ),
)('signs the digest of a log and nothing of it, and makes that very log again: %s', async (format, end, mediaType) => {
  const { at, log } = await withLog(format, end)
  expect(log).toContain('Parse the widgets')
  const sha256 = createHash('sha256').update(log).digest('hex')
  const inspected = await ran(at, 'inspect', bundle, '--format', 'json')
  expect(JSON.parse(inspected.stdout)).toMatchObject({ reasoningLog: { sha256, mediaType } })
  expect(inspected.stdout).not.toContain('Parse the widgets')
  const again = await ran(at, 'reasoning-log', bundle, '--records', '../records', '--format', format)
  expect(again.stdout).toBe(log)
  expect(again.stderr).toContain('the very log')
})

it.runIf(isEach)('takes the log for no change of the source, wherever it lies', async () => {
  const at = checkout()
  await ran(at, 'reasoning-log', '--out', 'reasoning.md')
  const dry = await ran(
    at,
    'attest',
    'dist/app.tgz',
    '--sigstore',
    'local',
    '--reasoning-log',
    'reasoning.md',
    '--dry-run',
  )
  expect(dry.stdout).toContain('"dirty":false,"untracked":{"count":0}')
})

it.runIf(isEach)('says so where a log is not the one that was signed, and does not call that one it', async () => {
  const { at, log } = await withLog()
  const other = await ran(at, 'reasoning-log', bundle, '--records', '../records', '--format', 'html')
  expect(other.stderr).toMatch(/not the log .*--format markdown/)
  renameSync(join(at.folder, '../records'), join(at.folder, '../old'))
  const none = await ran(at, 'reasoning-log', bundle)
  expect([none.stdout === log, none.stdout.includes('NOT VERIFIED')]).toEqual([false, true])
  expect(none.stderr).toContain('not the log')
})

it('shows the digest with what was verified', async () => {
  const { at, log } = await withLog()
  const sha256 = createHash('sha256').update(log).digest('hex')
  const asked = ['--issuer', 'https://oidc.countersign.localhost', '--sigstore', 'local', '--workflow', 'release.yml']
  const text = await ran(at, 'verify', 'dist/app.tgz', '-R', 'acme/widget', ...asked)
  expect([text.exitCode, text.stdout]).toEqual([0, expect.stringContaining(`sha256:${sha256} (text/markdown)`)])
  const json = await ran(at, 'verify', 'dist/app.tgz', '-R', 'acme/widget', ...asked, '--format', 'json')
  expect(json.stdout).toContain(`"reasoningLog":{"sha256":"${sha256}"`)
  const again = await ran(at, 'reasoning-log', 'dist/app.tgz', '-R', 'acme/widget', ...asked, '--records', '../records')
  expect([again.exitCode, again.stdout]).toEqual([0, log])
})

it.each(
  part(
    [
      ['that is not there', '../none.md'],
      ['of another kind', 'dist/app.tgz'],
    ],
    2,
  ),
)('refuses a log %s before anything is signed', async (_, path) => {
  const at = checkout()
  const refused = await ran(at, 'attest', 'dist/app.tgz', '--sigstore', 'local', '--reasoning-log', path)
  expect([refused.exitCode === 0, existsSync(join(at.folder, bundle))]).toEqual([false, false])
})

it.each(
  part(
    [
      ['PDF on standard output', ['--format', 'pdf']],
      ['--overwrite alone', ['--overwrite']],
    ],
    2,
  ),
)('refuses a line that means nothing: %s', async (_, argv) => {
  expect((await ran(checkout(), 'reasoning-log', ...argv)).exitCode).toBe(2)
})

it('reads records that are in refs of the clone, and refuses one that was altered', async () => {
  const at = checkout()
  at.git('commit', '--quiet', '--allow-empty', '-m', `Change\n\nAI-Session-ID: claude-code:${sessionOfRecord}`)
  const transcript = claudeTranscript()
  putRecord(scratchIn(at.folder), { transcript })
  expect(await ran(at, 'attest', 'dist/app.tgz', '--sigstore', 'local')).toMatchObject({ exitCode: 0 })
  for (const words of [[], ['dist/app.tgz.sigstore.json']]) {
    const { exitCode, stdout } = await ran(at, 'reasoning-log', ...words)
    expect([exitCode, stdout.includes('What?')], stdout).toEqual([0, true])
  }
  const altered = transcript.replace('What?', 'Why?')
  putRecord(scratchIn(at.folder), { transcript: altered, digest: digestOf(transcript) })
  const { exitCode, stdout } = await ran(at, 'reasoning-log', 'dist/app.tgz.sigstore.json')
  expect([exitCode, stdout.includes('REFUSED'), stdout.includes('Why?')], stdout).toEqual([1, true, false])
})

it('says where nobody could look for a record, and not that it is missing', async () => {
  const at = await attested()
  const elsewhere = join(at.folder, '../elsewhere')
  mkdirSync(elsewhere)
  writeFileSync(join(elsewhere, 'x.sigstore.json'), readFileSync(join(at.folder, bundle)))
  const outside = await countersign({ cwd: elsewhere, env: {} }, 'reasoning-log', 'x.sigstore.json')
  expect(outside.exitCode).toBe(0)
  expect(outside.stdout).toMatch(/COULD NOT LOOK for 1 records\S+ this log was not made in a clone/)
  // The other session has no digest by which one could look.
  expect(outside.stdout.split('MISSING')).toHaveLength(2)
  // In a clone somebody has looked.
  const inside = await ran(at, 'reasoning-log', bundle)
  expect(inside.stdout.split('MISSING')).toHaveLength(3)
  expect(inside.stdout).not.toContain('COULD NOT LOOK')
  // Git refuses a folder of somebody else; here one stands for it that says what it says then.
  const program = join(elsewhere, 'git')
  const words = `fatal: detected dubious ownership in repository at '${at.folder}'`
  writeFileSync(program, `#!/bin/sh\ncat >&2 <<'END'\n${words}\nEND\nexit 128\n`, { mode: 0o755 })
  const env = { PATH: `${elsewhere}:/usr/bin:/bin` }
  const refused = await countersign({ cwd: at.folder, env }, 'reasoning-log', bundle)
  expect(refused.stdout).toMatch(/COULD NOT LOOK for 1 records\S+ git does not trust the owner/)
  expect(refused.stdout).not.toContain(at.folder)
})
