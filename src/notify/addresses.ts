/**
 * Where alerts go, and the secret that signs them: said by whoever runs the command, and by nothing else. An address of a chat is a secret, so
 * no message repeats one; it is named by its host.
 */
import { CountersignError, option } from '../errors.ts'
import { limits } from '../model/limits.ts'
import type { Environment } from '../platform/environment.ts'
import { isSecure } from '../platform/http.ts'
import { formatOfHost } from '../report/alerts/body.ts'
import type { AlertFormat } from '../report/alerts/formats.ts'

export interface AlertAddress {
  readonly url: string
  readonly host: string
  readonly format: AlertFormat
}

export interface AlertPlaces {
  readonly addresses: readonly AlertAddress[]
  readonly secret: string | undefined
  /** What keeps alerts from being sent; a job of a fork has none of the variables that hold secrets, and that is no fault of it. */
  readonly missing: readonly string[]
}

export interface AlertPlacesRequest {
  /** Each an address, or `env:NAME`. */
  readonly notify: readonly string[]
  readonly notifyFormat?: AlertFormat | undefined
  /** `env:NAME`. */
  readonly notifySecret?: string | undefined
}

/** Error: `usage`. */
export function alertPlaces({ notify, notifyFormat, notifySecret }: AlertPlacesRequest, env: Environment): AlertPlaces {
  if (notify.length > limits.alertAddresses) {
    throw refused(`there are more than ${limits.alertAddresses} addresses`)
  }
  const missing: string[] = []
  const valueOf = (name: string): string | undefined => {
    const value = env[name]?.trim() ?? ''
    if (value !== '') return value
    missing.push(`no alert will be sent by ${name}: it is not set`)
    return undefined
  }
  const secret = secretOf(notifySecret, valueOf)
  const urls = notify.flatMap((written, index) => {
    const name = variableIn(written)
    const value = name === undefined ? written : valueOf(name)
    return value === undefined ? [] : [secureUrl(value, name ?? `address ${index + 1}`)]
  })
  const addresses = [...new Map(urls.map((it) => [it.href, it])).values()].map(({ href, host, hostname }) => ({
    ...{ url: href, host, format: notifyFormat ?? formatOfHost(hostname) },
  }))
  // Who asks for a signature must not be told by what has none.
  const isUnsigned = notifySecret !== undefined && secret === undefined
  return { addresses: isUnsigned ? [] : addresses, secret, missing }
}

/** `env:NAME` → the name; undefined for what is no such. Error: `usage`. */
function variableIn(written: string): string | undefined {
  if (!written.startsWith('env:')) return undefined
  const name = written.slice('env:'.length)
  if (/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name)) return name
  throw refused('what follows env: is no name of a variable')
}

function secretOf(written: string | undefined, valueOf: (name: string) => string | undefined): string | undefined {
  if (written === undefined) return undefined
  const name = variableIn(written)
  if (name === undefined) {
    throw new CountersignError('usage', 'the secret is not written down, but the variable that holds it: env:NAME', {
      option: 'notifySecret',
      hint: 'if it stood there, replace it: others on this machine can read a command line',
    })
  }
  const secret = valueOf(name)
  if (secret === undefined || secret.length >= leastSecret) return secret
  throw new CountersignError('usage', `the secret in ${name} has less than ${leastSecret} characters`, {
    option: 'notifySecret',
    hint: 'take 32 random bytes or more: anyone who gets a message could try out short ones',
  })
}

const leastSecret = 16

function secureUrl(value: string, name: string): URL {
  const url = value.length > limits.identityCharacters ? null : URL.parse(value)
  if (url !== null && isSecure(url)) return url
  throw refused(`${name} is no https URL without a user (http only of this machine)`)
}

function refused(message: string): CountersignError {
  return new CountersignError('usage', `${message}, in ${option('notify')}`, {
    option: 'notify',
    hint: 'write https://HOST/PATH, or env:NAME for a variable that holds it, as addresses of chats are secrets',
  })
}
