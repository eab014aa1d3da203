/**
 * Keeps what this version signs and answers: `fixtures/compat/<version>/`, which every later version is held against. Run once
 * for a release, before it is tagged; a folder that is there is not made again.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startLocalSigstore } from '../src/embedded/index.ts'
import { version } from '../src/version.ts'
import { verdictOn } from '../test/fixtures/compat-verdict.ts'
import type { AskedOfVector } from '../test/fixtures/vector.ts'
import { artifactBytes, edited, startRelease } from '../test/world/release.ts'
import type { Job, Release } from '../test/world/release.ts'

const target = fileURLToPath(new URL(`../fixtures/compat/${version}/`, import.meta.url))
if (existsSync(target)) throw new Error(`${target} is there: what a version answered is written once`)

interface Case {
  readonly bundle: object | string
  readonly job?: Job
}

const tag: Job = { ref: 'refs/tags/v14.2.0', sha: 'a'.repeat(40) }

async function cases(release: Release): Promise<{ readonly [name: string]: Case }> {
  const of = async (job: Job): Promise<Case> => ({ bundle: await release.attested(job), job })
  const github = await release.attested(tag)
  return {
    github: { bundle: github, job: tag },
    'github-rekor-v2': { bundle: await release.attested(tag, { rekor: 2 }), job: tag },
    gitlab: await of({ ...tag, provider: 'gitlab' }),
    buildkite: await of({ ...tag, provider: 'buildkite', runner: 'buildkite-hosted' }),
    circleci: await of({ ...tag, provider: 'circleci' }),
    'several-in-a-file': {
      bundle: [github, await release.attested({ repository: 'mallory/widget' })]
        .map((it) => JSON.stringify(it))
        .join('\n'),
      job: tag,
    },
    'another-signer': { bundle: await release.attested({ ...tag, repository: 'mallory/widget' }), job: tag },
    'payload-altered': {
      bundle: edited(github, ({ dsseEnvelope: it }) => (it.payload = Buffer.from('{}').toString('base64'))),
      job: tag,
    },
    'cut-off': { bundle: JSON.stringify(github).slice(0, 1_500), job: tag },
  }
}

const folder = mkdtempSync(join(tmpdir(), 'countersign-compat-'))
const sigstore = await startLocalSigstore()
try {
  const release = startRelease(folder, sigstore)
  mkdirSync(target, { recursive: true })
  writeFileSync(join(target, 'app.tgz'), artifactBytes)
  writeFileSync(join(target, 'trusted_root.json'), JSON.stringify(sigstore.trustedRoot))
  for (const [name, { bundle, job }] of Object.entries(await cases(release))) {
    const at = join(target, name)
    mkdirSync(at)
    writeFileSync(join(at, 'bundle.sigstore.json'), typeof bundle === 'string' ? bundle : JSON.stringify(bundle))
    const question: AskedOfVector = {
      ...{ bundle: 'bundle.sigstore.json', artifact: '../app.tgz', trustedRoots: ['../trusted_root.json'] },
      ask: release.question(job),
    }
    const indented = (json: unknown): string => `${JSON.stringify(json, null, 2)}\n`
    writeFileSync(join(at, 'question.json'), indented(question))
    const { verdict } = await verdictOn(at)
    writeFileSync(join(at, 'verdict.json'), indented(verdict))
    console.log(`${name}: ${verdict.outcome}`)
  }
} finally {
  await sigstore.close()
  rmSync(folder, { recursive: true, force: true })
}
