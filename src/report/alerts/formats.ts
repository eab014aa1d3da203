/** The forms of an alert, apart from how each is written: the command line names them and writes none. */

/**
 * The forms of an alert: one of ours (`schemas/alert/v1`), the same as a CloudEvent, Slack's incoming webhooks, Teams' Workflows.
 *
 * @example
 * ```ts
 * import { alertFormats } from 'countersign/report'
 *
 * console.log(alertFormats.includes('cloudevents')) // true
 * ```
 */
export const alertFormats = ['json', 'cloudevents', 'slack', 'teams'] as const
export type AlertFormat = (typeof alertFormats)[number]
