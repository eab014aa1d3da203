/** An alert as lines of words, for chats: what comes from outside is apart from our own words, so that each chat can quote it its own way. */
import type { Alert, AlertFailure } from '../../model/alert.ts'

export interface AlertMessage {
  readonly title: string
  /** A line for each failure, and the last one for those that are left out. */
  readonly lines: readonly (readonly Piece[])[]
  /** By which a reader tells two alerts apart. */
  readonly key: string
}

/** `quoted`: text from outside. */
export interface Piece {
  readonly text: string
  readonly quoted: boolean
}

export function messageOf({ command, outcome, failures, more, idempotencyKey }: Alert): AlertMessage {
  const count = failures.length + more
  const what = outcome === 'fail' ? 'the answer is no' : 'it could not be decided'
  return {
    title: `Countersign ${command}: ${what} (${count} ${count === 1 ? 'failure' : 'failures'})`,
    lines: [...failures.map(piecesOf), ...(more === 0 ? [] : [[own(`and ${more} more`)]])],
    key: `sha256:${idempotencyKey}`,
  }
}

function piecesOf({ rule, outcome, artifact, code, times, at = {}, hint }: AlertFailure): Piece[] {
  const [digest] = Object.entries(artifact?.digest ?? {})
  return [
    quoted(rule),
    own(outcome === 'fail' ? 'fails' : 'is undecided'),
    ...(artifact === undefined ? [] : [own('for'), quoted(artifact.name)]),
    ...(digest === undefined ? [] : [quoted(digest.join(':'))]),
    ...(at.path === undefined ? [] : [own('at'), quoted(at.path)]),
    ...(at.commit === undefined ? [] : [own('in commit'), quoted(at.commit)]),
    ...(at.session === undefined ? [] : [own('of session'), quoted(at.session)]),
    ...(times === 1 ? [] : [own(`and ${times - 1} more times`)]),
    own(`(${code})`),
    ...(hint === undefined ? [] : [own(`– ${hint}`)]),
  ].filter(({ text }) => text !== '')
}

function own(text: string): Piece {
  return { text, quoted: false }
}

function quoted(text: string): Piece {
  return { text, quoted: true }
}

/** An address that no chat makes a link of, as reports of incidents write it. */
export function withoutLinks(text: string): string {
  return text.replaceAll('://', '[:]//').replace(/\b(mailto:|www\.)/gi, (it) => `${it.slice(0, -1)}[${it.slice(-1)}]`)
}
