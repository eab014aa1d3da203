/** What a kind of portal is: how it is asked about one session, and what its answers say. One row, one file of this folder. */
import type { Json } from '../../model/json.ts'
import type { PortalFacts, RefusedAnswer } from '../../model/portal.ts'
import type { PortalAdapter } from '../../model/portal-adapters.ts'

/** A session as it is asked about. */
export interface AskedSession {
  readonly tool: string
  readonly id: string
  /** Milliseconds since 1970: between these the commits were made that name it. */
  readonly from: number
  readonly to: number
}

/** Where the portal is, as whoever has the token says. */
export interface PortalAddress {
  /** Without a closing slash. */
  readonly api: string
  /** Where people see what it tells of; undefined where the address does not tell. */
  readonly web: string | undefined
}

/** What one entry of an answer says: a session, a request of it, or an event in it. */
export interface Said {
  /** As the answer has them; a tool is undefined where it names none that is known here. */
  readonly id: Json | undefined
  readonly tool: string | undefined
  readonly user: PortalFacts['user']
  readonly repositories: readonly string[] | undefined
  readonly startedAt: number | undefined
  readonly endedAt: number | undefined
  readonly commits?: readonly string[] | undefined
  readonly summary?: PortalFacts['summary']
}

/** One answer: what it says of sessions, and where the rest of it is. */
export interface Page {
  readonly said: readonly Said[]
  /** Path of the next page, below the address; undefined for the last one. */
  readonly next: string | undefined
}

export interface PortalRow {
  readonly id: PortalAdapter
  /** Whether answers of the real service were seen, or only what its documents say. */
  readonly known: 'documented' | 'seen'
  /** The form of its address, for a person. */
  readonly form: string
  /** Undefined for an address that is none of it. */
  address(url: URL): PortalAddress | undefined
  /** Of a token of one line. */
  headers(token: string): { readonly [name: string]: string }
  /** Path below the address; or why it cannot be asked about this session. */
  question(session: AskedSession): { readonly path: string } | { readonly cannot: string }
  /** Statuses with which it says that it knows no such session. */
  readonly unknownAt: readonly number[]
  /** Undefined for an answer that is not of the form that is documented. */
  read(
    answer: Json,
    asked: { readonly session: AskedSession; readonly path: string; readonly headers: Headers },
    address: PortalAddress,
  ): Page | undefined
}

/** What a portal said of one session: that it saw it, or why that does not count. */
export type PortalAnswer = PinnedAnswer | { readonly refused: RefusedAnswer }

/** With what is needed to say later which answer it was. */
export interface PinnedAnswer {
  readonly facts: PortalFacts
  /** Of the bytes of its answers, one after the other, in lower-case hex. */
  readonly sha256: string
  /** RFC 3339. */
  readonly askedAt: string
}

export interface PortalAnswers {
  /** Those that are not here it was not asked about, or said nothing. */
  readonly answers: ReadonlyMap<AskedSession, PortalAnswer>
  /** Why, in words that repeat nothing of what came; undefined where it spoke of all. */
  readonly failure: string | undefined
}

/** A portal that can be asked. */
export interface Portal {
  readonly adapter: PortalAdapter
  /** With its port, where that is not the usual one. */
  readonly host: string
  /** What it says of these sessions, in their order as far as it gets. It fails by saying less. */
  lookUp(sessions: readonly AskedSession[]): Promise<PortalAnswers>
  /** Keeps the text of a summary under its digest; undefined where nobody asked for it. */
  readonly keepSummary?: ((sha256: string, text: string) => Promise<void>) | undefined
}
