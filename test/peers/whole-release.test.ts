/** A release that has everything at once, signed on real servers: the clients of others read both of its statements, that of its deployment, and the summary of its verdict. */
import { mkdtempSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { mintLocalJobToken, signWithLocal } from '../../src/embedded/project.ts'
import { changeProvenanceV1 } from '../../src/predicates/change-provenance.ts'
import { deploymentV1 } from '../../src/predicates/deployment.ts'
import { verificationSummaryV1 } from '../../src/predicates/verification-summary.ts'
import { makeWholeRelease, sessionsOfRelease } from '../world/whole-release.ts'
import { clients } from './clients.ts'
import { gitHubJob, makeProject, provenance } from './project.ts'

const stack = inject('stack')
const project = makeProject(stack)
const signer = gitHubJob.signer.replace('v1.1.0', 'v1.2.0')
const bundles: { readonly [type: string]: string } = {
  [provenance]: 'whole.json',
  [changeProvenanceV1]: 'changes.json',
  [deploymentV1]: 'deployed.json',
  [verificationSummaryV1]: 'vsa.json',
}
const pathOf = (type: string): string => join(project.scratch, bundles[type] ?? '')

beforeAll(async () => {
  const state = mkdtempSync(join(stack.folder, 'agents-'))
  const agents = await mintLocalJobToken(state, 'github', { repository: 'acme/widget', workflow: 'agents.yml' })
  const release = await makeWholeRelease(dirname(project.scratch), {
    issuer: 'https://oidc.countersign.localhost',
    name: 'https://github.com/acme/widget/.github/workflows/agents.yml@refs/heads/main',
    sign: (statement) => signWithLocal(state, Buffer.from(JSON.stringify(statement)), agents),
  })
  const token = await project.token(gitHubJob, { ref: 'refs/tags/v1.2.0', sha: release.commits.dangling })
  const output = ['--out', pathOf(provenance), '--changes', pathOf(changeProvenanceV1)]
  const argv = ['attest', project.artifact, '--sigstore', stack.trustConfig[2], ...output, ...release.options]
  const { code, stderr } = await project.countersign(argv, { token })
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const where = ['--sigstore', stack.trustConfig[2], '--out', pathOf(deploymentV1)]
  const deployed = await project.countersign(['deployed', 'production', project.artifact, ...where], { token })
  expect(deployed).toMatchObject({ code: 0 })
  const asked = ['--signer', signer, '--issuer', stack.issuers.github, '--source', gitHubJob.source ?? '']
  const trust = ['--sigstore', stack.trustConfig[2], '--vsa-sigstore', stack.trustConfig[2]]
  const summary = ['--vsa', pathOf(verificationSummaryV1), '--resource-uri', 'https://downloads.acme.example/app.tgz']
  const verified = await project.countersign(
    ['verify', project.artifact, '--bundle', pathOf(provenance), ...asked, ...trust, ...summary],
    { token },
  )
  expect(verified).toMatchObject({ code: 0 })
})

test('names every session in both', () => {
  for (const type of [provenance, changeProvenanceV1]) {
    const { dsseEnvelope } = JSON.parse(readFileSync(pathOf(type), 'utf8')) as { dsseEnvelope: { payload: string } }
    const payload = Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')
    expect(Object.values(sessionsOfRelease).filter((id) => !payload.includes(id))).toEqual([])
  }
})

describe.each(clients)('$tool', (client) => {
  test.each(Object.keys(bundles))('accepts the statement of type %s', async (predicateType) => {
    const ask = { bundle: pathOf(predicateType), artifact: project.artifact, signer, predicateType }
    const { code, stdout, stderr } = await client.verify(stack, { ...ask, issuer: stack.issuers.github })
    expect({ accepted: code === 0, said: `${stdout}${stderr}` }).toMatchObject({ accepted: true })
    const another = await client.verify(stack, { ...ask, issuer: stack.issuers.github, signer: `${signer}x` })
    expect(another.code).not.toBe(0)
  })
})
