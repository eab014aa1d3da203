/** `countersign receipt serve`: a vendor's session token for a receipt, over HTTP. */
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import { unsteeringJson } from '../../report.ts'
import { startReceiptService } from '../../vouch.ts'
import type { ReceiptServiceOptions } from '../../vouch.ts'
import { worldOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { signerOf, withSignerOptions } from './receipt-signer-flags.ts'
import type { SignerFlags } from './receipt-signer-flags.ts'

interface ServeFlags extends SignerFlags {
  readonly config: string
  readonly listen?: string
}

const defaultAddress = '127.0.0.1:8610'

/** Adds it below `receipt`. */
export function receiptServeCommand(receipt: Command, terminal: Terminal, done: (code: 0) => void): void {
  const serving = receipt
    .command('serve')
    .description("run a service that gives receipts for vendors' session tokens, until Ctrl-C")
    .requiredOption('--config <FILE>', 'whose tokens are taken, and for which repositories')
    .option(
      '--listen <ADDRESS>',
      `where it listens, HOST:PORT; TLS is a reverse proxy's job (default ${defaultAddress})`,
    )
    .optionsGroup('Who signs:')
  withSignerOptions(serving).action(async (flags: ServeFlags) => {
    const service = await startReceiptService({
      ...{ serviceConfig: flags.config, listen: addressOf(flags.listen ?? defaultAddress) },
      ...{ signer: await signerOf('receipt serve', flags, terminal), world: worldOf(terminal) },
      log: (line) => terminal.stderr.write(`${unsteeringJson(JSON.stringify(line))}\n`),
    })
    try {
      terminal.stdout.write(`${service.url}\n`)
      await terminal.interrupted()
    } finally {
      await service.close()
    }
    done(0)
  })
}

/** Error: `usage`. */
function addressOf(text: string): NonNullable<ReceiptServiceOptions['listen']> {
  const [, bracketed, plain, digits = ''] = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined || Number(digits) > 65_535) {
    throw new CountersignError('usage', '--listen takes HOST:PORT, as 127.0.0.1:8610 or [::1]:8610', {
      option: 'listen',
    })
  }
  return { host, port: Number(digits) }
}
