/** The product's answer beside the counter's. */
import type { Counted } from './count.ts'

export interface ProductSession {
  readonly tool: string
  readonly id: string | undefined
  readonly role: string | undefined
  readonly linkage: string
  readonly readers: readonly string[]
  readonly commits: readonly string[]
  readonly added: number
}

export interface Reader {
  readonly reader: string
  readonly outcome: string
  readonly detail?: string
}

export interface Answer {
  readonly sessions: readonly ProductSession[]
  readonly commits: { readonly total: number; readonly claimed: number }
  readonly lines: Readonly<Record<string, number>>
  readonly readers: readonly Reader[]
  readonly findings: Readonly<Record<string, number>>
  readonly notes: readonly string[]
  readonly seconds: number
  readonly cpuSeconds: number
  readonly megabytes: number
}

interface Descriptor {
  readonly name?: string
  readonly uri?: string
  readonly annotations?: { readonly countersign?: Record<string, unknown> }
}

/** From the statement as it would be signed. */
export function answerOf(line: string): Omit<Answer, 'cpuSeconds'> {
  const { statement, notes, seconds, megabytes } = JSON.parse(line) as {
    statement: {
      predicate: { buildDefinition: { resolvedDependencies: Descriptor[] }; runDetails: { byproducts?: Descriptor[] } }
    }
    notes: string[]
    seconds: number
    megabytes: number
  }
  const { buildDefinition, runDetails } = statement.predicate
  const summary = runDetails.byproducts?.find(({ name }) => name === 'ai-attribution')?.annotations?.countersign
  const sessions = buildDefinition.resolvedDependencies.flatMap(
    ({ name, uri, annotations }): readonly ProductSession[] => {
      if (name?.startsWith('ai-session/') !== true) return []
      const said = annotations?.countersign as {
        tool: string
        role?: string
        linkage: string
        readers: string[]
        commits: string[]
        lines?: { added: number }
      }
      const id = /^urn:ai-session:[^:]+:(.+)$/.exec(uri ?? '')?.[1]
      return [
        {
          ...{
            tool: said.tool,
            id: id === undefined ? undefined : decodeURIComponent(id),
            role: said.role,
            linkage: said.linkage,
          },
          ...{ readers: said.readers, commits: said.commits, added: said.lines?.added ?? 0 },
        },
      ]
    },
  )
  return {
    ...{ sessions, notes, seconds, megabytes },
    commits: (summary?.['commits'] ?? { total: 0, claimed: 0 }) as Answer['commits'],
    lines: (summary?.['lines'] ?? {}) as Answer['lines'],
    readers: (summary?.['readers'] ?? []) as Reader[],
    findings: (summary?.['findings'] ?? {}) as Answer['findings'],
  }
}

export interface Difference {
  readonly what:
    'commit missed' | 'commit missed, on its head' | 'commit invented' | 'id missed' | 'id invented' | 'lines'
  readonly form: string
  /** Commit and line, or commit and tool. */
  readonly places: readonly { readonly commit: string; readonly line: string }[]
}

export interface Compared {
  readonly ownFound: number
  readonly otherFound: number
  readonly otherOnly: number
  readonly idsFound: number
  readonly productIds: number
  readonly invented: { readonly commits: number; readonly ids: number }
  readonly differences: readonly Difference[]
}

export function compare(counted: Counted, answer: Answer): Compared {
  const claimed = new Set(answer.sessions.flatMap(({ commits }) => commits))
  const rows = new Map<string, { what: Difference['what']; form: string; places: { commit: string; line: string }[] }>()
  const differ = (what: Difference['what'], form: string, commit: string, line: string): void => {
    const row = rows.get(`${what} ${form}`) ?? { what, form, places: [] }
    row.places.push({ commit, line })
    rows.set(`${what} ${form}`, row)
  }

  for (const [commit, namings] of counted.own) {
    if (!claimed.has(commit))
      differ('commit missed', [...new Set(namings.map(({ form }) => form))].join(' + '), commit, namings[0]?.line ?? '')
  }
  const otherOnly = [...counted.other].filter(([commit]) => !counted.own.has(commit))
  for (const [commit, namings] of otherOnly) {
    if (!claimed.has(commit))
      differ(
        'commit missed, on its head',
        [...new Set(namings.map(({ form }) => form))].join(' + '),
        commit,
        namings[0]?.line ?? '',
      )
  }
  for (const { tool, role, readers, linkage, commits } of answer.sessions) {
    for (const commit of commits) {
      if (!counted.own.has(commit) && !counted.other.has(commit)) {
        differ(
          'commit invented',
          `${tool} ${role ?? ''} ${readers.join('+')} ${linkage}${counted.laterCopies.has(commit) ? ', a later copy' : ''}`,
          commit,
          subjectOf(counted, commit),
        )
      }
    }
  }

  const ours = new Map(
    answer.sessions.flatMap((it) => (it.id === undefined ? [] : [[it.id.toLowerCase(), it] as const])),
  )
  for (const [id, places] of counted.ids) {
    if (!ours.has(id))
      for (const { commit, form, line } of places.slice(0, 1)) differ('id missed', form, commit, `${id} | ${line}`)
  }
  for (const [id, { tool, readers, linkage, commits }] of ours) {
    if (!counted.ids.has(id)) differ('id invented', `${tool} ${readers.join('+')} ${linkage}`, commits[0] ?? '', id)
  }
  const linesById = new Map<string, number>()
  for (const { id, lines } of counted.lines)
    linesById.set(id.toLowerCase(), (linesById.get(id.toLowerCase()) ?? 0) + lines)
  for (const id of new Set([...linesById.keys(), ...[...ours].filter(([, it]) => it.added > 0).map(([it]) => it)])) {
    const [one, two] = [ours.get(id)?.added ?? 0, linesById.get(id) ?? 0]
    if (one !== two)
      differ(
        'lines',
        one > two ? 'ours more' : 'git more',
        ours.get(id)?.commits[0] ?? '',
        `${id} ours ${one} git ${two}`,
      )
  }

  return {
    ownFound: [...counted.own.keys()].filter((it) => claimed.has(it)).length,
    otherFound: otherOnly.filter(([it]) => claimed.has(it)).length,
    otherOnly: otherOnly.length,
    idsFound: [...counted.ids.keys()].filter((it) => ours.has(it)).length,
    productIds: ours.size,
    invented: {
      commits: [...claimed].filter((it) => !counted.own.has(it) && !counted.other.has(it)).length,
      ids: [...ours.keys()].filter((it) => !counted.ids.has(it)).length,
    },
    differences: [...rows.values()].sort((a, b) => b.places.length - a.places.length),
  }
}

function subjectOf(counted: Counted, commit: string): string {
  const known = counted.range.get(commit)
  return known === undefined
    ? 'not in the range'
    : `${known.author.name} <${known.author.address}> ${known.message.split('\n')[0] ?? ''}`
}
