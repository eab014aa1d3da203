/** Predicate equals certificate, by the fields of each build type. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const tests = ['policy/build-types.test.ts']

export const buildTypes: readonly Edit[] = [
  ...inFile('policy/build-types/find.ts', tests, [
    {
      rule: 'Another commit of the repository, in a build type that nobody knows',
      find: 'canonicalRepository(it.uri) !== source',
      replace: 'canonicalRepository(it.uri) === source',
      tests: ['forgeries'],
    },
    {
      rule: 'Another workflow as the builder, in a build type that nobody knows',
      find: 'hosts.some((it) => plain.includes(it))',
      replace: 'false',
      tests: ['forgeries'],
    },
  ]),

  ...inFile('policy/build-types/fields.ts', tests, [
    {
      rule: 'A commit with a second digest',
      find: "[...values].join(' and ')",
      replace: '[...values][0]',
      tests: ['forgeries'],
    },
    {
      rule: 'A builder that is not the signer',
      find: "field('builder.id', 'required', signerUri,",
      replace: "field('builder.id', 'required', () => undefined,",
    },
    {
      rule: 'Any builder in the place of the runner',
      find: 'accepts: (found) => accepted.includes(found)',
      replace: 'accepts: () => true',
    },
    {
      rule: 'A GitLab runner of another project',
      find: 'compiled(`${project}/-/runners/*`)',
      replace: "compiled('https://**')",
    },
    {
      rule: 'A signer that speaks for a builder without being a delegator',
      find: 'delegators.some((it) => it.matches(signer)) ? gitHubWorkflow : exactly(signer)',
      replace: 'gitHubWorkflow',
    },
    {
      rule: 'Another commit than the certificate names',
      find: "field('source.digest', 'required', commit, commitOf)",
      replace: "field('source.digest', 'required', () => undefined, commitOf)",
    },
    {
      rule: 'Another repository than the certificate names',
      find: "'required', gitUri, sourceUriOf)",
      replace: "'required', () => undefined, sourceUriOf)",
    },
    {
      rule: 'A source that is whatever dependency stands first',
      find: '(source === undefined ? undefined : named) ?? resolvedDependencies[0]',
      replace: 'resolvedDependencies[0]',
    },
    {
      rule: 'Another repository of the workflow',
      find: "field('externalParameters.workflow.repository', 'required', repository, external('workflow', 'repository')),",
      replace: '',
    },
  ]),
]
