/** An alert in the form that an address takes. */
import type { Alert } from '../../model/alert.ts'
import { unsteeringJson } from '../../one-line.ts'
import type { AlertFormat } from './formats.ts'
import { slackBody } from './slack.ts'
import { teamsBody } from './teams.ts'

/** The bytes that are sent: nothing in them is a control character, and they are made once, so that a second attempt sends the same. */
export interface AlertBody {
  readonly contentType: string
  readonly text: string
}

export function alertBody(alert: Alert, format: AlertFormat): AlertBody {
  const type = format === 'cloudevents' ? 'application/cloudevents+json' : 'application/json'
  return { contentType: `${type}; charset=utf-8`, text: unsteeringJson(textOf(alert, format)) }
}

function textOf(alert: Alert, format: AlertFormat): string {
  switch (format) {
    case 'json':
      return JSON.stringify(alert)
    case 'cloudevents':
      return JSON.stringify(cloudEvent(alert))
    case 'slack':
      return slackBody(alert)
    case 'teams':
      return teamsBody(alert)
  }
}

/** CloudEvents 1.0.2, structured mode in JSON. Source and id together name an event, so a second attempt has both. */
function cloudEvent(alert: Alert): object {
  const [only, ...others] = alert.failures
  const name = others.length === 0 && alert.more === 0 ? (only?.artifact?.name ?? '') : ''
  return {
    specversion: '1.0',
    id: alert.idempotencyKey,
    source: `/countersign/${alert.command}`,
    type: 'org.w3id.countersign.alert.v1',
    time: alert.time,
    ...(name === '' ? {} : { subject: name }),
    datacontenttype: 'application/json',
    dataschema: 'https://w3id.org/countersign/schemas/alert/v1',
    data: alert,
  }
}

/** By whose host it is known; of every other one it is ours. */
export function formatOfHost(hostname: string): AlertFormat {
  const isOf = (...domains: readonly string[]): boolean =>
    domains.some((it) => hostname === it || hostname.endsWith(`.${it}`))
  if (isOf('hooks.slack.com', 'hooks.slack-gov.com')) return 'slack'
  return isOf('logic.azure.com', 'api.powerplatform.com', 'webhook.office.com') ? 'teams' : 'json'
}
