/**
 * Vouching: receipts of independent parties that saw sessions, issued and verified.
 *
 * @module
 */
export type { ReceiptPayload } from './model/receipt.ts'
export type { ReceiptReport } from './model/receipt-report.ts'
export type { World } from './platform/world.ts'
export { issue } from './vouch/issue.ts'
export type { IssueRequest } from './vouch/issue.ts'
export { issueReceipt } from './vouch/issue-receipt.ts'
export { keyFileSigner, publicKeyFile } from './vouch/key-file.ts'
export type { NamedKey } from './vouch/key-file.ts'
export { publicJwk } from './vouch/receipt-signer.ts'
export type { ReceiptSigner } from './vouch/receipt-signer.ts'
export { startReceiptService } from './vouch/serve.ts'
export type { ReceiptService, ReceiptServiceOptions } from './vouch/serve.ts'
export { commandSigner } from './vouch/signer-command.ts'
export { verifyReceipts } from './vouch/verify-receipts.ts'
export type { ReceiptsQuestion } from './vouch/verify-receipts.ts'
