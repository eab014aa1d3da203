/** Receipts are verified by themselves: what an issuer tries before handing them out, and a person who was given one. */
import { resolve } from 'node:path'
import { isAudience } from '../collect/receipts/agreement.ts'
import { readIssuerList } from '../collect/receipts/issuer-list.ts'
import { isRefused, parseReceipt, refusedReceipt } from '../collect/receipts/parse.ts'
import type { ParsedReceipt } from '../collect/receipts/parse.ts'
import { readReceiptFiles } from '../collect/receipts/receipt-files.ts'
import { signedReceipt } from '../collect/receipts/signed-receipt.ts'
import type { SignedReceipt } from '../collect/receipts/signed-receipt.ts'
import { issuerKeys, nameOf, replaysIn } from '../collect/receipts/verifier.ts'
import { sha256Hex } from '../model/digest.ts'
import { CountersignError, option } from '../errors.ts'
import { limits } from '../model/limits.ts'
import type { RefusedReceipt } from '../model/receipt.ts'
import { receiptReportType } from '../model/receipt-report.ts'
import type { ReceiptReport } from '../model/receipt-report.ts'
import { namedFile, readRegularFile } from '../platform/files.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'

/** Relative paths start at the world's `cwd`. */
export interface ReceiptsQuestion {
  /** Files with a receipt a line, or folders of such files. */
  readonly receipts: readonly string[]
  /** A file with the issuers whose receipts count. */
  readonly receiptIssuers: string
  /** Address of the repository that they have to be for; `any`: that is not asked. */
  readonly repository: string | { readonly kind: 'any' }
  /** Id of the session that they have to be of; default: that is not asked. */
  readonly session?: string
  /** `none`: only issuers whose keys are pinned can be judged. */
  readonly network?: 'none'
  readonly world?: Partial<World>
}

/**
 * One report for each, in their order. Who was signed in and when is held against commits where they are attested: here both are
 * skipped. Errors: `usage` (there is no receipt), `path-missing`, `receipt-issuers-malformed`, `input-too-large`, and those of reading files.
 *
 * @example
 * ```ts
 * import { verifyReceipts } from 'countersign/vouch'
 * import type { ReceiptsQuestion } from 'countersign/vouch'
 *
 * const areGood = async (question: ReceiptsQuestion): Promise<boolean> =>
 *   (await verifyReceipts(question)).every((it) => it.outcome === 'pass')
 * console.log(typeof areGood) // function
 * ```
 */
export async function verifyReceipts(question: ReceiptsQuestion): Promise<readonly ReceiptReport[]> {
  const world = worldOf(question.world)
  const list = resolve(world.cwd, question.receiptIssuers)
  const issuers = await readIssuerList(
    list,
    await readRegularFile(list, limits.configBytes, namedFile('the list of receipt issuers', question.receiptIssuers)),
  )
  const given = await readReceiptFiles(question.receipts.map((it) => resolve(world.cwd, it)))
  if (given.length === 0) {
    throw new CountersignError('usage', 'no receipt is there', {
      option: 'receipts',
      hint: `a receipt is one line of a file (${option('receipts')})`,
    })
  }
  const keys = issuerKeys(issuers, question.network !== 'none', world)
  const answers: Answer[] = []
  for (const bytes of given) {
    const parsed = parseReceipt(bytes)
    const answer = isRefused(parsed) ? parsed : await signedReceipt(parsed, keys, world.now())
    answers.push({ sha256: sha256Hex(bytes), parsed: isRefused(parsed) ? undefined : parsed, answer })
  }
  const signed = answers.flatMap(({ answer }) => ('parsed' in answer ? [answer] : []))
  // The same one twice is no replay.
  const replayed = replaysIn([...new Map(signed.map((it) => [it.parsed.sha256, it])).values()])
  return answers.map((it) => reportOf(it, question, replayed))
}

interface Answer {
  readonly sha256: string
  /** Undefined where it cannot be read. */
  readonly parsed: ParsedReceipt | undefined
  readonly answer: SignedReceipt | RefusedReceipt | { readonly undecided: string }
}

function reportOf(
  { sha256, parsed, answer }: Answer,
  { repository, session }: ReceiptsQuestion,
  replayed: ReadonlySet<string>,
): ReceiptReport {
  const { issuer, jwksThumbprint } = 'parsed' in answer ? answer : {}
  const asksRepository = typeof repository === 'string' || issuer?.audiences !== undefined
  const about = { sha256, says: parsed === undefined ? undefined : saidBy(parsed), jwksThumbprint }
  const skipped: ReceiptReport['skipped'] = [
    ...(asksRepository ? [] : ['repository' as const]),
    ...(session === undefined ? ['session' as const] : []),
    ...(['user', 'time', 'commits'] as const),
  ]
  if ('undecided' in answer) return { type: receiptReportType, outcome: 'undecided', ...about, ...answer, skipped }
  if ('code' in answer) {
    return { type: receiptReportType, outcome: 'fail', ...about, refusals: [told(answer)], skipped }
  }
  const { payload } = answer.parsed
  const audiences = typeof payload.aud === 'string' ? [payload.aud] : payload.aud
  const own = typeof repository === 'string' ? repository : undefined
  const refusals = [
    ...(replayed.has(nameOf(answer.parsed))
      ? [refusedReceipt('receipt-replayed', sha256, 'another one has its name')]
      : []),
    ...(asksRepository && !audiences.some((it) => isAudience(it, answer.issuer.audiences, own))
      ? [refusedReceipt('receipt-other-repository', sha256, 'it is for another repository')]
      : []),
    ...(session !== undefined && payload.session.id !== session
      ? [refusedReceipt('receipt-unclaimed', sha256, 'it is of another session')]
      : []),
  ].map(told)
  if (refusals.length > 0) return { type: receiptReportType, outcome: 'fail', ...about, refusals, skipped }
  return { type: receiptReportType, outcome: 'pass', ...about, skipped }
}

function told({ code, detail }: RefusedReceipt): { readonly code: string; readonly detail: string } {
  return { code, detail }
}

/** Without who was signed in: the answer may stand in a public log. */
function saidBy({ payload, kid }: ParsedReceipt): NonNullable<ReceiptReport['says']> {
  const { iss, aud, iat, session, commits, holder_said: holderSaid } = payload
  return {
    ...{ issuer: iss, key: kid, audiences: typeof aud === 'string' ? [aud] : [...aud] },
    ...{ issuedAt: new Date(iat * 1_000).toISOString(), tool: session.tool, session: session.id },
    ...{ startedAt: session.started_at, endedAt: session.ended_at, models: session.models.map(({ id }) => id) },
    ...(commits === undefined ? {} : { commits: [...commits] }),
    ...(holderSaid === undefined ? {} : { holderSaid: [...holderSaid] }),
  }
}
