/** In which of the commits that went into changes AI took part, as records say. */
import type { CommitRecords } from './record-table.ts'

export interface AiCommits {
  /** Full ids: changes, and commits that went into them. */
  readonly commits: ReadonlySet<string>
  /** Changes of which records name a tool that none of their commits names: when it took part is not known. */
  readonly untied: ReadonlySet<string>
}

/** By all records that count, of whatever kind, as they are seen commit by commit. */
export function newAiCommits(): AiCommits & { readonly see: (records: CommitRecords) => void } {
  const commits = new Set<string>()
  const untied = new Set<string>()
  return {
    commits,
    untied,
    see({ commit, records: all }) {
      const tied = new Set<string>()
      for (const { content, saidIn } of all) {
        commits.add(saidIn ?? commit)
        if (saidIn !== undefined) tied.add(content.tool)
      }
      if (all.some(({ content, saidIn }) => saidIn === undefined && !tied.has(content.tool))) untied.add(commit)
    },
  }
}
