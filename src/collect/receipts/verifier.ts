/** Receipts of a caller → which of them hold for the sessions of a range, and what each says of them. */
import type { RefusedReceipt, VerifiedReceipt, VerifyReceipts } from '../../model/receipt.ts'
import type { Jwk, ReceiptIssuer } from '../../model/receipt-issuers.ts'
import type { World } from '../../platform/world.ts'
import { heldAgainst } from './agreement.ts'
import { fetchKeySet } from './fetch-key-set.ts'
import { isRefused, parseReceipt, refusedReceipt } from './parse.ts'
import type { ParsedReceipt } from './parse.ts'
import { signedReceipt } from './signed-receipt.ts'
import type { IssuerKeys, SignedReceipt } from './signed-receipt.ts'

export interface ReceiptPlace {
  /** Address of the repository that is attested; undefined where nobody knows it. */
  readonly repository: string | undefined
  /** Whether issuers may be asked for their keys. */
  readonly asks: boolean
}

export function receiptVerifier(
  given: readonly Uint8Array[],
  issuers: readonly ReceiptIssuer[],
  { repository, asks }: ReceiptPlace,
  world: World,
): VerifyReceipts {
  return async (sessions) => {
    const refused: RefusedReceipt[] = []
    const about: ParsedReceipt[] = []
    const others: ParsedReceipt[] = []
    for (const parsed of given.map(parseReceipt)) {
      if (isRefused(parsed)) refused.push(parsed)
      else {
        const code = isAbout(parsed, sessions)
        if (code === undefined) about.push(parsed)
        else {
          others.push(parsed)
          refused.push(refusedReceipt(code, parsed.sha256, codeWords[code]))
        }
      }
    }
    const keys = issuerKeys(issuers, asks, world)
    const { signed, refused: unsigned, undecided } = await signedReceipts([...about, ...others], about, keys, world)
    const isAboutThese = new Set(about)
    const replayed = replaysIn(signed)
    const receipts: VerifiedReceipt[] = []
    for (const it of signed) {
      if (!isAboutThese.has(it.parsed)) continue
      if (replayed.has(nameOf(it.parsed))) {
        const why = 'its issuer has signed something else under its name (jti)'
        refused.push(refusedReceipt('receipt-replayed', it.parsed.sha256, why))
      } else receipts.push(verified(it, repository))
    }
    return { receipts, refused: [...refused, ...unsigned], undecided }
  }
}

const codeWords = {
  'receipt-unclaimed': 'no commit names its session',
  'receipt-other-tool': 'the session of that id is of another tool',
} as const

function isAbout(
  { payload: { session } }: ParsedReceipt,
  sessions: ReadonlyMap<string, ReadonlySet<string>>,
): keyof typeof codeWords | undefined {
  const tools = sessions.get(session.id)
  if (tools === undefined) return 'receipt-unclaimed'
  return tools.has(session.tool) ? undefined : 'receipt-other-tool'
}

/** Asked once for each issuer, and only of those who signed something here. */
export function issuerKeys(issuers: readonly ReceiptIssuer[], asks: boolean, world: World): IssuerKeys {
  const asked = new Map<string, Promise<readonly Jwk[] | string>>()
  return {
    issuers,
    keysOf({ issuer, keys }) {
      if ('pinned' in keys) return Promise.resolve(keys.pinned)
      if (!asks) return Promise.resolve('its key set is at an address, and nobody is asked')
      const known = asked.get(issuer) ?? fetchKeySet(keys.url, world)
      asked.set(issuer, known)
      return known
    },
  }
}

/** Those that hold, of the ones that are looked at: `about`, and whatever has the name of one of them. The same payload counts once. */
async function signedReceipts(
  all: readonly ParsedReceipt[],
  about: readonly ParsedReceipt[],
  keys: IssuerKeys,
  world: World,
): Promise<{ signed: SignedReceipt[]; refused: RefusedReceipt[]; undecided: string | undefined }> {
  const names = new Set(about.map(nameOf))
  const isAboutThese = new Set(about)
  const signed = new Map<string, SignedReceipt>()
  const refused: RefusedReceipt[] = []
  let undecided: string | undefined
  for (const parsed of all.toSorted((a, b) => (a.raw < b.raw ? -1 : 1))) {
    const content = signedPart(parsed)
    if (!names.has(nameOf(parsed)) || signed.has(content)) continue
    const answer = await signedReceipt(parsed, keys, world.now())
    if ('undecided' in answer) undecided ??= isAboutThese.has(parsed) ? answer.undecided : undefined
    else if ('parsed' in answer) signed.set(content, answer)
    else if (isAboutThese.has(parsed)) refused.push(answer)
  }
  return { signed: [...signed.values()], refused, undecided }
}

function signedPart({ raw }: ParsedReceipt): string {
  return raw.slice(0, raw.lastIndexOf('.'))
}

export function nameOf({ payload: { iss, jti } }: ParsedReceipt): string {
  return JSON.stringify([iss, jti])
}

/** Names that stand for more than one receipt. */
export function replaysIn(signed: readonly SignedReceipt[]): ReadonlySet<string> {
  const groups = Map.groupBy(signed, ({ parsed }) => nameOf(parsed))
  return new Set([...groups].filter(([, some]) => some.length > 1).map(([name]) => name))
}

function verified(signed: SignedReceipt, repository: string | undefined): VerifiedReceipt {
  const { parsed, issuer, jwksThumbprint } = signed
  const { session } = parsed.payload
  return {
    sha256: parsed.sha256,
    issuer: issuer.issuer,
    jwksThumbprint,
    tool: session.tool,
    session: session.id,
    models: session.models.map(({ id }) => id),
    hold: (commits) => heldAgainst(signed, repository, commits),
  }
}
