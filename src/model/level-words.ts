/** Why a session has its level and no higher one, in words: what is there, and what is missing. Pure. */
import { oneLine } from '../one-line.ts'
import type { Session } from './session.ts'

type Judged = Pick<Session, 'level' | 'digest' | 'signers' | 'recordSigner' | 'receipt' | 'portal'>

/** One line without a full stop. Another's session may say of itself what it likes; the words follow its level. */
export function levelReason({ level, signers = [], recordSigner, receipt, portal }: Judged): string {
  const by = signers.length === 0 ? '' : `; a commit that names it is signed by ${listed(signers)}`
  // A link that is there, and hangs on one that is not.
  const received = receipt === undefined || level === 'vouched' ? '' : `; a receipt of ${issuerWords(receipt)} agrees`
  const answered = portal === undefined || level === 'vouched' ? '' : `; a portal knows it (${agreesIn(portal.agrees)})`
  const alone = `${received}${answered}`
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
      return `its record was found${record}, and ${vouchedBy(receipt, portal)} agrees${named}`
  }
}

/** Whoever saw it: a portal that agrees in all, a receipt, or both. */
function vouchedBy(receipt: Judged['receipt'], portal: Judged['portal']): string {
  const answered = portal !== undefined && seenWhole(portal.agrees)
  if (answered && receipt === undefined) return 'a portal that was asked'
  return `a receipt of ${issuerWords(receipt)}${answered ? ', and a portal that was asked,' : ''}`
}

function seenWhole(agrees: readonly string[]): boolean {
  return ['user', 'repository', 'time'].every((it) => agrees.includes(it))
}

function agreesIn(agrees: readonly string[]): string {
  return agrees.length === 0 ? 'and says nothing more' : `agrees in ${agrees.slice(0, 3).map(oneLine).join(', ')}`
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
