/** Forgers who change what was said, say something else, or present a genuine statement for what it is not about. */
import { createHash } from 'node:crypto'
import type { LooseQuestion } from '../../src/model/question.ts'
import { createOwnAuthority } from '../world/own-authority.ts'
import { artifactBytes, artifactDigest, edited } from '../world/release.ts'
import type { EditableBundle, EditableStatement, Job, Release } from '../world/release.ts'
import { carefulQuestion, handsOver } from './ask.ts'
import { releaseLeaf } from './identity.ts'
import { releaseJob } from './row.ts'
import type { Forgery } from './row.ts'

const subject = 'subject subject-mismatch'
const malformed = 'statement statement-malformed'

/** The release before, of the very same bytes. */
const older: Job = { ref: 'refs/tags/v13.0.30', sha: 'b'.repeat(40), runId: '7100000001' }

const vulnerable = 'the artifact with a hole'

function digestOf(text: string, algorithm = 'sha256'): string {
  return createHash(algorithm).update(text).digest('hex')
}

/** Payload of a genuine bundle with one text in place of another, under the signature that it had. */
function rewritten(bundle: EditableBundle, from: string, to: string): EditableBundle {
  return edited(bundle, ({ dsseEnvelope }) => {
    const text = Buffer.from(dsseEnvelope.payload, 'base64').toString()
    if (!text.includes(from)) throw new Error(`the payload has no ${from}`)
    dsseEnvelope.payload = Buffer.from(text.replace(from, to)).toString('base64')
  })
}

/** What the release workflow itself signs, where a forger could talk it into that. */
function signedByRelease(release: Release, edit: (statement: EditableStatement) => void): Promise<EditableBundle> {
  return release.sign(edited(release.statement(releaseJob), edit), releaseJob)
}

/** What the release workflow of a branch at the same commit signs, edited to say nothing of AI. */
export function withoutSessions(release: Release, asType?: string): Promise<EditableBundle> {
  const job: Job = { ...releaseJob, ref: 'refs/heads/topic' }
  const silent = edited(release.statement(job), ({ predicate }) => {
    predicate.buildDefinition.resolvedDependencies!.splice(1)
    if (asType === undefined) return
    predicate.buildDefinition.buildType = asType
    predicate.runDetails.builder.id = 'https://github.com/actions/runner/github-hosted'
  })
  return release.sign(silent, job)
}

/** A file with both bundles. */
export function beside(...bundles: readonly EditableBundle[]): string {
  return bundles.map((it) => JSON.stringify(it)).join('\n')
}

/** Presents the genuine attestation of an older release of the same bytes. */
function replay(id: string, forger: string, code: string, askedBy: string, asked: LooseQuestion): Forgery {
  return {
    id,
    forger,
    stoppedBy: [code],
    askedBy,
    make: async (scene) => handsOver(scene, await scene.release.attested(older), { asked }),
  }
}

/** The release workflow signs a subject of this digest. */
function weak(id: string, forger: string, digest: Record<string, string>): Forgery {
  return {
    id,
    forger,
    stoppedBy: [subject],
    async make(scene) {
      const { release } = scene
      return handsOver(scene, await signedByRelease(release, (it) => (it.subject[0]!.digest = digest)))
    },
  }
}

/** The release workflow signs these bytes. */
function payload(id: string, forger: string, stop: string, edit: (text: string) => string): Forgery {
  return {
    id,
    forger,
    stoppedBy: [stop],
    async make(scene) {
      const { release } = scene
      const text = edit(JSON.stringify(release.statement(releaseJob)))
      return handsOver(scene, await release.sign(text, releaseJob))
    },
  }
}

export const statementForgeries: readonly Forgery[] = [
  {
    id: '10',
    forger: 'alters the artifact after it was attested',
    stoppedBy: [subject],
    async make(scene) {
      const { release } = scene
      const artifact = release.write(`${artifactBytes}.`, 'altered.tgz')
      const genuineArtifact = release.artifact
      return handsOver(scene, await release.genuine(releaseJob), { artifact, genuineArtifact })
    },
  },
  {
    id: '11',
    forger: 'puts the bundle of another artifact beside it',
    stoppedBy: [subject],
    async make(scene) {
      const digest = { sha256: digestOf('another artifact') }
      return handsOver(scene, await signedByRelease(scene.release, (it) => (it.subject[0]!.digest = digest)))
    },
  },
  replay(
    '12',
    'presents the genuine attestation of an older release of the same bytes',
    'source-tag source-tag-mismatch',
    '--source-tag',
    { sourceTag: 'v14.2.0' },
  ),
  replay('12b', 'presents it where the commit was asked for', 'commit commit-mismatch', '--commit', {
    commit: 'a'.repeat(40),
  }),
  replay('12c', 'presents it where the ref was asked for', 'ref ref-mismatch', '--ref', { ref: 'refs/tags/v14.2.0' }),
  {
    id: '13',
    forger: 'hands out an old, vulnerable release with its own genuine attestation',
    stoppedBy: ['source-tag source-tag-mismatch'],
    askedBy: '--source-tag',
    async make(scene) {
      const { release } = scene
      const statement = edited(release.statement(older), (it) => {
        it.subject[0]!.digest = { sha256: digestOf(vulnerable) }
      })
      return handsOver(scene, await release.sign(statement, older), {
        artifact: release.write(vulnerable, 'old.tgz'),
        asked: { sourceTag: 'v14' },
        genuineArtifact: release.artifact,
      })
    },
  },
  {
    id: '13b',
    forger: 'has a release whose number begins like the one that was asked for',
    stoppedBy: ['source-tag source-tag-mismatch'],
    askedBy: '--source-tag',
    make: async (scene) =>
      handsOver(scene, await scene.release.attested({ ...releaseJob, ref: 'refs/tags/v14.20.0' }), {
        asked: { sourceTag: 'v14.2' },
      }),
  },
  {
    id: '14',
    forger: 'presents another genuine statement about the artifact, a bill of materials, as provenance',
    stoppedBy: ['predicate-type predicate-type-mismatch'],
    make: async (scene) =>
      handsOver(
        scene,
        await signedByRelease(scene.release, (it) => (it.predicateType = 'https://spdx.dev/Document/v2.3')),
      ),
  },
  {
    id: '14b',
    forger: 'writes "provenance" around a bundle that says something else inside',
    stoppedBy: ['predicate-type predicate-type-mismatch'],
    async make(scene) {
      const bundle = await signedByRelease(scene.release, (it) => (it.predicateType = 'https://spdx.dev/Document/v2.3'))
      return handsOver(scene, { attestations: [{ predicateType: 'https://slsa.dev/provenance/v1', bundle }] })
    },
  },
  {
    id: '14c',
    forger: 'calls provenance v1 by the name of v0.2, whose fields lie elsewhere',
    stoppedBy: ['statement predicate-malformed'],
    make: async (scene) =>
      handsOver(
        scene,
        await signedByRelease(scene.release, (it) => (it.predicateType = 'https://slsa.dev/provenance/v0.2')),
      ),
  },
  {
    id: '15',
    forger: 'has other bytes signed as another payload type, and presents them as a statement',
    stoppedBy: ['signature signature-invalid'],
    async make(scene) {
      const { release } = scene
      const authority = createOwnAuthority(release.sigstore)
      const statement = release.statement(releaseJob)
      const other = await authority.sign(statement, releaseLeaf(release), 'text/plain')
      return handsOver(
        scene,
        edited(other, (it) => (it.dsseEnvelope.payloadType = 'application/vnd.in-toto+json')),
        { trust: authority.trust, genuine: await authority.sign(statement, releaseLeaf(release)) },
      )
    },
  },
  {
    id: '15b',
    forger: 'presents them as they are',
    stoppedBy: ['payload-type payload-type-mismatch'],
    async make(scene) {
      const { release } = scene
      const authority = createOwnAuthority(release.sigstore)
      const statement = release.statement(releaseJob)
      return handsOver(scene, await authority.sign(statement, releaseLeaf(release), 'text/plain'), {
        trust: authority.trust,
        genuine: await authority.sign(statement, releaseLeaf(release)),
      })
    },
  },
  payload('16', 'takes a statement of a `_type` that nobody knows', malformed, (it) =>
    it.replace('in-toto.io/Statement/v1', 'in-toto.io/Statement/v9'),
  ),
  weak('17', 'makes a file with the same MD5, which is all that was attested', { md5: digestOf(artifactBytes, 'md5') }),
  weak('17b', 'makes a file with the same SHA-1', { sha1: digestOf(artifactBytes, 'sha1') }),
  weak('17c', 'has only a git commit attested', { gitCommit: 'a'.repeat(40) }),
  weak('17d', 'makes a file whose SHA-256 has the same prefix', { sha256: artifactDigest.slice(0, 16) }),
  weak('17e', 'writes the digest in capitals', { sha256: artifactDigest.toUpperCase() }),
  weak('17f', 'has two digests attested, one of this file and one of another', {
    sha256: artifactDigest,
    sha512: digestOf('another artifact', 'sha512'),
  }),
  {
    id: '18',
    forger: 'gives their file the name of a subject',
    stoppedBy: [subject],
    async make(scene) {
      const { release } = scene
      const subjects = [
        { name: 'evil.tgz', digest: { sha256: artifactDigest } },
        { name: 'app.tgz', digest: { sha256: digestOf('another artifact') } },
      ]
      return handsOver(scene, await signedByRelease(release, (it) => (it.subject = subjects)), {
        artifact: release.write('evil', 'evil.tgz'),
        genuineArtifact: release.artifact,
      })
    },
  },
  {
    id: '24',
    forger: 'moves the tag to another commit and has it built anew',
    stoppedBy: ['commit commit-mismatch'],
    askedBy: '--commit',
    make: async (scene) =>
      handsOver(scene, await scene.release.attested({ ...releaseJob, sha: 'c'.repeat(40) }), {
        asked: { commit: 'a'.repeat(40) },
      }),
  },
  ...(
    [
      ['31', 'raises the level of an AI session in the payload', '"level":"claimed"', '"level":"vouched"'],
      ['31b', 'names another model there', 'claude-opus-4-6', 'another-model-1'],
      ['31c', 'takes the commits without a claim out of the count', '"unknown":1', '"unknown":0'],
    ] as const
  ).map(([id, forger, from, to]): Forgery => ({
    id,
    forger,
    stoppedBy: ['signature signature-invalid'],
    async make(scene) {
      return handsOver(scene, rewritten(await scene.release.genuine(releaseJob), from, to))
    },
  })),
  {
    id: '31d',
    forger: 'adds an AI session to the statement and signs it anew themselves',
    stoppedBy: ['signer signer-mismatch', 'provenance-equals-certificate predicate-certificate-mismatch'],
    async make(scene) {
      const { release } = scene
      const statement = edited(release.statement(releaseJob), ({ predicate }) => {
        const dependencies = predicate.buildDefinition.resolvedDependencies ?? []
        predicate.buildDefinition.resolvedDependencies = [...dependencies, { ...dependencies[1], uri: 'urn:x' }]
      })
      return handsOver(scene, await release.sign(statement, { ...releaseJob, workflow: 'helper.yml' }))
    },
  },
  {
    id: '31e',
    forger: 'names another commit as the source of the build',
    stoppedBy: ['provenance-equals-certificate predicate-certificate-mismatch'],
    make: async (scene) =>
      handsOver(
        scene,
        await signedByRelease(scene.release, ({ predicate }) => {
          predicate.buildDefinition.resolvedDependencies![0]!.digest = { gitCommit: 'c'.repeat(40) }
        }),
      ),
  },
  {
    id: '37',
    forger: 'presents the summary of a verification that failed',
    stoppedBy: ['verification-result verification-failed'],
    async make(scene) {
      const { release } = scene
      const predicateType = 'https://slsa.dev/verification_summary/v1'
      const summary = (verificationResult: string): Promise<EditableBundle> => {
        const predicate = {
          verifier: { id: 'https://verifier.acme.example' },
          resourceUri: 'pkg:npm/widget@14.2.0',
          verificationResult,
          verifiedLevels: ['SLSA_BUILD_LEVEL_3'],
        }
        return release.sign({ ...release.statement(releaseJob), predicateType, predicate }, releaseJob)
      }
      const question = { ...carefulQuestion(release), predicateType: [predicateType] }
      return handsOver(scene, await summary('FAILED'), { question, genuine: await summary('PASSED') })
    },
  },
  {
    id: 'P17',
    forger:
      'attests the same commit from a branch of theirs, without its AI sessions, and adds that to the genuine bundle',
    stoppedBy: ['fail attestations-contradict'],
    askedBy: '--strict',
    async make(scene) {
      const { release } = scene
      const genuine = await release.genuine(releaseJob)
      return handsOver(scene, beside(genuine, await withoutSessions(release)), { asked: { strict: true }, genuine })
    },
  },
  {
    id: 'P17c',
    forger: 'does so under another build type that is known',
    stoppedBy: ['fail attestations-contradict'],
    askedBy: '--strict',
    async make(scene) {
      const { release } = scene
      const genuine = await release.genuine(releaseJob)
      const type = 'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1'
      const both = beside(genuine, await withoutSessions(release, type))
      return handsOver(scene, both, { asked: { strict: true }, genuine })
    },
  },
  payload('P1', 'has a statement signed whose subject is null', malformed, (it) =>
    it.replace(/"subject":\[.*?\}\]/, '"subject":null'),
  ),
  payload('P1b', 'has one signed with null among its subjects', malformed, (it) =>
    it.replace('"subject":[', '"subject":[null,'),
  ),
  payload('P1c', 'has one signed with a subject of no digest', malformed, (it) =>
    it.replace(/"digest":\{"sha256":"[0-9a-f]+"\}/, '"digest":{}'),
  ),
  payload('P2', 'has bytes signed that are not JSON', malformed, () => '\u0000\u0001'),
  payload('P2b', 'has a blank signed', malformed, () => ' '),
  payload('P2c', 'has null signed', malformed, () => 'null'),
  payload('P2d', 'writes a member twice, for parsers that disagree', malformed, (it) =>
    it.replace('{', '{"predicateType":"https://slsa.dev/provenance/v1",'),
  ),
  payload('P2e', 'writes `__proto__` into the statement', malformed, (it) =>
    it.replace('{', '{"__proto__":{"subject":[]},'),
  ),
  payload('P2f', 'nests lists without end', malformed, () => '['.repeat(50_000)),
  {
    id: 'P3',
    forger: 'has more subjects signed than any client accepts',
    stoppedBy: [malformed],
    make: async (scene) =>
      handsOver(
        scene,
        await signedByRelease(scene.release, (it) => {
          it.subject = Array.from({ length: 1_025 }, () => it.subject[0]!)
        }),
      ),
  },
]
