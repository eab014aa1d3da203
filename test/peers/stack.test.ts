/** The stack itself: what Fulcio writes into our certificates, and its trust over TUF. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { TrustedRoot } from '@sigstore/protobuf-specs'
import { getTrustedRoot } from '@sigstore/tuf'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import type { EditableBundle } from '../world/release.ts'
import { program } from './cache.ts'
import { extensionsOf, fulcioExtensions } from './certificates.ts'
import { run } from './command.ts'
import { gitHubJob, gitLabJob, makeProject } from './project.ts'
import type { Job } from './project.ts'

const stack = inject('stack')
const project = makeProject(stack)
const trustedRoot = TrustedRoot.fromJSON(JSON.parse(readFileSync(stack.trustedRoot, 'utf8')))
const certificateLogIds = trustedRoot.ctlogs.map(({ logId }) => logId?.keyId.toString('hex'))

describe('the certificate that Fulcio issues', () => {
  const certificates = new Map<Job, X509Certificate>()

  beforeAll(async () => {
    for (const job of [gitHubJob, gitLabJob]) certificates.set(job, await certificateOf(job, 2))
  })

  test('names the job by the extensions of the public instance, for a GitHub token', () => {
    const github = 'https://github.com/acme/widget'
    expect(fulcioExtensions(certificates.get(gitHubJob))).toMatchObject({
      1: stack.issuers.github,
      2: 'push',
      3: project.commit,
      4: 'release',
      5: 'acme/widget',
      6: 'refs/tags/v1.1.0',
      8: stack.issuers.github,
      9: gitHubJob.signer,
      10: project.commit,
      11: 'github-hosted',
      12: github,
      13: project.commit,
      14: 'refs/tags/v1.1.0',
      15: expect.stringMatching(/^\d+$/) as string,
      16: 'https://github.com/acme',
      17: expect.stringMatching(/^\d+$/) as string,
      18: gitHubJob.signer,
      19: project.commit,
      20: 'push',
      21: expect.stringMatching(/^https:\/\/github\.com\/acme\/widget\/actions\/runs\/\d+\/attempts\/1$/) as string,
      22: 'private',
      23: 'production',
    })
    expect(certificates.get(gitHubJob)?.subjectAltName).toBe(`URI:${gitHubJob.signer}`)
  })

  test('names the job for a GitLab token, without the extensions that are GitHub’s alone', () => {
    const extensions = fulcioExtensions(certificates.get(gitLabJob))
    expect(extensions).toMatchObject({
      8: stack.issuers.gitlab,
      9: gitLabJob.signer,
      11: 'gitlab-hosted',
      12: 'https://gitlab.com/acme/widget',
      13: project.commit,
      14: 'refs/tags/v1.1.0',
      18: gitLabJob.signer,
      20: 'push',
      22: 'private',
    })
    for (const gitHubAlone of [2, 3, 4, 5, 6]) expect(extensions).not.toHaveProperty(String(gitHubAlone))
  })

  test('holds the promise of a static certificate log, which says where the entry will be', () => {
    const { log, extensions } = promiseIn(certificates.get(gitHubJob))
    expect(log).toBe(certificateLogIds[1])
    // c2sp.org/static-ct-api: type 0 is leaf_index, of five bytes.
    expect(extensions).toMatch(/^000005[0-9a-f]{10}$/)
  })

  test('holds the promise of an RFC 6962 log, which says nothing more, where Rekor v1 is asked for', async () => {
    const { log, extensions } = promiseIn(await certificateOf(gitHubJob, 1))
    expect({ log, extensions }).toEqual({ log: certificateLogIds[0], extensions: '' })
  })
})

describe('the TUF repository', () => {
  test('gives the trusted root to the library that we use', async () => {
    const root = await getTrustedRoot({
      mirrorURL: stack.tuf.url,
      rootPath: stack.tuf.root,
      cachePath: join(project.scratch, 'tuf'),
      forceInit: true,
    })
    expect(TrustedRoot.toJSON(root)).toEqual(TrustedRoot.toJSON(trustedRoot))
  })

  test('gives the trusted root to our own command, which then needs no network', async () => {
    const { url, root } = stack.tuf
    const trust = ['--tuf-mirror', url, '--tuf-root', root]
    const asked = [...project.question(gitHubJob, await project.attest(gitHubJob, 2)), ...trust]
    expect(await project.countersign(asked, { network: 'loopback' })).toMatchObject({ code: 0 })
    expect(await project.countersign([...asked, '--offline'])).toMatchObject({ code: 0 })
  })

  test('gives the trusted root to sigstore-python', async () => {
    const home = join(project.scratch, 'python-home')
    const bundle = await project.attest(gitHubJob, 2)
    const trusted = await run(
      program('sigstore-python'),
      ['--instance', stack.tuf.url, 'trust-instance', stack.tuf.root],
      { home },
    )
    expect(trusted).toMatchObject({ code: 0 })
    const verified = await run(
      program('sigstore-python'),
      [
        ...['--instance', stack.tuf.url, 'verify', 'identity', '--bundle', bundle, '--cert-identity', gitHubJob.signer],
        ...['--cert-oidc-issuer', stack.issuers.github, project.artifact],
      ],
      { home },
    )
    expect(verified).toMatchObject({ code: 0 })
  })

  test('gives the trusted root to cosign', async () => {
    const home = join(project.scratch, 'cosign-home')
    const args = ['initialize', '--mirror', stack.tuf.url, '--root', stack.tuf.root]
    const answer = await run(program('cosign'), args, { home })
    expect(answer).toMatchObject({ code: 0 })
  })
})

async function certificateOf(job: Job, rekor: 1 | 2): Promise<X509Certificate> {
  const bundle = JSON.parse(readFileSync(await project.attest(job, rekor), 'utf8')) as EditableBundle
  return new X509Certificate(Buffer.from(bundle.verificationMaterial.certificate?.rawBytes ?? '', 'base64'))
}

/** Of the only SCT (RFC 6962 §3.3 and §3.2): id of the log, and extensions; both in hex. */
function promiseIn(certificate: X509Certificate | undefined): { log: string; extensions: string } {
  const value = extensionsOf(certificate).get('1.3.6.1.4.1.11129.2.4.2')
  if (value === undefined) throw new Error('the certificate holds no promise')
  const list = AsnConvert.parse(value, OctetString)
  const sct = Buffer.from(list.buffer).subarray(4)
  const extensionsStart = 1 + 32 + 8 + 2
  return {
    log: sct.subarray(1, 33).toString('hex'),
    extensions: sct.subarray(extensionsStart, extensionsStart + sct.readUInt16BE(extensionsStart - 2)).toString('hex'),
  }
}
