/** What a person says of a deployment, held against what may be signed of it. */
import { CountersignError, attempt } from '../errors.ts'
import { limits } from '../model/limits.ts'
import { holdsUnseen } from '../one-line.ts'

/** Error: `usage`. */
export function checkEnvironment(name: string): string {
  const most = limits.environmentCharacters
  if (name !== '' && name === name.trim() && name.length <= most && isPlain(name)) return name
  throw new CountersignError('usage', `an environment has a name of 1 to ${most} characters that can be seen`, {
    option: 'environment',
  })
}

/** What is signed stands there for ever: an address, and nothing that opens it. Nothing of a refused one is shown. Error: `usage`. */
export function checkTarget(text: string): string {
  const url = attempt(() => (text.length <= limits.identityCharacters && isPlain(text) ? URL.parse(text) : null))
  if (url instanceof CountersignError || url === null || !/^[a-z][a-z0-9+.-]*:/i.test(text)) {
    throw refusedTarget('is no URI')
  }
  // `x:user:password@host` has no authority that would tell them.
  const hasUser = url.username !== '' || url.password !== '' || (!text.includes('//') && text.includes('@'))
  if (hasUser || /[?#]/.test(text))
    throw refusedTarget('may hold a secret: leave out user, password, query and fragment')
  if (url.protocol === 'file:') throw refusedTarget('is a place on this machine')
  return text
}

function isPlain(text: string): boolean {
  return !holdsUnseen(text) && text.isWellFormed()
}

function refusedTarget(reason: string): CountersignError {
  return new CountersignError('usage', `the target of the deployment ${reason}`, {
    option: 'target',
    hint: 'as in https://cluster.example.org/namespace/service',
  })
}
