/**
 * What hooks start, a bundle of its own that loads nothing of the rest: `git <hook> …` and `agent <tool>`. Whatever happens here,
 * it ends with 0: who commits must not be stopped by what only takes notes.
 */
import { readSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterCommit, isReworded, lostSessions } from './after-commit.ts'
import { onAgentEvent } from './agent-hook.ts'
import { placesAbove, placesOf } from './places.ts'
import { finishMessage, prepareMessage } from './prepare-message.ts'

const mostInput = 16 * 1024 * 1024

function warn(message: string): void {
  process.stderr.write(`countersign: warning: ${message}\n`)
}

function gitHook(name: string, args: readonly string[]): void {
  const given = process.env['GIT_DIR'] ?? ''
  const places = given === '' ? placesAbove(process.cwd()) : placesOf(resolve(given))
  if (places === undefined) return
  const now = Date.now()
  const file = resolve(args[0] ?? '')
  switch (name) {
    case 'prepare-commit-msg':
      prepareMessage({ places, env: process.env, file, source: args[1], now, warn })
      break
    case 'commit-msg':
      finishMessage({ places, file })
      break
    case 'post-commit':
      afterCommit(places, now)
      break
    case 'post-rewrite':
      if (args[0] === 'amend' && isReworded(places)) return
      for (const { commit, lines } of lostSessions(standardInput())) {
        // An amend alone adds nothing: it takes over what the message says, and that has lost it.
        const again = 'name it with countersign sessions use TOOL:ID, then git commit --amend adds it again'
        warn(`${commit.slice(0, 12)} does not say any more: ${lines.join(', ')}; ${again}`)
      }
  }
}

function standardInput(): string {
  const chunks: Buffer[] = []
  let total = 0
  const chunk = Buffer.alloc(64 * 1024)
  for (;;) {
    const bytes = readSome(chunk)
    if (bytes === 0) return Buffer.concat(chunks).toString('utf8')
    total += bytes
    if (total > mostInput) return ''
    chunks.push(Buffer.from(chunk.subarray(0, bytes)))
  }
}

function readSome(chunk: Buffer): number {
  try {
    return readSync(0, chunk)
  } catch {
    return 0
  }
}

/** Not waited for: an agent gives its last hook no time. */
function record(worktree: string): void {
  const program = fileURLToPath(new URL('../bin/countersign.js', import.meta.url))
  const options = { cwd: worktree, detached: true, stdio: 'ignore' as const, windowsHide: true }
  const { spawn } = process.getBuiltinModule('node:child_process')
  const child = spawn(process.execPath, [program, 'sessions', 'record', '--pending'], options)
  child.on('error', () => undefined)
  child.unref()
}

function run([kind, name, ...args]: readonly string[]): void {
  if (kind === 'git' && name !== undefined) gitHook(name, args)
  else if (kind === 'agent' && name !== undefined) {
    onAgentEvent({ tool: name, payload: standardInput(), cwd: process.cwd(), now: Date.now(), record })
  }
}

try {
  run(process.argv.slice(2))
} catch (thrown) {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown reason'
  warn(`the hook could not do its work (${code}); nothing is stopped by that`)
}
