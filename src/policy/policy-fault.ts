/** What is wrong with the file of a policy, and where. */
import { CountersignError } from '../errors.ts'
import type { Place } from '../model/yaml/place.ts'

export type PolicyFaultCode = 'policy-malformed' | 'policy-key-unknown' | 'policy-list-empty' | 'policy-empty'

export class PolicyFault extends CountersignError {
  readonly file: string
  readonly place: Place | undefined
  /** Without the place; no value of the file stands in it. */
  readonly reason: string

  constructor(code: PolicyFaultCode, file: string, place: Place | undefined, reason: string, hint?: string) {
    super(code, `${place === undefined ? file : `${file}:${place.line}:${place.col}`}: ${reason}`, {
      option: 'policy',
      ...(hint === undefined ? {} : { hint }),
    })
    this.file = file
    this.place = place
    this.reason = reason
  }
}
