/** A revocation that could never hold would be believed to: its value has the form of what it is compared with, and its times are times. */
import { isDigest } from '../model/digest.ts'
import { isCommitId } from '../model/git-names.ts'
import { isPattern } from '../model/identity.ts'
import type { Revocation } from '../model/policy.ts'

export interface RevocationProblem {
  readonly member: 'value' | 'from' | 'until' | 'onlySource'
  readonly reason: string
}

export function revocationProblem({ kind, value, from, until, onlySource }: Revocation): RevocationProblem | undefined {
  const form = forms[kind]
  if (!form.fits(value)) return { member: 'value', reason: `the value is not ${form.text}` }
  if (from !== undefined && Number.isNaN(Date.parse(from))) return { member: 'from', reason: 'from is no time' }
  if (until !== undefined && Number.isNaN(Date.parse(until))) return { member: 'until', reason: 'until is no time' }
  if (from !== undefined && until !== undefined && Date.parse(from) > Date.parse(until)) {
    return { member: 'until', reason: 'until is before from' }
  }
  if (onlySource === true && kind !== 'commit')
    return { member: 'onlySource', reason: 'onlySource is of a commit alone' }
  return undefined
}

interface Form {
  readonly text: string
  readonly fits: (value: string) => boolean
}

const forms: { readonly [kind in Revocation['kind']]: Form } = {
  digest: {
    text: 'sha256: and 64 lower-case hex digits',
    fits: (it) => it.startsWith('sha256:') && isDigest('sha256', it.slice('sha256:'.length)),
  },
  commit: { text: 'a full commit id: 40 or 64 lower-case hex digits', fits: isCommitId },
  run: { text: 'an invocation as the certificate has it', fits: (it) => !/\s/.test(it) && !it.includes('*') },
  signer: { text: 'an identity, or a glob of one', fits: isPattern },
  // With an id that is empty, or as a URI, it would be found nowhere.
  session: {
    text: 'TOOL/ID, or an ID of whatever tool, or a glob of one',
    fits: (it) => isPattern(it) && !/^\/|\/$|^urn:/i.test(it),
  },
  model: { text: 'the name of a model, or a glob of one', fits: isPattern },
}
