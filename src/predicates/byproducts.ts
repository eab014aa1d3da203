/** Byproducts of a build that are claims of the job: the commit that it made and built, and the attempt that prepared it. */
import type { Provenance } from '../model/predicate.ts'
import type { ResourceDescriptor } from '../model/statement.ts'

const builtCommitName = 'built-commit'
const preparedInName = 'prepared-in'

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

/** What these say. One that says nothing is not passed over: it says that there is something. */
export function readBuild(byproducts: readonly ResourceDescriptor[]): Pick<Provenance, 'builtCommit' | 'preparedIn'> {
  const named = (name: string): readonly ResourceDescriptor[] => byproducts.filter((it) => it.name === name)
  return {
    builtCommit: joined(
      named(builtCommitName).map(({ digest }) => Object.values(digest ?? {}).join(' or ') || 'not said'),
    ),
    preparedIn: joined(named(preparedInName).map(({ uri }) => uri ?? 'not said')),
  }
}

function joined(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : [...new Set(values)].join(' and ')
}
