/** `countersign local`: the embedded Sigstore as a server on loopback, for trying things and for tests of other clients. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { startLocalSigstore } from '../../embedded.ts'
import { CountersignError } from '../../index.ts'
import { unsteeringJson } from '../../report.ts'
import type { CommandContext } from '../command.ts'
import { say } from '../terminal.ts'

interface LocalFlags {
  readonly port?: string
  readonly localState?: string
}

const defaultPort = 8600

export function localCommand(program: Command, { terminal, done }: CommandContext): void {
  program
    .command('local')
    .description('run the embedded Sigstore on loopback and print its trust configuration')
    .option('--port <NUMBER>', `port on 127.0.0.1 (default ${defaultPort})`)
    .option('--local-state <DIR>', 'keep keys and logs in this folder (default: in memory only)')
    .action(async (flags: LocalFlags) => {
      const port = portOf(flags.port)
      const local = await startLocalSigstore({
        port,
        issuer: `http://localhost:${port}`,
        openTokenEndpoint: true,
        now: terminal.now,
        ...(flags.localState === undefined ? {} : { state: resolve(terminal.cwd, flags.localState) }),
      })
      try {
        terminal.stdout.write(`${unsteeringJson(JSON.stringify(local.trustConfig))}\n`)
        say(terminal, `embedded Sigstore at ${local.url}, tokens at ${local.url}/token/github`)
        say(terminal, 'note: anybody on this machine gets any identity here: it proves nothing to others')
        say(terminal, 'stop with Ctrl-C')
        await terminal.interrupted()
      } finally {
        await local.close()
      }
      done(0)
    })
}

function portOf(text: string | undefined): number {
  const port = text === undefined ? defaultPort : Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new CountersignError('usage', '--port takes a number from 1 to 65535', { option: 'port' })
  }
  return port
}
