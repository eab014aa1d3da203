/** The context of the changes of a release: what the forge says of them, where it may be asked. */
import { collectContext, noContext } from '../collect/context/collect-context.ts'
import type { Repository } from '../collect/git/repository.ts'
import type { CollectedChanges } from '../collect/sessions/index.ts'
import { knownTools } from '../collect/sessions/tools.ts'
import type { ToolTable } from '../collect/sessions/tools.ts'
import type { Change } from '../model/change.ts'
import type { ReleaseContext } from '../model/context.ts'
import type { World } from '../platform/world.ts'
import type { AskedForge } from './forge.ts'

export interface ContextOptions {
  readonly forge: AskedForge | undefined
  /** Default: the tools that this version knows. */
  readonly tools: ToolTable | undefined
  /** That the release was started for. */
  readonly ref: string | undefined
}

/** The changes, each with what was said of it. Error: `git-failed`, where the run was stopped. */
export async function withContext(
  repository: Repository,
  { changes, heads, ai }: CollectedChanges,
  { forge, tools = knownTools, ref }: ContextOptions,
  world: World,
): Promise<{ readonly changes: readonly Change[]; readonly context: ReleaseContext }> {
  if (forge === undefined) return { changes, context: noContext('no token of the forge was given') }
  const branch = /^refs\/heads\/(.+)$/.exec(ref ?? '')?.[1]
  const progress = (text: string): void => world.progress(text, 'step')
  const { context } = await forge.context(tools, (of) =>
    collectContext(repository, of, { changes, heads, ai, branch, progress }),
  )
  return {
    context,
    changes: changes.map((it) => {
      const own = context.changes.get(it.commit)
      // Of a merge it is known by the forge alone that what was merged is that request.
      return own === undefined ? it : { ...it, request: it.request ?? own.request?.name, context: own }
    }),
  }
}
