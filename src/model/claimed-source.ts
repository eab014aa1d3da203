/**
 * What a statement alone says of the source. Certificates of CircleCI name no commit and those of a person no repository: the rest
 * is a claim of whoever signed, is shown as one, and no rule believes it.
 */
import type { CertifiedBuild } from './identity.ts'
import type { Provenance } from './predicate.ts'
import { canonicalRepository } from './repository-url.ts'

export interface ClaimedSource {
  /** As it stands there: `git+https://…@refs/heads/main`. */
  readonly uri?: string | undefined
  /** Git commits; several that contradict each other in one text. */
  readonly commit?: string | undefined
}

/** Only what the certificate does not say; undefined where that is nothing. Without `certified` a key signed. */
export function claimedSource(
  { resolvedDependencies }: Pick<Provenance, 'resolvedDependencies'>,
  certified: Pick<CertifiedBuild, 'source' | 'ref' | 'commit'> | undefined,
): ClaimedSource | undefined {
  const { source, ref, commit } = certified ?? {}
  if (source !== undefined && ref !== undefined && commit !== undefined) return undefined
  const repository = source === undefined ? undefined : canonicalRepository(source)
  const claimed = resolvedDependencies
    .map(({ uri, digest = {} }) => ({ uri, commits: commitsIn(digest) }))
    .find(({ uri, commits }) =>
      repository === undefined
        ? commits.length > 0 || uri?.startsWith('git+') === true
        : uri !== undefined && canonicalRepository(uri) === repository,
    )
  if (claimed === undefined) return undefined
  const { uri, commits } = claimed
  const isNews = source === undefined || (ref === undefined && uri !== `git+${source}` && uri !== source)
  const said = {
    ...(uri !== undefined && isNews ? { uri } : {}),
    ...(commit === undefined && commits.length > 0 ? { commit: commits.join(' and ') } : {}),
  }
  return Object.keys(said).length === 0 ? undefined : said
}

/** Under every name that git's ids have there. */
function commitsIn(digest: { readonly [algorithm: string]: string }): string[] {
  const values = Object.entries(digest).flatMap(([name, value]) => (/^(?:gitcommit|sha1)$/i.test(name) ? [value] : []))
  return [...new Set(values)]
}

/** In words; empty where there is nothing. */
export function claimedSourceWords({ uri, commit }: ClaimedSource): string {
  return [uri, commit].filter((it) => it !== undefined).join(' ')
}
