/** How far a session was checked (DESIGN §4): the one place where a level is decided. */
import { isDigest } from '../../model/digest.ts'
import { portalLinks } from '../../model/portal.ts'
import type { PortalAgreement } from '../../model/portal.ts'
import type { ReceiptAgreement } from '../../model/receipt.ts'
import type { Level, Signer } from '../../model/session.ts'

/** What supports a claim, a link of the chain each; undefined is a link that is missing. */
export interface Support {
  /** SHA-256 of the bytes of a record that was found and names the session of the claim. */
  readonly record: string | undefined
  /** Of these bytes: whoever signed but a commit that names the session has signed a claim. */
  readonly signer: Signer | undefined
  /** In what a receipt agrees that is valid under keys which the caller trusts. */
  readonly receipt: ReceiptAgreement | undefined
  /** In what the answer of a portal agrees that the caller named and gave a token for. */
  readonly portal?: PortalAgreement | undefined
}

/** The lowest missing link wins: a signature without the record that it is for, or what an independent party saw without both, adds nothing. */
export function levelOf({ record, signer, receipt, portal }: Support): Level {
  if (record === undefined || !isDigest('sha256', record)) return 'claimed'
  if (signer !== 'person' && signer !== 'agent-platform') return 'recorded'
  if ((receipt === undefined || !agrees(receipt)) && !portalAgrees(portal)) return 'signed'
  return 'vouched'
}

function agrees({ user, repository, time, commits }: ReceiptAgreement): boolean {
  return user && repository && time && commits
}

/** What it does not say is no agreement. */
function portalAgrees(portal: PortalAgreement | undefined): boolean {
  return portal !== undefined && portalLinks.every((link) => portal[link] === true)
}
