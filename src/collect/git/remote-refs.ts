/**
 * Which refs a remote has, and at which commits: one question for any number of names (git's protocol version 2, `ls-refs`). What is
 * not a plain and whole answer leaves the rest unknown.
 */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { World } from '../../platform/world.ts'
import { delimiter, flush, packet } from './packet-lines.ts'
import { serverPlace } from './remote-place.ts'
import type { RemotePlace } from './remote-place.ts'
import type { Repository } from './repository.ts'

/** Refs of a remote, as far as it says. */
export interface RemoteRefs {
  /** Full name → full id of what it names. */
  readonly ids: ReadonlyMap<string, string>
  /** Whether these are all that were asked for. */
  readonly whole: boolean
}

type Format = Repository['objectFormat']

/**
 * Those whose names begin with one of these; they may be the whole name. Of a flood only the first are there. Error: `git-failed`, for
 * a remote that does not say so plainly.
 */
export async function listRemoteRefs(
  place: RemotePlace,
  prefixes: readonly string[],
  format: Format,
): Promise<RemoteRefs> {
  const ids = new Map<string, string>()
  let whole = true
  for (let from = 0; from < prefixes.length; from += limits.remoteRefsAsked) {
    const some = prefixes.slice(from, from + limits.remoteRefsAsked)
    const answer = await place.ask(questionOf(some, format), limits.remoteRefsTimeout)
    const beginning = await beginningOf(answer, limits.remoteRefsBytes)
    const refs = refsIn(beginning.text, beginning.whole, format)
    // A server may tell more than it is asked for.
    for (const [name, id] of refs.ids) if (some.some((it) => name.startsWith(it))) ids.set(name, id)
    whole &&= refs.whole
  }
  return { ids, whole }
}

/**
 * Whether the remote has any tag; undefined where it does not say so plainly to a stranger. `remote` is an address without
 * credentials.
 */
export function remoteTags(
  remote: string | undefined,
  world: Pick<World, 'fetch' | 'timeout'>,
  format: Format = 'sha1',
): () => Promise<boolean | undefined> {
  return async () => {
    if (remote === undefined) return undefined
    try {
      const { ids, whole } = await listRemoteRefs(serverPlace(remote, { url: remote }, world), ['refs/tags/'], format)
      // Of very many tags the first are enough.
      if (ids.size > 0) return true
      return whole ? false : undefined
    } catch (thrown) {
      if (thrown instanceof CountersignError) return undefined
      throw thrown
    }
  }
}

/** `object-format` is left out where it is what every server takes for granted. */
function questionOf(prefixes: readonly string[], format: Format): string {
  const capabilities = format === 'sha1' ? '' : packet(`object-format=${format}\n`)
  const asked = prefixes.map((it) => packet(`ref-prefix ${it}\n`)).join('')
  return `${packet('command=ls-refs\n')}${capabilities}${delimiter}${asked}${flush}`
}

/** The answer as Latin-1, at most so many bytes of it; of a longer one no more is read. */
async function beginningOf(answer: AsyncIterable<Uint8Array>, most: number): Promise<{ text: string; whole: boolean }> {
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of answer) {
    chunks.push(chunk)
    total += chunk.length
    if (total > most) break
  }
  return { text: Buffer.concat(chunks).subarray(0, most).toString('latin1'), whole: total <= most }
}

/**
 * The refs in `<id> <name>[ <attribute>…]` lines up to the flush, or, of an answer that was not read to its end, those that are there.
 * Error: `git-failed`.
 */
function refsIn(answer: string, whole: boolean, format: Format): RemoteRefs {
  const ids = new Map<string, string>()
  const idLength = format === 'sha1' ? 40 : 64
  for (let at = 0; ;) {
    const digits = answer.slice(at, at + 4)
    if (digits === flush) {
      if (at + 4 !== answer.length || !whole) throw notPlain()
      return { ids, whole }
    }
    const length = /^[0-9a-f]{4}$/.test(digits) ? Number.parseInt(digits, 16) : 0
    const isCut = !whole && (digits.length < 4 || at + length > answer.length)
    if (isCut) return { ids, whole }
    const line = answer.slice(at + 4, at + length)
    const [, id, name] = /^([0-9a-f]{40,64}) ([!-~\x80-\xff]+)(?: [^\n]*)?\n?$/.exec(line) ?? []
    if (length < 5 || at + length > answer.length || id?.length !== idLength || name === undefined) throw notPlain()
    ids.set(name, id)
    at += length
  }
}

function notPlain(): CountersignError {
  return new CountersignError('git-failed', 'the remote does not say plainly which refs it has')
}
