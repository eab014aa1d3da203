/** `--notify`: the flags, and what becomes of them at the end of a command. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError } from '../index.ts'
import { alertFormats } from '../report.ts'
import type { AlertFormat, Alerts } from '../report.ts'
import type { CommandContext } from './command.ts'
import { asFailure } from './exit-code.ts'
import { repeated, withFlags } from './flags.ts'
import { say, worldOf } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** The flags as commander gives them. */
export interface AlertFlags {
  readonly notify?: string[]
  readonly notifyFormat?: AlertFormat
  readonly notifySecret?: string
}

/** Adds them. No file can say the same: whoever commits would choose who is told, or that nobody is. */
export function withAlertOptions(command: Command): Command {
  return command
    .optionsGroup('Alerts:')
    .option(
      '--notify <URL>',
      'tell this address what fails or is not decided, after the verdict; env:NAME for the variable that holds it, repeatable',
      repeated,
    )
    .addOption(
      new Option('--notify-format <FORMAT>', 'in which form (default: that of its host, else json)').choices(
        alertFormats,
      ),
    )
    .option('--notify-secret <env:NAME>', 'sign what is sent with the secret in this variable (HMAC-SHA-256)')
}

export interface AlertsEnd {
  readonly open: CommandContext['alerts']
  /** Sends them, if they were opened. It has no say in the exit code, and never throws. */
  readonly end: (thrown?: unknown) => Promise<void>
}

export function newAlertsEnd(terminal: Terminal): AlertsEnd {
  let alerts: Alerts | undefined
  return {
    async open(command, { notify, notifyFormat, notifySecret }, options = withFlags) {
      if (notify === undefined) {
        if (notifyFormat === undefined && notifySecret === undefined) return undefined
        throw new CountersignError('usage', 'nobody is told, so nothing is formatted or signed', {
          option: 'notify',
          hint: 'name an address (`notify`)',
        })
      }
      const { openAlerts } = await import('../report.ts')
      const request = { command, notify, notifyFormat, notifySecret }
      alerts = await openAlerts({ ...request, style: { options }, world: worldOf(terminal) })
      for (const line of alerts.missing) say(terminal, `warning: ${line}`)
      return alerts
    },
    async end(thrown) {
      if (alerts === undefined) return
      try {
        if (thrown !== undefined) alerts.failed(asFailure(thrown))
        for (const line of await alerts.send()) say(terminal, `warning: ${line}`)
      } catch (reason) {
        say(terminal, `warning: no alert was sent (${asFailure(reason).code})`)
      }
    },
  }
}
