/**
 * Messages of commits that may name tickets, kept from the pass that reads every commit: to ask git for them once more costs as much as
 * that pass did. Most messages of a history name none, and of those nothing is kept.
 */
import { latin1Of } from '../change/message-text.ts'
import { mayNameTicket } from './tickets-in-line.ts'

export interface MessageRoom {
  /** A commit by its full id; the bytes are good during the call. `whole`: nothing of the message is left out. */
  readonly see: (commit: string, message: Buffer, whole: boolean) => void
  /** What is known of one that was seen; undefined: ask git. */
  of(commit: string): KnownMessage | undefined
}

/** `quiet`: it was read and can name no ticket. `cut`: more is written than is read. Else its bytes. */
export type KnownMessage = 'quiet' | 'cut' | Buffer

/** Those of ten thousand commits, with a body each. */
const keptCharacters = 4 * 1024 * 1024

export function newMessageRoom(most = keptCharacters): MessageRoom {
  // As Latin-1: a string takes no more than its bytes, and there is one already.
  const texts = new Map<string, string>()
  const cut = new Set<string>()
  let left = most
  return {
    see(commit, message, whole) {
      if (left < 0) return
      if (!whole) cut.add(commit)
      else if (mayNameTicket(latin1Of(message))) texts.set(commit, latin1Of(message))
      else return
      left -= whole ? message.length : commit.length
      if (left < 0) texts.delete(commit)
    },
    of(commit) {
      if (cut.has(commit)) return 'cut'
      const text = texts.get(commit)
      if (text !== undefined) return Buffer.from(text, 'latin1')
      // Of one that came when there was no more room nobody knows anything.
      return left < 0 ? undefined : 'quiet'
    },
  }
}
