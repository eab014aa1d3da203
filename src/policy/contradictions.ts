/**
 * Attestations that pass each by itself and cannot all be true. Whoever the question admits could otherwise hide what another
 * attestation says by adding one of their own: which comes first in a file decides nothing.
 */
import type { VerifiedStatement } from '../model/evidence.ts'
import { certifiedBuild } from '../model/identity.ts'
import type { Provenance } from '../model/predicate.ts'
import type { VerdictFinding } from '../model/verdict.ts'
import { byText } from '../model/text-order.ts'

/** A statement that passes, under the name of its bundle. */
export interface Passing {
  readonly bundle: string
  readonly statement: VerifiedStatement
}

/**
 * One artifact is built from one commit, and whatever speaks of AI says the same of one commit, whichever run and build type it
 * is of. Other runs of one commit contradict nothing.
 */
export function contradictions(passing: readonly Passing[]): VerdictFinding[] {
  const builds = passing.flatMap(({ bundle, statement }) => {
    const { predicate, signed } = statement
    if (predicate.kind !== 'build-provenance') return []
    const { signatory } = signed
    const certified =
      signatory.kind === 'certificate' ? certifiedBuild(signatory.identity.extensions).commit : undefined
    return [{ bundle, commit: certified ?? commitIn(predicate), buildType: predicate.buildType, provenance: predicate }]
  })
  // In an order of their own, so that a finding reads the same whatever stands first.
  const sorted = builds.toSorted((a, b) => byText(a.commit ?? '', b.commit ?? '') || byText(a.buildType, b.buildType))
  const commits = Map.groupBy(sorted, ({ commit }) => commit ?? '')
  const findings: VerdictFinding[] = []
  if (commits.size > 1) {
    findings.push({
      code: 'commits-contradict',
      message: `the attestations name ${commits.size} commits as the source of one artifact: ${[...commits.keys()].map((it) => (it === '' ? 'none' : it)).join(', ')}`,
      bundles: builds.map(({ bundle }) => bundle),
    })
  }
  for (const [commit, same] of commits) {
    // What says nothing of AI, as provenance of npm does, contradicts only its like.
    const speaking = same.filter(({ provenance }) => speaksOfAi(provenance))
    const likes = [...Map.groupBy(same, (it) => it.buildType).values()].filter(
      (it) => !it.every((one) => speaking.includes(one)),
    )
    for (const group of [speaking, ...likes]) {
      if (new Set(group.map(({ provenance }) => saidOfAi(provenance))).size < 2) continue
      findings.push({
        code: 'sessions-contradict',
        message: `the attestations of commit ${commit === '' ? 'that is not named' : commit} say other things of its AI sessions`,
        bundles: group.map(({ bundle }) => bundle),
      })
    }
  }
  return findings
}

function commitIn({ resolvedDependencies: [source] }: Provenance): string | undefined {
  return source?.digest?.['gitCommit'] ?? source?.digest?.['sha1']
}

function speaksOfAi({ sessions, attribution }: Provenance): boolean {
  return sessions.length > 0 || attribution !== undefined
}

/** What is said of sessions and lines, in an order of its own. */
function saidOfAi({ sessions, attribution }: Provenance): string {
  const said = sessions.map(({ tool, id = '', level, role = '', parent = '', models, commits, lines, digest }) =>
    JSON.stringify([tool, id, level, role, parent, [...models].sort(), [...commits].sort(), lines, digest]),
  )
  const { range, commits, lines } = attribution ?? {}
  return [JSON.stringify([range?.since, commits?.total, commits?.claimed, lines]), ...said.sort()].join('\n')
}
