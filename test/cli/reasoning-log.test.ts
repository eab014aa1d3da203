/** `countersign reasoning-log`: of a range and of a bundle, with records that are right, altered, others and none. */
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { scratchIn } from '../world/scratch-repository.ts'
import { claudeTranscript, digestOf, putRecord, sessionOfRecord } from '../world/session-record.ts'
import { countersign } from './terminal.ts'
import type { Ran } from './terminal.ts'

const checkout = useCheckouts()
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

it.each([
  ['PDF on standard output', ['--format', 'pdf']],
  ['--overwrite alone', ['--overwrite']],
])('refuses a line that means nothing: %s', async (_, argv) => {
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
