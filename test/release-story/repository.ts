/**
 * What a story of a release leaves at its forge: two requests, squashed, by a planner and its two workers; in the second a fix by another
 * session after a review; the records of all four, each brought in by a signed commit.
 */
import { join } from 'node:path'
import { ed25519Key, signedBy } from '../world/commit-signature.ts'
import {
  branch,
  checkpoint,
  claudeRow,
  codexRows,
  sessionMetadata,
  spawnedBy,
  storeOnBranch,
} from '../world/entire-checkpoint.ts'
import { scratchIn } from '../world/scratch-repository.ts'
import type { Scratch } from '../world/scratch-repository.ts'

/** A link of the chain that a story goes without. */
export type GitLink = 'record' | 'signed-record' | 'trailer' | 'ticket' | 'squash-proof'

export const sessionsOfStory = {
  planner: '33333333-2222-4333-8444-000000000001',
  first: '33333333-2222-4333-8444-000000000002',
  second: '33333333-2222-4333-8444-000000000003',
  fix: '33333333-2222-4333-8444-000000000004',
} as const

/** The hour of it, in the order in which it happened; commits are made a minute after another (`scratch-repository.ts`). */
export const times = {
  planner: '2023-11-14T22:14:30.000Z',
  first: '2023-11-14T22:14:40.000Z',
  firstCommitted: '2023-11-14T22:15:20Z',
  firstApproved: '2023-11-14T22:15:40Z',
  firstMerged: '2023-11-14T22:16:20Z',
  second: '2023-11-14T22:16:40.000Z',
  secondCommitted: '2023-11-14T22:17:20Z',
  changesRequested: '2023-11-14T22:17:40Z',
  fix: '2023-11-14T22:18:00.000Z',
  fixCommitted: '2023-11-14T22:18:20Z',
  agentReviewed: '2023-11-14T22:18:40Z',
  secondApproved: '2023-11-14T22:18:50Z',
  secondMerged: '2023-11-14T22:19:20Z',
  checked: '2023-11-14T22:19:50Z',
  deployed: '2023-11-14T22:21:00Z',
  receipted: '2023-11-14T22:30:00Z',
} as const

const ann = ed25519Key()
export const allowedSigners = `ann@example.org namespaces="git" ${ann.text}\n`

/** The two requests, and the commits of each. */
export interface Story {
  /** Of the bare repository; the server of `git-server.ts` knows it. */
  readonly forge: Scratch
  readonly requests: { readonly [name in 12 | 13]: StoryRequest }
}

export interface StoryRequest {
  readonly change: string
  readonly head: string
  /** The commit before the fix; of the request without one its head. */
  readonly seen: string
}

const ids = { first: 'a0ffee000001', second: 'a0ffee000002', fix: 'a0ffee000003' } as const

/** `tracker` is where its configuration says that tickets are. */
export function tellStory(folder: string, tracker: string, without?: GitLink): Story {
  const work = scratchIn(join(folder, 'work'))
  const { planner } = sessionsOfStory
  const ticket = (text: string): string => (without === 'ticket' ? '' : `\n\n${text}`)
  const named = (id: string, ...said: readonly string[]): string =>
    without === 'trailer'
      ? ''
      : ['\n', `Entire-Checkpoint: ${id}`, ...said.map((it) => `AI-Session-ID: ${it}`)].join('\n')
  work.write('.gitignore', 'dist/\n')
  work.git(['init', '--quiet', '--initial-branch=main', '--template='])
  work.commit('Begin', {
    'README.md': 'widget\n',
    '.countersign/config.yaml': `version: 1\ntrackers:\n  - { system: jira, url: ${tracker}, prefixes: [PROJ] }\n`,
  })
  work.git(['tag', 'v1.0.0'])

  work.git(['checkout', '--quiet', '--detach'])
  const head = work.commit(`Parse widgets${named(ids.first, `codex:${planner}`, `codex:${sessionsOfStory.first}`)}`, {
    'parse.js': 'one\ntwo\n',
  })
  const first = squashed(work, 12, head, `Parse widgets (#12)${ticket('Fixes PROJ-7')}`)

  work.git(['checkout', '--quiet', '--detach'])
  const seen = work.commit(`Limit widgets${named(ids.second, `codex:${sessionsOfStory.second}`)}`, {
    'limit.js': 'a\nb\n',
  })
  const fixed = work.commit(`Say what the limit is${named(ids.fix, `claude-code:${sessionsOfStory.fix}`)}`, {
    'limit.js': 'a\nb\nc\n',
  })
  const edit = without === 'squash-proof' ? { 'limit.js': 'a\nb\nc\nand more\n' } : {}
  const second = squashed(work, 13, fixed, `Limit widgets (#13)${ticket('Refs: PROJ-8')}`, edit)
  work.git(['tag', 'v1.1.0'])

  const codex = (session: string, at: string, more: object = {}): readonly [string, string] => [
    sessionMetadata('', session, { agent: 'Codex' }),
    codexRows(session, more).replaceAll(/2026-02-01T10:0[01]:00\.000Z/g, at),
  ]
  const worker = (name: 'first' | 'second'): readonly [string, string] =>
    codex(sessionsOfStory[name], times[name], spawnedBy(planner, 'worker'))
  if (without !== 'record') {
    const isSigned = without !== 'signed-record'
    store(work, ids.first, [codex(planner, times.planner), worker('first')], isSigned)
    store(work, ids.second, [worker('second')], isSigned)
    const fix = claudeRow(sessionsOfStory.fix, { timestamp: times.fix })
    store(work, ids.fix, [[sessionMetadata('', sessionsOfStory.fix), fix]], isSigned)
  }
  const forge = scratchIn(join(folder, 'forge'))
  work.git(['clone', '--quiet', '--mirror', '.', join(forge.folder, '.git')])
  return { forge, requests: { 12: { change: first, head, seen: head }, 13: { change: second, head: fixed, seen } } }
}

function squashed(
  work: Scratch,
  request: number,
  head: string,
  message: string,
  edit: { readonly [path: string]: string } = {},
): string {
  work.git(['update-ref', `refs/pull/${request}/head`, head])
  work.git(['checkout', '--quiet', 'main'])
  work.git(['merge', '--quiet', '--squash', head])
  return work.commit(message, edit)
}

/** A checkpoint, brought in by a commit that Ann signs. */
function store(
  work: Scratch,
  id: string,
  sessions: readonly (readonly [metadata: string, transcript: string])[],
  isSigned: boolean,
): void {
  const before = id === ids.first ? [] : [work.git(['rev-parse', branch])]
  const own = sessions.map(([metadata, transcript]): [string, string] => [
    JSON.stringify({ ...(JSON.parse(metadata) as object), checkpoint_id: id, created_at: times.planner }),
    transcript,
  ])
  storeOnBranch(work, id, checkpoint(id, ...own))
  if (!isSigned) return
  const tree = work.git(['rev-parse', `${branch}^{tree}`])
  const object = signedBy(ann, { tree, parents: before })
  work.git(['update-ref', branch, work.git(['hash-object', '-w', '-t', 'commit', '--stdin'], object)])
}
