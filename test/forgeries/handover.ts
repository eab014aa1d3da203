/** Forgers who work on files, on the question, or on the job that attests. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LooseQuestion } from '../../src/model/question.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { countersign } from '../cli/terminal.ts'
import { toldRelease } from '../world/policy-changes.ts'
import { edited } from '../world/release.ts'
import type { EditableBundle } from '../world/release.ts'
import { attests, attestsOnce, carefulQuestion, handsOver } from './ask.ts'
import { reasonsOf } from './both-ways.ts'
import { releaseJob } from './row.ts'
import type { Forgery, Scene } from './row.ts'

const line = (bundle: object): string => JSON.stringify(bundle)

function ofAnotherFile({ release }: Scene): Promise<EditableBundle> {
  const digest = { sha256: 'd'.repeat(64) }
  return release.sign(
    edited(release.statement(releaseJob), (it) => (it.subject[0]!.digest = digest)),
    releaseJob,
  )
}

/** A file in place of the bundle. */
function file(id: string, forger: string, code: string, make: (genuine: EditableBundle) => string): Forgery {
  return {
    id,
    forger,
    stoppedBy: [`undecided ${code}`],
    make: async (scene) => handsOver(scene, make(await scene.release.genuine(releaseJob))),
  }
}

/** `verify` in a folder, with the careful question, of everything in it that is named. */
async function verifies({ release }: Scene, cwd: string, ...argv: readonly string[]): Promise<readonly string[]> {
  const { repo, workflow, issuer } = carefulQuestion(release)
  const root = release.write(JSON.stringify(release.sigstore.trustedRoot))
  const question = ['--repo', repo, '--workflow', workflow, '--issuer', issuer, '--trusted-root', root]
  return reasonsOf(await countersign({ cwd }, 'verify', ...question, '--format', 'json', ...argv))
}

/** Artifacts in a folder of their own, the first of them with its bundle. */
async function shipped({ release }: Scene, folder: string, ...names: readonly string[]): Promise<string> {
  const cwd = join(release.folder, folder)
  mkdirSync(cwd)
  for (const name of names) writeFileSync(join(cwd, name), 'the artifact')
  writeFileSync(join(cwd, `${names[0] ?? ''}.sigstore.json`), line(await release.genuine(releaseJob)))
  return cwd
}

/** A question with a gap, where a script had nothing to put into it: not even the genuine bundle passes. */
function question(id: string, forger: string, stop: string, gap: (whole: LooseQuestion) => LooseQuestion): Forgery {
  return {
    id,
    forger,
    stoppedBy: [stop],
    async make(scene) {
      const genuine = await scene.release.genuine(releaseJob)
      const whole = scene.release.question(releaseJob)
      const { forged } = handsOver(scene, genuine, { question: gap(whole) })
      return { forged, genuine: handsOver(scene, genuine, { question: whole }).forged }
    },
  }
}

/** A link in `dist/`, which others can write, to a file of the runner. */
function linked(id: string, forger: string, named: string): Forgery {
  return {
    id,
    forger,
    stoppedBy: ['refused symlink-escapes-root'],
    async make({ checkout }) {
      const at = checkout()
      const token = await at.token()
      return {
        async forged() {
          at.write('../secret', 'secret')
          symlinkSync('../../secret', join(at.folder, 'dist/leak.tgz'))
          return attests(at, token, named, '--dry-run')
        },
        genuine: () => attestsOnce(checkout, 'dist/*', '--dry-run'),
      }
    },
  }
}

/** A link that they commit, where the job reads or writes: it would publish what the link leads to, or write there. */
function committed(id: string, forger: string, link: string, to: string, ...argv: readonly string[]): Forgery {
  return {
    id,
    forger,
    stoppedBy: ['refused symlink-in-checkout'],
    make({ checkout }) {
      const release = async (isForged: boolean): Promise<readonly string[]> => {
        const at = checkout()
        const token = await at.token()
        at.write('dist/b.tgz', 'another artifact')
        at.write('out/.keep', '')
        at.write('SUMS', `${'a'.repeat(64)}  c.tgz\n`)
        at.write('../secret', `${'b'.repeat(64)}  secret\n`)
        if (isForged) {
          rmSync(join(at.folder, link), { recursive: true, force: true })
          symlinkSync(to, join(at.folder, link))
        }
        return attests(at, token, 'dist/app.tgz', 'dist/b.tgz', '--allow-dirty', ...argv)
      }
      return Promise.resolve({ forged: () => release(true), genuine: () => release(false) })
    },
  }
}

/** What the job of CI is made to attest with. */
function tokenOf(
  id: string,
  forger: string,
  stop: string,
  token: (scene: Scene, commit: string) => Promise<string>,
): Forgery {
  return {
    id,
    forger,
    stoppedBy: [stop],
    async make(scene) {
      const at = scene.checkout()
      const forged = await token(scene, at.commit)
      return {
        forged: () => attests(at, forged, 'dist/app.tgz'),
        genuine: () => attestsOnce(scene.checkout, 'dist/app.tgz'),
      }
    },
  }
}

export const handoverForgeries: readonly Forgery[] = [
  {
    id: '32',
    forger: 'puts their own bundle behind lines of junk',
    stoppedBy: ['signer signer-mismatch', 'source source-mismatch'],
    async make(scene) {
      const own = await scene.release.attested({ ...releaseJob, repository: 'mallory/widget' })
      return handsOver(scene, ['junk', '{"half":', line(own), ''].join('\n'))
    },
  },
  {
    id: '33',
    forger: 'takes the bundle away',
    stoppedBy: ['fail attestation-none'],
    async make(scene) {
      const cwd = await shipped(scene, 'taken', 'app.tgz', 'bare.tgz')
      return {
        forged: () => verifies(scene, cwd, 'bare.tgz'),
        genuine: () => verifies(scene, cwd, 'app.tgz'),
      }
    },
  },
  {
    id: '33b',
    forger: 'takes the bundle of one artifact among several away',
    stoppedBy: ['fail attestation-none'],
    async make(scene) {
      const cwd = await shipped(scene, 'several', 'app.tgz', 'bare.tgz')
      return {
        forged: () => verifies(scene, cwd, 'app.tgz', 'bare.tgz', 'app.tgz'),
        genuine: () => verifies(scene, cwd, 'app.tgz', 'app.tgz'),
      }
    },
  },
  {
    id: '33c',
    forger: 'leaves only bundles of other artifacts in the file',
    stoppedBy: ['subject subject-mismatch'],
    async make(scene) {
      const other = line(await ofAnotherFile(scene))
      return handsOver(scene, `${other}\n${other}\n`)
    },
  },
  file('33d', 'empties the bundle file', 'json-malformed', () => ''),
  file('P9', 'gives an envelope and a message signature, for readers that disagree', 'bundle-malformed', (it) =>
    line({ ...it, messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest: 'AAAA' }, signature: 'AAAA' } }),
  ),
  file('P9b', 'writes a member of the bundle twice', 'json-duplicate-key', (it) =>
    line(it).replace('{', '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",'),
  ),
  file('P9c', 'cuts the bundle off', 'json-malformed', (it) => line(it).slice(0, 1_500)),
  file('P9d', 'takes a media type of the future', 'bundle-version-unsupported', (it) =>
    line({ ...it, mediaType: 'application/vnd.dev.sigstore.bundle.v0.9+json' }),
  ),
  file('P10', 'sends a bundle of 40 MB', 'input-too-large', (it) =>
    line(it).replace('{', `{${' '.repeat(40 * 1024 * 1024)}`),
  ),
  file('P10b', 'nests the bundle without end', 'json-too-deep', () => '{"a":'.repeat(100_000)),
  question(
    'P11',
    'relies on a question without a signer',
    'refused question-incomplete',
    ({ signer: _, ...rest }) => rest,
  ),
  question('P11b', 'relies on an empty signer', 'refused usage', (it) => ({
    ...it,
    signer: '',
  })),
  question('P11c', 'relies on a pattern that fits everybody', 'refused pattern-invalid', (it) => ({
    ...it,
    signer: '**',
  })),
  ...(
    [
      ['P11h', 'any signer at any host', { signer: 'https://**' }],
      ['P11i', 'any owner of the forge', { signer: 'https://github.com/*/widget/**' }],
      ['P11j', 'any issuer', { issuer: 'https://**' }],
      ['P11k', 'any host that begins like the issuer', { issuer: 'https://oidc.countersign.localhost**' }],
      ['P11l', 'any source', { source: 'https://**' }],
      ['P11m', 'any repository of the forge', { source: 'https://github.com/**' }],
      ['P11n', 'any e-mail address', { signer: 'release@*' }],
      ['P11o', 'any builder', { builderId: 'https://*/acme/**' }],
      ['P11p', 'any project of CircleCI', { signer: 'https://circleci.com/api/**' }],
    ] as const
  ).map(([id, whom, gap]) =>
    question(id, `relies on a pattern that fits ${whom}`, 'refused pattern-invalid', (it) => ({ ...it, ...gap })),
  ),
  question('P11d', 'relies on a regular expression', 'refused pattern-invalid', (it) => ({ ...it, signer: '.*' })),
  question('P11e', 'relies on an empty commit', 'refused usage', (it) => ({ ...it, commit: '' })),
  question('P11f', 'relies on an empty tag', 'refused usage', (it) => ({
    ...it,
    sourceTag: '',
  })),
  question('P11g', 'relies on an empty id of the repository', 'refused usage', (it) => ({
    ...it,
    sourceId: '',
  })),
  linked('P12', 'links a file of the runner into the folder that is attested', 'dist/leak.tgz'),
  linked('P12b', 'does so where a glob finds it', 'dist/*'),
  committed(
    'P12c',
    'commits a link to the environment of the job in place of the file that bundles are added to',
    'dist/widget.intoto.jsonl',
    '/proc/self/environ',
  ),
  committed('P12d', 'does so under the name of --out', 'all.jsonl', '../secret', '--out', 'all.jsonl'),
  committed('P12e', 'commits a link in place of the folder of --out', 'out', '..', '--out', 'out/all.jsonl'),
  committed('P12f', 'commits a link in place of the checksum file', 'SUMS', '../secret', '--checksums', 'SUMS'),
  {
    id: 'P12g',
    forger: 'commits a file that is not one of bundles under the name of the output',
    stoppedBy: ['refused output-not-bundles'],
    make({ checkout }) {
      const release = async (text: string): Promise<readonly string[]> => {
        const at = checkout()
        at.write('all.jsonl', text)
        return attests(at, await at.token(), 'dist/app.tgz', '--allow-dirty', '--out', 'all.jsonl')
      }
      return Promise.resolve({ forged: () => release('{"bundle":false}\n'), genuine: () => release('') })
    },
  },
  tokenOf(
    'A1',
    'starts the job with a token that they signed themselves',
    'refused token-signature-invalid',
    ({ foreign }, sha) => foreign.mintToken(providerClaims('github', { ref: 'refs/tags/v1.1.0', sha })),
  ),
  tokenOf('A1b', 'starts it with a token that nobody signed', 'refused token-unsigned', async ({ foreign }, sha) => {
    const token = await foreign.mintToken(providerClaims('github', { ref: 'refs/tags/v1.1.0', sha }))
    const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
    return `${header}.${token.split('.')[1] ?? ''}.`
  }),
  tokenOf('A2', 'checks out other code than the job was started for', 'refused commit-not-head', ({ checkout }) =>
    checkout().token({ sha: 'e'.repeat(40) }),
  ),
  {
    id: 'P17e',
    forger: 'puts the statement of changes of another run in the place of the one that the provenance names',
    stoppedBy: ['fail attestations-contradict'],
    askedBy: '--strict',
    async make(scene) {
      // Two runs of one job that say another range: each has its own statement of changes, which its provenance names.
      const [provenance, changes] = await toldRelease(scene.release, { job: releaseJob, range: {} })
      const [, others] = await toldRelease(scene.release, { job: releaseJob, range: {}, first: { title: 'Other' } })
      const both = (...bundles: readonly object[]): string => bundles.map((it) => `${line(it)}\n`).join('')
      return handsOver(scene, both(provenance, others), { asked: { strict: true }, genuine: both(provenance, changes) })
    },
  },
  {
    id: 'A3',
    forger: 'changes a file between checkout and build',
    stoppedBy: ['refused worktree-dirty'],
    async make({ checkout }) {
      const at = checkout()
      const token = await at.token()
      return {
        forged() {
          at.write('parse.js', 'export const parse = eval\n')
          return attests(at, token, 'dist/app.tgz', '--dry-run')
        },
        genuine: () => attestsOnce(checkout, 'dist/app.tgz', '--dry-run'),
      }
    },
  },
]
