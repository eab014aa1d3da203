/** GitHub, and its Enterprise Server (REST API, version 2022-11-28). Of which requests a commit came: `…/commits/{sha}/pulls`. */
import { isObject } from '../../model/json.ts'
import { githubContext } from './github-context.ts'
import type { ForgeRow } from './row.ts'

export const github: ForgeRow = {
  id: 'github',
  sign: '#',
  headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
  isRepository: (repository) => repository.length === 2,
  requests: {
    path: (repository, commit) => `/repos/${repository.map(encodeURIComponent).join('/')}/commits/${commit}/pulls`,
    read(entry) {
      const { number, head, merged_at: mergedAt, merge_commit_sha: became } = entry
      return {
        isMerged: typeof mergedAt === 'string',
        number,
        head: isObject(head) ? head['sha'] : undefined,
        became: [became],
      }
    },
  },
  context: githubContext,
}
