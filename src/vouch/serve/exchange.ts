/**
 * A token and what its holder asks for → a receipt. The session and who created it are the token's; repository, commits and an earlier
 * beginning are the holder's words, kept within the operator's rules and named as such in the receipt.
 */
import { randomUUID } from 'node:crypto'
import { timeIn } from '../../collect/sessions/record-time.ts'
import { CountersignError, attempt, attemptAsync } from '../../errors.ts'
import { sha256Hex } from '../../model/digest.ts'
import { parseJson } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { receiptRequest } from '../../model/receipt-request.ts'
import { canonicalRepository } from '../../model/repository-url.ts'
import type { World } from '../../platform/world.ts'
import { issueReceipt } from '../issue-receipt.ts'
import type { ReceiptSigner } from '../receipt-signer.ts'
import { newRate } from './rate.ts'
import { ExchangeRefusal } from './refusal.ts'
import type { ServiceConfig } from './service-config.ts'
import { openVendorKeys } from './vendor-keys.ts'
import { verifyVendorToken } from './vendor-token.ts'
import type { VerifiedSession } from './vendor-token.ts'

export interface Exchanged {
  /** The compact JWS. */
  readonly receipt: string
  /** SHA-256 of the session's id, so that whoever has the id finds it in a log, and nobody else learns one. */
  readonly session: string
  readonly jti: string
}

/** Throws `ExchangeRefusal`, and what is a defect. */
export type Exchange = (token: string, body: Buffer) => Promise<Exchanged>

export function openExchange(config: ServiceConfig, signer: ReceiptSigner, world: World): Exchange {
  const keysOf = openVendorKeys(world)
  const isGranted = newRate(world.elapsed)
  return async (token, body) => {
    const proved = await verifyVendorToken(token, config, keysOf, world.now())
    const asked = requestIn(body)
    const { environment } = proved
    if (!isSame(asked.session.id, proved) || asked.session.tool !== environment.row.tool) {
      throw new ExchangeRefusal('session-mismatch')
    }
    const repository = canonicalRepository(asked.repository)
    if (repository === undefined || !environment.repositories.has(repository)) {
      throw new ExchangeRefusal('repository-refused')
    }
    const sub = environment.subject === 'email' ? proved.email : proved.creator
    if (sub === undefined || sub === '') throw new ExchangeRefusal('user-unnamed')
    const now = Math.floor(world.now().getTime() / 1_000) * 1_000
    const startedAt = startOf(asked.session.startedAt, proved, now)
    if (!isGranted(`${environment.issuer} ${proved.id}`)) throw new ExchangeRefusal('rate-limited')
    const jti = randomUUID()
    const said = asked.session.startedAt === undefined ? [] : ['session.started_at']
    const payload = {
      ...{ iss: config.issuer, aud: `git+https://${repository}`, sub, jti, iat: now / 1_000 },
      session: {
        ...{ id: asked.session.id, tool: environment.row.tool, started_at: textOf(startedAt), ended_at: textOf(now) },
        models: [],
      },
      ...{ commits: [...new Set(asked.commits)], holder_said: ['aud', 'commits', ...said] },
    }
    return { receipt: await signed(payload, signer), session: sha256Hex(Buffer.from(asked.session.id)), jti }
  }
}

type Asked = ReturnType<ReturnType<typeof receiptRequest>['parse']>

function requestIn(body: Buffer): Asked {
  const json = attempt(() => parseJson(body, 'the request', limits.exchangeBytes))
  if (json instanceof CountersignError) throw new ExchangeRefusal('request-malformed')
  const parsed = receiptRequest().safeParse(json)
  if (parsed.success) return parsed.data
  // Names of the schema alone: a member that it has not stands in no path.
  const path = parsed.error.issues[0]?.path.filter((it) => typeof it === 'string') ?? []
  throw new ExchangeRefusal('request-malformed', path.length === 0 ? undefined : path.join('.'))
}

/** The very id, or one that differs in beginnings which the operator takes for the same. */
function isSame(said: string, { id, environment }: VerifiedSession): boolean {
  if (said === id) return true
  const { sessionPrefixes } = environment
  const rest = (text: string): string | undefined => {
    const prefix = sessionPrefixes.find((it) => text.startsWith(it))
    return prefix === undefined ? undefined : text.slice(prefix.length)
  }
  return rest(said) !== undefined && rest(said) === rest(id)
}

/**
 * When the token was issued the session was there; that it was before is the holder's word, and opens the receipt for older commits. So
 * how much earlier it may be is the operator's.
 */
function startOf(said: string | undefined, { issuedAt, environment }: VerifiedSession, now: number): number {
  if (said === undefined) return Math.min(issuedAt, now)
  const at = timeIn(said)
  if (at === undefined) throw new ExchangeRefusal('request-malformed', 'session.startedAt')
  if (at < issuedAt - environment.startsBefore || at > now) throw new ExchangeRefusal('session-start-refused')
  return at
}

function textOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z')
}

async function signed(payload: object, signer: ReceiptSigner): Promise<string> {
  const receipt = await attemptAsync(() => issueReceipt(payload, signer))
  if (!(receipt instanceof CountersignError)) return receipt
  // A receipt with that many long commit ids is larger than any reader takes.
  throw new ExchangeRefusal(receipt.code === 'receipt-payload-malformed' ? 'request-malformed' : 'signer-failed')
}
