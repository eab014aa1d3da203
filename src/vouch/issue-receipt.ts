/**
 * A receipt is issued: claims of a session → compact JWS. The core of every issuer, whether a gateway runs it as a program or a portal
 * as a function: it knows no request and no store, and the key is behind an interface.
 */
import { verify } from 'node:crypto'
import { isRefused, parseReceipt } from '../collect/receipts/parse.ts'
import { issueWords } from '../model/issue-words.ts'
import { CountersignError } from '../errors.ts'
import { receiptPayload, receiptTyp } from '../model/receipt.ts'
import { digestOf } from './key-file.ts'
import type { ReceiptSigner } from './receipt-signer.ts'

/**
 * The receipt, read and verified once more as its receiver will. What it says is the issuer's: that who is signed in had this session,
 * for this repository. Errors: `receipt-payload-malformed`, `receipt-signer-failed`, and those of the signer.
 *
 * @example
 * ```ts
 * import { issueReceipt, keyFileSigner } from 'countersign/vouch'
 *
 * const issue = async (session: object): Promise<string> =>
 *   issueReceipt(
 *     {
 *       ...{ iss: 'https://gateway.acme.example', aud: 'git+https://github.com/acme/widget', sub: 'ann@acme.example' },
 *       ...{ jti: crypto.randomUUID(), iat: Math.floor(Date.now() / 1000), session },
 *     },
 *     await keyFileSigner('gateway-key.pem'),
 *   )
 * console.log(typeof issue) // function
 * ```
 */
export async function issueReceipt(payload: unknown, signer: ReceiptSigner): Promise<string> {
  const parsed = receiptPayload().safeParse(payload)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const member = (issue?.path ?? []).map((it) => String(it).slice(0, 60)).join('.')
    const reason = issue === undefined ? 'is not what its schema says' : issueWords(issue)
    throw malformed(`${member === '' ? 'it' : member} ${reason}`)
  }
  const { alg, kid, publicKey } = signer
  const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url')
  const input = `${part({ alg, kid, typ: receiptTyp })}.${part(parsed.data)}`
  // Before a key that may cost money, or a touch, is asked: the reader refuses more than the schema can say.
  const read = parseReceipt(Buffer.from(`${input}.${'A'.repeat(86)}`))
  if (isRefused(read)) throw malformed(read.detail.replace(/^receipt [0-9a-f]+: /, ''))
  if (read.payload.iat * 1_000 + 1_000 <= read.endedAt) throw malformed('it would be issued before its session ended')
  const signature = await signer.sign(Buffer.from(input))
  // A signer that gives another form of signature (DER), or has another key, would give a receipt that nobody can use.
  const isGood =
    signature.length === 64 &&
    verify(digestOf(signer), Buffer.from(input), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
  if (!isGood) {
    throw new CountersignError(
      'receipt-signer-failed',
      `what the signer gave is no bare signature of the public key (${signature.length} bytes)`,
    )
  }
  return `${input}.${Buffer.from(signature).toString('base64url')}`
}

function malformed(reason: string): CountersignError {
  return new CountersignError('receipt-payload-malformed', `the claims of the receipt: ${reason}`)
}
