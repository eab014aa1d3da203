/** Many claims → one session per tool and id. The result does not depend on the order of the claims. */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { linkages } from '../../model/session.ts'
import type { Claim, Session } from '../../model/session.ts'
import type { Ledger } from './claim-table.ts'
import { unknownTool } from './tools.ts'

/** The sessions of a range, and how many commits they have between them. */
export interface Folded {
  readonly sessions: Session[]
  readonly commits: number
}

interface Fold {
  readonly tool: string
  readonly id: string | undefined
  readonly toolVersions: Set<string>
  readonly models: Set<string>
  readonly readers: Set<string>
  /** Ascending. */
  readonly commits: string[]
  added: number | undefined
  linkage: number
}

/**
 * Sessions sorted by tool and id, each with its commits and models in the order of their characters.
 *
 * - A claim without a session enriches the one session of the same tool that the same commit names, if it names exactly
 *   one; else it goes to the one session without id of its tool.
 * - An id that is claimed without a tool is the session of that id, if exactly one tool has it.
 * - A version is kept where all claims that name one agree; the weakest linkage stands.
 *
 * Errors: `session-limit`.
 */
export function foldClaims(ledger: Ledger): Folded {
  const toolsOfId = Map.groupBy(
    ledger.sayings().filter(({ tool, session }) => session !== undefined && tool !== unknownTool),
    ({ session }) => session,
  )
  const folds = new Map<string, Fold>()
  let commits = 0
  for (const { claims } of ledger.byCommit()) {
    commits += 1
    const named = new Set<Fold>()
    for (const claim of claims) {
      if (claim.session === undefined) continue
      const tools = new Set(claim.tool === unknownTool ? toolsOfId.get(claim.session)?.map(({ tool }) => tool) : [])
      const [onlyTool] = tools.size === 1 ? tools : []
      const fold = foldOf(folds, onlyTool ?? claim.tool, claim.session)
      add(fold, claim)
      named.add(fold)
    }
    for (const claim of claims) {
      if (claim.session !== undefined) continue
      const [fold, ...others] = [...named].filter((it) => it.tool === claim.tool)
      add(fold !== undefined && others.length === 0 ? fold : foldOf(folds, claim.tool, undefined), claim)
    }
  }
  return { sessions: [...folds.values()].sort(byToolAndId).map(sessionOf), commits }
}

function foldOf(folds: Map<string, Fold>, tool: string, id: string | undefined): Fold {
  const key = `${tool}\n${id ?? ''}`
  const known = folds.get(key)
  if (known !== undefined) return known
  if (folds.size === limits.sessions) {
    throw new CountersignError('session-limit', `the range has more than ${limits.sessions} sessions`)
  }
  const fold: Fold = {
    tool,
    id,
    toolVersions: new Set(),
    models: new Set(),
    readers: new Set(),
    commits: [],
    added: undefined,
    linkage: 0,
  }
  folds.set(key, fold)
  return fold
}

function add(fold: Fold, claim: Claim): void {
  if (claim.toolVersion !== undefined) fold.toolVersions.add(claim.toolVersion)
  for (const model of claim.models) fold.models.add(model)
  fold.readers.add(claim.reader)
  if (fold.commits.at(-1) !== claim.commit) fold.commits.push(claim.commit)
  if (claim.linesAdded !== undefined) fold.added = (fold.added ?? 0) + claim.linesAdded
  fold.linkage = Math.max(fold.linkage, linkages.indexOf(claim.linkage))
}

function sessionOf(fold: Fold): Session {
  const [toolVersion] = fold.toolVersions.size === 1 ? fold.toolVersions : []
  return {
    ...(fold.id === undefined ? {} : { id: fold.id }),
    level: 'claimed',
    tool: fold.tool,
    ...(toolVersion === undefined ? {} : { toolVersion }),
    models: [...fold.models].sort().slice(0, limits.modelsPerSession),
    commits: fold.commits,
    ...(fold.added === undefined ? {} : { lines: { added: fold.added } }),
    linkage: linkages[fold.linkage] ?? 'note-copied',
    readers: [...fold.readers].sort(),
  }
}

function byToolAndId(a: Fold, b: Fold): number {
  return compare(a.tool, b.tool) || compare(a.id ?? '', b.id ?? '')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
