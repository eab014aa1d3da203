/** What the clients of others sign on real servers, read by us: the very statement that we would have signed. */
import { join } from 'node:path'
import { beforeAll, describe, expect, inject } from 'vitest'
import { changes } from './changes.ts'
import { clients } from './clients.ts'
import { finding } from './findings.ts'
import { gitHubJob, makeProject } from './project.ts'
import { codeOfChange, failedCodes } from './verdicts.ts'

const stack = inject('stack')
const project = makeProject(stack)
const signers = clients.flatMap(({ tool, sign }) => (sign === undefined ? [] : [{ tool, sign }]))

describe.each([2, 1] as const)('logged in Rekor v%i', (rekor) => {
  describe.each(signers)('signed by $tool', ({ tool, sign }) => {
    const row = { client: tool, signer: 'theirs', rekor } as const
    const bundle = join(project.scratch, `${tool}-${rekor}.json`)

    beforeAll(async () => {
      const { artifact } = project
      const statement = await project.statement(gitHubJob)
      const token = await project.token(gitHubJob)
      const answer = await sign(stack, { statement, artifact, token, rekor, bundle })
      expect(answer, `${tool} must sign`).toMatchObject({ code: 0 })
    })

    finding('passes our strictest question', { ...row, outcome: 'accepted' }, async () => {
      const { code, stdout } = await project.verify(gitHubJob, bundle)
      expect({ code, failed: failedCodes(stdout) }).toEqual({ code: 0, failed: [] })
    })

    for (const { what, make } of changes) {
      finding(`is refused with another ${what}`, { ...row, outcome: 'refused', place: what }, async () => {
        const changed = make({ bundle, artifact: project.artifact })
        const { code, stdout } = await project.verify(gitHubJob, changed.bundle, changed.artifact)
        expect({ code, failed: failedCodes(stdout) }).toEqual({ code: 1, failed: [codeOfChange[what]] })
      })
    }
  })
})
