/** GitHub, and its Enterprise Server: `GET /repos/{owner}/{repo}/commits/{sha}/pulls` (REST API, version 2022-11-28). */
import { isObject } from '../../model/json.ts'
import type { ForgeRow } from './row.ts'

export const github: ForgeRow = {
  id: 'github',
  sign: '#',
  headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
  path(repository, commit) {
    if (repository.length !== 2) return undefined
    return `/repos/${repository.map(encodeURIComponent).join('/')}/commits/${commit}/pulls`
  },
  read(entry) {
    const { number, head, merged_at: mergedAt, merge_commit_sha: became } = entry
    return {
      isMerged: typeof mergedAt === 'string',
      number,
      head: isObject(head) ? head['sha'] : undefined,
      became: [became],
    }
  },
}
