/** What a kind of tracker is: where its API says what a ticket is part of, and how it says so. One row, one file. */
import type { TicketParent, TrackerSystem } from '../../model/context.ts'
import type { JsonObject } from '../../model/json.ts'

/** Where the API of a tracker is, as whoever has the token says. */
export interface TrackerAddress {
  /** Without a closing slash. */
  readonly api: string
  /** Where people see the same; undefined where the address of the API does not tell. */
  readonly web: string | undefined
}

/** A ticket as it is asked about. */
export interface AskedTicket {
  readonly key: string
  readonly uri: string | undefined
}

export interface TrackerQuestion {
  /** Behind the address of the API. */
  readonly path: string
  /** JSON, of a question that is posted. */
  readonly body?: string
}

/** What the ticket is part of; `nothing`; or why the answer is none: of another ticket, or not of the form that is documented. */
export type ParentAnswer = Omit<TicketParent, 'said' | 'sha256'> | 'nothing' | 'another' | 'junk'

export interface TrackerRow {
  readonly id: TrackerSystem
  /** Whether answers of the real service were seen, or only what its documents say. */
  readonly known: 'documented'
  /** The form of the address of its API, for a person. */
  readonly form: string
  readonly headers: { readonly [name: string]: string }
  /** Undefined for an address that is none of its API. */
  address(url: URL): TrackerAddress | undefined
  /** Of a token of one line. */
  authorization(token: string): string
  /** Undefined for a key of which it knows no parents. */
  question(key: string): TrackerQuestion | undefined
  /** A status with which it says that the ticket is part of nothing. */
  readonly nothingAt?: number
  read(answer: JsonObject, asked: AskedTicket, address: TrackerAddress): ParentAnswer
}

/** What a tracker calls a kind of ticket (`Epic`), in lower case; its own words can be anything, and only short plain ones are kept. */
export function kindNamed(name: unknown): string | undefined {
  return typeof name === 'string' && /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} _/-]{0,58}[\p{L}\p{M}\p{N}])?$/u.test(name)
    ? name.toLowerCase()
    : undefined
}

/** An address of people for that of an API below it; undefined where the address does not end so. */
export function addressBelow(url: URL, end: RegExp): TrackerAddress | undefined {
  const api = `${url.origin}${url.pathname.replace(/\/$/, '')}`
  const web = api.replace(end, '')
  return web === api ? undefined : { api, web }
}
