/**
 * The whole trip of a job, from its environment to the verdict, as a program of its own: `made-up-trip.ts CHECKOUT COMMIT`. It
 * runs in a copy of the source to which the provider `made-up` was added, and writes what came of it as JSON.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { attest } from '../../src/attest/attest.ts'
import { detectCi } from '../../src/collect/ci/index.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { ClaimInputs } from '../../src/providers/sample.ts'
import { publicIssuers } from '../../src/sigstore/token/verify-token.ts'
import { judge } from '../../src/verify/verify.ts'
import { decidingChecks, failedChecks } from '../../src/model/verdict.ts'
import { issuerAnswers } from '../world/issuer-answers.ts'

/** What came of one job. */
export interface Attempted {
  /** Id of the provider that the job was found to run at. */
  readonly detected: string | undefined
  readonly signer: string
  readonly outcome: string
  /** Codes of the checks that failed. */
  readonly failed: readonly string[]
}

export interface Trip {
  readonly publicIssuers: readonly string[]
  readonly own: Attempted
  readonly foreign: Attempted
  readonly selfHosted: Attempted
}

const [checkout = '', sha = ''] = process.argv.slice(2)
const sigstore = await startLocalSigstore()
const config = join(checkout, '..', 'sigstore.json')
writeFileSync(config, JSON.stringify(sigstore.trustConfig))

/** A job attests, and somebody verifies who asks for its pipeline and its repository, and waives nothing. */
async function attempted(job: ClaimInputs): Promise<Attempted> {
  const token = await sigstore.mintToken(
    providerClaims('made-up', { repository: 'acme/widget', ref: 'refs/tags/v1.1.0', sha, ...job }),
  )
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], MADE_UP_CI: 'yes', MADE_UP_TOKEN: token }
  const { bundle, signer } = await attest({
    subjects: { paths: ['dist/app.tgz'] },
    sigstore: { kind: 'config', path: config },
    world: { cwd: checkout, env, fetch: issuerAnswers(sigstore) },
  })
  const verdict = await judge({
    artifact: join(checkout, 'dist/app.tgz'),
    bundle: Buffer.from(bundle),
    trust: { kind: 'json', json: sigstore.trustedRoot, origin: 'the embedded Sigstore of this trip' },
    question: {
      signer: 'https://made-up.example/acme/widget/pipelines/release@refs/tags/v1.1.0',
      issuer: sigstore.issuer,
      source: 'https://made-up.example/acme/widget',
    },
  })
  const failed = failedChecks(decidingChecks(verdict)).map((it) => `${it.rule} ${it.code}`)
  return { detected: detectCi(env)?.id, signer, outcome: verdict.outcome, failed }
}

const trip: Trip = {
  publicIssuers: publicIssuers.map((it) => it.pattern),
  own: await attempted({}),
  foreign: await attempted({ event: 'suggestion' }),
  selfHosted: await attempted({ runner: 'under-my-desk' }),
}
await sigstore.close()
process.stdout.write(JSON.stringify(trip))
