/** Forgers of rebuilds: what a rebuilder is talked into signing, and who is presented as one. */
import type { LooseQuestion } from '../../src/model/question.ts'
import type { VerifiedStatement } from '../../src/model/evidence.ts'
import { independentRebuilders } from '../../src/policy/rebuilders.ts'
import { rebuildComparisonV1 } from '../../src/predicates/rebuild-comparison.ts'
import type { RebuildComparisonPredicate } from '../../src/predicates/rebuild-comparison.ts'
import { verify } from '../../src/verify/verify.ts'
import { rebuildStatement } from '../world/rebuild.ts'
import type { Job } from '../world/release.ts'
import { carefulQuestion, handsOver } from './ask.ts'
import { releaseJob } from './row.ts'
import type { Forgery, Scene } from './row.ts'

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

/** Why no rebuilder is left; nothing where one is. */
async function setAside({ release }: Scene, job: Job): Promise<readonly string[]> {
  const statements: VerifiedStatement[] = []
  for (const [payload, by] of [
    [release.statement(releaseJob), releaseJob],
    [rebuildStatement(release, job), job],
  ] as const) {
    const predicateType = ['https://slsa.dev/provenance/v1', rebuildComparisonV1]
    const question = { ...release.question(by), predicateType }
    const bundle = release.write(await release.sign(payload, by))
    statements.push(
      ...(await verify({ artifact: release.artifact, bundle, trust: release.trust, question })).statements,
    )
  }
  const found = independentRebuilders(statements)
  return found.independent.length > 0 ? [] : found.setAside.map(({ reason }) => `independent-rebuilders ${reason}`)
}

function presented(id: string, forger: string, job: Job): Forgery {
  return {
    ...{ id, forger, stoppedBy: ['independent-rebuilders original-builder'] },
    make: (scene) => Promise.resolve({ forged: () => setAside(scene, job), genuine: () => setAside(scene, elsewhere) }),
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
