/** What a transcript tells is signed with its session, and whoever verifies the bundle sees it; its texts are nowhere. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { attest } from '../../src/attest/attest.ts'
import { embeddedSigstore, localTrust } from '../../src/embedded/project.ts'
import { sha256Hex } from '../../src/model/digest.ts'
import { render } from '../../src/report/index.ts'
import { judge } from '../../src/verify/verify.ts'
import { useCheckouts } from '../world/checkout.ts'

const checkout = useCheckouts()
const id = 'session_01TestParseWidgets'

function row(at: number, type: string, message: object): string {
  const timestamp = `2026-03-01T10:00:0${at}.000Z`
  return `${JSON.stringify({ type, uuid: `u${at}`, sessionId: id, timestamp, version: '2.1.40', message })}\n`
}

test('a transcript is signed by its digest, and shown to whoever verifies', async () => {
  const it = checkout()
  const written = { file_path: '/home/ann/widget/parse.js', content: 'export const parse = JSON.parse\n' }
  const write = { type: 'tool_use', id: 'w1', name: 'Write', input: written }
  const refused = { type: 'tool_result', tool_use_id: 'w2', is_error: true, content: "The user doesn't want to" }
  const text = [
    row(1, 'user', { role: 'user', content: 'PLANTEDPROMPT' }),
    row(2, 'assistant', { id: 'm1', model: 'claude-opus-4-6', content: [write, { ...write, id: 'w2' }] }),
    row(3, 'user', { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'w1', content: 'ok' }, refused] }),
  ].join('')
  it.write('dist/transcript.jsonl', text)
  const { bundle, statement, question } = await attest({
    subjects: { paths: ['dist/app.tgz'] },
    sigstore: embeddedSigstore(),
    transcripts: ['dist/transcript.jsonl'],
    out: { path: 'dist/app.tgz.sigstore.json', whenPresent: 'replace' },
    world: { cwd: it.folder, env: it.env(await it.token()) },
  })
  for (const planted of ['PLANTEDPROMPT', '/home/', 'JSON.parse']) expect(statement).not.toContain(planted)
  expect(JSON.parse(bundle)).toHaveProperty('dsseEnvelope')

  const artifact = join(it.folder, 'dist/app.tgz')
  const verdict = await judge({ artifact, trust: await localTrust(it.state), question })
  expect(verdict.outcome).toBe('pass')
  const json = render(verdict, 'json')
  const recorded = text.replaceAll('/home/ann/', '~/')
  expect(json).toContain(sha256Hex(Buffer.from(recorded)))
  expect(json).toMatch(/"edits":\s*\{\s*"applied":\s*1,\s*"rejected":\s*1/)
  expect(render(verdict, 'text')).toMatch(/recorded +claude-code +session_01TestParseWidgets/)
  expect(render(verdict, 'text')).toContain('1 made, 1 rejected')
})
