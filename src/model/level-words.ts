/** Why a session has its level and no higher one, in words: what is there, and what is missing. Pure. */
import { oneLine } from '../one-line.ts'
import type { Session } from './session.ts'

type Judged = Pick<Session, 'level' | 'digest' | 'signers' | 'recordSigner' | 'receipt'>

/** One line without a full stop. Another's session may say of itself what it likes; the words follow its level. */
export function levelReason({ level, signers = [], recordSigner, receipt }: Judged): string {
  const by = signers.length === 0 ? '' : `; a commit that names it is signed by ${listed(signers)}`
  // A link that is there, and hangs on one that is not.
  const alone = receipt === undefined || level === 'vouched' ? '' : `; a receipt of ${issuerWords(receipt)} agrees`
  const named = `${by}${alone}`
  const record = recordSigner === undefined ? '' : ` and is signed by ${signerWords(recordSigner)}`
  switch (level) {
    case 'claimed':
      return `no record of it was found, or two that differ${named}`
    case 'recorded':
      return recordSigner === 'forge'
        ? `its record was found${record}, which signs whatever is typed there${named}`
        : `its record was found, and nobody whose key is known has signed that${named}`
    case 'signed':
      return `its record was found${record}; no receipt of an independent party agrees${named}`
    case 'vouched':
      return `its record was found${record}, and a receipt of ${issuerWords(receipt)} agrees${named}`
  }
}

const words: { readonly [signer: string]: string } = {
  person: 'a person',
  'agent-platform': 'an agent platform',
  forge: 'a forge',
}

function signerWords(signer: string): string {
  return words[signer] ?? oneLine(signer)
}

function issuerWords(receipt: Judged['receipt']): string {
  return receipt?.issuer === undefined ? 'an independent party' : oneLine(receipt.issuer)
}

function listed(signers: readonly string[]): string {
  return signers.slice(0, mostSigners).map(signerWords).join(' and ')
}

/** There are three kinds. */
const mostSigners = 8
