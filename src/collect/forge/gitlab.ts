/** GitLab (REST API, version 4). Of which requests a commit came: `GET /projects/{path}/repository/commits/{sha}/merge_requests`. */
import { gitlabContext } from './gitlab-context.ts'
import type { ForgeRow } from './row.ts'

export const gitlab: ForgeRow = {
  id: 'gitlab',
  sign: '!',
  headers: { accept: 'application/json' },
  isRepository: (repository) => repository.length >= 2,
  requests: {
    path: (repository, commit) =>
      `/projects/${encodeURIComponent(repository.join('/'))}/repository/commits/${commit}/merge_requests`,
    read(entry) {
      const { iid, sha, state, squash_commit_sha: squashed, merge_commit_sha: merged } = entry
      return { isMerged: state === 'merged', number: iid, head: sha, became: [squashed, merged] }
    },
  },
  context: gitlabContext,
}
