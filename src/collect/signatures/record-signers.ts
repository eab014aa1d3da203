/** Signed statements about records → who signed each. They come from a file of the caller's; another room verifies them. */
import type { RecordOf, RecordRefusal, VerifyRecords } from '../../model/record-attestation.ts'
import type { ReaderReport, Signer } from '../../model/session.ts'

/** Among the readers of a range, though it reads no records. */
export const recordAttestationReader = 'record-attestation'

/** What can be found about a statement that does not count. */
export const recordAttestationFindings: { readonly [code in RecordRefusal]: string } = {
  'record-attestation-malformed': 'a line of the record attestations that is no Sigstore bundle with a statement in it',
  'record-attestation-other-session':
    'a signed statement about the bytes of a record, which is not about the session that they are the record of here',
  'record-attestation-other-type': 'a signed statement about a record that says something else of it',
  'record-attestation-unnamed': 'a statement about a record, under an identity that nobody named',
  'record-attestation-unverified':
    'a statement about a record whose signature, certificate, log entry or time does not hold',
}

export interface RecordSigners {
  /** `recordKey` → who signed it. */
  readonly signers: ReadonlyMap<string, Signer>
  /** Undefined where nobody gave any statement. */
  readonly report: ReaderReport | undefined
}

/** `records` are those of a range: what is signed of others is not looked at. `beside`: bundles that lie beside records. */
export async function readRecordSigners(
  records: readonly RecordOf[],
  verify: VerifyRecords | undefined,
  finding: (code: RecordRefusal, detail: string) => void,
  beside: readonly Uint8Array[] = [],
): Promise<RecordSigners> {
  if (verify === undefined) return { signers: new Map(), report: undefined }
  const { signers, refused, undecided } = await verify(records, beside)
  for (const { code, detail } of refused) finding(code, detail)
  if (signers.size + refused.length === 0 && undecided === undefined && !verify.wasAsked && beside.length === 0) {
    return { signers, report: undefined }
  }
  const report = { reader: recordAttestationReader, claims: signers.size }
  if (undecided !== undefined) return { signers, report: { ...report, outcome: 'could-not-look', detail: undecided } }
  return { signers, report: { ...report, outcome: signers.size === 0 ? 'nothing' : 'found' } }
}
