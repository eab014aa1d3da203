/** A repository with one session whose record is there and signed, so that an independent party is the link that is missing. */
import { ed25519Key, signedBy } from './commit-signature.ts'
import { branch, checkpoint, claudeRow, sessionMetadata, storeOnBranch } from './entire-checkpoint.ts'
import type { Scratch } from './scratch-repository.ts'

const ann = ed25519Key()
export const annSigns = `ann@example.org namespaces="git" ${ann.text}\n`
export const recordedCheckpoint = '7b9d8e75f733'
/** Of the message that names the session by its record. */
export const recordPointer = `Entire-Checkpoint: ${recordedCheckpoint}`

/** Stores the record; `isSigned`: by the person who brought it in. */
export function storeSignedRecord(scratch: Scratch, isSigned = true): void {
  const files = checkpoint(recordedCheckpoint, [sessionMetadata(recordedCheckpoint), claudeRow()])
  storeOnBranch(scratch, recordedCheckpoint, files)
  if (!isSigned) return
  const tree = scratch.git(['rev-parse', `${branch}^{tree}`])
  const object = scratch.git(['hash-object', '-w', '-t', 'commit', '--stdin'], signedBy(ann, { tree }))
  scratch.git(['update-ref', branch, object])
}
