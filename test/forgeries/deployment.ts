/** Forgers of deployments: what the trusted job is talked into signing, and what is presented for what it is not. */
import type { LooseQuestion } from '../../src/model/question.ts'
import { deploymentV1 } from '../../src/predicates/deployment.ts'
import type { DeploymentPredicate } from '../../src/predicates/deployment.ts'
import { deploymentStatement } from '../world/deployment.ts'
import type { Job } from '../world/release.ts'
import { carefulQuestion, handsOver } from './ask.ts'
import { releaseJob } from './row.ts'
import type { Forgery } from './row.ts'

const job: Job = { ...releaseJob, environment: 'production' }

/** The job that deploys signs an edited statement. */
function deployed(id: string, forger: string, stoppedBy: string, edit: (it: DeploymentPredicate) => unknown): Forgery {
  return {
    ...{ id, forger, stoppedBy: [stoppedBy] },
    async make(scene) {
      const { release } = scene
      const question: LooseQuestion = { ...carefulQuestion(release), predicateType: [deploymentV1] }
      const genuine = await release.sign(deploymentStatement(release, job), job)
      return handsOver(scene, await release.sign(deploymentStatement(release, job, edit), job), {
        question,
        genuine,
      })
    },
  }
}

const mismatch = 'deployment-equals-certificate predicate-certificate-mismatch'

export const deploymentForgeries: readonly Forgery[] = [
  deployed('D1', 'has a deployment say another run than the one that signs', mismatch, (it) => {
    it.job.run = 'https://github.com/acme/widget/actions/runs/1/attempts/1'
  }),
  deployed('D1b', 'has it say another commit', mismatch, (it) => (it.job.commit = 'f'.repeat(40))),
  deployed('D1c', 'has it say another repository', mismatch, (it) => {
    it.job.repository = 'https://github.com/acme/other'
  }),
  deployed('D2', 'has it say another environment than the one that the job runs in', mismatch, (it) => {
    it.environment = 'staging'
  }),
  deployed('D3', 'dates it back', 'deployment-time deployment-time-mismatch', (it) => (it.at = '2026-01-01T00:00:00Z')),
  deployed('D4', 'presents a removal as a deployment', 'deployment-state deployment-removed', (it) => {
    it.state = 'removed'
  }),
  {
    ...{ id: 'D5', forger: 'presents a deployment as provenance' },
    stoppedBy: ['predicate-type predicate-type-mismatch'],
    async make(scene) {
      const { release } = scene
      return handsOver(scene, await release.sign(deploymentStatement(release, job), job))
    },
  },
]
