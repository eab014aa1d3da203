/** Alerts: what is no pass is told to the addresses that the command was given, once the verdict has been said. */
import { hintOf } from '../errors.ts'
import type { CountersignError } from '../errors.ts'
import type { Alert, AlertingCommand } from '../model/alert.ts'
import type { GateReport } from '../model/gate-report.ts'
import { limits } from '../model/limits.ts'
import type { Verdict } from '../model/verdict.ts'
import { openRetryBudget } from '../platform/retry-budget.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { alertBody } from '../report/alerts/body.ts'
import { newAlertTally } from '../report/alerts/tally.ts'
import { asVerdict } from '../report/gate.ts'
import { plainStyle } from '../report/style.ts'
import type { Style } from '../report/style.ts'
import { alertPlaces } from './addresses.ts'
import type { AlertAddress, AlertPlacesRequest } from './addresses.ts'
import { deliver } from './deliver.ts'
import { signatureHeaders } from './signature.ts'

export interface AlertsRequest extends AlertPlacesRequest {
  readonly command: AlertingCommand
  /** Hints name options in its words. */
  readonly style?: Pick<Style, 'options'>
  readonly world?: Partial<World>
}

/** Takes what a command comes to, and tells at the end. */
export interface Alerts {
  /** What keeps an alert from being sent at all, a line each, to be said before anything is decided. */
  readonly missing: readonly string[]
  readonly verdict: (verdict: Verdict) => void
  readonly gate: (report: GateReport) => void
  /** What ended the command. */
  readonly failed: (error: CountersignError) => void
  /** Sends one alert to each address, if anything is no pass; once. The answer is a line for each that was not told. Never rejects. */
  readonly send: () => Promise<readonly string[]>
}

/** Nothing is sent before `send`. Error: `usage`. */
export function openAlerts({ command, style = plainStyle, world: given, ...places }: AlertsRequest): Alerts {
  const world = worldOf(given)
  const { addresses, secret, missing } = alertPlaces(places, world.env)
  const tally = newAlertTally(command, style)
  return {
    missing,
    verdict: (verdict) => tally.add(verdict),
    gate: (report) => tally.add(asVerdict(report)),
    failed: (error) => tally.failed(error),
    async send() {
      const now = world.now()
      const alert = tally.alert(now.toISOString())
      if (alert === undefined || addresses.length === 0) return []
      const budget = openRetryBudget({ budget: limits.alertBudget }, world)
      try {
        const seconds = Math.floor(now.getTime() / 1_000)
        const send = async (address: AlertAddress): Promise<readonly string[]> => {
          const reason = await deliver(deliveryOf(alert, address, { secret, seconds }), budget)
          return reason === undefined ? [] : [notSent(address, reason, style)]
        }
        return (await Promise.all(addresses.map(send))).flat()
      } finally {
        budget.close()
      }
    },
  }
}

interface Sealing {
  readonly secret: string | undefined
  readonly seconds: number
}

function deliveryOf(
  alert: Alert,
  { url, format }: AlertAddress,
  { secret, seconds }: Sealing,
): Parameters<typeof deliver>[0] {
  const { contentType, text } = alertBody(alert, format)
  return {
    url,
    headers: {
      'content-type': contentType,
      'user-agent': 'countersign',
      'idempotency-key': `"${alert.idempotencyKey}"`,
      ...(secret === undefined ? {} : signatureHeaders(secret, seconds, text)),
    },
    body: text,
  }
}

function notSent(address: AlertAddress, reason: string, { options }: Pick<Style, 'options'>): string {
  const hint = hintOf('alert-not-sent')
  return `no alert to ${address.host}: ${reason} (alert-not-sent); ${options(hint ?? '')}`
}
