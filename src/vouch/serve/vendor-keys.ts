/**
 * Keys of vendors, kept as long as they are good: one request at a time to an address, however many wait for it, and none sooner than
 * after a pause, whoever asks. Keys that could not be had again are not used any longer.
 */
import { fetchKeySet } from '../../collect/receipts/fetch-key-set.ts'
import { limits } from '../../model/limits.ts'
import type { Jwk } from '../../model/receipt-issuers.ts'
import type { World } from '../../platform/world.ts'
import type { VendorEnvironment } from './service-config.ts'

/** The keys among which one of that name should be; undefined where they cannot be had. */
export type VendorKeys = (environment: VendorEnvironment, kid: string) => Promise<readonly Jwk[] | undefined>

/** Times in milliseconds that only grow. */
interface Kept {
  keys: readonly Jwk[]
  keysAt: number
  askedAt: number
  asking: Promise<void> | undefined
}

export function openVendorKeys(world: World): VendorKeys {
  const kept = new Map<string, Kept>()

  const ask = async (url: string, it: Kept): Promise<void> => {
    const keys = await fetchKeySet(url, world, limits.vendorKeysBudget)
    it.askedAt = world.elapsed()
    it.asking = undefined
    // Keys that are good for some time yet stay so when one attempt to see newer ones fails.
    if (typeof keys !== 'string') Object.assign(it, { keys, keysAt: it.askedAt })
  }
  const goodOf = ({ keys, keysAt }: Kept): readonly Jwk[] | undefined =>
    world.elapsed() - keysAt < limits.vendorKeysKept ? keys : undefined

  return async ({ keys }, kid) => {
    if ('pinned' in keys) return keys.pinned
    const it = kept.get(keys.url) ?? { keys: [], keysAt: -Infinity, askedAt: -Infinity, asking: undefined }
    kept.set(keys.url, it)
    // After a rotation a token has a key that is not in the set yet.
    const answers = goodOf(it)?.some((key) => key['kid'] === kid) === true
    if (answers || world.elapsed() - it.askedAt < limits.vendorKeysPause) return goodOf(it)
    it.asking ??= ask(keys.url, it)
    await it.asking
    return goodOf(it)
  }
}
