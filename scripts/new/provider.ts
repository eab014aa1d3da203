/** A new CI provider, whose jobs have their token in a variable, and its side of the conversation in the contract. */
import { camelOf } from './made.ts'
import type { Made } from './made.ts'

export function newProvider(name: string): Made {
  const variable = name.toUpperCase().replaceAll('-', '_')
  return {
    files: { [`src/providers/${name}.ts`]: row(name, variable) },
    rows: [
      {
        path: 'test/contracts/ci-provider.test.ts',
        behind: /^const providers: .* = \{\n/m,
        text: world(name, variable),
      },
    ],
    now: `npm run tables && npx vitest run test/contracts/ci-provider.test.ts test/providers`,
  }
}

const world = (name: string, variable: string): string => `  '${name}': {
    job: { CI: 'true', ${variable}_CI: 'true' },
    good: () => Promise.resolve({ env: { ${variable}_TOKEN: token }, asked: () => undefined }),
    bad: {
      'no token': () => Promise.resolve({}),
      'an empty token': () => Promise.resolve({ ${variable}_TOKEN: ' ' }),
    },
  },
`

const row = (name: string, variable: string): string => {
  const claim = variable.toLowerCase()
  return `/** ${name} (say here where its tokens, and what Fulcio makes of them, are described). */
import type { ProviderRow } from './row.ts'
import { numericId, ownerOf } from './sample.ts'

export const ${camelOf(name)}: ProviderRow = {
  id: '${name}',
  title: '${name}',
  issuers: ['https://oidc.${name}.example'],
  certifies: (it) => it.startsWith('https://${name}.example/'),
  mark: '${claim}_pipeline',
  required: ['${claim}_pipeline', '${claim}_run', 'repository', 'commit', 'ref', 'trigger', 'machine'],
  identity(claim) {
    const server = 'https://${name}.example'
    const repository = \`\${server}/\${claim('repository')}\`
    const pipeline = \`\${repository}/pipelines/\${claim('${claim}_pipeline')}@\${claim('ref')}\`
    return {
      san: pipeline,
      extensions: {
        buildSignerUri: pipeline,
        buildConfigUri: pipeline,
        sourceRepositoryUri: repository,
        sourceRepositoryDigest: claim('commit'),
        sourceRepositoryRef: claim('ref'),
        sourceRepositoryOwnerUri: \`\${server}/\${claim('owner')}\`,
        sourceRepositoryOwnerIdentifier: claim('owner_id'),
        buildTrigger: claim('trigger'),
        runnerEnvironment: claim('machine'),
        runInvocationUri: \`\${repository}/runs/\${claim('${claim}_run')}\`,
      },
    }
  },
  job: {
    variable: '${variable}_CI',
    value: 'true',
    token: {
      kind: 'variable',
      variable: '${variable}_TOKEN',
      hint: (audience) => \`ask for a token in the job, with the audience \${audience}\`,
    },
  },
  foreignTriggers: [],
  hostedRunners: [],
  sampleClaims(facts) {
    const { repository, ref, sha } = facts
    return {
      sub: \`${name}:\${repository}:\${ref}\`,
      ${claim}_pipeline: facts.workflow ?? 'release',
      ${claim}_run: Number(facts.runId),
      repository,
      owner: ownerOf(repository),
      owner_id: numericId(ownerOf(repository)),
      commit: sha,
      ref,
      trigger: facts.event ?? 'push',
      machine: facts.runner ?? '${name}-hosted',
    }
  },
}
`
}
