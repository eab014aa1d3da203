/** Writes docs/interop.md from what the tests found, after a whole run; shows the servers' logs after a failed one. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { format, resolveConfig } from 'prettier'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { absenceOf, isInstalled } from './cache.ts'
import { clients } from './clients.ts'
import type { Client } from './clients.ts'
import type { Finding } from './findings.ts'
import { folderVariable } from './global-setup.ts'
import { toolNamed, tools } from './versions.ts'

const page = resolve(import.meta.dirname, '../../docs/interop.md')

interface Outcome extends Finding {
  readonly passed: boolean
}

export function interopReporter(): Reporter {
  return {
    async onTestRunEnd(modules, _errors, reason) {
      const tests = modules.flatMap((module: TestModule) => [...module.children.allTests()])
      const failed = tests.filter((it) => it.result().state === 'failed').length
      const passed = tests.filter((it) => it.result().state === 'passed').length
      if (reason === 'failed') showLogs()
      // A part of the suite must not overwrite what the whole of it found.
      const whole = reason !== 'interrupted' && passed + failed === tests.length && coversAll(tests)
      if (whole) await write(pageOf(tests.flatMap(outcomeOf)))
      const rest = whole ? 'docs/interop.md written' : 'docs/interop.md left as it was'
      process.stdout.write(
        `peers: ${reason}: ${passed + failed} of ${tests.length} tests ran, ${failed} failed; ${rest}\n`,
      )
    },
  }
}

function outcomeOf(test: TestCase): Outcome[] {
  const { finding } = test.meta()
  return finding === undefined ? [] : [{ ...finding, passed: test.result().state === 'passed' }]
}

function coversAll(tests: readonly TestCase[]): boolean {
  const found = tests.flatMap(outcomeOf)
  return clients
    .filter(({ tool }) => isInstalled(toolNamed(tool)))
    .every(({ tool, sign }) =>
      (sign === undefined ? (['ours'] as const) : (['ours', 'theirs'] as const)).every((signer) =>
        found.some((it) => it.client === tool && it.signer === signer),
      ),
    )
}

/** Whole or not at all, in the house's format. */
async function write(text: string): Promise<void> {
  mkdirSync(dirname(page), { recursive: true })
  const temporary = `${page}.${process.pid}.tmp`
  writeFileSync(temporary, await format(text, { ...(await resolveConfig(page)), parser: 'markdown' }))
  renameSync(temporary, page)
}

function pageOf(outcomes: readonly Outcome[]): string {
  const rows = clients.flatMap((client) => rowsOf(client, outcomes))
  const servers = tools.filter(({ role }) => role === 'server').map((it) => [it.title, it.version, it.why])
  return `${introduction}
## Clients

${table(['client', 'version', 'direction', 'log', 'result', 'quirk'], rows)}

## Servers

${table(['server', 'version', 'what for'], servers)}
`
}

const introduction = `# Interoperability

Written by \`npm run test:peers\`, which replaces this page after every whole run; do not edit it.

The run brings up a private Sigstore of released servers on loopback. It signs there with the token of a CI job, once
with \`countersign attest\` and once with each client of others. "Ours → theirs" is our bundle verified by the client,
"theirs → ours" the client's bundle verified by \`countersign verify\` with signer, issuer and source asked for. Every
verification has the stack's trusted root and no network. Each bundle is then changed by one byte in eight places
(payload, signature, certificate, log entry, inclusion proof, checkpoint, timestamp, artifact) and must be refused.
"Not read" names a place that a client does not look at, which the run proves too.
`

function rowsOf({ tool: name, quirks, sign }: Client, outcomes: readonly Outcome[]): string[][] {
  const tool = toolNamed(name)
  const names = [tool.title, tool.version]
  if (!isInstalled(tool)) return [[...names, 'ours → theirs', 'any', `not run: ${absenceOf(tool)}`, quirks.verify]]
  const directions = [
    { signer: 'ours', title: 'ours → theirs', quirk: quirks.verify },
    ...(sign === undefined ? [] : [{ signer: 'theirs', title: 'theirs → ours', quirk: quirks.sign ?? '' }]),
  ]
  return directions.flatMap(({ signer, title, quirk }) =>
    [2, 1].map((rekor) => {
      const found = outcomes.filter((it) => it.client === name && it.signer === signer && it.rekor === rekor)
      return [...names, title, `Rekor v${rekor}`, resultOf(found), quirk]
    }),
  )
}

function resultOf(found: readonly Outcome[]): string {
  const of = (outcome: Finding['outcome']): readonly Outcome[] => found.filter((it) => it.outcome === outcome)
  const count = (outcome: Finding['outcome']): string =>
    `${of(outcome).filter(isPassed).length} of ${of(outcome).length}`
  const unread = of('unnoticed').map(({ place }) => place)
  const parts = [
    `${found.every(isPassed) ? 'good' : '**FAILS**'}: ${count('accepted')} accepted`,
    `${count('refused')} changes refused`,
    ...(unread.length === 0 ? [] : [`not read: ${unread.join(', ')}`]),
  ]
  return parts.join('; ')
}

function isPassed({ passed }: Outcome): boolean {
  return passed
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, head.map(() => '---'), ...rows]
  return all.map((row) => `| ${row.map((it) => it.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
}

function showLogs(): void {
  const logs = join(process.env[folderVariable] ?? '', 'logs')
  if (!existsSync(logs)) return
  for (const file of readdirSync(logs)) {
    const end = readFileSync(join(logs, file), 'utf8')
      .split('\n')
      .slice(-10)
      .map((line) => line.slice(0, 300))
      .join('\n')
    process.stderr.write(`\n--- the end of ${file} ---\n${end}\n`)
  }
}
