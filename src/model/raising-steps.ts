/** What would raise the level of a session by one (DESIGN §4): the link of the chain that is missing first. */
import type { Session } from './session.ts'

export const raisingSteps = ['name-session', 'keep-record', 'sign-record', 'get-receipt'] as const
export type RaisingStep = (typeof raisingSteps)[number]

/** Undefined at the highest level. */
export function nextStepOf({ id, level }: Pick<Session, 'id' | 'level'>): RaisingStep | undefined {
  switch (level) {
    case 'claimed':
      // A tool alone may have had any number of sessions: no record could be theirs.
      return id === undefined ? 'name-session' : 'keep-record'
    case 'recorded':
      return 'sign-record'
    case 'signed':
      return 'get-receipt'
    case 'vouched':
      return undefined
  }
}

export const raisingWords: { readonly [step in RaisingStep]: string } = {
  'name-session':
    'a tool is named and no session: have it write the id of its session into the commit message, a note or a checkpoint',
  'keep-record':
    'the record of the session was not found: fetch it, give its transcript, or have the tool keep it in the repository, so that its digest can be pinned',
  'sign-record': 'have a person, or the platform of the agent, sign the record or what names its digest',
  'get-receipt':
    'give the receipt of an independent party that saw the session, and the list of issuers that counts, or ask a portal that knows whose it was, where and when; findings name the link that is missing in what is there',
}
