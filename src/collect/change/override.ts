/** `AI-Provenance-Override: <reason>`: the message of a commit says why it names no session. Of the reason nothing is kept but its digest. */
import { sha256Hex } from '../../model/digest.ts'
import type { SaidOverride } from '../../model/change.ts'
import { overrideLetters } from '../../model/override-reason.ts'
import { latin1Of } from './message-text.ts'

const key = 'ai-provenance-override'

/** A reason beyond this is no reason; git itself folds at 72. */
const reasonCharacters = 4_096

/**
 * What the trailers of a message say, as git interprets them: in the last paragraph, which is not the first and has trailers alone.
 * Undefined where it stands elsewhere, or twice: then nobody could say which counts.
 */
export function overrideIn(message: Buffer): SaidOverride | undefined {
  const reason = overrideReason(message)
  if (reason === undefined) return undefined
  return { sha256: sha256Hex(reason), ...overrideLetters(reason) }
}

/** The reason itself, as the message has it: for people who look at the change alone, and for nothing that is signed. */
export function overrideReason(message: Buffer): string | undefined {
  if (!/ai-provenance-override/i.test(latin1Of(message))) return undefined
  // The last paragraph is short, and a message may be large.
  const end = message.subarray(-2 * reasonCharacters).toString('utf8')
  const lines = end.replace(/\r\n/g, '\n').trim().split('\n')
  const first = lines.findLastIndex((it) => it.trim() === '') + 1
  if (first === 0) return undefined
  const trailers: { readonly key: string; value: string }[] = []
  for (const line of lines.slice(first)) {
    const [, name, value = ''] = /^([A-Za-z0-9-]{1,60})[ \t]{0,16}:(.*)$/.exec(line) ?? []
    const open = trailers.at(-1)
    if (name !== undefined) trailers.push({ key: name.toLowerCase(), value: value.trim() })
    else if (open !== undefined && /^[ \t]/.test(line)) open.value += ` ${line.trim()}`
    else if (!/^\(cherry picked from commit [0-9a-f]{7,64}\)$/.test(line)) return undefined
  }
  const [said, ...more] = trailers.filter((it) => it.key === key)
  return said === undefined || more.length > 0 || said.value.length > reasonCharacters ? undefined : said.value
}
