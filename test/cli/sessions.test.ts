/** `countersign sessions` in a repository that has everything: notes, trailers, a squash, a merge, a generated file, and secrets. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RangeReport } from '../../src/model/range-report.ts'
import { renderChanges } from '../../src/report/changes.ts'
import { ed25519Key } from '../world/commit-signature.ts'
import { checkpoint, claudeRow, sessionMetadata, storeOnBranch } from '../world/entire-checkpoint.ts'
import { gitAiNote } from '../world/git-ai-record.ts'
import { gitServer } from '../world/git-server.ts'
import { steersIn } from '../world/hostile-text.ts'
import { closedOrigin, loopback } from '../world/loopback-server.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { scratchClone, scratchIn, scratchRepository } from '../world/scratch-repository.ts'
import type { Scratch } from '../world/scratch-repository.ts'
import { countersign } from './terminal.ts'
import type { Ran, Terminal } from './terminal.ts'
import { isEach, part } from '../world/runs.ts'

/** What no output may hold: words of messages and notes, people, folders of the machine. */
const secrets = [
  'Ann',
  'example.org',
  'PLANTEDTITLE',
  'PLANTEDTEXT',
  'PLANTEDPROMPT',
  'Zoe',
  'zoe@',
  'countersign-git-',
]

const noFetch: typeof fetch = () => {
  throw new Error('nobody is to be asked')
}

function run(scratch: Scratch, argv: readonly string[] = [], world: Partial<Terminal> = {}): Promise<Ran> {
  const env = { PATH: process.env['PATH'], HOME: '/nowhere' }
  return countersign({ cwd: scratch.folder, env, fetch: noFetch, ...world }, 'sessions', ...argv)
}

/** v1.0.0, then a trailer, a note, a squash of two commits, a merge, a generated file, and a request that cannot be proved. */
function everything(): Scratch & { readonly noted: string; readonly squashed: string } {
  const scratch = scratchRepository()
  scratch.commit('Begin PLANTEDTITLE', { 'a.txt': 'a\n' })
  scratch.git(['tag', 'v1.0.0'])
  scratch.commit(
    'Parse PLANTEDTITLE\n\nPLANTEDTEXT of a prompt\n\nClaude-Session: https://claude.ai/code/session_01Parse\nCo-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>\nSigned-off-by: Zoe <zoe@example.org>\n',
    { 'src/parse.js': 'one\ntwo\n', 'package-lock.json': '{}\n{}\n{}\n' },
  )
  const noted = scratch.commit('Limit PLANTEDTITLE', { 'src/limit.js': 'one\ntwo\nthree\nfour\n' })
  const prompt = { messages: [{ type: 'user', text: 'PLANTEDPROMPT' }] }
  scratch.note(noted, gitAiNote(noted, { 'src/limit.js': { s1: '1-2', h1: '3', s2: '90-91' } }, { extra: prompt }))

  scratch.git(['checkout', '--quiet', '--detach'])
  scratch.commit('half PLANTEDTITLE\n\nCursor-Session: 0b9fd4c2-6a1e-4d5b-9c33-7f1f2f0a9e11\nAI-Tool: cursor\n', {
    'src/half.js': 'half\n',
  })
  const head = scratch.commit('other half PLANTEDTITLE\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n', {
    'src/other.js': 'half\n',
  })
  scratch.git(['update-ref', 'refs/pull/12/head', head])
  scratch.git(['checkout', '--quiet', 'main'])
  scratch.git(['merge', '--quiet', '--squash', head])
  const squashed = scratch.commit('Both halves PLANTEDTITLE (#12)')

  scratch.git(['checkout', '--quiet', '-b', 'side'])
  scratch.commit('aside PLANTEDTITLE\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n', { 'aside.txt': 'x\n' })
  scratch.git(['checkout', '--quiet', 'main'])
  scratch.git(['merge', '--quiet', '--no-ff', '-m', 'Merge PLANTEDTITLE', 'side'])
  scratch.commit('Elsewhere PLANTEDTITLE (#13)', { 'b.txt': 'b\n' })
  return { ...scratch, noted, squashed }
}

it('tells changes, sessions, lines, findings and gaps, in every view, and nothing of people or texts', async () => {
  const scratch = everything()
  const { exitCode, stdout, stderr } = await run(scratch, ['--format', 'json'])
  expect([exitCode, stderr]).toEqual([0, ''])
  const report = JSON.parse(stdout) as RangeReport
  expect(schemaErrors('sessions', report)).toEqual([])
  expect(report).toMatchObject({
    type: 'https://w3id.org/countersign/sessions/v1',
    signed: false,
    range: { sinceName: 'v1.0.0', reason: 'last-version' },
    commits: { total: 6, claimed: 4, unknown: 2 },
    lines: { ai: 2, human: 1, generated: 3 },
    told: 'all',
  })
  expect(report.sessions.map((it) => [it.tool, it.id, it.level, it.next])).toContainEqual([
    'claude-code',
    'session_01Parse',
    'claimed',
    'keep-record',
  ])
  const changeOf = new Map(report.changes.map((it) => [it.commit, it]))
  expect(changeOf.get(scratch.squashed)).toMatchObject({ request: '#12', parents: [scratch.noted] })
  expect(new Set(changeOf.get(scratch.squashed)!.sessions.map((it) => it.linkage))).toEqual(new Set(['squash']))
  expect(changeOf.get(scratch.noted)!.files).toMatchObject([
    { path: 'src/limit.js', ai: 2, human: 1, unknown: 1, sessions: [{ id: 'session-1', lines: 2 }] },
  ])
  expect(report.findings).toMatchObject([
    {
      code: 'note-line-outside-diff',
      count: 1,
      meaning: 'attributed lines that the commit did not add',
      kept: [{ reader: 'git-ai-note', commit: scratch.noted }],
    },
  ])
  expect(report.readers.find((it) => it.reader === 'pull-requests')).toMatchObject({
    outcome: 'not-fetched',
    fetch: "git fetch origin 'refs/pull/*/head:refs/pull/*/head'",
  })
  expect(report.steps.map((it) => it.step)).toEqual(['name-session', 'keep-record'])

  const text = await run(scratch, ['--offline'])
  expect([text.exitCode, text.stderr]).toEqual([0, ''])
  const views = {
    text: text.stdout,
    json: stdout,
    markdown: renderChanges(report, 'markdown'),
    html: renderChanges(report, 'html'),
  }
  for (const [format, shown] of Object.entries(views)) {
    expect([format, secrets.filter((it) => shown.includes(it))]).toEqual([format, []])
    expect([format, steersIn(shown)]).toEqual([format, []])
    for (const part of ['session_01Parse', 'src/limit.js', 'note-line-outside-diff']) {
      expect(shown.replace(/&#(\d+);/g, (_, mark) => String.fromCodePoint(Number(mark)))).toContain(part)
    }
  }
  await expect(withoutChance(text)).toMatchFileSnapshot('./sessions.txt')
})

describe('the range', () => {
  it('is A..B, A, ..B, or what attest would take', async () => {
    const scratch = scratchRepository()
    const ids = ['one', 'two', 'three'].map((it) => scratch.commit(it))
    scratch.git(['tag', 'v1.0.0', ids[0]!])
    scratch.git(['tag', 'v1.1.0', ids[1]!])
    const rangeOf = async (...argv: readonly string[]): Promise<unknown> => {
      const ran = await run(scratch, [...argv, '--offline', '--format', 'json'])
      expect(ran).toMatchObject({ exitCode: 0, stderr: '' })
      const { range } = JSON.parse(ran.stdout) as RangeReport
      return [range.since, range.until, range.reason]
    }
    expect(await rangeOf()).toEqual([ids[1], ids[2], 'last-version'])
    expect(await rangeOf('..v1.1.0')).toEqual([ids[0], ids[1], 'version-before'])
    expect(await rangeOf('HEAD~2')).toEqual([ids[0], ids[2], 'asked'])
    expect(await rangeOf('v1.0.0..HEAD~1')).toEqual([ids[0], ids[1], 'asked'])
    expect(await rangeOf('HEAD~1..')).toEqual([ids[1], ids[2], 'asked'])
    expect(await rangeOf('--since', 'v1.0.0', '..main')).toEqual([ids[0], ids[2], 'asked'])
    expect(await rangeOf('--adopt')).toEqual([null, ids[2], 'adopted'])
  })

  it.each(
    part(
      [
        [['..'], 'usage', 2],
        [['a...b'], 'usage', 2],
        [['a..b..c'], 'usage', 2],
        [['HEAD', '--since', 'HEAD'], 'usage', 2],
        [['HEAD', '--adopt'], 'usage', 2],
        [['HEAD', '--tag-pattern', 'v*'], 'usage', 2],
        [['--since', 'HEAD', '--adopt'], 'usage', 2],
        [['nowhere'], 'revision-unknown', 2],
        [['HEAD..nowhere'], 'revision-unknown', 2],
        [['HEAD..-x'], 'revision-unknown', 2],
        [['HEAD..^HEAD'], 'revision-unknown', 2],
        [['--path', 'nowhere'], 'path-missing', 2],
      ] as const,
      3,
    ),
  )('of %j is refused: %s, exit %i', async (argv, code, exitCode) => {
    const ran = await run(refused(), argv)
    expect([ran.exitCode, ran.stdout]).toEqual([exitCode, ''])
    expect(ran.stderr).toContain(`(${code})`)
  })

  let made: Scratch | undefined
  /** One for all rows; a folder ends with its test, so it is made where none of them is. */
  function refused(): Scratch {
    return (made ??= scratchIn(kept))
  }
  const kept = mkdtempSync(join(tmpdir(), 'countersign-sessions-'))
  beforeAll(() => {
    refused().git(['init', '--quiet', '--initial-branch=main', '--template='])
    refused().commit('one')
  })
  afterAll(() => rmSync(kept, { recursive: true, force: true }))

  it('that is no revision may be a slip for a command, and that is said', async () => {
    const { stderr, exitCode } = await run(everything(), ['recrd'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/"recrd" names no commit here \(did you mean record\?\) \(revision-unknown\)/)
  })

  it('outside of a checkout is refused, and in one that cannot be read undecided', async () => {
    const nowhere = { cwd: tmpdir(), env: { PATH: process.env['PATH'] }, fetch: noFetch }
    expect(await countersign(nowhere, 'sessions')).toMatchObject({ exitCode: 2, stdout: '' })
    const scratch = scratchRepository()
    const lost = scratch.commit('one')
    scratch.commit('two')
    rmSync(join(scratch.folder, '.git/objects', lost.slice(0, 2), lost.slice(2)))
    const ran = await run(scratch)
    expect([ran.exitCode, ran.stdout]).toEqual([3, ''])
    expect(ran.stderr).toContain('(git-failed)')
  })
})

describe('the remote', () => {
  it('is asked for what the clone has not, but never offline, and what it did not say stays not looked at', async () => {
    const scratch = scratchRepository()
    scratch.commit('one')
    scratch.git(['remote', 'add', 'origin', 'https://user:PLANTEDPASSWORD@forge.example/acme/widget.git'])
    const asked: string[] = []
    const fetch: typeof globalThis.fetch = (input) => {
      asked.push(input instanceof Request ? input.url : input.toString())
      return Promise.reject(new TypeError('no network'))
    }
    const online = await run(scratch, ['--adopt'], { fetch })
    expect(new Set(asked.map((it) => new URL(it).host))).toEqual(new Set(['forge.example']))
    asked.length = 0
    const offline = await run(scratch, ['--adopt', '--offline'], { fetch })
    expect(asked).toEqual([])
    expect(offline.stdout).toBe(online.stdout)
    expect(offline.stdout).toContain("git fetch origin 'refs/notes/*:refs/notes/*'\n")
    expect(offline.stdout).not.toContain('PLANTED')
  })
})

describe('a file of keys', () => {
  it.each(['--allowed-signers', '--forge-signers'])('%s without a key in it is a finding', async (flag) => {
    const scratch = scratchRepository()
    scratch.commit('one')
    const file = join(scratch.folder, '.git/keys')
    const codesWith = async (text: string): Promise<unknown> => {
      writeFileSync(file, text)
      const { stdout } = await run(scratch, ['--adopt', '--offline', '--format', 'json', flag, file])
      const { findings } = JSON.parse(stdout) as { findings: { code: string }[] }
      return findings.map(({ code }) => code)
    }
    expect(await codesWith('\n')).toEqual(['allowed-signers-empty'])
    expect(await codesWith('# nobody yet\n')).toEqual(['allowed-signers-empty'])
    expect(await codesWith(`ann@example.org ${ed25519Key().text}\n`)).toEqual([])
  })
})

describe('--fetch', () => {
  it('gets notes, checkpoints and the requests that the range names, for one run', async () => {
    const origin = scratchRepository()
    const commit = origin.commit('one', { 'a.txt': 'a\n' })
    origin.git(['checkout', '--quiet', '--detach'])
    const head = origin.commit('two\n\nAI-Session-ID: codex:behind-a-squash', { 'b.txt': 'b\n' })
    origin.git(['update-ref', 'refs/pull/12/head', head])
    origin.git(['checkout', '--quiet', 'main'])
    origin.git(['merge', '--quiet', '--squash', head])
    origin.commit('feat (#12)\n\nEntire-Checkpoint: 7b9d8e75f733')
    const clone = scratchClone(origin)
    origin.note(commit, gitAiNote(commit, { 'a.txt': { s1: '1' } }))
    storeOnBranch(
      origin,
      '7b9d8e75f733',
      checkpoint('7b9d8e75f733', [sessionMetadata('7b9d8e75f733', 'stored'), claudeRow('stored')]),
    )
    clone.git(['remote', 'set-url', 'origin', `${await loopback(gitServer(origin))}/widget`])
    const said = async (...args: string[]): Promise<{ sessions: unknown; readers: unknown }> => {
      const { stdout } = await run(clone, ['--format', 'json', ...args], { fetch: globalThis.fetch })
      const report = JSON.parse(stdout) as {
        sessions: { id: string }[]
        readers: { reader: string; outcome: string }[]
      }
      return {
        sessions: report.sessions.map((it) => it.id).toSorted(),
        readers: Object.fromEntries(report.readers.map((it) => [it.reader, it.outcome])),
      }
    }
    const before = clone.git(['for-each-ref'])
    const missing = 'not-fetched'
    expect(await said()).toMatchObject({
      sessions: [],
      readers: {
        'git-ai-note': missing,
        'entire-checkpoint': missing,
        'pull-requests': missing,
        'source-note': 'nothing',
      },
    })
    expect(await said('--fetch')).toMatchObject({
      sessions: ['behind-a-squash', 'session-1', 'stored'],
      readers: {
        'git-ai-note': 'found',
        'entire-checkpoint': 'found',
        'pull-requests': 'found',
        'source-note': 'nothing',
      },
    })
    expect(clone.git(['for-each-ref'])).toBe(before)
  })

  it.runIf(isEach)(
    'from another remote, or asked of those in a configuration, does not take what origin or they have for nothing',
    async () => {
      const origin = scratchRepository()
      const commit = origin.commit('one', { 'a.txt': 'a\n' })
      const clone = scratchClone(origin)
      origin.note(commit, gitAiNote(commit, { 'a.txt': { s1: '1' } }))
      const url = `${await loopback(gitServer(origin))}/widget`
      const other = scratchRepository()
      other.commit('other')
      const outcome = async (...args: string[]): Promise<unknown> => {
        const { stdout } = await run(clone, ['--format', 'json', ...args], { fetch: globalThis.fetch })
        const { readers } = JSON.parse(stdout) as { readers: { reader: string; outcome: string; detail?: string }[] }
        const { outcome, detail } = readers.find((it) => it.reader === 'git-ai-note') ?? {}
        return [outcome, detail]
      }
      clone.git(['remote', 'set-url', 'origin', url])
      expect(await outcome('--fetch-from', other.folder)).toEqual([
        ...['not-fetched', 'the remote has refs/notes/ai, this clone has not'],
      ])
      expect(await outcome('--fetch-from', other.folder, '--fetch-from', url)).toEqual(['found', undefined])
      // An origin that nobody can ask.
      clone.git(['remote', 'set-url', 'origin', 'ssh://git.example/acme/widget'])
      expect(await outcome('--fetch-from', other.folder)).toEqual([
        ...['not-fetched', 'refs/notes/ai is not in this clone'],
      ])
      clone.write('.countersign/config.yaml', 'version: 1\nremotes: [records]\n')
      clone.git(['remote', 'set-url', 'origin', other.folder])
      clone.git(['remote', 'add', 'records', url])
      clone.git(['add', '.'])
      clone.git(['commit', '--quiet', '--message', 'two'])
      expect(await outcome('--fetch')).toEqual(['not-fetched', 'the remote has refs/notes/ai, this clone has not'])
    },
  )

  it.runIf(isEach)('that fails is said of each reader, and ends nothing', async () => {
    const scratch = scratchRepository()
    scratch.commit('one')
    scratch.git(['remote', 'add', 'origin', `${await closedOrigin()}/widget`])
    const { exitCode, stdout, stderr } = await run(scratch, ['--format', 'json', '--fetch'], {
      fetch: globalThis.fetch,
    })
    expect(exitCode).toBe(0)
    expect(stderr.match(/warning: --fetch: the remote origin could not be read: ECONNREFUSED/g)).toHaveLength(1)
    const { readers } = JSON.parse(stdout) as { readers: { reader: string; outcome: string; detail?: string }[] }
    expect(readers.find((it) => it.reader === 'git-ai-note')).toMatchObject({
      ...{ outcome: 'could-not-look', detail: 'the remote origin could not be read: ECONNREFUSED' },
    })
  })

  it('of one that wants credentials warns, once, and says what to do; nobody is warned who did not ask', async () => {
    const scratch = scratchRepository()
    scratch.commit('one')
    scratch.git(['remote', 'add', 'origin', 'https://forge.example/acme/widget.git'])
    const fetch: typeof globalThis.fetch = () => Promise.resolve(new Response('', { status: 401 }))
    const { exitCode, stderr } = await run(scratch, ['--adopt', '--fetch'], { fetch })
    expect(exitCode).toBe(0)
    expect(stderr.match(/warning: .*status 401; .*persist-credentials/g)).toHaveLength(1)
    expect(await run(scratch, ['--adopt'], { fetch })).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it.each(
    part(
      [
        ['--fetch', '--offline'],
        ['--fetch-from', '--upload-pack=x'],
        ['--fetch-from', 'nobody'],
      ],
      3,
    ),
  )('is refused with %s %s', async (...args) => {
    const scratch = scratchRepository()
    scratch.commit('one')
    expect((await run(scratch, args)).exitCode).toBe(2)
  })
})

/** Commits have other ids wherever git writes other dates. */
function withoutChance({ stdout }: Ran): string {
  return stdout.replace(/(?<!-)\b[0-9a-f]{12}\b/g, '<commit-id->')
}
