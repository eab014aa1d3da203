/** Byproducts of a build that are claims of the job: the commit that it made and built, the attempt that prepared it, and its log of reasoning. */
import { isDigest } from '../model/digest.ts'
import type { Provenance } from '../model/predicate.ts'
import { signedReasoningLog } from '../model/reasoning-log.ts'
import type { SignedReasoningLog } from '../model/reasoning-log.ts'
import type { ResourceDescriptor } from '../model/statement.ts'

const builtCommitName = 'built-commit'
const preparedInName = 'prepared-in'
const reasoningLogName = 'reasoning-log'

/** The commit that was built, where it is not the one that the token names. */
export function builtCommitDescriptor(source: string | undefined, commit: string): ResourceDescriptor {
  return {
    name: builtCommitName,
    ...(source === undefined ? {} : { uri: `git+${source}` }),
    digest: { gitCommit: commit },
  }
}

/** The run with its attempt, as the provider writes it. */
export function preparedInDescriptor(run: string): ResourceDescriptor {
  return { name: preparedInName, uri: run }
}

/** Its digest and form alone: what people asked stays theirs. */
export function reasoningLogDescriptor({ sha256, mediaType }: SignedReasoningLog): ResourceDescriptor {
  return { name: reasoningLogName, digest: { sha256 }, ...(mediaType === undefined ? {} : { mediaType }) }
}

/** Undefined for another byproduct, and for one without a digest, which names nothing. */
export function readReasoningLog({ name, digest, mediaType }: ResourceDescriptor): SignedReasoningLog | undefined {
  const sha256 = name === reasoningLogName ? digest?.['sha256'] : undefined
  if (sha256 === undefined || !isDigest('sha256', sha256)) return undefined
  const known = signedReasoningLog.safeParse({ sha256, mediaType })
  return known.success ? known.data : { sha256 }
}

/** What these say. One that says nothing is not passed over: it says that there is something. */
export function readBuild(
  byproducts: readonly ResourceDescriptor[],
): Pick<Provenance, 'builtCommit' | 'preparedIn' | 'reasoningLog'> {
  const named = (name: string): readonly ResourceDescriptor[] => byproducts.filter((it) => it.name === name)
  return {
    builtCommit: joined(
      named(builtCommitName).map(({ digest }) => Object.values(digest ?? {}).join(' or ') || 'not said'),
    ),
    preparedIn: joined(named(preparedInName).map(({ uri }) => uri ?? 'not said')),
    reasoningLog: byproducts.map(readReasoningLog).find((it) => it !== undefined),
  }
}

function joined(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : [...new Set(values)].join(' and ')
}
