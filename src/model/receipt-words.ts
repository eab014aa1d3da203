/** What a session has of a receipt, in the same words in every view. Pure. */
import type { Session } from './session.ts'

type Received = Pick<Session, 'level' | 'receipt' | 'model'>

export const receiptColumns = ['issuer', 'receipt', 'key', 'models', 'counts'] as const

/** A cell for each column, the digest by its beginning, as findings name receipts; undefined where there is none. */
export function receiptCells({ level, receipt, model }: Received): (string | undefined)[] | undefined {
  if (receipt === undefined) return undefined
  return [
    ...[receipt.issuer, `sha256:${receipt.sha256.slice(0, 12)}`, receipt.jwksThumbprint, model],
    level === 'vouched' ? 'yes' : 'no: its record is not there, or not signed',
  ]
}
