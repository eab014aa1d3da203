/** The parts of the question that are compared with one value: a rule each, by the table of `model/question-parts`. */
import type { ErrorCode } from '../../errors.ts'
import { partOf } from '../../model/question-parts.ts'
import type { PartName } from '../../model/question-parts.ts'
import type { Check } from '../../model/verdict.ts'
import { differs, pass, skip } from '../checks.ts'
import { gitHubServerOf, withoutNameCase } from '../github-names.ts'
import { noCertificate } from './row.ts'
import type { Asked } from '../../model/question.ts'
import type { RuleRow } from './row.ts'

/** Parts that a key answers by itself, since nothing but the key says who signed. */
const answeredByKey: readonly PartName[] = ['signer', 'issuer']

/** Parts that name a repository by its address, or a file in it. */
const addresses: readonly PartName[] = ['signer', 'source', 'workflow', 'builderId']

/** The rule of a part. Throws TypeError for a part that is not compared with a value. */
export function askedRule(name: PartName): RuleRow {
  const part = partOf(name)
  if (part.rule === undefined || !('found' in part)) throw new TypeError(`${name} is not compared with a value`)
  const { name: rule, code } = part.rule
  const read = part.found
  return {
    rule,
    check(given) {
      const { question } = given
      if (question.signatory === 'key' && answeredByKey.includes(name)) return [skip(rule, noCertificate)]
      if (name === 'issuer' && question.issuer === 'none') return [unvouched(rule, code, read(given))]
      if (name === 'source' && question.source === 'any') return [skip(rule, 'waived by `anySource`')]
      if (name === 'source' && question.source === 'not-asked') return [skip(rule, noCertificate)]
      if (name === 'workflow' && question.caller === 'any') return [skip(rule, 'waived by `anyCaller`')]
      const asked = question.asked[name]
      if (asked === undefined) return [skip(rule, 'not asked for')]
      const found = read(given)
      const server = addresses.includes(name) ? gitHubServerOf(given.build.issuer) : undefined
      const as = server === undefined ? undefined : (text: string): string => withoutNameCase(text, server)
      if (found !== undefined && asked.matches(found, as)) return [pass(rule, asked.text, found)]
      const failed = differs(rule, code, name, asked.text, found, as)
      const slip = name === 'source' && found !== undefined ? slipIn(asked, found, as) : undefined
      return [slip === undefined ? failed : { ...failed, note: slip }]
    },
  }
}

/** What is waived is the question of a certificate that cannot answer it, and no other. */
function unvouched(rule: string, code: ErrorCode, issuer: string | undefined): Check {
  return issuer === undefined
    ? skip(rule, 'waived by `certificateWithoutIssuer`: the certificate names none')
    : differs(rule, code, 'certificateWithoutIssuer', 'no issuer in the certificate', issuer)
}

/** Of a repository that is the right one and only written in another form: that form, made of what was asked alone. */
function slipIn({ text }: Asked, found: string, as: ((text: string) => string) | undefined): string | undefined {
  const plain = text
    .replace(/^git\+/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
  const [asked, had] = [plain, found].map((it) => (as === undefined ? it : as(it)))
  return plain !== text && asked === had ? `the certificate has it in another form; write ${plain}` : undefined
}
