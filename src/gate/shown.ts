/**
 * What people at the forge call a change and each other, for the words of a row: they look for a subject and a login, and what is signed has
 * ids and keyed hashes. None of it is evidence, and each piece is short and on one line, because it comes from the change.
 */
import type { CollectedRange } from '../attest/asked-range.ts'
import { overrideReason } from '../collect/change/override.ts'
import { forEachOf } from '../collect/git/history.ts'
import { accountText, noRequestKnown } from '../model/context.ts'
import type { Account } from '../model/context.ts'
import { limits } from '../model/limits.ts'
import { personHash } from '../model/person.ts'
import type { IdentityKey } from '../model/person.ts'
import type { ShownChange } from '../model/policy-evidence.ts'
import { oneLine } from '../one-line.ts'

/** How the forge calls the accounts that it told of; no name and no address of a commit. */
export function shownPeople(
  { collected }: CollectedRange,
  queue: string | undefined,
  key: IdentityKey | undefined,
): ShownChange {
  const people = new Map<string, string>()
  for (const { context } of key === undefined ? [] : collected.changes) {
    const { author, authors = [] } = context?.request ?? {}
    const all: readonly Account[] = [
      ...(author === undefined ? [] : [author]),
      ...authors,
      ...(context?.reviews ?? []).map(({ by }) => by),
    ]
    for (const it of all) {
      if (key !== undefined) people.set(personHash(accountText(it), key), shortened(it.login, limits.shownLogin))
    }
  }
  const isUnnamed = collected.context?.readers.some(({ detail }) => detail === noRequestKnown) === true
  return {
    ...{ people, subjects: new Map(), reasons: new Map() },
    ...(isUnnamed ? { unnamed: queue === undefined ? 'push' : 'queue' } : {}),
  }
}

/** The same with words of the newest of its commits. Errors: those of `forEachOf`. */
export async function withSubjects(
  shown: ShownChange,
  { collected, repository }: CollectedRange,
): Promise<ShownChange> {
  const subjects = new Map<string, string>()
  const reasons = new Map<string, string>()
  const commits = collected.changes.slice(0, limits.shownSubjects).map(({ commit }) => commit)
  await forEachOf(repository, commits, ({ commit }, message) => {
    const [first = ''] = message
      .subarray(0, 4 * limits.shownReason)
      .toString('utf8')
      .split('\n', 1)
    const subject = shortened(first, limits.shownSubject)
    if (subject !== '') subjects.set(commit, subject)
    const reason = overrideReason(message)
    if (reason !== undefined) reasons.set(commit, shortened(reason, limits.shownReason))
  })
  return { ...shown, subjects, reasons }
}

/** Without quotes, in which a row puts it, and whole words where there are any. */
function shortened(text: string, most: number): string {
  const line = oneLine(text.slice(0, 20 * most))
    .toWellFormed()
    .replace(/["`]/g, "'")
  if (line.length <= most) return line
  const blank = line.lastIndexOf(' ', most)
  const end = line.slice(0, blank > most / 2 ? blank : most).replace(/[\uD800-\uDBFF]$/, '')
  return `${end}…`
}
