/** Receipts → what each session of a range has of one. They come from the caller; another folder verifies them. */
import type {
  ReceiptAgreement,
  ReceiptRefusal,
  RefusedReceipt,
  VerifiedReceipt,
  VerifyReceipts,
} from '../../model/receipt.ts'
import type { ReaderReport, Session } from '../../model/session.ts'
import type { Repository } from '../git/repository.ts'
import { claimingCommits, sessionKey } from './claiming-commits.ts'
import { modelName, normalModel } from './models.ts'
import type { RecordTable } from './record-table.ts'
import type { JoinedSession } from './session-draft.ts'

/** Among the readers of a range, though it reads no records. */
export const receiptReader = 'receipt'

/** What can be found about a receipt; of the links of one that is missing, which it is. */
export const receiptFindings: { readonly [code in ReceiptRefusal]: string } = {
  'receipt-malformed': 'a receipt that is no compact JWS of a session, strictly read',
  'receipt-header-refused': 'a receipt whose algorithm or type is not accepted, or that brings its own key along',
  'receipt-issuer-unknown': 'a receipt of an issuer whom the list does not name',
  'receipt-key-unknown': 'a receipt for which its issuer has no key, several, or one that cannot be used',
  'receipt-key-revoked': 'a receipt that was signed with a key which counts no more',
  'receipt-signature-invalid': 'a receipt whose signature is not one of its issuer’s key',
  'receipt-untimely':
    'a receipt that was issued before its session ended, in the future, or when its issuer did not count',
  'receipt-replayed': 'receipts of one name (jti) that say different things: none of them counts',
  'receipt-unclaimed': 'a receipt of a session that no commit of the range claims',
  'receipt-other-tool': 'a receipt of a session that another tool claims',
  'receipt-other-repository': 'a receipt for another repository than the one that is released',
  'receipt-other-user': 'a receipt of somebody who did not make every commit that claims the session',
  'receipt-other-time': 'a receipt of a session that was over, or had not begun, when a commit that claims it was made',
  'receipt-other-commits': 'a receipt that names the commits of its session, and not all that claim it',
  'receipt-other-models': 'a receipt that names other models than the records of its session do',
}

/** What one session has of its receipts. */
export interface SessionReceipt {
  readonly agreement: ReceiptAgreement | undefined
  /** What stands in the statement: of one that agrees. */
  readonly told: Partial<Pick<Session, 'receipt' | 'model'>>
}

export interface ReadReceipts {
  of(tool: string, id: string | undefined): SessionReceipt
  /** Undefined where nobody gave any. */
  readonly report: ReaderReport | undefined
}

/** Of several receipts of one session the first that agrees counts, in the order of their digests. */
export async function readReceipts(
  repository: Repository,
  { sessions, records }: { readonly sessions: readonly JoinedSession[]; readonly records: RecordTable },
  verify: VerifyReceipts | undefined,
  finding: (receipt: RefusedReceipt) => void,
): Promise<ReadReceipts> {
  if (verify === undefined) return { of: () => nothing, report: undefined }
  const { receipts, refused, undecided } = await verify(toolsById(sessions))
  refused.forEach(finding)
  const named = new Map(
    sessions.flatMap((it) => (it.id === undefined ? [] : [[sessionKey(it.tool, it.id), it] as const])),
  )
  const received = new Set(receipts.map((it) => sessionKey(it.tool, it.session)))
  const wanted = new Map([...named].filter(([key]) => received.has(key)))
  const commits = await claimingCommits(repository, wanted, records)
  const told = new Map<string, SessionReceipt>()
  let claims = 0
  for (const receipt of receipts.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1))) {
    const key = sessionKey(receipt.tool, receipt.session)
    const session = named.get(key)
    const { agreement, missing } = receipt.hold(commits.get(key) ?? [])
    missing.forEach(finding)
    const agrees = missing.length === 0 && Object.values(agreement).every(Boolean)
    if (agrees) claims += 1
    const known = told.get(key)
    if (session === undefined || known?.told.receipt !== undefined) continue
    if (!agrees) told.set(key, known ?? { agreement, told: {} })
    else {
      const model = modelsOf(session, receipt)
      if (model === 'reported') finding(otherModels(receipt))
      told.set(key, { agreement, told: { receipt: toldOf(receipt), ...(model === undefined ? {} : { model }) } })
    }
  }
  const report = { reader: receiptReader, claims }
  return {
    of: (tool, id) => (id === undefined ? undefined : told.get(sessionKey(tool, id))) ?? nothing,
    report:
      undecided === undefined
        ? { ...report, outcome: claims === 0 ? 'nothing' : 'found' }
        : { ...report, outcome: 'could-not-look', detail: undecided },
  }
}

const nothing: SessionReceipt = { agreement: undefined, told: {} }

function toldOf({ sha256, issuer, jwksThumbprint }: VerifiedReceipt): NonNullable<Session['receipt']> {
  return { sha256, issuer, jwksThumbprint }
}

function otherModels({ sha256 }: VerifiedReceipt): RefusedReceipt {
  return {
    code: 'receipt-other-models',
    detail: `receipt ${sha256.slice(0, 12)}: the session stays with what its records say`,
  }
}

/** Whether the issuer names each model that records name; undefined where they name none. */
function modelsOf({ models }: JoinedSession, receipt: VerifiedReceipt): Session['model'] {
  if (models.length === 0) return undefined
  const seen = new Set(receipt.models.flatMap((it) => modelName(it) ?? []).map(normalModel))
  return models.every((it) => seen.has(it)) ? 'vouched' : 'reported'
}

function toolsById(sessions: readonly JoinedSession[]): ReadonlyMap<string, ReadonlySet<string>> {
  const tools = new Map<string, Set<string>>()
  for (const { tool, id } of sessions) if (id !== undefined) tools.set(id, (tools.get(id) ?? new Set()).add(tool))
  return tools
}
