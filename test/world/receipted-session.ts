/** A repository with one session whose record is there and signed, so that a receipt is the link that is missing. */
import { sha256Hex } from '../../src/model/digest.ts'
import { ed25519Key, signedBy } from './commit-signature.ts'
import { branch, checkpoint, claudeRow, sessionMetadata, storeOnBranch } from './entire-checkpoint.ts'
import { receiptClaims, sessionOfReceipt, signedJws } from './receipt.ts'
import type { Claims, ReceiptKey } from './receipt.ts'
import type { Scratch } from './scratch-repository.ts'

const ann = ed25519Key()
export const allowedSigners = `ann@example.org namespaces="git" ${ann.text}\n`
export const checkpointId = '7b9d8e75f733'
/** Of the message that names the session by its record. */
export const pointer = `Entire-Checkpoint: ${checkpointId}`

/** Stores the record; `isSigned`: by the person who brought it in. */
export function storeRecord(scratch: Scratch, isSigned = true): void {
  storeOnBranch(scratch, checkpointId, checkpoint(checkpointId, [sessionMetadata(checkpointId), claudeRow()]))
  if (!isSigned) return
  const tree = scratch.git(['rev-parse', `${branch}^{tree}`])
  const object = scratch.git(['hash-object', '-w', '-t', 'commit', '--stdin'], signedBy(ann, { tree }))
  scratch.git(['update-ref', branch, object])
}

export const recordDigest = sha256Hex(claudeRow(sessionOfReceipt))

/** A receipt of the hour in which scratch repositories are made. */
export function receiptOfThen(key: ReceiptKey, edit: (claims: Claims) => unknown = () => undefined): string {
  return signedJws(
    key,
    receiptClaims((it) => {
      it['iat'] = Date.parse('2023-11-14T23:00:00Z') / 1_000
      Object.assign(it.session, { started_at: '2023-11-14T22:00:00Z', ended_at: '2023-11-14T22:30:00Z' })
      edit(it)
    }),
  )
}
