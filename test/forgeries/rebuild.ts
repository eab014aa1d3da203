/** Forgers of rebuilds: what a rebuilder is talked into signing, and who is presented as one. */
import type { LooseQuestion } from '../../src/model/question.ts'
import { rebuildComparisonV1 } from '../../src/predicates/rebuild-comparison.ts'
import type { RebuildComparisonPredicate } from '../../src/predicates/rebuild-comparison.ts'
import { policyText } from '../world/policy-release.ts'
import { rebuildStatement } from '../world/rebuild.ts'
import type { Job } from '../world/release.ts'
import { carefulQuestion, handsOver, underPolicy } from './ask.ts'
import { releaseJob } from './row.ts'
import type { Answer, Forgery, Scene } from './row.ts'

/** The trusted job signs an edited statement. */
function rebuilt(
  id: string,
  forger: string,
  stoppedBy: string,
  edit: (it: RebuildComparisonPredicate) => unknown,
): Forgery {
  return {
    ...{ id, forger, stoppedBy: [stoppedBy] },
    async make(scene) {
      const { release } = scene
      const question: LooseQuestion = { ...carefulQuestion(release), predicateType: [rebuildComparisonV1] }
      const genuine = await release.sign(rebuildStatement(release, releaseJob), releaseJob)
      return handsOver(scene, await release.sign(rebuildStatement(release, releaseJob, edit), releaseJob), {
        question,
        genuine,
      })
    },
  }
}

const rebuilder = 'umbrella/rebuilds/.github/workflows/rebuild.yml@refs/heads/main'
const elsewhere: Job = {
  claims: {
    ...{ repository: 'umbrella/rebuilds', repository_owner: 'umbrella', repository_id: '801' },
    ...{ repository_owner_id: '802', job_workflow_ref: rebuilder, workflow_ref: rebuilder },
  },
}

/** Under a policy that wants one rebuild of somebody else, and would take any of these signers for one. */
function asRebuilder(scene: Scene, job: Job): Answer {
  const { release } = scene
  const { issuer } = release.sigstore
  const signers = [
    { repo: 'acme/widget', workflow: 'release.yml', issuer },
    { repo: 'acme/widget', workflow: 'rebuild.yml', issuer },
    { repo: 'umbrella/rebuilds', workflow: 'rebuild.yml', issuer },
  ]
  return underPolicy(scene, async () => {
    const both = [await release.genuine(releaseJob), await release.sign(rebuildStatement(release, job), job)]
    return {
      bundle: both.map((it) => `${JSON.stringify(it)}\n`).join(''),
      policy: { text: policyText(release, { provenance: { rebuilders: { atLeast: 1, signers } } }) },
    }
  })
}

function presented(id: string, forger: string, job: Job): Forgery {
  return {
    ...{ id, forger, stoppedBy: ['provenance/rebuilders rebuilders-too-few'] },
    make: (scene) => Promise.resolve({ forged: asRebuilder(scene, job), genuine: asRebuilder(scene, elsewhere) }),
  }
}

const otherBytes = 'f'.repeat(64)
const ownWorkflow = 'acme/widget/.github/workflows/rebuild.yml@refs/heads/main'

export const rebuildForgeries: readonly Forgery[] = [
  rebuilt(
    'B1',
    'has a rebuild say "same" of other bytes',
    'rebuild-digest rebuild-contradicts-digest',
    (it) => (it.rebuilt.digest.sha256 = otherBytes),
  ),
  rebuilt('B2', 'presents a rebuild that differs', 'rebuild-outcome rebuild-differs', (it) => {
    it.outcome = 'differs'
    it.rebuilt.digest.sha256 = otherBytes
  }),
  rebuilt(
    'B3',
    'has a rebuild say another job than the one that signs',
    'rebuild-equals-certificate predicate-certificate-mismatch',
    (it) => (it.job.signer = `https://github.com/${rebuilder}`),
  ),
  rebuilt('B4', 'dates a rebuild back', 'rebuild-time rebuild-time-mismatch', (it) => (it.at = '2026-01-01T00:00:00Z')),
  presented('B5', 'presents a rebuild that the original job signed as an independent one', releaseJob),
  presented('B5b', 'presents one of another workflow of the same repository as an independent one', {
    claims: { job_workflow_ref: ownWorkflow, workflow_ref: ownWorkflow },
  }),
  {
    ...{ id: 'B6', forger: 'presents a rebuild as provenance' },
    stoppedBy: ['predicate-type predicate-type-mismatch'],
    async make(scene) {
      const { release } = scene
      return handsOver(scene, await release.sign(rebuildStatement(release, releaseJob), releaseJob))
    },
  },
]
