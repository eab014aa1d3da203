/** Receipts that the caller has, and whose count: the caller names both, before anything is looked at. */
import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CountersignError, option } from '../errors.ts'
import { configPath } from '../model/evidence-config.ts'
import type { EvidenceConfig } from '../model/evidence-config.ts'
import { limits } from '../model/limits.ts'
import type { VerifyReceipts } from '../model/receipt.ts'
import type { ReceiptIssuer } from '../model/receipt-issuers.ts'
import type { ReceiptPlace } from '../collect/receipts/verifier.ts'
import { isFile, isFolder, namedFile, readRegularFile } from '../platform/files.ts'
import { isBelow, refuseLinksBelow } from '../platform/links.ts'
import type { World } from '../platform/world.ts'
import { readNamedByCommit } from './committed-name.ts'
import type { StatementRequest } from './request.ts'

/** The part of a request that says it. */
export type ReceiptsRequest = Pick<StatementRequest, 'receipts' | 'receiptIssuers'>

/** How receipts are verified, once the configuration of the commit is known. */
export type ReceiptsUnder = (config: EvidenceConfig | undefined) => Promise<VerifyReceipts>

/**
 * Undefined where nobody gave any. `root` is that of the checkout: whoever commits must choose neither receipts by a link nor who
 * vouches for them. Errors, before anything else is done: `usage`, `path-missing`, `symlink-in-checkout`, `receipt-issuers-malformed`,
 * `input-too-large`, and those of reading a file; later `receipt-issuers-unusable`.
 */
export async function askedReceipts(
  { receipts, receiptIssuers }: ReceiptsRequest,
  root: string,
  world: World,
): Promise<((place: ReceiptPlace) => ReceiptsUnder) | undefined> {
  if (receipts === undefined) {
    if (receiptIssuers === undefined) return undefined
    const words = `${option('receiptIssuers')} needs receipts (${option('receipts')})`
    throw new CountersignError('usage', words, { option: 'receipts' })
  }
  // With the libraries for signatures and YAML, which nobody else needs.
  const [{ readReceiptFiles }, { receiptVerifier }] = await Promise.all([
    import('../collect/receipts/receipt-files.ts'),
    import('../collect/receipts/verifier.ts'),
  ])
  const paths: string[] = []
  for (const it of receipts) {
    const path = resolve(world.cwd, it)
    await refuseLinksBelow(root, path)
    if (!(await isFile(path)) && !(await isFolder(path))) {
      throw new CountersignError('path-missing', `${JSON.stringify(it)} is no file and no folder`, {
        option: 'receipts',
      })
    }
    paths.push(path)
  }
  const given = await readReceiptFiles(paths)
  const named = receiptIssuers === undefined ? undefined : await namedIssuers(receiptIssuers, root, world)
  return (place) => async (config) =>
    receiptVerifier(given, named ?? (await configuredIssuers(config, root)), place, world)
}

async function namedIssuers(file: string, root: string, world: World): Promise<readonly ReceiptIssuer[]> {
  const path = resolve(world.cwd, file)
  await refuseLinksBelow(root, path)
  const bytes = await readRegularFile(path, limits.configBytes, namedFile('the list of receipt issuers', file))
  if (isBelow(await realpath(path), await realpath(root))) {
    world.warn('the list of receipt issuers lies in the checkout: anyone who commits chooses who vouches for them')
  }
  return issuersIn(path, bytes)
}

async function configuredIssuers(config: EvidenceConfig | undefined, root: string): Promise<readonly ReceiptIssuer[]> {
  const file = config?.receiptIssuers?.file
  if (file === undefined) {
    const words = `${option('receipts')} need to know whose count (${option('receiptIssuers')})`
    throw new CountersignError('usage', words, { option: 'receiptIssuers' })
  }
  const bytes = await readNamedByCommit(file, root, {
    what: 'the list of receipt issuers',
    most: limits.configBytes,
    unusable: (reason) =>
      new CountersignError(
        'receipt-issuers-unusable',
        `the list of receipt issuers that ${configPath} names: ${reason}`,
        {
          option: 'receiptIssuers',
        },
      ),
  })
  return issuersIn(file, bytes)
}

async function issuersIn(path: string, bytes: Buffer): Promise<readonly ReceiptIssuer[]> {
  const { readIssuerList } = await import('../collect/receipts/issuer-list.ts')
  return readIssuerList(path, bytes)
}
