/** `countersign receipt issue|verify|keys|serve`: what an independent party signs of a session that it saw. */
import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import { formats, render } from '../../report.ts'
import type { Format } from '../../report.ts'
import { issue, keyFileSigner, publicJwk, publicKeyFile, verifyReceipts } from '../../vouch.ts'
import type { NamedKey, ReceiptReport } from '../../vouch.ts'
import type { CommandContext } from '../command.ts'
import { exitCodeOf } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { withShortForm } from '../flags.ts'
import { didYouMean } from '../similar.ts'
import { jsonFor, styleOf, worldOf } from '../terminal.ts'
import { claimsOf, withClaimOptions } from './receipt-claims.ts'
import type { ClaimFlags } from './receipt-claims.ts'
import { receiptServeCommand } from './receipt-serve.ts'
import { signerOf, withSignerOptions } from './receipt-signer-flags.ts'
import type { SignerFlags } from './receipt-signer-flags.ts'

interface KeyFlags {
  readonly keyFile?: string
  readonly publicKey?: string
  readonly keyId?: string
}

interface IssueFlags extends SignerFlags, ClaimFlags {
  readonly out?: string
  readonly overwrite?: true
}

interface VerifyFlags {
  readonly receiptIssuers: string
  readonly repository?: string
  readonly anyRepository?: true
  readonly session?: string
  readonly offline?: true
  readonly format: Format
}

export function receiptCommand(program: Command, { terminal, done }: CommandContext): void {
  const receipt = program
    .command('receipt')
    .description('issue and verify receipts: what an independent party signs of a session that it saw')
    .helpCommand(false)
    .argument('[word]')
    .usage('[options] [command]')
    .action((word: string | undefined) => {
      const names = receipt.commands.map((it) => it.name())
      const words =
        word === undefined
          ? 'receipt is asked to issue, verify, serve or tell keys'
          : `receipt has no command ${JSON.stringify(word)}${didYouMean(word, names)}`
      throw new CountersignError('usage', words, { hint: 'run countersign receipt --help' })
    })

  const issuing = receipt
    .command('issue')
    .description('sign what an independent party saw of a session, and print the receipt')
    .optionsGroup('What was seen:')
  withClaimOptions(issuing).optionsGroup('Who signs:')
  withSignerOptions(issuing)
    .optionsGroup('Output:')
    .option(withShortForm('--out <FILE>'), 'write the receipt there (default: print it)')
    .option('--overwrite', 'replace the file if it is there')
    .action(async (flags: IssueFlags) => {
      const signer = await signerOf('receipt issue', flags, terminal)
      if (flags.out === undefined && flags.overwrite === true) {
        throw new CountersignError('usage', '--overwrite belongs to --out')
      }
      const whenPresent = flags.overwrite === true ? 'replace' : 'refuse'
      const signed = await issue({
        ...{ payload: await claimsOf(flags, terminal), signer, world: worldOf(terminal) },
        ...(flags.out === undefined ? {} : { out: { path: flags.out, whenPresent } }),
      })
      if (flags.out === undefined) terminal.stdout.write(`${signed}\n`)
      done(0)
    })

  receipt
    .command('verify')
    .description('check receipts by themselves, before they are given to a release')
    .argument('<path...>', 'files with a receipt a line, or folders of such files')
    .requiredOption('--receipt-issuers <FILE>', 'whose receipts count, with their keys')
    .option('--repository <URL>', 'the repository that they have to be for')
    .option('--any-repository', 'do not ask which repository they are for')
    .option('--session <ID>', 'the session that they have to be of')
    .option('--offline', 'ask no issuer for its keys: only pinned ones are known')
    .addOption(new Option('--format <format>', 'text or JSON Lines').choices(formats).default('text'))
    .action(async (paths: string[], flags: VerifyFlags) => {
      const reports = await verifyReceipts({
        ...{ receipts: paths, receiptIssuers: flags.receiptIssuers, repository: repositoryOf(flags) },
        ...(flags.session === undefined ? {} : { session: flags.session }),
        ...(flags.offline === undefined ? {} : { network: 'none' as const }),
        world: worldOf(terminal),
      })
      const style = styleOf(terminal.stdout, terminal.env)
      for (const report of reports) terminal.stdout.write(render(report, flags.format, style))
      done(exitCodeOfReports(reports))
    })

  receipt
    .command('keys')
    .description('print the key set of an issuer: what is published at its address, or pinned in a list')
    .option('--key-file <FILE>', 'a private key, of which the public half is printed')
    .option('--public-key <FILE>', 'a public key, PEM or JWK')
    .option('--key-id <NAME>', 'name of the key (default: that of the JWK, else its thumbprint)')
    .action(async (flags: KeyFlags) => {
      const { keyFile, publicKey, keyId } = flags
      if ((keyFile === undefined) === (publicKey === undefined)) {
        throw new CountersignError('usage', 'receipt keys takes --key-file or --public-key')
      }
      const key: NamedKey =
        keyFile === undefined
          ? await publicKeyFile(resolve(terminal.cwd, publicKey ?? ''), keyId)
          : await keyFileSigner(resolve(terminal.cwd, keyFile), keyId)
      terminal.stdout.write(jsonFor(terminal.stdout, JSON.stringify({ keys: [publicJwk(key)] })))
      done(0)
    })

  receiptServeCommand(receipt, terminal, done)
}

function repositoryOf({ repository, anyRepository }: VerifyFlags): string | { readonly kind: 'any' } {
  if (repository !== undefined && anyRepository !== undefined) {
    throw new CountersignError('usage', '--repository and --any-repository do not go together')
  }
  if (repository !== undefined) return repository
  if (anyRepository === true) return { kind: 'any' }
  throw new CountersignError('usage', 'which repository are they for?', {
    hint: 'give --repository URL, or --any-repository where that does not matter',
  })
}

/** 0 if and only if all of them hold. */
function exitCodeOfReports(reports: readonly ReceiptReport[]): ExitCode {
  if (reports.length === 0 || reports.some((it) => it.outcome === 'fail')) return exitCodeOf('no')
  return reports.every((it) => it.outcome === 'pass') ? 0 : exitCodeOf('undecided')
}
