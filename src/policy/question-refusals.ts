/** Why a question cannot be asked: each names the option that is wrong or missing. */
import { CountersignError, option } from '../errors.ts'
import type { OptionName } from '../errors.ts'

/** Of each option that is quoted, so much is shown. */
const shownCharacters = 200

/** A value of the wrong shape; `reason` follows the name of the option. */
export function misshapen(name: OptionName, reason: string, hint?: string): CountersignError {
  return new CountersignError('usage', `${option(name)} ${reason}`, detail(name, hint))
}

/** The same for a value that is shown: what it should be, and what stands there. */
export function isNot(name: OptionName, shape: string, given: string, hint?: string): CountersignError {
  // An address that a CI system hands on may have a password in it.
  const shown = JSON.stringify(given.replace(/\/\/[^/@]*@/, '//').slice(0, shownCharacters))
  return misshapen(name, `is ${shape}, not ${shown}`, hint)
}

export function conflict(message: string, name: OptionName, hint?: string): CountersignError {
  return new CountersignError('question-conflict', message, detail(name, hint))
}

export function incomplete(message: string, name: OptionName, hint?: string): CountersignError {
  return new CountersignError('question-incomplete', message, detail(name, hint))
}

function detail(name: OptionName, hint: string | undefined): { readonly option: OptionName; readonly hint?: string } {
  return { option: name, ...(hint === undefined ? {} : { hint }) }
}
