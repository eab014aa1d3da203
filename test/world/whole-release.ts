/**
 * A release that has all of it at once: two squashed pull requests, a rebase, three tools, a planner with two workers, a record signed by a
 * person and seen by a gateway, one by an agent platform and one by the forge alone, a pointer that leads nowhere, and a change of which
 * nobody says anything.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sha256Hex } from '../../src/model/digest.ts'
import { sessionRecordType } from '../../src/model/record-attestation.ts'
import { ed25519Key, signedBy } from './commit-signature.ts'
import type { TestKey } from './commit-signature.ts'
import { branch, checkpoint, claudeRow, sessionMetadata, storeOnBranch } from './entire-checkpoint.ts'
import { gitAiNote } from './git-ai-record.ts'
import { gateway, receiptKey } from './receipt.ts'
import { receiptOfThen } from './receipted-session.ts'
import { scratchIn } from './scratch-repository.ts'
import type { Scratch } from './scratch-repository.ts'
import { agentCommitStatement } from './small-records.ts'

/** Ids of sessions, and the commits of the release by what they are. */
export interface WholeRelease {
  readonly commits: {
    readonly [what in 'squashed' | 'squashedToo' | 'rebased' | 'planned' | 'dangling' | 'byHand']: string
  }
  /** Of the options of `attest`: files beside the checkout. */
  readonly options: readonly string[]
}

export const sessionsOfRelease = {
  codex: '22222222-2222-4333-8444-555555555501',
  byPerson: '22222222-2222-4333-8444-555555555502',
  byPlatform: '22222222-2222-4333-8444-555555555503',
  byForge: '22222222-2222-4333-8444-555555555504',
  planner: 'run-7',
}

/** Signs a statement as the platform of agents, whose name in certificates is `name`. */
export interface Platform {
  readonly issuer: string
  readonly name: string
  sign(statement: object): Promise<string>
}

/** Adds it to a repository that has a release, and the tag `v1.2.0`. */
export async function makeWholeRelease(folder: string, platform: Platform): Promise<WholeRelease> {
  const scratch = scratchIn(folder)
  const [ann, forge] = [ed25519Key(), ed25519Key()]
  const ids = sessionsOfRelease

  // Two requests, squashed by the forge.
  const first = onBranch(scratch, 12, () => {
    scratch.commit('Parse more', { 'src/parse.js': 'one\ntwo\n' })
    return scratch.commit(`Parse all\n\nAI-Session-ID: codex:${ids.codex}\nAI-Tool-Version: codex/0.130.0 (gpt-5.4)`, {
      'src/more.js': 'three\n',
    })
  })
  const squashed = squash(scratch, first, 'Parse everything (#12)')
  const second = onBranch(scratch, 13, () => {
    const commit = scratch.commit(`Limit them\n\nEntire-Checkpoint: ${checkpointId(1)}`, {
      'src/limit.js': 'a\nb\nc\n',
    })
    scratch.note(commit, gitAiNote(commit, { 'src/limit.js': { s1: '1-2', h1: '3' } }))
    return commit
  })
  const squashedToo = squash(scratch, second, 'Limit everything (#13)')

  // One that was rebased onto what came meanwhile.
  const third = onBranch(scratch, 14, () =>
    scratch.commit(`Retry\n\nEntire-Checkpoint: ${checkpointId(2)}\nEntire-Checkpoint: ${checkpointId(3)}`, {
      'src/retry.js': 'r\n',
    }),
  )
  scratch.note(third, gitAiNote(third, { 'src/retry.js': { s2: '1' } }))
  const byHand = scratch.commit('Say it better', { 'README.md': 'Better.\n' })
  scratch.git(['cherry-pick', third])
  const rebased = scratch.git(['rev-parse', 'HEAD'])

  // A planner that started two workers; what its platform signed lies beside the commit.
  const planned = scratch.commit('Plan and do', { 'src/plan.js': 'p\nq\n' })
  const worker = (invocationId: string, role: string): object => ({
    ...{ invocationId, role, start: '2026-11-01T10:01:00Z', end: '2026-11-01T10:05:00Z' },
    agent: { model: { modelId: 'gpt-5.4' }, runtime: { name: 'codex', version: '1.2.0' } },
  })
  const subagents = [worker('w1', 'implementer'), worker('w2', 'reviewer')]
  const run = agentCommitStatement(planned, ids.planner, { subagents })
  scratch.note(planned, await platform.sign(run), 'refs/notes/commits')
  const dangling = scratch.commit(`Rename\n\nEntire-Checkpoint: ${checkpointId(9)}`, { 'src/name.js': 'n\n' })
  scratch.git(['tag', 'v1.2.0'])

  // The records: each brought in by a commit of its own.
  store(scratch, 1, ids.byPerson, ann)
  store(scratch, 2, ids.byPlatform)
  store(scratch, 3, ids.byForge, forge)
  const subject = [{ name: 'full.jsonl', digest: { sha256: sha256Hex(claudeRow(ids.byPlatform)) } }]
  const record = { _type: 'https://in-toto.io/Statement/v1', subject, predicateType: sessionRecordType, predicate: {} }
  const beside = (name: string, text: string): string => {
    const path = join(dirname(folder), 'trusted', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return path
  }
  const key = receiptKey()
  const receipt = receiptOfThen(key, (it) => (it.session['id'] = ids.byPerson))
  beside('keys.json', JSON.stringify({ keys: [key.jwk] }))
  const issuers = { version: 1, issuers: [{ issuer: gateway, jwks: { file: 'keys.json' }, users: 'email' }] }
  return {
    commits: { squashed, squashedToo, rebased, planned, dangling, byHand },
    options: [
      ...['--allowed-signers', beside('people', `ann@example.org ${ann.text}\n`)],
      ...['--forge-signers', beside('forge', `* ${forge.text}\n`)],
      ...['--allowed-identity', `${platform.issuer}=${platform.name}`],
      ...['--receipt', beside('receipts.txt', `${receipt}\n`)],
      ...['--receipt-issuers', beside('issuers.json', JSON.stringify(issuers))],
      ...['--record-attestations', beside('records.jsonl', `${await platform.sign(record)}\n`)],
    ],
  }
}

function checkpointId(number: number): string {
  return `c0ffee00000${number}`
}

/** The head of a request, as forges publish it. */
function onBranch(scratch: Scratch, request: number, make: () => string): string {
  scratch.git(['checkout', '--quiet', '--detach'])
  const head = make()
  scratch.git(['update-ref', `refs/pull/${request}/head`, head])
  scratch.git(['checkout', '--quiet', 'main'])
  return head
}

function squash(scratch: Scratch, head: string, message: string): string {
  scratch.git(['merge', '--quiet', '--squash', head])
  return scratch.commit(message)
}

/** A checkpoint with the record of one session; the commit that brings it in is signed, or not. */
function store(scratch: Scratch, number: number, session: string, key?: TestKey): void {
  const id = checkpointId(number)
  const parents = number === 1 ? [] : [scratch.git(['rev-parse', branch])]
  storeOnBranch(scratch, id, checkpoint(id, [sessionMetadata(id, session), claudeRow(session)]))
  if (key === undefined) return
  const tree = scratch.git(['rev-parse', `${branch}^{tree}`])
  const object = signedBy(key, { tree, parents })
  scratch.git(['update-ref', branch, scratch.git(['hash-object', '-w', '-t', 'commit', '--stdin'], object)])
}
