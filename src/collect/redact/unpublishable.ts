/** Whether a short text that stands where a name or an id belongs may be signed: what is signed stays for ever, and is read by all. */
import { knownForms } from './known-forms.ts'

/**
 * Whether a text of one line holds what nobody meant to publish: a secret of a known form, an e-mail address, the path of a machine.
 * The caller has bounded it. A secret that looks like any other id is not found.
 */
export function isUnpublishable(text: string): boolean {
  return mayHold.test(text) && !isHexadecimal.test(text) && answered(text)
}

/**
 * The same of a path from the root of a repository, which the caller has bounded: none of a machine, and `users/` is a folder there like
 * any other. A step may begin with the name of a scope (`@acme.example`).
 */
export function isUnpublishablePath(path: string): boolean {
  return path.split('/').some((step) => holdsAddress.test(step)) || knownForms(path).length > 0
}

/** A history says the same names again and again. */
const answers = new Map<string, boolean>()
const mostAnswers = 1_000

function answered(text: string): boolean {
  const known = answers.get(text)
  if (known !== undefined) return known
  if (answers.size === mostAnswers) answers.clear()
  const answer = holds(text)
  // A string of its own: a part of one keeps all of it in memory.
  answers.set(Buffer.from(text).toString(), answer)
  return answer
}

function holds(text: string): boolean {
  return holdsAddress.test(text) || holdsHome.test(text) || knownForms(text).length > 0
}

/** Every known form has a long run, in which `-` may stand (`sk-ant-…`), a sign or one of these words: short names have none. */
const mayHold = /[A-Za-z0-9_+-]{12}|[=@\\/~]|pass|pwd|secret|token|credential|auth|key|bearer|basic|login|-u\b/i

/** A UUID or digest. Without a name beside it none of these is a secret of a known form. */
const isHexadecimal = /^[0-9a-f-]*$/i

const holdsAddress = /[^\s@]@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}\.[a-z]{2,63}(?![a-z0-9-])/i

/** Where people's folders lie. */
const holdsHome = /(?:^|[^a-z0-9])(?:home|users|documents and settings)[\\/]{1,2}[^\\/\s]/i
