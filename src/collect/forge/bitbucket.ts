/**
 * Bitbucket Cloud (REST API, version 2.0). It writes twelve digits of a commit where it lists the requests of one, and that only where
 * an app for it was installed: of which request a change came that names none, it is not asked.
 */
import { bitbucketContext } from './bitbucket-context.ts'
import type { ForgeRow } from './row.ts'

export const bitbucket: ForgeRow = {
  id: 'bitbucket',
  sign: '#',
  headers: { accept: 'application/json' },
  isRepository: (repository) => repository.length === 2,
  requests: undefined,
  context: bitbucketContext,
}
