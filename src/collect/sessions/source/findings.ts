/** What can be wrong with signed statements about a commit, whoever reads them. */
import type { SourceRefusal } from '../../../model/source-statement.ts'

export const sourceFindings = {
  'source-malformed': 'a source note that is double, or a line of one that is no signed statement',
  'source-too-large': 'a source note that was not read',
  'source-limit': 'signed statements beyond the most that are verified, of a commit or of the range',
  'source-type-unknown': 'a signed statement of a kind that says nothing of the source',
  'source-other-commit': 'a signed statement about another commit, copied here',
  'source-other-repository': 'a signed statement about another repository',
  'source-unverified': 'a statement whose signature, certificate, log entry or time does not hold',
  'source-contradicts-certificate': 'a signed statement about another repository or branch than its signer ran for',
} as const satisfies { readonly [code in SourceRefusal]: string } & { readonly [code: string]: string }
