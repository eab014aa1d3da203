/** What the answers of a portal make of sessions: the highest level hangs on every link of the chain. */
import { describe, expect, test } from 'vitest'
import { resolveRange } from '../../../src/collect/git/history.ts'
import { openPortal } from '../../../src/collect/portals/open-portal.ts'
import { collectChanges } from '../../../src/collect/sessions/index.ts'
import { sessionReaders } from '../../../src/collect/sessions/readers/index.ts'
import { sha256Hex } from '../../../src/model/digest.ts'
import type { CollectedSessions } from '../../../src/model/facts.ts'
import { levelReason } from '../../../src/model/level-words.ts'
import { portalCells } from '../../../src/model/portal-words.ts'
import { worldOf } from '../../../src/platform/world.ts'
import { loopback } from '../../world/loopback-server.ts'
import { portalToken, session } from '../../world/portal.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { annSigns, recordPointer, storeSignedRecord } from '../../world/signed-record.ts'
import { part } from '../../world/runs.ts'

/** Of the record. */
const id = '11111111-2222-4333-8444-555555555555'
const text = 'It added a widget.'

/** An answer about the hour in which scratch repositories are made, by whoever makes their commits. */
const ofThen = (more: object = {}): object =>
  session(id, {
    ...{ user: { email: 'ann@example.org' }, startedAt: '2023-11-14T22:00:00Z', endedAt: '2023-11-14T22:30:00Z' },
    ...more,
  })

/** A commit of Ann's that names the session. */
function release(isSigned = true): Scratch {
  const scratch = scratchRepository()
  scratch.commit(`one\n\n${recordPointer}`, { 'a.txt': 'a\n' })
  storeSignedRecord(scratch, isSigned)
  return scratch
}

interface Collected extends CollectedSessions {
  readonly body: string
  readonly kept: ReadonlyMap<string, string>
  readonly host: string
}

async function collected(answer: object | undefined, scratch = release(), code = 200): Promise<Collected> {
  const body = JSON.stringify(answer)
  const origin = await loopback((_, response) => void response.writeHead(code).end(body))
  const kept = new Map<string, string>()
  const portal = openPortal(
    {
      ...{ adapter: 'contract', address: origin, token: portalToken },
      keepSummary: (sha256, it) => Promise.resolve(void kept.set(sha256, it)),
    },
    worldOf(),
  )
  const repository = await scratch.open()
  const range = await resolveRange(repository, { adopt: true, allowShallow: 'record' })
  const { sessions } = await collectChanges(repository, range, sessionReaders, undefined, {
    signers: { allowedSigners: annSigns },
    portal: { portal, repository: 'git@github.com:acme/widget.git' },
  })
  return { ...sessions, body, kept, host: new URL(origin).host }
}

const only = ({ sessions }: CollectedSessions): CollectedSessions['sessions'][number] | undefined =>
  sessions.find((it) => it.id === id)
/** The level, in what the pinned answer agrees, and the codes of findings about answers. */
function told(it: CollectedSessions): unknown[] {
  const codes = Object.keys(it.findingCounts).filter((code) => code.startsWith('portal-'))
  return [only(it)?.level, only(it)?.portal?.agrees.join(' '), ...codes]
}
const reportIn = ({ readers }: CollectedSessions): unknown => readers.find(({ reader }) => reader === 'portal')

describe('a session that a portal is asked about', () => {
  test('is vouched for where its record is signed and all agrees, and the answer is pinned', async () => {
    const it = await collected({ session: ofThen() })
    expect(told(it)).toEqual(['vouched', 'user repository time'])
    expect(only(it)?.portal).toEqual({
      ...{ adapter: 'contract', host: it.host, sha256: sha256Hex(Buffer.from(it.body)) },
      askedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      agrees: ['user', 'repository', 'time'],
    })
    expect(reportIn(it)).toEqual({ reader: 'portal', outcome: 'found', claims: 1 })
    const shown = only(it)
    expect(shown && levelReason(shown)).toMatch(/ a portal that was asked agrees/)
    expect(shown && portalCells(shown)?.at(-1)).toBe('yes')
  })

  test('stays what it is where its record is not signed', async () => {
    const it = await collected({ session: ofThen() }, release(false))
    expect(told(it)).toEqual(['recorded', 'user repository time'])
    const shown = only(it)
    expect(shown && levelReason(shown)).toMatch(/; a portal knows it \(agrees in user, repository, time\)$/)
    expect(shown && portalCells(shown)?.at(-1)).toMatch(/^no: /)
  })

  test.each(
    part(
      [
        ['user', { user: { email: 'bob@example.com' } }],
        ['repository', { repositories: ['https://github.com/acme/other'] }],
        ['time', { startedAt: '2023-11-10T22:00:00Z', endedAt: '2023-11-10T22:30:00Z' }],
        ['commits', { commits: ['f'.repeat(40)] }],
      ],
      2,
    ),
  )('has nothing of an answer with another %s', async (link, more) => {
    const it = await collected({ session: ofThen(more) })
    expect(told(it)).toEqual(['signed', undefined, `portal-other-${link}`])
    expect(reportIn(it)).toEqual({ reader: 'portal', outcome: 'nothing', claims: 0 })
  })

  test.each(
    part(
      [
        ['another session', { id: 'another' }],
        ['another tool', { tool: 'codex' }],
      ],
      2,
    ),
  )('has nothing of an answer about %s', async (_, more) => {
    expect(told(await collected({ session: ofThen(more) }))).toEqual(['signed', undefined, 'portal-other-session'])
  })

  test('is not raised by a portal that does not say whose it was', async () => {
    const it = await collected({ session: ofThen({ user: { subject: '42' } }) })
    expect(told(it)).toEqual(['signed', 'repository time', 'portal-silent'])
    expect(reportIn(it)).toEqual({ reader: 'portal', outcome: 'nothing', claims: 0 })
  })

  test('is known to nobody, or nobody could look', async () => {
    expect(told(await collected({}, release(), 404))).toEqual(['signed', undefined, 'portal-unknown'])
    const it = await collected({}, release(), 403)
    expect(told(it)).toEqual(['signed', undefined])
    expect(reportIn(it)).toEqual({
      ...{ reader: 'portal', outcome: 'could-not-look', claims: 0 },
      detail: 'it answers with status 403',
    })
  })

  test('is not told of where nobody is asked', async () => {
    const repository = await release().open()
    const range = await resolveRange(repository, { adopt: true, allowShallow: 'record' })
    const { sessions } = await collectChanges(repository, range)
    expect(reportIn(sessions)).toBeUndefined()
  })

  test('that a commit of somebody else names, too, is of nobody', async () => {
    const scratch = release()
    const [head, tree] = [scratch.git(['rev-parse', 'HEAD']), scratch.git(['rev-parse', 'HEAD^{tree}'])]
    const bob = 'Bob <bob@example.com> 1700000100 +0000'
    const lines = [
      `tree ${tree}`,
      `parent ${head}`,
      `author ${bob}`,
      `committer ${bob}`,
      '',
      'two',
      '',
      recordPointer,
      '',
    ]
    scratch.git(['reset', '--hard', scratch.git(['hash-object', '-w', '-t', 'commit', '--stdin'], lines.join('\n'))])
    expect(told(await collected({ session: ofThen() }, scratch))).toEqual(['signed', undefined, 'portal-other-user'])
  })
})

describe('a summary that a portal gives', () => {
  const sha256 = sha256Hex(Buffer.from(text))

  test('is signed by its digest alone, and its text kept where that is asked for', async () => {
    const it = await collected({ session: ofThen({ summary: { sha256, text } }) })
    expect(only(it)?.portal?.summary).toEqual({ sha256 })
    expect(JSON.stringify(it.sessions)).not.toContain(text)
    expect([...it.kept]).toEqual([[sha256, text]])
  })

  test('may be a digest alone', async () => {
    const it = await collected({ session: ofThen({ summary: { sha256 } }) })
    expect([only(it)?.portal?.summary, it.kept.size]).toEqual([{ sha256 }, 0])
  })

  const secret = `It used ghp_${'a1B2'.repeat(9)}.`
  test.each(
    part(
      [
        ['another text than its digest', { sha256, text: 'Another.' }],
        ['a secret', { sha256: sha256Hex(Buffer.from(secret)), text: secret }],
      ],
      2,
    ),
  )('with %s stays nowhere', async (_, summary) => {
    const it = await collected({ session: ofThen({ summary }) })
    expect(told(it)).toEqual(['vouched', 'user repository time', 'portal-summary-refused'])
    expect([only(it)?.portal?.summary, it.kept.size]).toEqual([undefined, 0])
  })
})
