/**
 * A release that satisfies the strictest policy that we hand out, in a place where it is strictest: one change, squashed from a request that two
 * others approved, a fifth of it by a session whose record a person signed and a gateway saw, the rest by her; and the release before. Attested
 * by `attest`, as a job does it.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { attest } from '../../src/attest/attest.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import type { Checkout } from './checkout.ts'
import { ed25519Key, signedBy } from './commit-signature.ts'
import { branch, checkpoint, claudeRow, sessionMetadata, storeOnBranch } from './entire-checkpoint.ts'
import { githubAnswers } from './forge-answers.ts'
import { forgeToken } from './forge-server.ts'
import type { Answers } from './forge-server.ts'
import { gitAiNote, keyOf } from './git-ai-record.ts'
import { issuerAnswers } from './issuer-answers.ts'
import { gateway, receiptKey } from './receipt.ts'
import { receiptOfThen } from './receipted-session.ts'
import { scratchIn } from './scratch-repository.ts'

export interface StarterRelease {
  /** Lines of bundles: of this release, provenance first, and of the one before. */
  readonly bundles: readonly [provenance: string, changes: string]
  readonly previous: string
}

export interface StarterWorld {
  readonly at: Checkout
  readonly sigstore: LocalSigstore
  /** Origin of a server that has this repository, and what becomes of the answers that its API should give. */
  readonly forge: { readonly origin: string; readonly answer: (answers: Answers) => void }
}

const session = '22222222-2222-4333-8444-555555555555'
const checkpointId = 'c0ffee000001'

/** Of the tag `v1.2.0`, after one of `v1.1.0`. */
export async function makeStarterRelease({ at, sigstore, forge }: StarterWorld): Promise<StarterRelease> {
  const scratch = scratchIn(at.folder)
  const beside = (name: string, text: string): string => {
    const path = join(dirname(at.folder), 'trusted', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return path
  }
  const config = beside('config.json', JSON.stringify(sigstore.trustConfig))
  const attested = async (tag: string, more: object): Promise<void> => {
    const sha = scratch.git(['rev-parse', `${tag}^{commit}`])
    const job = { repository: 'acme/widget', workflow: 'release.yml', ref: `refs/tags/${tag}`, sha }
    await attest({
      ...{ subjects: { paths: ['dist/app.tgz'] }, sigstore: { kind: 'config', path: config }, out: {}, ...more },
      world: {
        cwd: at.folder,
        env: at.env(await sigstore.mintToken(providerClaims('github', job))),
        fetch: issuerAnswers(sigstore),
      },
    })
  }
  const line = (path: string): string => readFileSync(join(at.folder, path), 'utf8').trim()

  await attested('v1.1.0', { out: { path: 'dist/before.json' } })
  const previous = line('dist/before.json')

  const ann = ed25519Key()
  scratch.git(['checkout', '--quiet', '--detach'])
  const path = 'src/auth/limit.js'
  const head = scratch.commit(`Limit them\n\nEntire-Checkpoint: ${checkpointId}`, { [path]: 'a\nb\nc\nd\ne\n' })
  const agent = { agent_id: { tool: 'claude', id: session, model: 'claude-opus-4-6' } }
  const lines = { [path]: { s1: '1', h1: '2-5' } }
  scratch.note(head, gitAiNote(head, lines, { sessions: { [keyOf('s1')]: agent } }))
  scratch.git(['update-ref', 'refs/pull/12/head', head])
  scratch.git(['checkout', '--quiet', 'main'])
  scratch.git(['merge', '--quiet', '--squash', head])
  const change = scratch.commit('Limit everything (#12)')
  scratch.git(['tag', 'v1.2.0'])

  storeOnBranch(
    scratch,
    checkpointId,
    checkpoint(checkpointId, [sessionMetadata(checkpointId, session), claudeRow(session)]),
  )
  const tree = scratch.git(['rev-parse', `${branch}^{tree}`])
  const object = signedBy(ann, { tree, parents: [] })
  scratch.git(['update-ref', branch, scratch.git(['hash-object', '-w', '-t', 'commit', '--stdin'], object)])

  forge.answer(reviewed(change, head))
  scratch.git(['remote', 'set-url', 'origin', `${forge.origin}/acme/widget`])
  at.write('dist/app.tgz', 'the next artifact')
  const token = beside('token', `${forgeToken}\n`)
  const api = `${forge.origin}/api/v3`
  await attested('v1.2.0', {
    changes: { path: 'dist/app.tgz.changes.sigstore.json' },
    ...receipted(beside),
    allowedSigners: beside('people', `ann@example.org ${ann.text}\n`),
    identityKeyFile: beside('key', 'k'.repeat(32)),
    ...{ forgeTokenFile: token, forgeApi: api },
    tracker: { system: 'github', api, tokenFile: token },
  })
  return { bundles: [line('dist/app.tgz.sigstore.json'), line('dist/app.tgz.changes.sigstore.json')], previous }
}

/** A gateway saw the session too. */
function receipted(beside: (name: string, text: string) => string): object {
  const key = receiptKey()
  beside('keys.json', JSON.stringify({ keys: [key.jwk] }))
  const issuers = { version: 1, issuers: [{ issuer: gateway, jwks: { file: 'keys.json' }, users: 'email' }] }
  return {
    receipts: [beside('receipts.txt', `${receiptOfThen(key, (it) => (it.session['id'] = session))}\n`)],
    receiptIssuers: beside('issuers.json', JSON.stringify(issuers)),
  }
}

/** A request of Ann's, which Bob and Cy approved as it was merged. */
function reviewed(change: string, head: string): Answers {
  const repo = '/repos/acme/widget'
  const answers = githubAnswers({ change, head })
  const ann = person('ann', 1)
  const request = answers[`${repo}/pulls/12`] as object
  const approval = { state: 'APPROVED', submitted_at: '2026-01-01T12:00:00Z', commit_id: head }
  return {
    ...answers,
    [`${repo}/pulls/12`]: { ...request, commits: 1, user: ann, head: { ref: 'letters', sha: head } },
    [`${repo}/pulls/12/commits`]: [{ sha: head, author: ann, committer: ann }],
    [`${repo}/pulls/12/reviews`]: [
      { ...approval, id: 1, user: person('bob', 2), author_association: 'MEMBER' },
      { ...approval, id: 2, user: person('cy', 3), author_association: 'MEMBER' },
    ],
  }
}

function person(login: string, id: number): object {
  return { login, id, type: 'User', site_admin: false }
}
