/** Rules over the certificate alone. */
import { extensionConflicts } from '../../model/identity.ts'
import { fail, pass, skip } from '../checks.ts'
import { noCertificate } from './row.ts'
import type { RuleRow } from './row.ts'

/** Deprecated extensions and those that replaced them say the same. */
export const extensionsAgree: RuleRow = {
  rule: 'extensions-agree',
  check({ certificate }) {
    if (certificate === undefined) return [skip('extensions-agree', noCertificate)]
    const conflicts = extensionConflicts(certificate.extensions)
    return conflicts.length === 0
      ? [pass('extensions-agree')]
      : conflicts.map((it) => fail('extensions-agree', 'extension-conflict', it.expected, `${it.name}: ${it.found}`))
  },
}
