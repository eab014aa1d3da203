/** The flags that say which receipts are read and whose count, for every command that looks at the commits of a release. */
import type { Command } from 'commander'
import type { StatementRequest } from '../../attest.ts'
import { repeated } from '../flags.ts'

type ReceiptsRequest = Pick<StatementRequest, 'receipts' | 'receiptIssuers'>

/** The flags as commander gives them. */
export interface ReceiptFlags {
  readonly receipt?: string[]
  readonly receiptIssuers?: string
}

/** Adds them. */
export function withReceiptOptions(command: Command): Command {
  return command
    .option(
      '--receipt <PATH>',
      'receipts of who saw the sessions, one a line, or a folder with some, repeatable',
      repeated,
    )
    .option('--receipt-issuers <FILE>', 'whose receipts count, with their keys and users; not from the repository')
}

/** Flags → the part of a request. */
export function receiptsRequest({ receipt, receiptIssuers }: ReceiptFlags): ReceiptsRequest {
  return {
    ...(receipt === undefined ? {} : { receipts: receipt }),
    ...(receiptIssuers === undefined ? {} : { receiptIssuers }),
  }
}
