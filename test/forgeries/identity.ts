/** Forgers who sign under an identity of their own, and say that it is another's. */
import { tokenIdentity } from '../../src/providers/token-identity.ts'
import type { Leaf } from '../world/own-authority.ts'
import { createOwnAuthority, ecKeys, keySigner, signWith } from '../world/own-authority.ts'
import { claimsOf, edited } from '../world/release.ts'
import type { EditableBundle, EditableStatement, Job, Release } from '../world/release.ts'
import { carefulQuestion, handsOver } from './ask.ts'
import { releaseJob } from './row.ts'
import type { Attempt, Forgery, Scene } from './row.ts'

/** Longer than any pattern wants to look at. */
const longFragment = 'x'.repeat(5_000)

const tag = 'refs/tags/v14.2.0'
const mallory: Job = { ...releaseJob, repository: 'mallory/widget' }
const provenance = 'provenance-equals-certificate predicate-certificate-mismatch'
const signer = 'signer signer-mismatch'
const source = 'source source-mismatch'

/** The release's own statement, signed by another job. */
function copied({ release }: Scene, job: Job): Promise<EditableBundle> {
  return release.sign(release.statement(releaseJob), job)
}

/** A certificate as Fulcio would issue it for the release, but for the changes. */
export function releaseLeaf({ sigstore }: Release, changes: { readonly [name: string]: string } = {}): Leaf {
  const identity = tokenIdentity({ iss: sigstore.issuer, ...claimsOf(releaseJob) })
  if (identity === undefined) throw new Error('the claims give an identity')
  return { names: [identity.subjectAlternativeName.value], extensions: { ...identity.extensions, ...changes } }
}

/** Somebody else who owns a repository of the same name now: the name is right, the numbers are not. */
const newOwner: Job = { ...releaseJob, claims: { repository_id: '999000111', repository_owner_id: '999000222' } }

const delegator = 'slsa-framework/slsa-github-generator/.github/workflows/delegator_generic_slsa3.yml@refs/tags/v2.1.0'
const trustedBuilder = 'https://github.com/acme/builder/.github/workflows/build.yml@refs/tags/v1'
const otherBuilder = 'https://github.com/mallory/builder/.github/workflows/build.yml@refs/tags/v1'

/** A statement of the job's own under a build type that nobody has described. */
function ofUnknownType(
  release: Release,
  job: Job,
  edit: (it: EditableStatement) => void = () => undefined,
): Promise<EditableBundle> {
  const statement = edited(release.statement(job), (it) => {
    it.predicate.buildDefinition.buildType = 'https://mallory.example/build/v1'
    edit(it)
  })
  return release.sign(statement, job)
}

const honest = new WeakMap<Release, Promise<EditableBundle>>()

/** What they imitate, signed once. */
function honestOfUnknownType(release: Release): Promise<EditableBundle> {
  const signed = honest.get(release) ?? ofUnknownType(release, releaseJob)
  honest.set(release, signed)
  return signed
}

/** The release job says something untrue of itself. */
async function ofOwnStatement(scene: Scene, edit: (it: EditableStatement) => void): Promise<Attempt> {
  return handsOver(scene, await scene.release.sign(edited(scene.release.statement(releaseJob), edit), releaseJob))
}

/** Provenance of the delegator, for a builder that it ran. */
function delegated(release: Release, job: Job, builder: string): EditableStatement {
  return edited(release.statement(job), ({ predicate }) => {
    predicate.buildDefinition.buildType = 'https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0'
    predicate.runDetails.builder.id = builder
  })
}

export const identityForgeries: readonly Forgery[] = [
  {
    id: '1',
    forger: 'issues their own certificate in the name of the release workflow',
    stoppedBy: ['certificate-chain certificate-untrusted'],
    async make(scene) {
      const { release } = scene
      const authority = createOwnAuthority(release.sigstore)
      return handsOver(scene, await authority.sign(release.statement(releaseJob), releaseLeaf(release)))
    },
  },
  {
    id: '1b',
    forger: 'signs with a bare key',
    stoppedBy: ['certificate-chain certificate-missing'],
    async make(scene) {
      const { release } = scene
      return handsOver(scene, await signWith(release.sigstore, release.statement(releaseJob), keySigner(ecKeys())))
    },
  },
  {
    id: '2',
    forger: 'signs the copied statement from their laptop, with an e-mail address for an identity',
    stoppedBy: [signer, source, provenance],
    make: async (scene) => handsOver(scene, await copied(scene, { provider: 'generic', email: 'm@mallory.example' })),
  },
  {
    id: '3',
    forger: 'signs the copied statement, byte for byte, in a workflow of their own',
    stoppedBy: [signer, source, provenance],
    make: async (scene) => handsOver(scene, await copied(scene, mallory)),
  },
  {
    id: '3b',
    forger: 'does the same where the question leaves signer and source open',
    stoppedBy: [provenance],
    async make(scene) {
      const { issuer } = scene.release.sigstore
      const question = { signer: 'https://github.com/mallory/**', issuer, anySource: true } as const
      const genuine = await scene.release.attested(mallory)
      return handsOver(scene, await copied(scene, mallory), { question, genuine })
    },
  },
  {
    id: '4',
    forger: 'signs in another workflow of the same repository',
    stoppedBy: [signer],
    make: async (scene) => handsOver(scene, await scene.release.attested({ ...releaseJob, workflow: 'helper.yml' })),
  },
  {
    id: '4b',
    forger: 'signs the copied statement there, where every workflow of the repository may sign',
    stoppedBy: [provenance],
    async make(scene) {
      const question = { repo: 'acme/widget', issuer: scene.release.sigstore.issuer }
      return handsOver(scene, await copied(scene, { ...releaseJob, workflow: 'helper.yml' }), { question })
    },
  },
  ...['', '@refs/heads/main'].map((pinned, index): Forgery => ({
    id: `4${['c', 'd'][index] ?? ''}`,
    forger: `names a workflow file of theirs \`release.yml@x.yml\`${index === 0 ? '' : ', where only main may sign'}`,
    stoppedBy: [signer],
    async make(scene) {
      const main: Job = { ...releaseJob, ref: pinned === '' ? tag : 'refs/heads/main' }
      const question = {
        signer: `https://github.com/acme/widget/.github/workflows/release.yml${pinned === '' ? '@**' : pinned}`,
        issuer: scene.release.sigstore.issuer,
        source: 'https://github.com/acme/widget',
      }
      return handsOver(scene, await scene.release.attested({ ...main, workflow: 'release.yml@x.yml' }), {
        question: pinned === '' ? carefulQuestion(scene.release) : question,
        genuine: await scene.release.attested(main),
      })
    },
  })),
  {
    id: '5',
    forger: 'edits the release workflow on a branch and runs it there',
    stoppedBy: ['ref ref-mismatch'],
    askedBy: '--ref',
    make: async (scene) =>
      handsOver(scene, await scene.release.attested({ ref: 'refs/heads/topic', sha: 'b'.repeat(40) }), {
        asked: { ref: 'refs/tags/*' },
      }),
  },
  {
    id: '5b',
    forger: 'does the same on a tag, which a developer may push',
    stoppedBy: ['signer-digest signer-digest-mismatch'],
    askedBy: '--signer-digest',
    make: async (scene) =>
      handsOver(scene, await scene.release.attested({ ref: tag, sha: 'b'.repeat(40) }), {
        asked: { signerDigest: 'a'.repeat(40) },
      }),
  },
  {
    id: '6',
    forger: 'runs the release workflow in a fork',
    stoppedBy: [signer, source],
    make: async (scene) => handsOver(scene, await scene.release.attested(mallory)),
  },
  ...[
    'pull_request_target',
    'pull_request',
    'workflow_run',
    'pull_request_review',
    'pull_request_review_comment',
    'issue_comment',
  ].map((event, index): Forgery => ({
    id: `7${['', 'b', 'c', 'd', 'e', 'f'][index] ?? ''}`,
    forger: `brings their change into the release workflow by \`${event}\``,
    stoppedBy: ['trigger trigger-refused'],
    make: async (scene) => handsOver(scene, await scene.release.attested({ ...releaseJob, event })),
  })),
  ...['merge_request_event', 'external_pull_request_event', 'parent_pipeline', 'pipeline'].map(
    (event, index): Forgery => ({
      id: `7${['g', 'h', 'i', 'j'][index] ?? ''}`,
      forger: `brings their change into the release job of GitLab by \`${event}\``,
      stoppedBy: ['trigger trigger-refused'],
      async make(scene) {
        const { release } = scene
        const job: Job = { ...releaseJob, provider: 'gitlab' }
        const genuine = await release.attested(job)
        return handsOver(scene, await release.attested({ ...job, event }), { question: release.question(job), genuine })
      },
    }),
  ),
  {
    id: '8',
    forger: 'owns the self-hosted runner that builds the release',
    stoppedBy: ['runner runner-refused'],
    make: async (scene) => handsOver(scene, await scene.release.attested({ ...releaseJob, runner: 'self-hosted' })),
  },
  {
    id: '8b',
    forger: 'looks into a job of CircleCI over SSH while it runs',
    stoppedBy: ['runner runner-refused'],
    async make(scene) {
      const { release } = scene
      const job: Job = { ...releaseJob, provider: 'circleci' }
      const watched: Job = { ...job, claims: { 'oidc.circleci.com/ssh-rerun': true } }
      return handsOver(scene, await release.attested(watched), {
        question: { ...release.question(job) },
        genuine: await release.attested(job),
      })
    },
  },
  {
    id: '19',
    forger: 'has a repository of their own with a release workflow of the same name, where any may sign',
    stoppedBy: ['refused pattern-invalid'],
    async make(scene) {
      const question = {
        signer: 'https://github.com/*/*/.github/workflows/release.yml@**',
        issuer: scene.release.sigstore.issuer,
        source: 'https://github.com/acme/widget',
      }
      const { forged } = handsOver(scene, await scene.release.attested(mallory), { question })
      return { forged, genuine: handsOver(scene, await scene.release.genuine(releaseJob)).forged }
    },
  },
  {
    id: '20',
    forger: 'registers the name of the repository anew after it was given up',
    stoppedBy: ['source-id source-id-mismatch'],
    askedBy: '--source-id',
    make: async (scene) =>
      handsOver(scene, await scene.release.attested(newOwner), {
        asked: { sourceId: String(claimsOf(releaseJob)['repository_id']) },
      }),
  },
  {
    id: '20b',
    forger: 'registers the name of its owner anew',
    stoppedBy: ['owner-id owner-id-mismatch'],
    askedBy: '--owner-id',
    make: async (scene) =>
      handsOver(scene, await scene.release.attested(newOwner), {
        asked: { ownerId: String(claimsOf(releaseJob)['repository_owner_id']) },
      }),
  },
  {
    id: '20c',
    forger: 'signs the copied statement under the name that they registered anew',
    stoppedBy: [provenance],
    make: async (scene) => handsOver(scene, await copied(scene, newOwner)),
  },
  {
    id: '21',
    forger: 'calls the trusted reusable workflow from their own repository',
    stoppedBy: [source],
    make: async (scene) =>
      handsOver(
        scene,
        await scene.release.attested({ ...mallory, workflow: `acme/widget/.github/workflows/release.yml@${tag}` }),
      ),
  },
  {
    id: '21c',
    forger: 'calls the trusted reusable workflow from a workflow of their own in the repository',
    stoppedBy: ['caller caller-mismatch'],
    async make(scene) {
      const { release } = scene
      const reusable = { ...releaseJob, workflow: `acme/builders/.github/workflows/build.yml@${tag}` }
      const question = {
        repo: 'acme/widget',
        issuer: release.sigstore.issuer,
        signerWorkflow: 'acme/builders/.github/workflows/build.yml',
        workflow: 'release.yml',
      }
      return handsOver(scene, await release.attested({ ...reusable, callerWorkflow: 'evil.yml' }), {
        question,
        genuine: await release.attested(reusable),
      })
    },
  },
  {
    id: '21d',
    forger: 'relies on a question that does not say which workflow called it',
    stoppedBy: ['refused question-incomplete'],
    async make(scene) {
      const { release } = scene
      const reusable = { ...releaseJob, workflow: `acme/builders/.github/workflows/build.yml@${tag}` }
      const question = {
        repo: 'acme/widget',
        issuer: release.sigstore.issuer,
        signerWorkflow: `${reusable.workflow.split('@')[0] ?? ''}@${tag}`,
      }
      const forged = await release.attested({ ...reusable, callerWorkflow: 'evil.yml' })
      const genuine = await release.attested(reusable)
      return {
        forged: handsOver(scene, forged, { question }).forged,
        genuine: handsOver(scene, genuine, { question: { ...question, anyCaller: true } }).forged,
      }
    },
  },
  {
    id: '21b',
    forger: 'has the repository call their reusable workflow',
    stoppedBy: [signer],
    make: async (scene) =>
      handsOver(
        scene,
        await scene.release.attested({
          ...releaseJob,
          workflow: `mallory/widget/.github/workflows/release.yml@${tag}`,
        }),
      ),
  },
  {
    id: '22',
    forger: 'names the trusted builder in provenance of a delegator, which they are not',
    stoppedBy: [provenance],
    async make(scene) {
      const { release } = scene
      const { issuer } = release.sigstore
      const by = (owner: string) => ({ signer: `https://github.com/${owner}/**`, issuer, anySource: true }) as const
      const honest: Job = { ...releaseJob, workflow: delegator }
      const genuine = await release.sign(delegated(release, honest, trustedBuilder), honest)
      const forged = await release.sign(delegated(release, mallory, trustedBuilder), mallory)
      return {
        forged: handsOver(scene, forged, { question: by('mallory') }).forged,
        genuine: handsOver(scene, genuine, { question: by('slsa-framework') }).forged,
      }
    },
  },
  {
    id: '22b',
    forger: 'has the delegator run a builder of their own',
    stoppedBy: ['builder-id builder-mismatch'],
    askedBy: '--builder-id',
    async make(scene) {
      const { release } = scene
      const job: Job = { ...releaseJob, workflow: delegator }
      const question = {
        signer: `https://github.com/${delegator}`,
        issuer: release.sigstore.issuer,
        source: 'https://github.com/acme/widget',
      }
      return handsOver(scene, await release.sign(delegated(release, job, otherBuilder), job), {
        question,
        asked: { builderId: trustedBuilder },
        genuine: await release.sign(delegated(release, job, trustedBuilder), job),
      })
    },
  },
  {
    id: '22c',
    forger: 'names the trusted builder under a build type that nobody knows',
    stoppedBy: [provenance],
    async make(scene) {
      const { release } = scene
      const { issuer } = release.sigstore
      const question = { signer: 'https://github.com/mallory/**', issuer, anySource: true } as const
      return handsOver(
        scene,
        await ofUnknownType(release, mallory, ({ predicate }) => {
          predicate.runDetails.builder.id = trustedBuilder
        }),
        { question, genuine: await ofUnknownType(release, mallory) },
      )
    },
  },
  ...[
    trustedBuilder.split('@')[0]!,
    trustedBuilder.replace('https:', 'http:'),
    trustedBuilder.replace('github.com', 'GitHub.com'),
    trustedBuilder.replace('/.github', '//.github'),
    trustedBuilder.replace('https://', ''),
    'https://github.com/actions/runner/github-hosted',
    'https://gitlab.com/acme/widget//.gitlab-ci.yml@refs/heads/main',
    'https://buildkite.com/acme/release',
    ` ${trustedBuilder}`,
    trustedBuilder.replace('https://', 'https:\\\\'),
    trustedBuilder.replace('github.com', 'github%2Ecom'),
    trustedBuilder.replace('github.com', 'github.com:443'),
    trustedBuilder.replace('github.com', 'ｇithub.com'),
  ].map((builder, index): Forgery => ({
    id: `22c${index + 1}`,
    forger: `does so as \`${builder}\``,
    stoppedBy: [provenance],
    make: async (scene) =>
      handsOver(
        scene,
        await ofUnknownType(scene.release, releaseJob, ({ predicate }) => {
          predicate.runDetails.builder.id = builder
        }),
        { genuine: await honestOfUnknownType(scene.release) },
      ),
  })),
  ...[
    'git+https://github.com/acme/widget.git',
    'https://github.com/acme/widget',
    'git+https://GitHub.com/Acme/Widget#refs/heads/main',
    'git+https://github.com/acme/widget/@refs/heads/main',
    'git+ssh://git@github.com/acme/widget',
    'git@github.com:acme/widget.git',
    'pkg:github/acme/widget@v1',
    ' https://github.com/acme/widget',
    'github.com/acme/widget',
    'https://github.com/x/../acme/widget',
    'https://github.com:8443/acme/widget',
    'https://github.com/acme/widget/tree/main',
    'git::https://github.com/acme/widget',
    'https:\\\\github.com\\acme\\widget',
    'ssh://git@ssh.github.com:443/acme/widget.git',
    `git+https://github.com/acme/widget#${longFragment}`,
  ].map((uri, index): Forgery => ({
    id: `22e${index === 0 ? '' : index + 1}`,
    forger: `names another commit of the source as \`${uri.replace(longFragment, '<5,000 letters>')}\`, under a build type that nobody knows`,
    stoppedBy: [provenance],
    make: async (scene) =>
      handsOver(
        scene,
        await ofUnknownType(scene.release, releaseJob, ({ predicate }) => {
          predicate.buildDefinition.resolvedDependencies = [{ uri, digest: { gitCommit: 'e'.repeat(40) } }]
        }),
        { genuine: await honestOfUnknownType(scene.release) },
      ),
  })),
  {
    id: '22f',
    forger: 'gives the commit of the source a second digest',
    stoppedBy: [provenance],
    make: (scene) =>
      ofOwnStatement(scene, ({ predicate }) => {
        Object.assign(predicate.buildDefinition.resolvedDependencies![0]!.digest!, { sha1: 'e'.repeat(40) })
      }),
  },
  ...['SHA1', 'GitCommit', 'sha256'].map((name, index): Forgery => ({
    id: `22f${index + 1}`,
    forger: `does so as \`${name}\``,
    stoppedBy: [provenance],
    make: (scene) =>
      ofOwnStatement(scene, ({ predicate }) => {
        Object.assign(predicate.buildDefinition.resolvedDependencies![0]!.digest!, { [name]: 'e'.repeat(40) })
      }),
  })),
  ...(
    [
      ['repository_id', ['999']],
      ['event_name', ['pull_request_target']],
      ['runner_environment', { name: 'self-hosted' }],
    ] as const
  ).map(([member, value], index): Forgery => ({
    id: `22j${index + 1}`,
    forger: `writes \`${member}\` as something that is not text`,
    stoppedBy: [provenance],
    make: (scene) =>
      ofOwnStatement(scene, ({ predicate }) => {
        Object.assign((predicate.buildDefinition.internalParameters as { github: object }).github, { [member]: value })
      }),
  })),
  {
    id: '22g',
    forger: 'names the source a second time, at another commit',
    stoppedBy: [provenance],
    make: (scene) =>
      ofOwnStatement(scene, ({ predicate }) => {
        predicate.buildDefinition.resolvedDependencies!.push({
          uri: 'git+https://github.com/acme/widget.git@refs/heads/main',
          digest: { gitCommit: 'e'.repeat(40) },
        })
      }),
  },
  {
    id: '22h',
    forger: 'takes the build type of another platform, which has fewer fields to hold',
    stoppedBy: ['provenance-equals-certificate build-type-foreign'],
    askedBy: '--strict',
    async make(scene) {
      const { release } = scene
      const source = 'https://github.com/acme/widget'
      const statement = edited(release.statement(releaseJob), ({ predicate }) => {
        predicate.buildDefinition.buildType = 'https://docs.gitlab.com/ci/pipeline_security/slsa/provenance_v1'
        Object.assign(predicate.buildDefinition, { externalParameters: { source, entryPoint: 'build', variables: {} } })
        predicate.buildDefinition.resolvedDependencies![0]!.uri = source
        predicate.runDetails.builder.id = `${source}/-/runners/1`
      })
      return handsOver(scene, await release.sign(statement, releaseJob), { asked: { strict: true } })
    },
  },
  {
    id: '22i',
    forger: 'signs in a pipeline of Buildkite, and names another one as the builder',
    stoppedBy: [provenance],
    async make(scene) {
      const { release } = scene
      const job: Job = { ...releaseJob, provider: 'buildkite', runner: 'buildkite-hosted' }
      const question = release.question(job)
      const statement = edited(release.statement(job), ({ predicate }) => {
        predicate.runDetails.builder.id = 'https://buildkite.com/acme/release'
      })
      return handsOver(scene, await release.sign(statement, job), { question, genuine: await release.attested(job) })
    },
  },
  {
    id: '22d',
    forger: 'takes a build type that nobody knows, so that nothing is held against the certificate',
    stoppedBy: ['provenance-equals-certificate build-type-unknown'],
    askedBy: '--strict',
    async make(scene) {
      const { release } = scene
      const statement = edited(release.statement(releaseJob), ({ predicate }) => {
        predicate.buildDefinition.buildType = 'https://mallory.example/build/v1'
      })
      return handsOver(scene, await release.sign(statement, releaseJob), { asked: { strict: true } })
    },
  },
  {
    id: '23',
    forger: 'names a branch `x@refs/tags/v14.2.0`, so that their workflow seems to end in the tag',
    stoppedBy: [signer],
    async make(scene) {
      const { release } = scene
      const question = {
        signer: `https://github.com/acme/widget/.github/workflows/*@${tag}`,
        issuer: release.sigstore.issuer,
        source: 'https://github.com/acme/widget',
      }
      const job: Job = { ...releaseJob, ref: `refs/heads/x@${tag}`, workflow: 'helper.yml' }
      return handsOver(scene, await release.attested(job), { question })
    },
  },
  ...(
    [
      ['23b', 'names their workflow `release.yml.evil.yml`', { workflow: 'release.yml.evil.yml' }, [signer]],
      ['23c', 'registers the owner in capitals', { repository: 'ACME/widget' }, [signer, source]],
      [
        '23d',
        'registers a repository whose name begins with the trusted name',
        { repository: 'acme/widget-evil' },
        [signer, source],
      ],
      [
        '23e',
        'has an owner whose name ends with the trusted name',
        { repository: 'not-acme/widget' },
        [signer, source],
      ],
    ] as const
  ).map(([id, forger, job, stoppedBy]): Forgery => ({
    id,
    forger,
    stoppedBy,
    make: async (scene) => handsOver(scene, await scene.release.attested({ ...releaseJob, ...job })),
  })),
  ...(
    [
      ['28', 'runs an OIDC issuer whose name begins with that of the CI', '.evil.example'],
      ['28b', 'signs under the slug of an enterprise of their own', '/mallory'],
    ] as const
  ).map(([id, forger, suffix]): Forgery => ({
    id,
    forger,
    stoppedBy: ['issuer issuer-mismatch'],
    async make(scene) {
      const { release } = scene
      const authority = createOwnAuthority(release.sigstore)
      const issuer = `${release.sigstore.issuer}${suffix}`
      const statement = release.statement(releaseJob)
      return handsOver(scene, await authority.sign(statement, releaseLeaf(release, { issuer, issuerV1: issuer })), {
        trust: authority.trust,
        genuine: await authority.sign(statement, releaseLeaf(release)),
      })
    },
  })),
  {
    id: '29',
    forger: 'has a certificate whose old and new extensions contradict each other',
    stoppedBy: ['extensions-agree extension-conflict'],
    async make(scene) {
      const { release } = scene
      const authority = createOwnAuthority(release.sigstore)
      const statement = release.statement(releaseJob)
      const githubRepository = 'mallory/widget'
      return handsOver(scene, await authority.sign(statement, releaseLeaf(release, { githubRepository })), {
        trust: authority.trust,
        genuine: await authority.sign(statement, releaseLeaf(release)),
      })
    },
  },
  {
    id: '29b',
    forger: 'has a certificate of two names, one of them the release workflow',
    stoppedBy: [signer],
    async make(scene) {
      const { release } = scene
      const authority = createOwnAuthority(release.sigstore)
      const statement = release.statement(releaseJob)
      const leaf = releaseLeaf(release)
      const names = [...(leaf.names ?? []), 'https://github.com/mallory/widget/.github/workflows/x.yml@refs/heads/main']
      return handsOver(scene, await authority.sign(statement, { ...leaf, names }), {
        trust: authority.trust,
        genuine: await authority.sign(statement, leaf),
      })
    },
  },
]
