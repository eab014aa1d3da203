/**
 * Tokens that begin with too little for a search by words, and are known by the form of all of a run: what is looked at is a long run
 * anyhow, so these cost next to nothing.
 */
import type { Place } from './form.ts'

/** ElevenLabs, Mailgun, Mailchimp. */
const whole = /^(?:sk_[0-9a-f]{48}|key-[0-9a-f]{32}|[0-9a-f]{32}-us\d{1,2})$/
const airtable = /(?<![A-Za-z0-9])pat[A-Za-z0-9]{14}\.$/
const ofHex = /^[0-9a-f]{64}$/
/** What stands behind the id of a bot, which is digits in base64. */
const discord = /\.[\w-]{6}\.[\w-]{27,64}(?![\w-])/y

/** The whole token of which this run, bounded and without a dot, is one or the longest part. */
export function formedRun(text: string, [from, to]: Place): Place | undefined {
  const run = text.slice(from, to)
  if (whole.test(run)) return [from, to]
  if (text.charAt(from - 1) === '.' && ofHex.test(run) && airtable.test(text.slice(Math.max(0, from - 19), from))) {
    return [from - 18, to]
  }
  if (text.charAt(to) !== '.' || !/^[MNO]/.test(run)) return undefined
  discord.lastIndex = to
  if (!discord.test(text)) return undefined
  return /^\d{17,20}$/.test(Buffer.from(run, 'base64url').toString('latin1')) ? [from, discord.lastIndex] : undefined
}
