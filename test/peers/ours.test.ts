/** What we sign on real servers, read by the clients of others. */
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { changes } from './changes.ts'
import { clients } from './clients.ts'
import type { Client, Verification } from './clients.ts'
import { finding } from './findings.ts'
import { gitHubJob, gitLabJob, makeProject, provenance } from './project.ts'
import type { Job } from './project.ts'
import { codeOfChange, failedCodes } from './verdicts.ts'

const stack = inject('stack')
const first = inject('first')
const project = makeProject(stack)

const logs = [2, 1] as const

function ask(job: Job, bundle: string, artifact = project.artifact): Verification {
  const { signer } = job
  return { bundle, artifact, signer, issuer: stack.issuers[job.issuer], predicateType: provenance }
}

async function expectAnswer(client: Client, question: Verification, accepted: boolean): Promise<void> {
  const { code, stdout, stderr } = await client.verify(stack, question)
  // A crash is no refusal.
  expect(`${stdout}${stderr}`).not.toMatch(/^(panic:|Traceback|fatal error:)/m)
  expect({ accepted: code === 0, said: `${stdout}${stderr}` }).toMatchObject({ accepted })
}

describe.each(logs)('signed by us under a GitHub token, logged in Rekor v%i', (rekor) => {
  let bundle: string

  beforeAll(async () => {
    bundle = await project.attest(gitHubJob, rekor)
  })

  test('passes our own strictest question', async () => {
    const { code, stdout } = await project.verify(gitHubJob, bundle)
    expect({ code, failed: failedCodes(stdout) }).toEqual({ code: 0, failed: [] })
  })

  test.each(changes)('is refused by us with another $what', async ({ what, make }) => {
    const changed = make({ bundle, artifact: project.artifact })
    const { code, stdout } = await project.verify(gitHubJob, changed.bundle, changed.artifact)
    expect({ code, failed: failedCodes(stdout) }).toEqual({ code: 1, failed: [codeOfChange[what]] })
  })

  describe.each(clients)('$tool', (client) => {
    const row = { client: client.tool, signer: 'ours', rekor } as const

    finding('accepts it', { ...row, outcome: 'accepted' }, () => expectAnswer(client, ask(gitHubJob, bundle), true))

    finding('accepts the first entry of the log', { ...row, outcome: 'accepted' }, () =>
      expectAnswer(client, ask(gitHubJob, first.bundles[rekor], first.artifact), true),
    )

    const gitLab = async (accepted: boolean): Promise<void> =>
      expectAnswer(client, ask(gitLabJob, await project.attest(gitLabJob, rekor)), accepted)
    if (client.issuers.includes('gitlab')) {
      finding('accepts that of a GitLab job', { ...row, outcome: 'accepted' }, () => gitLab(true))
    } else {
      test('refuses that of a GitLab job', () => gitLab(false))
    }

    test('refuses it as that of another signer', () =>
      expectAnswer(client, { ...ask(gitHubJob, bundle), signer: `${gitHubJob.signer}x` }, false))

    for (const { what, make } of changes) {
      const unnoticed = client.unnoticed[rekor].includes(what)
      const outcome = unnoticed ? 'unnoticed' : 'refused'
      finding(
        `${unnoticed ? 'does not read' : 'refuses another'} ${what}`,
        { ...row, outcome, place: what },
        async () => {
          const changed = make({ bundle, artifact: project.artifact })
          await expectAnswer(client, ask(gitHubJob, changed.bundle, changed.artifact), unnoticed)
        },
      )
    }
  })
})
