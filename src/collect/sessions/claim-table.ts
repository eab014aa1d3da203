/**
 * Claims as they come in. A history has one for every third commit and most of them say the same, so each saying is held
 * once and a claim costs its commit id and two numbers, in columns that the garbage collector does not look into.
 */
import type { Claim, ReaderId } from '../../model/session.ts'

/** What a claim says, without the commit that it is about. */
export type Saying = Omit<Claim, 'commit' | 'linesAdded'>

/** All that is claimed for one commit. */
export interface CommitClaims {
  readonly commit: string
  readonly claims: readonly Claim[]
}

export interface Ledger {
  /** Claims that were added, dropped ones included. */
  readonly size: number
  add(claim: Claim): void
  countOf(reader: ReaderId): number
  /** Takes back everything that a reader said. */
  drop(reader: ReaderId): void
  /** Each different saying once. */
  sayings(): Saying[]
  /** The commits in the order of their ids, each once. */
  byCommit(): Generator<CommitClaims>
}

/** Bytes of a commit id: SHA-1 or SHA-256. */
type IdBytes = 20 | 32

const initialClaims = 1_024

export function newLedger(idBytes: IdBytes): Ledger {
  const sayings: Saying[] = []
  const indexOfSaying = new Map<string, number>()
  const dropped = new Set<ReaderId>()
  const counts = new Map<ReaderId, number>()
  let size = 0
  let commits = Buffer.alloc(initialClaims * idBytes)
  let sayingOf = new Uint32Array(initialClaims)
  let linesOf = new Float64Array(initialClaims) // NaN where a claim counts none

  function grow(): void {
    commits = Buffer.concat([commits, Buffer.alloc(commits.length)])
    const [oldSayings, oldLines] = [sayingOf, linesOf]
    sayingOf = new Uint32Array(size * 2)
    sayingOf.set(oldSayings)
    linesOf = new Float64Array(size * 2)
    linesOf.set(oldLines)
  }

  function isKept(index: number): boolean {
    const saying = sayings[sayingOf[index] ?? 0]
    return saying !== undefined && !dropped.has(saying.reader)
  }

  function claimAt(index: number, commit: string): Claim[] {
    const saying = sayings[sayingOf[index] ?? 0]
    const lines = linesOf[index]
    return saying === undefined ? [] : [{ ...saying, commit, linesAdded: Number.isNaN(lines) ? undefined : lines }]
  }

  function compareIds(a: number, b: number): number {
    return commits.compare(commits, a * idBytes, (a + 1) * idBytes, b * idBytes, (b + 1) * idBytes)
  }

  return {
    get size() {
      return size
    },
    add({ commit, linesAdded, ...saying }) {
      if (size === sayingOf.length) grow()
      commits.write(commit, size * idBytes, idBytes, 'hex')
      linesOf[size] = linesAdded ?? NaN
      const key = keyOf(saying)
      let index = indexOfSaying.get(key)
      if (index === undefined) {
        index = sayings.push(detached(saying)) - 1
        indexOfSaying.set(key, index)
      }
      sayingOf[size] = index
      size += 1
      counts.set(saying.reader, (counts.get(saying.reader) ?? 0) + 1)
    },
    countOf: (reader) => counts.get(reader) ?? 0,
    drop(reader) {
      dropped.add(reader)
      counts.delete(reader)
    },
    sayings: () => sayings.filter(({ reader }) => !dropped.has(reader)),
    *byCommit() {
      // Six bytes of the id as one number decide nearly every comparison.
      const prefixes = new Float64Array(size)
      const order = new Uint32Array(size)
      let kept = 0
      for (let index = 0; index < size; index += 1) {
        prefixes[index] = commits.readUIntBE(index * idBytes, 6)
        if (isKept(index)) order[kept++] = index
      }
      const sorted = order.subarray(0, kept).sort((a, b) => (prefixes[a] ?? 0) - (prefixes[b] ?? 0) || compareIds(b, a))
      for (let at = 0; at < sorted.length;) {
        const first = sorted[at] ?? 0
        const commit = commits.toString('hex', first * idBytes, (first + 1) * idBytes)
        const claims: Claim[] = []
        for (; at < sorted.length && compareIds(sorted[at] ?? 0, first) === 0; at += 1) {
          claims.push(...claimAt(sorted[at] ?? 0, commit))
        }
        yield { commit, claims }
      }
    },
  }
}

function keyOf({ reader, linkage, tool, session = '', toolVersion = '', models }: Saying): string {
  return [reader, linkage, tool, session, toolVersion, ...models].join('\n')
}

/** The same with strings of their own: a part of a string keeps all of it in memory, here a whole message. */
function detached(saying: Saying): Saying {
  return {
    ...saying,
    tool: copyOf(saying.tool),
    session: saying.session === undefined ? undefined : copyOf(saying.session),
    toolVersion: saying.toolVersion === undefined ? undefined : copyOf(saying.toolVersion),
    models: saying.models.map(copyOf),
  }
}

function copyOf(text: string): string {
  return Buffer.from(text).toString()
}
