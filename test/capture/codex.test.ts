/** Codex, by the payloads that its schema declares (openai/codex, codex-rs/hooks/schema/generated): what hooks learn, and what a push makes of it. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { onAgentEvent } from '../../src/capture/agent-hook.ts'
import { newClone } from './clone.ts'
import type { Clone } from './clone.ts'

const id = '0199b6a0-1111-7222-8333-444455556666'
const line = `AI-Session-ID: codex:${id}`
const patch =
  '*** Begin Patch\n*** Add File: parse.js\n+export const parse = (text) => JSON.parse(text)\n*** End Patch\n'
const turn = { turn_id: 't1', model: 'gpt-5.4-codex', permission_mode: 'default' }

let clone: Clone
let transcript: string

beforeEach(async () => {
  clone = newClone()
  transcript = join(clone.home, `.codex/sessions/rollout-2026-03-01T10-00-00-${id}.jsonl`)
  await clone.install({ agents: ['codex'], sign: 'none' })
})

type Payload = { readonly [name: string]: unknown }

/** The commands of its hooks.json for an event, with what Codex says to all of them. */
function tell(event: string, payload: Payload): void {
  const settings = JSON.parse(readFileSync(join(clone.root, '.codex/hooks.json'), 'utf8')) as {
    readonly hooks: { readonly [event: string]: readonly { hooks: { command: string; timeout?: number }[] }[] }
  }
  const input = JSON.stringify({ session_id: id, cwd: clone.root, hook_event_name: event, ...payload })
  const hooks = settings.hooks[event]?.flatMap((it) => it.hooks) ?? []
  expect(hooks).toHaveLength(1)
  for (const { command } of hooks) {
    const options = { cwd: clone.root, env: clone.env, input, encoding: 'utf8', timeout: 60_000 } as const
    // What a hook prints at `Stop` must be JSON, or nothing.
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], options)
    expect([status, stdout, stderr]).toEqual([0, '', ''])
  }
}

const noted = (): Payload =>
  JSON.parse(readFileSync(join(clone.root, `.git/countersign/sessions/codex/${id}.json`), 'utf8')) as Payload

function writeTranscript(): void {
  const rows = [
    { type: 'session_meta', payload: { id, timestamp: '2026-03-01T10:00:00.000Z', cli_version: '0.146.0' } },
    { type: 'turn_context', payload: { model: 'gpt-5.4-codex' } },
    {
      type: 'response_item',
      payload: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Parse it' }] },
    },
    { type: 'response_item', payload: { type: 'custom_tool_call', name: 'apply_patch', call_id: 'c1', input: patch } },
    {
      type: 'response_item',
      payload: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Done' }] },
    },
  ]
  mkdirSync(join(transcript, '..'), { recursive: true })
  const text = rows.map((it, at) => JSON.stringify({ timestamp: `2026-03-01T10:00:0${String(at)}.000Z`, ...it }))
  writeFileSync(transcript, `${text.join('\n')}\n`)
}

describe('a session', () => {
  it('whose start names no transcript is recorded by the push behind its turn', () => {
    tell('SessionStart', { transcript_path: null, source: 'startup', model: turn.model, permission_mode: 'default' })
    expect(noted()).toMatchObject({ tool: 'codex', session: id, model: turn.model })
    clone.write('parse.js', 'export const parse = (text) => JSON.parse(text)\n')
    const tool = { tool_name: 'apply_patch', tool_use_id: 'c1', tool_input: { command: patch }, tool_response: 'ok' }
    tell('PostToolUse', { ...turn, transcript_path: null, ...tool })
    writeTranscript()
    const stop = { stop_hook_active: false, last_assistant_message: 'Done with the token of nobody' }
    tell('Stop', { ...turn, transcript_path: transcript, ...stop })
    expect(noted()).toMatchObject({ transcript, toolVersion: '0.146.0' })
    expect(JSON.stringify(noted())).not.toContain('nobody')

    clone.git(['add', 'parse.js'])
    clone.git(['commit', '-q', '-m', 'Parse'])
    expect(clone.trailers()).toEqual([line, 'AI-Tool-Version: codex/0.146.0 (gpt-5.4-codex)'])
    clone.git(['init', '-q', '--bare', join(clone.home, 'remote.git')])
    clone.git(['remote', 'add', 'origin', join(clone.home, 'remote.git')])
    const pushed = clone.tryGit(['push', '-q', 'origin', 'main'])
    expect(pushed.stderr).toContain(`codex:${id}`)
    expect(clone.git(['for-each-ref', '--format=%(contents:trailers)', 'refs/countersign'])).toContain(line)
  })

  it('that a later end without a transcript does not take it from', () => {
    writeTranscript()
    tell('Stop', { ...turn, transcript_path: transcript, stop_hook_active: false, last_assistant_message: null })
    tell('SessionEnd', { transcript_path: null, reason: 'other' })
    expect(noted()).toMatchObject({ transcript })
  })

  it('is recorded at its end, and at the end of no turn', () => {
    const ended = (event: string): string[] => {
      const asked: string[] = []
      const payload = JSON.stringify({ session_id: id, cwd: clone.root, hook_event_name: event, transcript_path: null })
      onAgentEvent({ tool: 'codex', payload, cwd: clone.root, now: 0, record: (it) => asked.push(it) })
      return asked
    }
    expect([ended('Stop'), ended('SubagentStop'), ended('SessionEnd')]).toEqual([[], [], [clone.root]])
  })

  it('has no more than three seconds for that', () => {
    const told = readFileSync(join(clone.root, '.codex/hooks.json'), 'utf8')
    const { hooks } = JSON.parse(told) as { hooks: { SessionEnd: [{ hooks: [{ timeout: number }] }] } }
    expect(hooks.SessionEnd[0].hooks[0].timeout).toBe(3)
    expect(existsSync(transcript)).toBe(false)
  })
})
