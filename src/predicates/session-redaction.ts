/** A session record was replaced by one from which something was taken out (schemas/session-redaction/v1). */
import { CountersignError } from '../errors.ts'
import { redactionSaid, sessionRedactionPredicate, sessionRedactionType } from '../model/session-redaction.ts'
import { issueText } from '../model/statement.ts'
import type { PredicateRow } from './row.ts'

export const sessionRedaction: PredicateRow = {
  type: sessionRedactionType,
  read(predicate) {
    const parsed = sessionRedactionPredicate.safeParse(predicate)
    if (!parsed.success) {
      throw new CountersignError('predicate-malformed', `the redaction is malformed: ${issueText(parsed.error)}`)
    }
    return { kind: 'session-redaction', ...redactionSaid(parsed.data) }
  },
}
