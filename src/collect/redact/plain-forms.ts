/** Private keys of every kind, keys and tokens by their form, and credentials in addresses and headers. */
import type { Form } from './form.ts'
import type { Words } from './word-places.ts'

const addressStart: Words = { words: ['://'] }

export const privateKey: Words = { words: ['PRIVATE KEY'] }

/** Digits behind which a word stands; as many as may be of a match, or fewer. */
function digitsBefore(text: string, at: number): number[] {
  let from = at
  while (from > 0 && at - from < 10 && /\d/.test(text.charAt(from - 1))) from -= 1
  return Array.from({ length: Math.max(0, at - from - 7) }, (_, more) => from + more)
}

export const plainForms: readonly Form[] = [
  // To its end, or to that of the text: a key that was cut is one too.
  {
    pattern:
      /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[\s\S]*?(?:-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?(?: ?-{4,5})?|$(?![\s\S]))/dg,
    words: privateKey,
    begins: 'anywhere',
  },
  { pattern: /PuTTY-User-Key-File-[\s\S]*/dg, words: { words: ['PuTTY-User-Key-File-'] } },
  // `-----BEGIN` once more in base64, and the beginning of a key of OpenSSH.
  {
    pattern: /(?:LS0tLS1CRUdJTi|b3BlbnNzaC1rZXktdjE)[\w+/=-]*/dg,
    words: { words: ['LS0tLS1CRUdJTi', 'b3BlbnNzaC1rZXktdjE'] },
  },
  {
    pattern: /AGE-(?:SECRET-KEY|PLUGIN)-[A-Z0-9-]{16,}/dgi,
    words: { words: ['AGE-SECRET-KEY-', 'AGE-PLUGIN-'], anyCase: true },
  },
  {
    pattern: /(?:A3T[A-Z0-9]|A(?:KI|GP|ID|RO|IP|NP|NV|SI|BI|CC)A)[A-Z0-9]{12,}/dg,
    words: { words: ['A3T', ...['KI', 'GP', 'ID', 'RO', 'IP', 'NP', 'NV', 'SI', 'BI', 'CC'].map((it) => `A${it}A`)] },
  },
  { pattern: /\.atlasv1\.[\w=-]{32,}/dg, words: { words: ['.atlasv1.'] } },
  { pattern: /(?<![\w.-])sl\.[\w-]{0,4}\.?[\w-]{60,}/dg, words: { words: ['sl.'] } },
  {
    pattern: /(?<![A-Za-z0-9])cio[A-Za-z0-9]{32}(?![A-Za-z0-9])/dg,
    words: { words: ['cio'] },
    isSecret: (it) => /\d/.test(it),
  },
  {
    pattern: /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~-])/dg,
    words: { words: ['Q~'] },
    begins: (_, at) => (at < 4 ? [] : [at - 4]),
  },
  { pattern: /(?<![\w/])1\/\/0[\w-]{40,}/dg, words: { words: ['1//0'] } },
  { pattern: /[?&]code=([\w%+/=-]{30,})/dg, words: { words: ['?code=', '&code='] } },
  { pattern: /\d{8,10}:AA[\w-]{30,}/dg, words: { words: [':AA'] }, begins: digitsBefore },
  {
    pattern: /(?:webhook\.office\.com|outlook\.office(?:365)?\.com)\/webhook\w{0,8}\/([^\s"'<>]+)/dgi,
    words: { words: ['webhook.office.com/', 'outlook.office.com/', 'outlook.office365.com/'], anyCase: true },
  },
  {
    pattern: /(?:hooks\.zapier\.com\/hooks\/catch|maker\.ifttt\.com\/trigger)\/([^\s"'<>]+)/dgi,
    words: { words: ['hooks.zapier.com/hooks/catch/', 'maker.ifttt.com/trigger/'], anyCase: true },
  },
  {
    pattern:
      /(?:hooks\.slack\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api\/webhooks)\/([^\s"'<>]+)/dgi,
    words: {
      words: ['hooks.slack.com/', 'discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
      anyCase: true,
    },
  },
  {
    pattern: /authorization\\*["']?\s*[:=]\s*\\*["']?([^\s"'][^"'\r\n]*)/dgi,
    words: { words: ['authorization'], anyCase: true },
  },
  {
    pattern: /(?:bearer|basic)(?:[ \t]|%20|\+)+([\w+/=.~-]{8,})/dgi,
    words: { words: ['bearer', 'basic'], anyCase: true },
    isSecret: isCredential,
  },
  { pattern: /sig(?:nature)?=([^&\s"';]{16,})/dgi, words: { words: ['sig=', 'signature='], anyCase: true } },
  // Of an address: `user:password@`, or a token alone in front of the `@`.
  { pattern: /:\/\/([^\s/?#@:"'<>]*:(?!\d{1,5}[/?#])[^\s"'<>]{1,256})@/dg, words: addressStart },
  { pattern: /:\/\/([^\s/?#@:"'<>]{16,256})@/dg, words: addressStart },
]

/** Prose has such words before others: "a bearer of news", "basic authentication". */
function isCredential(text: string): boolean {
  return (text.length >= 16 && /\d/.test(text)) || Buffer.from(text, 'base64').toString('utf8').includes(':')
}
