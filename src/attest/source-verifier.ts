/** Statements about the source are rare, and what verifies them is loaded with the first. */
import type { VerifySource } from '../model/source-statement.ts'
import type { RootAtHand } from './roots-at-hand.ts'
import type { AttestedRepository } from './source-statements.ts'

/** As `sourceVerifier`, which it opens when it is first asked. */
export function lateSourceVerifier(attested: AttestedRepository, roots: readonly RootAtHand[]): VerifySource {
  let opened: Promise<VerifySource> | undefined
  return async (bytes, commit) => {
    opened ??= import('./source-statements.ts').then(({ sourceVerifier }) => sourceVerifier(attested, roots))
    return (await opened)(bytes, commit)
  }
}
