/**
 * An alert for an incoming webhook of Slack, and of what takes the same (Mattermost, Rocket.Chat, Discord): one text, because of blocks the
 * others show nothing. Slack's own rules: `&`, `<` and `>` are control characters (`<!channel>`, `<@U…>`, `<https://…|words>`), and nothing
 * is markup between backticks. Others look for `@name` in the text.
 */
import type { Alert } from '../../model/alert.ts'
import { messageOf, withoutLinks } from './message.ts'
import type { Piece } from './message.ts'

export function slackBody(alert: Alert): string {
  const { title, lines, key } = messageOf(alert)
  const words = lines.map((pieces) => `• ${pieces.map(pieceText).join(' ')}`)
  const text = [`*${plain(title)}*`, ...words, `\`${plain(key)}\``].join('\n')
  return JSON.stringify({ text, unfurl_links: false, unfurl_media: false })
}

function pieceText({ text, quoted }: Piece): string {
  return quoted ? `\`${plain(text)}\`` : plain(text)
}

/** A backtick would end the quotation, and a fullwidth @ calls nobody. */
function plain(text: string): string {
  return withoutLinks(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('`', "'")
    .replaceAll('@', '＠')
}
