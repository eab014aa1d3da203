/** The issuing flow of a job or a gateway's script: claims from a document or from members → receipt, printed or written. */
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import { isObject, parseJson } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import { namedFile, readRegularFile, writeWholeFile } from '../platform/files.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { issueReceipt } from './issue-receipt.ts'
import type { ReceiptSigner } from './receipt-signer.ts'

/** Relative paths start at the world's `cwd`. */
export interface IssueRequest {
  /** The payload as JSON (schemas/ai-session-receipt/v1), the path of a file with it, or its members. Without `jti` and `iat` it gets both. */
  readonly payload: { readonly json: Uint8Array } | { readonly path: string } | { readonly members: object }
  readonly signer: ReceiptSigner
  /** A file that is written, whole or not at all. */
  readonly out?: { readonly path: string; readonly whenPresent: 'refuse' | 'replace' }
  readonly world?: Partial<World>
}

/**
 * The receipt. Errors: those of `issueReceipt`, `output-exists`, `output-failed`, and those of reading a file.
 *
 * @example
 * ```ts
 * import { issue, keyFileSigner } from 'countersign/vouch'
 *
 * const issueFrom = async (path: string): Promise<string> =>
 *   issue({ payload: { path }, signer: await keyFileSigner('gateway-key.pem') })
 * console.log(typeof issueFrom) // function
 * ```
 */
export async function issue({ payload, signer, out, ...request }: IssueRequest): Promise<string> {
  const world = worldOf(request.world)
  const said = 'members' in payload ? payload.members : await document(payload, world)
  const receipt = await issueReceipt(
    { jti: randomUUID(), iat: Math.floor(world.now().getTime() / 1_000), ...said },
    signer,
  )
  if (out !== undefined) {
    await writeWholeFile(resolve(world.cwd, out.path), `${receipt}\n`, { present: out.whenPresent })
  }
  return receipt
}

async function document(
  from: { readonly json: Uint8Array } | { readonly path: string },
  world: World,
): Promise<object> {
  const bytes =
    'json' in from
      ? from.json
      : await readRegularFile(
          resolve(world.cwd, from.path),
          limits.receiptBytes,
          namedFile('the claims of the receipt', from.path),
        )
  const json = parseJson(bytes, 'the document with the claims of the receipt', limits.receiptBytes)
  if (isObject(json)) return json
  throw new CountersignError('receipt-payload-malformed', 'the claims of the receipt are no JSON object')
}
