/**
 * Which services sign, and which issuers vouch: the selection rules of a Sigstore SigningConfig (sigstore/protobuf-specs
 * sigstore_trustroot.proto). A service must be valid now and of an API version that we speak; of several services the newest
 * version and the latest start come first; several are taken from distinct operators.
 */
import { CountersignError } from '../../errors.ts'
import type { Json } from '../../model/json.ts'
import { isSecure } from '../../platform/http.ts'
import { parseSigningConfig } from './signing-config.ts'
import type { ConfiguredService, Selection } from './signing-config.ts'

/** A transparency log and the API that it speaks. */
export interface LogService {
  readonly url: string
  readonly version: 1 | 2
}

/** Services to sign with. URLs are as the configuration has them, without a trailing slash. */
export interface SigningServices {
  readonly fulcio: string
  /** The one log whose entry goes into the bundle: sigstore-python refuses more. */
  readonly log: LogService | undefined
  /** One timestamp of each. */
  readonly timestampAuthorities: readonly string[]
  /** Issuers that this Sigstore trusts, exact. */
  readonly issuers: readonly string[]
  /** Who is asked when one of these fails; absent: nobody. */
  readonly standby?: Standby
}

/** Valid services beside the chosen ones, in order of preference. */
export interface Standby {
  readonly fulcio: readonly string[]
  readonly logs: readonly LogService[]
  /**
   * An operator a row: first those of the chosen authorities, in their order, with what else they run; then operators that
   * are not in use.
   */
  readonly timestampAuthorities: readonly (readonly string[])[]
}

/** JSON of a SigningConfig v0.2, or of a ClientTrustConfig that holds one. Errors: `trust-config-malformed`, `signing-service-missing`. */
export function chooseServices(json: Json, now: Date): SigningServices {
  const config = parseSigningConfig(json)
  const any: Selection = { selector: 'ANY', count: 0 }
  const authorities = select(config.caUrls, any, 1, now, 'certificate authority')
  const [fulcio] = authorities.chosen
  if (fulcio === undefined) throw missing('certificate authority')
  const logs = select(config.rekorTlogUrls, config.rekorTlogConfig, 2, now, 'transparency log')
  const stamps = select(config.tsaUrls, config.tsaConfig, 1, now, 'timestamp authority')
  const [log] = logs.chosen
  if (logs.chosen.length > 1) {
    throw new CountersignError('signing-service-missing', 'the signing configuration asks for several logs', {
      hint: 'a bundle with more than one log entry is refused by other Sigstore clients; use the selector ANY',
    })
  }
  if (log === undefined && stamps.chosen.length === 0) throw missing('transparency log or timestamp authority')
  if (log?.majorApiVersion === 2 && stamps.chosen.length === 0) {
    throw missing('timestamp authority, which a Rekor v2 log needs because it tells no time')
  }
  const standby: Standby = {
    fulcio: authorities.standby.flat().map(plain),
    logs: logs.standby
      .flat()
      .filter((it) => it.majorApiVersion === 1 || stamps.chosen.length > 0)
      .map(logOf),
    timestampAuthorities: stamps.standby.map((row) => row.map(plain)),
  }
  return {
    fulcio: plain(fulcio),
    log: log === undefined ? undefined : logOf(log),
    timestampAuthorities: stamps.chosen.map(plain),
    issuers: config.oidcUrls.filter((it) => isCurrent(it, now)).map(plain),
    ...(Object.values(standby).flat(2).length === 0 ? {} : { standby }),
  }
}

interface Selected {
  readonly chosen: readonly ConfiguredService[]
  /** Rows as in `Standby`. */
  readonly standby: readonly (readonly ConfiguredService[])[]
}

function select(
  services: readonly ConfiguredService[],
  selection: Selection | undefined,
  newestVersion: number,
  now: Date,
  what: string,
): Selected {
  if (services.length === 0 && selection?.selector !== 'EXACT') return { chosen: [], standby: [] }
  if (selection === undefined) throw unclear(`it names services for a ${what} and does not say how many to take`)
  const usable = services
    .filter((it) => it.majorApiVersion >= 1 && it.majorApiVersion <= newestVersion && isCurrent(it, now))
    .sort((a, b) => b.majorApiVersion - a.majorApiVersion || start(b) - start(a))
  const operators = [...Map.groupBy(usable, operatorOf).values()]
  // An older API stands in for the newest one, but is never chosen beside it.
  const choosable = operators.filter(([first]) => first?.majorApiVersion === usable[0]?.majorApiVersion)
  const count = countOf(selection, choosable.length)
  // A list of which nothing is left (another API, another time) is not an empty one, which asks for nothing.
  if (choosable.length === 0 || choosable.length < count || (selection.selector === 'EXACT' && count < 1))
    throw missing(`${what} (${count} of them)`)
  return {
    chosen: choosable.slice(0, count).flatMap(([first]) => first ?? []),
    standby: operators.map((row, at) => (at < count ? row.slice(1) : row)),
  }
}

function countOf({ selector, count }: Selection, operators: number): number {
  switch (selector) {
    case 'EXACT':
      return count
    case 'ALL':
      return operators
    case 'ANY':
      return Math.min(1, operators)
    default:
      throw unclear(`the selector ${JSON.stringify(selector.slice(0, 40))} is not known here`)
  }
}

/** A service that names no operator stands for itself. */
function operatorOf({ operator, url }: ConfiguredService): string {
  return operator === '' ? `url ${url}` : `operator ${operator}`
}

function isCurrent({ validFor }: ConfiguredService, now: Date): boolean {
  const { start: from, end } = validFor ?? {}
  return (from === undefined || new Date(from) <= now) && (end === undefined || new Date(end) >= now)
}

function start({ validFor }: ConfiguredService): number {
  return validFor?.start === undefined ? 0 : Date.parse(validFor.start)
}

function logOf(service: ConfiguredService): LogService {
  return { url: plain(service), version: service.majorApiVersion === 2 ? 2 : 1 }
}

function plain({ url }: ConfiguredService): string {
  const parsed = URL.parse(url)
  if (parsed === null) {
    throw new CountersignError('trust-config-malformed', 'the signing configuration has a service without a URL')
  }
  // The OIDC token goes to this address.
  if (!isSecure(parsed)) {
    const reason = 'is not reached over https, or has a password in its URL'
    throw new CountersignError('trust-config-malformed', `the service ${parsed.host} ${reason}`)
  }
  return url.replace(/\/+$/, '')
}

function unclear(reason: string): CountersignError {
  return new CountersignError('trust-config-malformed', `the signing configuration cannot be followed: ${reason}`)
}

function missing(what: string): CountersignError {
  return new CountersignError('signing-service-missing', `the signing configuration names no usable ${what}`)
}
