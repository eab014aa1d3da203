/** Members of answers, as several portals write them. */
import { isObject } from '../../model/json.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { PortalFacts } from '../../model/portal.ts'
import type { PortalAddress } from './row.ts'

/** Every one an object, or undefined. */
export function objectsIn(list: Json | undefined): readonly JsonObject[] | undefined {
  return Array.isArray(list) && list.every(isObject) ? list : undefined
}

/** A name that looks like an address is one; any other is understood by the portal alone. */
export function userNamed(name: Json | undefined): PortalFacts['user'] {
  if (typeof name !== 'string' || name === '') return undefined
  return /^[^\s@<>]{1,64}@[^\s@<>]{1,255}$/.test(name) ? { kind: 'address', address: name } : { kind: 'opaque' }
}

/** Where each account of the API has everything below its own address. */
export function wholeAddress(url: URL): PortalAddress {
  return { api: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, web: undefined }
}

/** A step of a path that leads nowhere else. */
export function isStep(text: string): boolean {
  return text !== '' && !/^\.{1,2}$/.test(text)
}

/** A page that says how many there are: the next one, while there is one. */
export function nextNumbered(path: string, pages: number): string | undefined {
  const [, start = '', page = ''] = /^(.*[?&]page=)(\d+)$/.exec(path) ?? []
  return Number(page) < pages ? `${start}${Number(page) + 1}` : undefined
}
