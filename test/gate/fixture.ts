/** A repository with a policy on its main branch, and a branch from there that is under review. */
import { gate } from '../../src/gate/gate.ts'
import type { GateRequest } from '../../src/gate/gate.ts'
import type { GateReport } from '../../src/model/gate-report.ts'
import type { World } from '../../src/platform/world.ts'
import { scratchRepository } from '../world/scratch-repository.ts'
import type { Scratch } from '../world/scratch-repository.ts'

export const policyText = `apiVersion: countersign/policy/v1
name: acme
ai:
  tools: { allow: [claude-code] }
  models: { deny: ['gpt-*'], unknown: allow }
  claims: { refuse: [dangling, conflicting, contradicting] }
  disclosure: { aboveLines: 20, overrides: { allowed: [{ signer: 'hmac-sha256:${'a'.repeat(64)}' }] } }
  humanReview: [{ paths: ['src/auth/**'] }]
  readers: { mustLook: [trailer] }
identity: { signers: [{ repo: acme/widget, workflow: release.yml }] }
`

export const disclosed = `Add it

Claude-Session: https://claude.ai/code/session_01Parse
Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>
`

export interface Change extends Scratch {
  /** Tip of main. */
  readonly base: string
}

/** On the branch `change`, without a commit of its own. */
export function changeUnderReview(policy = policyText, more: { readonly [path: string]: string } = {}): Change {
  const scratch = scratchRepository()
  const base = scratch.commit('Begin', { 'a.txt': 'a\n', 'countersign.yaml': policy, ...more })
  scratch.git(['checkout', '--quiet', '-b', 'change'])
  return { ...scratch, base }
}

const env = { PATH: process.env['PATH'], HOME: '/nowhere' }

export function gateIn(scratch: Scratch, request: GateRequest = {}, world: Partial<World> = {}): Promise<GateReport> {
  const asked: GateRequest = {
    ...(request.policyFile === undefined ? { policy: 'countersign.yaml' } : {}),
    network: 'none',
    ...request,
  }
  return gate({ ...asked, world: { cwd: scratch.folder, ...world, env: { ...env, ...world.env } } })
}

/** Codes of what refuses it, each once. */
export function codesOf({ policy }: GateReport): readonly string[] {
  return [...new Set(policy.checks.flatMap((it) => (it.outcome === 'fail' ? [`${it.rule} ${it.code}`] : [])))]
}

export const lines = (count: number): string => Array.from({ length: count }, (_, at) => `line ${at}\n`).join('')
