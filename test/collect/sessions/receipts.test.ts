/** What receipts make of sessions: the highest level hangs on every link of the chain. */
import { describe, expect, test } from 'vitest'
import { resolveRange } from '../../../src/collect/git/history.ts'
import { receiptVerifier } from '../../../src/collect/receipts/verifier.ts'
import { collectChanges } from '../../../src/collect/sessions/index.ts'
import type { CollectOptions } from '../../../src/collect/sessions/index.ts'
import { sessionReaders } from '../../../src/collect/sessions/readers/index.ts'
import type { CollectedSessions } from '../../../src/model/facts.ts'
import { levelReason } from '../../../src/model/level-words.ts'
import type { ReceiptIssuer } from '../../../src/model/receipt-issuers.ts'
import { worldOf } from '../../../src/platform/world.ts'
import { commitPayload } from '../../world/commit-signature.ts'
import { receiptIssuer, receiptKey, sessionOfReceipt } from '../../world/receipt.ts'
import type { Claims } from '../../world/receipt.ts'
import { allowedSigners, pointer, receiptOfThen, storeRecord } from '../../world/receipted-session.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { part } from '../../world/runs.ts'

const key = receiptKey()
const receipt = (edit?: (claims: Claims) => unknown): string => receiptOfThen(key, edit)

function receipts(
  given: readonly string[],
  issuer: Partial<ReceiptIssuer> = {},
): NonNullable<CollectOptions['verifyReceipts']> {
  return receiptVerifier(
    given.map((it) => Buffer.from(it)),
    [receiptIssuer([key], issuer)],
    { repository: 'https://github.com/acme/widget', asks: false },
    worldOf(),
  )
}

async function collect(
  scratch: Scratch,
  verifyReceipts: CollectOptions['verifyReceipts'],
  signers: CollectOptions['signers'] = { allowedSigners },
): Promise<CollectedSessions> {
  const repository = await scratch.open()
  const range = await resolveRange(repository, { adopt: true, allowShallow: 'record' })
  const { sessions } = await collectChanges(repository, range, sessionReaders, undefined, { signers, verifyReceipts })
  return sessions
}

/** Level of the only session, whether it has a receipt, whose its models are; then the codes of findings about receipts. */
function told({ sessions, findingCounts }: CollectedSessions): unknown[] {
  const session = sessions.find((it) => it.id === sessionOfReceipt)
  const codes = Object.keys(findingCounts).filter((it) => it.startsWith('receipt-'))
  return [session?.level, session?.receipt !== undefined, session?.model, ...codes]
}

const reportIn = ({ readers }: CollectedSessions): unknown => readers.find((it) => it.reader === 'receipt')

/** A commit of Ann's that names the session. */
function release(isSigned = true): Scratch {
  const scratch = scratchRepository()
  scratch.commit(`one\n\n${pointer}`, { 'a.txt': 'a\n' })
  storeRecord(scratch, isSigned)
  return scratch
}

describe('a session', () => {
  test('whose record is signed is vouched for by a receipt', async () => {
    const collected = await collect(release(), receipts([receipt()]))
    expect(told(collected)).toEqual(['vouched', true, 'vouched'])
    expect(reportIn(collected)).toEqual({ reader: 'receipt', outcome: 'found', claims: 1 })
    const [session] = collected.sessions
    expect(session?.receipt).toMatchObject({ issuer: 'https://gateway.acme.example' })
    expect(levelReason(session!)).toMatch(
      /signed by a person, and a receipt of https:\/\/gateway\.acme\.example agrees$/,
    )
  })

  test('whose record nobody signed, or nobody has, is not, and the receipt is told', async () => {
    const unsigned = await collect(release(false), receipts([receipt()]))
    expect(told(unsigned)).toEqual(['recorded', true, 'vouched'])
    expect(levelReason(unsigned.sessions[0]!)).toMatch(/nobody whose key is known.*; a receipt of \S+ agrees$/)
    const scratch = scratchRepository()
    scratch.commit(`one\n\nAI-Session-ID: claude-code:${sessionOfReceipt}`, { 'a.txt': 'a\n' })
    expect(told(await collect(scratch, receipts([receipt()])))).toEqual(['claimed', true, undefined])
  })

  test('without receipts is as it was, and nothing is said of them', async () => {
    const collected = await collect(release(), undefined)
    expect([told(collected), reportIn(collected)]).toEqual([['signed', false, undefined], undefined])
    expect(reportIn(await collect(release(), receipts([])))).toEqual({
      reader: 'receipt',
      outcome: 'nothing',
      claims: 0,
    })
  })

  test.each<[string, (claims: Claims) => unknown]>(
    part(
      [
        ['receipt-other-user', (it) => (it['sub'] = 'bob@example.org')],
        ['receipt-other-repository', (it) => (it['aud'] = 'git+https://github.com/acme/other')],
        ['receipt-other-time', (it) => (it.session['started_at'] = '2023-11-14T22:20:00Z')],
        ['receipt-other-commits', (it) => (it['commits'] = ['b'.repeat(40)])],
        ['receipt-other-tool', (it) => (it.session['tool'] = 'codex')],
        ['receipt-unclaimed', (it) => (it.session['id'] = 'another')],
        ['receipt-issuer-unknown', (it) => (it['iss'] = 'https://other.example')],
      ],
      3,
    ),
  )('of a receipt with one link missing is no more than signed, and %s says which', async (code, edit) => {
    const collected = await collect(release(), receipts([receipt(edit)]))
    expect(told(collected)).toEqual(['signed', false, undefined, code])
    expect(reportIn(collected)).toMatchObject({ outcome: 'nothing', claims: 0 })
    expect(levelReason(collected.sessions.find((it) => it.level === 'signed')!)).toMatch(/no receipt/)
  })

  test('keeps a receipt that agrees beside one that does not, whatever their order', async () => {
    for (const jti of ['a', 'b', 'c', 'd']) {
      const other = receipt((it) => Object.assign(it, { sub: 'bob@example.org', jti }))
      expect(told(await collect(release(), receipts([other, receipt()])))).toEqual([
        ...['vouched', true, 'vouched', 'receipt-other-user'],
      ])
    }
  })

  test('is not vouched for where keys could not be had, and that is said', async () => {
    const collected = await collect(release(), receipts([receipt()], { keys: { url: 'https://gateway.acme.example' } }))
    expect(told(collected)).toEqual(['signed', false, undefined])
    expect(reportIn(collected)).toMatchObject({
      outcome: 'could-not-look',
      claims: 0,
      detail: expect.any(String) as string,
    })
  })

  test('has models of its records alone where its issuer saw others', async () => {
    const models =
      (...ids: string[]) =>
      (it: Claims) =>
        (it.session['models'] = ids.map((id) => ({ id })))
    const of = async (...ids: string[]): Promise<unknown[]> =>
      told(await collect(release(), receipts([receipt(models(...ids))])))
    expect(await of('gpt-5.4')).toEqual(['vouched', true, 'reported', 'receipt-other-models'])
    expect(await of()).toEqual(['vouched', true, 'reported', 'receipt-other-models'])
    expect(await of('gpt-5.4', 'us.anthropic.claude-opus-4-6-v1')).toEqual(['vouched', true, 'vouched'])
  })
})

describe('every commit that names a session', () => {
  const other = { author: 'Mallory <mallory@example.org>', time: 1_700_000_300 }

  test('has to agree: one of another person, with the session’s name in it, is enough', async () => {
    for (const named of [`claude-code:${sessionOfReceipt}`, sessionOfReceipt]) {
      const scratch = release()
      const head = scratch.git(['rev-parse', 'HEAD'])
      const tree = scratch.git(['rev-parse', 'HEAD^{tree}'])
      const message = `Mine\n\nAI-Session-ID: ${named}\n`
      const { author } = other
      const object = commitPayload({ tree, parents: [head], message, committer: author, author, time: other.time })
      scratch.git(['update-ref', 'HEAD', scratch.git(['hash-object', '-w', '-t', 'commit', '--stdin'], object)])
      expect(told(await collect(scratch, receipts([receipt()])))).toEqual([
        ...['signed', false, undefined, 'receipt-other-user'],
      ])
    }
  })

  test('is the one that was squashed: who merges, and when, has no part in it', async () => {
    const scratch = scratchRepository()
    const start = scratch.commit('start', { 'a.txt': 'a\n' })
    const squash = (message: string): void => {
      scratch.commit('Change it', { 'a.txt': 'b\n' })
      const tree = scratch.git(['rev-parse', 'HEAD^{tree}'])
      const by = { author: 'Bob <bob@example.org>', committer: 'Bob <bob@example.org>', time: 1_800_000_000 }
      const object = commitPayload({ tree, parents: [start], message, ...by })
      scratch.git(['update-ref', 'HEAD', scratch.git(['hash-object', '-w', '-t', 'commit', '--stdin'], object)])
      const head = commitPayload({ tree, parents: [start], message: `Change it\n\n${pointer}`, time: 1_700_000_100 })
      scratch.git([
        'update-ref',
        'refs/pull/1/head',
        scratch.git(['hash-object', '-w', '-t', 'commit', '--stdin'], head),
      ])
    }
    squash(`Change it (#1)\n\n${pointer}`)
    storeRecord(scratch)
    expect(told(await collect(scratch, receipts([receipt()])))).toEqual(['vouched', true, 'vouched'])
    // Without the request it is the squash alone that says it.
    scratch.git(['update-ref', '-d', 'refs/pull/1/head'])
    expect(told(await collect(scratch, receipts([receipt()])))).toEqual([
      ...['signed', false, undefined, 'receipt-other-time', 'receipt-other-user'],
    ])
  })
})
