/** A statement about a commit → what it says of the way by which that commit came into its repository. */
import { CountersignError } from '../errors.ts'
import { isCommitId } from '../model/git-names.ts'
import { memberAt, textAt } from '../model/json.ts'
import type { Json } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import type { SourceClaims } from '../model/source-statement.ts'
import type { Statement } from '../model/statement.ts'
import { provenanceV1 } from './provenance.ts'
import { readPredicate } from './read.ts'
import { isSourceRef, sourceWord } from './source-fields.ts'

/** Subjects of a statement that are this commit. */
export function subjectsOfCommit({ subject }: Statement, commit: string): Statement['subject'] {
  return isCommitId(commit) ? subject.filter(({ digest }) => digest['gitCommit'] === commit) : []
}

/**
 * What a statement says of a commit that is a subject of it; undefined for one of a type that says nothing of the source. Error:
 * `predicate-malformed`.
 */
export function readSourceClaims(statement: Statement, commit: string): SourceClaims | undefined {
  const { predicateType } = statement
  if (agentCommitVersion(statement) !== undefined) return claimsOfAgent(statement)
  const predicate = readPredicate(predicateType, statement.predicate)
  switch (predicate.kind) {
    case 'source-provenance': {
      const { kind: _, ...said } = predicate
      return { predicateType, ...said, result: undefined, levels: [] }
    }
    case 'verification-summary': {
      const { resourceUri, result, verifiedLevels } = predicate
      if (verifiedLevels.length > limits.sourceWords || !verifiedLevels.every((it) => sourceWord.test(it))) {
        throw new CountersignError('predicate-malformed', 'the verification summary names a level that can be none')
      }
      return {
        ...{ predicateType, repository: resourceUri, refs: refsOf(subjectsOfCommit(statement, commit)) },
        ...{ activity: undefined, actor: undefined, previous: undefined, controls: [] },
        // A summary that failed lists what was reached without saying that it is enough.
        ...{ result, levels: result === 'PASSED' ? verifiedLevels : [] },
      }
    }
    default:
      return undefined
  }
}

/**
 * The version of the build type of commits that an agent made ("Agent Commit", Andrew McNamara, refs.arewm.com/agent-commit): `0.3`;
 * undefined for a statement of another kind.
 */
export function agentCommitVersion({ predicateType, predicate }: Statement): string | undefined {
  if (predicateType !== provenanceV1) return undefined
  const type = textAt(predicate, 'buildDefinition', 'buildType') ?? ''
  return /^https:\/\/refs\.arewm\.com\/agent-commit\/v(\d{1,5}\.\d{1,5})$/.exec(type)?.[1]
}

/** Of the run of an agent that made the commit: for which repository, and from where it began. */
function claimsOfAgent({ predicateType, predicate }: Statement): SourceClaims {
  const target = memberAt(predicate, 'buildDefinition', 'externalParameters', 'target')
  const [repository, previous] = [memberAt(target, 'repository'), memberAt(target, 'baseCommit')]
  if (typeof repository !== 'string' || (previous !== null && typeof previous !== 'string')) {
    throw new CountersignError('predicate-malformed', 'the attestation of an agent does not say for which repository')
  }
  return {
    ...{ predicateType, repository, refs: [], activity: undefined, actor: undefined },
    ...{ previous: previous ?? undefined, controls: [], result: undefined, levels: [] },
  }
}

/** `sourceRefs` is the specification's (verifying-source), the others what the tools wrote before it. */
const refAnnotations = ['sourceRefs', 'source_refs', 'source_branches']

function refsOf(subjects: Statement['subject']): string[] {
  const said = subjects.flatMap((it) =>
    refAnnotations.flatMap((name) => memberAt(it['annotations'] as Json | undefined, name) ?? []),
  )
  const refs = said.filter((it) => typeof it === 'string')
  if (said.length > limits.sourceWords || refs.length < said.length || !refs.every(isSourceRef)) {
    throw new CountersignError('predicate-malformed', 'a subject names a branch or tag that can be none')
  }
  return [...new Set(refs)]
}
