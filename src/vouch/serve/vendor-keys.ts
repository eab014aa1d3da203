/**
 * Keys of vendors, kept as long as they are good: one request at a time to an address, however many wait for it, and none sooner than
 * after a pause, whoever asks. Keys that could not be had again are not used any longer.
 */
import { fetchKeySet } from '../../collect/receipts/fetch-key-set.ts'
import { limits } from '../../model/limits.ts'
import type { Jwk } from '../../model/receipt-issuers.ts'
import type { World } from '../../platform/world.ts'
import type { VendorEnvironment } from './service-config.ts'

interface Kept {
  /** When it was asked, in milliseconds that only grow. */
  readonly at: number
  readonly keys: readonly Jwk[] | undefined
}

/** The keys among which one of that name should be; undefined where they cannot be had. */
export type VendorKeys = (environment: VendorEnvironment, kid: string) => Promise<readonly Jwk[] | undefined>

export function openVendorKeys(world: World): VendorKeys {
  const kept = new Map<string, Kept>()
  const underWay = new Map<string, Promise<Kept>>()

  const ask = async (url: string, before: Kept | undefined): Promise<Kept> => {
    const keys = await fetchKeySet(url, world, limits.vendorKeysBudget)
    const at = world.elapsed()
    // Keys that are good for some time yet stay so when one attempt to see newer ones fails.
    const isGood = before?.keys !== undefined && at - before.at < limits.vendorKeysKept
    const next = typeof keys !== 'string' ? { at, keys } : isGood ? before : { at, keys: undefined }
    kept.set(url, next)
    return next
  }

  return async ({ keys }, kid) => {
    if ('pinned' in keys) return keys.pinned
    const { url } = keys
    const known = kept.get(url)
    const age = known === undefined ? Infinity : world.elapsed() - known.at
    const good = age < limits.vendorKeysKept ? known?.keys : undefined
    // After a rotation a token has a key that is not in the set yet.
    if (good?.some((it) => it['kid'] === kid) === true || age < limits.vendorKeysPause) return good
    const asking = underWay.get(url) ?? ask(url, known).finally(() => underWay.delete(url))
    underWay.set(url, asking)
    return (await asking).keys
  }
}
