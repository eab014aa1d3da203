/** Records are made once, signed, sent, and by two at once. */
import { execFile, execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { recordSessions } from '../../src/attest/session-records.ts'
import { countersign } from '../cli/terminal.ts'
import { atDesk, isEach } from '../world/runs.ts'
import { scratchFolder, scratchRepository } from '../world/scratch-repository.ts'
import type { Scratch } from '../world/scratch-repository.ts'
import { claudeTranscript, sessionOfRecord } from '../world/session-record.ts'

const token = `ghp_16C7e42F292c6912E7710c838347Ae178B4a`

function begun(): { scratch: Scratch; transcript: string; world: { cwd: string; env: NodeJS.ProcessEnv } } {
  const scratch = scratchRepository()
  scratch.commit(`change\n\nAI-Session-ID: claude-code:${sessionOfRecord}`, { 'a.txt': 'a\n' })
  const transcript = join(scratchFolder(), `${sessionOfRecord}.jsonl`)
  writeFileSync(transcript, claudeTranscript().replace('What?', `What of ${token}?`))
  const env = {
    PATH: process.env['PATH'],
    HOME: scratchFolder(),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  }
  return { scratch, transcript, world: { cwd: scratch.folder, env } }
}

function key(passphrase = ''): string {
  const path = join(scratchFolder(), 'key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'test', '-f', path])
  return path
}

const refs = (scratch: Scratch): string[] =>
  scratch
    .git(['for-each-ref', '--format=%(refname)', 'refs/countersign'])
    .split('\n')
    .filter((it) => it !== '')

test('a record is redacted, made once, and the same commit whoever makes it', async () => {
  const { scratch, transcript, world } = begun()
  const first = await recordSessions({ transcripts: [transcript], sign: 'none', world })
  expect(first.records).toMatchObject([
    { outcome: 'made', tool: 'claude-code', session: sessionOfRecord, redactions: 1 },
  ])
  const [ref = ''] = refs(scratch)
  const told = ['record.jsonl', 'record.json'].map((it) => scratch.git(['show', `${ref}:${it}`])).join('')
  expect(told).not.toContain(token)
  expect(told).not.toContain(scratch.folder)
  const commit = scratch.git(['rev-parse', ref])
  const again = await recordSessions({ transcripts: [transcript], sign: 'none', world })
  expect(again.records).toMatchObject([{ outcome: 'existed', commit }])
  expect(refs(scratch)).toEqual([ref])
  scratch.git(['gc', '--quiet', '--prune=now'])
  expect(scratch.git(['cat-file', '-t', `${ref}:record.jsonl`])).toBe('blob')
  scratch.git(['fsck', '--strict'])
  const other = begun()
  writeFileSync(other.transcript, readFileSync(transcript))
  const theirs = await recordSessions({ transcripts: [other.transcript], sign: 'none', world: other.world })
  expect(theirs.records[0]?.commit).toBe(commit)
})

test('git itself verifies the signature; without a key that can sign no record is made', async () => {
  const { scratch, transcript, world } = begun()
  const asked = { transcripts: [transcript], world }
  await expect(recordSessions(asked)).rejects.toMatchObject({ code: 'record-key-missing' })
  // But where there is nothing to sign, nobody needs one.
  expect(await recordSessions({ pending: true, world })).toMatchObject({ records: [], passedOver: [] })
  await expect(recordSessions({ ...asked, signingKey: '/nowhere/key' })).rejects.toMatchObject({
    code: 'record-key-missing',
  })
  // Nobody is asked for a passphrase: a push would wait for it.
  await expect(recordSessions({ ...asked, signingKey: key('secret') })).rejects.toMatchObject({
    code: 'record-sign-failed',
  })
  await expect(recordSessions({ ...asked, sign: 'sigstore' })).rejects.toMatchObject({ code: 'record-identity-public' })
  expect(refs(scratch)).toEqual([])
  const path = key()
  // Of OpenPGP, as of everyone who signs commits with it: records have a key of their own then.
  scratch.git(['config', 'user.signingkey', '5DE3E0509C47EA3CF04A42D34AEE18F83AFDEB23'])
  await expect(recordSessions(asked)).rejects.toMatchObject({ code: 'record-key-missing' })
  scratch.git(['config', 'countersign.signingKey', path])
  expect((await recordSessions(asked)).records).toMatchObject([{ signed: 'ssh' }])
  const allowed = join(scratchFolder(), 'allowed')
  writeFileSync(allowed, `ann@example.org ${readFileSync(`${path}.pub`, 'utf8')}`)
  scratch.git(['-c', `gpg.ssh.allowedSignersFile=${allowed}`, 'verify-commit', refs(scratch)[0] ?? ''])
})

test.runIf(isEach)('the page says how a record is verified with git and ssh-keygen alone', async () => {
  const { scratch, transcript, world } = begun()
  const path = key()
  await recordSessions({ transcripts: [transcript], signingKey: path, world })
  scratch.write('allowed', `ann@example.org ${readFileSync(`${path}.pub`, 'utf8')}`)
  const page = readFileSync(new URL('../../docs/records.md', import.meta.url), 'utf8')
  const [, script = ''] = /<!-- by hand -->\n+```sh\n([\s\S]*?)```/.exec(page) ?? []
  expect(scratch.sh(`set -e\n${script}`)).toContain('Good "git" signature')
  // And not one that was altered.
  scratch.write('allowed', `ann@example.org ${readFileSync(`${key()}.pub`, 'utf8')}`)
  expect(() => scratch.sh(`set -e\n${script}`)).toThrow()
})

test('what has its name and is none is never written over', async () => {
  const { scratch, transcript, world } = begun()
  await recordSessions({ transcripts: [transcript], sign: 'none', world })
  const [ref = ''] = refs(scratch)
  scratch.git(['update-ref', ref, 'HEAD'])
  await expect(recordSessions({ transcripts: [transcript], sign: 'none', world })).rejects.toMatchObject({
    code: 'record-ref-taken',
  })
  expect(scratch.git(['rev-parse', ref])).toBe(scratch.git(['rev-parse', 'HEAD']))
})

test('records go to a remote by their names, and nothing there is written over', async () => {
  const { scratch, transcript, world } = begun()
  const bare = scratchRepository('--bare')
  const asked = { transcripts: [transcript], sign: 'none' as const, push: bare.folder, world }
  const { pushed } = await recordSessions(asked)
  expect(pushed).toEqual({ there: [expect.any(String)], sent: pushed?.there, other: [] })
  expect((await recordSessions(asked)).pushed).toEqual({ ...pushed, sent: [] })
  const again = ['sessions', 'record', '--transcript', transcript, '--sign', 'none', '--push', bare.folder]
  expect((await countersign({ cwd: scratch.folder, env: world.env }, ...again)).stderr).toMatch(
    /nothing new to push.* 1 /,
  )
  const [ref = ''] = refs(scratch)
  expect(bare.git(['for-each-ref', '--format=%(refname)'])).toBe(ref)
  const theirs = bare.git(['commit-tree', `${ref}^{tree}`, '-m', 'theirs'])
  bare.git(['update-ref', ref, theirs])
  expect((await recordSessions(asked)).pushed).toMatchObject({ there: [], other: [expect.any(String)] })
  expect(bare.git(['rev-parse', ref])).toBe(theirs)
  await expect(recordSessions({ ...asked, push: join(bare.folder, 'none') })).rejects.toMatchObject({
    code: 'record-push-failed',
  })
  await expect(recordSessions({ ...asked, push: '--mirror' })).rejects.toMatchObject({ code: 'usage' })
  await expect(recordSessions({ ...asked, push: 'ext::sh -c true' })).rejects.toMatchObject({
    code: 'record-push-failed',
  })
})

test('of what hooks noted, sessions that commits name are recorded, and no others', async () => {
  const { scratch, transcript, world } = begun()
  const note = (name: string, session: string, path: string): void =>
    scratch.write(
      `.git/countersign/sessions/claude-code/${name}.json`,
      JSON.stringify({ v: 1, tool: 'claude-code', session, transcript: path, seenAt: '' }),
    )
  note('a', sessionOfRecord, transcript)
  const unnamed = join(scratchFolder(), 'x.jsonl')
  writeFileSync(unnamed, claudeTranscript('22222222-2222-4333-8444-555555555555'))
  note('b', '22222222-2222-4333-8444-555555555555', unnamed)
  note('c', sessionOfRecord, 'relative.jsonl')
  scratch.write('.git/countersign/sessions/claude-code/d.json', '{"v":1,')
  // Whoever commits can write any number of lines.
  const flood = Array.from({ length: 60_000 }, (_, at) => `AI-Session-ID: codex:${'x'.repeat(80)}${String(at)}\n`)
  scratch.commit(`another\n\n${flood.join('')}`, { 'b.txt': 'b\n' })
  const { records } = await recordSessions({ pending: true, sign: 'none', world })
  expect(records).toMatchObject([{ session: sessionOfRecord, outcome: 'made' }])
  expect(refs(scratch)).toHaveLength(1)
})

test('two who record the same session at once make one record', { timeout: 120_000 }, async () => {
  const { scratch, transcript, world } = begun()
  const tree = join(scratchFolder(), 'tree')
  scratch.git(['worktree', 'add', '--quiet', '--detach', tree])
  const flow = new URL('../../src/attest/session-records.ts', import.meta.url).href
  const script = `const { recordSessions } = await import(${JSON.stringify(flow)})
    const { records } = await recordSessions({ transcripts: [process.argv[1]], sign: 'none' })
    process.stdout.write(records.map((it) => it.outcome + ' ' + it.commit).join())`
  for (let round = 0; round < atDesk(1, 6); round += 1) {
    writeFileSync(transcript, claudeTranscript(sessionOfRecord, round + 2))
    const said = await Promise.all(
      [scratch.folder, tree].map(async (cwd) => {
        const args = ['--input-type=module', '--no-warnings', '-e', script, transcript]
        return (await promisify(execFile)(process.execPath, args, { cwd, env: world.env })).stdout
      }),
    )
    expect(said.map((it) => it.split(' ')[1])).toEqual([said[0]?.split(' ')[1], said[0]?.split(' ')[1]])
    expect(said.some((it) => it.startsWith('made'))).toBe(true)
    expect(refs(scratch)).toHaveLength(round + 1)
  }
})
