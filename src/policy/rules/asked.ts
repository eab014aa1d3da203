/** The parts of the question that are compared with one value: a rule each, by the table of `model/question-parts`. */
import { option } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import { splitPattern } from '../../model/identity.ts'
import { partOf } from '../../model/question-parts.ts'
import type { PartName } from '../../model/question-parts.ts'
import type { Check, FailedCheck } from '../../model/verdict.ts'
import { differs, noteOf, pass, skip } from '../checks.ts'
import { gitHubServerOf, small, withoutNameCase } from '../github-names.ts'
import { noCertificate } from './row.ts'
import type { Asked } from '../../model/question.ts'
import { builtIn } from './source-tree.ts'
import type { Case, RuleRow } from './row.ts'

/** Parts that a key answers by itself, since nothing but the key says who signed. */
const answeredByKey: readonly PartName[] = ['signer', 'issuer']

/** Parts that name a repository by its address, or a file in it. */
const addresses: readonly PartName[] = ['signer', 'source', 'workflow', 'builderId']

/** Of a commit that was asked for and is not the certificate's. */
const asTheJobSays = 'the commit that the job made and built, as it says; the certificate names the one that started it'

const shortIsGitHub = `OWNER/NAME means GitHub (${option('repo')}); of a project on GitLab write the whole address, as in https://gitlab.com/acme/widget`

/** A name without its host was given, which means GitHub, and the signer is a job of GitLab. */
function isOnOtherForge({ question }: Case, { from }: Asked, found: string | undefined): boolean {
  const isOfGitHub = gitHubServerOf(question.asked.issuer?.text) !== undefined
  return from !== undefined && isOfGitHub && found?.startsWith('https://gitlab.com/') === true
}

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
      const built = name === 'commit' ? builtIn(given.statement.predicate) : undefined
      const isBuilt = built !== undefined && asked.matches(built)
      if (isBuilt && question.builtCommit === 'allow') return [pass(rule, asked.text, `${built}, ${asTheJobSays}`)]
      const isOwn = question.asked.source?.matches(given.build.source ?? '', as) === true
      const failed = inItsName(differs(rule, code, name, asked.text, found, as), asked, isOwn)
      if (isBuilt) return [{ ...failed, ...noteOf(code, asTheJobSays) }]
      if (name === 'signer' && isOnOtherForge(given, asked, found))
        return [{ ...failed, ...noteOf(code, shortIsGitHub) }]
      const slip = found === undefined ? undefined : slipIn(name, asked, found, as)
      return [slip === undefined ? failed : { ...failed, note: slip }]
    },
  }
}

/**
 * The difference as a person can find it: letter case where nothing else differs, a pattern or not, and under the name of the
 * shorthand that was given. `isOwn`: the repository is the one that was asked for, so the letters are those of the file.
 */
function inItsName(failed: FailedCheck, asked: Asked, isOwn: boolean): FailedCheck {
  const { differs: difference, found } = failed
  if (difference === undefined) return failed
  const { from } = asked
  const part = found !== undefined && asked.matches(found, small) ? 'case' : difference.part
  const isOfFile = part === 'path' || part === 'ref' || (part === 'case' && isOwn)
  const option = (isOfFile ? from?.file : undefined) ?? from?.option ?? difference.option
  return { ...failed, differs: { option, part } }
}

/** What is waived is the question of a certificate that cannot answer it, and no other. */
function unvouched(rule: string, code: ErrorCode, issuer: string | undefined): Check {
  return issuer === undefined
    ? skip(rule, 'waived by `certificateWithoutIssuer`: the certificate names none')
    : differs(rule, code, 'certificateWithoutIssuer', 'no issuer in the certificate', issuer)
}

/** Parts in which a slash at the end, or a missing one, is a slip. */
const endsInSlash: readonly PartName[] = ['signer', 'issuer', 'source', 'builderId']

/** Of an identity that is the right one and only written in another form: that form, made of what was asked alone. */
function slipIn(
  name: PartName,
  { text }: Asked,
  found: string,
  as: (text: string) => string = (it) => it,
): string | undefined {
  const had = as(found)
  const written = [...otherForms(name, text)].find(([form]) => form !== text && as(form) === had)
  return written === undefined
    ? undefined
    : `the certificate has it in another form; write ${written[0]}${written[1] === '' ? '' : `, ${written[1]}`}`
}

/** A form, and what else has to be said then. */
function* otherForms(name: PartName, text: string): Generator<readonly [string, string]> {
  const bare = text.replace(/\/+$/, '')
  if (endsInSlash.includes(name)) yield* [[bare, ''] as const, [`${text}/`, ''] as const]
  if (name === 'signer') yield [text.replace(/^mailto:/, ''), '']
  if (name !== 'source') return
  const plain = (address: string): string =>
    address
      .replace(/^git\+/, '')
      .replace(/\/+$/, '')
      .replace(/\.git$/, '')
  yield [plain(text), '']
  // As a statement names what was built: git+https://host/owner/name@refs/heads/main.
  const { file, ref } = splitPattern(text)
  if (ref !== undefined) yield [plain(file), 'and the ref by itself (`ref`)']
}
